"""The layout of lines over places that follow each other, for a wide page and for a phone."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from foedus.document import Line, Lines, number
from foedus.render.axis import round_step
from foedus.render.drawing import Align, Look, Sheet, tall
from foedus.render.palette import light
from foedus.render.text import shown, text_width, wrap

_SIZE = 13
_SMALL = 12
_TALL = 260.0
"""Pixels from the lowest to the highest value."""
_COLOURS = ("good", "bad", "warn", "plain", "muted")
"""Colours of the lines, in turn; each line is named at its end, so colour is never alone."""


def drawable(block: Lines) -> bool:
    """Whether there is a finite value to draw."""
    return any(math.isfinite(value) for line in block.lines for value in line.values)


def wide(block: Lines, room: float) -> Sheet:
    """The lines, each with its name at its right end."""
    ticks = _ticks(block)
    left = max(text_width(number(tick), _SMALL) for tick in ticks) + 14
    names = [_named(line) for line in block.lines]
    label = min(max(text_width(name, _SIZE) for name in names), 270.0)
    plot = room - left - 16 - label
    wrapped = [wrap(name, label, _SIZE) for name in names]
    sheet = _plot(block, ticks, plot, (left, 34, label + 16, _foot(block, plot)))
    ends = [_height(ticks, _last(line)) for line in block.lines]
    for (place, lines), y in zip(enumerate(wrapped), apart(ends, wrapped, _TALL), strict=True):
        sheet.text((plot + 14, y), lines, light(colour(place)), Look(_SIZE))
    return sheet


def narrow(block: Lines, room: float) -> Sheet:
    """The lines, each with a number at its right end, and their names below."""
    ticks = _ticks(block)
    left = max(text_width(number(tick), _SMALL) for tick in ticks) + 14
    plot = room - left - 24
    names = [f"{k}  {_named(line)}" for k, line in enumerate(block.lines, 1)]
    wrapped = [wrap(name, room - 8, _SIZE) for name in names]
    key = sum(tall(len(lines), _SIZE) + 8 for lines in wrapped)
    foot = _foot(block, plot)
    sheet = _plot(block, ticks, plot, (left, 34, 24, foot + key + 6))
    ends = [_height(ticks, _last(line)) for line in block.lines]
    single = [[""]] * len(ends)
    for place, y in enumerate(apart(ends, single, _TALL)):
        paint = light(colour(place))
        sheet.text((plot + 10, y), [str(place + 1)], paint, Look(_SIZE, bold=True))
    y = _TALL + foot + 6
    for place, lines in enumerate(wrapped):
        high = tall(len(lines), _SIZE)
        sheet.text((8 - left, y + high / 2), lines, light(colour(place)), Look(_SIZE))
        y += high + 8
    return sheet


def colour(place: int) -> str:
    """The colour of a line, by its place among the lines."""
    return _COLOURS[place % len(_COLOURS)]


def _named(line: Line) -> str:
    """The line's name with the value at its end."""
    return f"{shown(line.label)}: {number(_last(line))}"


def _last(line: Line) -> float:
    """The last finite value."""
    return next((value for value in reversed(line.values) if math.isfinite(value)), 0.0)


def _ticks(block: Lines) -> list[float]:
    """Round numbers from zero, or below the least value, to above the greatest."""
    values = [v for line in block.lines for v in line.values if math.isfinite(v)]
    low, high = min(0.0, *values), max(0.0, *values)
    step = round_step((high - low) / 4 or 1.0)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(k * step, 12) for k in range(first, max(last, first + 1) + 1)]


def _foot(block: Lines, plot: float) -> float:
    """Pixels below the plot for the labels of the places, and what they are."""
    labels = max(len(wrap(shown(place), plot, _SMALL)) for place in block.places)
    axis = len(wrap(shown(block.axis), plot, _SMALL)) if block.axis else 0
    return tall(labels + axis, _SMALL) + 16


def _height(ticks: Sequence[float], value: float) -> float:
    return (ticks[-1] - value) / (ticks[-1] - ticks[0]) * _TALL


def _plot(
    block: Lines, ticks: Sequence[float], plot: float, margins: tuple[float, float, float, float]
) -> Sheet:
    """The axes with their figures, and the lines."""
    sheet = Sheet(plot, _TALL, margins)
    if block.unit:
        unit = wrap(shown(block.unit), plot + margins[0], _SMALL)[:1]
        sheet.text((-margins[0] + 8, -20), unit, light("quiet"), Look(_SMALL))
    for tick in ticks:
        y = _height(ticks, tick)
        sheet.line((0, y), (plot, y), light("rule" if tick == 0 else "line"))
        sheet.text((-8, y), [number(tick)], light("quiet"), Look(_SMALL, "right"))
    step = plot / (len(block.places) - 1)
    for place, align in _labelled(block.places, plot):
        x = step * place
        sheet.line((x, _TALL), (x, _TALL + 5), light("rule"))
        label = wrap(shown(block.places[place]), plot, _SMALL)
        middle = _TALL + 8 + tall(len(label), _SMALL) / 2
        sheet.text((x, middle), label, light("quiet"), Look(_SMALL, align))
    axis = wrap(shown(block.axis), plot, _SMALL)
    middle = _TALL + _foot(block, plot) - 8 - tall(len(axis), _SMALL) / 2
    sheet.text((plot / 2, middle), axis, light("quiet"), Look(_SMALL, "center"))
    for place, line in enumerate(block.lines):
        paint = light(colour(place))
        points = [
            (k * step, _height(ticks, v)) for k, v in enumerate(line.values) if math.isfinite(v)
        ]
        for start, end in itertools.pairwise(points):
            sheet.stroke(start, end, paint)
        if points:
            sheet.dot(points[-1], paint)
    return sheet


def _labelled(places: Sequence[str], plot: float) -> list[tuple[int, Align]]:
    """The places whose labels have room, and how each is set: those at the ends stay within.

    A label wider than the plot takes several lines.
    """
    last = len(places) - 1
    chosen: list[tuple[int, Align]] = []
    free = plot + 20
    for place in range(last, -1, -1):
        lines = wrap(shown(places[place]), plot, _SMALL)
        width, x = max(text_width(line, _SMALL) for line in lines), plot * place / last
        align: Align = "center"
        if place == last and width / 2 > 20:
            align = "right"
        elif x - width / 2 < -20:
            align = "left"
        start = x - {"left": 0.0, "center": width / 2, "right": width}[align]
        if not chosen or start + width + 12 <= free:
            chosen.append((place, align))
            free = start
    return chosen


def apart(heights: Sequence[float], texts: Sequence[Sequence[str]], plot: float) -> list[float]:
    """The heights moved as little as needed so that texts there do not meet.

    They stay within a plot so many pixels high, and a little around it.
    """
    halves = [tall(len(lines), _SIZE) / 2 + 2 for lines in texts]
    order = sorted(range(len(heights)), key=lambda k: (heights[k], k))
    placed = list(heights)
    above = -20.0
    for k in order:
        placed[k] = max(placed[k], above + halves[k])
        above = placed[k] + halves[k]
    below = plot + 30
    for k in reversed(order):
        placed[k] = min(placed[k], below - halves[k])
        below = placed[k] - halves[k]
    return placed
