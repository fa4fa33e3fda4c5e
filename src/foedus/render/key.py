"""The key of a picture: each mark that it uses, drawn small, with what it means beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from foedus.render.drawing import Look, Sheet
from foedus.render.palette import light
from foedus.render.text import text_width

Mark = Callable[[Sheet, tuple[float, float]], None]
"""Draws a mark of at most 24 by 16 pixels around a place."""
_SMALL = 12
_ROW = 22.0
_MARK = 30.0
"""Pixels from the left of a mark to its meaning."""


def draw_key(
    sheet: Sheet, entries: Sequence[tuple[Mark, str]], corner: tuple[float, float], room: float
) -> float:
    """Draw the entries in rows of at most ``room`` pixels below the corner; gives where they end.

    ``entries`` are marks and their meanings, which are a few words of the renderer's own.
    """
    left, top = corner
    x, y = left, top + _ROW / 2
    for mark, meaning in entries:
        width = _MARK + text_width(meaning, _SMALL)
        if x > left and x + width > left + room:
            x, y = left, y + _ROW
        mark(sheet, (x + _MARK / 2 - 3, y))
        sheet.text((x + _MARK, y), [meaning], light("quiet"), Look(_SMALL))
        x += width + 18
    return y + _ROW / 2 if entries else top
