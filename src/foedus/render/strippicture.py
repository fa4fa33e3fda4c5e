"""The layout of the veto strip: who is better or worse off with what, and who refuses.

In each place a mark says whether the actor agrees (a tick), refuses (a cross) or is not asked (a
point), and a bar how much better off it is, to the right, or worse off, to the left.
"""

from __future__ import annotations

from foedus.document import Cell, Grid, Strip, StripCell, gain_text
from foedus.render import gridpicture
from foedus.render.drawing import Look, Sheet, tall
from foedus.render.key import Mark, draw_key
from foedus.render.palette import bar, light, stroke
from foedus.render.text import shown, text_width, wrap

_SIZE = 13
_SMALL = 12
_SIGN = 20.0
"""Pixels for the mark of what an actor says."""


def wide(strip: Strip, room: float) -> Sheet:
    """The arrangements as rows, the actors as columns."""

    def draw(sheet: Sheet, r: int, c: int, place: tuple[float, float, float, float]) -> None:
        cell, (x, y, width, height) = strip.cells[r][c], place
        lines = wrap(shown(gain_text(cell)), width - 12, _SMALL)
        high = tall(len(lines), _SMALL)
        middle = y + (height - high) / 2
        _sign(sheet, cell, (x + _SIGN / 2, middle))
        _gain(sheet, cell, (x + _SIGN, middle), width - _SIGN - 6)
        below = (x + (_SIGN + width - 6) / 2, y + height - 5 - high / 2)
        sheet.text(below, lines, light("quiet"), Look(_SMALL, "center"))

    texts = tuple(tuple(Cell(gain_text(cell)) for cell in row) for row in strip.cells)
    grid = Grid(strip.title, strip.rows, strip.columns, texts)
    sheet = gridpicture.wide(grid, room, draw)
    return _keyed(sheet, strip, sheet.height + 8)


def narrow(strip: Strip, room: float) -> Sheet:
    """One arrangement after the other, with a line for each actor."""
    sheet = Sheet(room, 0.0)
    names = [wrap(shown(name), 124, _SMALL) for name in strip.columns]
    texts = [wrap(shown(gain_text(cell)), 74, _SMALL) for row in strip.cells for cell in row]
    right = max(text_width(line, _SMALL) for lines in texts for line in lines) + 8
    y = 0.0
    for name, row in zip(strip.rows, strip.cells, strict=True):
        head = wrap(shown(name), (room - 4) / 1.1, _SIZE)
        sheet.line((0, y), (room, y), light("rule"))
        sheet.text((0, y + 8 + tall(len(head), _SIZE) / 2), head, light("ink"), Look(bold=True))
        y += 12 + tall(len(head), _SIZE)
        for actor, cell in zip(names, row, strict=True):
            lines = wrap(shown(gain_text(cell)), 74, _SMALL)
            high = max(tall(max(len(actor), len(lines)), _SMALL) + 8, 26.0)
            middle = y + high / 2
            _sign(sheet, cell, (_SIGN / 2, middle))
            sheet.text((_SIGN + 4, middle), actor, light("ink"), Look(_SMALL))
            _gain(sheet, cell, (_SIGN + 132, middle), room - _SIGN - 132 - right)
            sheet.text((room, middle), lines, light("quiet"), Look(_SMALL, "right"))
            y += high
        y += 10
    sheet.height = y
    return _keyed(sheet, strip, y)


def _sign(sheet: Sheet, cell: StripCell, place: tuple[float, float]) -> None:
    {"agrees": _agrees, "refuses": _refuses, "not asked": _not_asked}[cell.says](sheet, place)


def _gain(sheet: Sheet, cell: StripCell, start: tuple[float, float], width: float) -> None:
    """The bar from the middle of the room to its right."""
    x, y = start[0] + width / 2, start[1]
    sheet.box((start[0], y - 6), (start[0] + width, y + 6), light("panel"))
    sheet.line((x, y - 10), (x, y + 10), light("rule"))
    if cell.gain:
        _bar(sheet, cell.gain, cell.says != "not asked", (x, y), width / 2)


def _bar(sheet: Sheet, gain: float, asked: bool, zero: tuple[float, float], half: float) -> None:
    x, y = zero
    paint = bar("muted") if not asked else stroke("good") if gain > 0 else stroke("bad")
    # What is not nothing is seen.
    end = x + gain * half if abs(gain * half) >= 2 else x + (2 if gain > 0 else -2)
    sheet.box((x, y - 6), (end, y + 6), paint)


def _keyed(sheet: Sheet, strip: Strip, below: float) -> Sheet:
    used = {cell.says for row in strip.cells for cell in row}
    entries: list[tuple[Mark, str]] = []
    for says, mark in (("agrees", _agrees), ("refuses", _refuses), ("not asked", _not_asked)):
        if says in used:
            entries.append((mark, says))
    entries += [(_worse, "worse off, to the left"), (_better, "better off, to the right")]
    if any(cell.gain and cell.says == "not asked" for row in strip.cells for cell in row):
        entries.append((_unasked, "either, for who is not asked"))
    left = sheet.margins[0]
    draw_key(sheet, entries, (-left, below), left + sheet.width)
    return sheet


def _agrees(sheet: Sheet, place: tuple[float, float]) -> None:
    sheet.tick(place, stroke("good"))


def _refuses(sheet: Sheet, place: tuple[float, float]) -> None:
    sheet.cross(place, stroke("bad"))


def _not_asked(sheet: Sheet, place: tuple[float, float]) -> None:
    sheet.point(place, stroke("muted"))


def _worse(sheet: Sheet, place: tuple[float, float]) -> None:
    sheet.line((place[0] + 8, place[1] - 8), (place[0] + 8, place[1] + 8), light("rule"))
    _bar(sheet, -1, True, (place[0] + 8, place[1]), 16)


def _better(sheet: Sheet, place: tuple[float, float]) -> None:
    sheet.line((place[0] - 8, place[1] - 8), (place[0] - 8, place[1] + 8), light("rule"))
    _bar(sheet, 1, True, (place[0] - 8, place[1]), 16)


def _unasked(sheet: Sheet, place: tuple[float, float]) -> None:
    _bar(sheet, 1, False, (place[0] - 8, place[1]), 16)
