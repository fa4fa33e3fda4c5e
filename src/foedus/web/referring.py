"""Who refers to an entry that was to be removed, and so why it cannot be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from foedus.case.model import Place
from foedus.case.places import Path
from foedus.case.problems import Problem
from foedus.case.source import Source, read_source
from foedus.web.entering import told
from foedus.web.merging import unlike


def referring(
    text: str, left: str, path: Path, problems: Sequence[Problem], name: str
) -> list[dict[str, Any]]:
    """Rows on what refers to the entry at ``path`` of a text; none where that is not what is wrong.

    ``left`` is the text without the entry, and ``problems`` what is wrong with it; ``name`` that
    of the file. The rows have lines of ``text``.
    """
    gone = str(path[-1])
    source = read_source(text.removeprefix("\ufeff"), name)
    first, behind = unlike(text, left)
    lines = left.split("\n")
    rows = []
    for place in sorted({problem.place for problem in problems if problem.place}):
        if not re.match(rf"{re.escape(gone)}(?![\w-])", lines[place.line - 1][place.column - 1 :]):
            continue
        here = Place(place.line + (behind if place.line > first else 0), place.column)
        said = f"{told(_entry(source, here))} refers to it"
        rows.append({"line": here.line, "column": here.column, "text": said, "here": True})
    if not rows:
        return []
    why = f"{told(path)} cannot be removed as long as others refer to it:"
    return [{"line": None, "column": None, "text": why}, *rows]


def _entry(source: Source, place: Place) -> Path:
    """What stands at a place, the last that begins there or before; of a list's item, the list."""
    marks = [*source.values.items(), *source.keys.items()]
    began = [((mark.line, mark.column), path) for path, mark in marks]
    path = max(((at, path) for at, path in began if at <= place), key=lambda each: each[0])[1]
    return path[:-1] if path and isinstance(path[-1], int) else path
