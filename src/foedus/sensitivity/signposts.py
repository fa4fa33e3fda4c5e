"""What to watch for: moves seen, or not seen, by a date that shift the answer.

An event is that an issue has moved to a position by a date and stands there, or that it still
stands where it stands today. From the draws of one forecast come its probability and that of the
answer when it is seen, and when it is not. Events are ranked by the mean absolute change of the
answer's probability, over seen and not seen; that is twice the covariance of event and answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
from immutabledict import immutabledict

from foedus.case.aliases import with_old_names
from foedus.case.problems import CaseError, Problem, UnknownName
from foedus.document import Explanation
from foedus.forecasting.estimates import Probability, from_draws
from foedus.forecasting.results import Forecast
from foedus.forecasting.streams import DrawBlock
from foedus.game.space import Mask
from foedus.result import Result, explained
from foedus.sensitivity.moments import answers_of, ends_in, span_of, standing_on, watch_dates
from foedus.sensitivity.watching import Measured, Watched, measured, same_event

EARLY = 0.75
"""Of one event's dates the first is taken that shifts the answer by this part of the greatest."""

MOST = 5

Role = Literal["sign", "step", "bar"]
"""What an event is to an answer: a sign in another matter; a step of the answer itself, on an issue
that its pattern restricts; or one that bars the answer while it stands."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An event on one date: how likely it is, and what seeing it, or not, makes of each answer.

    ``shifts`` maps each answer to the mean absolute change of its probability, ``telling`` says
    whether the event tells anything beyond chance on this date.
    """

    day: date
    event: Probability
    seen: Mapping[str, Probability]
    not_seen: Mapping[str, Probability]
    shifts: Mapping[str, float]
    telling: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        told = {
            "by": self.day.isoformat(),
            "event": self.event.to_dict(),
            "observed": {name: p.to_dict() for name, p in self.seen.items()},
            "not_observed": {name: p.to_dict() for name, p in self.not_seen.items()},
            "shift": dict(self.shifts),
            "telling": self.telling,
        }
        return with_old_names(told, observed="seen", not_observed="not_seen")


@dataclass(frozen=True, slots=True)
class Companion:
    """Another event that happens with a signpost in nearly all draws, or ``instead`` of it."""

    issue: str
    position: str
    instead: bool


@dataclass(frozen=True, slots=True)
class Signpost:
    """Something to watch for.

    ``still`` marks that the position is today's: the event is that nothing has moved there.
    ``answer`` is the answer that it shifts most, and ``role`` what it is to that answer.
    ``reading`` is on the date to watch, ``readings`` are on all dates. ``companions`` happen with
    it in nearly all draws, and are no signposts of their own.
    """

    issue: str
    position: str
    still: bool
    answer: str
    role: Role
    reading: Reading
    readings: tuple[Reading, ...]
    companions: tuple[Companion, ...] = ()

    @property
    def shift(self) -> float:
        """The mean absolute change of the answer's probability."""
        return self.reading.shifts[self.answer]

    @property
    def observation(self) -> str:
        """The event in the form in which it can be observed; see :mod:`.observation`."""
        return f"{self.issue} = {self.position} by {self.reading.day}"

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "issue": self.issue,
            "position": self.position,
            "still": self.still,
            "answer": self.answer,
            "role": self.role,
            "observation": self.observation,
            **self.reading.to_dict(),
            "dates": [reading.to_dict() for reading in self.readings],
            "companions": [
                {"issue": c.issue, "position": c.position, "instead": c.instead}
                for c in self.companions
            ],
        }


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Signposts(Result):
    """What to watch for, by when, and what it would tell; the most telling first.

    ``answers`` are those asked about, with how likely they are before anything is seen; from
    ``draws`` draws. ``dates`` are those looked at, ``watched`` counts the events that were frequent
    enough to be measured, ``signposts`` are those that tell more than chance.
    """

    forecast: Forecast
    answers: Mapping[str, Probability]
    draws: int
    dates: tuple[date, ...]
    watched: int
    signposts: tuple[Signpost, ...]
    most: int = MOST

    def top(self, *roles: Role) -> tuple[Signpost, ...]:
        """The first ``most`` signposts, of these roles if any are named."""
        chosen = [s for s in self.signposts if not roles or s.role in roles]
        return tuple(chosen[: self.most])

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        told = {
            "answers": {name: p.to_dict() for name, p in self.answers.items()},
            "draws": self.draws,
            "dates": [day.isoformat() for day in self.dates],
            "watched": self.watched,
            "indicators": [signpost.to_dict() for signpost in self.signposts],
        }
        return with_old_names(told, indicators="signposts")

    def explain(self, issue: str, position: str | None = None) -> Explanation:
        """What the signposts on one issue (and position) tell, date by date.

        Raises KeyError for what is no signpost.
        """
        found = [s for s in self.signposts if s.issue == issue and position in (None, s.position)]
        if not found:
            what = issue if position is None else f"{issue} = {position}"
            raise UnknownName(
                "indicator", what, [f"{s.issue} = {s.position}" for s in self.signposts]
            )
        return explained(self, found)


