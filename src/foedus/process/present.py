"""Does the model explain the present? By which changes today is left, and why not long ago."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from foedus.case.model import Worth
from foedus.process.drawn import MOST_LIKELY_PROCESS
from foedus.process.likeliest import came, name_of
from foedus.process.model import Drawn, Process
from foedus.process.myopic import Myopic
from foedus.process.pace import DAYS_A_YEAR
from foedus.process.seasons import conditional_rights, turns_of
from foedus.process.steps import Step, step_between
from foedus.process.timing import Schedule
from foedus.process.worths import TOLERANCE

UNEXPLAINED = 0.5
"""Today is not explained when it is left within a year with at least this chance, though it could
have been left long ago."""

MATTERS = 0.1
"""Who leaves it by changes with less than this share of that chance is not named."""


@dataclass(frozen=True, slots=True)
class Departure:
    """An agreed change by which today is left within a year, with its ``chance``.

    ``long_ago``: all who make it would gain even if today lasted, so it could have been made
    before; otherwise some gain comes only from what today reverts to at the deadline, or the right
    to it begins later than today (``step.since``), or is ``recent``: those who make it could not
    have as long before today as one looks ahead. Then ``silenced`` are the worths (actor, item)
    without which it would be ``long_ago``, and which are of something that no state reverts to:
    they alter no other answer.
    """

    step: Step
    chance: float
    long_ago: bool
    recent: bool = False
    silenced: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Present:
    """How likely today is left within ``days`` (a year, or until the deadline), and by what.

    ``left`` is the chance that it is left, ``by_events`` that events alone lead from it first;
    ``departures`` come likeliest first.
    """

    days: float
    left: float
    departures: tuple[Departure, ...]
    by_events: float = 0.0

    @property
    def unexplained(self) -> tuple[str, ...]:
        """Who (ids joined by ``+``) would leave today, and the model leaves open why not long ago.

        None where changes that could have been made long ago have together a chance below
        ``UNEXPLAINED``.
        """
        long_ago = [d for d in self.departures if d.long_ago]
        chance = sum(d.chance for d in long_ago)
        if chance < UNEXPLAINED:
            return ()
        by: dict[str, float] = {}
        for each in long_ago:
            by[each.step.by] = by.get(each.step.by, 0.0) + each.chance
        return tuple(who for who, share in by.items() if share >= MATTERS * chance)

    @property
    def silenced(self) -> tuple[tuple[str, str], ...]:
        """The worths, as (actor, item), that alone keep the question from being asked."""
        return tuple(dict.fromkeys(each for d in self.departures for each in d.silenced))


def present(process: Process, drawn: Drawn | None = None) -> Present:
    """Look at the agreed changes from today, of myopic actors at the most likely judgements."""
    drawn = process.drawn(MOST_LIKELY_PROCESS) if drawn is None else drawn
    days = min(DAYS_A_YEAR, process.days)
    chain = process.myopic(drawn)
    e = chain.explored
    today = int(e.number[0, process.today])
    rows = np.flatnonzero(e.ways.node == today)
    agreed = came(e, drawn.timing, drawn.schedule)
    brought = np.intersect1d(rows, agreed[e.ways.event[agreed] < 0])
    first = replace(e, ways=e.ways.some(rows))
    schedule = Schedule.of(drawn.timing, np.array([days]))
    start = np.zeros(chain.nodes)
    start[today] = 1.0
    at = int(np.searchsorted(schedule.ends[:, 0], days))
    chance = Myopic(first, drawn.timing, schedule).forward(start)[at]
    found = []
    for node in np.unique(e.ways.target[brought]):
        if chance[node] > 0.0:
            season = int(e.ways.season[brought][e.ways.target[brought] == node].min())
            found.append(
                _departure(process, drawn, int(e.state[node]), float(chance[node]), season)
            )
    found.sort(key=lambda d: (-round(d.chance, 9), name_of(process.game.space, d.step.target)))
    left = float(1.0 - chance[today])
    by_events = max(left - sum(d.chance for d in found), 0.0) if len(process.world) else 0.0
    return Present(days, left, tuple(found), by_events)


def _departure(
    process: Process, drawn: Drawn, target: int, chance: float, season: int
) -> Departure:
    step = step_between(process, drawn, process.today, target, season=season)
    if step.since is not None:
        return Departure(step, chance, long_ago=False)
    if _recent(process, step):
        return Departure(step, chance, long_ago=False, recent=True)
    if _as_they_stand(process, drawn, step, frozenset()):
        return Departure(step, chance, long_ago=True)
    silent = {
        (actor, item): value
        for actor in step.coalition
        for item, value in _without_effect(process, actor).items()
    }
    if _as_they_stand(process, drawn, step, frozenset(silent)):
        return Departure(step, chance, long_ago=False, silenced=tuple(silent))
    return Departure(step, chance, long_ago=False)


def _recent(process: Process, step: Step) -> bool:
    """Whether those who make a step had no right to it as long before today as one looks ahead."""
    today = process.case.as_of
    if today is None:
        return False
    before = today - timedelta(days=min(DAYS_A_YEAR, process.days))
    if not any(before < day <= today for day in turns_of(conditional_rights(process.case))):
        return False
    finder = process.rules_on(before).finder
    family = finder.family_between(step.origin, step.target)
    makers = frozenset(step.coalition)
    return family < 0 or not any(makers.issuperset(c) for c in finder.coalitions(family))


def _as_they_stand(
    process: Process, drawn: Drawn, step: Step, without: frozenset[tuple[str, str]]
) -> bool:
    """Whether all who make a step would agree if states were judged as they stand."""
    least = dict(zip(drawn.worths.ordinary, drawn.worths.least[:, 0].tolist(), strict=True))
    unit = dict(zip(drawn.worths.ordinary, drawn.worths.unit[:, 0].tolist(), strict=True))
    for actor in step.coalition:
        view = process.game.views[actor]
        after = float(view.standing[step.target])
        if view.electorate:
            if after < (view.threshold or 0.0) - TOLERANCE:
                return False
            continue
        gone = _without_effect(process, actor)
        off = sum(value for item, value in gone.items() if (actor, item) in without)
        gain = after - float(view.standing[step.origin]) + off
        if gain <= (least[actor] + TOLERANCE) * unit[actor]:
            return False
    return True


def _without_effect(process: Process, actor: str) -> dict[str, float]:
    """The worths of what holds today while it lasts and in nothing that a state reverts to."""
    preference = process.case.preferences[actor]
    if not isinstance(preference, Worth):
        return {}
    space = process.game.space
    settled = np.unique(space.fall)
    found = {}
    for item in preference.items:
        holds = space.holds(item.when.tree)
        if holds[process.today] and not holds[settled].any():
            found[item.id] = item.value.mode
    return found
