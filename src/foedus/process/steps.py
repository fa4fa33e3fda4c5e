"""One step on a way: a change, who makes it and who refuses; or an event, which nobody makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from immutabledict import immutabledict

from foedus.case.model import Event
from foedus.process.model import Drawn, Process
from foedus.process.worths import TOLERANCE


@dataclass(frozen=True, slots=True)
class Refusal:
    """Who does not agree to a change, and what it lacks.

    An ordinary actor's ``gain`` is in its own units (ranks of an ordinal one), negative for a loss;
    it would have to exceed ``least``. An electorate's support for what the change leads to is
    ``share``, and ``threshold`` is needed, both in per cent.
    """

    actor: str
    gain: float | None = None
    least: float | None = None
    share: float | None = None
    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """One way in which an event turns out; ``outcome`` is its number among the event's outcomes."""

    event: Event
    outcome: int

    @property
    def branch(self) -> str | None:
        """What the outcome is called; None for the only one, or one without a name."""
        if len(self.event.outcomes) == 1:
            return None
        return self.event.outcomes[self.outcome].name

    @property
    def share(self) -> float:
        """The chance of this outcome, if the event happens, at the most likely judgements."""
        outcomes = self.event.outcomes
        shares = [outcome.share.mode for outcome in outcomes if outcome.share is not None]
        own = outcomes[self.outcome].share
        return max(1.0 - sum(shares), 0.0) if own is None else own.mode / max(sum(shares), 1.0)


@dataclass(frozen=True, slots=True)
class Step:
    """A step between two states, given by their indexes: a change, an event, or either of them.

    A change is told by the coalition that most agree in; there is none where an event alone leads
    there. ``happening`` is the event that leads there, None where none does. ``since`` is the first
    day on which a change's makers have the right, None where they have it today; ``until`` the last
    one, None where they keep it to the deadline.
    ``gains`` is by ordinary member, in its own units. ``days`` are expected, given that the way is
    gone by the deadline; None where it is not. Where the same clock brings something else that all
    who make it agree to, ``instead`` are the states that it leads to. ``aside``: it comes about on
    the way, but the other steps would be agreed and lead there without it.
    """

    origin: int
    target: int
    coalition: tuple[str, ...]
    gains: Mapping[str, float]
    refusals: tuple[Refusal, ...] = ()
    days: float | None = None
    instead: tuple[int, ...] = ()
    aside: bool = False
    happening: Happening | None = None
    since: date | None = None
    until: date | None = None

    @property
    def by(self) -> str:
        """The members of the coalition joined by ``+``."""
        return "+".join(self.coalition)


def step_between(
    process: Process,
    drawn: Drawn,
    origin: int,
    target: int,
    *,
    season: int = 0,
    days: float | None = None,
    instead: tuple[int, ...] = (),
    aside: bool = False,
    happening: Happening | None = None,
) -> Step:
    """Ask about a change that somebody may make in a season, in one draw, of myopic actors.

    Of the smallest coalitions that can make it, told is the one in which the fewest refuse; then
    with the greatest geometric mean of the gains of those who agree; then the first by name.
    """
    finder = process.seasons.rules[season].finder
    worths, views = drawn.worths, process.game.views
    share = dict(
        zip(
            worths.ordinary,
            (worths.worth[:, 0, target] - worths.worth[:, 0, origin]).tolist(),
            strict=True,
        )
    )
    least = dict(zip(worths.ordinary, worths.least[:, 0].tolist(), strict=True))
    passes = dict(zip(worths.electorates, worths.passes[:, 0, target].tolist(), strict=True))

    def agrees(actor: str) -> bool:
        if actor in passes:
            return bool(passes[actor])
        return bool(share[actor] > least[actor] + TOLERANCE)

    def ease(coalition: tuple[str, ...]) -> tuple[int, float, list[str]]:
        content = [share[a] for a in coalition if a in share and agrees(a)]
        mean = float(np.exp(np.log(content).mean())) if content else 0.0
        return sum(not agrees(a) for a in coalition), -round(mean, 9), sorted(coalition)

    coalition = min(finder.coalitions(finder.family_between(origin, target)), key=ease)
    gains = {
        a: float(views[a].values[target] - views[a].values[origin]) for a in coalition if a in share
    }
    refusals = tuple(
        Refusal(a, share=float(views[a].values[target]), threshold=views[a].threshold)
        if a in passes
        else Refusal(a, gain=gains[a], least=process.least[a])
        for a in coalition
        if not agrees(a)
    )
    since, until = span_of(process, origin, target, season)
    return Step(
        origin,
        target,
        coalition,
        immutabledict(gains),
        refusals,
        days,
        instead,
        aside,
        happening,
        since,
        until,
    )


def event_step(
    origin: int,
    target: int,
    happening: Happening,
    *,
    days: float | None = None,
    aside: bool = False,
) -> Step:
    """A step that an event alone makes: nobody is asked."""
    return Step(origin, target, (), immutabledict(), (), days, (), aside, happening)


def span_of(
    process: Process, origin: int, target: int, season: int
) -> tuple[date | None, date | None]:
    """From when and until when the change of a season may be made without a break.

    None for today, and for the deadline.
    """
    seasons = process.seasons
    if len(seasons.rules) == 1:
        return None, None

    def able(number: int) -> bool:
        return seasons.rules[number].finder.family_between(origin, target) >= 0

    first = last = season
    while first > 0 and able(first - 1):
        first -= 1
    while last + 1 < len(seasons.rules) and able(last + 1):
        last += 1
    since = process.begins(first) if first else None
    if last + 1 == len(seasons.rules):
        return since, None
    return since, process.begins(last + 1) - timedelta(days=1)


def happening_of(process: Process, number: int) -> Happening:
    """A happening of the process's world by its number."""
    return Happening(*process.world.events[number])
