"""Made-up issues for the tests of bargaining."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from foedus.bargaining.issue import OrderedIssue

PLACES = st.sampled_from([0, 5, 10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90, 95, 100])
"""Positions as people tell them: many are shared."""


def issue_of(*stances: tuple[float, float, float], **more: Any) -> OrderedIssue:
    """An issue from (capability, position, salience) for actors a0, a1, …"""
    columns = list(zip(*stances, strict=True))
    names = tuple(f"a{k}" for k in range(len(stances)))
    values = [np.array(column, dtype=float) for column in columns]
    return OrderedIssue(more.pop("issue", "i"), names, *values, **more)


@st.composite
def issues(draw: Any, least: int = 1, most: int = 7, salient: bool = False) -> OrderedIssue:
    """An issue on a scale of 100, with ties, zeros and sometimes a reference point."""
    n = draw(st.integers(least, most))
    weight = st.integers(1 if salient else 0, 100)
    stances = [(draw(weight), draw(PLACES), draw(weight)) for _ in range(n)]
    return issue_of(*stances, reference=draw(st.none() | PLACES))


def plain(issue: OrderedIssue) -> list[tuple[float, float, float]]:
    """An issue as the slow references take it: positions and saliences from 0 to 1."""
    x = (issue.position - issue.low) / issue.width
    s = issue.salience / issue.full_salience
    return [tuple(map(float, each)) for each in zip(issue.capability, x, s, strict=True)]


YEARS = issue_of(
    *[(30, 2, 0.9), (20, 3, 0.5), (5, 2, 0.3), (25, 6, 0.8), (15, 9, 0.7), (10, 9, 1.0)],
    low=2.0,
    high=9.0,
    full_salience=1.0,
)
"""A made-up issue with a scale of its own: how many years something takes."""
