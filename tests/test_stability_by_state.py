"""Stability under rights by state and day, quotas and final positions, against brute force."""

from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from reference.game import ByState, Spec
from strategies import (
    CASES,
    DAYS,
    FIRST_SEED,
    block_name,
    random_by_state,
    seed_blocks,
    state_specs,
)
from test_stability_random import FORMS, compare, game_for

from foedus.game.listed import ListedMoves


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
    for seed in range(1, 41):
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
    assert min(seen.values()) >= 5, seen


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(state_specs())
def test_every_verdict_of_shrinking_cases(spec: Spec) -> None:
    compare(spec, "found by Hypothesis")
