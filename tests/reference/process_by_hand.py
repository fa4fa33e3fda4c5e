"""The plain process of a case whose first and last day are all that need not be written."""

from __future__ import annotations

from datetime import date, timedelta

from foedus.case.reading import parse_case
from reference.process import PLANS, Behaviour
from reference.process_case import Setting, State
from reference.process_chain import forward


def written(body: str, days: int) -> Setting:
    """The setting of a case of so many days from 2020-01-01."""
    deadline = date(2020, 1, 1) + timedelta(days=days)
    text = f"foedus: 1\ntitle: By hand\nas_of: 2020-01-01\ndeadline: {deadline}\n{body}"
    return Setting(parse_case(text.replace("{no:", '{"no":')))


def chances(body: str, days: int, behaviour: Behaviour = "myopic") -> dict[State, float]:
    """How likely each state is after so many days, right before the reversion."""
    setting = written(body, days)
    return forward(setting, PLANS[behaviour](setting))
