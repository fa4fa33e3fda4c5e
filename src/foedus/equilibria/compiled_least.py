"""Compiled loops over cells: least values among moves, and among the improvements of one actor.

Imported only where numba is installed.
"""

from __future__ import annotations

import numpy as np

from foedus.game.moves import Small, Values
from foedus.game.space import Indexes
from foedus.jit import jitted


def _least(values: Values, order: Small, follow: Small, ends: Indexes, found: Values) -> None:
    """Write the least value among the improvements of each state to ``found``; all (n,).

    ``order`` are the states by cell, then level; ``follow`` where in it the improvements of each
    begin (n: nowhere); ``ends`` (cells,) where the cells end. Without improvement it is n + 1.
    """
    begin = 0
    for end in ends:
        least = ahead = len(values) + 1
        level = len(values)  # where the improvements of the states of one level begin
        for place in range(end - 1, begin - 1, -1):
            state = order[place]
            if follow[state] != level:
                level, ahead = follow[state], least
            found[state] = ahead
            least = min(least, values[state])
        begin = end


least_ranked = jitted(_least)


def _least_moves(values: Values, cell: Small, cells: int, found: Values) -> None:
    """Write the least value in the cell of each state to ``found``; all (n,) but ``cells``."""
    least = np.full(cells, np.iinfo(np.int64).max)
    for state in range(len(values)):
        least[cell[state]] = min(least[cell[state]], values[state])
    for state in range(len(values)):
        found[state] = least[cell[state]]


least_moves = jitted(_least_moves)
