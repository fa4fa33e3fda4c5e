"""Neutral blocks in which every result tells itself: written once, shown by every renderer.

A block is data: plain text (never markup), tables and picture data. Renderers turn blocks into
console text, HTML or a notebook's output; they escape all text, so that a label from a case file
can hold anything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

Tone = Literal["plain", "good", "bad", "warn", "muted"]
"""What a piece of text means to the reader: shown as colour and, where it matters, as a mark."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A paragraph of plain text. ``strong`` marks the sentence that answers the question."""

    text: str
    tone: Tone = "plain"
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a list, with points below it that give its reasons.

    ``see`` is the id of the section that says more, where that stands on the same page.
    """

    text: str
    points: tuple[Point, ...] = ()
    tone: Tone = "plain"
    see: str = ""


@dataclass(frozen=True, slots=True)
class Points:
    """A list of points, nested as deep as the reasons go."""

    points: tuple[Point, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell; ``note`` is a second, smaller line (the judgement behind a number).

    ``anchor`` on the first cell of a row is the name by which other text refers to the row.
    """

    text: str
    tone: Tone = "plain"
    note: str | None = None
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A table column; numeric ones are set right-aligned."""

    name: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table. The first cell of each row is the row's heading.

    Raises `ValueError` for a row that has not one cell for each column.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str | None = None

    def __post_init__(self) -> None:
        for place, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                problem = f"row {place} has {len(row)} cells for {len(self.columns)} columns"
                raise ValueError(f"table {self.caption!r}: {problem}")


@dataclass(frozen=True, slots=True)
class Grid:
    """A picture of a rows x columns map, one coloured and marked cell for each pair.

    ``cells[r][c]`` belongs to ``rows[r]`` and ``columns[c]``. ``legend`` says what each tone and
    mark means. A renderer draws it and gives the same cells as a table beside it. Raises
    `ValueError` where the cells are not one for each pair.
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    legend: tuple[tuple[Cell, str], ...] = ()
    row_heading: str = ""
    note: str | None = None

    def __post_init__(self) -> None:
        if len(self.cells) != len(self.rows):
            problem = f"{len(self.cells)} rows of cells for {len(self.rows)} rows"
            raise ValueError(f"grid {self.title!r}: {problem}")
        for name, row in zip(self.rows, self.cells, strict=True):
            if len(row) != len(self.columns):
                problem = f"{len(row)} cells for {len(self.columns)} columns"
                raise ValueError(f"grid {self.title!r}, row {name!r}: {problem}")


@dataclass(frozen=True, slots=True)
class Range:
    """One line of a range picture: low, most likely and high, in the picture's unit."""

    label: str
    low: float
    mode: float
    high: float
    tone: Tone = "plain"
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Ranges:
    """A picture of ranges on one axis, optionally with marked values (a threshold, zero)."""

    title: str
    unit: str
    ranges: tuple[Range, ...]
    marks: tuple[tuple[float, str], ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a picture of lines: its name, and a value for each place on the axis."""

    label: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A picture of lines over places that follow each other evenly: dates, or numbers of things.

    ``axis`` says what the places are, ``unit`` what the values are counted in. Raises `ValueError`
    for a line that has not one value for each place.
    """

    title: str
    axis: str
    unit: str
    places: tuple[str, ...]
    lines: tuple[Line, ...]
    note: str | None = None

    def __post_init__(self) -> None:
        for line in self.lines:
            if len(line.values) != len(self.places):
                problem = f"{len(line.values)} values for {len(self.places)} places"
                raise ValueError(f"lines {self.title!r}, {line.label!r}: {problem}")


@dataclass(frozen=True, slots=True)
class Branch:
    """One box of a tree and what follows from it.

    ``text`` says what comes about, ``step`` by what or by whom, and ``reached`` names what that
    amounts to. ``refused`` says who does not go along, if anybody: its arrow is then broken.
    """

    text: str
    step: str = ""
    tone: Tone = "plain"
    refused: str = ""
    reached: tuple[str, ...] = ()
    branches: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """A picture of what leads where: boxes joined by arrows, each box reached in one way.

    A renderer draws it and gives the same as a table beside it.
    """

    title: str
    root: Branch
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part; ``id`` is its anchor. A page may show a ``folded`` one closed at first."""

    title: str
    blocks: tuple[Block, ...]
    id: str = ""
    folded: bool = False


Block = Sentence | Points | Table | Grid | Ranges | Lines | Tree | Section


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a result says when it is asked why. ``str()`` gives it as indented plain text.

    >>> print(Explanation((Sentence("No."), Points((Point("South loses", (Point("toll"),)),)))))
    No.
    - South loses
      - toll
    """

    blocks: tuple[Block, ...]

    def __str__(self) -> str:
        return "\n".join(line for block in self.blocks for line in plain_lines(block))


def plain_lines(block: Block, depth: int = 0) -> list[str]:
    """The block as lines of plain text, indented by two spaces a level."""
    pad = "  " * depth
    match block:
        case Sentence():
            return [pad + block.text]
        case Points():
            return [line for point in block.points for line in _point_lines(point, depth)]
        case Table() | Grid() | Ranges() | Lines():
            return _table_lines(as_table(block), pad)
        case Tree():
            points = [line for p in as_points(block).points for line in _point_lines(p, depth)]
            return [pad + block.title, *points, *([pad + block.note] if block.note else [])]
        case Section():
            inner = [line for part in block.blocks for line in plain_lines(part, depth)]
            return [pad + block.title, pad + "=" * len(block.title), *inner]


def as_table(block: Table | Grid | Ranges | Lines | Tree) -> Table:
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


def number(value: float) -> str:
    """A number for a reader: at most four digits behind the point, thousands set apart.

    >>> number(12.5), number(-3), number(1234567), number(0.00012)
    ('12.5', '−3', '1,234,567', '0.00012')
    """
    if not math.isfinite(value):
        return "unknown" if math.isnan(value) else ("−∞" if value < 0 else "∞")
    size = abs(value)
    if size != 0 and not 1e-3 <= size < 1e15:
        text = f"{size:g}"
    else:
        text = f"{round(size, 4):,}"
        text = text.removesuffix(".0")
    return f"−{text}" if value < 0 and size != 0 else text


def possessive(name: str) -> str:
    """A name as the owner of what follows it; one that ends in s takes the apostrophe alone.

    >>> possessive("the generals"), possessive("Putin"), possessive("The Left Bloc (communists)")
    ("the generals'", "Putin's", "The Left Bloc (communists)'s")
    """
    return f"{name}'" if name[-1:] in ("s", "S") else f"{name}'s"


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


def _point_lines(point: Point, depth: int) -> list[str]:
    lines = ["  " * depth + "- " + point.text]
    for inner in point.points:
        lines += _point_lines(inner, depth + 1)
    return lines


def _table_lines(table: Table, pad: str) -> list[str]:
    texts = [[c.name for c in table.columns]] + [[c.text for c in row] for row in table.rows]
    widths = [max(len(row[k]) for row in texts) for k in range(len(table.columns))]
    lines = [pad + table.caption] if table.caption else []
    for row in texts:
        cells = (text.ljust(width) for text, width in zip(row, widths, strict=True))
        lines.append(pad + "  ".join(cells).rstrip())
    if table.note:
        lines.append(pad + table.note)
    return lines
