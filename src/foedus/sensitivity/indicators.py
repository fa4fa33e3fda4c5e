"""What to watch for: events that, seen or not seen by a date, shift the answer.

An event is that an issue comes to stand at a position by a date, or leaves that of today. From the
process come its chance, and that of the answer when it is seen and when it is not, exact in every
draw. Its value is the expected absolute change of the answer's probability once one knows, which is
twice the covariance of event and answer; beside it stands their mutual information in bits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
from immutabledict import immutabledict

from foedus.case.aliases import with_old_names
from foedus.case.problems import CaseError, Problem, UnknownName
from foedus.document import Explanation
from foedus.forecasting.estimates import Probability, over_draws
from foedus.forecasting.plan import Plan
from foedus.forecasting.ranges import Floats
from foedus.forecasting.results import Forecast
from foedus.forecasting.streams import draw_blocks
from foedus.forecasting.workers import Progress, Workers, shared_out
from foedus.process.model import Process
from foedus.result import Result, data_of, explained
from foedus.sensitivity.events import Candidate, Watched, Watching, candidates, watched_block
from foedus.sensitivity.measured import Measured, Role, answers_of, span_of, watch_dates
from foedus.sensitivity.ratios import ratio

DRAWS = 250
"""So many draws, the first of the forecast, are watched: each event is solved by itself."""

EARLY = 0.75
"""Of one event's dates the first is taken that shifts the answer by this part of the greatest."""

FINER = 1.05
"""That an issue moves at all is told where it shifts so many times what its positions do."""

SAME = 1e-6
"""Events that differ by less than this in every draw are one."""

MOST = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """An event by one date: how likely it is, and what seeing it, or not, makes of each answer.

    ``shifts`` maps each answer to the expected absolute change of its probability, ``bits`` to the
    mutual information of the event and it.
    """

    day: date
    event: Probability
    seen: Mapping[str, Probability]
    not_seen: Mapping[str, Probability]
    shifts: Mapping[str, float]
    bits: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        told = data_of(self, "by=day event observed=seen not_observed=not_seen shift=shifts bits")
        return with_old_names(told, observed="seen", not_observed="not_seen")


@dataclass(frozen=True, slots=True)
class Indicator:
    """Something to watch for.

    ``position`` is what the issue comes to stand at, None where it is that it leaves ``today``'s.
    ``answer`` is the answer told of, and ``role`` what the event is to it. ``reading`` is by the
    date to watch, ``readings`` are by all dates. ``companions`` come about with it in every draw.
    """

    issue: str
    position: str | None
    today: str
    answer: str
    role: Role
    reading: Reading
    readings: tuple[Reading, ...]
    companions: tuple[Candidate, ...] = ()

    @property
    def shift(self) -> float:
        """The expected absolute change of the answer's probability."""
        return self.reading.shifts[self.answer]

    @property
    def bits(self) -> float:
        """The mutual information of event and answer."""
        return self.reading.bits[self.answer]

    @property
    def event(self) -> str:
        """The event as a statement."""
        if self.position is None:
            return f"{self.issue} != {self.today}"
        return f"{self.issue} = {self.position}"

    @property
    def observation(self) -> str:
        """The event in the form in which it can be observed; see :mod:`.observation`."""
        return f"{self.event} by {self.reading.day}"

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            **data_of(self, "issue position answer role observation"),
            **self.reading.to_dict(),
            "value": {"points": 100 * self.shift, "bits": self.bits},
            "dates": [reading.to_dict() for reading in self.readings],
            "companions": [
                {"issue": other.issue, "position": other.position} for other in self.companions
            ],
        }


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Indicators(Result):
    """What to watch for, by when, and what it would tell: signs first, the most telling first.

    ``answers`` are those asked about, with how likely they are before anything is seen; from
    ``draws`` draws. ``dates`` are those looked at, ``watched`` counts the events that may come
    about, ``indicators`` are those that tell something.
    """

    forecast: Forecast
    answers: Mapping[str, Probability]
    draws: int
    dates: tuple[date, ...]
    watched: int
    indicators: tuple[Indicator, ...]
    most: int = MOST

    def top(self, *roles: Role) -> tuple[Indicator, ...]:
        """The first ``most`` indicators, of these roles if any are named."""
        chosen = [one for one in self.indicators if not roles or one.role in roles]
        return tuple(chosen[: self.most])

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        told = data_of(self, "answers draws dates watched indicators")
        return with_old_names(told, indicators="signposts")

    def explain(self, issue: str, position: str | None = None) -> Explanation:
        """What the indicators on one issue (and position) tell, date by date.

        Raises KeyError for what is no indicator.
        """
        found = [i for i in self.indicators if i.issue == issue and position in (None, i.position)]
        if not found:
            what = issue if position is None else f"{issue} = {position}"
            raise UnknownName("indicator", what, [one.event for one in self.indicators])
        return explained(self, found)


