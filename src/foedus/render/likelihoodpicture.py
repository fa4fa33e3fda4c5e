"""The layout of likelihoods on one axis, each a dot on its range, for a wide page and a phone."""

from __future__ import annotations

from foedus.document import Likelihood, Likelihoods, percent
from foedus.render.axis import Axis
from foedus.render.drawing import LINE_HEIGHT, Look, Sheet, tall
from foedus.render.key import Mark, draw_key
from foedus.render.palette import bar, light, stroke
from foedus.render.text import longest_word, mark, shown, text_width, wrap

_SIZE = 13
_SMALL = 12
_TINY = 11
_AXIS = Axis(0, 100, "per cent")


def wide(block: Likelihoods, room: float) -> Sheet:
    """The answers with their names at the left, and words and numbers at the right."""
    label = min(max(text_width(_label(answer), _SIZE) for answer in block.answers), 260.0)
    told = [wrap(_likely(answer), 230, _SIZE, bold=True) for answer in block.answers]
    ranges = [_range_told(answer) for answer in block.answers]
    widths = [text_width(line, _SIZE, bold=True) for lines in (*told, ranges) for line in lines]
    right = max(widths) + 16
    plot = room - label - 14 - right
    labels = [wrap(_label(answer), label, _SIZE) for answer in block.answers]
    rights = [tall(len(lines), _SIZE) + tall(1, _SMALL) for lines in told]
    heights = [
        max(46.0, tall(len(lines), _SIZE) + 16, high + 10)
        for lines, high in zip(labels, rights, strict=True)
    ]
    words = _words(block, plot)
    top = max((tall(len(lines), _TINY) for _, lines in words), default=0.0) + 8
    sheet = Sheet(plot, sum(heights), (label + 14, top, right, _AXIS.foot(plot)))
    _bands(sheet, block, words)
    y = 0.0
    for k, (answer, height) in enumerate(zip(block.answers, heights, strict=True)):
        middle = y + height / 2
        top, bold = middle - rights[k] / 2, tall(len(told[k]), _SIZE)
        sheet.text((-14, middle), labels[k], light("ink"), Look(_SIZE, "right"))
        sheet.text((plot + 14, top + bold / 2), told[k], light("ink"), Look(_SIZE, bold=True))
        below = top + bold + tall(1, _SMALL) / 2
        sheet.text((plot + 14, below), [ranges[k]], light("quiet"), Look(_SMALL))
        _bar(sheet, answer, middle)
        y += height
    _AXIS.draw(sheet)
    return _keyed(sheet, block)


def narrow(block: Likelihoods, room: float) -> Sheet:
    """The answers with names, words and numbers above their bars."""
    plot = room - 20
    labels = [wrap(_label(answer), room - 4, _SIZE) for answer in block.answers]
    told = [
        wrap(f"{_likely(answer)}, {_range_told(answer)}".strip(", "), room - 4, _SMALL)
        for answer in block.answers
    ]
    words = _words(block, plot)
    top = max((tall(len(lines), _TINY) for _, lines in words), default=0.0) + 8
    heads = [
        tall(len(name), _SIZE) + len(value) * _SMALL * LINE_HEIGHT + 10
        for name, value in zip(labels, told, strict=True)
    ]
    sheet = Sheet(plot, sum(heads) + 30 * len(heads), (10, top, 10, _AXIS.foot(plot)))
    _bands(sheet, block, words)
    y = 0.0
    for answer, name, value, head in zip(block.answers, labels, told, heads, strict=True):
        # The lines of the axis shall not run through the words.
        sheet.box((-10, y), (plot + 10, y + head), light("paper"))
        named = tall(len(name), _SIZE)
        sheet.text((-8, y + 6 + named / 2), name, light("ink"), Look(_SIZE))
        below = y + 6 + named + tall(len(value), _SMALL) / 2
        sheet.text((-8, below), value, light("quiet"), Look(_SMALL))
        _bar(sheet, answer, y + head + 14)
        y += head + 30
    _AXIS.draw(sheet)
    return _keyed(sheet, block)


def _label(answer: Likelihood) -> str:
    return f"{mark(answer.tone)} {shown(answer.label)}".strip()


def _likely(answer: Likelihood) -> str:
    """The word with the probability."""
    return ", ".join(filter(None, (shown(answer.word), percent(answer.p))))


def _range_told(answer: Likelihood) -> str:
    if answer.low == answer.high:
        return ""
    return f"{percent(answer.low)} to {percent(answer.high)}"


def _words(block: Likelihoods, plot: float) -> list[tuple[float, list[str]]]:
    """The words of the scale that have room above their bands: the middle, and the lines."""
    found = []
    for low, high, word in block.bands:
        width, text = (high - low) * plot - 2, shown(word)
        lines = wrap(text, width, _TINY)
        if longest_word(text, _TINY) <= width and len(lines) <= 3:
            found.append(((low + high) / 2 * plot, lines))
    return found


def _bands(sheet: Sheet, block: Likelihoods, words: list[tuple[float, list[str]]]) -> None:
    """Every second band of the scale in a faint tone, and the words above them."""
    for place, (low, high, _) in enumerate(block.bands):
        if place % 2 == 0:
            corner, other = (low * sheet.width, 0.0), (high * sheet.width, sheet.height)
            sheet.box(corner, other, light("panel"), layer="grid")
    for middle, lines in words:
        above = -6 - tall(len(lines), _TINY) / 2
        sheet.text((middle, above), lines, light("quiet"), Look(_TINY, "center"))


def _bar(sheet: Sheet, answer: Likelihood, y: float) -> None:
    at = [value * sheet.width for value in (answer.low, answer.p, answer.high)]
    if at[2] > at[0]:
        sheet.box((at[0], y - 6), (at[2], y + 6), bar(answer.tone))
    if answer.base is not None:
        _base(sheet, (answer.base * sheet.width, y), 11)
    sheet.dot((at[1], y), stroke(answer.tone))


def _keyed(sheet: Sheet, block: Likelihoods) -> Sheet:
    entries: list[tuple[Mark, str]] = [(_dot, "likelihood"), (_range, "its range")]
    if any(answer.base is not None for answer in block.answers):
        entries.append((_base, "base rate"))
    left = -sheet.margins[0]
    below = sheet.height + sheet.margins[3]
    draw_key(sheet, entries, (left, below), sheet.margins[0] + sheet.width + sheet.margins[2])
    return sheet


def _dot(sheet: Sheet, place: tuple[float, float]) -> None:
    sheet.dot(place, stroke("plain"))


def _range(sheet: Sheet, place: tuple[float, float]) -> None:
    sheet.box((place[0] - 12, place[1] - 6), (place[0] + 12, place[1] + 6), bar("plain"))


def _base(sheet: Sheet, place: tuple[float, float], half: float = 7) -> None:
    sheet.stroke((place[0], place[1] - half), (place[0], place[1] + half), light("ink"))
