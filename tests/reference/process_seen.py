"""How likely it is that statements come to hold, or do not, by their dates: by small steps.

None of some statements has come to hold by its own date: until then its states are left for nowhere
and what has come to them is dropped. All else follows by inclusion and exclusion.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from reference.process_case import Setting, State
from reference.process_chain import Spread, forward
from reference.process_clocks import Clocks, Plan, Step


class Told(NamedTuple):
    """That what stands is among ``states`` at some time up to day ``by``, or ``never`` is."""

    states: frozenset[State]
    by: float
    never: bool


class _Stopped(dict[State, Clocks]):
    """The clocks of a step, of which none runs in some states."""

    def __init__(self, step: Step, stopped: Collection[State]) -> None:
        super().__init__()
        self.step = step
        self.stopped = stopped

    def __missing__(self, state: State) -> Clocks:
        self[state] = Clocks({}, {}) if state in self.stopped else self.step.clocks[state]
        return self[state]


def all_of(setting: Setting, plan: Plan, told: Sequence[Told]) -> Spread:
    """The chance of each end, and of all that is told."""
    come = [one for one in told if not one.never]
    never = [one for one in told if one.never]
    total = dict.fromkeys(setting.states, 0.0)
    for size in range(len(come) + 1):
        for some in itertools.combinations(come, size):
            for state, chance in none_of(setting, plan, [*never, *some]).items():
                total[state] += (-1) ** size * chance
    return total


def none_of(setting: Setting, plan: Plan, told: Sequence[Told]) -> Spread:
    """The chance of each end, and that none of what is told has come about by its date."""
    days = sorted({one.by for one in told})
    chances = _dropped({setting.today: 1.0}, told, -1.0)
    for step in _cut(plan, days):
        stopped = frozenset[State]().union(*(o.states for o in told if o.by >= step.end))
        part = replace(step, clocks=_Stopped(step, stopped))
        chances = forward(setting, [part], chances)
        chances = _dropped(chances, told, step.end)
    return chances


def _dropped(chances: Spread, told: Sequence[Told], day: float) -> Spread:
    return {
        state: 0.0 if any(state in o.states and o.by >= day for o in told) else chance
        for state, chance in chances.items()
    }


def _cut(plan: Plan, days: Sequence[float]) -> Iterable[Step]:
    """The steps of a plan, cut at some days."""
    for step in plan:
        inside = [day for day in days if step.start < day < step.end]
        if not inside:
            yield step
        for start, end in itertools.pairwise([step.start, *inside, step.end] if inside else []):
            yield Step(start, end, step.clocks)
