"""The layout of ranges on one axis, for a wide page and for a phone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from foedus.document import Range, Ranges, number
from foedus.render.axis import Axis
from foedus.render.drawing import LINE_HEIGHT, Look, Sheet, tall
from foedus.render.palette import bar, light, stroke
from foedus.render.text import mark as sign
from foedus.render.text import shown, text_width, wrap

_SIZE = 13
_SMALL = 12
_STEP = 18.0
"""Pixels between two levels of labels above the plot."""


def wide(block: Ranges, drawn: Sequence[Range], room: float) -> Sheet:
    """The ranges with their labels at the left and their values at the right."""
    values = [_value(r) for r in drawn]
    right = max(text_width(value, _SMALL) for value in values) + 16
    label = min(max(text_width(_label(r), _SIZE) for r in drawn), 290.0)
    plot = room - label - 14 - right
    labels = [wrap(_label(r), label, _SIZE) for r in drawn]
    heights = [max(34.0, tall(len(lines), _SIZE) + 14) for lines in labels]
    axis, marks = _axis(block, drawn), _marks(block, drawn, plot)
    top = (max((mark.level for mark in marks), default=-1) + 1) * _STEP + 8
    sheet = Sheet(plot, sum(heights), (label + 14, top, right, axis.foot(plot)))
    y = 0.0
    for r, lines, value, height in zip(drawn, labels, values, heights, strict=True):
        sheet.text((-14, y + height / 2), lines, light("ink"), Look(_SIZE, "right"))
        sheet.text((plot + 14, y + height / 2), [value], light("quiet"), Look(_SMALL))
        _bar(sheet, r, axis, y + height / 2)
        y += height
    _draw_marks(sheet, marks, [(0.0, y)])
    axis.draw(sheet)
    return sheet


def narrow(block: Ranges, drawn: Sequence[Range], room: float) -> Sheet:
    """The ranges with their labels and values above each bar."""
    plot = room - 20
    labels = [wrap(_label(r), room, _SIZE) for r in drawn]
    heights = [tall(len(lines), _SIZE) + _SMALL * LINE_HEIGHT + 36 for lines in labels]
    axis, marks = _axis(block, drawn), _marks(block, drawn, plot)
    top = (max((mark.level for mark in marks), default=-1) + 1) * _STEP + 8
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
    _draw_marks(sheet, marks, bars)
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


class _Mark(NamedTuple):
    """A marked value: its place, where its label starts and ends, and the label's level."""

    x: float
    start: float
    end: float
    label: str
    level: int


def _marks(block: Ranges, drawn: Sequence[Range], plot: float) -> list[_Mark]:
    """Where the marked values' labels stand: beside their lines.

    A label runs to the right of its line, where there is room, above the labels of the values
    further right that it would meet.
    """
    axis = _axis(block, drawn)
    placed: list[_Mark] = []
    for value, text in sorted(block.marks, reverse=True):
        if not math.isfinite(value):
            continue
        x, label = axis.at(value, plot), shown(text)
        width = text_width(label, _SMALL)
        start = x + 4 if x + 4 + width <= plot + 8 else max(0.0, x - 4 - width)
        end = start + width
        met = [
            other.level
            for other in placed
            if (other.start - 8 < end and start - 8 < other.end)
            or start - 4 < other.x < end + 4
            or other.start - 4 < x < other.end + 4
        ]
        placed.append(_Mark(x, start, end, label, max(met, default=-1) + 1))
    return placed


def _draw_marks(
    sheet: Sheet,
    marks: Sequence[_Mark],
    spans: Sequence[tuple[float, float]],
) -> None:
    """Draw each mark's label above the plot, and its line there and over each span of heights."""
    for x, start, _, label, level in marks:
        sheet.text((start, -12 - _STEP * level), [label], light("quiet"), Look(_SMALL))
        for lower in range(level + 1):
            # A line leaves out the height of a label that it would run through.
            if not any(m.level == lower and m.start - 2 < x < m.end + 2 for m in marks):
                top = -4 - _STEP * lower
                sheet.line((x, top - 14), (x, top + 4), light("rule"), dashed=True)
        for top, bottom in spans:
            sheet.line((x, top), (x, bottom), light("rule"), dashed=True)
