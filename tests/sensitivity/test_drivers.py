"""What an answer depends on, in cases where it is known."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.case.judgement import Judgement, Role, Together
from foedus.case.model import Case
from foedus.case.reading import parse_case
from foedus.forecasting.pieces import Timed, solved_block
from foedus.forecasting.results import Forecast
from foedus.forecasting.solve import forecast
from foedus.process.model import Process
from foedus.process.pace import Hazard, hazard_of
from foedus.sensitivity.adjusting import Change, with_changes
from foedus.sensitivity.drivers import Drivers, drivers
from foedus.sensitivity.inputs import inputs_of
from foedus.sensitivity.samples import (
    Changed,
    MostLikelyOtherwise,
    Otherwise,
    Placed,
    Redrawn,
    Varied,
    changed_blocks,
)

CASE = """
foedus: 1
title: Two who must agree, and a bystander
as_of: 2020-01-01
deadline: 2022-01-01
today: {bridge: none}
actors:
  ann: {name: Ann}
  bob: {name: Bob}
  cyd: {name: Cyd}
issues:
  bridge: {positions: {none: None, built: Built}, decided_by: ann and bob, pace: works}
arrangements:
  bridge: {name: A bridge, when: bridge = built}
hypotheses: [bridge]
preferences:
  ann: {worth: {bridge: {when: bridge = built, value: [-10, 5, 20]}}}
  bob:
    worth:
      bridge: {when: bridge = built, value: [1, 5, 9], because: [survey]}
      view: {when: bridge = none, value: [0, 1, 2], with: scenery}
  cyd: {worth: {quiet: {when: bridge = none, value: [-5, 5, 15], with: scenery}, sure: {when: bridge = built, value: 1}}}
records:
  works: {since: 2010-01-01, until: 2020-01-01, agreed: 6, done: 4, willing: yes}
evidence:
  survey: {kind: assumption, claim: Bob was asked}
"""  # noqa: E501


def forecast_of(text: str, draws: int) -> Forecast:
    made: Forecast = forecast(
        parse_case(text), draws=draws, stability_draws=0, farsighted_draws=0, varied=False
    )
    return made


@pytest.fixture(scope="module")
def found() -> Drivers:
    return drivers(forecast_of(CASE, 2000), "bridge")


def test_what_varies_is_listed_once_a_stream(found: Drivers) -> None:
    names = [each.name for each in inputs_of(found.forecast)]
    assert names == [
        "preferences.ann.worth.bridge",
        "preferences.bob.worth.bridge",
        "preferences.bob.worth.view and preferences.cyd.worth.quiet",
        "records.works",
    ]


def test_the_doubtful_judgement_and_the_pace_are_telling(found: Drivers) -> None:
    telling = [driver.input.name for driver in found.telling()]
    assert telling[0] == "preferences.ann.worth.bridge"
    assert "records.works" in telling
    assert "preferences.bob.worth.view and preferences.cyd.worth.quiet" not in telling
    top = found.drivers[0]
    assert top.at_low < 0.05
    assert top.at_high > found.share
    assert top.rank > 0.3


def test_what_an_actor_does_is_known_without_drawing() -> None:
    """Ann is against at her low end and for at her high one; then the pace alone decides."""
    (ann, bob, cyd) = drivers(forecast_of(CASE, 250), "bridge").actors
    case = parse_case(CASE)
    hazard = hazard_of(case.records["works"]).mean
    built = 1 - np.exp(-hazard * 731 / 365.25)
    assert (ann.lowest, ann.highest) == pytest.approx((0.0, built), abs=1e-9)
    assert (bob.lowest, bob.highest) == pytest.approx((0.0, built), abs=1e-9)
    assert (cyd.lowest, cyd.highest) == pytest.approx((built, built), abs=1e-9)
    assert ann.moves > 5 * cyd.moves


def test_an_explanation_names_what_the_judgement_rests_on(found: Drivers) -> None:
    text = str(found.explain("preferences.bob.worth.bridge"))
    assert "rests on: survey" in text
    assert "idle inputs" in text
    with pytest.raises(KeyError, match="no judgement"):
        found.explain("preferences.bob.worth.tunnel")


def test_sentences_name_whose_judgement_and_its_ends(found: Drivers) -> None:
    sentence = found.blocks()[1].points[0].text  # type: ignore[union-attr]
    assert "Ann's judgement" in sentence
    assert "lowest (about −10)" in sentence
    assert "highest (about 20)" in sentence


def test_an_unknown_answer_is_refused(found: Drivers) -> None:
    with pytest.raises(KeyError, match="there are: bridge"):
        drivers(found.forecast, "tunnel")


def test_the_data_hold_every_input(found: Drivers) -> None:
    told = found.to_dict()
    assert told["answer"] == "bridge"
    assert len(told["drivers"]) == 4
    assert set(told["actors"]) == {"ann", "bob", "cyd"}
    assert not told["never"]


PULLING = """
foedus: 1
title: For and against
as_of: 2020-01-01
deadline: 2022-01-01
actors: {ann: {name: Ann}}
issues:
  bridge: {positions: {none: None, built: Built}, decided_by: ann}
