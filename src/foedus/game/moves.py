"""The moves of each mover over the feasible states, however they are found.

A mover changes in one move any of the issues that rights held by some part of it allow. Its moves
are a transitive relation over the states, told by cells and links between cells; what every such
relation answers stands here. No array grows with the square of the number of states.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from foedus.game.movers import Mover
from foedus.game.space import Indexes, Mask, Space

Values = npt.NDArray[np.int64]
Small = npt.NDArray[np.int32]
"""Numbers of states or cells as they are kept: four bytes each."""

PAIR_CHUNK = 1 << 21
"""How many pairs of states are looked at together when pairs are enumerated."""
TABLED = 4
"""Values are numbered by a table that has at most so many places for each."""


class Moves(ABC):
    """The moves of one mover over a space of n states.

    States each of which is one move from every other form a *cell*; what one of them can move to,
    all can. Moves are links between cells. ``clique``: each cell is linked to itself alone.
    """

    space: Space
    mover: Mover
    clique: bool

    @property
    @abstractmethod
    def cell(self) -> Small:
        """The number of each state's cell; shape (n,)."""

    @abstractmethod
    def links(self) -> Iterator[tuple[Indexes, Indexes]]:
        """Yield which cells the moves from each cell lead to: arrays (cells, cells), in order.

        Each cell is linked to itself, also when it holds one state. All links of one cell come
        in one piece; a piece holds about ``PAIR_CHUNK``.
        """

    def targets(self, state: int) -> Indexes:
        """Return the states one move from ``state``, in order of number."""
        _, targets, open_ = next(self.targets_from(np.array([state])))
        return np.asarray(targets[open_[0]])

    def targets_from(self, states: Indexes) -> Iterator[tuple[Indexes, Indexes, Mask]]:
        """Yield the moves from some states, those that lead among the same targets together.

        Arrays: places in ``states`` (k,), targets (t,) in order of number, and which of them each
        can move to (k, t); each about ``PAIR_CHUNK`` pairs at most.
        """
        among = self.among[states]
        order = np.argsort(among, kind="stable")
        heads = np.flatnonzero(np.diff(among[order], prepend=-1))
        for places in np.split(order, heads[1:]) if len(order) else []:
            targets = self.inside(int(among[places[0]]))
            size = max(1, PAIR_CHUNK // len(targets))
            for first in range(0, len(places), size):
                some = places[first : first + size]
                open_ = targets != states[some, None]
                yield some, targets, open_ & self.allows(states[some, None], targets[None])

    @property
    @abstractmethod
    def among(self) -> Small:
        """A number for each state, the same for states whose moves lead among the same; (n,)."""

    @abstractmethod
    def inside(self, number: int) -> Indexes:
        """The states that moves from states of this number of ``among`` lead to, or may; by number.

        They may be among these themselves.
        """

    @abstractmethod
    def allows(self, origins: Indexes, targets: Indexes) -> Mask:
        """Whether states lead to others that they may lead to or are; shapes broadcast."""

    def way(self, origin: int, target: int) -> tuple[int, ...]:
        """The states that a move passes, both ends included: none between where rights are plain.

        Raises ValueError where rights by state give it no such move.
        """
        return origin, target

    @property
    def number_of_cells(self) -> int:
        """How many cells there are."""
        return int(self.cell.max()) + 1

    @cached_property
    def order_by_cell(self) -> Small:
        """The states sorted by cell, then number; shape (n,)."""
        return sorted_by(self.cell)

    @cached_property
    def cell_starts(self) -> Indexes:
        """Where each cell begins in ``order_by_cell``; shape (cells,)."""
        return np.cumsum(self.cell_sizes) - self.cell_sizes

    @cached_property
    def cell_sizes(self) -> Indexes:
        """How many states each cell holds; shape (cells,)."""
        return np.bincount(self.cell)

    def least(self, values: Values) -> Values:
        """Return the least value each state finds among itself and its moves; shape (n,)."""
        cells = np.minimum.reduceat(values[self.order_by_cell], self.cell_starts)
        return np.asarray((cells if self.clique else self._spread(cells))[self.cell])

    def most(self, values: Values) -> Values:
        """Return the greatest value each state finds among itself and its moves; shape (n,)."""
        return -self.least(-values)

    def reached(self, origins: Mask) -> Mask:
        """Return the states among ``origins`` or one move from one of them; shape (n,)."""
        touched = np.zeros(self.number_of_cells, dtype=bool)
        touched[self.cell[origins]] = True
        if not self.clique:
            before = touched.copy()
            for some, others in self.links():
                touched[others[before[some]]] = True
        return np.asarray(touched[self.cell])

    def pairs(self, keep: Callable[[Indexes, Indexes], Mask]) -> Iterator[tuple[Indexes, Indexes]]:
        """Yield the moves as arrays (origins, targets), by cell, of those that ``keep`` accepts.

        About ``PAIR_CHUNK`` pairs are held at a time, or those to one cell, if these are more. The
        moves of one state follow each other, perhaps over several pieces.
        """
        sizes = self.cell_sizes
        for states, cells in self.reaches():
            for piece in pieces(sizes[cells]):
                origins = np.repeat(states[piece], sizes[cells[piece]])
                places = ranges(self.cell_starts[cells[piece]], sizes[cells[piece]])
                targets = self.order_by_cell[places].astype(np.intp)
                kept = (origins != targets) & keep(origins, targets)
                yield origins[kept], targets[kept]

    def reaches(self) -> Iterator[tuple[Indexes, Indexes]]:
        """Yield each state with each cell that its moves lead to, as arrays (states, cells).

        The cells of one state stand together, in one piece; a piece holds about ``PAIR_CHUNK``.
        """
        for some, others in self.links():
            heads = np.flatnonzero(np.diff(some, prepend=-1))
            cells, links = some[heads], np.diff(heads, append=len(some))
            sizes = self.cell_sizes[cells]
            states = self.order_by_cell[ranges(self.cell_starts[cells], sizes)]
            begin, count = np.repeat(heads, sizes), np.repeat(links, sizes)
            for piece in pieces(count):
                rows = ranges(begin[piece], count[piece])
                yield np.repeat(states[piece], count[piece]).astype(np.intp), others[rows]

    @cached_property
    def number_of_pairs(self) -> int:
        """How many moves there are, staying included."""
        sizes = self.cell_sizes.astype(np.float64)
        return int(sum((sizes[some] * sizes[others]).sum() for some, others in self.links()))

    def _spread(self, cells: Values) -> Values:
        """The least value among the cells that each is linked to."""
        found = cells.copy()
        for some, others in self.links():
            heads = np.flatnonzero(np.diff(some, prepend=-1))
            found[some[heads]] = np.minimum.reduceat(cells[others], heads)
        return found


def sorted_by(numbers: Small | Values) -> Small:
    """The places of some numbers from the least to the greatest, ties in order; shape kept."""
    return np.argsort(numbers, kind="stable").astype(np.int32)


SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""An odd number without pattern: multiplied by it, numbers fill all 64 bits."""


def mixed(bits: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Each number spread over all 64 bits, different ones differently."""
    bits = (bits ^ (bits >> np.uint64(31))) * SPREAD
    return np.asarray(bits ^ (bits >> np.uint64(29)))


def numbered(values: Values) -> Small:
    """The place of each value, from 0, among the different values in order; shape kept.

    Values are not negative; where they are dense, by a table, else by sorting.
    """
    most = int(values.max(initial=0))
    if most > TABLED * len(values):
        return np.unique(values, return_inverse=True)[1].astype(np.int32)
    there = np.zeros(most + 1, dtype=np.int32)
    there[values] = 1
    np.cumsum(there, out=there)
    there -= 1
    return np.asarray(there[values])


def ranges(starts: Indexes, sizes: Indexes) -> Indexes:
    """The numbers of several ranges, one after another."""
    before = np.cumsum(sizes) - sizes
    return np.asarray(np.arange(int(sizes.sum())) + np.repeat(starts - before, sizes))


def pieces(weights: npt.NDArray[np.int64]) -> Iterator[Indexes]:
    """Cut ``range(len(weights))`` into pieces of about ``PAIR_CHUNK`` in weight."""
    upto = np.cumsum(weights)
    first = 0
    while first < len(weights):
        base = int(upto[first] - weights[first])
        last = max(int(np.searchsorted(upto, base + PAIR_CHUNK, side="right")), first + 1)
        yield np.arange(first, last)
        first = last


def reachable(moves: Sequence[Moves], start: int) -> Mask:
    """Return the states that moves of these movers, one after another, reach from ``start``; (n,).

    ``start`` itself is among them.
    """
    size = len(moves[0].space) if moves else start + 1
    found = np.zeros(size, dtype=bool)
    found[start] = True
    while True:
        before = int(found.sum())
        for mover in moves:
            found = mover.reached(found)
        if int(found.sum()) == before:
            return found
