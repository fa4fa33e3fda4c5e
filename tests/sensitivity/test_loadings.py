"""Judgements that move with a group in part, or against it, wherever judgements are moved."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from foedus.case.judgement import Judgement, Role, Together
from foedus.case.links import judgements_of
from foedus.case.model import Case
from foedus.case.reading import parse_case
from foedus.document import plain_lines
from foedus.evidence.updating import bayes
from foedus.forecasting.pieces import Timed, solved_block
from foedus.forecasting.ranges import spread_of
from foedus.forecasting.solve import forecast
from foedus.forecasting.streams import DrawBlock
from foedus.preferences.games import game_of
from foedus.process.model import Process
from foedus.reporting.case_judgements import judgements_blocks
from foedus.result import Result
from foedus.sensitivity.adjusting import adjustables_of, changes_of
from foedus.sensitivity.drivers import drivers
from foedus.sensitivity.inputs import drawn_inputs, inputs_of
from foedus.sensitivity.observation import observe
from foedus.sensitivity.passing import smallest_shift
from foedus.sensitivity.samples import Placed
from foedus.sensitivity.settings import case_with
from foedus.sensitivity.taking import what_it_takes
from foedus.sensitivity.turning import size_of
from foedus.tracing.solve import traced, web_of

# Two who must agree, each as likely to be for it as against it.
MOODS = """
foedus: 1
title: Two who must agree
as_of: 2020-01-01
deadline: 2024-01-01
today: {pact: none}
actors: {ann: {name: Ann}, bob: {name: Bob}}
issues: {pact: {positions: {none: None, made: Made}, decided_by: {made: ann and bob, none: nobody}}}
arrangements: {pact: {name: A pact, when: pact = made}}
preferences:
  ann: {worth: {gain: {when: pact = made, value: [-4, 0, 4]ANN}}}
  bob: {worth: {gain: {when: pact = made, value: [-2, BOB, 2]WITH}}}
"""


def moods(ann: float | None, bob: float | None, most_likely: float = 0) -> Case:
    text = MOODS.replace("BOB", str(most_likely))
    for key, loading in (("ANN", ann), ("WITH", bob)):
        text = text.replace(
            key, "" if loading is None else f", with: {{group: mood, loading: {loading}}}"
        )
    return parse_case(text)


def lines(result: Result) -> str:
    return "\n".join(line for block in result.blocks() for line in plain_lines(block))


@pytest.mark.parametrize("loadings", [(0.8, -0.6), (0.9, 0.9), (-1, 0.5), (1, 1)])
def test_both_agree_as_often_as_two_correlated_normals_are_positive(
    loadings: tuple[float, float],
) -> None:
    block = DrawBlock(0, 0, 4_000, 2)
    found = solved_block(Process.of(moods(*loadings)), Timed(block)).reached[:, 0].mean()
    expected = 0.25 + np.arcsin(loadings[0] * loadings[1]) / (2 * np.pi)
    assert found == pytest.approx(expected, abs=4 * np.sqrt(0.25 / 4_000))
    even = Judgement(0.5, 0.5, 0.5, ("a",), role=Role.PRIORITY)
    ann, bob = (
        Judgement(0.5, 0.5, 0.5, (name,), together=Together("wish", x), role=even.role)
        for name, x in zip(("a", "b"), loadings, strict=True)
    )
    assert (block.so(ann) & block.so(bob)).mean() == pytest.approx(
        expected, abs=4 * np.sqrt(0.25 / 4_000)
    )


def test_a_loading_of_0_is_no_group_for_every_analysis() -> None:
    told = []
    for case in (moods(0, 0, -1), moods(None, None, -1)):
        made = forecast(case, draws=100, stability_draws=0, farsighted_draws=0, varied=False)
        found: list[Result] = [
            drivers(made, "pact", actor_draws=20),
            what_it_takes(case, "pact"),
            smallest_shift(case, "pact", 0.4, draws=10),
            observe(made, "pact = made by 2022-01-01"),
        ]
        told.append([json.dumps(result.to_dict()) for result in found])
    assert told[0] == told[1]


def test_a_group_is_one_input_and_what_each_has_of_its_own_another() -> None:
    inputs = inputs_of(Process.of(moods(0.8, -0.6)))
    assert [(x.key, x.loadings) for x in inputs] == [
        ("with mood", (0.8, -0.6)),
        ("at preferences.ann.worth.gain", (pytest.approx(0.6),)),
        ("at preferences.bob.worth.gain", (pytest.approx(0.8),)),
    ]
    assert [x.name for x in inputs][1:] == [
        "preferences.ann.worth.gain apart from mood",
        "preferences.bob.worth.gain apart from mood",
    ]
    assert inputs[0].actors == ("ann", "bob")
    (only,) = inputs_of(Process.of(moods(1, -1)))
    assert only.loadings == (1, -1)


def test_what_drives_is_the_group_where_nobody_moves_by_himself() -> None:
    """Bob alone decides by what he has against the mood; the group's place says it all."""
    text = MOODS.replace("made: ann and bob", "made: bob").replace("BOB", "0")
    case = parse_case(
        text.replace("ANN", ", with: mood").replace("WITH", ", with: {group: mood, loading: -1}")
    )
    made = forecast(case, draws=200, stability_draws=0, farsighted_draws=0, varied=False)
    found = drivers(made, "pact", actor_draws=20)
    (driver,) = found.drivers
    assert (driver.at_low, driver.at_high) == (1.0, 0.0)
    assert driver.to_dict()["loadings"] == [1, -1]
    assert [(x.lowest, x.highest) for x in found.actors] == [(0.0, pytest.approx(1.0))] * 2
    told = "the group “mood” (with it Ann's judgement “gain” (pact = made); against it Bob's"
    assert told in lines(found)


