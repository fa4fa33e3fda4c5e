"""What a case says to the process, read off it by the simplest means: states, worths, changes.

Nothing here depends on what anybody expects. Everything is at the most likely judgements, a
record's hazard at the mean of its posterior.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from foedus.case.expressions import (
    And,
    Expression,
    Iff,
    Implies,
    In,
    Named,
    Not,
    Or,
    Statement,
)
from foedus.case.model import ByChange, Case, Priorities, Ranking, Record, Support, Worth
from reference.process_world import YEAR, Happening, happenings, movers_of, right_days

PRIOR_DONE = 0.5
PRIOR_YEARS = 0.5
"""A hazard's prior: half a thing done in half an issue-year."""

SHARE_OF_RANGE = 0.005
"""By more than this share of its range an actor with utilities must gain to move at all."""

STEP = 0.5
"""The longest step in time, in days, unless said otherwise: right to 2e-7 or so."""

State = tuple[str, ...]
"""The position of each issue, in the order of the case."""


class Item(NamedTuple):
    """What has to be got ready: an issue, the record that paces it, and what it takes in days.

    Whatever position the issue is moved to, two changes of one issue with the same record and the
    same time taken wait for the same item.
    """

    issue: str
    record: str | None
    takes: float

    @property
    def quick(self) -> bool:
        """Whether there is nothing to wait for but a meeting."""
        return self.record is None and self.takes <= 0


@dataclass(frozen=True)
class Change:
    """A change from one state to another: ``target``, what it alters, and who may make it."""

    target: State
    issues: frozenset[str]
    items: frozenset[Item]
    coalitions: tuple[frozenset[str], ...]

    def part_of(self, other: Change, issues: tuple[str, ...]) -> bool:
        """Whether it alters fewer issues, and those to the same positions."""
        return self.issues < other.issues and all(
            mine == theirs
            for name, mine, theirs in zip(issues, self.target, other.target, strict=True)
            if name in self.issues
        )


