"""The linear programme of a smallest change: how far to move which levers."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from scipy.optimize import linprog

from foedus.forecasting.ranges import Floats

Measure = Literal["sum", "largest"]
"""What is made as small as can be: the sum of all moves, or the largest of them."""

MEASURES: tuple[str, ...] = get_args(Measure)

TIDY = 1e-6
"""What the sum of moves counts beside the largest, so that no lever is moved for nothing."""


def least_move(
    by: Floats, lacking: Floats, least: Floats, most: Floats, measure: Measure = "sum"
) -> Floats | None:
    """The smallest moves of levers (k,) by which nothing is lacking any more; None if none do.

    ``by`` (rows, k) is what each lever adds, ``lacking`` (rows,) what must be added at least;
    ``least`` and ``most`` (k,) bound the moves and hold 0 between them. Moves are p - n with
    p, n >= 0, so that sums of sizes are linear. Solved by HiGHS [Huangfu2018]. Raises ValueError
    for an unknown measure.

    >>> least_move(np.array([[2.0, 1.0]]), np.array([3.0]), np.full(2, -9.0), np.full(2, 9.0))
    array([1.5, 0. ])
    """
    if measure not in MEASURES:
        raise ValueError(f"no measure {measure!r}; there are: {', '.join(MEASURES)}")
    count = by.shape[1]
    if not (lacking > 0).any():
        return np.zeros(count)
    if not count:
        return None
    both = np.concatenate([-by, by], axis=1)
    bounds = [(0.0, _bound(high)) for high in most] + [(0.0, _bound(-low)) for low in least]
    if measure == "sum":
        found = linprog(np.ones(2 * count), both, -lacking, bounds=bounds, method="highs")
    else:
        cost = np.concatenate([np.full(2 * count, TIDY), [1.0]])
        size = np.concatenate([np.eye(count), np.eye(count), -np.ones((count, 1))], axis=1)
        matrix = np.concatenate([np.pad(both, ((0, 0), (0, 1))), size])
        limit = np.concatenate([-lacking, np.zeros(count)])
        found = linprog(cost, matrix, limit, bounds=[*bounds, (0.0, None)], method="highs")
    if not found.success or found.x is None:
        return None
    moves: Floats = np.asarray(found.x[:count] - found.x[count : 2 * count], dtype=np.float64)
    return np.where(np.abs(moves) < 1e-12, 0.0, moves)


def cost(moves: Floats, measure: Measure) -> float:
    """What moves cost by a measure, in half-ranges."""
    sizes = np.abs(moves)
    return float(sizes.sum() if measure == "sum" else sizes.max(initial=0.0))


def at_least(by: Floats, lacking: Floats, measure: Measure) -> Floats:
    """What the moves of many programmes cost at least; (programmes,).

    ``by`` (programmes, rows, k), ``lacking`` (programmes, rows). Each row by itself costs what is
    lacking over what the best lever, or all levers together, add; infinite where none adds.
    """
    adds = np.abs(by).max(axis=2, initial=0.0) if measure == "sum" else np.abs(by).sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = np.where(lacking > 0, lacking / adds, 0.0)
    return np.asarray(each.max(axis=1, initial=0.0))


def _bound(value: float) -> float | None:
    return None if np.isinf(value) else float(value)
