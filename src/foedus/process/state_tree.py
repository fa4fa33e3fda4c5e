"""Where changes lead, found over the tree of states, whoever may make them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from foedus.game.moves import ranges
from foedus.game.space import Codes, Indexes, Mask, Space

AT_ONCE = 1 << 18
"""So many pairs of states, or parts of changes, are looked at together."""

TRIED = 3
"""Parts of a change of up to so many issues are tried one by one."""

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

    def split(self, source: Indexes, target: Indexes) -> Mask:
        """Whether some part of each change, of two issues or more but not all, is feasible; (n,).

        Of a tree of all states. Small parts are tried one by one; for the rest, all states are
        found between the two, at each issue where either stands.
        """
        weights = np.array(self._space.radix.weights, dtype=np.int64)
        steps = (self._columns[:, target] - self._columns[:, source]).T * weights
        size = (steps != 0).sum(axis=1)
        found = np.zeros(len(source), dtype=bool)
        for number in np.unique(size).tolist():
            open_ = np.flatnonzero(size == number)
            altered = steps[open_][steps[open_] != 0].reshape(len(open_), number)
            for few in range(2, min(number, TRIED + 1)):
                part = np.array(list(combinations(range(number), few)))
                for rows in _pieces(np.arange(len(open_)), np.full(len(open_), float(part.size))):
                    codes = altered[rows][:, part].sum(axis=2)
                    codes += self._space.codes[source[open_[rows]], None]
                    found[open_[rows]] |= (self._space.indexes(codes) >= 0).any(axis=1)
                altered, open_ = altered[~found[open_]], open_[~found[open_]]
        left = np.flatnonzero(~found & (size > TRIED + 1))
        for rows in _pieces(left, np.minimum(2.0**size, len(self._targets))):
            here, there = self._columns[:, source[rows]], self._columns[:, target[rows]]
            towards = [
                (np.arange(len(issue.positions)) == to[:, None]) & (at != to)[:, None]
                for issue, at, to in zip(self._space.radix.issues, here, there, strict=True)
            ]
            row, _ = self._led_to(source[rows], towards, len(towards))
            found[rows] = np.bincount(row, minlength=len(rows)) > 2  # the two themselves are
        return found

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


def _pieces(rows: Indexes, ways: npt.NDArray[np.floating]) -> list[Indexes]:
    """Cut ``rows`` into pieces that have so many ``ways`` together, or are one row."""
    piece = np.cumsum(ways[rows]) // AT_ONCE
    return np.split(rows, np.flatnonzero(np.diff(piece)) + 1) if len(rows) else []