arrangements:
  bridge: {name: A bridge, when: bridge = built}
preferences:
  ann:
    worth:
      gain: {when: bridge = built, value: [-10, 0, 10]}
      calm: {when: bridge = none, value: [-10, 0, 10]}
"""


def test_an_actors_judgements_move_each_to_the_end_that_helps() -> None:
    """One speaks for and one against: both at their upper points, they would cancel out."""
    found = drivers(forecast_of(PULLING, 500), "bridge")
    ends = {d.input.name.rpartition(".")[2]: (d.at_low, d.at_high) for d in found.drivers}
    assert ends["gain"][0] < 0.25 < 0.75 < ends["gain"][1]
    assert ends["calm"][1] < 0.25 < 0.75 < ends["calm"][0]
    (ann,) = found.actors
    assert (ann.lowest, ann.highest) == pytest.approx((0.0, 1.0), abs=1e-3)


# Both are against unless two judgements of theirs stand at their upper ends: sure in no draw.
REFUSED = """
foedus: 1
title: Three who refuse
as_of: 2020-01-01
deadline: 2022-01-01
today: {pact: none}
actors: {ann: {name: Ann}, bob: {name: Bob}, cyd: {name: Cyd}, dan: {name: Dan}}
issues: {pact: {positions: {none: None, made: Made}, decided_by: {made: ann and bob and dan, none: nobody}}}
arrangements: {pact: {name: A pact, when: pact = made}}
preferences:
  ann: {worth: {gain: {when: pact = made, value: [-9, -5, LIMIT]}, calm: {when: pact = none, value: [1, 1.1, 1.2]}}}
  bob: {worth: {gain: {when: pact = made, value: [-9, -5, LIMIT]}, calm: {when: pact = none, value: [1, 1.1, 1.2]}}}
  cyd: {worth: {gain: {when: pact = made, value: [-9, -5, 9]}}}
  dan: {worth: {gain: {when: pact = made, value: 7}}}
"""  # noqa: E501


def test_where_nobody_may_give_alone_the_pair_that_may_is_found() -> None:
    """At 2 each of Ann and Bob is for it, but each alone meets the other's refusal."""
    found = drivers(forecast_of(REFUSED.replace("LIMIT", "2"), 100), "pact")
    assert found.share < 0.01
    assert found.rare
    assert [(a.lowest, a.highest) for a in found.actors] == [(0.0, 0.0)] * 3
    (pair,) = found.together.pairs
    assert pair.actors == ("ann", "bob")
    assert pair.chance == pytest.approx(1.0, abs=1e-3)
    assert [x.name for x in found.together.inputs[0].inputs] == [
        "preferences.ann.worth.gain",
        "preferences.bob.worth.gain",
    ]
    assert found.together.most_likely == 0.0


def test_where_the_model_leaves_no_way_it_says_who_refuses() -> None:
    found = drivers(forecast_of(REFUSED.replace("LIMIT", "-4.5"), 100), "pact")
    assert found.share == 0.0
    assert found.to_dict()["never"]
    assert found.to_dict()["refuses"] == ["ann", "bob"]
    assert found.together.everything == 0.0
    text = "\n".join(str(block) for block in found.blocks())
    assert "leaves no way" in text
    assert "Ann and Bob would refuse" in text


WISHES = """
foedus: 1
title: One who may want it
as_of: 2020-01-01
deadline: 2022-01-01
actors: {ann: {name: Ann}}
issues: {bridge: {positions: {none: None, built: Built}, decided_by: ann}}
arrangements: {bridge: {name: A bridge, when: bridge = built}}
hypotheses: [bridge]
preferences:
  ann: {priorities: [{when: bridge = built, probability: CHANCE}, {when: bridge = none}]}
"""


@pytest.mark.parametrize(
    ("chance", "ends"),
    [("0.5", (0, 1)), ("likely", (0, 1)), ("0.99", (1, 1)), ("[0, 0.01, 0.03]", (0, 0))],
)
def test_all_of_an_actors_wishes_are_held_or_not_at_the_ends(
    chance: str, ends: tuple[int, int]
) -> None:
    (ann,) = drivers(forecast_of(WISHES.replace("CHANCE", chance), 100), "bridge").actors
    assert (ann.lowest, ann.highest) == pytest.approx(ends, abs=1e-3)


