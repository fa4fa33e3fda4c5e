"""Stability under rights by state and day, quotas and final positions, against brute force."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reference.game import ByState, Entry, Right, Spec
from reference.statements import Is, Not, Or
from strategies import (
    AS_OF,
    CASES,
    DAYS,
    FIRST_SEED,
    block_name,
    random_by_state,
    seed_blocks,
    specs,
    state_specs,
)
from test_stability_random import FORMS, compare, game_for

from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.document import Explanation
from foedus.equilibria.permissions import changes_of
from foedus.equilibria.registry import CONCEPTS as REGISTERED
from foedus.equilibria.solve import stability
from foedus.game.listed import ListedMoves, TooManyMoves
from foedus.preferences.games import game_of
from foedus.reporting.asking import explain, why


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_every_verdict_of_random_cases(seeds: range) -> None:
    for seed in seeds:
        compare(random_by_state(seed), f"seed {seed}")


@pytest.mark.parametrize("form", FORMS)
def test_every_verdict_however_it_is_found(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in FORMS[form].items():
        monkeypatch.setattr(name, value)
    for seed in range(FIRST_SEED, FIRST_SEED + max(CASES // 8, 1)):
        compare(random_by_state(seed), f"seed {seed}, {form}")


def test_the_random_cases_have_what_they_should() -> None:
    seen: Counter[str] = Counter()
    for seed in range(1, 31):
        spec = random_by_state(seed)
        game = game_for(spec)
        listed = [moves for moves in game.moves if isinstance(moves, ListedMoves)]
        entries = [
            entry
            for issue in spec.issues
            for right in issue.rights()
            if isinstance(right, ByState)
            for entry in right.entries
        ]
        seen["a mover with rights by state"] += bool(listed)
        seen["and one with the same in all"] += len(listed) < len(game.moves)
        seen["a group of them"] += any(len(moves.mover.members) > 1 for moves in listed)
        seen["a move of several steps"] += any(
            len(moves.way(s, int(t))) > 2
            for moves in listed
            for s in range(len(game.space))
            for t in moves.targets(s)
        )
        seen["a cell of several states"] += any(
            moves.number_of_cells < len(game.space) for moves in listed
        )
        seen["a right out of its days"] += any(
            (entry.since or DAYS[0]) > spec.day or (entry.until or spec.day) < spec.day
            for entry in entries
        )
        seen["another day"] += spec.day != spec.as_of
        seen["a quota"] += any(entry.votes is not None for entry in entries)
        seen["a final position"] += any(issue.final for issue in spec.issues)
        seen["no way back"] += any(issue.never_back_to for issue in spec.issues)
        seen["infeasible states"] += len(game.space) < math.prod(
            len(issue.positions) for issue in spec.issues
        )
        seen["expiring positions"] += not game.space.settled.all()
    assert len(seen) == 12
    assert min(seen.values()) >= 4, seen


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(state_specs())
def test_every_verdict_of_shrinking_cases(spec: Spec) -> None:
    compare(spec, "found by Hypothesis")


# --- laws -------------------------------------------------------------------------------------


def solved(spec: Spec) -> dict[str, Any]:
    told = stability(game_for(spec), tuple(REGISTERED)).to_dict()
    told.pop("on", None)
    return told


def with_rights(spec: Spec, made: Callable[[Right | ByState], Right | ByState]) -> Spec:
    """The case with every right that is written replaced."""
    issues = [
        replace(
            issue,
            default=None if issue.default is None else made(issue.default),
            to={target: made(right) for target, right in issue.to.items()},
            changes={change: made(right) for change, right in issue.changes.items()},
        )
        for issue in spec.issues
    ]
    return replace(spec, issues=tuple(issues))


LAWS = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))


@LAWS
@given(specs())
def test_rights_that_always_count_are_plain_ones(spec: Spec) -> None:
    issue = spec.issues[0]
    here = Is(issue.id, issue.positions[:1])
    always = Or((here, Not(here)))
    same = with_rights(spec, lambda right: ByState((Entry(right, always),)))
    assert json.dumps(solved(same)) == json.dumps(solved(spec))


@LAWS
@given(specs())
def test_listed_moves_of_plain_rights_are_their_product(spec: Spec) -> None:
    game = game_for(spec)
    for moves in game.moves:
        listed = ListedMoves(game.rights, moves.mover)
        for state in range(len(game.space)):
            assert listed.targets(state).tolist() == moves.targets(state).tolist()
            for target in moves.targets(state).tolist():
                assert listed.way(state, target) == (state, target)


@LAWS
@given(state_specs(), st.data())
def test_an_entry_out_of_its_days_is_as_if_it_were_absent(spec: Spec, data: st.DataObject) -> None:
    day = spec.day or AS_OF
    pool = [right for i in spec.issues for right in i.rights() if not isinstance(right, ByState)]
    out = [
        Entry(data.draw(st.sampled_from([(), *pool])), None, *window)
        for window in ((None, day - timedelta(days=1)), (day + timedelta(days=1), None))
    ]

    def with_more(right: Right | ByState) -> Right | ByState:
        if not isinstance(right, ByState):
            return right
        return ByState((data.draw(st.sampled_from(out)), *right.entries))

    assert solved(with_rights(spec, with_more)) == solved(spec)


@LAWS
@given(state_specs())
def test_nothing_moves_from_a_final_position(spec: Spec) -> None:
    first = spec.issues[0]
    staying = next(p for p in first.positions if p not in first.otherwise)
    kept = {change: r for change, r in first.changes.items() if change[0] != staying}
    first = replace(first, changes=kept, final=(staying,))
    game = game_for(replace(spec, issues=(first, *spec.issues[1:])))
    standing = game.space.column(first.id) == first.positions.index(staying)
    for moves in game.moves:
        assert (standing <= ~moves.reached(standing) | standing).all()
        for state in np.flatnonzero(standing):
            assert standing[moves.targets(int(state))].all()


def test_every_step_of_a_move_has_its_rights() -> None:
    several = 0
    for seed in range(1, 16):
        game = game_for(random_by_state(seed))
        for moves in game.moves:
            for origin in range(len(game.space)):
                for target in moves.targets(origin).tolist():
                    way = moves.way(origin, target)
                    several += len(way) > 2
                    for here, there in pairwise(way):
                        assert changes_of(game, moves.mover, here, there)
    assert several > 10


# --- what is said -----------------------------------------------------------------------------

COURT = """\
foedus: 1
title: A term and a court
as_of: 2024-01-01
actors: {ruler: {name: Ruler}, party: {name: Party}}
issues:
  court: {positions: {free: Free, tame: Tame}, decided_by: ruler}
  term:
    positions: {short: Short, long: Long}
    decided_by:
      - {when: court = tame, by: ruler}
      - {from: 2024-07-01, by: party}
