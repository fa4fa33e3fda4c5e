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

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")


def is_null(text: str) -> bool:
    """Whether a plain scalar means nothing at all."""
    return text in _NULL


def must_be_quoted(key: str) -> bool:
    """Whether some reader of YAML takes this plain key for something other than text."""
    return key.lower() in _WORDS or _NUMBERLIKE.fullmatch(key) is not None


def directive_at(text: str) -> int:
    """Where the first line that begins with ``%`` stands."""
    found = re.search("^%", text, re.MULTILINE)
    return found.start() if found else 0


def place_of(text: str, index: int) -> Place:
    r"""Line and column of a character of the text; lines end in LF, CR LF or CR, as in YAML.

    >>> place_of("a\r\nb\rc", 5)
    Place(line=3, column=1)
    """
    before = text[:index]
    breaks = before.count("\n") + before.count("\r") - before.count("\r\n")
    begun = max(before.rfind("\n"), before.rfind("\r")) + 1
    return Place(breaks + 1, index - begun + 1)


def control_character(text: str) -> Problem | None:
    """The first character that cannot stand in a case file, or None."""
    found = _CONTROL.search(text)
    if found is None:
        return None
    character = found.group()
    code = f"U+{ord(character):04X}"
    if character in "\x85\u2028\u2029":
        message = f"the character {code} breaks lines for some readers only; use a plain line break"
    else:
        message = f"the control character {code} cannot stand in a case file"
    return Problem(message, place_of(text, found.start()))


def syntax_problem(error: Any, text: str) -> Problem:
    """A YAML syntax error in plain words, with a hint at the usual cause."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    said = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "unreadable")
    context = getattr(error, "context_mark", None)
    opened = Place(context.line + 1, context.column + 1) if context else None
    if mark is None:
        place, character = Place(1, 1), ""
    else:
        place = Place(mark.line + 1, mark.column + 1)
        character = text[mark.index : mark.index + 1]
    for words, hint in _HINTS:
        if words in said:
            if "not closed" in hint and opened and context:
                sign = text[context.index : context.index + 1]
                return Problem(f"this is not YAML: {hint.format(sign=sign)}", opened)
            return Problem(f"this is not YAML: {hint}", place)
    if "cannot start" in said:
        if character == "\t":
            return Problem("this is not YAML: a tab; indent with spaces", place)
        message = f"this is not YAML: text that begins with {character!r} must be quoted"
        return Problem(message, place)
    if "',' or" in said and opened and context:
        sign = text[context.index : context.index + 1]
        message = (
            f"this is not YAML: within the {sign} of line {opened.line}, text with ', ' or ': ' "
            f"or a bracket in it must be quoted; or the {sign} is not closed before this"
        )
        return Problem(message, place)
    return Problem(f"this is not YAML: {said}", place)


_HINTS = (
    (
        "mapping values are not allowed",
        "a ': ' in unquoted text (quote the text), or a line that is indented wrongly",
    ),
    ("found unexpected end of stream", "the quote {sign} that opens here is not closed"),
    ("found unexpected document indicator", "the quote {sign} that opens here is not closed"),
    ("tab character", "a tab; indent with spaces"),
    (
        "did not find expected key",
        "this line does not fit those above: its indentation, or text after a closing quote",
    ),
    ("expected <block end>", "this line does not fit those above: its indentation, or a quote"),
    ("expected '<document start>'", "the map of the case ended before this; a case is one map"),
    (
        "did not find expected '-' indicator",
        "this line does not fit the list above: its indentation, or a '-' is missing",
    ),
    ("could not find expected ':'", "a key without ': ' after it, or text that should be quoted"),
    ("expected <document start>", "the map of the case ended before this; a case is one map"),
    ("unknown escape character", r"in double quotes write \\ for \, or use single quotes"),
    ("expected alphabetic or numeric", "text that begins with & or * must be quoted"),
    (
        "entries are not allowed",
        "a '-' or '?' cannot stand here; text that begins so must be quoted",
    ),
    ("keys are not allowed", "a '-' or '?' cannot stand here; text that begins so must be quoted"),
    ("directive", "directives (%YAML, %TAG) are not read; leave them out"),
    ("version number", "directives (%YAML, %TAG) are not read; leave them out"),
    ("tag handle", "tags (words that begin with !) are not read; quote the text"),
    ("expected comment or line break", "text that begins with | or > must be quoted"),
    ("did not find expected node content", "a value is missing before this sign"),
)
"""What the parser says, and what to tell instead."""
