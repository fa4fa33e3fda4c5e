"""Movers and their moves over the feasible states.

A mover changes in one move any of the issues that rights held by some part of it allow. States
that share everything a mover cannot change form its *fibre*. Where every change within its own
issues is open to it, its moves from a state lead to the whole rest of the fibre; where some are
one-way, or a target is provisional, they lead to part of it, by a transitive relation within each
issue. No array here grows with the square of the number of states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from foedus.case.model import Case, Issue, Right
from foedus.case.problems import CaseError, Problem
from foedus.space import Indexes, Mask, Space

Values = npt.NDArray[np.int64]
PAIR_CHUNK = 1 << 21
"""How many pairs of states are looked at together when pairs are enumerated."""

MOVER_LIMIT = 1 << 24
"""Movers times the alternatives and pairs of positions of all rights: a few seconds at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Mover:
    """A group of actors that some right, or the case's ``groups``, names as able to move.

    ``members`` are in the order of the case's actors. ``relations`` maps the index of each issue
    that it can change to a boolean array (positions, positions): what it may change to what.
    """

    members: tuple[str, ...]
    relations: dict[int, Mask]

    @property
    def key(self) -> str:
        """Its members joined by ``+``: how commands and JSON name it."""
        return "+".join(self.members)

    def opposes(self, other: Mover) -> bool:
        """Whether the two share no member."""
        return not set(self.members) & set(other.members)


def relation(issue: Issue, members: frozenset[str]) -> Mask:
    """What a group may change within an issue; shape (positions, positions), diagonal False.

    Never to a position in ``never_back_to``, nor into a provisional one.
    """
    size = len(issue.positions)
    number = {position.id: k for k, position in enumerate(issue.positions)}
    entries = issue.decided_by
    allowed = np.full((size, size), _held(entries.default, members))
    for target, right in entries.to.items():
        allowed[:, number[target]] = _held(right, members)
    for (origin, target), right in entries.changes.items():
        allowed[number[origin], number[target]] = _held(right, members)
    for target in (*issue.never_back_to, *issue.falls):
        allowed[:, number[target]] = False
    np.fill_diagonal(allowed, False)
    return allowed


def _held(right: Right, members: frozenset[str]) -> bool:
    return any(mover <= members for mover in right.movers)


def mover_of(case: Case, members: frozenset[str]) -> Mover:
    """Build the mover that these actors form, whatever parts of it hold the rights."""
    relations = {}
    for k, issue in enumerate(case.issues.values()):
        allowed = relation(issue, members)
        if allowed.any():
            relations[k] = allowed
    return Mover(tuple(actor for actor in case.actors if actor in members), relations)


def movers_of(case: Case) -> tuple[Mover, ...]:
    """Return all movers of a case, by size and then in the order of its actors.

    They are the smallest satisfying sets of every right, and the case's groups. Raises CaseError
    when there are so many that working out what each may do would take more than ``MOVER_LIMIT``.
    """
    named: set[frozenset[str]] = {frozenset(group) for group in case.groups}
    looks = 0
    for issue in case.issues.values():
        entries = issue.decided_by
        looks += len(issue.positions) ** 2
        for right in (entries.default, *entries.to.values(), *entries.changes.values()):
            named.update(right.movers)
            looks += len(right.movers)
    if len(named) * looks > MOVER_LIMIT:
        raise CaseError([_too_many(case, len(named))], case.file)
    order = {actor: k for k, actor in enumerate(case.actors)}
    in_order = sorted(named, key=lambda m: (len(m), sorted(order[a] for a in m)))
    return tuple(mover_of(case, members) for members in in_order)


def _too_many(case: Case, movers: int) -> Problem:
    return Problem(
        f"too many movers: {movers:,} groups of actors have some right, or act as one",
        case.place(("issues",)),
        expected="fewer groups, rights or positions",
    )


