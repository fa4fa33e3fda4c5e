"""The moves of a mover whose rights depend on the state: steps listed, and what they lead to.

In one *step* a mover changes any of the issues that it has the right to change in the state it
leaves; what comes of it must be possible. A step may open the right to another or end it, so the
issues make no product. A *move* is one step or several, one after another: the transitive closure
of the steps, kept as cells and links between cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from foedus.case.problems import CaseError, Problem
from foedus.game.day_rights import DayRights
from foedus.game.movers import Mover
from foedus.game.moves import Moves, Small, pieces, ranges
from foedus.game.space import Indexes, Mask

if TYPE_CHECKING:
    from scipy.sparse import csr_array

LOOKED_AT = 1 << 27
"""So many steps of all movers, possible or not, may be looked at: ten to twenty seconds."""

KEPT_STEPS = 1 << 24
"""So many possible steps of a mover are held while its moves are worked out."""

KEPT_MOVES = 1 << 26
"""So many links between the cells of all movers are kept, at four bytes each."""

REACH_BYTES = 1 << 30
"""What the cells within reach of each other may take, at one bit for each pair."""


class TooManyMoves(CaseError):
    """Rights by state make for so many steps or moves that they are not listed."""


class ListedMoves(Moves):
    """The moves of a mover whose rights depend on the state, as the closure of its steps."""

    clique = False

    def __init__(self, rights: DayRights, mover: Mover) -> None:
        self.rights, self.mover = rights, mover
        self.space = rights.space
        self._members = frozenset(mover.members)

    @property
    def cell(self) -> Small:
        """The number of each state's cell; shape (n,)."""
        return self._closure[0]

    def links(self) -> Iterator[tuple[Indexes, Indexes]]:
        """Yield which cells the moves from each cell lead to; see :class:`Moves`."""
        _, heads, others = self._closure
        for some in pieces(np.diff(heads)):
            first, last = some[0], some[-1] + 1
            yield (
                np.repeat(some, np.diff(heads[first : last + 1])),
                others[heads[first] : heads[last]].astype(np.intp),
            )

    @property
    def among(self) -> Small:
        """The number of each state's cell."""
        return self.cell

    def inside(self, number: int) -> Indexes:
        """The states of a cell and of those that it leads to, in order of number."""
        cell, heads, others = self._closure
        inside = np.zeros(len(heads) - 1, dtype=bool)
        inside[others[heads[number] : heads[number + 1]]] = True
        return np.flatnonzero(inside[cell])

    def allows(self, origins: Indexes, targets: Indexes) -> Mask:
        """Each leads to all."""
        return np.ones(np.broadcast_shapes(origins.shape, targets.shape), dtype=bool)

    def way(self, origin: int, target: int) -> tuple[int, ...]:
        """The states that a move passes, both ends included, by the fewest steps."""
        before = np.full(len(self.space), -1, dtype=np.intp)
        before[origin] = origin
        latest = np.array([origin])
        while before[target] < 0:
            some, others = self._steps(latest)
            fresh = before[others] < 0
            if not fresh.any():
                raise ValueError(f"{self.mover.key} has no move from {origin} to {target}")
            before[others[fresh][::-1]] = some[fresh][::-1]
            latest = np.unique(others[fresh])
        passed = [target]
        while passed[-1] != origin:
            passed.append(int(before[passed[-1]]))
        return tuple(reversed(passed))

    def reached(self, origins: Mask) -> Mask:
        """Return the states among ``origins`` or one move from one of them; shape (n,).

        Where the moves are not listed yet, by steps from these alone. Raises TooManyMoves.
        """
        if "_closure" in self.__dict__:
            return super().reached(origins)
        if self.looks > LOOKED_AT:
            raise _too_many(self.rights, f"{self.mover.key} has {self.looks:,.0f} steps to look at")
        found = origins.copy()
        latest = np.flatnonzero(found)
        while len(latest):
            before = found.copy()
            for piece in pieces(self._ways[latest]):
                found[self._steps(latest[piece])[1]] = True
            latest = np.flatnonzero(found & ~before)
        return found

    @cached_property
    def looks(self) -> float:
        """How many steps, possible or not, there are to look at."""
        ways = np.ones(len(self.space))
        for k in self.mover.relations:
            everywhere = np.arange(len(self.space))
            ways *= 1 + self.rights.allowed(k, self._members, everywhere).sum(axis=1)
        return float(ways.sum())

    @property
    def size(self) -> int:
        """How many links between cells are kept."""
        return len(self._closure[2])

    def _steps(self, states: Indexes) -> tuple[Indexes, Indexes]:
        """The steps from some states, as (origins, targets), by origin as given."""
        space = self.space
        row, code = np.arange(len(states)), space.codes[states]
        for k in self.mover.relations:
            open_ = self.rights.allowed(k, self._members, states)
            standing = space.reader.column(k)[states].astype(np.int64)
            open_[np.arange(len(states)), standing] = True
            ways = open_.sum(axis=1)
            positions = np.nonzero(open_)[1][ranges((np.cumsum(ways) - ways)[row], ways[row])]
            code, row = np.repeat(code, ways[row]), np.repeat(row, ways[row])
            code += (positions - standing[row]) * space.radix.weights[k]
        target = space.indexes(code)
        there = (target >= 0) & (target != states[row])
        return states[row[there]], target[there]

    @cached_property
    def _ways(self) -> npt.NDArray[np.int64]:
        """So many steps at most, possible or not, there are to look at from each state; (n,)."""
        ways = np.ones(len(self.space))
        for k, allowed in self.mover.relations.items():
            ways *= 1 + allowed.sum(axis=1)[self.space.reader.column(k)]
        return np.minimum(ways, LOOKED_AT).astype(np.int64)

    def _all_steps(self) -> tuple[Indexes, Indexes]:
        """The steps from all states. Raises TooManyMoves past ``KEPT_STEPS``."""
        found, count = [], 0
        for states in pieces(self._ways):
            found.append(self._steps(states))
            count += len(found[-1][0])
            if count > KEPT_STEPS:
                raise _too_many(
                    self.rights, f"{self.mover.key} has more than {KEPT_STEPS:,} possible steps"
                )
        origins, targets = (np.concatenate(each) for each in zip(*found, strict=True))
        return origins, targets

    @cached_property
    def _closure(self) -> tuple[Small, Indexes, Small]:
        """Each state's cell; where the links of each cell begin; the cells that they lead to."""
        # SciPy's graphs take longer to import than most cases to check.
        from scipy.sparse import csr_array
        from scipy.sparse.csgraph import connected_components

        n = len(self.space)
        origins, targets = self._all_steps()
        steps = csr_array((np.ones(len(origins), dtype=bool), (origins, targets)), shape=(n, n))
        count, labels = connected_components(steps, connection="strong")
        cell: Small = labels.astype(np.int32)
        below = csr_array(
            (np.ones(len(origins), dtype=bool), (cell[origins], cell[targets])),
            shape=(count, count),
        )
        parts, part = connected_components(below, connection="weak")
        sizes = np.bincount(part, minlength=parts).astype(np.float64)
        if (sizes.max() ** 2) / 8 > REACH_BYTES:
            raise _too_many(
                self.rights,
                f"the steps of {self.mover.key} lead back and forth between up to "
                f"{int(sizes.max()):,} cells of states",
            )
        links: list[Small] = [np.zeros(0, dtype=np.int32)] * count
        for inside in np.split(np.argsort(part, kind="stable"), np.cumsum(sizes[:-1]).astype(int)):
            _reach(below, inside, links)
        heads = np.concatenate([[0], np.cumsum([len(each) for each in links])]).astype(np.intp)
        return cell, heads, np.concatenate(links)