preferences:
  ruler: {worth: {long: {when: term = long, value: 5}, shame: {when: court = tame, value: -1}}}
  party: {worth: {long: {when: term = long, value: -5}}}
"""
EVENT = "events: {storm: {sets: {court: free}, rate: {a_year: 0.1}}}\n"


def test_the_day_asked_about_decides_who_may_move() -> None:
    case = parse_case(COURT + EVENT)
    now, later = stability(case), stability(case, on=date(2024, 7, 1))
    assert [mover.key for mover in now.game.movers] == ["ruler"]
    assert [mover.key for mover in later.game.movers] == ["ruler", "party"]
    # Later the party may undo the long term under a free court, which the ruler would rather have.
    assert now.equilibria("nash") == [3]
    assert later.equilibria("nash") == []
    assert now.to_dict()["on"] == "2024-01-01"
    assert later.to_dict()["on"] == "2024-07-01"
    assert later.to_dict()["without"] == ["events"]
    told = str(Explanation(later.blocks()))
    assert "Rights are those on 2024-07-01. Events play no part in stability." in told
    assert explain(later.game, 1).blocks[-1] == explain(case, 1, on=date(2024, 7, 1)).blocks[-1]


def test_a_move_of_several_steps_is_told_step_by_step() -> None:
    told = str(explain(parse_case(COURT), 1, "ruler", "nash"))
    assert "Step 1 is to court: Tame (state 2)" in told
    assert "It may: term: decided by ruler if court = tame" in told
    assert "Step 2 is to court: Free; term: Long (state 3)" in told
    (verdict,) = why(parse_case(COURT), 1, "ruler", "nash").to_dict()["verdicts"]
    ways = {improvement["to"]: improvement.get("by") for improvement in verdict["improvements"]}
    assert ways == {3: [2], 4: [2]}


def test_what_is_reached_is_the_same_before_moves_are_listed() -> None:
    seen = 0
    for seed in range(1, 16):
        game = game_for(random_by_state(seed))
        for moves in game.moves:
            if isinstance(moves, ListedMoves):
                origins = np.arange(len(game.space)) % 3 == seed % 3
                before = moves.reached(origins)
                assert moves.size  # now they are listed
                assert (moves.reached(origins) == before).all()
                seen += 1
    assert seen > 10


def test_a_plain_case_says_nothing_of_days_unless_asked() -> None:
    case = parse_case(
        COURT.replace("- {when: court = tame, by: ruler}", "- {by: ruler}").replace(
            "      - {from: 2024-07-01, by: party}\n", ""
        )
    )
    assert not {"on", "without"} & set(stability(case).to_dict())
    assert stability(case, on=date(2024, 2, 1)).to_dict()["on"] == "2024-02-01"


# --- size -------------------------------------------------------------------------------------


def chamber(parties: int, bar: int) -> str:
    names = [f"p{k}" for k in range(parties)]
    return (
        f"foedus: 1\ntitle: A chamber\nactors: {{{', '.join(f'{n}: {{}}' for n in names)}}}\n"
        "issues:\n  law:\n    positions: {old: Old, new: New}\n    decided_by: "
        f"{{at_least: {bar}, of: {{{', '.join(f'{n}: 1' for n in names)}}}}}\npreferences:\n"
        + "".join(
            f"  {n}: {{worth: {{w: {{when: law = new, value: {k - 3}}}}}}}\n"
            for k, n in enumerate(names)
        )
    )


def test_a_chamber_of_many_parties_is_solved() -> None:
    found = stability(parse_case(chamber(10, 5)), ["nash", "gmr"])
    assert len(found.game.movers) == math.comb(10, 5)
    assert found.equilibria("nash") == [2]  # six of ten gain by the new law, three by the old


def test_too_many_movers_are_told_with_the_right_that_makes_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("foedus.game.movers.MOVER_LIMIT", 1_000)
    with pytest.raises(CaseError) as caught:
        game_of(parse_case(chamber(8, 4)))
    assert "too many movers: 70 groups" in str(caught.value)
    assert "a right of issue 'law' has 70 smallest sets" in str(caught.value)
    assert "expected at most 13 with so many rights" in str(caught.value)


def test_too_many_steps_are_refused_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def worked(self: ListedMoves) -> None:
        raise AssertionError("worked on")

    monkeypatch.setattr("foedus.game.listed.LOOKED_AT", 10)
    monkeypatch.setattr(ListedMoves, "_all_steps", worked)
    with pytest.raises(TooManyMoves, match="12 steps are to be looked at, 12 of them of ruler"):
        stability(parse_case(COURT))


@pytest.mark.parametrize("limit", ["KEPT_STEPS", "KEPT_MOVES", "REACH_BYTES"])
def test_too_many_moves_are_refused(limit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"foedus.game.listed.{limit}", 0)
    with pytest.raises(TooManyMoves, match="too many moves under rights by state"):
        stability(parse_case(COURT))
