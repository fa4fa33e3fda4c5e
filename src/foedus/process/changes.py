"""The changes that may be made from a state, and the coalitions that may make them.

A change sets some issues to other positions, so that the result is feasible. It belongs to its
inclusion-minimal coalitions: unions of the groups that hold the rights to its parts. Looked at are
all changes of up to ``reach`` issues, and larger ones of which no proper part is feasible.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from foedus.case.model import AnyRight, Case, ConditionalRight, Right
from foedus.case.problems import CaseError, Problem
from foedus.game.space import Indexes, Space
from foedus.process.change_table import Changes, joined
from foedus.process.families import NOBODY, Bits, Families
from foedus.process.items import Items
from foedus.process.state_tree import StateTree

REACH = 2
"""Changes of so many issues at once are all looked at."""


MOST_CHANGES = 1 << 24
"""So many changes are held: with what farsighted actors make of them, some three gigabytes."""

TOGETHER = 1 << 13
"""The changes of so many states are found together."""


class _Found(NamedTuple):
    """Some changes: from which row of the states, and the rest as for `~.change_table.Changes`."""

    source: Indexes
    target: Indexes
    issues: Bits
    items: Bits
    family: Indexes


class ChangeFinder:
    """Finds the changes of states, once for each state.

    ``actors`` are bits in the order given; coalitions of ``electorates`` alone are no coalitions,
    since an electorate starts nothing. Rights are those of ``day``, read in the state left.
    """

    def __init__(
        self,
        space: Space,
        items: Items,
        actors: Sequence[str],
        reach: int = REACH,
        day: date | None = None,
    ) -> None:
        self._day = day
        self.space = space
        self.items = items
        self.reach = reach
        self._bit = {actor: np.uint64(1 << k) for k, actor in enumerate(actors)}
        case = space.case
        self._electorates = _union(self._bit[a] for a in actors if case.actors[a].electorate)
        self._actors = actors
        self._numbers = np.arange(len(actors), dtype=np.uint64)
        self._rights: list[frozenset[np.uint64]] = []
        self._by_state: list[Indexes] = []
        self._right_of = self._rights_by_change(case)
        self._families: dict[frozenset[np.uint64], int] = {}
        self._combined: dict[tuple[int, ...], int] = {}
        self.columns = space.columns()
        self._tree = StateTree(space, self.columns)

    def of(self, states: Indexes, number: int = 0) -> Changes:
        """The changes from ``states``, in their order; of so many states at a time.

        Raises CaseError where they are too many beside ``number`` others, before memory runs out.
        """
        states = np.asarray(states)
        found: list[Changes] = []
        for begin in range(0, max(len(states), 1), TOGETHER):
            found.append(self._of(states[begin : begin + TOGETHER]))
            number += len(found[-1])
            if number > MOST_CHANGES:
                raise _too_many(self.space.case, min(begin + TOGETHER, len(states)), len(states))
        return joined(found)

    def _of(self, states: Indexes) -> Changes:
        found = list(self._found(states))
        source, target, issues, items, family = (
            np.concatenate(each) for each in zip(*found, strict=True)
        )
        kept = np.flatnonzero(family >= 0)
        key = source[kept] * len(self.space) + target[kept]
        if (np.diff(key) < 0).any():  # large changes come after the small ones
            kept = kept[np.argsort(key, kind="stable")]
        source, target, issues, items, family = (
            each[kept] for each in (source, target, issues, items, family)
        )
        first = np.searchsorted(source, np.arange(len(states) + 1))
        part_first, part = self._parts(states, source, target, issues)
        return Changes(first, target, issues, items, family, part_first, part)

    def families(self) -> Families:
        """The coalitions of the families met so far."""
        most = max((len(family) for family in self._families), default=1)
        masks = np.full((max(len(self._families), 1), most), NOBODY, dtype=np.uint64)
        for family, number in self._families.items():
            masks[number, : len(family)] = sorted(family)
        ordinary = [self._bit[a] for a in self._actors if not self._bit[a] & self._electorates]
        shown = np.array(ordinary, dtype=np.uint64)
        members = (masks & shown[:, None, None]) != 0
        exists = masks != NOBODY
        every = np.bitwise_or.reduce(np.where(exists, masks, np.uint64(0)), axis=1)
        inside = [np.flatnonzero(every_ >> self._numbers & np.uint64(1)) for every_ in every]
        asked = np.full((len(masks), max(map(len, inside))), -1, dtype=np.intp)
        for row, actors in enumerate(inside):
            asked[row, : len(actors)] = actors
        return Families(masks, members & exists, asked, exists.sum(axis=1) == 1)

    def coalitions(self, family: int) -> tuple[tuple[str, ...], ...]:
        """The coalitions of one family, by size, then in the order of the actors."""
        if family < 0:
            return ()
        masks = next(masks for masks, number in self._families.items() if number == family)
        named = [tuple(a for a in self._actors if mask & self._bit[a]) for mask in masks]
        return tuple(sorted(named, key=lambda c: (len(c), [self._actors.index(a) for a in c])))

    def rights(self, issue: int, states: Indexes, position: Indexes | int) -> Indexes:
        """The numbers of the rights to move an issue to positions, -1 where nobody has it."""
        number = self._right_of[issue][self.columns[issue, states], position]
        for place, by_state in enumerate(self._by_state):
            number = np.where(number == -2 - place, by_state[states], number)
        return np.asarray(number)

    def targets_of(self, state: int, among: Indexes) -> Indexes:
        """Which states one change of any number of issues leads to, if rights to parts suffice."""
        open_ = among != state
        here = np.full(len(among), state)
        for k in range(len(self._right_of)):
            there = self.columns[k, among]
            open_ &= (there == self.columns[k, state]) | (self.rights(k, here, there) >= 0)
        return np.asarray(among[open_])

    def family_between(self, origin: int, target: int) -> int:
        """The coalitions of the change from one state to another, -1 where it is nobody's."""
        there = self.columns[:, target]
        issues = np.flatnonzero(self.columns[:, origin] != there)
        rights = self._rights_between(origin, there, issues)
        return self._family(rights) if rights and min(rights) >= 0 else -1

    # --- rights ---------------------------------------------------------------------------

    def _rights_between(
        self, origin: int, there: npt.NDArray[np.int64], issues: Indexes
    ) -> tuple[int, ...]:
        """The numbers of the rights to move issues from where they stand in a state."""
        state = np.array([origin])
        return tuple(int(self.rights(int(k), state, there[[k]])[0]) for k in issues)

    def _rights_by_change(self, case: Case) -> list[npt.NDArray[np.intp]]:
        """By issue: the number of the right to each change (positions, positions), -1 for none.

        Below -1 it depends on the state: -2 - k stands for ``_by_state[k]``.
        """
        tables = []
        known: dict[int, int] = {}
        for issue in case.issues.values():
            size = len(issue.positions)
            table = np.full((size, size), -1, dtype=np.intp)
            for a, origin in enumerate(issue.positions):
                for b, target in enumerate(issue.positions):
                    if a == b or issue.barred(origin.id, target.id):
                        continue
                    right = issue.decided_by.of(origin.id, target.id)
                    if id(right) not in known:
                        known[id(right)] = self._number(right)
                    table[a, b] = known[id(right)]
            tables.append(table)
        return tables

    def _number(self, right: AnyRight) -> int:
        """The number of a right on the day, or where it depends on the state -2 - its place."""
        entries = right.on(self._day) if isinstance(right, ConditionalRight) else right.entries
        if all(entry.when is None for entry in entries):
            return self._number_of(entries[0].right) if entries else -1
        number = np.full(len(self.space), -1, dtype=np.intp)
        open_ = np.ones(len(self.space), dtype=bool)
        for entry in entries:
            here = open_ & (True if entry.when is None else self.space.holds(entry.when.tree))
            number[here] = self._number_of(entry.right)
            open_ &= ~here
        self._by_state.append(number)
        return -1 - len(self._by_state)

    def _number_of(self, right: Right) -> int:
        sets = frozenset(_union(self._bit[m] for m in mover) for mover in right.movers)
        if not sets:
            return -1
        if sets not in self._rights:
            self._rights.append(sets)
        return self._rights.index(sets)

    def _family(self, rights: tuple[int, ...]) -> int:
        """The number of the coalitions that hold all these rights together, -1 for none."""
        key = tuple(sorted(set(rights)))
        if key not in self._combined:
            unions: set[np.uint64] = {np.uint64(0)}
            for right in key:
                unions = _smallest({a | b for a in unions for b in self._rights[right]})
            starting = frozenset(u for u in unions if u & ~self._electorates)
            number = -1
            if starting:
                number = self._families.setdefault(starting, len(self._families))
            self._combined[key] = number
        return self._combined[key]

    # --- changes --------------------------------------------------------------------------

    def _found(self, states: Indexes) -> Iterator[_Found]:
        """The changes, by pieces: the small ones, then those that cannot go by parts."""
        nothing = np.zeros(0, dtype=np.intp)
        yield self._told(states, nothing, nothing)
        allowed = [
            np.stack([self.rights(k, states, p) >= 0 for p in range(len(table))], axis=1)
            for k, table in enumerate(self._right_of)
        ]
        for row, target in self._tree.near(states, allowed, self.reach):
            yield self._told(states, row, target)
        jointly = self._tree.jointly(states, allowed)
        for row, target in self._tree.unsplit(states, jointly, self.reach):
            whole = ~self._tree.split(states[row], target)
            yield self._told(states, row[whole], target[whole])

    def _told(self, states: Indexes, row: Indexes, target: Indexes) -> _Found:
        """What the changes from some of the states to targets alter, wait for, and who has them."""
        issues, items = np.zeros((2, len(row)), dtype=np.uint64)
        rights = np.full((len(self.columns), len(row)), -1, dtype=np.intp)
        origin = states[row]
        for k in range(len(self.columns)):
            column = self.space.reader.column(k)  # a byte a state, most often: sooner looked up
            some = np.flatnonzero(column[origin] != column[target])
            here, there = self.columns[k, origin[some]], self.columns[k, target[some]]
            rights[k, some] = self.rights(k, origin[some], there)
            issues[some] |= np.uint64(1 << k)
            items[some] |= self._item_bits(k, here, there)
        return _Found(row, target, issues, items, self._families_of(rights))

    def _families_of(self, rights: npt.NDArray[np.intp]) -> Indexes:
        """The family of each column of rights, of which those below 0 do not count; (n,)."""
        if not rights.shape[1]:
            return np.zeros(0, dtype=np.intp)
        # One whole number for each column, numbered anew before it outgrows its bits.
        key, most, base = rights[0] + 1, 1.0, len(self._rights) + 1
        for row in rights[1:]:
            most *= base
            if most * base > 2**62:
                key, most = np.unique(key, return_inverse=True)[1], float(len(key))
            key = key * base + row + 1
        _, where, which = np.unique(key, return_index=True, return_inverse=True)
        family = [self._family(tuple(int(r) for r in rights[:, k] if r >= 0)) for k in where]
        return np.asarray(np.array(family, dtype=np.intp)[which])

    def _item_bits(self, issue: int, origins: Indexes, positions: Indexes) -> Bits:
        item = self.items.of_change[issue][origins, positions]
        bits = np.uint64(1) << np.maximum(item, 0).astype(np.uint64)
        return np.where(item >= 0, bits, np.uint64(0))

    def _parts(
        self, states: Indexes, source: Indexes, target: Indexes, issues: Bits
    ) -> tuple[Indexes, Indexes]:
        """The proper parts of each change that are changes themselves, as (first, numbers)."""
        size = np.bitwise_count(issues) if hasattr(np, "bitwise_count") else _count(issues)
        weights = self.space.radix.weights
        whole: list[Indexes] = [np.zeros(0, dtype=np.intp)]
        part: list[Indexes] = [np.zeros(0, dtype=np.intp)]
        key = source * len(self.space) + target
        for pattern in np.unique(issues[size > 1]):
            rows = np.flatnonzero(issues == pattern)
            altered = [k for k in range(len(weights)) if pattern >> np.uint64(k) & np.uint64(1)]
            if len(altered) > self.reach:
                continue  # no proper part of it is feasible
            for count in range(1, len(altered)):
                for some in combinations(altered, count):
                    code = self.space.codes[states[source[rows]]].copy()
                    for k in some:
                        column = self.columns[k]
                        step = column[target[rows]] - column[states[source[rows]]]
                        code += step * weights[k]
                    found = self.space.indexes(code)
                    wanted = source[rows] * len(self.space) + found
                    place = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
                    there = (found >= 0) & (key[place] == wanted)
                    whole.append(rows[there])
                    part.append(place[there])
        wholes, parts = np.concatenate(whole), np.concatenate(part)
        order = np.argsort(wholes, kind="stable")
        first = np.searchsorted(wholes[order], np.arange(len(target) + 1))
        return first, parts[order]


def _union(bits: Iterator[np.uint64]) -> np.uint64:
    value = np.uint64(0)
    for bit in bits:
        value |= bit
    return value


def _smallest(sets: set[np.uint64]) -> set[np.uint64]:
    """Those of the sets that contain no other."""
    return {a for a in sets if not any(b != a and b & a == b for b in sets)}


def _count(bits: Bits) -> npt.NDArray[np.intp]:
    """How many members each set has; NumPy counts bits only from its second version on."""
    count = np.zeros(len(bits), dtype=np.intp)
    for k in range(64):
        count += (bits >> np.uint64(k) & np.uint64(1)).astype(np.intp)
    return count


def _too_many(case: Case, looked_at: int, states: int) -> CaseError:
    message = f"too large for the process: {looked_at:,} of {states:,} states bring it to more than"
    expected = "fewer issues or positions, more rules, or a smaller --reach"
    problem = Problem(f"{message} {MOST_CHANGES:,} changes", case.place(("issues",)), expected)
    return CaseError([problem], case.file)
