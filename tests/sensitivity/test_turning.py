"""The smallest change of judgements: each found one holds, and no smaller one is on a grid."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest
from strategies import random_deals

from foedus.case.model import Case
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.document import Explanation
from foedus.loading import load
from foedus.preferences.games import Game, game_of
from foedus.process.acceptance.solve import acceptance
from foedus.sensitivity.changes import with_changes
from foedus.sensitivity.consenting import Question, seen_otherwise
from foedus.sensitivity.levers import Lever, levers_of
from foedus.sensitivity.turned import Turning
from foedus.sensitivity.turning import smallest_change
from foedus.sensitivity.wishes import with_wish

TOWNS = "cases/two-towns.yaml"
FLAGSHIP = "cases/belarus-2024.yaml"

PACT = """
foedus: 1
title: A pact
today: {pact: none, road: old}
actors: {ann: {name: Ann}, bob: {name: Bob}, pub: {name: Public, kind: electorate, threshold: 50}}
issues:
  pact: {positions: {none: None, made: Made}, decided_by: {made: ann and bob and pub, none: ann}}
  road: {positions: {old: Old, new: New}, decided_by: ann}
arrangements: {pact: {name: The pact, when: pact = made}}
preferences:
  ann: {worth: {cost: {when: pact = made, value: [-14, -10, -6]},
                pride: {when: pact = made, value: [1, 2, 3]},
                road: {when: road = new, value: 3}}}
  bob: {worth: {gain: {when: pact = made, value: 5}}}
  pub: {support: [{id: pact, when: pact = made, share: [30, 44, 50]}, {default: 60}]}
