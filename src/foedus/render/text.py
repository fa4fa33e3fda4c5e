"""Text on its way to a reader: made harmless, marked, measured and wrapped."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

from foedus.document import Cell, Tone

_CONTROL_PICTURES = 0x2400  # U+2400 is the picture of NUL, U+2401 of SOH, and so on
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_HYPHENS = re.compile(r"(?<=-)(?<!\d-(?=\d))")
"""Behind each hyphen that is not within a date."""


def shown(text: str) -> str:
    r"""The text with nothing in it that a terminal or a browser would obey.

    Line breaks and tabs become spaces; control characters become their visible pictures (escape
    becomes ``␛``); characters that turn the direction of the text around them, halves of
    surrogate pairs and the upper controls become ``�``.

    >>> shown("a\x1b[31m red\nb")
    'a␛[31m red b'
    """
    if text.isprintable():
        return text
    return "".join(_shown(letter) for letter in text)


def _shown(letter: str) -> str:
    if letter in "\n\t\r\v\f\u2028\u2029\x85":
        return " "
    code = ord(letter)
    if code < 0x20:
        return chr(_CONTROL_PICTURES + code)
    if code == 0x7F:
        return "␡"
    if code < 0x7F:
        return letter
    noncharacter = code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
    if noncharacter or letter in _BIDI_CONTROLS or unicodedata.category(letter) in ("Cc", "Cs"):
        return "�"
    return letter


def mark(tone: Tone, *, ascii_only: bool = False) -> str:
    """The sign that goes with a tone, so that colour is never the only carrier; may be empty.

    >>> mark("good"), mark("bad"), mark("warn"), mark("plain")
    ('✓', '✗', '!', '')
    """
    match tone:
        case "good":
            return "+" if ascii_only else "✓"
        case "bad":
            return "x" if ascii_only else "✗"
        case "warn":
            return "!"
        case _:
            return ""


def needs_mark(text: str, tone: Tone, *, ascii_only: bool = False) -> bool:
    """Whether the tone must be marked beside the text: not where the text starts with a sign.

    >>> needs_mark("12", "good"), needs_mark("+12", "good"), needs_mark("12", "plain")
    (True, False, False)
    """
    own = mark(tone, ascii_only=ascii_only)
    return bool(own) and text != own and (not text or text[0].isalnum() or text[0] in "(\"'“‘«<[{")


def marked(cell: Cell, *, ascii_only: bool = False) -> str:
    """The cell's text, made harmless, after the sign of its tone where it needs one.

    >>> marked(Cell("loses", "bad")), marked(Cell("-40", "bad"))
    ('✗ loses', '-40')
    """
    text = shown(cell.text)
    if not needs_mark(text, cell.tone, ascii_only=ascii_only):
        return text
    return f"{mark(cell.tone, ascii_only=ascii_only)} {text}".rstrip()


def sign(cell: Cell, *, ascii_only: bool = False) -> str:
    """What stands for the cell where there is room for a letter or two only.

    >>> sign(Cell("loses", "bad")), sign(Cell("no change")), sign(Cell("-4", "bad"))
    ('✗', '○', '-4')
    """
    text = shown(cell.text)
    if len(text) <= 2:
        return text
    if cell.tone == "muted":
        return "." if ascii_only else "·"
    return mark(cell.tone, ascii_only=ascii_only) or ("o" if ascii_only else "○")


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """About how many pixels the text takes in a wide sans-serif face of ``size`` pixels.

    Readers' faces differ, so the estimate errs on the wide side.
    """
    return size * (1.1 if bold else 1.0) * sum(map(_letter_width, text))


def _letter_width(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    if letter in " .,:;'|!iljtf()[]I":
        return 0.38
    if letter in "mwMW@%—…✓✗+−=<>":
        return 0.93
    return 0.7 if letter.isupper() else 0.62


def longest_word(text: str, size: float, *, bold: bool = False) -> float:
    """The width of the longest piece that `wrap` would keep whole."""
    return max((text_width(w.rstrip(), size, bold=bold) for w in _words(text)), default=0.0)


def wrap(text: str, limit: float, size: float, *, bold: bool = False) -> list[str]:
    """The text in lines of at most ``limit`` pixels; a word is cut only if it alone is too long.

    >>> wrap("Full integration as one region", 100, 12)
    ['Full integration', 'as one region']
    """
    # What is as wide as the limit fits, though dividing has changed its last digit.
    limit = limit * (1 + 1e-9) / (1.1 if bold else 1.0)
    lines: list[str] = []
    line = ""
    for word in _words(text):
        if line and text_width(f"{line}{word}".rstrip(), size) > limit:
            lines.append(line.rstrip())
            line = ""
        while text_width(word.rstrip(), size) > limit and len(word) > 1:
            cut = _fitting(word, limit, size)
            lines.append(word[:cut])
            word = word[cut:]
        line += word
    lines.append(line.rstrip())
    return [line for line in lines if line] or [""]


def _words(text: str) -> list[str]:
    """The pieces that a line may break between, each with the space or hyphen that ends it.

    >>> _words("from 2020-03-01 to mid-2024")
    ['from ', '2020-03-01 ', 'to ', 'mid-', '2024 ']
    """
    pieces: list[str] = []
    for word in text.split():
        parts = _HYPHENS.split(word) if "-" in word else [word]
        pieces += parts[:-1]
        pieces.append(f"{parts[-1]} ")
    return pieces


def _fitting(word: str, limit: float, size: float) -> int:
    """How many letters of the word fit in the limit, at least one.

    Measured by `text_width` itself: a sum made in another order may differ in its last digit.
    """
    counts = range(1, len(word) + 1)
    return max(bisect_right(counts, limit, key=lambda count: text_width(word[:count], size)), 1)
