"""Which states changes and events lead to from the status quo, and which changes are used for it.

The same changes as the process looks at: of one or two issues, and larger ones of which no proper
part is possible. The large ones are looked for only where something is still out of reach.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

import numpy as np
import numpy.typing as npt

from foedus.game.space import Indexes, Mask, Space
from foedus.process.changes import REACH
from foedus.process.state_tree import splits
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
        self.open = [np.zeros((size, size), dtype=bool) for size in sizes]
        for entry in entries:
            self.open[entry.issue] |= entry.open
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
        # Not before it is known that there are not too many states.
        issues = range(len(self.space.radix.issues))
        return np.stack([self.space.reader.column(k).astype(np.int64) for k in issues])

    @property
    def open_ends(self) -> bool:
        """Whether more might be found: states not reached, or rights not used."""
        return not self.seen.all() or bool(self.unused())

    def unused(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.number not in self.used]

    def ways(self, reach: int) -> int:
        """How many changes there are, of up to so many issues, told apart by where they lead."""
        return sum(1 for size in range(1, reach + 1) for _ in self._targets(size))

    def follow(self, fresh: Indexes, reach: int) -> None:
        """Mark all that changes of up to so many issues, and events, lead to from ``fresh``."""
        self.seen[fresh] = True
        while len(fresh):
            before = self.seen.copy()
            for size in range(1, reach + 1):
                for issues, positions in self._targets(size):
                    self.seen[self._to(fresh, issues, positions)] = True
            for holds, sets in self.events:
                self.seen[self._set(fresh if holds is None else fresh[holds[fresh]], sets)] = True
            fresh = np.flatnonzero(self.seen & ~before)

    def _targets(self, size: int) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
        options = [np.flatnonzero(table.any(axis=0)).tolist() for table in self.open]
        for issues in combinations(range(len(self.open)), size):
            for positions in product(*(options[k] for k in issues)):
                yield issues, positions

    def _to(self, states: Indexes, issues: tuple[int, ...], positions: tuple[int, ...]) -> Indexes:
        """Where setting these issues to these positions leads from ``states``; marked as used."""
        for k, position in zip(issues, positions, strict=True):
            states = states[self._allowed(k, states, position)]
        code = self.space.codes[states].copy()
        for k, position in zip(issues, positions, strict=True):
            code += (position - self.columns[k][states]) * self.space.radix.weights[k]
        target = self.space.indexes(code)
        made = target >= 0
        for k, position in zip(issues, positions, strict=True):
            self._use(k, states[made], position)
        return target[made]

    def _allowed(self, k: int, states: Indexes, position: int) -> Mask:
        """In which of the states somebody has the right to move issue k to a position."""
        here = self.columns[k][states]
        if not any(e.when for e in self.entries if e.issue == k):
            return np.asarray(self.open[k][here, position])
        mine = [e for e in self.entries if e.issue == k]
        return np.asarray(
            np.any([self._counts(e, states) & e.open[here, position] for e in mine], axis=0)
        )

    def _holding(self, entry: Entry) -> Mask:
        """The states in which a right by state counts; (states,)."""
        return np.asarray(np.all([self.space.holds(tree) for tree in entry.when], axis=0))

    def _counts(self, entry: Entry, states: Indexes) -> Mask:
        where = self.where.get(entry.number)
        return np.ones(len(states), dtype=bool) if where is None else where[states]

    def _use(self, k: int, states: Indexes, position: int) -> None:
        """Note the rights by which issue k moves to a position from some of the states."""
        here = self.columns[k][states]
        for entry in self.unused():
            if (
                entry.issue == k
                and (self._counts(entry, states) & entry.open[here, position]).any()
            ):
                self.used.add(entry.number)

    def _set(self, states: Indexes, sets: Mapping[str, str]) -> Indexes:
        """Where an event leads from ``states``."""
        code = self.space.codes[states].copy()
        for k, issue in enumerate(self.space.radix.issues):
            if issue.id in sets:
                here = self.columns[k][states]
                stays = np.isin(here, [issue.number(position) for position in issue.final])
                step = issue.number(sets[issue.id]) - here
                code += np.where(stays, 0, step * self.space.radix.weights[k])
        target = self.space.indexes(code)
        return target[target >= 0]

    # --- large changes ----------------------------------------------------------------------

    def large(self) -> Indexes | None:
        """States that only changes of more than two issues lead to; marks what these use.

        None where looking for them would take too long.
        """
        empty = np.zeros(0, dtype=np.intp)
        if not self.bound:
            return empty
        wanted = ~self.seen
        for entry in self.unused():
            wanted |= np.asarray(entry.open.any(axis=0))[self.columns[entry.issue]]
        targets, states = np.flatnonzero(wanted), np.flatnonzero(self.seen)
        if len(targets) * len(states) * len(self.open) > MOST_WORK:
            return None
        alone = [self._alone(k, states) for k in range(len(self.open))]
        found, looked = [], 0
        for target in targets.tolist():
            sources = states[self._unsplit(states, target, alone)]
            looked += len(sources)
            if looked > MOST_SPLIT:
                return None
            whole = ~splits(self.space, self.columns, sources, np.full(len(sources), target))
            for state in sources[whole].tolist():
                self._mark(state, target)
                found.append(target)
        return np.unique([t for t in found if not self.seen[t]]).astype(np.intp)

    def _alone(self, k: int, states: Indexes) -> Mask:
        """Whether issue k alone may stand at each position; (states, positions)."""
        weight = self.space.radix.weights[k]
        steps = np.arange(len(self.open[k])) - self.columns[k][states][:, None]
        codes = self.space.codes[states][:, None] + steps * weight
        return np.asarray(self.space.indexes(codes.ravel()).reshape(codes.shape) >= 0)

    def _unsplit(self, states: Indexes, target: int, alone: list[Mask]) -> Mask:
        """From which states more than two issues, each with a right, and none alone, lead there."""
        kept: Mask = np.ones(len(states), dtype=bool)
        differ = np.zeros(len(states), dtype=np.intp)
        for k, column in enumerate(self.columns):
            there = int(column[target])
            other = column[states] != there
            differ += other
            kept &= ~other | (self._allowed(k, states, there) & ~alone[k][:, there])
        return kept & (differ > REACH)

    def _mark(self, state: int, target: int) -> None:
        for k, column in enumerate(self.columns):
            if column[state] != column[target]:
                self._use(k, np.array([state]), int(column[target]))