"""


@pytest.fixture(scope="module")
def flagship() -> Game:
    return game_of(load(FLAGSHIP))


def refusing(case: Case, arrangement: str) -> tuple[str, ...]:
    """Who refuses the package, by acceptance from the beginning."""
    package = acceptance(case)[arrangement].package
    assert package is not None
    return package.choice.refusing


def test_the_sum_is_made_least_by_the_widest_range_alone() -> None:
    # Ann lacks 8; her cost has the half-range 4 and her pride 1, so the cost moves, by two of them.
    turning = smallest_change(parse_case(PACT), "pact", "ann")
    (change,) = turning.changes
    assert change.name == "preferences.ann.worth.cost"
    assert change.after.mode == pytest.approx(-2, abs=1e-3)
    assert (change.after.low, change.after.high) == pytest.approx((-6, 2), abs=1e-3)
    assert turning.size == pytest.approx(2, abs=1e-3)
    assert turning.smallest
    assert not turning.within
    assert not turning.no_deal_moved


def test_the_largest_move_is_made_least_by_moving_all_alike() -> None:
    turning = smallest_change(parse_case(PACT), "pact", "ann", measure="largest")
    assert [change.half_ranges for change in turning.changes] == pytest.approx([1.6, 1.6], abs=1e-3)
    assert turning.size == pytest.approx(8 / (4 + 1), abs=1e-3)


def test_a_vote_turns_at_its_threshold() -> None:
    turning = smallest_change(parse_case(PACT), "pact", "pub")
    assert turning.size == pytest.approx(0.6, abs=1e-3)  # six points of a half-range of ten
    assert turning.within
    assert turning.after is not None
    assert turning.after.refusing == ("ann",)


def test_all_at_once_is_acceptable() -> None:
    turning = smallest_change(parse_case(PACT), "pact")
    assert turning.size == pytest.approx(2.6, abs=1e-3)
    assert refusing(turning.changed_case(), "pact") == ()


def test_a_sure_judgement_moves_by_the_unit_that_is_stated() -> None:
    sure = parse_case(PACT.replace("[-14, -10, -6]", "-10").replace("[1, 2, 3]", "2"))
    none = smallest_change(sure, "pact", "ann")
    assert not none.found
    assert "range" in none.reason
    turning = smallest_change(sure, "pact", "ann", sure_unit=4)
    assert turning.size == pytest.approx(2, abs=1e-3)


def test_judgements_of_a_group_move_together() -> None:
    text = PACT.replace("value: [-14, -10, -6]", "value: {value: [-14, -10, -6], with: w}")
    text = text.replace("value: [1, 2, 3]", "value: {value: [1, 2, 3], with: w}")
    turning = smallest_change(parse_case(text), "pact", "ann")
    assert [change.half_ranges for change in turning.changes] == pytest.approx([1.6, 1.6], abs=1e-3)
    assert turning.size == pytest.approx(1.6, abs=1e-3)


def test_an_ordinal_blocker_is_turned_by_wishes_not_numbers() -> None:
    text = PACT.replace("{gain: {when: pact = made, value: 5}}", "{}")
    text = text.replace(
        "bob: {worth: {}}",
        "bob: {priorities: [{id: free, when: pact = none, probability: likely},"
        " {id: paid, when: pact = made}]}",
    )
    case = parse_case(text)
    turning = smallest_change(case, "pact", "bob")
    assert not turning.found
    assert "wishes" in turning.reason
    assert [(wish.item, wish.held) for wish in turning.wishes] == [("free", False)]
    assert "bob" not in refusing(with_wish(case, "bob", "free", held=False), "pact")


def test_who_does_not_block_needs_no_change() -> None:
    turning = smallest_change(parse_case(PACT), "pact", "bob")
    assert not turning.needed
    assert turning.changes == ()


# --- random cases: against acceptance, and against a grid ----------------------------------------


def blocked(seeds: range) -> Iterator[tuple[Case, Game, Question, str, str | None]]:
    """Every arrangement of random cases that somebody refuses, with each blocker and with all."""
    for seed in seeds:
        case = parse_case(random_deals(seed).to_yaml())
        game = game_of(case)
        for name in case.arrangements:
            question = Question.of(game, name)
            if question.forms and (no := question.answer().refusing):
                yield from ((case, game, question, name, blocker) for blocker in (*no, None))


def agreed(question: Question, blocker: str | None, case: Case) -> bool:
    no = question.answer(seen_otherwise(question.game, case)).refusing
    return not no if blocker is None else blocker not in no


def test_each_change_found_holds_when_the_case_is_solved_again() -> None:
    found = 0
    for case, game, _, name, blocker in blocked(range(1, 80)):
        for measure in ("sum", "largest"):
            turning = smallest_change(game, name, blocker, measure=measure)  # type: ignore[arg-type]
            if turning.found:
                found += 1
                no = refusing(with_changes(case, turning.changes), name)
                assert not no if blocker is None else blocker not in no
    assert found > 30


def smaller_on_grid(
    question: Question, blocker: str | None, levers: tuple[Lever, ...], turning: Turning
) -> bool:
    """Whether a smaller change that leaves no deal as it is does it, on a grid of moves."""
    before = question.answer().no_deal
    for moves in itertools.product(np.arange(-3, 3.01, 0.5), repeat=len(levers)):
        sizes = [abs(m) for m in moves]
        size = sum(sizes) if turning.measure == "sum" else max(sizes)
        known = [lever.least <= m <= lever.most for lever, m in zip(levers, moves, strict=True)]
        if not all(known) or (turning.found and size >= turning.size - 1e-6):
            continue
        changes = [c for lever, m in zip(levers, moves, strict=True) if m for c in lever.changes(m)]
        case = with_changes(question.game.case, changes)
        after = question.answer(seen_otherwise(question.game, case))
        no = after.refusing
        if after.no_deal == before and (not no if blocker is None else blocker not in no):
            return True
    return False


def test_no_smaller_change_is_on_a_grid() -> None:
    tried = found = 0
    for _, game, question, name, blocker in blocked(range(1, 90)):
        asked = {actor for form in question.forms for actor in form.coalition}
        levers = levers_of(game, asked if blocker is None else {blocker})
        if not 1 <= len(levers) <= 2:
            continue
        for measure in ("sum", "largest"):
            turning = smallest_change(game, name, blocker, measure=measure)  # type: ignore[arg-type]
            assert not smaller_on_grid(question, blocker, levers, turning), (name, blocker, measure)
            tried, found = tried + 1, found + turning.found
    assert tried > 60
    assert found > 15


# --- the flagship, and bad input -----------------------------------------------------------------


def test_the_flagship_option_turns_only_beyond_its_ranges(flagship: Game) -> None:
    turning = smallest_change(flagship, "belarus-option")
    assert turning.found
    assert not turning.within
    assert refusing(turning.changed_case(), "belarus-option") == ()
    told = str(Explanation(turning.blocks()))
    assert "beyond the ranges judged" in told
    assert "everybody asked agrees" in told
    assert turning.to_dict()["refusing_after"] == []
    assert "rests on" in str(turning.explain())


@pytest.mark.parametrize("blocker", ["elite", "lukashenka", "belarusians"])
def test_each_flagship_blocker_can_be_turned(flagship: Game, blocker: str) -> None:
    turning = smallest_change(flagship, "belarus-option", blocker)
    assert blocker not in refusing(turning.changed_case(), "belarus-option")


def test_unknown_names_and_measures_are_refused() -> None:
    case = parse_case(PACT)
    with pytest.raises(CaseError, match="did you mean 'pact'"):
        smallest_change(case, "pakt")
    with pytest.raises(CaseError, match="did you mean 'ann'"):
        smallest_change(case, "pact", "anne")
    with pytest.raises(ValueError, match="no measure"):
        smallest_change(case, "pact", "ann", measure="least")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="above 0"):
        smallest_change(case, "pact", "ann", sure_unit=0)
