"""The layout of a calendar: likelihoods over time, and below them what comes when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from foedus.document import Calendar, Line, Span, percent, spanned
from foedus.render.axis import Axis
from foedus.render.drawing import Look, Sheet, tall
from foedus.render.linepicture import apart, colour
from foedus.render.marks import draw_marks, height_of, place_marks
from foedus.render.palette import bar, light, stroke
from foedus.render.text import mark, shown, text_width, wrap

_SIZE = 13
_SMALL = 12
_TALL = 170.0
"""Pixels from 0 to 100 per cent."""
_LEFT = 46.0
_YEARS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000)
"""Months from one labelled day to the next."""


def wide(block: Calendar, room: float) -> Sheet:
    """The calendar with the name of each line at its right end."""
    names = [_named(line) for line in block.courses]
    label = min(max((text_width(name, _SIZE) for name in names), default=0.0), 220.0)
    wrapped = [wrap(name, label, _SIZE) for name in names]
    sheet = _sheet(block, room, label + 16 if label else 12, below=False)
    for (place, lines), y in zip(enumerate(wrapped), _ends(block, wrapped), strict=True):
        paint = light(colour(place))
        sheet.text((sheet.width + 14, y), lines, paint, Look(_SIZE))
    return sheet


def narrow(block: Calendar, room: float) -> Sheet:
    """The calendar with a number at each line's end, and the names below."""
    sheet = _sheet(block, room, 24 if block.courses else 12, below=True)
    for place, y in enumerate(_ends(block, [[""]] * len(block.courses))):
        look = Look(_SIZE, bold=True)
        sheet.text((sheet.width + 10, y), [str(place + 1)], light(colour(place)), look)
    return sheet


def _named(line: Line) -> str:
    return f"{shown(line.label)}: {percent(line.values[-1])}" if line.values else shown(line.label)


def _ends(block: Calendar, texts: Sequence[Sequence[str]]) -> list[float]:
    ends = [_height(line.values[-1]) if line.values else 0.0 for line in block.courses]
    return apart(ends, texts, _TALL)


def _height(p: float) -> float:
    return (1 - p) * _TALL


def _sheet(block: Calendar, room: float, right: float, *, below: bool) -> Sheet:
    """All but what stands at the lines' ends; their names ``below`` the plot, if wanted there."""
    left = _LEFT if block.courses else 12.0
    plot = room - left - right
    axis = _axis(block)
    ends = ((block.today, f"today, {block.today}"), (block.deadline, f"deadline, {block.deadline}"))
    marks = place_marks([(day.toordinal(), text) for day, text in ends], axis, plot)
    sheet = Sheet(plot, 0.0, (left, height_of(marks), right, 0))
    top = _TALL if block.courses else 4.0
    _courses(sheet, block, axis)
    sheet.line((0, top), (plot, top), light("rule"))
    y = top + _days(sheet, axis, top)
    draw_marks(sheet, marks, [(0.0, top)])
    for place, line in enumerate(block.courses if below else ()):
        lines = wrap(f"{place + 1} {_named(line)}", room - 4, _SMALL)
        y = _words(sheet, (-left, y), lines, light(colour(place)), Look(_SMALL)) + 4
    for span in sorted(block.spans, key=lambda span: (span.start, span.end)):
        y = _span(sheet, span, axis, y)
    sheet.height = y
    return sheet


def _axis(block: Calendar) -> Axis:
    """From the first day to the last of all that is shown, in days."""
    spans = [day for span in block.spans for day in (span.start, span.end)]
    days = [block.today, block.deadline, *block.days, *spans]
    return Axis(min(days).toordinal(), max(days).toordinal(), "")


def _courses(sheet: Sheet, block: Calendar, axis: Axis) -> None:
    if not block.courses:
        return
    for p in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _height(p)
        sheet.line((0, y), (sheet.width, y), light("line"), layer="grid")
        sheet.text((-8, y), [percent(p)], light("quiet"), Look(_SMALL, "right"))
    for place, line in enumerate(block.courses):
        days = (axis.at(day.toordinal(), sheet.width) for day in block.days)
        points = [(x, _height(p)) for x, p in zip(days, line.values, strict=True)]
        for start, end in pairwise(points):
            sheet.stroke(start, end, light(colour(place)))
        if points:
            sheet.dot(points[-1], light(colour(place)))


def _days(sheet: Sheet, axis: Axis, top: float) -> float:
    """Label some months or years below the line at ``top``; gives the pixels that takes."""
    first, last = (date.fromordinal(int(end)) for end in (axis.low, axis.high))
    start, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    most = max(int(sheet.width // 84), 1)
    step = next((step for step in _YEARS if (end - start) / step <= most), _YEARS[-1])
    for month in range(-(-start // step) * step, end + 1, step):
        day = date(month // 12, month % 12 + 1, 1) if month >= 12 else first
        if not first <= day <= last:
            continue
        x = axis.at(day.toordinal(), sheet.width)
        sheet.line((x, top), (x, top + 5), light("rule"))
        text = f"{day.year}" if step >= 12 else f"{day:%Y-%m}"
        # The last stays clear of what stands at the lines' ends.
        middle = min(x, sheet.width - text_width(text, _SMALL) / 2)
        sheet.text((middle, top + 15), [text], light("quiet"), Look(_SMALL, "center"))
    return 32.0


def _span(sheet: Sheet, span: Span, axis: Axis, top: float) -> float:
    """Draw a day or a time, its words beside it or above; gives where it ends."""
    start, end = (axis.at(day.toordinal(), sheet.width) for day in (span.start, span.end))
    once = span.start == span.end
    if not once:
        end = max(end, start + 3)
    text = f"{mark(span.tone)} {shown(span.label)}, {spanned(span)}".strip()
    wide, before = text_width(text, _SMALL), -sheet.margins[0]
    after = sheet.width + sheet.margins[2]
    near = 12 if once else 8
    if end + near + wide <= after:
        lines, look, x = [text], Look(_SMALL), end + near
    elif start - near - wide >= before:
        lines, look, x = [text], Look(_SMALL, "right"), start - near
    else:
        lines, look, x = wrap(text, after - before, _SMALL), Look(_SMALL), before
    high = tall(len(lines), _SMALL)
    beside = x != before
    middle = top + (11 if beside else high + 14)
    _words(sheet, (x, middle - high / 2 if beside else top + 4), lines, light("ink"), look)
    if once:
        sheet.line((start, 0), (start, middle), light("line"), layer="grid")
        sheet.diamond((start, middle), stroke(span.tone))
    else:
        sheet.box((start, middle - 5), (end, middle + 5), bar(span.tone))
    return middle + 13


def _words(
    sheet: Sheet, corner: tuple[float, float], lines: list[str], paint: str, look: Look
) -> float:
    """Write lines below the corner, which the lines of days do not run through; gives their end."""
    x, top = corner
    high, widest = tall(len(lines), look.size), max(text_width(line, look.size) for line in lines)
    left = x - widest if look.align == "right" else x
    sheet.box((left - 2, top), (left + widest + 2, top + high), light("paper"))
    sheet.text((x, top + high / 2), lines, paint, look)
    return top + high
