"""What the world does to a forecast: how likely each event is, what it changes, and when it jumps.

At the most likely judgements each event is taken away in turn and the process solved again. An
event happens here when it sets something: an attempt that leaves everything as it is does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
from immutabledict import immutabledict

from foedus.case.model import OnDay
from foedus.forecasting.pieces import matching
from foedus.game.space import Indexes
from foedus.preferences.sample import Floats
from foedus.process.chances import as_chances
from foedus.process.drawn import MOST_LIKELY_PROCESS
from foedus.process.model import Drawn, Process
from foedus.process.myopic import Myopic
from foedus.result import data_of


@dataclass(frozen=True, slots=True)
class EventEffect:
    """One event at the most likely judgements, with myopic actors and nothing left out.

    ``chance`` is that it happens by the deadline at least once; ``reached`` is how likely each
    arrangement is, ``without`` the same if the event never happens.
    """

    event: str
    chance: float
    reached: Mapping[str, float]
    without: Mapping[str, float]

    @property
    def moved(self) -> str | None:
        """The arrangement that it moves most; None where it moves none."""
        by = {name: abs(p - self.without[name]) for name, p in self.reached.items()}
        most = max(by, key=by.__getitem__, default=None)
        return most if most is not None and by[most] > 0.0 else None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {"chance": self.chance, "without": dict(self.without)}


@dataclass(frozen=True, slots=True)
class Jump:
    """A day on which events happen: how likely each arrangement would be at a deadline then.

    ``before`` on the day before, ``on`` after the events of the day; by the inside view.
    """

    day: date
    events: tuple[str, ...]
    before: Mapping[str, float]
    on: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        data = data_of(self, "events before on")
        return {"day": self.day.isoformat(), **data}


def event_effects(process: Process) -> tuple[EventEffect, ...]:
    """What each event that can come about does, in the order of the file."""
    world = process.world
    if not len(world):
        return ()
    drawn = process.drawn(MOST_LIKELY_PROCESS)
    reached = _reached(process, drawn)
    by_event: dict[str, list[int]] = {}
    for happening, (event, _) in enumerate(world.events):
        by_event.setdefault(event.id, []).append(happening)
    found = []
    for event_id, happenings in by_event.items():
        events = drawn.timing.events.copy()
        events[:, happenings] = 0.0
        timing = replace(drawn.timing, events=events)
        without = _reached(process, Drawn(drawn.worths, timing, drawn.schedule))
        chance = _chance(process, drawn, np.array(happenings))
        found.append(EventEffect(event_id, chance, reached, without))
    return tuple(found)


def _reached(process: Process, drawn: Drawn) -> Mapping[str, float]:
    chain = process.myopic(drawn)
    end = chain.end(_start(process, chain))
    chances = as_chances(end @ matching(process)[chain.explored.state])
    return immutabledict(zip(process.case.arrangements, chances.tolist(), strict=True))


def _start(process: Process, chain: Myopic) -> Floats:
    start = np.zeros(chain.nodes)
    start[chain.explored.number[0, process.today]] = 1.0
    return start


def _chance(process: Process, drawn: Drawn, happenings: Indexes) -> float:
    """The chance that an event happens: all that it does leads to a node that nothing leaves."""
    chain = process.myopic(drawn)
    explored, last = chain.explored, chain.nodes
    ways = explored.ways
    target = np.where(np.isin(ways.event, happenings), last, ways.target)
    stopped = replace(
        explored,
        draw=np.append(explored.draw, 0),
        state=np.append(explored.state, -1),
        ways=ways.leading(np.arange(len(ways.node)), ways.node, target),
    )
    once = Myopic(stopped, drawn.timing, drawn.schedule)
    end = once.end(_start(process, once))
    return float(end[last])


def jump_days(process: Process) -> Mapping[float, tuple[str, ...]]:
    """The days (from today) on which dated events happen until the deadline, with their ids."""
    found: dict[float, list[str]] = {}
    for event in process.case.events.values():
        if isinstance(event.timing, OnDay) and process.case.as_of is not None:
            day = float((event.timing.day - process.case.as_of).days)
            if 0 < day <= process.days:
                found.setdefault(day, []).append(event.id)
    return immutabledict({day: tuple(ids) for day, ids in sorted(found.items())})


def with_jumps(process: Process, times: Floats) -> Floats:
    """Times at which to look, with the days of events and the days before; ascending."""
    days = np.array(list(jump_days(process)), dtype=float)
    if not len(days):
        return times
    return np.unique(np.concatenate([times, days, np.maximum(days - 1.0, 0.5)]))


def jumps_of(process: Process, moments: Floats, course: Floats) -> tuple[Jump, ...]:
    """The jumps in a course (moments, arrangements), at moments that `with_jumps` gave."""
    as_of, names = process.case.as_of, process.case.arrangements
    found = []
    for day, events in jump_days(process).items():
        before, on = (
            immutabledict(zip(names, course[place].tolist(), strict=True))
            for place in np.searchsorted(moments, [max(day - 1.0, 0.5), day])
        )
        if as_of is not None:
            found.append(Jump(as_of + timedelta(days=day), events, before, on))
    return tuple(found)