def test_a_group_moves_its_members_by_their_loading_of_the_way() -> None:
    skewed = Judgement(2, 5, 20, ("w",), role=Role.WORTH)
    spread, end = spread_of(skewed), float(ndtri(0.95))
    middle = float(ndtri(spread.below))
    at = Placed(3, {"with mood": np.array([0.95, np.nan, 0.05])})
    for loading in (1, 0.6, 0.01, -0.6, -1):
        values = at.values(Judgement(2, 5, 20, ("w",), together=Together("mood", loading)))
        rest = (1 - loading**2) * middle
        expected = spread.at(ndtr([loading * end + rest, middle, -loading * end + rest]))
        assert values == pytest.approx(expected)
        assert (values[0] - 5) * loading > 0


def test_both_parts_at_their_ends_are_at_the_judgements_end_and_not_beyond() -> None:
    against = Judgement(2, 5, 20, ("w",), together=Together("mood", -0.6))
    ends = np.array([0.05, 0.95])
    at = Placed(2, {"with mood": ends, "at w": 1 - ends})
    assert at.values(against) == pytest.approx([20, 2])


def test_a_wish_that_is_moved_in_part_is_held_where_that_decides() -> None:
    wish = Judgement(0.7, 0.7, 0.7, ("w",), together=Together("g", 0.5), role=Role.PRIORITY)
    at = Placed(3, {"with g": np.array([0.05, 0.95, np.nan])})
    assert at.so(wish).tolist() == [bool(ndtr(0.5 * ndtri(0.05)) > 0.3), True, True]
    rare = Judgement(0.1, 0.1, 0.1, ("w",), together=Together("g", -0.99), role=Role.PRIORITY)
    assert at.so(rare).tolist() == [True, False, False]


def test_wishes_against_each_other_are_one_input_that_rises_with_the_first() -> None:
    wish = "{priorities: [{when: pact = made, probability: 0.5, with: {group: mood, loading: L}}]}"
    text = MOODS[: MOODS.index("  ann: {worth")]
    text += f"  ann: {wish.replace('L', '1')}\n  bob: {wish.replace('L', '-1')}\n"
    made = forecast(
        parse_case(text), draws=100, stability_draws=0, farsighted_draws=0, varied=False
    )
    (only,) = inputs_of(made)
    assert not only.held
    held = DrawBlock(0, 0, 100, made.seed).so(only.judgements[0])
    assert ((drawn_inputs(made, (only,), 100)[:, 0] > 0.5) == held).all()


