"""Pictures as tables and as points: for those who cannot see them, and where none can be drawn."""

from __future__ import annotations

from dataclasses import replace

from foedus.document.blocks import Point, Points
from foedus.document.pictures import Branch, Grid, Line, Lines, Ranges, Tree
from foedus.document.tables import Cell, Column, Table
from foedus.document.words import number


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