def signposts(
    forecast: Forecast,
    answer: str | None = None,
    *,
    most: int = MOST,
    dates: Sequence[date] | None = None,
) -> Signposts:
    """What to watch for: the moves by a date that shift the answer most.

    ``answer`` is an arrangement; without one, all hypotheses are asked about together and each
    signpost is told of the one it shifts most. ``most`` says how many of a kind are told. ``dates``
    lie after ``as_of`` and before the deadline; see :func:`.moments.watch_dates` for the default.

    Only draws whose way was kept are used. Single moves are looked at, not combinations of them. An
    event is left out when fewer than ``LEAST`` draws have it or have it not, when chance would make
    as much of one of as many idle events, or when it is slight; see :mod:`.watching`. Of one
    event's dates the first is chosen that shifts the answer nearly as much as its best; of events
    that happen together one is a signpost and the others its companions.

    Raises CaseError for an unknown arrangement or a date out of the span, ValueError for ``most``
    below 1.
    """
    if most < 1:
        raise ValueError(f"{most} indicators: at least one is to be shown")
    case = forecast.case
    names = answers_of(case, answer)
    ends = ends_in(forecast, names)
    draws = len(forecast.detail.reached)
    days = _days(forecast, dates)
    generator = DrawBlock(0, 0, 1, forecast.seed).generator(f"indicators {answer or ''}")
    looked = [
        Watched.on(forecast.setting.game.space, standing_on(forecast, day), day) for day in days
    ]
    found = measured(looked, np.stack(list(ends.values()), axis=1), generator)
    return Signposts(
        forecast,
        immutabledict({n: from_draws(int(e.sum()), draws, case.words) for n, e in ends.items()}),
        draws,
        days,
        sum(int(m.enough.sum()) for m in found),
        _chosen(forecast, names, looked, found),
        most,
    )


def _days(forecast: Forecast, dates: Sequence[date] | None) -> tuple[date, ...]:
    as_of, deadline = span_of(forecast.case)
    if dates is None:
        return watch_dates(as_of, deadline)
    for day in dates:
        if not as_of < day < deadline:
            expected = f"a date after {as_of} and before {deadline}"
            raise CaseError([Problem(f"{day} cannot be watched", expected=expected)], "<date>")
    return tuple(sorted(set(dates)))


