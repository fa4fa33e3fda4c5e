"""The layout of a map of rows by columns, for a wide page and for a phone.

On a wide page a row's name stands beside its cells and a column's name above them, both in as many
lines as they need. On a phone a row's name stands above its cells, and column names run upwards.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

from foedus.document import Cell, Grid
from foedus.render.drawing import Look, Sheet, tall
from foedus.render.palette import fill, light, on
from foedus.render.text import longest_word, marked, shown, sign, text_width, wrap

_GAP = 3
_PAD = 12
_SIZE = 13
_SMALL = 12
_LEAST = 46.0
"""Pixels that a drawn cell has at least."""
_MARKS = 22.0
"""Pixels for what is drawn above the text of a cell."""

Draw = Callable[[Sheet, int, int, tuple[float, float, float, float]], None]
"""Draws the cell of a row and a column in a place: x, y, width, height."""


def wide(grid: Grid, room: float, draw: Draw | None = None) -> Sheet:
    """The map with row names at the left, at most ``room`` pixels wide where that is legible.

    ``draw`` draws each cell instead of a coloured field with the cell's text, and finds room for
    that text and as much again above it.
    """
    names = [shown(name) for name in grid.rows]
    columns = [shown(name) for name in grid.columns]
    widths, label = _columns(grid, names, columns, room, _cell_width(grid, room) if draw else 66.0)
    # Many columns are as narrow as their cells allow, their names running upwards.
    turned = draw is not None and label + 14 + sum(widths) > room + 1
    if turned:
        least = max(_LEAST, *(tall(len(_upwards(name)), _SMALL) + 6 for name in columns))
        widths, label = _columns(grid, names, [""] * len(columns), room, least)
    edges = list(accumulate(widths, initial=0.0))
    rows = [wrap(name, label, _SIZE) for name in names]
    heads = [
        _upwards(name) if turned else wrap(name, width - _PAD, _SMALL, bold=True)
        for name, width in zip(columns, widths, strict=True)
    ]
    texts = [
        [
            wrap(marked(c), width - _PAD, _SMALL, bold=_heavy(c))
            for c, width in zip(row, widths, strict=True)
        ]
        for row in grid.cells
    ]
    above = _MARKS if draw else 0.0
    heights = [
        max(34.0, tall(len(name), _SIZE) + 12, *(tall(len(t), _SMALL) + 12 + above for t in row))
        for name, row in zip(rows, texts, strict=True)
    ]
    top = max(_head_height(head, turned) for head in heads) + 10
    sheet = Sheet(edges[-1], sum(heights), (label + 14, top, 2, 2))
    for head, left, width in zip(heads, edges, widths, strict=False):
        middle = -6 if turned else -8 - tall(len(head), _SMALL) / 2
        look = Look(_SMALL, "left" if turned else "center", bold=True, turned=turned)
        sheet.text((left + width / 2, middle), head, light("quiet"), look)
    y = 0.0
    for r, (name, lines, height) in enumerate(zip(rows, texts, heights, strict=True)):
        sheet.line((-label - 14, y), (edges[-1], y), light("line"))
        sheet.text((-label - 13, y + height / 2), name, light("ink"))
        for c, (text, left, width) in enumerate(zip(lines, edges, widths, strict=False)):
            place = (left, y, width, height)
            if draw:
                draw(sheet, r, c, place)
            else:
                _cell(sheet, grid.cells[r][c], text, place)
        y += height
    sheet.line((-label - 14, y), (edges[-1], y), light("line"))
    return sheet


def _upwards(name: str) -> list[str]:
    """A column's name in the lines in which it runs upwards."""
    return wrap(name, 170, _SMALL, bold=True)


def _head_height(head: Sequence[str], turned: bool) -> float:
    if not turned:
        return tall(len(head), _SMALL)
    return max(text_width(line, _SMALL, bold=True) for line in head)


def _cell_width(grid: Grid, room: float) -> float:
    """Pixels that a drawn cell should have, if that leaves some to the names of the rows."""
    return min(max((room - 214) / len(grid.columns), 66.0), 116.0)


def _columns(
    grid: Grid, names: Sequence[str], heads: Sequence[str], room: float, narrowest: float
) -> tuple[list[float], float]:
    """The width of each column and of the row names: no word is cut but a very long one."""
    least = [
        min(
            max(
                narrowest,
                longest_word(head, _SMALL, bold=True) + _PAD,
                *(longest_word(marked(c), _SMALL, bold=_heavy(c)) + _PAD for c in cells),
            ),
            160.0,
        )
        for head, cells in zip(heads, zip(*grid.cells, strict=True), strict=True)
    ]
    longest = max(text_width(name, _SIZE) for name in names)
    label = min(longest, max(room - 14 - sum(least), 170.0), 290.0)
    spare = max(0.0, room - 14 - label - sum(least)) / len(least)
    return [max(width, min(width + spare, 130.0)) for width in least], label


def narrow(grid: Grid, room: float) -> Sheet:
    """The map with each row's name above its cells, ``room`` pixels wide where that is legible."""
    count = len(grid.columns)
    rows = [wrap(shown(name), room - 4, _SIZE) for name in grid.rows]
    heads = [_upwards(shown(name)) for name in grid.columns]
    top = max(text_width(line, _SMALL, bold=True) for head in heads for line in head) + 12
    thickest = max(tall(len(head), _SMALL) for head in heads)
    each = max(33.0, thickest + 2, min(room / count, 110.0))
    width = each * count
    heights = [tall(len(name), _SIZE) + 50 for name in rows]
    sheet = Sheet(max(width, room), sum(heights), (0, top, 0, 2))
    for column, head in enumerate(heads):
        look = Look(_SMALL, "left", bold=True, turned=True)
        sheet.text((each * (column + 0.5), -6), head, light("quiet"), look)
    y = 0.0
    for name, row, height in zip(rows, grid.cells, heights, strict=True):
        sheet.line((0, y), (max(width, room), y), light("line"))
        sheet.text((1, y + 8 + tall(len(name), _SIZE) / 2), name, light("ink"))
        for column, cell in enumerate(row):
            text = [_short(cell, each - _GAP - 4)]
            _cell(sheet, cell, text, (each * column, y + height - 38, each, 32))
        y += height
    return sheet


def _cell(
    sheet: Sheet, cell: Cell, lines: list[str], place: tuple[float, float, float, float]
) -> None:
    """Draw one cell in the place: x, y, width, height."""
    x, y, width, height = place
    inset = _GAP / 2
    corner, other = (x + inset, y + inset), (x + width - inset, y + height - inset)
    sheet.box(corner, other, fill(cell.tone))
    if any(lines):
        short = len(lines) == 1 and len(lines[0]) <= 2
        look = Look(15 if short else _SMALL, "center", bold=_heavy(cell))
        sheet.text((x + width / 2, y + height / 2), lines, on(cell.tone), look)


def _heavy(cell: Cell) -> bool:
    return cell.tone in ("bad", "warn")


def _short(cell: Cell, limit: float) -> str:
    """The cell's text where it fits on one line, else its sign."""
    text = marked(cell)
    if text_width(text, _SMALL, bold=_heavy(cell)) <= limit or len(text) <= 2:
        return text
    return sign(cell)
