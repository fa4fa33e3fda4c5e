"""The shift by which a probability passes another, in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from foedus.document import Block, Cell, Column, Explanation, Point, Points, Sentence, Table, number
from foedus.forecasting.estimates import Probability, percent
from foedus.sensitivity.naming import judgement_told

if TYPE_CHECKING:
    from foedus.sensitivity.passing import Shift


def shift_blocks(shift: Shift) -> tuple[Block, ...]:
    """The answer, remarks, the judgements moved, and what was tried."""
    blocks: list[Block] = [Sentence(shift_told(shift), strong=True)]
    if points := tuple(Point(text) for text in _remarks(shift)):
        blocks.append(Points(points))
    if shift.changes:
        blocks.append(_changes(shift))
    if shift.tried:
        blocks.append(_tried(shift))
    return tuple(blocks)


def shift_explained(shift: Shift) -> Explanation:
    """The same as an explanation."""
    return Explanation(shift_blocks(shift))


def shift_told(shift: Shift) -> str:
    """The answer in a sentence."""
    name = shift.case.arrangements[shift.answer].name
    now, target = _chance(shift.base), percent(shift.target)
    lead = f"“{name}” comes about in {now} of the draws as it is judged."
    way = "rises" if shift.rising else "falls"
    if shift.half_ranges is None or shift.probability is None:
        return f"{lead} No shift was found by which that {way} to {target}. {shift.reason}"
    count = len(shift.changes)
    which = "one judgement moves" if count == 1 else f"{count} judgements move together"
    size = number(round(shift.half_ranges, 2))
    return (
        f"{lead} It {way} to {target} when {which} by {size} times half the judged range "
        f"({_chance(shift.probability)} then)."
    )


def _chance(p: Probability) -> str:
    return percent(p.p, p.low, p.high)


def _remarks(shift: Shift) -> Iterator[str]:
    if shift.chosen_by == "drivers":
        likelier = "likelier" if shift.rising else "less likely"
        yield f"Moved are the judgements it depends on, each the way that makes it {likelier}."
    if beyond := sum(not change.within for change in shift.changes):
        yield f"Beyond the old range lie {beyond} of {len(shift.changes)} new most likely values."
    if shift.tried and not shift.steady:
        yield (
            "Along the shift the probability does not move one way alone; a smaller shift between "
            "those tried is not ruled out."
        )


def _changes(shift: Shift) -> Table:
    columns = (
        Column("judgement"),
        Column("now"),
        Column("then"),
        Column("half-ranges", True),
    )
    rows = tuple(
        (
            Cell(judgement_told(shift.case, change.before), note=change.name),
            Cell(_range(change.before.low, change.before.mode, change.before.high)),
            Cell(
                _range(change.after.low, change.after.mode, change.after.high),
                "plain" if change.within else "warn",
            ),
            Cell(number(round(change.half_ranges, 2))),
        )
        for change in shift.changes
    )
    return Table("The judgements moved, each with its whole range", columns, rows)


def _tried(shift: Shift) -> Table:
    columns = (Column("half-ranges", True), Column("probability", True))
    rows = tuple(
        (Cell(number(round(each.half_ranges, 3))), Cell(_chance(each.probability)))
        for each in shift.tried
    )
    note = f"Each from the same {shift.draws:,} draws, seed {shift.seed}."
    return Table("What was tried", columns, rows, note)


def _range(low: float, mode: float, high: float) -> str:
    return f"{number(round(mode, 2))} ({number(round(low, 2))} to {number(round(high, 2))})"
