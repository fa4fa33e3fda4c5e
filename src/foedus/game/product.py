"""The moves of a mover whose rights are the same in every state: a product over the issues."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt

from foedus.game.movers import Mover
from foedus.game.moves import (
    PAIR_CHUNK,
    Moves,
    Small,
    Values,
    numbered,
    pieces,
    ranges,
    sorted_by,
)
from foedus.game.space import Indexes, Mask, Space

KEPT_LINKS = 1 << 24
"""Links between cells are kept up to this many; beyond, found again at each use."""

LATTICE = 8
"""A lattice of cells is filled in when it has at most so many places a state."""


class ProductMoves(Moves):
    """The moves of a mover within whose issues the same changes are open to it in every state.

    ``fibre`` (n,) is the number of each state's *fibre*: the states that share everything that the
    mover cannot change. Where every change within its own issues is open to it, its moves from a
    state lead to the whole rest of the fibre, which is the cell. Where some are one-way, or a
    target is provisional, they lead to part of it, by a transitive relation within each issue; the
    states of a fibre that agree on these issues are a cell.
    """

    def __init__(self, space: Space, mover: Mover) -> None:
        self.space = space
        self.mover = mover
        base = space.codes.copy()
        for k in mover.relations:
            base -= space.reader.column(k).astype(np.int64) * space.radix.weights[k]
        self.fibre = numbered(base)
        self._directed = _directed(mover)
        self.clique = not self._directed

    @property
    def cell(self) -> Small:
        """The number of each state's cell, rising with the fibre; shape (n,)."""
        return self.fibre if self.clique else self._cells[0]

    def allows(self, origins: Indexes, targets: Indexes) -> Mask:
        """Whether the changes between states of one fibre are open to it; shapes broadcast."""
        allowed = np.ones(np.broadcast_shapes(origins.shape, targets.shape), dtype=bool)
        for k, relation_ in self._directed:
            column = self.space.reader.column(k)
            allowed &= relation_[column[origins], column[targets]]
        return allowed

    def links(self) -> Iterator[tuple[Indexes, Indexes]]:
        """Yield which cells the moves from each cell lead to; see :class:`Moves`."""
        if self._kept_links is None:
            yield from self._found_links()
        else:
            yield from self._kept_links

    @property
    def among(self) -> Small:
        """The number of each state's fibre."""
        return self.fibre

    def inside(self, number: int) -> Indexes:
        """The states of a fibre, in order of number."""
        return self._order[slice(*self._bounds[number : number + 2])].astype(np.intp)

    @cached_property
    def _order(self) -> Small:
        """The states sorted by fibre, then number; shape (n,)."""
        return self.order_by_cell if self.clique else sorted_by(self.fibre)

    @cached_property
    def _bounds(self) -> Indexes:
        """Where each fibre begins in ``_order``, and where the last one ends."""
        return np.searchsorted(self.fibre[self._order], np.arange(int(self.fibre.max()) + 2))

    @cached_property
    def _cells(self) -> tuple[Small, tuple[npt.NDArray[np.int64], ...]]:
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
        return cell.astype(np.int32), tuple(keys)

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
        for piece in pieces(most):
            yield self._links_from(piece, states[piece])

    def _links_from(self, cells: Indexes, states: Small) -> tuple[Indexes, Indexes]:
        """The links of some cells, issue by issue, dropping what no state begins with."""
        row, place = np.arange(len(cells)), self.fibre[states].astype(np.int64)
        for (k, allowed), keys in zip(self._directed, self._cells[1], strict=True):
            position = self.space.reader.column(k)[states[row]]
            ways = allowed.sum(axis=1)[position]
            options = np.flatnonzero(allowed) % len(allowed)
            begin = np.concatenate([[0], np.cumsum(allowed.sum(axis=1))])[position]
            key = np.repeat(place, ways) * len(allowed) + options[ranges(begin, ways)]
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

    @cached_property
    def _lattice(self) -> tuple[tuple[int, ...], npt.NDArray[np.int64]] | None:
        """The shape (fibres, positions...) and each cell's place in it; None if it is too sparse.

        A move may change several issues at once, and what lies between need not be feasible; so
        the lattice has places for all, and those without states only pass on what they find.
        """
        shape = (int(self.fibre.max()) + 1, *(len(allowed) for _, allowed in self._directed))
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

    def _spread(self, cells: Values) -> Values:
        """The least value among the cells that each is linked to: a minimum along each axis."""
        if self._lattice is None:
            return super()._spread(cells)
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
