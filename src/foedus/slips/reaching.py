"""Which states changes and events lead to from the status quo, and which changes are used for it.

The same changes as the process looks at: of one or two issues, and larger ones of which no proper
part is possible. The large ones are looked for only where something is still out of reach.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from foedus.game.space import Indexes, Mask, Space
from foedus.process.changes import REACH
from foedus.process.state_tree import StateTree
from foedus.slips.rights import Entry, set_by_events

MOST_WORK = 20_000_000
"""States times ways to change them: so many take about a second."""

MOST_SPLIT = 5_000
"""So many large changes are looked at for parts that are possible alone."""

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Reached:
    """What can come about, whoever agrees to it.

    ``states`` are the indexes of all states that changes lead to, ``ends`` of those that they are
    at the deadline; both ascending. ``used`` are the numbers of the rights that some change from
    them uses, alone or with other rights.
    """

    states: Indexes
    ends: Indexes
    used: frozenset[int]

    def uses(self, entry: Entry) -> bool:
        """Whether a right is used by some change."""
        return entry.number in self.used


def reached_from(space: Space, start: int, entries: Sequence[Entry]) -> Reached | None:
    """Follow all changes from the state ``start``; None where that would take too long."""
    walk = _Walk(space, entries)
    if len(space) * walk.ways(1) > MOST_WORK:
        return None
    walk.follow(np.array([start]), 1)
    if walk.open_ends:
        if len(space) * walk.ways(REACH) > MOST_WORK:
            return None
        walk.follow(np.flatnonzero(walk.seen), REACH)
        while walk.open_ends:
            found = walk.large()
            if found is None:
                return None
            if not len(found):
                break
            walk.follow(found, REACH)
    states = np.flatnonzero(walk.seen)
    return Reached(states, np.unique(space.fall[states]), frozenset(walk.used))


class _Walk:
    def __init__(self, space: Space, entries: Sequence[Entry]) -> None:
        self.space = space
        self.entries = entries
        sizes = [len(issue.positions) for issue in space.radix.issues]
        self.used: set[int] = set()
        self.where = {e.number: self._holding(e) for e in entries if e.when}
        self.seen: Mask = np.zeros(len(space), dtype=bool)
        self.bound = len(space) < np.prod([float(size) for size in sizes])
        self.events = [
            (None if when is None else space.holds(when), sets)
            for when, sets in set_by_events(space.case)
        ]

    @cached_property
    def columns(self) -> Codes:
        """By issue, its position in each state."""
        return self.space.columns()  # once it is known that there are not too many states

    @cached_property
    def tree(self) -> StateTree:
        """All states."""
        return StateTree(self.space, self.columns)

    @property
    def open_ends(self) -> bool:
        """Whether more might be found: states not reached, or rights not used."""
        return not self.seen.all() or bool(self.unused())

    def unused(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.number not in self.used]

    def ways(self, reach: int) -> int:
        """How many changes there are, of up to so many issues, told apart by where they lead."""
        ways = [1] + [0] * reach
        for k in range(len(self.space.radix.issues)):
            options = np.any([e.open.any(axis=0) for e in self._on(k)], axis=0).sum()
            for size in range(reach, 0, -1):
                ways[size] += ways[size - 1] * int(options)
        return sum(ways[1:])

    def follow(self, fresh: Indexes, reach: int) -> None:
        """Mark all that changes of up to so many issues, and events, lead to from ``fresh``."""
        self.seen[fresh] = True
        while len(fresh):
            before = self.seen.copy()
            for row, target in self.tree.near(fresh, self._allowed(fresh), reach):
                self._use(fresh[row], target)
                self.seen[target] = True
            for holds, sets in self.events:
                target = self.space.after(fresh if holds is None else fresh[holds[fresh]], sets)
                self.seen[target[target >= 0]] = True
            fresh = np.flatnonzero(self.seen & ~before)

    def _on(self, k: int) -> list[Entry]:
        """The rights on issue k."""
        return [entry for entry in self.entries if entry.issue == k]

    def _allowed(self, states: Indexes) -> list[Mask]:
        """By issue, to which positions somebody has the right to move it; (states, positions)."""
        found = []
        for k, column in enumerate(self.columns):
            table = np.zeros((len(states), len(self.space.radix.issues[k].positions)), dtype=bool)
            for entry in self._on(k):
                table |= self._counts(entry, states)[:, None] & entry.open[column[states]]
            found.append(table)
        return found

    def _holding(self, entry: Entry) -> Mask:
        """The states in which a right by state counts; (states,)."""
        return np.asarray(np.all([self.space.holds(tree) for tree in entry.when], axis=0))

    def _counts(self, entry: Entry, states: Indexes) -> Mask:
        where = self.where.get(entry.number)
        return np.ones(len(states), dtype=bool) if where is None else where[states]

    def _use(self, source: Indexes, target: Indexes) -> None:
        """Note the rights that changes use; (n,) each."""
        for entry in self.unused():
            column = self.columns[entry.issue]
            by = self._counts(entry, source) & entry.open[column[source], column[target]]
            if by.any():
                self.used.add(entry.number)

    def large(self) -> Indexes | None:
        """States that only changes of more than two issues lead to; marks what these use.

        None where looking for them would take too long.
        """
        wanted = ~self.seen
        for entry in self.unused():
            wanted |= np.asarray(entry.open.any(axis=0))[self.columns[entry.issue]]
        targets, states = np.flatnonzero(wanted), np.flatnonzero(self.seen)
        if not self.bound or not len(targets):
            return targets[:0]
        if len(targets) * len(states) * len(self.columns) > MOST_WORK:
            return None
        tree = StateTree(self.space, self.columns, targets)
        jointly = tree.jointly(states, self._allowed(states))
        found, looked = [], 0
        for row, target in tree.unsplit(states, jointly, REACH):
            looked += len(row)
            if looked > MOST_SPLIT:
                return None
            whole = ~self.tree.split(states[row], target)
            self._use(states[row[whole]], target[whole])
            found.append(target[whole])
        new: Indexes = np.unique(np.concatenate([*found, targets[:0]]))
        return np.asarray(new[~self.seen[new]])
