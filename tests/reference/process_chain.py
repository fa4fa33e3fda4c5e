"""The process solved by small steps in time; slow, and for small cases only.

Forward: how likely each state is, from today. Backward: what each actor expects at the end, from
the deadline, and with it what farsighted actors agree to. Both by the classical Runge-Kutta method
of fourth order with steps of ``Setting.step`` or less, between days on which a rate jumps.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import replace

from reference.process_case import Item, Setting, State
from reference.process_clocks import (
    MEETINGS,
    Agreement,
    AllClocks,
    Clocks,
    Plan,
    Step,
    Worths,
    chosen,
    days_of,
    moments_of,
    weights,
)

OFTEN = 50
"""So many steps at least in the mean time until an event."""

CALENDAR = 7.0
"""Farsighted actors reconsider so often, in days, counted back from the deadline."""

Spread = dict[State, float]
"""A number for each state: a chance, or what an actor expects."""


# --- what may happen in a state -------------------------------------------------------------


def shared(targets: list[State], rate: float) -> Spread:
    """A rate or chance split equally over the targets."""
    return dict.fromkeys(targets, rate / len(targets))


def add(total: Spread, more: Spread) -> None:
    """Add the one to the other in place."""
    for state, value in more.items():
        total[state] = total.get(state, 0.0) + value


def rates(setting: Setting, state: State, clocks: Clocks, day: float, stretch: float) -> Spread:
    """At what rates, a day, a state with these clocks is left for others.

    ``stretch`` is a day within the step being made: an item that only begins on its last day is not
    under way.
    """
    found: Spread = {}
    for happening in clocks.world:
        for share, target in setting.results(happening, state):
            add(found, {target: share * happening.hazard})
    for candidates in clocks.meetings.values():
        add(found, shared(chosen(candidates), MEETINGS))
    if not clocks.timed:
        return found
    chances = weights(setting, clocks, day)
    none_ready = math.fsum(chances)
    for ready, chance in zip(clocks.unready, chances, strict=True):
        for item in clocks.items:
            if item in ready or item.record is None or stretch <= item.takes:
                continue
            complete = clocks.complete(ready | {item})
            if complete:
                together = tuple(c for clock in complete for c in clocks.timed[clock])
                rate = chance / none_ready * setting.hazard[item]
                add(found, shared(chosen(together), rate))
    return found


def after_moment(setting: Setting, state: State, step: Step) -> Spread:
    """The chances of where a state is left at a moment at which something happens."""
    if step.event is None:
        return after_jump(setting, state, step)
    found: Spread = {}
    for share, target in setting.results(step.event, state):
        add(found, {target: share})
    return found or {state: 1.0}


def after_jump(setting: Setting, state: State, step: Step) -> Spread:
    """The chances of where a state is left on a day on which items become ready for sure."""
    clocks = step.clocks[state]
    if not clocks.timed:
        return {state: 1.0}
    sure = {i for i in clocks.items if i.record is None and i.takes == step.start}
    chances = weights(setting, clocks, step.start)
    none_ready = math.fsum(chances)
    found: Spread = {}
    for ready, chance in zip(clocks.unready, chances, strict=True):
        complete = clocks.complete(ready | sure)
        orders = list(itertools.permutations(complete))
        for order in orders:
            ends: Spread = {state: chance / none_ready / len(orders)}
            for clock in order:
                ends = after_ring(ends, step, clock)
            add(found, ends)
    return found


def after_ring(spread: Spread, step: Step, clock: frozenset[Item]) -> Spread:
    """Where a ring of one clock leads from each of these states."""
    found: Spread = {}
    for state, chance in spread.items():
        candidates = step.clocks[state].timed.get(clock)
        add(found, shared(chosen(candidates), chance) if candidates else {state: chance})
    return found


# --- small steps ----------------------------------------------------------------------------


def moments(setting: Setting, start: float, end: float) -> list[float]:
    """The days at which the steps from ``start`` to ``end`` begin and end."""
    bends = {i.takes for i in setting.items if start < i.takes < end}
    fixed = sorted({start, end, *bends})
    found = [start]
    pace = math.fsum(h.hazard for h in setting.world if h.under_way(start))
    for a, b in itertools.pairwise(fixed):
        count = math.ceil((b - a) * max(1 / setting.step, OFTEN * pace))
        found += [a + (b - a) * k / count for k in range(1, count)] + [b]
    return found


def runge_kutta(
    value: Spread, slope: Callable[[Spread, float, float], Spread], days: list[float]
) -> Spread:
    """Follow ``slope(value, day, a day within the step)`` from the first day to the last."""

    def moved(by: Spread, days: float) -> Spread:
        return {s: value[s] + days * by[s] for s in value}

    for a, b in itertools.pairwise(days):
        middle = (a + b) / 2
        one = slope(value, a, middle)
        two = slope(moved(one, (b - a) / 2), middle, middle)
        three = slope(moved(two, (b - a) / 2), middle, middle)
        four = slope(moved(three, b - a), b, middle)
        value = {
            s: value[s] + (b - a) / 6 * (one[s] + 2 * two[s] + 2 * three[s] + four[s])
            for s in value
        }
    return value


class Rates:
    """The rates of a stretch, each worked out once."""

    def __init__(self, setting: Setting, step: Step) -> None:
        self.setting = setting
        self.step = step
        self.known: dict[tuple[State, float, float], Spread] = {}

    def of(self, state: State, day: float, stretch: float) -> Spread:
        """At what rates a state is left for others."""
        key = (state, day, stretch)
        if key not in self.known:
            self.known[key] = rates(self.setting, state, self.step.clocks[state], day, stretch)
        return self.known[key]


def forward(setting: Setting, plan: Plan, start: Spread | None = None) -> Spread:
    """How likely each state is right before the fall, from today or from other chances."""
    chances = dict.fromkeys(setting.states, 0.0)
    chances.update({setting.today: 1.0} if start is None else start)
    for step in plan:
        if step.start == step.end:
            after = dict.fromkeys(setting.states, 0.0)
            for state, chance in chances.items():
                if chance:
                    moved = after_moment(setting, state, step)
                    add(after, {s: chance * part for s, part in moved.items()})
            chances = after
            continue
        known = Rates(setting, step)

        def slope(now: Spread, day: float, stretch: float, known: Rates = known) -> Spread:
            change = dict.fromkeys(now, 0.0)
            for state, chance in now.items():
                if chance:
                    for target, rate in known.of(state, day, stretch).items():
                        change[target] += chance * rate
                        change[state] -= chance * rate
            return change

        chances = runge_kutta(chances, slope, moments(setting, step.start, step.end))
    return chances


def before(setting: Setting, step: Step, after: Worths) -> dict[str, Spread]:
    """What each actor expects at the beginning of a step, from what it expects at its end."""
    if step.start == step.end:
        moved = {s: after_moment(setting, s, step) for s in setting.states}
        return {
            actor: {
                s: math.fsum(chance * worth[t] for t, chance in moved[s].items())
                for s in setting.states
            }
            for actor, worth in after.items()
        }
    days = moments(setting, step.start, step.end)[::-1]
    known = Rates(setting, step)

    def slope(now: Spread, day: float, stretch: float) -> Spread:
        return {
            s: math.fsum(rate * (now[s] - now[t]) for t, rate in known.of(s, day, stretch).items())
            for s in now
        }

    return {actor: runge_kutta(dict(worth), slope, days) for actor, worth in after.items()}


def expected(setting: Setting, plan: Plan) -> Worths:
    """What each actor expects on the first day, by the state things might be in on it."""
    worth: Worths = setting.worth
    for step in reversed(plan):
        worth = before(setting, step, worth)
    return worth


# --- looking ahead --------------------------------------------------------------------------


def farsighted_plan(setting: Setting, calendar: float = CALENDAR) -> Plan:
    """What the clocks do when each actor goes by what it expects, backwards from the deadline."""
    back = [setting.days - calendar * k for k in range(math.ceil(setting.days / calendar))]
    worth: Worths = setting.worth
    plan: Plan = []
    for start, end in reversed(list(itertools.pairwise(sorted({*days_of(setting), *back})))):
        moments = [Step(end, end, {}, event) for event in moments_of(setting, end)]
        for step in reversed([Step(start, end, {}), *moments]):
            agreement = Agreement(setting, worth, farsighted=True, day=step.start)
            made = replace(step, clocks=AllClocks(agreement, start))
            worth = before(setting, made, worth)
            plan.insert(0, made)
    return plan
