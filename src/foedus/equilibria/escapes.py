"""Groups that may answer a sanction, where bounds leave open whether they can: by the definition.

A group H is deterred from s1 when its opponents reach from s1 some t that leaves it no way to what
is better than s for all of it. States s that all members value alike have the same sanctions: where
there are few such values, each is settled by passes over the states. Else, as what H can get to
from t depends on the cell of t alone, states s1 from which the opponents reach the same are taken
together. For each such class the cells reached are taken at once where H has two members that must
gain and all changes are open to it; else they are tried, the most promising first, and a state s
that has no way out of one of them is settled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from foedus.equilibria.dominance import above_any, front
from foedus.equilibria.problem import MoverView, Step, worst_reached
from foedus.game.moves import Moves, Values
from foedus.game.space import Mask

Forward = Callable[[Mask], Mask]
"""The states that an opponent's replies lead to from any of the marked ones; masks (n,)."""

TRIED = 32
"""After so many cells the states that remain may be few: then each is settled by one pass."""

FEW_VALUES = 1000
"""So many values of states, at most, are settled one by one."""

PASS = 40
"""How many cells can be tried in about the time of one pass over the states."""


class Escapes:
    """A group's ways out: what it can get to from each of its cells."""

    def __init__(self, mover: MoverView) -> None:
        self._moves = mover.moves
        self._size = len(mover.moves.space)
        self._passed: Mask = np.ones(self._size, dtype=bool)
        judges = []
        for view in mover.views:
            if view.electorate:
                self._passed &= view.levels == 1
            else:
                judges.append(view.levels)
        self.levels: Values = np.stack(judges, axis=1)
        self._known: dict[int, Values] = {}
        self._corners: _Corners | None = None
        if self.levels.shape[1] == 2 and mover.moves.clique:
            self._corners = _Corners(mover.moves, self.levels, self._passed)
        # A cell from which even the best for all at once is poor is the likeliest to deter.
        least_gain = np.where(self._passed, (self.levels / self.levels.max(0).clip(1)).min(1), -1)
        ranks = np.unique(least_gain, return_inverse=True)[1].astype(np.int64)
        hope = mover.moves.most(ranks)
        self._hope = hope[mover.moves.order_by_cell[mover.moves.cell_starts]]

    def without(self, rows: Values, reached: Mask) -> Mask:
        """Which rows of levels have a way out of every state ``reached``; shape (rows,)."""
        if self._corners is not None:
            return self._corners.passed(rows, reached)
        cells = np.unique(self._moves.cell[reached])
        cells = cells[np.argsort(self._hope[cells], kind="stable")]
        left = np.arange(len(rows))
        for number, cell in enumerate(cells):
            left = left[above_any(rows[left], self._from_cell(int(cell)), np.greater)]
            if not len(left):
                break
            if number >= TRIED and len(left) * PASS < len(cells) - number:
                left = left[[self._always(rows[k], reached) for k in left]]
                break
        found = np.zeros(len(rows), dtype=bool)
        found[left] = True
        return found

    def left(self, row: Values, steps: Sequence[Step]) -> Mask:
        """From which states a move leads to what is above ``row`` for all and has no sanction."""
        better = (self.levels > row).all(axis=1) & self._passed
        answered = self._moves.least(np.where(better, 0, 1))  # 1: a sanction
        unpunished = worst_reached(1 - answered, steps) == 1
        return np.asarray(self._moves.least(np.where(better & unpunished, 0, 1)) == 0)

    def _from_cell(self, cell: int) -> Values:
        """The levels of what the group can at best get to from a cell, staying included."""
        if cell not in self._known:
            moves = self._moves
            inside = moves.order_by_cell[moves.cell_starts[cell] :][: moves.cell_sizes[cell]]
            states = np.append(moves.targets(int(inside[0])), inside[0])
            self._known[cell] = front(self.levels[states[self._passed[states]]])
        return self._known[cell]

    def _always(self, row: Values, reached: Mask) -> bool:
        """Whether there is a way out of every state reached to what is better than one row."""
        better = (self.levels > row).all(axis=1) & self._passed
        return bool((self._moves.least(np.where(better, 0, 1))[reached] == 0).all())


