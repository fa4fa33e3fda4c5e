"""Pictures as tables and as points: for those who cannot see them, and where none can be drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from foedus.document.blocks import Point, Points
from foedus.document.pictures import (
    Branch,
    Calendar,
    Grid,
    Likelihoods,
    Line,
    Lines,
    PictureBlock,
    Ranges,
    Shares,
    Span,
    Strip,
    StripCell,
    Tree,
)
from foedus.document.tables import Cell, Column, Table, Tone
from foedus.document.words import number, percent


def as_table(block: Table | PictureBlock) -> Table:
    """The same data as a table: what a picture shows, for those who cannot see it."""
    match block:
        case Table():
            return block
        case Grid():
            rows = tuple(
                (Cell(name), *cells) for name, cells in zip(block.rows, block.cells, strict=True)
            )
            columns = (Column(block.row_heading), *(Column(name) for name in block.columns))
            return Table(block.title, columns, rows, block.note)
        case Ranges():
            return Table(block.title, _range_columns(block), _range_rows(block), block.note)
        case Lines():
            unit = f" ({block.unit})" if block.unit else ""
            names = (Column(f"{line.label}{unit}", numeric=True) for line in block.lines)
            return Table(block.title, (Column(block.axis), *names), _line_rows(block), block.note)
        case Tree():
            columns = tuple(map(Column, ("", "What comes about", "How", "Refused by", "Reached")))
            return Table(block.title, columns, _tree_rows(block.root), block.note)
        case Likelihoods():
            return _likelihood_table(block)
        case Strip():
            cells = tuple(tuple(map(_strip_cell, row)) for row in block.cells)
            heading = block.row_heading
            grid = Grid(block.title, block.rows, block.columns, cells, (), heading, block.note)
            return as_table(grid)
        case Calendar():
            return _calendar_table(block)
        case Shares():
            return _share_table(block)


def _strip_cell(cell: StripCell) -> Cell:
    tones: dict[str, Tone] = {"agrees": "good", "refuses": "bad", "not asked": "muted"}
    return Cell(", ".join(filter(None, (cell.says, gain_text(cell)))), tones[cell.says])


def gain_text(cell: StripCell) -> str:
    """The gain in the actor's own units, or else as a share of its range; nothing where unknown."""
    if cell.text or cell.gain is None:
        return cell.text
    sign = "+" if cell.gain > 0 else "−" if cell.gain < 0 else ""
    return f"{sign}{percent(abs(cell.gain))}"


MOST_PLACES = 9
"""So many rows the table of a picture of lines has at most where room is scarce."""