def indicators(
    forecast: Forecast,
    answer: str | None = None,
    *,
    most: int = MOST,
    dates: Sequence[date] | None = None,
    draws: int = DRAWS,
    workers: int | Workers = 1,
    progress: Progress | None = None,
) -> Indicators:
    """What to watch for: the events by a date that shift the answer most.

    ``answer`` is an arrangement; without one, all hypotheses are asked about together. ``most``
    says how many of a kind are told. ``dates`` lie after ``as_of`` and before the deadline; see
    :func:`.moments.watch_dates` for the default. The first ``draws`` draws of the forecast are
    solved anew, by so many ``workers``.

    Single events are looked at, not combinations of them. One is told of the answer that it shifts
    most, and where it is no sign of that one, of the one that it shifts most as a sign. Left out is
    what shifts an answer by less than ``SLIGHT`` of what knowing the answer itself would, or by no
    more than the draws would make chance of. Of one event's dates the first is chosen that shifts
    the answer nearly as much as its best.

    Raises CaseError for an unknown arrangement or a date out of the span, ValueError for ``most``
    or ``draws`` below 1.
    """
    if most < 1:
        raise ValueError(f"{most} indicators: at least one is to be shown")
    if draws < 1:
        raise ValueError(f"{draws} draws: at least one is needed")
    process, case = forecast.process, forecast.case
    names = answers_of(case, answer)
    days = _days(forecast, dates)
    events = candidates(process)
    as_of, _ = span_of(case)
    moments = tuple(float((day - as_of).days) for day in days)
    blocks = draw_blocks(min(draws, forecast.draws), forecast.seed)
    with shared_out(workers, progress) as crew:
        parts = crew.run(
            "solving what may be seen",
            Plan(case, forecast.options),
            watched_block,
            [Watching(block, events, moments, names) for block in blocks],
        )
    seen = Watched.joined(parts)
    measured = Measured(process, names, events, seen)
    return Indicators(
        forecast,
        immutabledict({n: over_draws(seen.answers[:, h], case.words) for h, n in enumerate(names)}),
        len(seen.answers),
        days,
        int(measured.possible.any(axis=0).sum()),
        _Choice(measured, process, days).chosen(),
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


class _Choice:
    """Which events are told, of which answers, on which dates."""

    def __init__(self, measured: Measured, process: Process, days: tuple[date, ...]) -> None:
        self.measured, self.process, self.days = measured, process, days
        self.events, self.names = measured.events, measured.names
        self.seen, self.roles = measured.seen, measured.roles
        self.shift, self.bits, self.telling = measured.shift, measured.bits, measured.telling

    def chosen(self) -> tuple[Indicator, ...]:
        """The indicators: signs first, and of each kind the most telling first."""
        if not self.days:
            return ()
        told = self.telling.max(axis=0)
        found = []
        for e in range(len(self.events)):
            order = sorted(range(len(self.names)), key=lambda h: -told[e, h])
            signs = [h for h in order if self.roles[e][h] == "sign"]
            for h in dict.fromkeys([*order[:1], *signs[:1]]):
                if told[e, h] > 0 and not self._said_finer(e, h, told):
                    found.append((e, h))
        kept: list[tuple[int, int, list[Candidate]]] = []
        for e, h in sorted(found, key=lambda pair: self._order(*pair)):
            twin = next((k for k in kept if k[1] == h and self._same(e, k[0])), None)
            if twin is None:
                kept.append((e, h, []))
            elif self.events[e].issue != self.events[twin[0]].issue:
                twin[2].append(self.events[e])
        return tuple(
            replace(self._indicator(e, h), companions=tuple(others)) for e, h, others in kept
        )

    def _order(self, e: int, h: int) -> tuple[bool, float, int]:
        return (
            self.roles[e][h] != "sign",
            -round(float(self.telling[self._when(e, h), e, h]), 12),
            e,
        )

    def _when(self, e: int, h: int) -> int:
        telling = self.telling[:, e, h]
        return int(np.argmax(telling >= EARLY * telling.max()))

    def _said_finer(self, e: int, h: int, told: Floats) -> bool:
        """Whether an issue's leaving today's position says hardly more than one of its changes."""
        event = self.events[e]
        if event.position is not None:
            return False
        finer = [k for k, other in enumerate(self.events) if other.issue == event.issue and k != e]
        return bool(told[e, h] < FINER * told[finer, h].max())

    def _same(self, e: int, other: int) -> bool:
        """Whether two events come about together in every draw, as far as the answers tell."""
        unseen = np.abs(self.seen.unseen[:, e] - self.seen.unseen[:, other]).max()
        both = np.abs(self.seen.both[:, e] - self.seen.both[:, other]).max()
        return bool(max(unseen, both) < SAME)

    def _indicator(self, e: int, h: int) -> Indicator:
        event = self.events[e]
        today = self.process.game.space.positions(self.process.today)[event.issue]
        readings = {
            m: self._reading(m, e) for m in np.flatnonzero(self.measured.possible[:, e]).tolist()
        }
        return Indicator(
            event.issue,
            event.position,
            today,
            self.names[h],
            self.roles[e][h],
            readings[self._when(e, h)],
            tuple(readings.values()),
        )

    def _reading(self, m: int, e: int) -> Reading:
        words, left = self.process.case.words, self.seen.unseen[m, e]
        given, missing = {}, {}
        for h, name in enumerate(self.names):
            both = self.seen.both[m, e, :, h]
            given[name] = ratio(self.seen.answers[:, h] - both, 1 - left, words)
            missing[name] = ratio(both, left, words)
        return Reading(
            self.days[m],
            over_draws(1 - left, words),
            immutabledict(given),
            immutabledict(missing),
            immutabledict(zip(self.names, self.shift[m, e].tolist(), strict=True)),
            immutabledict(zip(self.names, self.bits[m, e].tolist(), strict=True)),
        )
