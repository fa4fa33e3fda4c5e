"""States that some conditions leave, kept as a diagram: layers of partial states, one an issue.

A path from the one node at the top to the bottom is a state. Partial states from which the same can
follow share a node, so a diagram may be small where the states are too many to list: it is a
decision diagram [Bryant1986] with as many branches as an issue has positions. From the counts of
paths below each node come the number of states, a list of them, and draws uniformly at random.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from foedus.game.space.codes import CHUNK, Codes, Indexes

Column = npt.NDArray[np.unsignedinteger]

_MOST_IN_INT64 = (1 << 63) - 1


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """How partial states go on by one issue.

    ``starts`` (n + 1,): the edges of node k are ``starts[k]`` to ``starts[k + 1]``. ``position``
    (e,) is the position number that an edge adds, ``to`` (e,) the node of the next layer that it
    leads to; None where each edge leads to a node of its own, in their order. Those of the last
    layer all lead to the one node at the bottom.
    """

    issue: str
    size: int
    starts: npt.NDArray[np.int32]
    position: Column
    to: npt.NDArray[np.int32] | None

    def target(self, edges: Indexes) -> Indexes:
        """The nodes that edges lead to; shape of ``edges``."""
        return edges if self.to is None else self.to[edges].astype(np.intp)


@dataclass(frozen=True, eq=False)
class Diagram:
    """The states of some issues; every path down to the last layer is one of them."""

    layers: tuple[Layer, ...]

    @property
    def issues(self) -> tuple[str, ...]:
        """The issues, in the order in which the layers set them."""
        return tuple(layer.issue for layer in self.layers)

    @property
    def count(self) -> int:
        """How many states there are, however many: exact."""
        return int(self.counts[0][0])

    @cached_property
    def counts(self) -> tuple[npt.NDArray[Any], ...]:
        """How many states follow from each node, layer by layer; last, 1 for the bottom.

        As int64 where they fit, otherwise as objects, Python's whole numbers.
        """
        counts: list[npt.NDArray[Any]] = [np.ones(1, dtype=np.int64)]
        for layer in reversed(self.layers):
            below = counts[-1]
            if below.dtype != object and int(below.max(initial=0)) > _MOST_IN_INT64 // layer.size:
                below = below.astype(object)
            if layer.to is not None:
                below = below[layer.to]
            # The running sum may wrap round; differences that fit are right all the same.
            total = np.zeros(len(below) + 1, dtype=below.dtype)
            with np.errstate(over="ignore"):
                np.cumsum(below, out=total[1:])
                counts.append(total[layer.starts[1:]] - total[layer.starts[:-1]])
        return tuple(reversed(counts))

    def codes(self, weights: Mapping[str, int]) -> Codes:
        """The states as sums of position numbers times the issues' weights, in no order.

        Shape (count,). Blocks of partial states are taken to the bottom one after another, so that
        little is held beside the answer.
        """
        found: Codes = np.empty(self.count, dtype=np.int64)
        if not self.count:
            return found
        filled = 0
        waiting = [(0, np.zeros(1, dtype=np.intp), np.zeros(1, dtype=np.int64))]
        while waiting:
            depth, nodes, codes = waiting.pop()
            if depth == len(self.layers):
                found[filled : filled + len(codes)] = codes
                filled += len(codes)
                continue
            layer = self.layers[depth]
            for start in range(0, len(nodes), CHUNK):
                part = slice(start, start + CHUNK)
                first, last = layer.starts[nodes[part]], layer.starts[nodes[part] + 1]
                degrees = (last - first).astype(np.intp)
                origin = np.repeat(np.arange(len(degrees)), degrees)
                edges = (
                    first[origin] + np.arange(len(origin)) - (degrees.cumsum() - degrees)[origin]
                )
                targets = layer.target(edges)
                alive = self.counts[depth + 1][targets] > 0
                if not alive.all():
                    origin, edges, targets = origin[alive], edges[alive], targets[alive]
                added = layer.position[edges] * np.int64(weights[layer.issue])
                waiting.append((depth + 1, targets, codes[part][origin] + added))
        return found

    def draw(self, random: np.random.Generator, draws: int) -> dict[str, Column]:
        """So many states, each drawn uniformly and independently: a column of positions an issue.

        Columns have shape (draws,). Raises ValueError where there is no state.
        """
        if not self.count:
            raise ValueError("there is no state to draw")
        left = whole_numbers(random, self.count, draws)
        nodes = np.zeros(draws, dtype=np.intp)
        columns = {}
        for depth, layer in enumerate(self.layers):
            below = self.counts[depth + 1]
            if (
                left.dtype == object
                and below.dtype != object
                and int(left.max(initial=0)) < 1 << 63
            ):
                left = left.astype(np.int64)
            edges = layer.starts[nodes].astype(np.intp)
            waiting = np.arange(draws)
            while len(waiting):
                skipped = below[layer.target(edges[waiting])]
                beyond = left[waiting] >= skipped
                waiting = waiting[beyond]
                left[waiting] -= skipped[beyond]
                edges[waiting] += 1
            columns[layer.issue] = layer.position[edges]
            nodes = layer.target(edges)
        return columns


_NO_EDGE = np.zeros(0, dtype=np.uint8)
NOTHING = Diagram((Layer("", 1, np.zeros(2, np.int32), _NO_EDGE, np.zeros(0, np.int32)),))
"""The diagram without a state."""


def whole_numbers(random: np.random.Generator, below: int, draws: int) -> npt.NDArray[Any]:
    """Whole numbers from 0 to under ``below``, which may be of any size, uniformly; (draws,).

    Those over 63 bits are made of random bits, and drawn again where they are not under ``below``.
    """
    if below <= _MOST_IN_INT64:
        return random.integers(below, size=draws)
    bits = (below - 1).bit_length()
    numbers = np.empty(draws, dtype=object)
    for k in range(draws):
        while True:
            number = int.from_bytes(random.bytes((bits + 7) // 8)) >> -bits % 8
            if number < below:
                break
        numbers[k] = number
    return numbers


def grouped(columns: Sequence[tuple[npt.NDArray[Any], int]], rows: int) -> tuple[Indexes, Indexes]:
    """Which rows are the same in every column: a row of each group, and each row's group.

    ``columns``: arrays of shape (rows,) with whole numbers from 0 to under the size given beside.
    Returns shapes (groups,) and (rows,).
    """
    key, span = np.zeros(rows, dtype=np.int64), 1
    for column, size in columns:
        if (column == column[:1]).all():
            continue
        if span * size > _MOST_IN_INT64:
            values, key = np.unique(key, return_inverse=True)
            span = len(values)
        key = key * size + column
        span *= size
    if span <= 4 * rows:
        # A table of all keys that there may be: no sorting.
        first = np.full(span, -1, dtype=np.intp)
        first[key[::-1]] = np.arange(rows - 1, -1, -1)
        there = first >= 0
        return first[there], (np.cumsum(there) - 1)[key]
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    return first, group
