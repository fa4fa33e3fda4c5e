"""The layout of bars made up of parts, on one axis from zero, for a wide page and for a phone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from foedus.document import Share, ShareBar, Shares, number
from foedus.render.axis import Axis
from foedus.render.drawing import Look, Sheet, tall
from foedus.render.marks import draw_marks, height_of, place_marks
from foedus.render.palette import bar, light
from foedus.render.text import mark as sign
from foedus.render.text import shown, text_width, wrap

_SIZE = 13
_SMALL = 12
_THICK = 28.0


def wide(block: Shares, room: float) -> Sheet:
    """The bars with their names at the left."""
    label = min(max(text_width(shown(b.label), _SIZE) for b in block.bars), 220.0)
    return _sheet(block, label + 14, room - label - 14 - 12)


def narrow(block: Shares, room: float) -> Sheet:
    """The bars with their names above."""
    return _sheet(block, 0.0, room - 20)


def drawable(block: Shares) -> bool:
    """Whether some bar has a part that is more than nothing."""
    return any(part.value > 0 for bar in block.bars for part in bar.parts)


def _sheet(block: Shares, left: float, plot: float) -> Sheet:
    """``left``: pixels for the names beside the bars; with none, names stand above them."""
    totals = [sum(part.value for part in each.parts) for each in block.bars]
    end = max(*totals, *(value for value, _ in block.marks), 0.0)
    axis = Axis(0.0, end * 1.04, shown(block.unit))
    marks = place_marks(block.marks, axis, plot)
    sheet = Sheet(plot, 0.0, (left or 10, height_of(marks), 12, 0))
    y = 0.0
    spans = []
    for each in block.bars:
        name = wrap(shown(each.label), left - 14 if left else plot + 10, _SIZE)
        if not left:
            high = tall(len(name), _SIZE) + 6
            sheet.box((-10, y), (plot + 10, y + high), light("paper"))
            sheet.text((-8, y + high / 2), name, light("ink"), Look(_SIZE))
            y += high
        bottom, key = _bar(sheet, each, axis, y, [mark.x for mark in marks])
        spans.append((y, bottom))
        if left:
            sheet.text((-14, y + 8 + _THICK / 2), name, light("ink"), Look(_SIZE, "right"))
            bottom = max(bottom, y + 8 + (_THICK + tall(len(name), _SIZE)) / 2)
        y = max(bottom + 4, _listed(sheet, key, bottom)) + 6
    sheet.height = y
    draw_marks(sheet, marks, spans if not left else [(0.0, y)], light("ink"))
    axis.draw(sheet)
    return sheet


def _bar(
    sheet: Sheet, each: ShareBar, axis: Axis, top: float, cuts: Sequence[float]
) -> tuple[float, list[str]]:
    """Draw the parts beside each other; gives the foot of the bar, and what is told below it.

    A part has its name and value in it, or, where there is no room, a number that stands before
    them below the bar. The lines at ``cuts`` shall not run through either.
    """
    y, key = top + 8, list[str]()
    starts = accumulate((part.value for part in each.parts), initial=0.0)
    for part, start in zip(each.parts, starts, strict=False):
        x, end = (axis.at(value, sheet.width) for value in (start, start + part.value))
        # A gap keeps neighbours apart without colour.
        if part.value:
            sheet.box((x, y), (max(end - 2, x + 1), y + _THICK), bar(part.tone))
        x, end = _stretch(x, end - 2, cuts)
        text, look = _told(part), Look(_SMALL, "center")
        if text_width(text, _SMALL) > end - x - 6:
            key.append(f"{len(key) + 1} {text}")
            text, look = str(len(key)), Look(_SMALL, "center", bold=True)
        if text_width(text, _SMALL) <= end - x - 2:
            sheet.text(((x + end) / 2, y + _THICK / 2), [text], light("ink"), look)
    return y + _THICK, key


def _stretch(start: float, end: float, cuts: Sequence[float]) -> tuple[float, float]:
    """The longest piece from start to end that holds none of the cuts."""
    places = [start, *sorted(cut for cut in cuts if start < cut < end), end]
    return max(pairwise(places), key=lambda piece: piece[1] - piece[0])


def _told(part: Share) -> str:
    return f"{sign(part.tone)} {shown(part.label)}: {number(part.value)}".strip()


def _listed(sheet: Sheet, key: list[str], top: float) -> float:
    """Write the parts that had no room; gives where they end."""
    y = top + 4
    for text in key:
        lines = wrap(text, sheet.width, _SMALL)
        high = tall(len(lines), _SMALL)
        widest = max(text_width(line, _SMALL) for line in lines)
        sheet.box((0, y), (widest + 4, y + high), light("paper"))
        sheet.text((2, y + high / 2), lines, light("ink"), Look(_SMALL))
        y += high
    return y
