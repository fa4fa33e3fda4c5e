"""Where changes lead, found over the tree of states, whoever may make them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from foedus.game.moves import ranges
from foedus.game.space import Codes, Indexes, Mask, Space

AT_ONCE = 1 << 18
"""So many pairs of states, or parts of changes, are looked at together."""

Led = Iterator[tuple[Indexes, Indexes]]
"""Where changes lead, by pieces: (row, target); rows count the states given and ascend."""


class _Level(NamedTuple):
    """One issue: node n has the children ``first[n]:first[n + 1]``, standing at ``position``."""

    first: Indexes
    position: npt.NDArray[np.unsignedinteger]


class StateTree:
    """States as a tree, from the last issue to the first: its leaves, in their order.

    Those that agree on all later issues share a node. ``columns`` (issues, all states) are the
    positions. Leaves are all states, or ``targets``, ascending: only changes to these are found.
    """

    def __init__(self, space: Space, columns: Codes, targets: Indexes | None = None) -> None:
        self._space = space
        self._columns = columns
        self._targets = np.arange(len(space)) if targets is None else targets
        self._levels = []
        radix, above = space.radix, np.zeros(1, dtype=np.int64)
        for issue, weight in zip(reversed(radix.issues), reversed(radix.weights), strict=True):
            nodes = space.codes[self._targets] // weight
            nodes = nodes[np.diff(nodes, prepend=-1) > 0]
            parent, position = np.divmod(nodes, len(issue.positions))
            first = np.searchsorted(parent, np.append(above, above[-1] + 1))
            narrow = np.min_scalar_type(len(issue.positions))  # sooner looked up
            self._levels.append(_Level(first, position.astype(narrow)))
            above = nodes

    def near(self, states: Indexes, allowed: Sequence[Mask], reach: int) -> Led:
        """Changes of one to ``reach`` issues.

        ``allowed`` (states, positions) are by issue the positions that it may go to.
        """
        ways = np.zeros((reach + 1, len(states)))
        ways[0] = 1.0
        for table in allowed:
            ways[1:] += ways[:-1] * table.sum(axis=1)
        for rows in _pieces(np.arange(len(states)), ways.sum(axis=0)):
            row, target = self._led_to(states[rows], [table[rows] for table in allowed], reach)
            other = states[rows[row]] != target
            yield rows[row[other]], target[other]

    def unsplit(self, states: Indexes, jointly: Sequence[Mask], reach: int) -> Led:
        """Changes of more than ``reach`` issues, none of which may go alone.

        ``jointly`` (states, positions) are by issue the positions it may go to with others only.
        """
        ways = np.prod([1.0 + table.sum(axis=1) for table in jointly], axis=0)
        joint = np.sum([table.any(axis=1) for table in jointly], axis=0) > reach
        for rows in _pieces(np.flatnonzero(joint), np.minimum(ways, len(self._targets))):
            row, target = self._led_to(states[rows], [t[rows] for t in jointly], len(jointly))
            origin = states[rows[row]]
            large = (self._columns[:, origin] != self._columns[:, target]).sum(axis=0) > reach
            yield rows[row[large]], target[large]

    def _led_to(
        self, states: Indexes, open_: Sequence[Mask], reach: int
    ) -> tuple[Indexes, Indexes]:
        """Where up to ``reach`` issues, each going where it is open, the others staying, lead."""
        row, node = np.arange(len(states)), np.zeros(len(states), dtype=np.intp)
        left = np.full(len(states), reach)
        each = zip(self._levels, self._columns[::-1], reversed(open_), strict=True)
        for level, column, table in each:
            here = column[states]
            children = level.first[node + 1] - level.first[node]
            node = ranges(level.first[node], children)
            row, left = np.repeat(row, children), np.repeat(left, children)
            position = level.position[node]
            stays = position == here[row]
            kept = np.flatnonzero(stays | (table[row, position] & (left > 0)))
            row, node, left = row[kept], node[kept], left[kept] - ~stays[kept]
        return row, self._targets[node]

    def jointly(self, states: Indexes, allowed: Sequence[Mask]) -> list[Mask]:
        """To which of the positions where each issue may go it can only go with others."""
        found = []
        weights = self._space.radix.weights
        for column, weight, table in zip(self._columns, weights, allowed, strict=True):
            row, position = np.nonzero(table)
            origin = states[row]
            codes = self._space.codes[origin] + (position - column[origin]) * weight
            alone = self._space.indexes(codes) >= 0
            joint = table.copy()
            joint[row[alone], position[alone]] = False
            found.append(joint)
        return found


def splits(space: Space, columns: Codes, source: Indexes, target: Indexes) -> Mask:
    """Whether some part of each change, of two issues or more but not all, is feasible; (n,)."""
    weights = np.array(space.radix.weights, dtype=np.int64)
    steps = (columns[:, target] - columns[:, source]).T * weights
    size = (steps != 0).sum(axis=1)
    found = np.zeros(len(source), dtype=bool)
    for number in np.unique(size).tolist():
        open_ = np.flatnonzero(size == number)
        altered = steps[open_][steps[open_] != 0].reshape(len(open_), number)
        for part in _parts(number, AT_ONCE // (number * len(open_)) + 1):
            codes = altered[:, part].sum(axis=2) + space.codes[source[open_], None]
            some = (space.indexes(codes) >= 0).any(axis=1)
            found[open_[some]] = True
            open_, altered = open_[~some], altered[~some]
            if not len(open_):
                break
    return found


def _parts(number: int, most: int) -> Iterator[Indexes]:
    """The parts of so many issues, the small ones first, ``most`` at a time: (parts, issues)."""
    for size in range(2, number):
        parts = combinations(range(number), size)
        while some := list(islice(parts, most)):
            yield np.array(some)


def _pieces(rows: Indexes, ways: npt.NDArray[np.floating]) -> list[Indexes]:
    """Cut ``rows`` into pieces that have so many ``ways`` together, or are one row."""
    piece = np.cumsum(ways[rows]) // AT_ONCE
    return np.split(rows, np.flatnonzero(np.diff(piece)) + 1) if len(rows) else []
