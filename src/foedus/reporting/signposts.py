"""Signposts in sentences and a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import Block, Cell, Column, Explanation, Point, Points, Sentence, Table
from foedus.forecasting.estimates import percent
from foedus.reporting.figures import figure, figure_cell, moved
from foedus.sensitivity.moments import (
    answer_name,
)
from foedus.sensitivity.signposts import Signposts
from foedus.sensitivity.watching import LEAST, LEAST_ENDS

if TYPE_CHECKING:
    from foedus.case.model import Case
    from foedus.sensitivity.signposts import Reading, Signpost, Signposts

ROLES = {
    "sign": "a sign in another matter",
    "step": "part of the answer itself",
    "bar": "something that bars the answer while it stands",
}


def signpost_blocks(result: Signposts) -> tuple[Block, ...]:
    """Sentences first, signs in other matters before steps of the answer; then a table."""
    if not result.signposts:
        return (Sentence(_silence(result), "muted"),)
    signs, steps = result.top("sign"), result.top("step", "bar")
    blocks: list[Block] = [Sentence(_lead(result))]
    if signs:
        head = "Signs in other matters than the answer itself:"
        blocks += [Sentence(head), _sentences(result, signs)]
    if steps:
        head = "Steps of the answer itself, and what bars it while it stands:"
        blocks += [Sentence(head), _sentences(result, steps)]
    return (*blocks, _table(result, (*signs, *steps)))


def signpost_sentence(result: Signposts, signpost: Signpost, *, named: bool = True) -> str:
    """One signpost: the event, its date, how likely it is, and what it tells either way.

    Not ``named``, the answer is "it": for a list that is about one answer.
    """
    case, reading = result.forecast.case, signpost.reading
    before = result.answers[signpost.answer]
    seen, missing = reading.seen[signpost.answer], reading.not_seen[signpost.answer]
    answer = answer_name(case, signpost.answer) if named else "it"
    text = (
        f"If {event_told(case, signpost)} {when_told(signpost)} (in {figure(reading.event)} of "
        f"the draws), {answer} {moved(before, seen)}; if not, it "
        f"{moved(before, missing, again=True)}."
    )
    return text + _companions(case, signpost)


def event_told(case: Case, signpost: Signpost) -> str:
    """The event of a signpost, as a clause."""
    issue = case.issues[signpost.issue]
    label = issue.positions[issue.number(signpost.position)].label
    verb = "still stands at" if signpost.still else "has moved to"
    return f"“{issue.name}” {verb} “{label}”"


def when_told(signpost: Signpost) -> str:
    """The date of a signpost in a sentence."""
    return f"{'on' if signpost.still else 'by'} {signpost.reading.day}"


def signpost_explained(result: Signposts, found: Sequence[Signpost]) -> Explanation:
    """Signposts on one issue, date by date."""
    blocks: list[Block] = []
    for signpost in found:
        blocks += [
            Sentence(signpost_sentence(result, signpost), strong=True),
            Sentence(
                f"This is {ROLES[signpost.role]}. Knowing whether it is so moves the "
                f"probability by {_points(signpost.shift)} on the mean. For what it makes of "
                f"all answers, observe `{signpost.observation}`."
            ),
            _by_date(result, signpost),
        ]
    return Explanation(tuple(blocks))


def _lead(result: Signposts) -> str:
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


def _sentences(result: Signposts, chosen: Sequence[Signpost]) -> Points:
    named = len(result.answers) > 1
    points = tuple(Point(signpost_sentence(result, s, named=named)) for s in chosen)
    return Points(points, ordered=True)


def _companions(case: Case, signpost: Signpost) -> str:
    told = []
    for companion in signpost.companions:
        issue = case.issues[companion.issue]
        label = issue.positions[issue.number(companion.position)].label
        told.append(f"“{issue.name}: {label}”{' (then not)' if companion.instead else ''}")
    return f" In nearly all draws it goes with {listed(told, 'and')}." if told else ""


def _silence(result: Signposts) -> str:
    case = result.forecast.case
    names = [answer_name(case, name) for name in result.answers]
    what = listed(names, "and")
    if not result.dates:
        return f"No indicator for {what}: no day lies between today and the deadline."
    if all(min(p.p, 1 - p.p) * result.draws < LEAST_ENDS for p in result.answers.values()):
        hits = [f"{round(p.p * result.draws):,}" for p in result.answers.values()]
        return (
            f"No indicator for {what}: reached in {listed(hits, 'and')} of {result.draws:,} draws. "
            f"It takes {LEAST_ENDS} draws that reach an answer, and as many that do not, to tell "
            "what shifts it."
        )
    if not result.watched:
        return (
            f"No indicator for {what}: no move by any of the dates happens in at least {LEAST} "
            "draws and fails to happen in as many."
        )
    return f"No indicator for {what}: no move by any of the dates tells more than chance."


def _table(result: Signposts, chosen: Sequence[Signpost]) -> Table:
    case = result.forecast.case
    several = len(result.answers) > 1
    columns = (
        Column("watch for"),
        Column("when"),
        Column("how likely", True),
        *((Column("answer"),) if several else ()),
        Column("now", True),
        Column("if observed", True),
        Column("if not", True),
        Column("shift", True),
    )
    rows = tuple(
        (
            Cell(event_told(case, s), note=ROLES[s.role]),
            Cell(when_told(s)),
            figure_cell(s.reading.event),
            *((Cell(answer_name(case, s.answer)),) if several else ()),
            figure_cell(result.answers[s.answer]),
            figure_cell(s.reading.seen[s.answer]),
            figure_cell(s.reading.not_seen[s.answer]),
            Cell(_points(s.shift)),
        )
        for s in chosen
    )
    note = (
        f"From {result.draws:,} draws, by the inside view; small figures are the Monte "
        "Carlo error. "
        "Shift: by how much the answer moves on the mean once one knows. A move that "
        "was made and "
        "undone by the date counts as not observed. An indicator is a sign, and need "
        "not be a cause."
    )
    return Table("What to watch for, by when", columns, rows, note)


def _by_date(result: Signposts, signpost: Signpost) -> Table:
    name = signpost.answer
    columns = (
        Column("by"),
        Column("how likely", True),
        Column("if observed", True),
        Column("if not", True),
        Column("shift", True),
    )
    rows = tuple(_dated(reading, name) for reading in signpost.readings)
    case = result.forecast.case
    caption = f"{answer_name(case, name)}, by what is observed on each date"
    return Table(caption, columns, rows, "“≈” marks what chance could make.")


def _dated(reading: Reading, name: str) -> tuple[Cell, ...]:
    mark = "" if reading.telling else "≈ "
    return (
        Cell(str(reading.day)),
        figure_cell(reading.event),
        figure_cell(reading.seen[name]),
        figure_cell(reading.not_seen[name]),
        Cell(f"{mark}{_points(reading.shifts[name])}"),
    )


def _points(shift: float) -> str:
    return f"{percent(shift).removesuffix('%')} points"


def leading_sentence(result: Signposts) -> str | None:
    """The first signpost in one sentence, for an opening; None where there is none."""
    return signpost_sentence(result, result.signposts[0]) if result.signposts else None
