"""A case file in today's words: old keys replaced where they stand, all else as it was."""

from __future__ import annotations

from typing import NamedTuple

from foedus.case.files import text_of
from foedus.case.places import Notice, Place
from foedus.case.reading import parse_case
from foedus.case.source import read_source


class Upgraded(NamedTuple):
    """The text in today's words, and what was changed in it, in the order of the file."""

    text: str
    changes: tuple[Notice, ...]


def upgraded(text: str, file: str = "<text>") -> Upgraded:
    """The text of a case file with its old keys by their new names.

    Comments, order and layout stay, and so does what the case says. Raises CaseError where the
    text is no valid case, also where an old key stands beside its new name.

    >>> old = "{foedus: 1, reference_classes: {m: {tried: 9, happened: 2}}}"
    >>> [str(change) for change in _renamed(old, "<text>").changes]
    ['1:37: tried: now cases', '1:47: happened: now occurred']
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    content = text_of(text, file)
    parse_case(content, file)
    found = _renamed(content, file)
    parse_case(found.text, file)
    return Upgraded(mark + found.text, found.changes)


def _renamed(content: str, file: str) -> Upgraded:
    keys = sorted(
        (each.at, each.old, each.new) for each in read_source(content, file).renamed if each.at
    )
    parts, done = [], 0
    for mark, old, new in keys:
        written = content[mark.start : mark.end]
        parts += [content[done : mark.start], written.replace(old, new) if old in written else new]
        done = mark.end
    changes = (Notice(f"{old}: now {new}", Place(m.line, m.column)) for m, old, new in keys)
    return Upgraded("".join([*parts, content[done:]]), tuple(changes))
