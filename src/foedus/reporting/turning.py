"""What would have to be judged otherwise for somebody to agree, in sentences and a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import Block, Cell, Column, Explanation, Point, Points, Sentence, Table, number
from foedus.sensitivity.changes import Change
from foedus.sensitivity.naming import judgement_told
from foedus.sensitivity.turned import refusing_in

if TYPE_CHECKING:
    from foedus.sensitivity.turned import Turn, Turning


def turning_blocks(turning: Turning) -> tuple[Block, ...]:
    """The answer and a table of the changes, those that only worsen a BATNA last."""
    lead = Sentence(answer_told(turning), strong=True)
    if not turning.turns:
        return (lead,)
    points = tuple(Point(text) for text in _remarks(turning))
    table = _table(turning)
    return (lead, table, Points(points)) if points else (lead, table)


def turning_explained(turning: Turning) -> Explanation:
    """The answer, then each change with what the judgement rests on."""
    points = tuple(
        Point(
            change_told(turning, change),
            (Point(f"it rests on: {listed(change.before.because, 'and') or 'no reason given'}"),),
        )
        for turn in turning.turns
        for change in turn.changes
    )
    lead = Sentence(answer_told(turning), strong=True)
    remarks = tuple(Point(text) for text in _remarks(turning))
    told: tuple[Block, ...] = (Points((*points, *remarks)),) if points or remarks else ()
    return Explanation((lead, *told))


def answer_told(turning: Turning) -> str:
    """The answer in a sentence."""
    case = turning.case
    name = case.arrangements[turning.arrangement].name
    who = "all who are asked" if turning.blocker is None else case.actors[turning.blocker].name
    if not turning.needed:
        if turning.before.status == "by itself":
            return f"“{name}” is so today: nobody has to agree to it."
        if turning.blocker is not None:
            return f"As it is judged, {who} would not refuse “{name}”."
        return f"“{name}” is acceptable as it is judged: a form exists that all asked agree to."
    if not turning.turns:
        none = f"No change was found by which {who} would agree to “{name}”."
        return f"{none} {turning.reason}"
    turn = turning.turns[0]
    what = listed((change_told(turning, c) for c in turn.changes), "and")
    last = "; it works only by making the BATNA worse" if turn.worsening else ""
    return f"For {who} to agree to “{name}” it takes {what}{last}."


def change_told(turning: Turning, change: Change) -> str:
    """One change in a sentence."""
    what = judgement_told(turning.case, change.before)
    within = "within" if change.within else "beyond"
    span = f"{number(change.before.low)} to {number(change.before.high)}"
    now = number(change.before.mode)
    return f"{what} at {_value_told(change)} and not {now} ({within} its range of {span})"


def _value_told(change: Change) -> str:
    """The value after a change; one that hardly moves is told as just above or below."""
    after, before = round(change.after.mode, 2), change.before.mode
    if after == round(before, 2):
        return f"just {'above' if change.half_ranges > 0 else 'below'} {number(before)}"
    return number(after)


def _table(turning: Turning) -> Table:
    case = turning.case
    rows = []
    for turn in turning.turns:
        for k, change in enumerate(turn.changes):
            before = change.before
            rows.append(
                (
                    Cell(("and " if k else "") + judgement_told(case, before), note=change.name),
                    Cell(f"{number(before.mode)} ({number(before.low)} to {number(before.high)})"),
                    Cell(
                        _value_told(change),
                        "plain" if change.within else "warn",
                        note="" if change.within else "beyond the range judged",
                    ),
                    Cell(number(round(change.half_ranges, 2))),
                    Cell(_after_told(turning, turn) if not k else ""),
                )
            )
    columns = (
        Column("judgement"),
        Column("now"),
        Column("would have to be", True),
        Column("half-ranges", True),
        Column("then"),
    )
    note = "" if turning.blocker is None else "Each row, with what is joined to it, is enough."
    return Table("What would have to be judged otherwise", columns, tuple(rows), note)


def _after_told(turning: Turning, turn: Turn) -> str:
    refuse = refusing_in(turn.after)
    worse = "; only by a worse BATNA" if turn.worsening else ""
    if not refuse:
        return f"all agree{worse}"
    names = listed((turning.case.actors[a].name for a in refuse), "and")
    return f"{names} would still refuse{worse}"


def _remarks(turning: Turning) -> list[str]:
    if not any(turn.worsening for turn in turning.turns):
        return []
    whose = "somebody" if turning.blocker is None else turning.case.actors[turning.blocker].name
    return [
        f"What works only by a worse BATNA makes worse what {whose} expects without the "
        "arrangement, and the arrangement itself no better."
    ]
