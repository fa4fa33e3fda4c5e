"""The paces of a case: for each record, how many items would be settled by the deadline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from immutabledict import immutabledict

from foedus.case.model import Case, Record
from foedus.document import Explanation
from foedus.process.pace import PRIOR, Hazard, Prior, hazard_of, years_between
from foedus.result import Result, explained

CURVE = 6
"""Up to how many items the curve is shown."""


@dataclass(frozen=True, slots=True)
class RecordPace:
    """One record's hazard, and the chance that m items are settled in time, m = 1, 2 and so on.

    ``issues`` are those settled at this pace. The curves are empty where the case has no dates.
    """

    record: Record
    hazard: Hazard
    issues: tuple[str, ...]
    parallel: tuple[float, ...]
    sequence: tuple[float, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            **self.hazard.to_dict(),
            "willing": self.record.willing,
            "issues": list(self.issues),
            "settled": {"parallel": list(self.parallel), "sequence": list(self.sequence)},
        }


@dataclass(frozen=True, slots=True, repr=False)
class Paces(Result):
    """The paces of a case. ``within`` is the time left in years, None without both dates."""

    within: float | None
    records: Mapping[str, RecordPace]

    def hazards(self) -> Mapping[str, Hazard]:
        """The hazard of each record."""
        return immutabledict({name: pace.hazard for name, pace in self.records.items()})

    def explain(self, record: str) -> Explanation:
        """What one record says. Raises KeyError for an unknown record."""
        return explained(self, record)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "within_years": self.within,
            "records": {name: pace.to_dict() for name, pace in self.records.items()},
        }


def paces_of(case: Case, prior: Prior = PRIOR, most: int = CURVE) -> Paces:
    """The paces of a case's records [Lomax1954], with curves up to ``most`` items.

    Raises ValueError for a record that contradicts itself, and for a bad prior.
    """
    within = None
    if case.as_of is not None and case.deadline is not None:
        within = years_between(case.as_of, case.deadline)
    made = {}
    for name, record in case.records.items():
        hazard = hazard_of(record, prior)
        parallel: tuple[float, ...] = ()
        sequence: tuple[float, ...] = ()
        if within is not None:
            parallel = tuple(float(p) for p in hazard.curve(most, within))
            sequence = tuple(float(p) for p in hazard.curve(most, within, "sequence"))
        made[name] = RecordPace(record, hazard, _issues_at(case, name), parallel, sequence)
    return Paces(within, immutabledict(made))


def _issues_at(case: Case, record: str) -> tuple[str, ...]:
    found = []
    for issue in case.issues.values():
        pace = issue.pace
        if record in (pace.default, *pace.to.values(), *pace.changes.values()):
            found.append(issue.id)
    return tuple(found)
