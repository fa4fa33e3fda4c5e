"""A group's ways out of all sanctions, found at once: against plain loops and the plain search."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.case.reading import parse_case
from foedus.equilibria import fast, ways_out
from foedus.equilibria.problem import StabilityProblem, worst_reached
from foedus.equilibria.registry import CONCEPTS
from foedus.equilibria.ways_out import ReachedCells
from foedus.preferences.games import Game, game_of

pytest.importorskip("numba")

NEVER = 1 << 62
COLUMNS = st.lists(st.tuples(*[st.integers(0, 6)] * 3), max_size=30)


def rows_of(columns: list[tuple[int, ...]]) -> np.ndarray:
    return np.array(columns, dtype=np.int32).reshape(-1, 3).T.copy()


@settings(deadline=None)
@given(COLUMNS, COLUMNS, st.booleans())
def test_what_nothing_passes_is_at_or_above_a_limit(
    inside: list[tuple[int, ...]], asked: list[tuple[int, ...]], third: bool
) -> None:
    """With three levels, and with two: then the first passes always."""
    from foedus.equilibria import compiled_ways_out as compiled  # it needs numba

    levels, questions = rows_of(inside), rows_of(asked)
    if not third:
        levels[0], questions[0] = 1, 0
    size = levels.shape[1]
    found, heads = compiled.limits_of_cells(
        levels,
        np.ones(size, dtype=bool),
        np.arange(size, dtype=np.int32),
        np.array([size], dtype=np.int64),
        size,
        6 if third else 0,
    )
    limits = compiled.least_rows(np.ascontiguousarray(found[:, : heads[1]]))
    by_loops = [
        not any(all(levels[:, k] > question) for k in range(size)) for question in questions.T
    ]
    assert compiled.reaching(limits, questions).tolist() == by_loops


@pytest.mark.parametrize("told_apart", [True, False])
def test_sets_of_cells_are_those_that_components_touch(
    told_apart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when the sums that tell sets apart are all the same: then more of them stand alone."""
    if not told_apart:
        monkeypatch.setattr(ways_out, "mixed", np.zeros_like)
    draw = np.random.default_rng(1)
    for _ in range(50):
        component = draw.integers(30, size=60) * 7
        cell = np.unique(draw.integers(4, size=60), return_inverse=True)[1].astype(np.int32)
        reached = ReachedCells.of(component, cell)
        for state in range(60):
            first, last = reached.heads[reached.number[state] :][:2]
            touched = np.unique(cell[component == component[state]])
            assert reached.cells[first:last].tolist() == touched.tolist()
        if told_apart:
            sets = {tuple(np.unique(cell[component == each]).tolist()) for each in component}
            assert len(reached.heads) - 1 == len(sets)


def sparse(seed: int, members: int) -> Game:
    """A group with 64 choices and two opponents, of whose states rules leave out some."""
    draw = random.Random(seed)  # noqa: S311 (not for secrets)
    actors = [f"m{k}" for k in range(members + 2)]
    group = " and ".join(actors[:members])
    rights = [*[group] * 5, f"{group} or {actors[-1]}", actors[-1], actors[-2], actors[-2]]
    lines = ["foedus: 1", "title: Sparse", "actors:", *(f"  {a}: {{name: {a}}}" for a in actors)]
    lines += ["issues:"]
    lines += [
        f"  o{k}: {{positions: {{n: N, y: Y}}, decided_by: {r}}}" for k, r in enumerate(rights)
    ]
    lines += ["rules:"]
    for _ in range(3):
        a, b = draw.randrange(6), draw.randrange(6, 9)
        rule = f"not (o{a} = {draw.choice('ny')} and o{b} = {draw.choice('ny')})"
        lines += [f"  - {{rule: {rule}, why: They exclude each other}}"]
    lines += ["preferences:", *(f"  {a}: {{priorities: [{{when: o0 = n}}]}}" for a in actors)]
    game = game_of(parse_case("\n".join(lines) + "\n"))
    n, drawn, views = len(game.space), np.random.default_rng(seed), {}
    for actor, view in game.views.items():
        values = drawn.integers(draw.choice([3, 30, 10_000]), size=n)
        levels = np.unique(values, return_inverse=True)[1].astype(np.int64)
        views[actor] = replace(view, values=levels.astype(float), levels=levels)
    return replace(game, views=views)


@pytest.mark.parametrize("members", [2, 3])
def test_groups_in_sparse_cells_as_by_the_plain_search(members: int) -> None:
    """Rules make the opponents reach other cells from one state of a cell than from another."""
    cells_of_many_sets = stable = left = 0
    for seed in range(12):
        game = sparse(seed, members)
        found = []
        for many in (0, NEVER):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(fast, "MANY", many)
                problem = StabilityProblem.of(game)
                (mover,) = [each for each in problem.movers if len(each.views) > 1]
                found.append(CONCEPTS["smr"].solver(problem, mover).stable())
        assert found[0].tolist() == found[1].tolist(), seed
        opponents = [problem.movers[k].moves for k in mover.opponents]
        start = np.arange(len(game.space))
        component = worst_reached(start, [moves.least for moves in opponents])
        reached = ReachedCells.of(component, mover.moves.cell)
        pairs = np.unique(np.stack([mover.moves.cell, reached.number]), axis=1)
        cells_of_many_sets += int((np.bincount(pairs[0]) > 1).sum())
        some = mover.improvements.some()
        stable += int((found[0] & some).sum())
        left += int((~found[0]).sum())
    assert min(cells_of_many_sets, stable, left) > 50
