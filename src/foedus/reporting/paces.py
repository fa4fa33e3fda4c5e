"""The paces of a case in words: what each record says, and its curve."""

from __future__ import annotations

from foedus.case.problems import UnknownName
from foedus.document import Block, Cell, Column, Explanation, Sentence, Table, number
from foedus.forecasting.estimates import percent
from foedus.forecasting.paces import Paces, RecordPace


def pace_sentences(pace: RecordPace) -> tuple[str, ...]:
    """What the record says, in plain words."""
    record, hazard = pace.record, pace.hazard
    low, middle, high = (float(x) for x in hazard.at([0.05, 0.5, 0.95]))
    prior = hazard.prior
    told = [
        f"Of {record.agreed} agreed, {record.done} {'was' if record.done == 1 else 'were'} "
        f"done, in {number(round(hazard.at_risk, 1))} issue-years of exposure "
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
    if not pace.issues:
        told.append("No issue is settled at this pace.")
    return tuple(told)


def pace_explained(paces: Paces, record: str) -> Explanation:
    """What one record says. Raises KeyError for an unknown record."""
    if record not in paces.records:
        raise UnknownName("record", record, paces.records)
    return Explanation(tuple(Sentence(text) for text in pace_sentences(paces.records[record])))


def pace_blocks(paces: Paces) -> tuple[Block, ...]:
    """The records, each with its curve."""
    blocks: list[Block] = []
    for name, pace in paces.records.items():
        told = " ".join(pace_sentences(pace))
        blocks.append(Sentence(f"{name}: {told}"))
        if paces.within is not None and pace.issues:
            blocks.append(_curve(name, pace, paces.within))
    return tuple(blocks)


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
