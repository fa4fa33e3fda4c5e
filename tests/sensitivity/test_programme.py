"""The linear programme against a search over a grid of moves."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from foedus.sensitivity.programme import at_least, cost, least_move


@pytest.mark.parametrize("measure", ["sum", "largest"])
@pytest.mark.parametrize("seed", range(15))
def test_no_point_of_a_grid_is_cheaper(measure: str, seed: int) -> None:
    generator = np.random.default_rng(seed)
    by = generator.integers(-3, 4, (2, 3)).astype(float)
    lacking = generator.integers(-1, 4, 2).astype(float)
    least, most = np.full(3, -2.0), np.full(3, 1.5)
    moves = least_move(by, lacking, least, most, measure)  # type: ignore[arg-type]
    grid = np.array(list(itertools.product(np.arange(-2, 1.51, 0.25), repeat=3)))
    meets = (lacking - 1e-9 <= (by @ grid.T).T).all(axis=1)
    costs = np.abs(grid).sum(axis=1) if measure == "sum" else np.abs(grid).max(axis=1)
    if moves is None:
        assert not meets.any()
        return
    assert (by @ moves >= lacking - 1e-6).all()
    assert ((moves >= least - 1e-9) & (moves <= most + 1e-9)).all()
    found = cost(moves, measure)  # type: ignore[arg-type]
    assert found <= costs[meets].min(initial=np.inf) + 1e-4
    assert at_least(by[None], lacking[None], measure)[0] <= found + 1e-6  # type: ignore[arg-type]


def test_nothing_lacking_moves_nothing() -> None:
    assert not least_move(np.ones((1, 2)), np.array([-1.0]), np.zeros(2), np.ones(2)).any()  # type: ignore[union-attr]
    assert least_move(np.zeros((1, 0)), np.array([1.0]), np.zeros(0), np.zeros(0)) is None
