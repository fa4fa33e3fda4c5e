"""Movers: the groups of actors that some right names, and what each may change within an issue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foedus.case.model import AnyRight, Case, Issue, Right
from foedus.case.problems import CaseError, Problem
from foedus.game.space import Mask

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

    Never what `Issue.barred` bars.
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
    for origin in issue.final:
        allowed[number[origin]] = False
    np.fill_diagonal(allowed, False)
    return allowed


def _held(right: AnyRight, members: frozenset[str]) -> bool:
    return any(mover <= members for mover in plain(right).movers)


def plain(right: AnyRight) -> Right:
    """The right, where it depends on neither state nor day; `movers_of` has refused any other."""
    if isinstance(right, Right):
        return right
    raise NotImplementedError(f"a right by state or day: {right.text}")


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
    when there are so many that working out what each may do would take more than ``MOVER_LIMIT``,
    and for rights that depend on the state or the day.
    """
    conditional = [
        Problem(
            f"a right by state or day in issue {issue.id!r}: no analysis follows it yet",
            case.place(right.path),
        )
        for issue in case.issues.values()
        for right in issue.decided_by.entries
        if not isinstance(right, Right)
    ]
    if conditional:
        raise CaseError(conditional, case.file)
    named: set[frozenset[str]] = {frozenset(group) for group in case.groups}
    looks = 0
    for issue in case.issues.values():
        looks += len(issue.positions) ** 2
        for right in map(plain, issue.decided_by.entries):
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