def test_a_group_is_shifted_in_proportion_to_the_loadings_and_counts_once() -> None:
    case = moods(0.8, -0.4)
    group, ann, bob = adjustables_of(Process.of(case))
    changes = group.changes(1.5)
    assert [c.after.mode for c in changes] == [1.5 * 4, -0.5 * 1.5 * 2]
    assert size_of(changes) == 1.5
    both = changes_of([(group, 1.0), (bob, 2.0), (group, 0.5)])
    assert [c.after.mode for c in both] == [1.5 * 4, (2 - 0.5 * 1.5) * 2]
    assert {c.by for c in both} == {"with mood"}
    assert [c.after.mode for c in (*ann.changes(1), *bob.changes(1))] == [4, 2]
    assert size_of((*ann.changes(1), *bob.changes(1))) == 2


def test_a_group_that_moves_against_meets_the_other_bound() -> None:
    threshold = "threshold: {value: [40, 50, 80], with: {group: mood, loading: -1}}"
    text = MOODS.replace("bob: {name: Bob}", f"bob: {{name: Bob, kind: electorate, {threshold}}}")
    start = text.index("  bob: {worth")
    text = text[:start] + "  bob: {support: [{default: 55}]}\n"
    case = parse_case(text.replace("ANN", ", with: mood"))
    (group,) = adjustables_of(Process.of(case))
    assert (group.least, group.most) == (-50 / 20, 50 / 20)


def test_a_mood_that_helps_one_and_hurts_the_other_turns_neither_alone() -> None:
    """Both refuse by a little. Moved as one nothing does it; each has to give by himself."""
    bound = what_it_takes(moods(1, -1, -0.1), "pact").together
    assert not bound.turns
    free = what_it_takes(moods(0.8, -0.6, -0.1), "pact").together
    (turn,) = free.turns
    assert turn.within
    assert sorted(c.name for c in turn.changes) == [
        "preferences.ann.worth.gain",
        "preferences.bob.worth.gain",
    ]
    # Each judgement is moved once, by its own part or by the group's, never by both.
    shift = smallest_shift(moods(0.8, -0.6, -0.1), "pact", 0.4, draws=10)
    assert shift.found
    for way in shift.ways:
        assert len({c.before.path for c in way.changes}) == len(way.changes)


def test_a_what_if_keeps_the_group_and_a_trace_names_it() -> None:
    case = moods(1, -0.6)
    after = case_with(case, None, [("preferences.bob.worth.gain", (-1.0, 0.0, 3.0))])
    assert [(j.high, j.together) for j in judgements_of(after)] == [
        (4, Together("mood")),
        (3, Together("mood", -0.6)),
    ]
    game = game_of(case)
    found = traced(game, web_of(game), "preferences.bob.worth.gain").down
    assert found.text.endswith("; moves against “mood”, loading −0.6")
    told = "\n".join(str(block) for block in judgements_blocks(case))
    assert "moves with “mood”" in told
    assert "moves against “mood”, loading −0.6" in told


def test_what_is_learned_of_a_part_is_told_as_of_a_part() -> None:
    """Seen that the pact was made early, both are for it: Bob in spite of the mood."""
    text = "pact = made by 2022-01-01"
    case = moods(0.7, -0.7)
    made = forecast(case, draws=200, stability_draws=0, farsighted_draws=0, varied=False)
    found = observe(made, text)
    parts = {each.input.apart_from: each.values for each in found.leanings}
    assert parts == {"mood": None}
    assert "judgement “gain” apart from “mood” (pact = made) stands higher" in lines(found)


def test_likelihoods_of_evidence_move_with_a_group_too() -> None:
    """What moves both alike leaves the odds; what moves one against the other moves them most."""
    said = "{value: [0.2, 0.5, 0.8], with: {group: teller, loading: LOADING}}"
    text = MOODS.replace("ANN", "").replace("BOB", "0").replace("WITH", "")
    text = text.replace("preferences:", "hypotheses: [pact]\npreferences:") + (
        "evidence: {word: {kind: report, claim: It is said, source: A paper, date: 2019-01-01, "
        f"reliability: B, credibility: 2, likelihood: {{pact: {said.replace('LOADING', '1')}, "
        f"other: {said}}}}}}}\n"
    )
    spans = []
    for loading in ("1", "0.5", "0", "-1"):
        share = bayes(parse_case(text.replace("LOADING", loading))).posterior["pact"]
        spans.append(share.high - share.low)
    alone = bayes(parse_case(text.replace(said, "[0.2, 0.5, 0.8]"))).posterior["pact"]
    assert spans == sorted(spans)
    assert spans[0] == pytest.approx(0, abs=1e-12)
    assert spans[2] == alone.high - alone.low < 0.9 * spans[3]
