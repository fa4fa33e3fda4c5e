"""What the world does: where events lead, and how often or how likely, in each draw.

A *happening* is one outcome of one event. Events that come at a rate, or by a day with some chance,
are clocks that ask nobody; others happen on their day, before anything else of that day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from foedus.case.judgement import Judgement
from foedus.case.model import Case, ChanceBy, Event, OnDay, Outcome, Rate
from foedus.case.problems import CaseError, Problem
from foedus.game.space import Indexes, Mask, Space
from foedus.preferences.sample import Floats
from foedus.process.drawn import ProcessSample
from foedus.process.pace import DAYS_A_YEAR

SUREST = 1.0 - 1e-9
"""The greatest chance by a day: one of 1 would have to come at once."""


@dataclass(frozen=True, eq=False)
class World:
    """The happenings of a case, in the order of the file.

    ``target`` (happenings, states) is the state that each leads to, the state itself where nothing
    happens, -1 where that is not possible. ``day`` (happenings,) is the day of those that have one,
    in days from today, infinite for the others; ``until`` the day on which clocks stop.
    """

    events: tuple[tuple[Event, int], ...]
    target: Indexes
    day: Floats
    until: Floats

    def __len__(self) -> int:
        return len(self.events)

    @cached_property
    def clocked(self) -> Mask:
        """Which happenings come by a clock; (happenings,)."""
        return ~np.isfinite(self.day)

    @cached_property
    def of_days(self) -> list[Indexes]:
        """The happenings of each event that has a day, in the order of the file."""
        ids = np.array([event.id for event, _ in self.events])
        dated = dict.fromkeys(ids[~self.clocked].tolist())
        return [np.flatnonzero(ids == each) for each in dated]

    def leads(self, happening: int, states: Indexes) -> Mask:
        """From which of some states a happening leads elsewhere."""
        return np.asarray(self.target[happening, states] != states)


NOTHING = World((), np.zeros((0, 0), dtype=np.intp), np.zeros(0), np.zeros(0))
"""The world of a case in which nothing happens of itself."""


def world_of(space: Space, as_of: date | None, days: float) -> World:
    """The happenings of a case within the next ``days``, without events that surely never come."""
    case = space.case
    found: list[tuple[tuple[Event, int], Indexes, float, float]] = []
    for event in case.events.values():
        day = until = np.inf
        match event.timing:
            case OnDay(on):
                day = _days_to(case, event, on, as_of)
            case ChanceBy(by, _):
                until = _days_to(case, event, by, as_of)
            case Rate():
                pass
        if (np.isfinite(day) and day > days) or _never(event):
            continue
        for k, outcome in enumerate(event.outcomes):
            found.append(((event, k), _targets(space, event, outcome), day, until))
    states = np.zeros((0, len(space)), dtype=np.intp)
    return World(
        tuple(each[0] for each in found),
        np.stack([each[1] for each in found]) if found else states,
        np.array([each[2] for each in found]),
        np.array([each[3] for each in found]),
    )


def _never(event: Event) -> bool:
    """Whether an event is judged never to come, whatever is drawn."""
    match event.timing:
        case Rate(judged) | ChanceBy(_, judged):
            return judged.high <= 0.0
        case OnDay():
            return False


def _days_to(case: Case, event: Event, day: date, as_of: date | None) -> float:
    if as_of is None:
        message = f"event {event.id!r} comes by date, and the case does not say `as_of`"
        raise CaseError([Problem(message, case.place(("events", event.id)))], case.file)
    return float((day - as_of).days)


def _targets(space: Space, event: Event, outcome: Outcome) -> Indexes:
    """Where an outcome leads from each state; (states,)."""
    every = np.arange(len(space))
    target = space.after(every, outcome.sets)
    if event.when is None:
        return target
    return np.where(space.holds(event.when.tree), target, every)


def chances_of(case: Case, world: World, sample: ProcessSample, as_of: date | None) -> Floats:
    """By draw and happening: how often a day, or, on a day of its own, with what chance."""
    shares: dict[str, Floats] = {}
    found = np.zeros((sample.size, len(world)))
    for column, (event, k) in enumerate(world.events):
        if event.id not in shares:
            shares[event.id] = _shares(event, sample)
        found[:, column] = shares[event.id][:, k] * _pace(case, event, sample, as_of)
    return found


def _pace(case: Case, event: Event, sample: ProcessSample, as_of: date | None) -> Floats:
    """How often a day an event happens; 1 for one that has a day."""
    match event.timing:
        case Rate(a_year):
            return sample.values(a_year) / DAYS_A_YEAR
        case ChanceBy(by, value):
            chance = np.minimum(sample.values(value), SUREST)
            return -np.log1p(-chance) / _days_to(case, event, by, as_of)
        case OnDay():
            return np.ones(sample.size)


def _shares(event: Event, sample: ProcessSample) -> Floats:
    """By draw: the probability of each outcome, if the event happens."""

    def drawn(share: Judgement | None) -> Floats:
        return np.zeros(sample.size) if share is None else sample.values(share)

    shares = np.stack([drawn(outcome.share) for outcome in event.outcomes], axis=1)
    if event.outcomes[-1].share is None:
        shares[:, -1] = np.maximum(1.0 - shares.sum(axis=1), 0.0)
    total = shares.sum(axis=1, keepdims=True)
    return np.asarray(shares / np.where(total > 0, total, 1.0))


def refuse_impossible(space: Space, world: World, reached: Mask) -> None:
    """Raise CaseError where an event would lead from a state that can come about to none."""
    problems = []
    for (event, k), target in zip(world.events, world.target, strict=True):
        wrong = np.flatnonzero(reached & (target < 0))
        if not len(wrong):
            continue
        where = ", ".join(f"{i} = {p}" for i, p in space.positions(int(wrong[0])).items())
        problems.append(
            Problem(
                f"event {event.id!r} would lead from a state that can come about to one that the "
                f"rules do not allow: from {where}",
                space.case.place(event.outcomes[k].path),
                expected="a `when` that leaves such states out, or what it must set with it",
            )
        )
    if problems:
        raise CaseError(problems, space.case.file)
