"""On which days to look, how much events tell of answers, and how much of it may be chance."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

import numpy as np

from foedus.case.model import Case
from foedus.case.problems import CaseError, Problem, nearest, shown
from foedus.forecasting.outside import OTHER
from foedus.forecasting.ranges import Floats
from foedus.game.space import Mask
from foedus.process.model import Process, days_left
from foedus.sensitivity.events import Candidate, Watched, answer_states, event_states
from foedus.sensitivity.leanings import bound_of

MOST_DATES = 10
"""So many dates are looked at, at most, unless others are named."""

DAYS = (1, 7)
MONTHS = (1, 3, 6, 12, 60, 120, 600, 1200, 6000, 12000)
"""Dates lie so many days apart, or on the first of every so many months; the finest that fits."""


def span_of(case: Case) -> tuple[date, date]:
    """The day on which a forecast begins and the deadline. Raises CaseError without them."""
    days_left(case)
    assert case.as_of is not None and case.deadline is not None  # noqa: PT018, S101
    return case.as_of, case.deadline


def watch_dates(as_of: date, deadline: date) -> tuple[date, ...]:
    """Days between two others, both left out, on which it is natural to look.

    The first days of months, quarters, half-years, years and so on, or single days or weeks where
    time is short: the finest of these that gives at most ``MOST_DATES``.

    >>> [str(day) for day in watch_dates(date(2020, 1, 14), date(2022, 5, 7))]
    ['2020-04-01', '2020-07-01', '2020-10-01', '2021-01-01', '2021-04-01', '2021-07-01', \
'2021-10-01', '2022-01-01', '2022-04-01']
    """
    days = (deadline - as_of).days
    for step in DAYS:
        if (days - 1) // step <= MOST_DATES:
            return tuple(as_of + timedelta(days=k) for k in range(step, days, step))
    for step in MONTHS:
        found = _firsts(as_of, deadline, step)
        if len(found) <= MOST_DATES:
            return found
    return ()


def _firsts(as_of: date, deadline: date, step: int) -> tuple[date, ...]:
    """The first days of every ``step``-th month between two days."""
    first, last = (12 * day.year + day.month - 1 for day in (as_of, deadline))
    months = range(first - first % step, last + 1, step)
    found = (date(month // 12, month % 12 + 1, 1) for month in months if month >= 12)
    return tuple(day for day in found if as_of < day < deadline)


def answers_of(case: Case, answer: str | None) -> tuple[str, ...]:
    """The answers asked about: one arrangement; or the hypotheses and ``other``; or all there are.

    Raises CaseError for an unknown arrangement, with the nearest known one, and for a case that
    names none.
    """
    if answer is None:
        if case.hypotheses:
            return (*case.hypotheses, OTHER)
        if case.arrangements:
            return tuple(case.arrangements)
        raise CaseError([Problem("the case names no arrangement to ask about")], case.file)
    if answer in case.arrangements or (answer == OTHER and case.hypotheses):
        return (answer,)
    message = f"no arrangement {shown(answer)}"
    raise CaseError([Problem(message, None, None, nearest(answer, case.arrangements))], "<answer>")


def answer_name(case: Case, answer: str) -> str:
    """How an answer is called in a sentence, in quotation marks."""
    if answer in case.arrangements:
        return f"“{case.arrangements[answer].name}”"
    return "“none of the hypotheses”"


UNSEEN = 1e-9
"""An event less likely than this, or surer than all but this, is not measured."""

NOISE = 1e-9
"""A shift smaller than this is computing's."""

SLIGHT = 0.05
"""What shifts an answer by less than this part of what the answer itself would is not told."""

Role = Literal["sign", "part", "bar"]
"""What an event is to an answer, by their states: a sign; part of the answer, without which it is
not reached, or with which it is; or what rules it out while it stands."""


def role_of(answer: Mask, event: Mask, reached: Mask) -> Role:
    """What an event is to an answer, by the states of each; (states,) each.

    It is part of the answer where every state that is reached and matches satisfies it, or where
    every state that satisfies it matches; it bars the answer where no state does both.
    """
    matching = answer & reached
    if (matching.any() and event[matching].all()) or answer[event].all():
        return "part"
    return "sign" if answer[event].any() else "bar"


def information(joint: Floats, event: Floats, answer: Floats) -> Floats:
    """The mutual information, in bits, of two things that are so or not.

    ``joint`` is the probability of both, ``event`` and ``answer`` of each; they broadcast.

    >>> information(np.array(0.5), np.array(0.5), np.array(0.5)).tolist()
    1.0
    """
    total = np.zeros(np.broadcast_shapes(joint.shape, event.shape, answer.shape))
    cells = (
        (joint, event, answer),
        (event - joint, event, 1 - answer),
        (answer - joint, 1 - event, answer),
        (1 - event - answer + joint, 1 - event, 1 - answer),
    )
    for both, one, other in cells:
        apart = one * other
        some = (both > 0) & (apart > 0)
        of = np.divide(both, apart, out=np.ones_like(total), where=some)
        total += np.where(some, both * np.log2(of), 0.0)
    return np.maximum(total, 0.0)


class Measured:
    """What E events by M dates tell of H answers.

    ``shift`` and ``bits`` (M, E, H) are the measures, ``telling`` is the shift where it is told,
    else 0; ``possible`` (M, E) says which events may come about by the date and may fail to.
    ``roles`` are by event and answer.
    """

    def __init__(
        self,
        process: Process,
        names: tuple[str, ...],
        events: tuple[Candidate, ...],
        seen: Watched,
    ) -> None:
        self.process, self.names, self.events = process, names, events
        self.seen = seen
        left, p = seen.unseen.mean(axis=2), seen.answers.mean(axis=0)
        both = seen.both.mean(axis=2)
        self.possible = (left < 1 - UNSEEN) & (left > UNSEEN)
        covariance = both - left[..., None] * p
        self.shift = np.where(self.possible[..., None], 2 * np.abs(covariance), 0.0)
        self.bits = information(both, left[..., None], p)
        least = np.maximum(np.maximum(SLIGHT * 2 * p * (1 - p), NOISE), 2 * self._chance(left, p))
        self.telling = np.where(self.shift > least, self.shift, 0.0)
        self.roles = [self._roles(event) for event in events]

    def _chance(self, left: Floats, p: Floats) -> Floats:
        """What the draws would make of covariances by chance alone; (M, E, H)."""
        seen, n = self.seen, len(self.seen.answers)
        if n < 2:
            return np.zeros((*left.shape, len(p)))
        found = np.zeros((*left.shape, len(p)))
        for h in range(len(p)):
            each = seen.both[..., h] - left[..., None] * seen.answers[:, h] - p[h] * seen.unseen
            found[..., h] = each.std(axis=2, ddof=1) / np.sqrt(n)
        return found * bound_of(max(found.size, 1))

    def _roles(self, event: Candidate) -> tuple[Role, ...]:
        states = event_states(self.process, event)
        return tuple(
            role_of(answer_states(self.process, name), states, self.seen.reached)
            for name in self.names
        )
