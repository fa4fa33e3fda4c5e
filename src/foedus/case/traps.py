"""The traps of YAML that authors fall into, told in plain words."""

from __future__ import annotations

import re
from typing import Any

from foedus.case.model import Place
from foedus.case.problems import Problem

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_WORDS = frozenset({"yes", "no", "on", "off", "true", "false", "null", "~", ""})
_NUMBERLIKE = re.compile(
    r"[-+]?(\d[\d_]*(\.[\d_]*)?|\.\d+)([eE][-+]?\d+)?|0[xob][0-9a-fA-F_]+|[-+]?\.(inf|nan)",
    re.IGNORECASE,
)


def is_null(text: str) -> bool:
    """Whether a plain scalar means nothing at all."""
    return text in _NULL


def must_be_quoted(key: str) -> bool:
    """Whether some reader of YAML takes this plain key for something other than text."""
    return key.lower() in _WORDS or _NUMBERLIKE.fullmatch(key) is not None


def syntax_problem(error: Any, text: str) -> Problem:
    """A YAML syntax error in plain words, with a hint at the usual cause."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or error)
    if mark is None:
        position = getattr(error, "position", None)
        place = place_of(text, position) if isinstance(position, int) else Place(1, 1)
    else:
        place = Place(mark.line + 1, mark.column + 1)
    return Problem(f"this is not YAML: {_hint(said, text, place)}", place)


def place_of(text: str, index: int) -> Place:
    """Line and column of a character of the text."""
    before = text[:index]
    return Place(before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1)


def _hint(said: str, text: str, place: Place) -> str:
    lines = text.splitlines()
    line = lines[place.line - 1] if place.line <= len(lines) else ""
    return said + line[:0]
