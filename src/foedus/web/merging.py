"""Two edits of one text: what differs between texts, and both edits put together line by line."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher, unified_diff

MOST_WORK = 25_000_000
"""Texts are compared where the product of their differing lines is at most this."""

Line = tuple[str, str]
"""A line of a comparison: its sign (``+``, ``-``, a blank, or ``@``) and its text."""


def difference(old: str, new: str) -> list[Line] | None:
    r"""What becomes of a text: the lines taken out and put in, with two lines around them.

    None where too much differs to be told line by line.

    >>> difference("a\nb\n", "a\nc\n")
    [('@', 'line 1'), (' ', 'a'), ('-', 'b'), ('+', 'c')]
    """
    before, after = _lines(old), _lines(new)
    if not _comparable(before, after):
        return None
    found: list[Line] = []
    for line in list(unified_diff(before, after, n=2, lineterm=""))[2:]:
        if line.startswith("@@"):
            found.append(("@", f"line {line.split()[2].lstrip('+').partition(',')[0]}"))
        else:
            found.append((line[0], line[1:].rstrip("\r\n")))
    return found


def together(base: str, mine: str, theirs: str) -> str | None:
    r"""Both edits of one text, where they touch different lines, and none that are neighbours.

    None where they do not.

    >>> together("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n")
    'A\nb\nC\n'
    """
    lines = _lines(base)
    both = [_edits(lines, _lines(text)) for text in (mine, theirs)]
    if None in both:
        return None
    ours, others = (edits or [] for edits in both)
    others = [each for each in others if each not in ours]
    if any(a[0] <= b[1] and b[0] <= a[1] for a in ours for b in others):
        return None
    for start, end, new in sorted([*ours, *others], reverse=True):
        lines[start:end] = new
    return "".join(lines)


def unlike(old: str, new: str) -> tuple[int, int]:
    r"""How many lines texts begin alike with, and how many more the old one has behind those.

    >>> unlike("a\nb\nc\n", "a\nc\n")
    (1, 1)
    """
    before, after = _lines(old), _lines(new)
    return _common(before, after)[0], len(before) - len(after)


def _lines(text: str) -> list[str]:
    """Lines as files have them: other separators of Unicode are letters of a line."""
    parts = text.split("\n")
    return [f"{part}\n" for part in parts[:-1]] + [part for part in parts[-1:] if part]


def _comparable(old: Sequence[str], new: Sequence[str]) -> bool:
    first, last = _common(old, new)
    return (len(old) - first - last) * (len(new) - first - last) <= MOST_WORK


def _common(old: Sequence[str], new: Sequence[str]) -> tuple[int, int]:
    """How many lines at the beginning, and how many at the end, are the same."""
    most = min(len(old), len(new))
    first = next((k for k in range(most) if old[k] != new[k]), most)
    rest = most - first
    last = next((k for k in range(rest) if old[-1 - k] != new[-1 - k]), rest)
    return first, last


def _edits(old: list[str], new: list[str]) -> list[tuple[int, int, list[str]]] | None:
    """The edits that make one text of another: from which line to which, and what stands there."""
    if not _comparable(old, new):
        return None
    first, last = _common(old, new)
    before, after = old[first : len(old) - last], new[first : len(new) - last]
    matcher = SequenceMatcher(None, before, after)
    return [
        (first + i, first + j, after[k:m])
        for tag, i, j, k, m in matcher.get_opcodes()
        if tag != "equal"
    ]