def thinned(block: Lines, most: int = MOST_PLACES) -> Lines:
    """The same lines at so many places at most, evenly spread, the last among them.

    >>> thinned(Lines("", "", "", tuple("abcdef"), (Line("", (1, 2, 3, 4, 5, 6)),)), 3).places
    ('b', 'd', 'f')
    """
    step = -(-len(block.places) // most)
    kept = range(len(block.places) - 1, -1, -step)[::-1] if step > 1 else range(len(block.places))
    lines = tuple(Line(line.label, tuple(line.values[k] for k in kept)) for line in block.lines)
    return replace(block, places=tuple(block.places[k] for k in kept), lines=lines)


def as_points(tree: Tree) -> Points:
    """A tree as nested points: what its boxes say, and below each what follows from it.

    >>> from foedus.document.plain import Explanation
    >>> print(Explanation((as_points(Tree("", Branch("Now", branches=(Branch("War", "by A"),)))),)))
    - Now
      - War (by A)
    """
    return Points((_branch_point(tree.root),))


def _branch_point(branch: Branch) -> Point:
    text = f"{'; '.join(branch.reached)}: {branch.text}" if branch.reached else branch.text
    text += f" ({branch.step})" if branch.step else ""
    inner = tuple(map(_branch_point, branch.branches))
    if branch.refused:
        inner = (Point(f"refused by {branch.refused}", tone="bad"), *inner)
    return Point(text, inner, branch.tone)


def _range_columns(block: Ranges) -> tuple[Column, ...]:
    unit = f" ({block.unit})" if block.unit else ""
    return (
        Column(""),
        Column(f"low{unit}", True),
        Column("most likely", True),
        Column("high", True),
    )


def _range_rows(block: Ranges) -> tuple[tuple[Cell, ...], ...]:
    """One row for each range, then one for each marked value."""
    ranges = tuple(
        (
            Cell(r.label, r.tone, note=r.note),
            *(Cell(number(value)) for value in (r.low, r.mode, r.high)),
        )
        for r in block.ranges
    )
    marks = tuple(
        (Cell(text, "muted"), Cell(""), Cell(number(value), "muted"), Cell(""))
        for value, text in block.marks
    )
    return ranges + marks


def _line_rows(block: Lines) -> tuple[tuple[Cell, ...], ...]:
    return tuple(
        (Cell(place), *(Cell(number(line.values[k])) for line in block.lines))
        for k, place in enumerate(block.places)
    )


def _tree_rows(branch: Branch, number: str = "") -> tuple[tuple[Cell, ...], ...]:
    """A row for the branch and for all that follow, numbered 1, 1.1, 1.2, 2 and so on."""
    refused = Cell(branch.refused, "bad") if branch.refused else Cell("")
    row = (
        Cell(number or "start"),
        Cell(branch.text),
        Cell(branch.step),
        refused,
        Cell("; ".join(branch.reached), branch.tone if branch.reached else "plain"),
    )
    rows: list[tuple[Cell, ...]] = [row]
    for place, following in enumerate(branch.branches, start=1):
        rows += _tree_rows(following, f"{number}.{place}" if number else str(place))
    return tuple(rows)


def _likelihood_table(block: Likelihoods) -> Table:
    based = any(answer.base is not None for answer in block.answers)
    names = ("probability", "low", "high", *(("base rate",) if based else ()))
    columns = (Column(""), Column("likelihood"), *(Column(name, numeric=True) for name in names))
    rows = []
    for answer in block.answers:
        numbers = (answer.p, answer.low, answer.high, *((answer.base,) if based else ()))
        told = ("" if p is None else percent(p) for p in numbers)
        rows.append((Cell(answer.label, answer.tone), Cell(answer.word), *map(Cell, told)))
    return Table(block.title, columns, tuple(rows), block.note)


def _calendar_table(block: Calendar) -> Table:
    """Every marked day in order, and how likely each answer is on some of the days."""
    blank = tuple(Cell("") for _ in block.courses)
    told = [(block.today, Cell(str(block.today)), Cell("today"))]
    told += [(span.start, Cell(spanned(span)), Cell(span.label, span.tone)) for span in block.spans]
    told.append((block.deadline, Cell(str(block.deadline)), Cell("deadline")))
    rows = [(day, 0, (when, what, *blank)) for day, when, what in told]
    places = tuple(map(str, block.days))
    course = thinned(Lines("", "", "", places, block.courses)) if block.courses else None
    for k, place in enumerate(course.places if course else ()):
        likely = (Cell(percent(line.values[k])) for line in (course.lines if course else ()))
        day = date.fromisoformat(place)
        rows.append((day, 1, (Cell(place), Cell("likelihood", "muted"), *likely)))
    rows.sort(key=lambda row: row[:2])
    names = (Column(line.label, numeric=True) for line in block.courses)
    columns = (Column("when"), Column("what"), *names)
    return Table(block.title, columns, tuple(row for _, _, row in rows), block.note)


def spanned(span: Span) -> str:
    """The day of a span, or its first and last."""
    return str(span.start) if span.start == span.end else f"{span.start} to {span.end}"


def _share_table(block: Shares) -> Table:
    """A row for each part of each bar, and one for the whole of a bar with several; then marks."""
    unit = f" ({block.unit})" if block.unit else ""
    rows = []
    for bar in block.bars:
        for part in bar.parts:
            rows.append((Cell(bar.label), Cell(part.label, part.tone), Cell(number(part.value))))
        if len(bar.parts) != 1:
            total = number(sum(part.value for part in bar.parts))
            rows.append((Cell(bar.label), Cell("together", "muted"), Cell(total)))
    rows += [
        (Cell(label, "muted"), Cell(""), Cell(number(value), "muted"))
        for value, label in block.marks
    ]
    columns = (Column(""), Column("part"), Column(f"amount{unit}", numeric=True))
    return Table(block.title, columns, tuple(rows), block.note)
