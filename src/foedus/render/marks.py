"""Marked values on an axis: a broken line through the plot, with a label above it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from foedus.render.axis import Axis
from foedus.render.drawing import Look, Sheet
from foedus.render.palette import light
from foedus.render.text import shown, text_width

_SMALL = 12
_STEP = 18.0
"""Pixels between two levels of labels above the plot."""


class Mark(NamedTuple):
    """A marked value: its place, where its label starts and ends, and the label's level."""

    x: float
    start: float
    end: float
    label: str
    level: int


def place_marks(marks: Sequence[tuple[float, str]], axis: Axis, plot: float) -> list[Mark]:
    """Where the labels of the finite values stand: beside their lines.

    A label runs to the right of its line, where there is room, above the labels of the values
    further right that it would meet.
    """
    placed: list[Mark] = []
    for value, text in sorted(marks, reverse=True):
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
        placed.append(Mark(x, start, end, label, max(met, default=-1) + 1))
    return placed


def height_of(marks: Sequence[Mark]) -> float:
    """Pixels above the plot that the labels take."""
    return (max((mark.level for mark in marks), default=-1) + 1) * _STEP + 8


def draw_marks(
    sheet: Sheet,
    marks: Sequence[Mark],
    spans: Sequence[tuple[float, float]],
    paint: str = "",
) -> None:
    """Draw each mark's label above the plot, and its line there and over each span of heights."""
    paint = paint or light("rule")
    for x, start, _, label, level in marks:
        sheet.text((start, -12 - _STEP * level), [label], light("quiet"), Look(_SMALL))
        for lower in range(level + 1):
            # A line leaves out the height of a label that it would run through.
            if not any(m.level == lower and m.start - 2 < x < m.end + 2 for m in marks):
                top = -4 - _STEP * lower
                sheet.line((x, top - 14), (x, top + 4), paint, dashed=True)
        for top, bottom in spans:
            sheet.line((x, top), (x, bottom), paint, dashed=True)
