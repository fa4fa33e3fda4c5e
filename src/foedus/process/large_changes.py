"""Changes of many issues of which no proper part is feasible: those that cannot go by parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, islice
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from foedus.game.moves import ranges
from foedus.game.space import Codes, Indexes, Mask, Space

AT_ONCE = 1 << 20
"""So many pairs of states, or parts of changes, are looked at together."""


def unsplit(
    space: Space, columns: Codes, states: Indexes, jointly: Sequence[Mask], reach: int
) -> Iterator[tuple[Indexes, Indexes]]:
    """Changes of more than ``reach`` issues, none of which may go alone: (rows, target), by pieces.

    ``columns`` (issues, all states) are the positions; rows count ``states``. ``jointly`` (states,
    positions) are by issue the positions that it may go to with others only.
    """
    ways = np.prod([1.0 + table.sum(axis=1) for table in jointly], axis=0)
    joint = np.sum([table.any(axis=1) for table in jointly], axis=0) > reach
    levels = _levels(space)
    for rows in _pieces(np.flatnonzero(joint), np.minimum(ways, len(space))):
        row, target = _led_to(levels, columns[:, states[rows]], [t[rows] for t in jointly])
        differ = (columns[:, states[rows[row]]] != columns[:, target]).sum(axis=0)
        yield rows[row[differ > reach]], target[differ > reach]


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


class _Level(NamedTuple):
    """One issue of a tree of states, in which those that agree on all later issues share a node.

    Node n has the children ``first[n]:first[n + 1]``, which stand at ``position``.
    """

    first: Indexes
    position: Codes


def _levels(space: Space) -> list[_Level]:
    """The levels of the tree, the last issue first; the children in the last level are states."""
    radix = space.radix
    levels, above = [], np.zeros(1, dtype=np.int64)
    for issue, weight in zip(reversed(radix.issues), reversed(radix.weights), strict=True):
        nodes = space.codes // weight
        nodes = nodes[np.diff(nodes, prepend=-1) > 0]
        parent, position = np.divmod(nodes, len(issue.positions))
        levels.append(_Level(np.searchsorted(parent, np.append(above, above[-1] + 1)), position))
        above = nodes
    return levels


def _led_to(
    levels: Sequence[_Level], here: Codes, jointly: Sequence[Mask]
) -> tuple[Indexes, Indexes]:
    """The states that each issue staying, or going where ``jointly`` lets it, leads to.

    (rows, states), from where the issues are ``here`` (issues, rows).
    """
    row = np.arange(here.shape[1])
    node = np.zeros(len(row), dtype=np.intp)
    for level, position, table in zip(levels, reversed(here), reversed(jointly), strict=True):
        open_ = table.copy()
        open_[np.arange(len(open_)), position] = True
        children = level.first[node + 1] - level.first[node]
        child = ranges(level.first[node], children)
        row = np.repeat(row, children)
        kept = open_[row, level.position[child]]
        row, node = row[kept], child[kept]
    return row, node
