"""Rights on one day: which entry of each counts in which state, and what a group may change then.

A right by state is the first of its entries that counts: on the day, and in the state left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from foedus.case.model import AnyRight, Case, ConditionalRight, Entitlement, Issue, Right
from foedus.game.space import Indexes, Mask, Space


@dataclass(frozen=True, slots=True, eq=False)
class Counting:
    """What may count of a right on a day, and where.

    ``chosen`` (n,) is the index in ``entries`` of the one that counts in each state, or their
    number where none does.
    """

    entries: tuple[Entitlement, ...]
    chosen: Indexes


@dataclass(frozen=True, slots=True, eq=False)
class Within:
    """What a group may change within an issue on a day.

    ``somewhere`` (positions, positions) says what it may in some state that stands at the position
    left; ``alike``, whether that is so in all states that stand there.
    """

    somewhere: Mask
    alike: bool


class DayRights:
    """The rights of a case on one day, over the states of its space.

    ``day`` is None where none is known; no right has dates then. Without a ``space`` only rights
    that depend on neither state nor day can be asked about.
    """

    def __init__(self, case: Case, space: Space | None, day: date | None) -> None:
        self.case, self.day, self._space = case, day, space
        self.issues = tuple(case.issues.values())
        self._counting: dict[int, Counting] = {}
        self._has: dict[tuple[int, frozenset[str]], bool] = {}

    @property
    def space(self) -> Space:
        """The space of states. Raises ValueError where there is none."""
        if self._space is None:
            raise ValueError("a right by state is asked about without states")
        return self._space

    @property
    def plain(self) -> bool:
        """Whether no right of the case is written by state or day."""
        return not any(map(self.by_state, range(len(self.issues))))

    @property
    def dated(self) -> bool:
        """Whether some right of the case begins or ends on a day."""
        return any(
            entry.since is not None or entry.until is not None
            for issue in self.issues
            for right in issue.decided_by.entries
            for entry in right.entries
        )

    def by_state(self, k: int) -> bool:
        """Whether a right of the issue with this index is written by state or day."""
        return any(isinstance(r, ConditionalRight) for r in self.issues[k].decided_by.entries)

    def counting(self, right: ConditionalRight) -> Counting:
        """Which entry of a right of the case counts in each state."""
        if id(right) not in self._counting:
            entries = right.on(self.day)
            chosen = np.full(len(self.space), len(entries), dtype=np.intp)
            for number, entry in reversed(list(enumerate(entries))):
                holds = slice(None) if entry.when is None else self.space.holds(entry.when.tree)
                chosen[holds] = number
            self._counting[id(right)] = Counting(entries, chosen)
        return self._counting[id(right)]

    def somewhere(self, right: AnyRight) -> Iterator[Right]:
        """The rights that count, of one that may depend on the state, in some possible state."""
        if isinstance(right, Right):
            yield right
            return
        counting = self.counting(right)
        for number in np.unique(counting.chosen).tolist():
            if number < len(counting.entries):
                yield counting.entries[number].right

    def in_state(self, right: AnyRight, state: int) -> Entitlement | None:
        """What counts of a right in a state (an index); None where nobody has it."""
        if isinstance(right, Right):
            return right.entries[0]
        counting = self.counting(right)
        number = int(counting.chosen[state])
        return counting.entries[number] if number < len(counting.entries) else None

    def within(self, k: int, members: frozenset[str]) -> Within:
        """What a group may change within the issue with this index, over all states."""
        positions = np.arange(len(self.issues[k].positions))

        def occurring(right: AnyRight, wanted: bool) -> Mask:
            """At which positions the group has the right (or has not) in some state."""
            if isinstance(right, Right):
                return np.full(len(positions), self.has(right, members) == wanted)
            counting = self.counting(right)
            found = np.zeros(len(positions), dtype=bool)
            there = (self._held(counting, members) == wanted)[counting.chosen]
            found[self.space.reader.column(k)[there]] = True
            return found

        somewhere = changes(self.issues[k], positions, lambda right: occurring(right, True))
        if not self.by_state(k):
            return Within(somewhere, alike=True)
        lacking = changes(self.issues[k], positions, lambda right: occurring(right, False))
        return Within(somewhere, alike=not (somewhere & lacking).any())

    def allowed(self, k: int, members: frozenset[str], states: Indexes) -> Mask:
        """What a group may change within an issue in each of some states; (states, positions)."""
        standing = self.space.reader.column(k)[states].astype(np.intp)

        def held(right: AnyRight) -> Mask:
            if isinstance(right, Right):
                return np.full(len(states), self.has(right, members))
            counting = self.counting(right)
            return self._held(counting, members)[counting.chosen[states]]

        return changes(self.issues[k], standing, held)

    def has(self, right: Right, members: frozenset[str]) -> bool:
        """Whether a group, or some part of it, has a right; rights with the same sets, once."""
        key = (id(right.movers), members)
        if key not in self._has:
            self._has[key] = any(mover <= members for mover in right.movers)
        return self._has[key]

    def _held(self, counting: Counting, members: frozenset[str]) -> Mask:
        """Which entries give a group the right; the last is none of them."""
        return np.array([*(self.has(entry.right, members) for entry in counting.entries), False])


def changes(issue: Issue, standing: Indexes, held: Callable[[AnyRight], Mask]) -> Mask:
    """What may be changed within an issue; shape (rows, positions).

    ``standing`` (rows,) are the positions left, and ``held`` says row by row whether somebody has a
    right. The most specific right counts; never what `Issue.barred` bars, nor staying.
    """
    number = {position.id: k for k, position in enumerate(issue.positions)}
    rights = issue.decided_by
    allowed = np.repeat(held(rights.default)[:, None], len(number), axis=1)
    for target, right in rights.to.items():
        allowed[:, number[target]] = held(right)
    for (origin, target), right in rights.changes.items():
        rows = standing == number[origin]
        allowed[rows, number[target]] = held(right)[rows]
    for target in (*issue.never_back_to, *issue.falls):
        allowed[:, number[target]] = False
    for origin in issue.final:
        allowed[standing == number[origin]] = False
    allowed[np.arange(len(standing)), standing] = False
    return allowed
