"""Seasons: spans of time within which rights do not change by the day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from foedus.case.model import Case, ConditionalRight
from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process.rules import Rules
from foedus.process.world import World


@dataclass(frozen=True, eq=False)
class Seasons:
    """The rules of each season; season k begins ``starts[k]`` days from today, the first at 0."""

    starts: Floats
    rules: tuple[Rules, ...]

    def at(self, times: Floats) -> Indexes:
        """The season in which each time is; its first moment belongs to it."""
        return np.asarray(np.searchsorted(self.starts, times, side="right") - 1)

    def reached(self, world: World, starts: Indexes) -> Mask:
        """The states that changes and events lead to from ``starts``, whoever agrees; (states,)."""
        seen = np.zeros(len(self.rules[0].space), dtype=bool)
        fresh = np.unique(starts)
        while len(fresh):
            seen[fresh] = True
            to = []
            for rules in set(self.rules):
                changes, _, change = rules.changes_at(fresh)
                to.append(changes.target[change])
            led = world.target[:, fresh].ravel()
            to.append(led[led >= 0])
            every = np.unique(np.concatenate(to))
            fresh = every[~seen[every]]
        return seen


def conditional_rights(case: Case) -> list[ConditionalRight]:
    """The rights of a case that depend on the state or the day."""
    return [
        right
        for issue in case.issues.values()
        for right in issue.decided_by.entries
        if isinstance(right, ConditionalRight)
    ]


def turns_of(rights: Iterable[ConditionalRight]) -> set[date]:
    """The days from which on some entry of the rights counts, or counts no more."""
    found: set[date] = set()
    for right in rights:
        for entry in right.entries:
            found |= {entry.since} if entry.since is not None else set()
            found |= {entry.until + timedelta(days=1)} if entry.until is not None else set()
    return found


def seasons_of(case: Case, days: float, rules_on: Callable[[date | None], Rules]) -> Seasons:
    """The seasons of the next ``days``; ``rules_on`` gives the rules of a day."""
    rights = conditional_rights(case)
    if case.as_of is None:
        return Seasons(np.zeros(1), (rules_on(None),))
    begins = {case.as_of, *turns_of(rights)}
    starts: list[float] = []
    rules: list[Rules] = []
    known: dict[tuple[object, ...], Rules] = {}
    for day in sorted(begins):
        start = (day - case.as_of).days
        if not 0 <= start <= days:
            continue
        key = tuple(tuple(map(id, right.on(day))) for right in rights)
        if key not in known:
            known[key] = rules_on(day)
        if not rules or rules[-1] is not known[key]:
            starts.append(float(start))
            rules.append(known[key])
    return Seasons(np.array(starts), tuple(rules))