class _Corners:
    """What two members can get to from each cell at once, as a staircase; all cells in one order.

    From a cell the group can get above a level of the first member and, with it, up to a greatest
    level of the second, which falls as the first level rises. It changes at the first levels of
    the cell's states: each such corner is kept, and one before all. The least over some cells is
    then a running minimum over their corners, the lowest first.
    """

    def __init__(self, moves: Moves, levels: Values, passed: Mask) -> None:
        self._cell = moves.cell
        n, cells = len(levels), moves.number_of_cells
        second = np.where(passed, levels[:, 1], -1)
        order = np.argsort(moves.cell.astype(np.int64) * (n + 1) + n - levels[:, 0], kind="stable")
        cell, first = moves.cell[order].astype(np.int64), levels[order, 0]
        lift = cell * (n + 2)  # rises with the cell, so that no maximum leaks into the next
        running = np.maximum.accumulate(second[order] + lift) - lift
        heads = np.flatnonzero((np.diff(cell, prepend=-1) != 0) | (np.diff(first, prepend=-1) != 0))
        before = np.where(np.diff(cell[heads], prepend=-1) != 0, -1, running[heads - 1])
        whole = running[moves.cell_starts + moves.cell_sizes - 1]
        lows = np.concatenate([np.full(cells, -1), first[heads]])
        order = np.argsort(lows, kind="stable")
        self._lows = lows[order].astype(np.int32)
        self._greatest = np.concatenate([whole, before])[order].astype(np.int32)
        self._cells = np.concatenate([np.arange(cells), cell[heads]])[order].astype(np.int32)

    def passed(self, rows: Values, reached: Mask) -> Mask:
        """Which rows of levels can be passed, both at once, from every cell reached; (rows,)."""
        inside = np.zeros(int(self._cell.max()) + 1, dtype=bool)
        inside[self._cell[reached]] = True
        some = inside[self._cells]
        least = np.minimum.accumulate(self._greatest[some])
        places = np.searchsorted(self._lows[some], rows[:, 0], side="right") - 1
        return np.asarray(least[places] > rows[:, 1])


def escaping(
    mover: MoverView, steps: Sequence[Step], forward: Sequence[Forward], open_: Mask
) -> Mask:
    """Return which of the ``open_`` states are left: some improvement has no sanction; (n,).

    For each opponent of the mover ``steps`` gives the least value among a state and its replies
    from there, and ``forward`` the states that its replies lead to from those marked.
    """
    escapes = Escapes(mover)
    found = np.zeros(len(open_), dtype=bool)
    asking = np.flatnonzero(open_)
    values, value = np.unique(escapes.levels[asking], axis=0, return_inverse=True)
    if len(values) <= FEW_VALUES:
        for number, row in enumerate(values):
            left = escapes.left(row, steps)
            alike = asking[value.ravel() == number]
            found[alike] = left[alike]
        return found
    waiting = np.ones(len(open_), dtype=bool)
    while (open_ & ~found).any() and waiting.any():
        start = int(waiting.argmax())
        reached = _reached(forward, start, len(open_))
        target = np.ones(len(open_), dtype=np.int64)
        target[start] = 0
        alike = reached & (worst_reached(target, steps) == 0)
        waiting &= ~alike
        costs = [np.where(alike, view.levels, -1) for view in mover.views]
        asking = np.flatnonzero(mover.improvements.undeterred(costs) & open_ & ~found)
        if len(asking):
            rows, row = np.unique(escapes.levels[asking], axis=0, return_inverse=True)
            found[asking[escapes.without(rows, reached)[row.ravel()]]] = True
    return found


def _reached(forward: Sequence[Forward], start: int, size: int) -> Mask:
    """What the opponents reach from ``start``, staying included."""
    found = np.zeros(size, dtype=bool)
    found[start] = True
    before = 0
    while (count := int(found.sum())) != before:
        before = count
        for step in forward:
            found = found | step(found)
    return found
