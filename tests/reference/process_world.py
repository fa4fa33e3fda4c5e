"""What the world does, read off a case: events in days, and who has a right in a state on a day."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from foedus.case.model import (
    Case,
    ChanceBy,
    Entitlement,
    Event,
    Issue,
    OnDay,
    Quota,
    Rate,
    Right,
    Statement,
)

YEAR = 365.25
"""Days in a year."""

ALMOST_SURE = 1 - 1e-9
"""A chance by a day is at most this: what is certain would have no rate."""

Coalitions = tuple[frozenset[str], ...]
Holds = Callable[[Statement], bool]
"""Whether a statement is true of the state that is meant."""


# --- events -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Happening:
    """An event in days from the first: on ``day``, or at so many a day until a day.

    ``outcomes`` are the issues that it sets with the share of each way in which it turns out.
    """

    event: Event
    day: float | None
    hazard: float
    until: float
    outcomes: tuple[tuple[float, dict[str, str]], ...]

    def under_way(self, since: float) -> bool:
        """Whether it may happen in a stretch that begins on day ``since``."""
        return self.day is None and since < self.until


def happenings(case: Case, last: float) -> list[Happening]:
    """The events that may happen until the day ``last``, in the order of the case."""
    found = []
    for event in case.events.values():
        day, hazard, until = None, 0.0, math.inf
        match event.timing:
            case Rate(a_year):
                hazard = a_year.mode / YEAR
            case ChanceBy(by, value):
                until = days_to(case, by)
                hazard = -math.log1p(-min(value.mode, ALMOST_SURE)) / until
            case OnDay(on):
                day = days_to(case, on)
        if hazard > 0 or (day is not None and day <= last):
            found.append(Happening(event, day, hazard, until, shares(event)))
    return found


def shares(event: Event) -> tuple[tuple[float, dict[str, str]], ...]:
    """What an event sets in each way in which it may turn out; the last has what is left.

    A way of share 0 is among them: what it leads to must be possible all the same.
    """
    given = [0.0 if one.share is None else one.share.mode for one in event.outcomes]
    whole = max(sum(given), 1.0)
    of = [share / whole for share in given[:-1]]
    of.append(max(1.0 - sum(of), 0.0))
    return tuple((share, dict(one.sets)) for share, one in zip(of, event.outcomes, strict=True))


def days_to(case: Case, day: date) -> float:
    """How many days after the first one a day is."""
    if case.as_of is None:
        raise ValueError("a case with days has a first one")
    return float((day - case.as_of).days)


# --- rights -----------------------------------------------------------------------------------


def movers_of(
    case: Case, issue: Issue, origin: str, target: str, holds: Holds, day: float
) -> Coalitions:
    """Who may make this change within an issue, in the state of ``holds``, on a day.

    Nobody leaves a final position or moves into a provisional or barred one. Of several entries
    the first counts that the state and the day allow.
    """
    if origin in issue.final or target in issue.never_back_to or target in issue.falls:
        return ()
    for entry in issue.decided_by.of(origin, target).entries:
        since, until = span_of(case, entry)
        if since <= day < until and (entry.when is None or holds(entry.when)):
            return smallest_sets(entry.right)
    return ()


def span_of(case: Case, entry: Entitlement) -> tuple[float, float]:
    """From when on a right may count, and when it no longer does: its last day is over then."""
    since = -math.inf if entry.since is None else days_to(case, entry.since)
    until = math.inf if entry.until is None else days_to(case, entry.until) + 1
    return since, until


def smallest_sets(right: Right) -> Coalitions:
    """Who has a right; of a quota all sets that reach it and no part of which does."""
    if right.quota is None:
        return right.movers
    reach = list(_reaching(right.quota))
    return tuple(one for one in reach if not any(other < one for other in reach))


def _reaching(quota: Quota) -> Iterator[frozenset[str]]:
    weights = {actor: Fraction(str(weight)) for actor, weight in quota.weights.items()}
    for size in range(1, len(weights) + 1):
        for some in itertools.combinations(weights, size):
            if sum(weights[actor] for actor in some) >= Fraction(str(quota.at_least)):
                yield frozenset(some)


def right_days(case: Case) -> set[float]:
    """The days on which some right begins, and those after the last of some right."""
    found = set[float]()
    for issue in case.issues.values():
        for right in issue.decided_by.entries:
            for entry in right.entries:
                found.update(day for day in span_of(case, entry) if math.isfinite(day))
    return found
