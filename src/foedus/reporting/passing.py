"""What would have to be judged otherwise for a chance to pass another, in sentences and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import Block, Cell, Column, Explanation, Sentence, Table, number
from foedus.forecasting.estimates import percent
from foedus.sensitivity.naming import judgement_told

if TYPE_CHECKING:
    from foedus.sensitivity.changes import Change
    from foedus.sensitivity.passed import Passing, Shift


def shift_blocks(shift: Shift) -> tuple[Block, ...]:
    """The answer, and a table of the ways found."""
    lead = Sentence(shift_told(shift), strong=True)
    return (lead, _ways(shift)) if shift.ways else (lead,)


def shift_explained(shift: Shift) -> Explanation:
    """The same as an explanation."""
    return Explanation(shift_blocks(shift))


def shift_told(shift: Shift) -> str:
    """The answer in a sentence or two."""
    name = shift.case.arrangements[shift.answer].name
    now, target = percent(round(shift.base.p, 3)), percent(shift.target)
    lead = f"“{name}” comes about with {now} as it is judged."
    way = "rise" if shift.rising else "fall"
    if not shift.ways:
        return f"{lead} No change was found by which that would {way} to {target}. {shift.reason}"
    best = shift.ways[0]
    what = listed((change_told(shift, c) for c in best.changes), "and")
    return f"{lead} For it to {way} to {target} it takes {what}{_where(best)}."


def change_told(shift: Shift, change: Change) -> str:
    """One judgement with its new value."""
    what = judgement_told(shift.case, change.before)
    return f"{what} at {_number(change.after.mode)} and not {_number(change.before.mode)}"


def _where(way: Passing) -> str:
    if way.within:
        return ", within what is judged possible"
    return ", beyond the range judged"


def _ways(shift: Shift) -> Table:
    columns = (
        Column("judgement"),
        Column("now"),
        Column("then", True),
        Column("half-ranges", True),
        Column("chance then", True),
    )
    rows = []
    for way in shift.ways:
        for k, change in enumerate(way.changes):
            joined = "and " if k else ""
            before = change.before
            span = f"{_number(before.mode)} ({_number(before.low)} to {_number(before.high)})"
            within = "" if change.within else "beyond the range judged"
            rows.append(
                (
                    Cell(joined + judgement_told(shift.case, before), note=change.name),
                    Cell(span),
                    Cell(
                        _number(change.after.mode),
                        "plain" if change.within else "warn",
                        note=within,
                    ),
                    Cell(number(round(change.half_ranges, 2))),
                    Cell(percent(round(way.chance.p, 3)) if not k else ""),
                )
            )
    note = (
        f"Each way by itself is enough, and was solved again in the same {shift.draws:,} draws, "
        f"seed {shift.seed}. A judgement moves with its whole range."
    )
    return Table("What would have to be judged otherwise", columns, tuple(rows), note)


def _number(value: float) -> str:
    return number(round(value, 2) if abs(value) >= 1 else float(f"{value:.2g}"))