class Setting:
    """A case, as the process needs it.

    ``states`` are the feasible ones. ``worth[a][s]`` is what the ordinary actor a makes of what s
    falls to: points, or the rank of its level from 0 to 1; ``span[a]`` is its range over feasible
    settled states and ``least_gain[a]`` what it must gain (0 for an ordinal actor).
    ``passes[v][s]`` says whether the electorate v approves of what s falls to.
    ``periods`` are the days on which rights begin or have ended, the first day before them, and
    ``changes[p][s]`` the changes that are looked at and belong to somebody from day p on.
    ``hazard[i]`` is a day's. ``step`` is the longest step in time, in days, of the solver.
    """

    def __init__(self, case: Case, reach: int = 2, step: float = STEP) -> None:
        if case.as_of is None or case.deadline is None:
            raise ValueError("a process needs a first and a last day")
        self.case = case
        self.reach = reach
        self.step = step
        self.issues = tuple(case.issues)
        self.days = float((case.deadline - case.as_of).days)
        everything = itertools.product(
            *([p.id for p in issue.positions] for issue in case.issues.values())
        )
        self.states = [s for s in everything if all(self.holds(r.statement, s) for r in case.rules)]
        self._feasible = set(self.states)
        self.today = tuple(
            case.today[name] if case.today is not None else issue.positions[0].id
            for name, issue in case.issues.items()
        )
        self.fall = {s: self._fallen(s) for s in self.states}
        self.settled = [s for s in self.states if self._settled(s)]
        self.worth: dict[str, dict[State, float]] = {}
        self.passes: dict[str, dict[State, bool]] = {}
        self.span: dict[str, float] = {}
        self.least_gain: dict[str, float] = {}
        for actor in case.preferences:
            self._read_preference(actor)
        self.periods = sorted({0.0, *(d for d in right_days(case) if 0 < d <= self.days)})
        self.changes = {
            day: {s: self._changes_from(s, day) for s in self.states} for day in self.periods
        }
        every = [c for by in self.changes.values() for many in by.values() for c in many]
        self.items = sorted({i for c in every for i in c.items if not i.quick}, key=repr)
        self.hazard = {
            i: 0.0 if i.record is None else hazard(case.records[i.record]) / YEAR
            for i in self.items
        }
        self.world = happenings(case, self.days)
        self._results = {
            (h.event.id, s): self.written_results(h, s) for h in self.world for s in self.states
        }
        self._check_world()

    # --- states ---------------------------------------------------------------------------

    def named(self, state: State) -> dict[str, str]:
        """The state as a map from issue to position."""
        return dict(zip(self.issues, state, strict=True))

    def possible(self, state: State) -> bool:
        """Whether a state is feasible."""
        return state in self._feasible

    def holds(self, statement: Statement, state: State) -> bool:
        """Whether the statement is true of the state as it stands."""
        return true_of(statement.tree, self.named(state), self.case)

    def matched(self, state: State) -> list[str]:
        """The arrangements that what the state falls to matches."""
        fallen = self.fall[state]
        return [a.id for a in self.case.arrangements.values() if self.holds(a.when, fallen)]

    def _fallen(self, state: State) -> State:
        """All issues at once; what an expiring position becomes may depend on the state left."""
        return tuple(
            self._becomes(self.case.issues[name], position, state)
            for name, position in zip(self.issues, state, strict=True)
        )

    def _becomes(self, issue: Any, position: str, state: State) -> str:
        becomes = issue.falls.get(position, position)
        if isinstance(becomes, str):
            return becomes
        return next(
            str(one.to) for one in becomes if one.when is None or self.holds(one.when, state)
        )

    def _settled(self, state: State) -> bool:
        return all(
            position not in self.case.issues[name].falls
            for name, position in zip(self.issues, state, strict=True)
        )

    # --- worths ---------------------------------------------------------------------------

    def _read_preference(self, actor: str) -> None:
        preference = self.case.preferences[actor]
        if isinstance(preference, Support):
            judged = self.case.actors[actor].threshold
            threshold = 50.0 if judged is None else judged.mode
            self.passes[actor] = {
                s: self._support(preference, self.fall[s]) >= threshold - 1e-9 for s in self.states
            }
            return
        if isinstance(preference, Worth):
            values = {
                s: sum(i.value.mode for i in preference.items if self.holds(i.when, self.fall[s]))
                for s in self.states
            }
        elif isinstance(preference, Priorities | Ranking):
            levels = {s: self._level(preference, self.fall[s]) for s in self.states}
            order = sorted({levels[s] for s in self.settled})
            values = {s: order.index(levels[s]) / max(len(order) - 1, 1) for s in self.states}
        else:
            raise ValueError(f"{actor}: stances say nothing to the process")
        among = [values[s] for s in self.settled]
        self.worth[actor] = {s: float(value) for s, value in values.items()}
        self.span[actor] = float(max(among) - min(among))
        share = SHARE_OF_RANGE if isinstance(preference, Worth) else 0.0
        self.least_gain[actor] = share * self.span[actor]

    def _support(self, preference: Support, state: State) -> float:
        for item in preference.items:
            if item.when is None or self.holds(item.when, state):
                return item.share.mode
        raise ValueError("a list of support ends in a default")

    def _level(self, preference: Priorities | Ranking, state: State) -> tuple[float, ...]:
        """What sorts states, the least wanted first."""
        if isinstance(preference, Priorities):
            return tuple(
                float(self.holds(wish.when, state))
                for wish in preference.items
                if wish.probability is None or wish.probability.mode >= 0.5
            )
        for place, tier in enumerate(preference.tiers):
            if any(self.holds(statement, state) for statement in tier):
                return (-float(place),)
        return (-float(len(preference.tiers)),)

    # --- changes --------------------------------------------------------------------------

    def changes_on(self, day: float) -> dict[State, list[Change]]:
        """The changes of each state on a day."""
        return self.changes[max(one for one in self.periods if one <= day)]

    def _changes_from(self, state: State, day: float) -> list[Change]:
        found = []
        for target in self.states:
            altered = [k for k in range(len(self.issues)) if state[k] != target[k]]
            if not altered or not self._looked_at(state, target, altered):
                continue
            coalitions = self.coalitions(state, target, day)
            if coalitions:
                items = frozenset(self._item(k, state[k], target[k]) for k in altered)
                issues = frozenset(self.issues[k] for k in altered)
                found.append(Change(target, issues, items, coalitions))
        return found

    def _looked_at(self, state: State, target: State, altered: list[int]) -> bool:
        """Small changes are; a larger one when no proper part of it is feasible."""
        if len(altered) <= self.reach:
            return True
        for size in range(1, len(altered)):
            for some in itertools.combinations(altered, size):
                part = tuple(target[k] if k in some else state[k] for k in range(len(self.issues)))
                if part in self._feasible:
                    return False
        return True

    def _item(self, k: int, origin: str, target: str) -> Item:
        issue = self.case.issues[self.issues[k]]
        pace = issue.pace.of(origin, target)
        record = pace if pace in self.case.records else None
        return Item(issue.id, record, days_taken(issue, origin, target))

    def coalitions(
        self, state: State, target: State, day: float = 0.0
    ) -> tuple[frozenset[str], ...]:
        """Who may make a change: the smallest unions of movers, one for each issue altered."""
        movers = [
            movers_of(
                self.case,
                self.case.issues[name],
                here,
                there,
                lambda statement: self.holds(statement, state),
                day,
            )
            for name, here, there in zip(self.issues, state, target, strict=True)
            if here != there
        ]
        unions = {frozenset[str]().union(*one) for one in itertools.product(*movers)}
        return tuple(
            sorted((u for u in unions if not any(other < u for other in unions)), key=sorted)
        )

    # --- events ---------------------------------------------------------------------------

    def results(self, happening: Happening, state: State) -> list[tuple[float, State]]:
        """Where an event may lead if it happens in a state, and with what chances.

        Nowhere where it does not happen. What it sets may leave the state as it is.
        """
        return self._results[happening.event.id, state]

    def written_results(self, happening: Happening, state: State) -> list[tuple[float, State]]:
        """The same, whether or not it is feasible."""
        when = happening.event.when
        if when is not None and not self.holds(when, state):
            return []
        return [
            (
                share,
                tuple(
                    here if here in self.case.issues[name].final else sets.get(name, here)
                    for name, here in zip(self.issues, state, strict=True)
                ),
            )
            for share, sets in happening.outcomes
        ]

    def _check_world(self) -> None:
        """Raise ValueError for what an event makes of a state that can come about, if infeasible.

        What can come about is what changes and events lead to from today, whoever wants it. In any
        other state such an outcome changes nothing.
        """
        seen: set[State] = set()
        found = [self.today] if self.today in self._feasible else []
        while found:
            state = found.pop()
            if state in seen:
                continue
            seen.add(state)
            for happening in self.world:
                for _, target in self.results(happening, state):
                    if target not in self._feasible:
                        event = happening.event.id
                        raise ValueError(f"{event} makes {target} of {state}: not possible")
                    found.append(target)
            found += [c.target for by in self.changes.values() for c in by[state]]
        for (event, state), results in self._results.items():
            kept = [(share, t if t in self._feasible else state) for share, t in results]
            self._results[event, state] = kept


