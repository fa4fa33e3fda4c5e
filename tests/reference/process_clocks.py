"""Who agrees to what, and what the clocks of each state do; defined in ``reference.process``."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from reference.process_case import Change, Item, Setting, State, subsets
from reference.process_world import YEAR, Happening

Worths = Mapping[str, Mapping[State, float]]
Clock = frozenset[Item]
Candidate = tuple[float, State]
"""An agreed change: the geometric mean of gains, and where it leads."""

MEETINGS = 12 / YEAR
"""The rate of a meeting clock, a day."""

EQUAL = 1e-9
"""Differences below this share of an actor's range are none."""


# --- who agrees to what -----------------------------------------------------------------------


@dataclass(frozen=True)
class Agreement:
    """Who agrees to what on a day, going by ``worth``: ordinary actor -> state -> what counts."""

    setting: Setting
    worth: Worths
    farsighted: bool
    day: float

    def agrees(self, actor: str, origin: State, target: State) -> bool:
        """Whether one member of a coalition says yes."""
        setting = self.setting
        if actor in setting.passes:
            return setting.passes[actor][target]
        span = setting.span[actor]
        if span == 0:
            return False
        needed = (0.0 if self.farsighted else setting.least_gain[actor]) + EQUAL * span
        gain = self.worth[actor][target] - self.worth[actor][origin]
        fallen = setting.worth[actor][target] - setting.worth[actor][origin]
        return gain > needed or (gain >= -EQUAL * span and fallen > needed)

    def agreeing(self, origin: State, change: Change) -> list[frozenset[str]]:
        """The coalitions that may make the change and all of whose members agree."""
        return [
            coalition
            for coalition in change.coalitions
            if all(self.agrees(actor, origin, change.target) for actor in coalition)
        ]

    def mean(self, origin: State, change: Change) -> float | None:
        """The best geometric mean of gains of an agreeing coalition; None: nobody agrees."""
        means = []
        for coalition in self.agreeing(origin, change):
            gains = [
                max(self.worth[a][change.target] - self.worth[a][origin], 0.0)
                / self.setting.span[a]
                for a in coalition
                if a not in self.setting.passes
            ]
            means.append(math.prod(gains) ** (1 / len(gains)))
        return max(means, default=None)

    def stands_for(self, origin: State, part: Change, whole: Change) -> bool:
        """Whether an agreed part does away with the whole.

        Myopic: always. Farsighted: when some coalition that can make the part, and agrees to it,
        has nobody whom the whole would serve better.
        """
        coalitions = self.agreeing(origin, part)
        if not self.farsighted:
            return bool(coalitions)
        return any(
            all(
                self.worth[a][part.target] - self.worth[a][whole.target]
                >= -EQUAL * self.setting.span[a]
                for a in coalition
                if a not in self.setting.passes
            )
            for coalition in coalitions
        )

    def agreed(self, origin: State) -> list[tuple[Change, float]]:
        """The changes agreed in a state after parts first, each with its mean."""
        changes = self.setting.changes_on(self.day)[origin]
        found = []
        for whole in changes:
            mean = self.mean(origin, whole)
            if mean is not None and not any(
                part.part_of(whole, self.setting.issues) and self.stands_for(origin, part, whole)
                for part in changes
            ):
                found.append((whole, mean))
        return found


# --- what the clocks do -----------------------------------------------------------------------


@dataclass(frozen=True)
class Clocks:
    """The clocks that run in one state, each with the agreed changes it stands for.

    ``world`` are the events that may happen in it at any time, each asking nobody.
    """

    timed: Mapping[Clock, tuple[Candidate, ...]]
    meetings: Mapping[frozenset[str], tuple[Candidate, ...]]
    world: tuple[Happening, ...] = ()

    @cached_property
    def items(self) -> list[Item]:
        """The items that some clock waits for."""
        return sorted({item for clock in self.timed for item in clock}, key=repr)

    @cached_property
    def unready(self) -> list[frozenset[Item]]:
        """The sets of items that may be ready though no clock is: none holds a clock's items."""
        return [some for some in subsets(self.items) if not self.complete(some)]

    def complete(self, ready: frozenset[Item]) -> list[Clock]:
        """The clocks whose items are all ready."""
        return [clock for clock in self.timed if clock <= ready]


