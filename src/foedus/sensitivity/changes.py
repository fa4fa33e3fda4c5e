"""Judgements set otherwise: how much a change is, and the case with it made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from immutabledict import immutabledict

from foedus.case.model import Case, Judgement, Path, Statement
from foedus.forecasting.ranges import Bounds

HOLDERS = ("actors", "issues", "preferences", "transfers", "evidence")
"""The parts of a case in which judgements stand."""

SHARE_SLACK = 1e-5
"""So far beyond its range, in percentage points, a share still counts as within it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One judgement set otherwise.

    ``half_ranges`` is by how much its most likely value moves, upwards or down, as a multiple of
    half of its own range, (high - low) / 2; of a stated unit where it has no range.
    """

    before: Judgement
    after: Judgement
    half_ranges: float

    @property
    def name(self) -> str:
        """The dotted name of the judgement."""
        return self.before.name

    @property
    def within(self) -> bool:
        """Whether the new most likely value lies within the old range.

        A share counts at its threshold, and may lie a hair over: that is let pass.
        """
        slack = SHARE_SLACK if "support" in self.before.path else 0.0
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


def shifted(judgement: Judgement, by: float, bounds: Bounds) -> Judgement:
    """The judgement with its whole range moved by so much, and cut off at the unit's bounds.

    >>> from foedus.forecasting.ranges import SHARES
    >>> after = shifted(Judgement(60, 80, 90), 15, SHARES)
    >>> after.low, after.mode, after.high
    (75, 95, 100.0)
    """
    if by == 0:
        return judgement
    low, mode, high = (
        min(max(value + by, bounds.least), bounds.most)
        for value in (judgement.low, judgement.mode, judgement.high)
    )
    return replace(judgement, low=low, mode=mode, high=high, word=None)


def with_judgements(case: Case, after: Mapping[Path, Judgement]) -> Case:
    """The case with the judgements at these paths replaced.

    Raises KeyError for a path at which no judgement stands.
    """
    left = set(after)

    def changed(value: Any) -> Any:
        if isinstance(value, Judgement):
            left.discard(value.path)
            return after.get(value.path, value)
        if isinstance(value, Statement):
            return value
        if isinstance(value, Mapping):
            return immutabledict({key: changed(part) for key, part in value.items()})
        if isinstance(value, tuple) and not hasattr(value, "_fields"):
            return tuple(changed(part) for part in value)
        if is_dataclass(value) and not isinstance(value, type):
            parts = {f.name: getattr(value, f.name) for f in fields(value)}
            new = {name: changed(part) for name, part in parts.items()}
            differs = {name: part for name, part in new.items() if part is not parts[name]}
            return replace(value, **differs) if differs else value
        return value

    parts = {name: changed(getattr(case, name)) for name in HOLDERS}
    if left:
        raise KeyError(f"no judgement stands at {'.'.join(map(str, sorted(left, key=str)[0]))}")
    return replace(case, **parts)


def with_changes(case: Case, changes: Iterable[Change]) -> Case:
    """The case with these changes made. Raises KeyError for a judgement that is not in it."""
    return with_judgements(case, {change.before.path: change.after for change in changes})