def days_taken(issue: Any, origin: str, target: str) -> float:
    """What a change within an issue takes beside its pace, in days."""
    takes = issue.takes.of(origin, target) if isinstance(issue.takes, ByChange) else issue.takes
    return 0.0 if takes is None else float(takes.mode)


def true_of(tree: Expression, state: Mapping[str, str], case: Case) -> bool:
    """Whether an expression is true of a state."""
    match tree:
        case In(issue, positions):
            return state[issue] in positions
        case Named(arrangement):
            return true_of(case.arrangements[arrangement].when.tree, state, case)
        case Not(part):
            return not true_of(part, state, case)
        case And(parts):
            return all(true_of(part, state, case) for part in parts)
        case Or(parts):
            return any(true_of(part, state, case) for part in parts)
        case Implies(left, right):
            return not true_of(left, state, case) or true_of(right, state, case)
        case Iff(left, right):
            return true_of(left, state, case) == true_of(right, state, case)
    raise TypeError(tree)


def hazard(record: Record) -> float:
    """The mean of the posterior of an item's hazard, a year.

    What is not done is at risk over the whole span, what is done until its date or half the span.
    """

    def years(start: date, end: date) -> float:
        return (end - start).days / YEAR

    span = years(record.since, record.until)
    at_risk = (record.agreed - record.done) * span
    at_risk += (record.done - len(record.done_on)) * span / 2
    at_risk += sum(years(record.since, day) for day in record.done_on)
    return (PRIOR_DONE + record.done) / (PRIOR_YEARS + at_risk)


def subsets(items: Iterable[Item]) -> list[frozenset[Item]]:
    """All sets of some of the items, the empty one first."""
    listed = sorted(items, key=repr)
    return [
        frozenset(some)
        for size in range(len(listed) + 1)
        for some in itertools.combinations(listed, size)
    ]