class Moves:
    """The moves of one mover over a space.

    Attributes: ``fibre`` (n,), the number of each state's fibre; ``clique``, whether every state of
    a fibre is one move from every other.
    """

    def __init__(self, space: Space, mover: Mover) -> None:
        self.space = space
        self.mover = mover
        base = space.codes.copy()
        for k in mover.relations:
            base -= space.reader.column(k).astype(np.int64) * space.radix.weights[k]
        _, self.fibre = np.unique(base, return_inverse=True)
        self.clique = all(
            (allowed | np.eye(len(allowed), dtype=bool)).all()
            for allowed in mover.relations.values()
        )

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

    def allows(self, origins: Indexes, targets: Indexes) -> Mask:
        """Whether the changes between states of one fibre are open to it; shape of ``origins``."""
        allowed = np.ones(len(origins), dtype=bool)
        for k, relation_ in self._directed():
            column = self.space.reader.column(k)
            allowed &= relation_[column[origins], column[targets]]
        return allowed

    def least(self, values: Values) -> Values:
        """Return the least value each state finds among itself and its moves; shape (n,)."""
        if self.clique:
            fibres = np.minimum.reduceat(values[self.order], self.starts)
            return np.asarray(fibres[self.fibre])
        return self._swept(values, forward=False)

    def most(self, values: Values) -> Values:
        """Return the greatest value each state finds among itself and its moves; shape (n,)."""
        return -self.least(-values)

    def reached(self, origins: Mask) -> Mask:
        """Return the states among ``origins`` or one move from one of them; shape (n,)."""
        if self.clique:
            touched = np.zeros(self.number_of_fibres, dtype=bool)
            touched[self.fibre[origins]] = True
            return np.asarray(touched[self.fibre])
        return np.asarray(self._swept(np.where(origins, 0, 1), forward=True) == 0)

    def targets(self, state: int) -> Indexes:
        """Return the states one move from ``state``, in order of number."""
        begin = self.starts[self.fibre[state]]
        following = self.fibre[state] + 1
        end = self.starts[following] if following < len(self.starts) else len(self.order)
        inside = self.order[begin:end]
        inside = inside[inside != state]
        return np.asarray(inside[self.allows(np.full(len(inside), state), inside)])

    def pairs(self, keep: Callable[[Indexes, Indexes], Mask]) -> Iterator[tuple[Indexes, Indexes]]:
        """Yield the moves as arrays (origins, targets), by fibre, of those that ``keep`` accepts.

        At most ``PAIR_CHUNK`` pairs are held at a time, or one state's, if these are more.
        """
        ends = np.append(self.starts[1:], len(self.order))
        fibres = self.fibre[self.order]
        begin, end = self.starts[fibres], ends[fibres]
        upto = np.cumsum(end - begin)
        first, offset = 0, 0
        while first < len(self.order):
            last = max(int(np.searchsorted(upto, offset + PAIR_CHUNK, side="right")), first + 1)
            sizes = (end - begin)[first:last]
            origins = np.repeat(self.order[first:last], sizes)
            within = np.arange(len(origins)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
            targets = self.order[np.repeat(begin[first:last], sizes) + within]
            kept = origins != targets
            origins, targets = origins[kept], targets[kept]
            kept = keep(origins, targets)
            origins, targets = origins[kept], targets[kept]
            kept = self.allows(origins, targets)
            yield origins[kept], targets[kept]
            offset, first = int(upto[last - 1]), last

    def _directed(self) -> list[tuple[int, Mask]]:
        """Return the issues within which not every change is open, with what is."""
        return [
            (k, allowed | np.eye(len(allowed), dtype=bool))
            for k, allowed in self.mover.relations.items()
            if not (allowed | np.eye(len(allowed), dtype=bool)).all()
        ]

    @cached_property
    def _lattice(self) -> tuple[tuple[int, ...], npt.NDArray[np.int64]]:
        """Return the shape (fibres, own positions...) and each state's cell in it."""
        sizes = [len(allowed) for allowed in self.mover.relations.values()]
        cell = self.fibre.astype(np.int64)
        for k, size in zip(self.mover.relations, sizes, strict=True):
            cell = cell * size + self.space.reader.column(k)
        return (self.number_of_fibres, *sizes), cell

    def _swept(self, values: Values, *, forward: bool) -> Values:
        """Minimum along each own axis in turn, over feasible and infeasible cells alike.

        A move may change several issues at once, and what lies between need not be feasible; so
        the infeasible cells hold the top value but pass on what they find.
        """
        shape, cell = self._lattice
        top = np.iinfo(np.int64).max
        cells = np.full(int(np.prod(shape)), top, dtype=np.int64)
        cells[cell] = values
        grid = cells.reshape(shape)
        for axis, allowed in enumerate(self.mover.relations.values(), start=1):
            links = allowed.T if forward else allowed
            grid = np.moveaxis(grid, axis, 0)
            swept = grid.copy()
            for a, b in np.argwhere(links):
                np.minimum(swept[a], grid[b], out=swept[a])
            grid = np.moveaxis(swept, 0, axis)
        return np.asarray(grid.reshape(-1)[cell])


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
