"""The least of some values among the states of a cell that are better by several levels at once.

The states of each cell stand in an order in which those that all members value much alike are near
each other: by the bits of their ranks in the cell, in turn. The order is cut in halves again and
again, and each part knows its greatest and least levels and its least value. A question goes down
only into parts that may hold something better, by all levels, than it has found. So a cell of f
states is never looked at pair by pair, whatever the number of levels. Compiled, where numba is
installed; :mod:`~.dominance` answers without.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType

import numpy as np

from foedus.equilibria.fast import loops
from foedus.game.moves import Moves, Small, Values, sorted_by
from foedus.game.space import Mask


class Tree:
    """The states of each cell of a mover by the levels of those members that must all gain.

    ``levels`` has one array of shape (n,) a member.
    """

    def __init__(self, moves: Moves, levels: Sequence[Values], compiled: ModuleType) -> None:
        self._moves, self._compiled = moves, compiled
        self._own: Small = np.stack(levels).astype(np.int32)
        self._ends = moves.cell_starts + moves.cell_sizes
        self._widest = int(moves.cell_sizes.max())
        width = self._widest.bit_length()
        room = 62 - moves.number_of_cells.bit_length()
        bits = min(width, room // len(levels))
        keys = compiled.interleaved(moves.cell, self._ranks(), bits, width - bits)
        self._order: Small = sorted_by(keys)

    @classmethod
    def of(cls, moves: Moves, levels: Sequence[Values]) -> Tree | None:
        """The tree of a mover; None for few states, for one level, and without numba."""
        compiled = loops("compiled_trees", len(moves.space))
        return None if compiled is None or len(levels) < 2 else cls(moves, levels, compiled)

    def lower(self, found: Values, values: Values) -> None:
        """Lower ``found`` (n,) to the least value among what is better than each state by all.

        Looked for in all cells that moves from the state lead to; ``values`` (n,) run from 0 on.
        """
        self._ask(found, values, self._own, self._own)

    def surpassed(self, levels: Sequence[Values]) -> Mask:
        """Which states may move to one whose ``levels``, one array a member, pass all theirs."""
        return self._some(np.stack(levels).astype(np.int32), self._own)

    def surpassing(self, origins: Mask) -> Mask:
        """Which states are in the cell of one of the ``origins`` and better than it by all."""
        turned = self._own.shape[1] - self._own
        return self._some(np.where(origins, turned, np.int32(-1)), turned)

    def _some(self, looked: Small, own: Small) -> Mask:
        found = np.ones(own.shape[1], dtype=np.int64)
        self._ask(found, np.zeros_like(found), looked, own)
        return np.asarray(found == 0)

    def _ask(self, found: Values, values: Values, looked: Small, own: Small) -> None:
        looked, ordered = looked[:, self._order], values[self._order].astype(np.int32)
        nodes = len(self._order) // 4 + 1
        tops = np.empty((len(looked), nodes), dtype=np.int32)
        bottoms, leasts = np.empty_like(tops), np.empty(nodes, dtype=np.int32)
        self._compiled.noted(looked, ordered, self._ends, self._widest, tops, bottoms, leasts)
        for states, cells in self._moves.reaches():
            self._compiled.lowered(
                found,
                states,
                cells,
                own,
                self._moves.cell_starts,
                self._ends,
                looked,
                ordered,
                tops,
                bottoms,
                leasts,
            )

    def _ranks(self) -> Small:
        """The rank of each state in its cell, by each level; (levels, n)."""
        cell, n = self._moves.cell, self._own.shape[1]
        before = np.repeat(self._moves.cell_starts, self._moves.cell_sizes)
        ranks = np.empty_like(self._own)
        for rank, levels in zip(ranks, self._own, strict=True):
            order = sorted_by(cell.astype(np.int64) * (n + 1) + levels)
            rank[order] = np.arange(n) - before
        return ranks
