"""The moves of each mover over the feasible states.

A mover changes in one move any of the issues that rights held by some part of it allow. States
that share everything a mover cannot change form its *fibre*. Where every change within its own
issues is open to it, its moves from a state lead to the whole rest of the fibre; where some are
one-way, or a target is provisional, they lead to part of it, by a transitive relation within each
issue. No array here grows with the square of the number of states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from foedus.game.movers import Mover
from foedus.game.space import Indexes, Mask, Space

Values = npt.NDArray[np.int64]
PAIR_CHUNK = 1 << 21
"""How many pairs of states are looked at together when pairs are enumerated."""

KEPT_LINKS = 1 << 24
"""Links between cells are kept up to this many; beyond, found again at each use."""

LATTICE = 8
"""A lattice of cells is filled in when it has at most so many places a state."""


class Moves:
    """The moves of one mover over a space.

    Attributes: ``fibre`` (n,), the number of each state's fibre; ``clique``, whether every state of
    a fibre is one move from every other.

    Within a fibre, states that agree on the issues in which not every change is open form a *cell*:
    they are one move from each other, and what one of them can move to, all can. Moves are links
    between cells; for a clique the cells are the fibres.
    """

    def __init__(self, space: Space, mover: Mover) -> None:
        self.space = space
        self.mover = mover
        base = space.codes.copy()
        for k in mover.relations:
            base -= space.reader.column(k).astype(np.int64) * space.radix.weights[k]
        _, self.fibre = np.unique(base, return_inverse=True)
        self._directed = _directed(mover)
        self.clique = not self._directed

    @property
    def number_of_fibres(self) -> int:
        """How many fibres there are."""
        return int(self.fibre.max()) + 1

    @cached_property
    def order(self) -> Indexes:
        """The states sorted by fibre, then number; shape (n,)."""
        return np.argsort(self.fibre, kind="stable")

    @cached_property
    def starts(self) -> Indexes:
        """Where each fibre begins in ``order``; shape (fibres,)."""
        return np.searchsorted(self.fibre[self.order], np.arange(self.number_of_fibres))

    @property
    def cell(self) -> Indexes:
        """The number of each state's cell, rising with the fibre; shape (n,)."""
        return self.fibre if self.clique else self._cells[0]

    @property
    def number_of_cells(self) -> int:
        """How many cells there are."""
        return int(self.cell.max()) + 1

    @cached_property
    def order_by_cell(self) -> Indexes:
        """The states sorted by cell, then number; shape (n,)."""
        return self.order if self.clique else np.argsort(self.cell, kind="stable")

    @cached_property
    def cell_starts(self) -> Indexes:
        """Where each cell begins in ``order_by_cell``; shape (cells,)."""
        if self.clique:
            return self.starts
        return np.searchsorted(self.cell[self.order_by_cell], np.arange(self.number_of_cells))

    @cached_property
    def cell_sizes(self) -> Indexes:
        """How many states each cell holds; shape (cells,)."""
        return np.diff(self.cell_starts, append=len(self.cell))

    def allows(self, origins: Indexes, targets: Indexes) -> Mask:
        """Whether the changes between states of one fibre are open to it; shape of ``origins``."""
        allowed = np.ones(len(origins), dtype=bool)
        for k, relation_ in self._directed:
            column = self.space.reader.column(k)
            allowed &= relation_[column[origins], column[targets]]
        return allowed

    def links(self) -> Iterator[tuple[Indexes, Indexes]]:
        """Yield which cells the moves from each cell lead to: arrays (cells, cells), in order.

        Each cell is linked to itself, also when it holds one state. All links of one cell come
        in one piece; a piece holds about ``PAIR_CHUNK``.
        """
        if self._kept_links is None:
            yield from self._found_links()
        else:
            yield from self._kept_links

    def least(self, values: Values) -> Values:
        """Return the least value each state finds among itself and its moves; shape (n,)."""
        cells = np.minimum.reduceat(values[self.order_by_cell], self.cell_starts)
        if not self.clique:
            cells = self._swept(cells) if self._lattice is not None else self._linked(cells)
        return np.asarray(cells[self.cell])

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

    def targets(self, state: int) -> Indexes:
        """Return the states one move from ``state``, in order of number."""
        begin = self.starts[self.fibre[state]]
        following = self.fibre[state] + 1
        end = self.starts[following] if following < len(self.starts) else len(self.order)
        inside = self.order[begin:end]
        inside = inside[inside != state]
        return np.asarray(inside[self.allows(np.full(len(inside), state), inside)])

    def pairs(self, keep: Callable[[Indexes, Indexes], Mask]) -> Iterator[tuple[Indexes, Indexes]]:
        """Yield the moves as arrays (origins, targets), by cell, of those that ``keep`` accepts.

        About ``PAIR_CHUNK`` pairs are held at a time, or those to one cell, if these are more. The
        moves of one state follow each other, perhaps over several pieces.
        """
        sizes = self.cell_sizes
        for states, cells in self.reaches():
            for piece in _pieces(sizes[cells]):
                origins = np.repeat(states[piece], sizes[cells[piece]])
                places = _ranges(self.cell_starts[cells[piece]], sizes[cells[piece]])
                targets = self.order_by_cell[places]
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
            states = self.order_by_cell[_ranges(self.cell_starts[cells], sizes)]
            begin, count = np.repeat(heads, sizes), np.repeat(links, sizes)
            for piece in _pieces(count):
                rows = _ranges(begin[piece], count[piece])
                yield np.repeat(states[piece], count[piece]), others[rows]

    @cached_property
    def number_of_pairs(self) -> int:
        """How many moves there are, staying included."""
        sizes = self.cell_sizes.astype(np.float64)
        return int(sum((sizes[some] * sizes[others]).sum() for some, others in self.links()))

    @cached_property
    def _cells(self) -> tuple[Indexes, tuple[npt.NDArray[np.int64], ...]]:
        """Each state's cell; and, issue by issue, the keys under which cells are found.

        A key is the number of what the issues before make of a state, times the positions of this
        issue, plus the position; its place in the sorted keys is the number with this issue.
        """
        cell = self.fibre.astype(np.int64)
        keys = []
        for k, allowed in self._directed:
            found, cell = np.unique(
                cell * len(allowed) + self.space.reader.column(k), return_inverse=True
            )
            keys.append(found)
        return cell.astype(np.intp), tuple(keys)

    def _found_links(self) -> Iterator[tuple[Indexes, Indexes]]:
        if self.clique:
            cells = np.arange(self.number_of_cells)
            yield cells, cells
            return
        states = self.order_by_cell[self.cell_starts]  # one of each cell stands for it
        most = np.ones(len(states), dtype=np.int64)
        for k, allowed in self._directed:
            ways = allowed.sum(axis=1)[self.space.reader.column(k)[states]]
            most = np.minimum(most * ways, PAIR_CHUNK)
        for piece in _pieces(most):
            yield self._links_from(piece, states[piece])

    def _links_from(self, cells: Indexes, states: Indexes) -> tuple[Indexes, Indexes]:
        """The links of some cells, issue by issue, dropping what no state begins with."""
        row, place = np.arange(len(cells)), self.fibre[states].astype(np.int64)
        for (k, allowed), keys in zip(self._directed, self._cells[1], strict=True):
            position = self.space.reader.column(k)[states[row]]
            ways = allowed.sum(axis=1)[position]
            options = np.flatnonzero(allowed) % len(allowed)
            begin = np.concatenate([[0], np.cumsum(allowed.sum(axis=1))])[position]
            key = np.repeat(place, ways) * len(allowed) + options[_ranges(begin, ways)]
            row = np.repeat(row, ways)
            place = np.searchsorted(keys, key)
            place[place == len(keys)] = 0
            there = keys[place] == key
            row, place = row[there], place[there]
        return cells[row], place

    @cached_property
    def _kept_links(self) -> list[tuple[Indexes, Indexes]] | None:
        kept: list[tuple[Indexes, Indexes]] = []
        count = 0
        for piece in self._found_links():
            count += len(piece[0])
            if count > KEPT_LINKS:
                return None
            kept.append(piece)
        return kept

    def _linked(self, cells: Values) -> Values:
        """The least value among the cells that each is linked to."""
        found = cells.copy()
        for some, others in self.links():
            heads = np.flatnonzero(np.diff(some, prepend=-1))
            found[some[heads]] = np.minimum.reduceat(cells[others], heads)
        return found

    @cached_property
    def _lattice(self) -> tuple[tuple[int, ...], npt.NDArray[np.int64]] | None:
        """The shape (fibres, positions...) and each cell's place in it; None if it is too sparse.

        A move may change several issues at once, and what lies between need not be feasible; so
        the lattice has places for all, and those without states only pass on what they find.
        """
        shape = (self.number_of_fibres, *(len(allowed) for _, allowed in self._directed))
        size = 1
        for length in shape:
            size *= length
        if size > LATTICE * len(self.cell):
            return None
        states = self.order_by_cell[self.cell_starts]
        place = self.fibre[states].astype(np.int64)
        for k, allowed in self._directed:
            place = place * len(allowed) + self.space.reader.column(k)[states]
        return shape, place

    def _swept(self, cells: Values) -> Values:
        """The least value among the cells that each is linked to: a minimum along each axis."""
        assert self._lattice is not None  # noqa: S101 (the caller has looked)
        shape, place = self._lattice
        grid = np.full(shape, np.iinfo(np.int64).max, dtype=np.int64)
        grid.reshape(-1)[place] = cells
        for axis, (_, allowed) in enumerate(self._directed, start=1):
            grid = np.moveaxis(grid, axis, 0)
            swept = grid.copy()
            for a, b in np.argwhere(allowed):
                if a != b:
                    np.minimum(swept[a], grid[b], out=swept[a])
            grid = np.moveaxis(swept, 0, axis)
        return np.asarray(grid.reshape(-1)[place])


def _directed(mover: Mover) -> tuple[tuple[int, Mask], ...]:
    """The issues within which not every change is open, with what is, staying included."""
    closed = (
        (k, allowed | np.eye(len(allowed), dtype=bool)) for k, allowed in mover.relations.items()
    )
    return tuple((k, allowed) for k, allowed in closed if not allowed.all())


def _ranges(starts: Indexes, sizes: Indexes) -> Indexes:
    """The numbers of several ranges, one after another."""
    before = np.cumsum(sizes) - sizes
    return np.asarray(np.arange(int(sizes.sum())) + np.repeat(starts - before, sizes))


def _pieces(weights: npt.NDArray[np.int64]) -> Iterator[Indexes]:
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
