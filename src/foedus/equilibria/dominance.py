"""The least of some values among the states that are better by one level, by two, or by more.

Targets lie in cells; a question names a cell that holds some and asks for the least value among the
targets in it whose levels all exceed given bounds. Which these are is worked out once; then every
pass over new values is a running minimum (one level), or one for each power of two up to the number
of targets (two levels: a tree over the order by the first whose nodes are sorted by the second).
For more levels targets are tried in blocks, the most promising first; what is settled drops out.
"""

from __future__ import annotations

import numpy as np

from foedus.game.moves import Small, Values
from foedus.game.space import Indexes, Mask

COMPARED = 1 << 21
"""How many pairs of rows are compared together."""


class AboveOne:
    """Least values among the targets of a cell above one level.

    ``cells`` and ``levels`` describe the targets, shape (n,); levels are whole numbers from 0.
    """

    def __init__(self, cells: Indexes | Small, levels: Values) -> None:
        self._span = int(levels.max(initial=0)) + 2
        keys = cells.astype(np.int64) * self._span + levels
        self._order = np.argsort(keys, kind="stable")
        self._keys = keys[self._order]
        # Offsets that rise with the cell keep one running minimum from leaking into the next.
        self._lift = cells[self._order].astype(np.int64) * (len(cells) + 2)

    def places(self, cells: Indexes, bounds: Values) -> Indexes:
        """Where questions (a cell, and a bound to exceed) find their answers in ``running``."""
        return np.searchsorted(self._keys, cells * np.int64(self._span) + bounds + 1)

    def running(self, values: Values) -> Values:
        """The least value from each place on to the end of its cell, lifted by its cell; (n + 1,).

        ``values`` (n,) run from 0 to n + 1.
        """
        size = len(values)
        running = np.empty(size + 1, dtype=np.int64)
        running[-1] = int(self._lift[-1:].max(initial=0)) + 3 * (size + 2)
        lifted = values[self._order] + self._lift
        np.minimum.accumulate(lifted[::-1], out=running[-2::-1])
        return running

    def answers(self, running: Values, places: Indexes, cells: Indexes) -> Values:
        """The least values; more than n where a cell has no such target."""
        return np.asarray(running[places] - cells * np.int64(len(running) + 1))


class AboveTwo:
    """Least values among the targets of a cell above two levels, for a fixed list of questions.

    ``cells``, ``first`` and ``second`` describe the targets, shape (n,); ``asked`` (q,) are the
    cells that questions name, ``over_first`` and ``over_second`` the bounds to exceed.
    """

    def __init__(
        self,
        cells: Indexes | Small,
        first: Values,
        second: Values,
        asked: Indexes,
        over_first: Values,
        over_second: Values,
    ) -> None:
        self._size, self._questions = len(cells), len(asked)
        span = int(first.max(initial=0)) + 2
        keys = cells.astype(np.int64) * span + first
        self._order = np.argsort(keys, kind="stable")
        keys = keys[self._order]
        begin = np.searchsorted(keys, asked * np.int64(span) + over_first + 1)
        end = np.searchsorted(keys, (asked.astype(np.int64) + 1) * span)
        # One number for a cell and a level of the second member; denser than their product.
        second_span = int(second.max(initial=0)) + 2
        within = (cells.astype(np.int64) * second_span + second)[self._order]
        above = asked.astype(np.int64) * second_span + over_second + 1
        ladder, within = np.unique(within, return_inverse=True)
        above = np.searchsorted(ladder, above)
        top = np.int64(len(ladder) + 1)
        cells_in_order = cells[self._order].astype(np.int64)
        self._levels: list[tuple[Indexes, Values, Indexes, Indexes, Values]] = []
        number, height = np.arange(self._size), 0
        while (left := begin < end).any():
            # From the question's first place, nodes of rising size cover the rest of its cell.
            root = 1 << height >= self._size
            chosen = np.flatnonzero(left & (((begin >> height) & 1 == 1) | root))
            if len(chosen):
                node = number >> height
                order = np.argsort(node * top + within, kind="stable")
                keys = (node * top + within)[order]
                places = np.searchsorted(keys, (begin[chosen] >> height) * top + above[chosen])
                groups = cells_in_order[order] + node[order]  # rises with node and cell
                own = asked[chosen].astype(np.int64) + (begin[chosen] >> height)
                small = np.int32 if self._size < 1 << 30 else np.int64
                self._levels.append(
                    (
                        order.astype(small),
                        groups.astype(small),
                        chosen.astype(small),
                        places.astype(small),
                        own.astype(small),
                    )
                )
                begin[chosen] += 1 << height
            height += 1

    def least(self, values: Values) -> Values:
        """The least values, shape (q,); more than n where there is no such target.

        ``values`` (n,) run from 0 to n + 1.
        """
        size = self._size
        found = np.full(self._questions, 2 * size + 2, dtype=np.int64)
        in_order = values[self._order]
        running = np.empty(size + 1, dtype=np.int64)
        for order, groups, chosen, places, own in self._levels:
            lifted = groups.astype(np.int64)
            running[-1] = (int(lifted[-1]) + 2) * (size + 2)
            lifted *= size + 2
            lifted += in_order[order]
            np.minimum.accumulate(lifted[::-1], out=running[-2::-1])
            answers = running[places] - own.astype(np.int64) * (size + 2)
            found[chosen] = np.minimum(found[chosen], answers)
        return found


