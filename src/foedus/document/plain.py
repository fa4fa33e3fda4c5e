"""Blocks as plain text, which is what a result says when it is asked why."""

from __future__ import annotations

from dataclasses import dataclass

from foedus.document.blocks import Block, Point, Points, Section, Sentence
from foedus.document.pictures import Tree
from foedus.document.tabled import as_points, as_table
from foedus.document.tables import Table


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
        case Tree():
            points = [line for p in as_points(block).points for line in _point_lines(p, depth)]
            return [pad + block.title, *points, *([pad + block.note] if block.note else [])]
        case Section():
            inner = [line for part in block.blocks for line in plain_lines(part, depth)]
            return [pad + block.title, pad + "=" * len(block.title), *inner]
        case _:
            return _table_lines(as_table(block), pad)


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
