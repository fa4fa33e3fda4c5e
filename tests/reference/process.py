"""The process of a case, by plain means, written from its definition alone.

*Time.* From the first day (0) to the deadline (T, in days). An item is an issue with the record
that paces it and the days it takes. It is got ready once, at a time of which F(t) = 1 - exp(-h (t
- takes)) is the distribution, or exactly after ``takes`` where no record paces it; such an item is
quick from then on.

*Clocks.* A change waits for its items that are not quick. All changes that wait for the same items
D share one clock, whoever makes them, and it runs in a state in which one of these changes is
agreed. It rings as if it had run from day 0 and not rung yet: nobody remembers a ring at which
nothing was agreed. Where several clocks run in a state they ring for the first time when the items
of one are all ready, given that no clock that runs now had its items ready before now. All those
that the last item completes ring as one. On a day on which items become ready for sure, clocks
may be ready together: they ring one after another in random order, each in the state that the one
before has left. Changes that wait for nothing share a meeting clock (rate q) with those that alter
the same issues.

*The world.* An event may happen at any time at a constant rate, again and again (or until a day),
or on its day, where its ``when`` holds in the state as it stands. It asks nobody, and turns out in
one of its ways. All that this way sets is set at once, save issues at a final position. On a day on
which several things happen, events come first, in the order of the case, then what becomes ready.
Who has a right may depend on the state that is left and on the day: the first entry that counts.

*Agreement.* A coalition that may make a change agrees to it when each ordinary member gains more
than its least gain, or loses nothing in what it goes by and gains more than that in what the state
falls to; an electorate when what the new state falls to passes. A change is left alone when a part
of it is agreed that can stand for it ("parts first"). At a ring the agreed change with the greatest
geometric mean of gains is made, equals with equal chances by where they lead.

*What an actor goes by.* Myopic: the worth of what a state falls to. Farsighted: the expected worth
at the end, backwards from the deadline on a calendar of seven days; days are added on which items
become ready for sure, events happen or no longer may, rights begin or have ended. What is agreed is
fixed between two days by what is expected at the later one, before anything happens on it.

A :class:`Plan` says, for each stretch between two such days and for each moment at which something
happens, what every clock of every state would do. :func:`simulate` walks paths through it, one at a
time, event by event.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from typing import Literal

from foedus.case.model import Case
from reference.process_case import Item, Setting, State
from reference.process_chain import farsighted_plan
from reference.process_clocks import (
    MEETINGS,
    Candidate,
    Clocks,
    Plan,
    Step,
    chosen,
    myopic_plan,
    weights,
)
from reference.process_world import Happening

Behaviour = Literal["myopic", "farsighted"]

PLANS: dict[Behaviour, Callable[[Setting], Plan]] = {
    "myopic": myopic_plan,
    "farsighted": farsighted_plan,
}
"""How each behaviour is planned."""


class Walker:
    """Walks paths through a plan."""

    def __init__(self, setting: Setting, seed: int) -> None:
        self.setting = setting
        self.random = random.Random(seed)  # noqa: S311 - no secrets here

    def path(self, plan: Plan) -> State:
        """The state in which one path ends, before the fall."""
        state = self.setting.today
        for step in plan:
            if step.event is not None:
                state = self.happened(step.event, state)
            else:
                state = self.at_jump(state, step) if step.jump else self.through(state, step)
        return state

    def through(self, state: State, step: Step) -> State:
        """From the beginning of a stretch to its end."""
        day = step.start
        while True:
            clocks = step.clocks[state]
            ring, candidates = self.next_ring(clocks, day, step.end)
            day, event = self.next_event(clocks, day, ring)
            if day >= step.end:
                return state
            if event is not None:
                state = self.happened(event, state)
            else:
                state = self.random.choice(chosen(candidates))

    def next_event(self, clocks: Clocks, day: float, end: float) -> tuple[float, Happening | None]:
        """When the next event comes, whether or not it does anything; at ``end`` none does."""
        times = [(day + self.random.expovariate(h.hazard), h) for h in clocks.world]
        first, event = min(times, key=lambda one: one[0], default=(end, None))
        return (first, event) if first < end else (end, None)

    def happened(self, event: Happening, state: State) -> State:
        """What stands after an event."""
        results = self.setting.results(event, state)
        if not results:
            return state
        ways = [target for _, target in results]
        return self.random.choices(ways, [share for share, _ in results])[0]

    def next_ring(
        self, clocks: Clocks, day: float, end: float
    ) -> tuple[float, tuple[Candidate, ...]]:
        """When a clock rings next, and what for; at ``end`` for nothing."""
        first = end
        candidates: tuple[Candidate, ...] = ()
        for many in clocks.meetings.values():
            meeting = day + self.random.expovariate(MEETINGS)
            if meeting < first:
                first, candidates = meeting, many
        if clocks.timed:
            ready = self.ready(clocks, day)
            times = {i: self.ready_on(i, day) for i in clocks.items if i not in ready}
            for item in sorted(times, key=lambda i: times[i]):
                ready |= {item}
                complete = clocks.complete(ready)
                if complete:
                    if times[item] < first:
                        first = times[item]
                        candidates = tuple(c for clock in complete for c in clocks.timed[clock])
                    break
        return first, candidates

    def ready(self, clocks: Clocks, day: float) -> frozenset[Item]:
        """The items ready by a day, given that no clock was complete."""
        return self.random.choices(clocks.unready, weights(self.setting, clocks, day))[0]

    def ready_on(self, item: Item, day: float) -> float:
        """When an item that is not ready by ``day`` becomes ready."""
        if item.record is None:
            return item.takes
        return max(day, item.takes) + self.random.expovariate(self.setting.hazard[item])

    def at_jump(self, state: State, step: Step) -> State:
        """On a day on which items become ready for sure."""
        clocks = step.clocks[state]
        if not clocks.timed:
            return state
        sure = {i for i in clocks.items if i.record is None and i.takes == step.start}
        complete = clocks.complete(self.ready(clocks, step.start) | sure)
        self.random.shuffle(complete)
        for clock in complete:
            if clock in step.clocks[state].timed:
                state = self.random.choice(chosen(step.clocks[state].timed[clock]))
        return state


def simulate(
    case: Case, paths: int, seed: int, behaviour: Behaviour = "myopic", reach: int = 2
) -> Counter[State]:
    """In how many of so many paths each state stood before the fall."""
    setting = Setting(case, reach)
    plan = PLANS[behaviour](setting)
    walker = Walker(setting, seed)
    return Counter(walker.path(plan) for _ in range(paths))
