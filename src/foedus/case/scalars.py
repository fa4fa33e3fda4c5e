"""Where the characters of a YAML scalar stand in the text that it was written as.

The parser tells where a scalar begins, not where its tenth character is: folding, indents, doubled
quotes and escapes lie between. Each way of writing is gone through once more here, and what comes
out is held against what the parser made of it.
"""

from __future__ import annotations

import re
import unicodedata

_BREAK = "(?:\r\n|\r|\n)"
_FOLD = re.compile(rf"[ \t]*{_BREAK}(?:[ \t]*{_BREAK})*[ \t]*")
_ONE_BREAK = re.compile(_BREAK)
_JOINED = re.compile(rf"\\{_BREAK}[ \t]*")
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^xuU\r\n])")
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")


def offsets(written: str, value: str) -> list[int] | None:
    r"""For each character of a scalar's value, its index in the scalar as it is written.

    ``value`` is as the parser has it, or that in Unicode's composed form (NFC). None where the two
    cannot be brought together.

    >>> offsets("'it''s'", "it's")
    [1, 2, 3, 5]
    >>> offsets(">-\n  one\n  two", "one two")
    [5, 6, 7, 8, 11, 12, 13]
    """
    sign = written[:1]
    if sign in ("|", ">"):
        found = _block(written, value)
    elif sign == '"':
        found = _double(written)
    elif sign == "'":
        found = _flow(written[1:-1], 1, "''")
    else:
        found = _flow(written.rstrip(), 0, None)
    text = "".join(character for character, _ in found)
    places = [index for _, index in found]
    if text.startswith(value):
        return places[: len(value)]
    if unicodedata.normalize("NFC", text).startswith(value):
        return _composed(text, places, value)
    return None


Found = list[tuple[str, int]]
"""The characters of a value, each with its index in the text."""


def _flow(inside: str, start: int, doubled: str | None) -> Found:
    """A plain scalar, or the inside of single quotes, where a quote is written ``doubled``."""
    found: Found = []
    k = 0
    while k < len(inside):
        if fold := _FOLD.match(inside, k):
            found += _folded(fold, start)
            k = fold.end()
        elif doubled and inside.startswith(doubled, k):
            found.append((doubled[0], start + k))
            k += 2
        else:
            found.append((inside[k], start + k))
            k += 1
    return found


def _folded(fold: re.Match[str], start: int) -> Found:
    """What a fold of lines means: one break is a space, and of several the first is not counted."""
    breaks = len(_ONE_BREAK.findall(fold.group()))
    return [(sign, start + fold.start()) for sign in (" " if breaks == 1 else "\n" * (breaks - 1))]


def _double(written: str) -> Found:
    """A scalar in double quotes."""
    found: Found = []
    k, end = 1, len(written) - 1
    while k < end:
        if joined := _JOINED.match(written, k, end):
            k = joined.end()
        elif escape := _ESCAPE.match(written, k, end):
            found.append((_meant(escape.group()), k))
            k = escape.end()
        elif fold := _FOLD.match(written, k, end):
            found += _folded(fold, 0)
            k = fold.end()
        else:
            found.append((written[k], k))
            k += 1
    return found


_LETTERS = dict(zip("0abtnvfreN_LP", "\0\a\b\t\n\v\f\r\x1b\x85\xa0\u2028\u2029", strict=True))


def _meant(escape: str) -> str:
    """The character that an escape stands for."""
    if escape[1] in "xuU":
        code = int(escape[2:], 16)
        return chr(code) if code <= 0x10FFFF else ""
    return _LETTERS.get(escape[1], escape[1])


def _block(written: str, value: str) -> Found:
    """A literal or folded scalar: its lines less their indent, joined as the value has them."""
    lines = [m for m in _LINE.finditer(written) if m.group()][1:]
    filled = [line for line in lines if line.group(1).strip(" ")]
    if not filled:
        return [("\n", len(written))] * value.count("\n")
    first = filled[0].group(1)
    own = next((line for line in value.split("\n") if line.strip(" ")), "")
    indent = len(first) - len(first.lstrip(" ")) - (len(own) - len(own.lstrip(" ")))
    found: Found = []
    for line in lines:
        content = line.group(1)[indent:]
        at = line.start() + indent
        if content and found:
            at_break = found[-1][1] + 1
            while value[len(found) : len(found) + len(content)] != content:
                sign = value[len(found) : len(found) + 1]
                if not sign or sign not in " \n":
                    break
                found.append((sign, at_break))
        elif content:
            found += [("\n", 0)] * (len(value) - len(value.lstrip("\n")))
        found += [(sign, at + k) for k, sign in enumerate(content)]
    last = found[-1][1] + 1 if found else 0
    return found + [("\n", last)] * (len(value) - len(value.rstrip("\n")))


def _composed(text: str, places: list[int], value: str) -> list[int]:
    """The places of the characters of a value composed from the characters of ``text``."""
    found: list[int] = []
    begun = 0
    for k in range(1, len(text) + 1):
        if k == len(text) or not _joins(text[begun:k], text[k]):
            made = unicodedata.normalize("NFC", text[begun:k])
            found += [places[begun]] * len(made)
            begun = k
    return found[: len(value)]


def _joins(before: str, sign: str) -> bool:
    """Whether a character is composed with those before it."""
    composed = unicodedata.normalize("NFC", before + sign)
    apart = unicodedata.normalize("NFC", before)
    return bool(unicodedata.combining(sign)) or len(composed) <= len(apart)