def listed(moves: Sequence[Moves]) -> None:
    """List what is still to be listed of some movers' moves, unless that takes too much.

    Raises TooManyMoves; where there are too many steps to look at, before any work.
    """
    by_state = [each for each in moves if isinstance(each, ListedMoves)]
    looks = [each.looks for each in by_state]
    if sum(looks) > LOOKED_AT:
        most = by_state[int(np.argmax(looks))]
        raise _too_many(
            most.rights,
            f"{sum(looks):,.0f} steps are to be looked at, {max(looks):,.0f} of them of "
            f"{most.mover.key}, over the limit of {LOOKED_AT:,}",
        )
    kept = 0
    for each in by_state:
        kept += each.size
        if kept > KEPT_MOVES:
            raise _too_many(
                each.rights,
                f"the moves of {len(by_state):,} movers take more than {KEPT_MOVES:,} links",
            )


def _reach(below: csr_array, inside: Indexes, links: list[Small]) -> None:
    """Note what each cell of one part reaches, itself included.

    ``inside`` are the cells, ascending. Cells mostly come after what they lead to (in the order in
    which strong components are found), so that one pass finds all and a second one that it did.
    """
    if len(inside) == 1:
        links[inside[0]] = inside.astype(np.int32)
        return
    next_ = [
        np.searchsorted(inside, below.indices[below.indptr[c] : below.indptr[c + 1]])
        for c in inside
    ]
    reach = np.packbits(np.eye(len(inside), dtype=bool), axis=1)
    changed = True
    while changed:
        changed = False
        for place, others in enumerate(next_):
            if len(others):
                found = np.bitwise_or.reduce(reach[others], axis=0) | reach[place]
                changed |= bool((found != reach[place]).any())
                reach[place] = found
    for place, cell in enumerate(inside.tolist()):
        within = np.flatnonzero(np.unpackbits(reach[place], count=len(inside)))
        links[cell] = inside[within].astype(np.int32)


def _too_many(rights: DayRights, told: str) -> TooManyMoves:
    problem = Problem(
        f"too many moves under rights by state: {told}",
        rights.case.place(("issues",)),
        expected="fewer issues with such rights, or rules that leave fewer states",
    )
    return TooManyMoves([problem], rights.case.file)
