"""The layout of ranges on one axis, for a wide page and for a phone."""

from __future__ import annotations

import math
from collections.abc import Sequence

from foedus.document import Range, Ranges, number
from foedus.render.axis import Axis
from foedus.render.drawing import LINE_HEIGHT, Look, Sheet, tall
from foedus.render.marks import draw_marks, height_of, place_marks
from foedus.render.palette import bar, light, stroke
from foedus.render.text import mark as sign
from foedus.render.text import shown, text_width, wrap

_SIZE = 13
_SMALL = 12


def finite(block: Ranges) -> list[Range]:
    """The ranges that can be drawn."""
    return [r for r in block.ranges if all(map(math.isfinite, (r.low, r.mode, r.high)))]


def drawable(block: Ranges) -> bool:
    """Whether there is a range to draw."""
    return bool(finite(block))


def wide(block: Ranges, room: float) -> Sheet:
    """The ranges with their labels at the left and their values at the right."""
    drawn = finite(block)
    values = [_value(r) for r in drawn]
    right = max(text_width(value, _SMALL) for value in values) + 16
    label = min(max(text_width(_label(r), _SIZE) for r in drawn), 290.0)
    plot = room - label - 14 - right
    labels = [wrap(_label(r), label, _SIZE) for r in drawn]
    heights = [max(34.0, tall(len(lines), _SIZE) + 14) for lines in labels]
    axis = _axis(block, drawn)
    marks = place_marks(block.marks, axis, plot)
    top = height_of(marks)
    sheet = Sheet(plot, sum(heights), (label + 14, top, right, axis.foot(plot)))
    y = 0.0
    for r, lines, value, height in zip(drawn, labels, values, heights, strict=True):
        sheet.text((-14, y + height / 2), lines, light("ink"), Look(_SIZE, "right"))
        sheet.text((plot + 14, y + height / 2), [value], light("quiet"), Look(_SMALL))
        _bar(sheet, r, axis, y + height / 2)
        y += height
    draw_marks(sheet, marks, [(0.0, y)])
    axis.draw(sheet)
    return sheet


def narrow(block: Ranges, room: float) -> Sheet:
    """The ranges with their labels and values above each bar."""
    drawn, plot = finite(block), room - 20
    labels = [wrap(_label(r), room, _SIZE) for r in drawn]
    heights = [tall(len(lines), _SIZE) + _SMALL * LINE_HEIGHT + 36 for lines in labels]
    axis = _axis(block, drawn)
    marks = place_marks(block.marks, axis, plot)
    top = height_of(marks)
    sheet = Sheet(plot, sum(heights), (10, top, 10, axis.foot(plot)))
    y = 0.0
    bars: list[tuple[float, float]] = []
    for r, lines, height in zip(drawn, labels, heights, strict=True):
        high = tall(len(lines), _SIZE)
        # The axis' lines shall not run through the words.
        sheet.box((-10, y), (plot + 10, y + height - 28), light("paper"))
        sheet.text((-8, y + 8 + high / 2), lines, light("ink"), Look(_SIZE))
        below = y + 8 + high + _SMALL * LINE_HEIGHT / 2
        sheet.text((-8, below), [_value(r)], light("quiet"), Look(_SMALL))
        _bar(sheet, r, axis, y + height - 14)
        bars.append((y + height - 28, y + height))
        y += height
    draw_marks(sheet, marks, bars)
    axis.draw(sheet)
    return sheet


def _label(r: Range) -> str:
    return f"{sign(r.tone)} {shown(r.label)}".strip()


def _value(r: Range) -> str:
    if r.low == r.mode == r.high:
        return number(r.mode)
    return f"{number(r.mode)} ({number(r.low)} to {number(r.high)})"


def _axis(block: Ranges, drawn: Sequence[Range]) -> Axis:
    """The axis that holds every range and every mark, with a little room at both ends."""
    places = [end for r in drawn for end in (r.low, r.mode, r.high)]
    places += [value for value, _ in block.marks if math.isfinite(value)]
    low, high = min(places), max(places)
    spare = (high - low) * 0.04 or abs(high) * 0.1 or 1.0
    # Where nothing is below zero the axis need not be either.
    return Axis(0.0 if 0 <= low < spare else low - spare, high + spare, shown(block.unit))


def _bar(sheet: Sheet, r: Range, axis: Axis, y: float) -> None:
    low, mode, high = (axis.at(v, sheet.width) for v in (r.low, r.mode, r.high))
    if high > low:
        sheet.box((low, y - 5), (high, y + 5), bar(r.tone))
    sheet.dot((mode, y), stroke(r.tone))
