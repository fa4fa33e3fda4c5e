"""Movers: the groups of actors that some right names, and what each may change within an issue."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foedus.case.model import Case
from foedus.case.problems import CaseError, Problem
from foedus.game.day_rights import DayRights
from foedus.game.space import Mask

MOVER_LIMIT = 1 << 24
"""Movers times the alternatives and pairs of positions of all rights: a few seconds at most."""


@dataclass(frozen=True, slots=True, eq=False)
class Mover:
    """A group of actors that some right, or the case's ``groups``, names as able to move.

    ``members`` are in the order of the case's actors. ``relations`` maps the index of each issue
    that it can change to a boolean array (positions, positions): what it may change to what, in
    some state at least. ``listed``: that is not the same in all states, or two changes of one issue
    may follow each other that are none together, so that its moves are to be listed.
    """

    members: tuple[str, ...]
    relations: dict[int, Mask]
    listed: bool = False

    @property
    def key(self) -> str:
        """Its members joined by ``+``: how commands and JSON name it."""
        return "+".join(self.members)

    def opposes(self, other: Mover) -> bool:
        """Whether the two share no member."""
        return not set(self.members) & set(other.members)


def mover_of(rights: DayRights, members: frozenset[str]) -> Mover:
    """Build the mover that these actors form, whatever parts of it hold the rights."""
    relations = {}
    listed = False
    for k in range(len(rights.issues)):
        within = rights.within(k, members)
        if within.somewhere.any():
            relations[k] = within.somewhere
            listed |= not within.alike
            listed |= rights.by_state(k) and missing_change(within.somewhere) is not None
    return Mover(tuple(a for a in rights.case.actors if a in members), relations, listed)


def movers_of(rights: DayRights) -> tuple[Mover, ...]:
    """Return all movers of a case on a day, by size and then in the order of its actors.

    They are the smallest satisfying sets of every right that counts in some state, and the case's
    groups. Raises CaseError when there are so many that working out what each may do would take
    more than ``MOVER_LIMIT``.
    """
    case = rights.case
    named: set[frozenset[str]] = {frozenset(group) for group in case.groups}
    looked_up: set[int] = set()
    largest = (0, "")
    looks = 0
    for issue in rights.issues:
        looks += len(issue.positions) ** 2
        for right in issue.decided_by.entries:
            for each in rights.somewhere(right):
                named.update(each.movers)
                if id(each.movers) not in looked_up:  # equal rights are looked up once
                    looked_up.add(id(each.movers))
                    looks += len(each.movers)
                    largest = max(largest, (len(each.movers), issue.id))
    if len(named) * looks > MOVER_LIMIT:
        raise CaseError([_too_many(case, len(named), looks, largest)], case.file)
    order = {actor: k for k, actor in enumerate(case.actors)}
    in_order = sorted(named, key=lambda m: (len(m), sorted(order[a] for a in m)))
    return tuple(mover_of(rights, members) for members in in_order)


def missing_change(allowed: Mask) -> tuple[int, int, int] | None:
    """Positions a, b, c such that a to b and b to c are allowed but a to c is not; None if none.

    ``allowed`` (positions, positions) says which changes are.

    >>> missing_change(np.array([[0, 1, 0], [0, 0, 1], [0, 0, 0]], dtype=bool))
    (0, 1, 2)
    """
    steps = allowed.astype(np.float32)
    missing = (steps @ steps > 0) & ~allowed
    np.fill_diagonal(missing, False)
    if not missing.any():
        return None
    a, c = (int(end) for end in np.argwhere(missing)[0])
    return a, int(np.flatnonzero(allowed[a] & allowed[:, c])[0]), c


def _too_many(case: Case, movers: int, looks: int, largest: tuple[int, str]) -> Problem:
    """The problem of so many movers; ``largest`` is the right with the most sets, and its issue."""
    most, issue = largest
    told = f"; a right of issue {issue!r} has {most:,} smallest sets" if 2 * most > movers else ""
    join = "join small actors that vote alike into one, or have " if told else ""
    return Problem(
        f"too many movers: {movers:,} groups of actors have some right, or act as one{told}",
        case.place(("issues", issue) if told else ("issues",)),
        expected=f"at most {MOVER_LIMIT // looks:,} with so many rights and positions: "
        f"{join}fewer groups, rights or positions",
    )