def exceeded(targets: Values, bounds: Values) -> Mask:
    """For each row of ``bounds`` (q, k), whether some row of ``targets`` (m, k) is above it in all.

    Targets with the greatest sums come first; a target that another one equals or passes in every
    column drops out, and so does a bound once it is exceeded.
    """
    found = np.zeros(len(bounds), dtype=bool)
    left = np.arange(len(bounds))
    targets = np.unique(targets, axis=0)
    targets = targets[np.argsort(-targets.sum(axis=1), kind="stable")]
    width = 16
    while len(targets) and len(left):
        block, targets = targets[:width], targets[width:]
        hit = above_any(bounds[left], block, np.greater)
        found[left[hit]] = True
        left = left[~hit]
        targets = targets[~above_any(targets, block, np.greater_equal)]
        width = min(2 * width, 256)
    return found


def front(targets: Values) -> Values:
    """The rows of ``targets`` (m, k) that no other row equals or passes in every column."""
    left = np.unique(targets, axis=0)
    left = left[np.argsort(-left.sum(axis=1), kind="stable")]
    kept = [left[:0]]
    while len(left):
        kept.append(left[:1])
        left = left[1:]
        left = left[~above_any(left, kept[-1], np.greater_equal)]
    return np.concatenate(kept)


def least_above(targets: Values, values: Values, bounds: Values, none: int) -> Values:
    """The least of ``values`` (m,) among the rows of ``targets`` (m, k) above each bound in all.

    ``bounds`` is (q, k), each exceeded by some target, or the answer is ``none``. Targets come in
    order of their values, so the first that is above a bound settles it.
    """
    found = np.full(len(bounds), none, dtype=np.int64)
    left = np.arange(len(bounds))
    order = np.argsort(values, kind="stable")
    first, width = 0, 16
    while first < len(order) and len(left):
        block = order[first : first + width]
        first += width
        for piece in _rows(len(left), len(block)):
            above = _above(bounds[left[piece]], targets[block], np.greater)
            hit = above.any(axis=1)
            found[left[piece][hit]] = values[block[above.argmax(axis=1)[hit]]]
        left = left[found[left] == none]
        width = min(2 * width, 1024)
    return found


def _above(rows: Values, block: Values, compare: np.ufunc) -> Mask:
    result: Mask = compare(block[None, :, 0], rows[:, None, 0])
    for k in range(1, rows.shape[1]):
        result &= compare(block[None, :, k], rows[:, None, k])
    return result


def above_any(rows: Values, block: Values, compare: np.ufunc) -> Mask:
    """For each row of ``rows`` (q, k), whether some row of ``block`` compares with it in all."""
    found = np.zeros(len(rows), dtype=bool)
    for piece in _rows(len(rows), len(block)):
        found[piece] = _above(rows[piece], block, compare).any(axis=1)
    return found


def _rows(count: int, width: int) -> list[slice]:
    step = max(COMPARED // max(width, 1), 1)
    return [slice(first, first + step) for first in range(0, count, step)]
