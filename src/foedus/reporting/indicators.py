"""Indicators in sentences and a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import Block, Cell, Column, Explanation, Point, Points, Sentence, Table
from foedus.forecasting.estimates import percent
from foedus.reporting.figures import figure, figure_cell, moved
from foedus.sensitivity.measured import answer_name

if TYPE_CHECKING:
    from foedus.case.model import Case
    from foedus.sensitivity.events import Candidate
    from foedus.sensitivity.indicators import Indicator, Indicators, Reading

ROLES = {
    "sign": "a sign",
    "part": "part of the answer",
    "bar": "rules the answer out while it stands",
}


def indicator_blocks(result: Indicators) -> tuple[Block, ...]:
    """Sentences first, signs before what is part of the answer; then a table."""
    if not result.indicators:
        return (Sentence(_silence(result), "muted"),)
    signs, parts = result.top("sign"), result.top("part", "bar")
    blocks: list[Block] = [Sentence(_lead(result))]
    if signs:
        blocks += [Sentence("Signs:"), _sentences(result, signs)]
    if parts:
        head = "Parts of the answer itself, and what rules it out while it stands:"
        blocks += [Sentence(head), _sentences(result, parts)]
    return (*blocks, _table(result, (*signs, *parts)))


def indicator_table(result: Indicators) -> Block:
    """What to watch for as a table alone; without anything to watch for, why."""
    if not result.indicators:
        return Sentence(_silence(result), "muted")
    return _table(result, (*result.top("sign"), *result.top("part", "bar")))


def indicator_sentence(result: Indicators, indicator: Indicator, *, named: bool = True) -> str:
    """One indicator: the event, its date, how likely it is, and what it tells either way.

    Not ``named``, the answer is "it": for a list that is about one answer.
    """
    case, reading = result.forecast.case, indicator.reading
    before = result.answers[indicator.answer]
    seen, missing = reading.seen[indicator.answer], reading.not_seen[indicator.answer]
    answer = answer_name(case, indicator.answer) if named else "it"
    text = (
        f"If {event_told(case, indicator)} by {reading.day} (chance {figure(reading.event)}), "
        f"{answer} {moved(before, seen)}; if not, it {moved(before, missing, again=True)}."
    )
    if indicator.companions:
        told = [_companion(case, other) for other in indicator.companions]
        text += f" With it comes {listed(told, 'and')}."
    return text


def event_told(case: Case, indicator: Indicator) -> str:
    """The event of an indicator, as a clause."""
    name = case.issues[indicator.issue].name
    if indicator.position is None:
        return f"“{name}” leaves “{_label(case, indicator.issue, indicator.today)}”"
    return f"“{name}” comes to “{_label(case, indicator.issue, indicator.position)}”"


def indicator_explained(result: Indicators, found: Sequence[Indicator]) -> Explanation:
    """Indicators on one issue, date by date."""
    blocks: list[Block] = []
    for indicator in found:
        role = ROLES[indicator.role]
        told = f"it {role}" if indicator.role == "bar" else f"it is {role}"
        blocks += [
            Sentence(indicator_sentence(result, indicator), strong=True),
            Sentence(
                f"As for this answer, {told}. To know whether it comes about is worth "
                f"{_points(indicator.shift)} and {indicator.bits:.2g} bits. For what it makes of "
                f"all answers, observe `{indicator.observation}`."
            ),
            _by_date(result, indicator),
        ]
    return Explanation(tuple(blocks))


def _lead(result: Indicators) -> str:
    case = result.forecast.case
    if len(result.answers) == 1:
        ((name, p),) = result.answers.items()
        what = f"{answer_name(case, name)} ({figure(p)} by the inside view)"
        return f"What to watch for, and what it would make of {what}:"
    told = [f"{answer_name(case, name)} {figure(p)}" for name, p in result.answers.items()]
    return (
        f"What to watch for, each shown for the answer that it shifts most. By the inside view, "
        f"before anything is observed: {listed(told, 'and')}."
    )


def _sentences(result: Indicators, chosen: Sequence[Indicator]) -> Points:
    named = len(result.answers) > 1
    points = tuple(Point(indicator_sentence(result, s, named=named)) for s in chosen)
    return Points(points, ordered=True)


def _companion(case: Case, other: Candidate) -> str:
    name = case.issues[other.issue].name
    if other.position is None:
        return f"a change of “{name}”"
    return f"“{name}: {_label(case, other.issue, other.position)}”"


def _label(case: Case, issue: str, position: str) -> str:
    of = case.issues[issue]
    return of.positions[of.number(position)].label


def _silence(result: Indicators) -> str:
    case = result.forecast.case
    what = listed([answer_name(case, name) for name in result.answers], "and")
    if not result.dates:
        return f"No indicator for {what}: no day lies between today and the deadline."
    if not result.watched:
        return f"No indicator for {what}: nothing may come about by any of the dates."
    return f"No indicator for {what}: nothing that may come about by the dates shifts it much."


def _table(result: Indicators, chosen: Sequence[Indicator]) -> Table:
    case = result.forecast.case
    several = len(result.answers) > 1
    columns = (
        Column("watch for"),
        Column("by"),
        Column("chance", True),
        *((Column("answer"),) if several else ()),
        Column("now", True),
        Column("if observed", True),
        Column("if not", True),
        Column("value", True),
    )
    rows = tuple(
        (
            Cell(event_told(case, s), note=ROLES[s.role]),
            Cell(str(s.reading.day)),
            figure_cell(s.reading.event),
            *((Cell(answer_name(case, s.answer)),) if several else ()),
            figure_cell(result.answers[s.answer]),
            figure_cell(s.reading.seen[s.answer]),
            figure_cell(s.reading.not_seen[s.answer]),
            Cell(_points(s.shift), note=f"{s.bits:.2g} bits"),
        )
        for s in chosen
    )
    note = (
        f"From {result.draws:,} draws, by the inside view, exact in each; small figures are the "
        "Monte Carlo error. Value: by how much the answer is expected to move once one knows. What "
        "comes about and is undone by the date counts as observed. An indicator is a sign, and "
        "need not be a cause."
    )
    return Table("What to watch for, by when", columns, rows, note)


def _by_date(result: Indicators, indicator: Indicator) -> Table:
    name = indicator.answer
    columns = (
        Column("by"),
        Column("chance", True),
        Column("if observed", True),
        Column("if not", True),
        Column("value", True),
    )
    rows = tuple(_dated(reading, name) for reading in indicator.readings)
    case = result.forecast.case
    return Table(f"{answer_name(case, name)}, by what is observed by each date", columns, rows)


def _dated(reading: Reading, name: str) -> tuple[Cell, ...]:
    return (
        Cell(str(reading.day)),
        figure_cell(reading.event),
        figure_cell(reading.seen[name]),
        figure_cell(reading.not_seen[name]),
        Cell(_points(reading.shifts[name]), note=f"{reading.bits[name]:.2g} bits"),
    )


def _points(shift: float) -> str:
    return f"{percent(shift).removesuffix('%')} points"