def _chosen(
    forecast: Forecast, names: tuple[str, ...], looked: list[Watched], found: list[Measured]
) -> tuple[Signpost, ...]:
    """One date for each event, one event of those that happen together; most telling first."""
    candidates: list[tuple[float, bool, int, int, int]] = []
    today = forecast.setting.today
    events = looked[0].events if looked else ()
    for event, (issue, position) in enumerate(events):
        shifts = [m.worth(event) for m in found]
        best = max(shifts, default=0.0)
        if best > 0:
            when = next(d for d, shift in enumerate(shifts) if shift >= EARLY * best)
            still = looked[when].today(today, issue) == position
            told = int(found[when].told[event])
            candidates.append((-round(shifts[when], 12), still, event, when, told))
    kept: list[tuple[int, int, int, bool]] = []
    beside: dict[int, list[Companion]] = {}
    for _, still, event, when, told in sorted(candidates):
        twin = None
        for other, day, _, _ in kept:
            alike = same_event(looked[day].seen(other), looked[day].seen(event))
            if alike:
                twin = other, alike < 0
                break
        if twin is None:
            kept.append((event, when, told, still))
        elif _another_matter(events[event], events[twin[0]]):
            beside.setdefault(twin[0], []).append(_companion(forecast, events[event], twin[1]))
    return tuple(
        _signpost(forecast, names, looked, found, event, when, told, still, beside.get(event, []))
        for event, when, told, still in kept
    )


def _another_matter(event: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether a companion is worth a word: on its own issue it is the same thing said again."""
    return event[0] != other[0]


def _companion(forecast: Forecast, event: tuple[int, int], instead: bool) -> Companion:
    issue = list(forecast.case.issues.values())[event[0]]
    return Companion(issue.id, issue.positions[event[1]].id, instead)


def _signpost(
    forecast: Forecast,
    names: tuple[str, ...],
    looked: list[Watched],
    found: list[Measured],
    event: int,
    when: int,
    told: int,
    still: bool,
    companions: list[Companion],
) -> Signpost:
    k, b = looked[when].events[event]
    issue = list(forecast.case.issues.values())[k]
    words = forecast.case.words
    readings = {
        d: _reading(looked[d].day, m, event, names, words)
        for d, m in enumerate(found)
        if m.enough[event]
    }
    role = role_of(forecast, names[told], k, b)
    return Signpost(
        issue.id,
        issue.positions[b].id,
        still,
        names[told],
        role,
        readings[when],
        tuple(readings.values()),
        tuple(companions),
    )


def _reading(day: date, m: Measured, event: int, names: tuple[str, ...], words: str) -> Reading:
    seen = int(m.seen[event])
    both, ends = m.both[event], m.ends
    given, missing, shifts = {}, {}, {}
    for h, name in enumerate(names):
        given[name] = from_draws(int(both[h]), seen, words)
        missing[name] = from_draws(int(ends[h] - both[h]), m.draws - seen, words)
        shifts[name] = float(m.shift[event, h])
    return Reading(
        day,
        from_draws(seen, m.draws, words),
        immutabledict(given),
        immutabledict(missing),
        immutabledict(shifts),
        bool(m.telling[event].any()),
    )


def role_of(forecast: Forecast, answer: str, issue: int, position: int) -> Role:
    """What an issue's standing at a position is to an answer, from the answer's pattern alone.

    Taken over all settled states that match the answer, an issue either may stand anywhere (a
    ``sign``), or the pattern leaves it fewer positions than the case does: then standing where the
    pattern allows is a ``step``, and elsewhere a ``bar``. An expiring position counts as what it
    reverts to in some state.
    """
    space = forecast.setting.game.space
    column = space.reader.column(issue)
    allowed = set(np.unique(column[_matching(forecast, answer) & space.settled]).tolist())
    known = set(np.unique(column[space.settled]).tolist())
    if allowed == known or not allowed:
        return "sign"
    becomes = column[space.fall[column == position]]
    return "step" if allowed.intersection(becomes.tolist()) else "bar"


def _matching(forecast: Forecast, answer: str) -> Mask:
    """Which states fall to one that matches an answer; (states,)."""
    matching = forecast.setting.matching
    if answer in matching:
        return matching[answer]
    return np.asarray(~np.any([matching[h] for h in forecast.case.hypotheses], axis=0))
