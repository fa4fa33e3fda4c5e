"""Neutral blocks in which every result tells itself: written once, shown by every renderer.

A block is data: plain text (never markup), tables and picture data. Renderers turn blocks into
console text, HTML or a notebook's output; they escape all text, so that a label from a case file
can hold anything.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    """One point of a list, with points below it that give its reasons."""

    text: str
    points: tuple[Point, ...] = ()
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Points:
    """A list of points, nested as deep as the reasons go."""

    points: tuple[Point, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell; ``note`` is a second, smaller line (the judgement behind a number)."""

    text: str
    tone: Tone = "plain"
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A table column; numeric ones are set right-aligned."""

    name: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table. The first cell of each row is the row's heading."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Grid:
    """A picture of a rows x columns map, one coloured and marked cell for each pair.

    ``cells[r][c]`` belongs to ``rows[r]`` and ``columns[c]``. ``legend`` says what each tone and
    mark means. A renderer draws it and gives the same cells as a table beside it.
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    legend: tuple[tuple[Cell, str], ...] = ()
    row_heading: str = ""


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


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part; ``id`` is its anchor."""

    title: str
    blocks: tuple[Block, ...]
    id: str = ""


Block = Sentence | Points | Table | Grid | Ranges | Section


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
        case Table() | Grid():
            return _table_lines(as_table(block), pad)
        case Ranges():
            return _table_lines(as_table(block), pad)
        case Section():
            inner = [line for part in block.blocks for line in plain_lines(part, depth)]
            return [pad + block.title, pad + "=" * len(block.title), *inner]


def as_table(block: Table | Grid | Ranges) -> Table:
    """The same data as a table: what a picture shows, for those who cannot see it."""
    match block:
        case Table():
            return block
        case Grid():
            rows = tuple(
                (Cell(name), *cells) for name, cells in zip(block.rows, block.cells, strict=True)
            )
            columns = (Column(block.row_heading), *(Column(name) for name in block.columns))
            return Table(block.title, columns, rows)
        case Ranges():
            return Table(
                block.title,
                (
                    Column(""),
                    Column(f"low ({block.unit})", True),
                    Column("most likely", True),
                    Column("high", True),
                ),
                tuple(
                    (
                        Cell(r.label, note=r.note),
                        Cell(f"{r.low:g}"),
                        Cell(f"{r.mode:g}"),
                        Cell(f"{r.high:g}"),
                    )
                    for r in block.ranges
                ),
            )


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
    return lines
