"""What an answer hangs on, in cases where it is known."""

from __future__ import annotations

import numpy as np
import pytest

from foedus.case.judgement import Judgement, Role
from foedus.case.reading import parse_case
from foedus.forecasting.solve import forecast
from foedus.sensitivity.drivers import Drivers, drivers
from foedus.sensitivity.inputs import Moved, Redrawn, inputs_of

CASE = """
foedus: 1
title: Two who must agree, and a bystander
as_of: 2020-01-01
deadline: 2022-01-01
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
  cyd: {worth: {quiet: {when: bridge = none, value: [-5, 5, 15], with: scenery}}}
records:
  works: {since: 2010-01-01, until: 2020-01-01, agreed: 6, done: 4, willing: yes}
evidence:
  survey: {kind: assumption, claim: Bob was asked}
"""


@pytest.fixture(scope="module")
def found() -> Drivers:
    made = forecast(parse_case(CASE), draws=3000, stability_draws=0, range_draws=100)
    return drivers(made, "bridge", actor_draws=1000)


def test_what_is_drawn_is_listed_once_a_stream(found: Drivers) -> None:
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
    top = found.drivers[0]
    assert top.at_low == 0.0
    assert top.at_high > found.share
    assert "preferences.bob.worth.bridge" not in telling[:1]


def test_bystanders_turn_no_answer_and_ann_does(found: Drivers) -> None:
    by_actor = {each.actor: each for each in found.actors}
    # Cyd decides nothing; what moves together with one of Bob's judgements moves that.
    assert by_actor["cyd"].flips <= by_actor["bob"].flips < 0.05
    assert by_actor["ann"].flips > 3 * by_actor["bob"].flips
    assert by_actor["ann"].lowest == 0.0
    assert by_actor["ann"].highest > found.share


def test_an_explanation_names_what_the_judgement_rests_on(found: Drivers) -> None:
    text = str(found.explain("preferences.bob.worth.bridge"))
    assert "rests on: survey" in text
    assert "idle inputs" in text
    with pytest.raises(KeyError, match="no judgement"):
        found.explain("preferences.bob.worth.tunnel")


def test_sentences_name_whose_judgement_and_its_ends(found: Drivers) -> None:
    sentence = found.blocks()[1].points[0].text  # type: ignore[union-attr]
    assert sentence.startswith("It comes about in under 0.9% of the draws where Ann's judgement")
    assert "lowest (about −10)" in sentence
    assert "highest (about 20)" in sentence


def test_moved_and_redrawn_streams_leave_the_others_as_they_were() -> None:
    moved = Moved(0, 0, 50, 7, at={"at a": 0.95})
    redrawn = Redrawn(0, 0, 50, 7, anew=frozenset({"at a"}))
    plain = Moved(0, 0, 50, 7)
    assert (moved.uniforms("at a") == 0.95).all()
    assert not np.array_equal(redrawn.uniforms("at a"), plain.uniforms("at a"))
    assert not np.array_equal(redrawn.uniforms("at a so"), plain.uniforms("at a so"))
    for key in ("at b", "pace works"):
        assert np.array_equal(moved.uniforms(key), plain.uniforms(key))
        assert np.array_equal(redrawn.uniforms(key), plain.uniforms(key))


def test_an_unknown_answer_is_refused(found: Drivers) -> None:
    with pytest.raises(KeyError, match="there are: bridge"):
        drivers(found.forecast, "tunnel")


def test_the_data_hold_every_input(found: Drivers) -> None:
    told = found.to_dict()
    assert told["answer"] == "bridge"
    assert len(told["drivers"]) == 4
    assert set(told["actors"]) == {"ann", "bob", "cyd"}


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
    made = forecast(parse_case(PULLING), draws=1000, stability_draws=0, range_draws=100)
    found = drivers(made, "bridge", actor_draws=200)
    ends = {d.input.name.rpartition(".")[2]: (d.at_low, d.at_high) for d in found.drivers}
    assert ends["gain"][0] < 0.2 < 0.8 < ends["gain"][1]
    assert ends["calm"][1] < 0.2 < 0.8 < ends["calm"][0]
    (ann,) = found.actors
    assert (ann.lowest, ann.highest) == (0.0, 1.0)


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
    case = parse_case(WISHES.replace("CHANCE", chance))
    made = forecast(case, draws=200, stability_draws=0, range_draws=1)
    (ann,) = drivers(made, "bridge", actor_draws=200).actors
    assert (ann.lowest, ann.highest) == ends


def test_wishes_that_move_together_are_held_each_by_its_own_chance() -> None:
    one = Judgement(0.5, 0.5, 0.5, ("a",), together="g", role=Role.PRIORITY)
    other = Judgement(0.97, 0.97, 0.97, ("b",), together="g", role=Role.PRIORITY)
    low = Moved(0, 0, 3, 1, {"with g": 0.05})
    assert (low.so(one).tolist(), low.so(other).tolist()) == ([False] * 3, [True] * 3)
    high = Moved(0, 0, 3, 1, {"with g": 0.95})
    assert high.so(one).all()
    assert high.so(other).all()


def test_stances_which_nothing_is_played_by_are_no_inputs() -> None:
    text = CASE.replace("bridge: {positions", "bridge: {scale: {none: 0, built: 1}, positions")
    wants = "worth: {quiet: {when: bridge = none, value: [-5, 5, 15], with: scenery}}"
    stances = "stances: {bridge: {position: [0, 0.5, 1], salience: [1, 2, 3]}}"
    assert wants in text
    made = forecast(
        parse_case(text.replace(wants, stances)), draws=1, stability_draws=0, range_draws=1
    )
    assert [each.name for each in inputs_of(made)] == [
        "preferences.ann.worth.bridge",
        "preferences.bob.worth.bridge",
        "preferences.bob.worth.view",
        "records.works",
    ]