def clocks_of(agreement: Agreement, origin: State, since: float) -> Clocks:
    """The clocks that run in a state in the stretch that begins on day ``since``."""
    timed: dict[Clock, list[Candidate]] = {}
    meetings: dict[frozenset[str], list[Candidate]] = {}
    for change, mean in agreement.agreed(origin):
        waits = frozenset(i for i in change.items if i.record is not None or i.takes > since)
        if waits:
            timed.setdefault(waits, []).append((mean, change.target))
        else:
            meetings.setdefault(change.issues, []).append((mean, change.target))
    return Clocks(
        {clock: tuple(many) for clock, many in timed.items()},
        {issues: tuple(many) for issues, many in meetings.items()},
        tuple(h for h in agreement.setting.world if h.under_way(since)),
    )


def chosen(candidates: tuple[Candidate, ...]) -> list[State]:
    """Where the best candidates lead: one of these, with equal chances."""
    best = max(mean for mean, _ in candidates)
    return sorted({target for mean, target in candidates if mean >= best - EQUAL})


@dataclass(frozen=True)
class Step:
    """A stretch of time, [start, end), or a moment (``start`` = ``end``), with all states' clocks.

    A moment is an event of that day, or else a jump: items become ready for sure. On a jump the
    clocks wait for what the stretch before waits for, with the rights of the day itself.
    """

    start: float
    end: float
    clocks: dict[State, Clocks]
    event: Happening | None = None

    @property
    def jump(self) -> bool:
        """Whether it is a moment at which items become ready for sure."""
        return self.start == self.end and self.event is None


Plan = list[Step]
"""Stretches and moments in the order of time."""


def jumps_of(setting: Setting) -> list[float]:
    """The days on which an item that no record paces becomes ready."""
    return sorted(
        {i.takes for i in setting.items if i.record is None and 0 < i.takes <= setting.days}
    )


def days_of(setting: Setting) -> list[float]:
    """The first day, the last, and those between on which something about time changes.

    Items become ready for sure, events happen or no longer may, rights begin or have ended.
    """
    ends = [h.until if h.day is None else h.day for h in setting.world]
    days = {*jumps_of(setting), *ends, *setting.periods, setting.days}
    return sorted({0.0, *(day for day in days if day <= setting.days)})


def moments_of(setting: Setting, day: float) -> list[Happening | None]:
    """What happens on a day, in order: its events, then a jump (None) if there is one."""
    dated = [h for h in setting.world if h.day == day]
    return [*dated, *([None] if day in jumps_of(setting) else [])]


class AllClocks(dict[State, Clocks]):
    """The clocks of every state in the stretch that begins on day ``since``, when asked for."""

    def __init__(self, agreement: Agreement, since: float) -> None:
        super().__init__()
        self.agreement = agreement
        self.since = since

    def __missing__(self, state: State) -> Clocks:
        self[state] = clocks_of(self.agreement, state, self.since)
        return self[state]


def myopic_plan(setting: Setting) -> Plan:
    """What the clocks do when each actor goes by the worth of what a state falls to."""
    plan = []
    for start, end in itertools.pairwise(days_of(setting)):
        now, then = (
            AllClocks(Agreement(setting, setting.worth, farsighted=False, day=day), start)
            for day in (start, end)
        )
        plan.append(Step(start, end, now))
        plan += [Step(end, end, then, event) for event in moments_of(setting, end)]
    return plan


# --- how far the items are --------------------------------------------------------------------


def chance_open(setting: Setting, item: Item, day: float) -> float:
    """The chance that an item is not ready by a day, before what becomes ready on it for sure."""
    if item.record is None:
        return 1.0 if day <= item.takes else 0.0
    return math.exp(-setting.hazard[item] * max(day - item.takes, 0.0))


def chance_ready(setting: Setting, item: Item, day: float) -> float:
    """One minus that, with its digits."""
    if item.record is None:
        return 0.0 if day <= item.takes else 1.0
    return -math.expm1(-setting.hazard[item] * max(day - item.takes, 0.0))


def weights(setting: Setting, clocks: Clocks, day: float) -> list[float]:
    """For each set of ``clocks.unready``, the chance that just these items are ready."""
    ready = {i: chance_ready(setting, i, day) for i in clocks.items}
    still = {i: chance_open(setting, i, day) for i in clocks.items}
    return [
        math.prod(ready[i] if i in some else still[i] for i in clocks.items)
        for some in clocks.unready
    ]
