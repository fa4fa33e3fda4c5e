"""The paces of a case: for each record, how many items would be settled by the deadline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from immutabledict import immutabledict

from foedus.case.model import Case, Record
from foedus.document import Block, Cell, Column, Explanation, Sentence, Table, number
from foedus.forecasting.estimates import percent
from foedus.forecasting.pace import PRIOR, Hazard, Prior, hazard_of, years_between

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

    def sentences(self) -> tuple[str, ...]:
        """What the record says, in plain words."""
        record, hazard = self.record, self.hazard
        low, middle, high = (float(x) for x in hazard.at([0.05, 0.5, 0.95]))
        prior = hazard.prior
        told = [
            f"Of {record.agreed} agreed, {record.done} {'was' if record.done == 1 else 'were'} "
            f"done, in {number(round(hazard.at_risk, 1))} issue-years at risk "
            f"({record.since} to {record.until}).",
            f"So an open item is settled at {_rate(middle)} a year (90% range {_rate(low)} to "
            f"{_rate(high)}); the prior adds {prior.a0:g} done in {prior.b0:g} issue-years.",
        ]
        undated = record.done - len(record.done_on)
        if undated:
            told.append(f"{undated} done without a known date: counted half-way.")
        if record.willing != "yes":
            what = "is not known" if record.willing == "unknown" else "is denied"
            told.append(
                f"That all sides wanted these things {what}: slowness may be unwillingness, which "
                "the preferences already hold. The forecast is given without this pace too."
            )
        if not self.issues:
            told.append("No issue is settled at this pace.")
        return tuple(told)


@dataclass(frozen=True, slots=True)
class Paces:
    """The paces of a case. ``within`` is the time left in years, None without both dates."""

    within: float | None
    records: Mapping[str, RecordPace]

    def hazards(self) -> Mapping[str, Hazard]:
        """The hazard of each record."""
        return immutabledict({name: pace.hazard for name, pace in self.records.items()})

    def explain(self, record: str) -> Explanation:
        """What one record says. Raises KeyError for an unknown record."""
        return Explanation(tuple(Sentence(text) for text in self.records[record].sentences()))

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "within_years": self.within,
            "records": {name: pace.to_dict() for name, pace in self.records.items()},
        }

    def blocks(self) -> tuple[Block, ...]:
        """The records, each with its curve."""
        blocks: list[Block] = []
        for name, pace in self.records.items():
            told = " ".join(pace.sentences())
            blocks.append(Sentence(f"{name}: {told}"))
            if self.within is not None and pace.issues:
                blocks.append(_curve(name, pace, self.within))
        return tuple(blocks)


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


def _curve(name: str, pace: RecordPace, within: float) -> Table:
    rows = tuple(
        (Cell(str(m)), Cell(percent(beside)), Cell(percent(after)))
        for m, (beside, after) in enumerate(zip(pace.parallel, pace.sequence, strict=True), 1)
    )
    columns = (Column("items"), Column("side by side", True), Column("one by one", True))
    caption = f"{name}: chance that so many items are settled in {within:.1f} years"
    return Table(caption, columns, rows, "The hazard's own uncertainty is averaged over.")


def _rate(hazard: float) -> str:
    return f"{hazard:.2g}"
