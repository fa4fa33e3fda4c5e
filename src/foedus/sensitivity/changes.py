"""Judgements set otherwise: how much a change is, and the case with it made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from foedus.case.altered import with_judgements
from foedus.case.model import Case, Judgement

EDGE = 1e-3
"""So far beyond its range, in half-ranges, a value still counts as at its edge, and so within."""

SHARE_SLACK = 1e-5
"""So far beyond its range, in percentage points, a share still counts as within it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One judgement set otherwise.

    ``half_ranges`` is by how much its most likely value moves, upwards or down, as a multiple of
    half of its own range, (high - low) / 2; of a stated unit where it has no range. ``by`` names
    the stream by which it is moved with others, if it is.
    """

    before: Judgement
    after: Judgement
    half_ranges: float
    by: str | None = None

    @property
    def name(self) -> str:
        """The dotted name of the judgement."""
        return self.before.name

    @property
    def within(self) -> bool:
        """Whether the new most likely value lies within the old range.

        To be better off an actor needs a hair more than as much, and a share may lie a hair over
        its threshold: at the edge of the range that is let pass.
        """
        slack = EDGE * half_range(self.before)
        if self.before.unit == "per cent":
            slack = max(slack, SHARE_SLACK)
        return self.before.low - slack <= self.after.mode <= self.before.high + slack

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "judgement": self.name,
            "before": [self.before.low, self.before.mode, self.before.high],
            "after": [self.after.low, self.after.mode, self.after.high],
            "half_ranges": self.half_ranges,
            "within_range": self.within,
        }


def half_range(judgement: Judgement, sure_unit: float | None = None) -> float:
    """Half of the range, in the judgement's unit; ``sure_unit``, or 0, for one without a range.

    >>> half_range(Judgement(20, 35, 60)), half_range(Judgement(5, 5, 5), sure_unit=2.0)
    (20.0, 2.0)
    """
    if judgement.sure:
        return sure_unit or 0.0
    return (judgement.high - judgement.low) / 2


def shifted(judgement: Judgement, by: float) -> Judgement:
    """The judgement with its whole range moved by so much, and cut off at the unit's bounds.

    >>> from foedus.case.judgement import Role
    >>> after = shifted(Judgement(60, 80, 90, role=Role.SUPPORT), 15)
    >>> after.low, after.mode, after.high
    (75, 95, 100.0)
    """
    if by == 0:
        return judgement
    low, mode, high = (
        min(max(value + by, judgement.bounds.least), judgement.bounds.most)
        for value in (judgement.low, judgement.mode, judgement.high)
    )
    return replace(judgement, low=low, mode=mode, high=high, word=None)


def with_changes(case: Case, changes: Iterable[Change]) -> Case:
    """The case with these changes made. Raises KeyError for a judgement that is not in it."""
    return with_judgements(case, {change.before.path: change.after for change in changes})