def test_wishes_that_move_together_are_held_each_by_its_own_chance() -> None:
    one = Judgement(0.5, 0.5, 0.5, ("a",), together=Together("g"), role=Role.PRIORITY)
    other = Judgement(0.97, 0.97, 0.97, ("b",), together=Together("g"), role=Role.PRIORITY)
    at = Placed(3, {"with g": np.array([0.05, 0.95, np.nan])})
    assert at.so(one).tolist() == [False, True, True]
    assert at.so(other).tolist() == [True, True, True]


def test_stances_which_the_process_does_not_use_are_no_inputs() -> None:
    text = CASE.replace("bridge: {positions", "bridge: {scale: {none: 0, built: 1}, positions")
    at = text.index("  cyd: {worth")
    stances = "  cyd: {stances: {bridge: {position: [0, 0.5, 1], salience: [1, 2, 3]}}}\n"
    text = text[:at] + stances + text[text.index("records:") :]
    assert [each.name for each in inputs_of(Process.of(parse_case(text)))] == [
        "preferences.ann.worth.bridge",
        "preferences.bob.worth.bridge",
        "preferences.bob.worth.view",
        "records.works",
    ]


# --- samples ------------------------------------------------------------------------------------


def test_redrawn_streams_leave_the_others_as_they_were() -> None:
    redrawn = Redrawn(0, 0, 50, 7, anew=frozenset({"at a"}))
    plain = Redrawn(0, 0, 50, 7)
    assert not np.array_equal(redrawn.uniforms("at a"), plain.uniforms("at a"))
    assert not np.array_equal(redrawn.uniforms("at a so"), plain.uniforms("at a so"))
    for key in ("at b", "pace works"):
        assert np.array_equal(redrawn.uniforms(key), plain.uniforms(key))


def test_what_is_placed_nowhere_is_most_likely_and_else_at_its_quantile() -> None:
    judged = Judgement(2, 5, 20, ("w",), role=Role.WORTH)
    at = Placed(3, {"at w": np.array([0.05, np.nan, 0.95])})
    assert at.values(judged) == pytest.approx([2, 5, 20])
    hazard = Hazard(2, 30.0)
    paced = Placed(2, {"pace r": np.array([np.nan, 0.5])})
    assert paced.hazards("r", hazard) == pytest.approx([hazard.mean, float(hazard.at(0.5))])
    assert (at.normals("x") == 0).all()


@pytest.fixture(scope="module")
def changed() -> tuple[Case, Otherwise]:
    """Every kind of judgement of the example set otherwise."""
    case = parse_case(CASE)
    path = ("preferences", "ann", "worth", "bridge")
    (before,) = [j for x in inputs_of(Process.of(case)) for j in x.judgements if j.path == path]
    after = before.bare(0, 8, 22)
    return with_changes(case, [Change(before, after, 0.2)]), Otherwise({path: after})


def test_a_changed_block_is_the_block_of_the_changed_case(
    changed: tuple[Case, Otherwise],
) -> None:
    case, to = changed
    (block,) = changed_blocks(60, 3, to)
    there = solved_block(Process.of(parse_case(CASE)), Timed(block)).reached
    plain = Changed(0, 0, 60, 3)
    here = solved_block(Process.of(case), Timed(plain)).reached
    assert there == pytest.approx(here, abs=1e-12)
    both = solved_block(
        Process.of(parse_case(CASE)), Timed(Varied(plain, (Otherwise(), to)))
    ).reached
    assert both[60:] == pytest.approx(there, abs=1e-12)
    assert abs(both[:60] - both[60:]).max() > 0.01


def test_a_pace_that_is_raised_speeds_the_draws_it_paces() -> None:
    process = Process.of(parse_case(CASE))
    hazard = hazard_of(process.case.records["works"])
    faster = MostLikelyOtherwise((Otherwise(), Otherwise(paces={"works": 0.5})))
    assert faster.hazards("works", hazard) == pytest.approx([hazard.mean, hazard.mean + 0.5])
    reached = solved_block(process, Timed(faster)).reached[:, 0]
    assert reached == pytest.approx(
        [1 - np.exp(-h * 731 / 365.25) for h in (hazard.mean, hazard.mean + 0.5)], abs=1e-9
    )
    slow = Changed(0, 0, 5, 1, Otherwise(paces={"works": -9.0}))
    assert (slow.hazards("works", hazard) > 0).all()
    assert (slow.hazards("works", hazard) < 1e-6).all()
