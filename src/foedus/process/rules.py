"""What does not differ between draws: the states, the changes, who may make them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from foedus.game.space import Indexes, Space
from foedus.process.agreement import Members
from foedus.process.change_table import Changes, joined
from foedus.process.changes import REACH, ChangeFinder
from foedus.process.families import Families
from foedus.process.items import Items

FEW = 4_096
"""The changes of so few states are all found at once: it is done sooner than by parts."""


class Rules:
    """The changes of a space, found when first asked for and kept.

    ``ordinary`` and ``electorates`` are the actors in the order in which their gains stand.
    """

    def __init__(
        self,
        space: Space,
        items: Items,
        ordinary: tuple[str, ...],
        electorates: tuple[str, ...],
        *,
        reach: int = REACH,
        by_coalition: bool = False,
        day: date | None = None,
    ) -> None:
        self.space = space
        self.items = items
        self.by_coalition = by_coalition
        self.actors = (*ordinary, *electorates)
        self.finder = ChangeFinder(space, items, self.actors, reach, day)
        one = np.uint64(1)
        bits = one << np.arange(len(self.actors), dtype=np.uint64)
        self.members = Members(bits[: len(ordinary)], bits[len(ordinary) :])
        empty = self.finder.of(np.zeros(0, dtype=np.intp))
        self.changes: Changes = empty
        """The changes found so far."""
        self.row = np.full(len(space), -1, dtype=np.intp)
        """(states,): where the changes of each state stand among those found so far, or -1."""
        self.families: Families = self.finder.families()

    def ensure(self, states: Indexes) -> None:
        """Find the changes of states not yet looked at.

        Once they are half of all, those of the others are found in one go: to find a few costs
        nearly as much, and mostly they are asked for too. Raises CaseError where there are more
        changes than can be held.
        """
        new = np.unique(states[self.row[states] < 0])
        if not len(new):
            return
        found = len(self.changes.first) - 1 + len(new)
        if 2 * found > len(self.space) or len(self.space) <= FEW:
            new = np.flatnonzero(self.row < 0)
        old = self.changes
        more = self.finder.of(new, len(old))
        self.row[new] = len(old.first) - 1 + np.arange(len(new))
        self.changes = joined([old, more])
        self.families = self.finder.families()

    def changes_at(self, states: Indexes) -> tuple[Changes, Indexes, Indexes]:
        """All changes from ``states``: (changes, row, change), by pair; rows count ``states``."""
        self.ensure(states)
        place = self.row[states]
        first = self.changes.first
        number = first[place + 1] - first[place]
        row = np.repeat(np.arange(len(states)), number)
        before = np.cumsum(number) - number
        change = np.arange(len(row)) + np.repeat(first[place] - before, number)
        return self.changes, row, change

    def changes_from(self, states: Indexes) -> int:
        """How many changes there are from ``states``, all together."""
        self.ensure(states)
        place = self.row[states]
        return int((self.changes.first[place + 1] - self.changes.first[place]).sum())

    def looked_at(self, state: int) -> tuple[int, int]:
        """How many changes from a state are looked at, and how many the rights allow in all."""
        every = self.finder.targets_of(state, np.arange(len(self.row)))
        return self.changes_from(np.array([state])), len(every)

    def pieces(self, states: Indexes, most: int) -> Iterator[tuple[int, int]]:
        """Cut ``states`` into pieces with about ``most`` changes each, as (begin, end)."""
        self.ensure(states)
        place = self.row[states]
        upto = np.cumsum(self.changes.first[place + 1] - self.changes.first[place])
        begin = 0
        while begin < len(states):
            base = upto[begin - 1] if begin else 0
            end = max(int(np.searchsorted(upto, base + most, side="right")), begin + 1)
            yield begin, end
            begin = end
