"""On which days it is natural to look, and which answers are asked about."""

from __future__ import annotations

from datetime import date, timedelta

from foedus.case.model import Case
from foedus.case.problems import CaseError, Problem, nearest, shown
from foedus.forecasting.outside import OTHER
from foedus.process.model import days_left

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
