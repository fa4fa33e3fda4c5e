"""Case data written as YAML 1.2, to be read and edited by hand.

Only what the reader accepts is written: no anchors, no tags, quotes wherever a plain text would be
taken for something else. Small maps and lists stand on one line, the rest in blocks.
"""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from foedus.case.files import LARGEST
from foedus.case.problems import CaseError, Problem

WIDTH = 100
"""Lines are kept to so many characters where a line may be broken."""

TOP = (
    "foedus",
    "title",
    "question",
    "as_of",
    "deadline",
    "today",
    "source",
    "note",
    "words",
    "left_out",
    "names",
    "actors",
    "groups",
    "issues",
    "events",
    "rules",
    "arrangements",
    "hypotheses",
    "questions",
    "preferences",
    "polls",
    "records",
    "reference_classes",
    "evidence",
    "transfers",
)
"""The keys of a case, in the order of the documentation."""

SECTIONS = frozenset(TOP[TOP.index("left_out") :])
"""A blank line comes before each of these."""

_TAKEN_WORDS = frozenset(["yes", "no", "on", "off", "true", "false", "null", "~"])
_NUMBERLIKE = re.compile(r"[-+.]?[0-9][0-9_.,:eExXoObBa-fA-F+-]*|[-+]?\.(inf|nan)", re.IGNORECASE)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIRST_REFUSED = frozenset("-?:,[]{}#&*!|>'\"%@`=<~ ")
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def case_yaml(data: Mapping[str, Any]) -> str:
    """The plain data of a case file as YAML text.

    The parts come in the order of the documentation, unknown ones last; within them the order is
    kept. Values may be texts, numbers, booleans, dates, None, and maps and lists of these. Raises
    TypeError for anything else, and CaseError when the text is larger than a case file may be.

    >>> print(case_yaml({"title": "Yes, or no", "foedus": 1, "today": {"toll": "no"}}), end="")
    foedus: 1
    title: Yes, or no
    today: {toll: "no"}
    """
    known = [key for key in TOP if key in data]
    lines: list[str] = []
    for key in [*known, *(key for key in data if key not in TOP)]:
        if key in SECTIONS and lines:
            lines.append("")
        lines += _entry(_scalar(key, flow=False), data[key], 0, inline=key not in SECTIONS)
    text = "\n".join(lines) + "\n"
    size = len(text.encode())
    if size > LARGEST:
        found = f"{size / (1 << 20):,.1f} MiB"
        message = f"as a case file this would have {found}, and a case file may have 1 MiB"
        raise CaseError([Problem(message)])
    return text


def entry_lines(key: str, value: Any, indent: int, *, top: bool = False) -> list[str]:
    """The lines of an entry of a block map, indented by so many spaces; ``top``: of the case's own.

    >>> entry_lines("bridge", {"positions": {"none": "No bridge"}}, 2)
    ['  bridge:', '    positions: {none: No bridge}']
    """
    inline = not (top and key in SECTIONS)
    return list(_entry(_scalar(key, flow=False), value, indent, inline=inline))


def item_lines(value: Any, indent: int) -> list[str]:
    """The lines of an item of a block list, its hyphen after so many spaces.

    >>> item_lines({"id": "no-toll", "when": "toll = free"}, 2)
    ['  - {id: no-toll, when: toll = free}']
    """
    return list(_block([value], indent))


def one_line(value: Any) -> str:
    """A value on one line, as it may stand within brackets and braces, and everywhere else.

    >>> one_line({"name": "North, or not", "capability": 60})
    '{name: "North, or not", capability: 60}'
    """
    return _flow(value)


def _entry(head: str, value: Any, indent: int, *, inline: bool = True) -> Iterator[str]:
    """The lines of ``head: value``; ``inline`` says that a small collection may stay beside it."""
    pad = " " * indent
    if not _is_block(value):
        yield from _scalar_lines(f"{pad}{head}:", value, indent + 2)
        return
    line = f"{pad}{head}: {_flow(value)}" if inline or _flat(value) else ""
    if line and _simple(value) and len(line) <= WIDTH:
        yield line
        return
    yield f"{pad}{head}:"
    yield from _block(value, indent + 2)


def _block(value: Any, indent: int) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _entry(_scalar(key, flow=False), part, indent)
        return
    pad = " " * indent
    for part in value:
        line = f"{pad}- {_flow(part)}" if _is_block(part) and _simple(part) else ""
        if line and len(line) <= WIDTH:
            yield line
        elif _is_block(part):
            lines = _block(part, indent + 2)
            yield f"{pad}- {next(lines).lstrip(' ')}"
            yield from lines
        else:
            yield from _scalar_lines(f"{pad}-", part, indent + 2)


def _is_block(value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple) and len(value) > 0


def _flat(value: Any) -> bool:
    return not any(_is_block(part) for part in _parts(value))


def _simple(value: Any) -> bool:
    """Whether a collection holds nothing deeper than lists of scalars: fit for one line."""
    return all(
        not _is_block(part) or (not isinstance(part, Mapping) and _flat(part))
        for part in _parts(value)
    )


def _parts(value: Any) -> Any:
    return value.values() if isinstance(value, Mapping) else value


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar_lines(head: str, value: Any, indent: int) -> Iterator[str]:
    """``head`` and a scalar: on one line, folded where it is a long text, or with its own lines."""
    pad = " " * indent
    if isinstance(value, str) and (own := _own_lines(value)):
        yield f"{head} {'|' if value.endswith(chr(10)) else '|-'}"
        yield from (f"{pad}{line}" if line else "" for line in own)
        return
    empty = isinstance(value, Mapping | list | tuple)
    line = f"{head} {_flow(value) if empty else _scalar(value, flow=False)}"
    foldable = isinstance(value, str) and _printable(value) and value == " ".join(value.split())
    if len(line) <= WIDTH or not foldable:
        yield line
        return
    yield f"{head} >-"
    yield from textwrap.wrap(
        value,
        WIDTH,
        initial_indent=pad,
        subsequent_indent=pad,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _own_lines(text: str) -> list[str]:
    """The lines of a text of several that may be written as they are; of another one, none."""
    lines = text.removesuffix("\n").split("\n")
    plain = all(_printable(line) and line == line.rstrip() for line in lines)
    return lines if len(lines) > 1 and plain and lines[-1] and lines[0].lstrip() == lines[0] else []


def _scalar(value: Any, *, flow: bool = True) -> str:
    if isinstance(value, str):
        return value if _plain(value, flow) else _quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float):
        return json.dumps(value)
    raise TypeError(f"a case file cannot hold a {type(value).__name__}")


def _plain(text: str, flow: bool) -> bool:
    """Whether a text may stand without quotes and is read as itself."""
    if not text or text[0] in _FIRST_REFUSED or text[-1] in ": " or not _printable(text):
        return False
    numberlike = _NUMBERLIKE.fullmatch(text) and not _DATE.fullmatch(text)
    if text.lower() in _TAKEN_WORDS or numberlike:
        return False
    if ": " in text or " #" in text or text.startswith(("---", "...")):
        return False
    return not (flow and any(c in text for c in ",[]{}:?"))


def _printable(text: str) -> bool:
    return text.isprintable()


def _quoted(text: str) -> str:
    return '"' + "".join(_escaped(c) for c in text) + '"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
