"""Keys with a new name: the old ones are read in a case, and written in answers, until 1.0.

The table below is all that knows those of a case file. Its text is read as if the new names stood
in it, the schema names both, and an upgrade replaces the old ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from immutabledict import immutabledict

from foedus.case.places import Mark, Path, Place
from foedus.case.problems import Problem, shown

ANY = None
"""Stands for any one step of a path."""


class Renamed(NamedTuple):
    """An old key that stands at ``path`` and is now called ``new``.

    ``at`` is the place of the old key; ``beside`` says that the new key stands there too, at
    ``other``. Data without a text has no places.
    """

    path: Path
    new: str
    beside: bool = False
    at: Mark | None = None
    other: Mark | None = None

    @property
    def old(self) -> str:
        """The key as it is written in the file."""
        return str(self.path[-1])

    @property
    def problem(self) -> Problem:
        """That both names stand in one entry."""
        where = f"on line {self.other.line}" if self.other else "beside it"
        message = f"{shown(self.old)} is the old name of {shown(self.new)}, which stands {where}"
        place = Place(self.at.line, self.at.column) if self.at else None
        return Problem(message, place, "one of the two")


class _Table(NamedTuple):
    """The entries that stand at ``where``, their declaration, and their old keys."""

    where: tuple[str | None, ...]
    shape: str
    new_of: Mapping[str, str]


_TABLES = (
    _Table(
        ("preferences", ANY, "priorities", ANY),
        "PriorityShape",
        immutabledict(held="probability"),
    ),
    _Table(
        ("reference_classes", ANY),
        "ReferenceShape",
        immutabledict(tried="cases", happened="occurred"),
    ),
)


def old_keys(shape: str) -> Mapping[str, str]:
    """The old keys of an entry of the file, each with its new name.

    >>> dict(old_keys("PriorityShape"))
    {'held': 'probability'}
    """
    return next((table.new_of for table in _TABLES if table.shape == shape), immutabledict())


def with_new_names(path: Path) -> Path:
    """A path of the file with every old key in it by its new name.

    >>> with_new_names(("reference_classes", "mergers", "happened"))
    ('reference_classes', 'mergers', 'occurred')
    """
    for where, _, new_of in _TABLES:
        depth = len(where)
        if len(path) > depth and all(w in (ANY, p) for w, p in zip(where, path, strict=False)):
            return (*path[:depth], new_of.get(str(path[depth]), path[depth]), *path[depth + 1 :])
    return path


def give_new_names(data: Any, values: dict[Path, Mark], keys: dict[Path, Mark]) -> list[Renamed]:
    """Rename the old keys in the data of a file and in its marks; gives those that were there.

    ``values`` and ``keys`` are the marks by path. Where the new key stands beside the old one, the
    old one is taken out.
    """
    found: list[Renamed] = []
    for where, _, new_of in _TABLES:
        for path, entry in _entries(data, where, ()):
            for old in [key for key in entry if key in new_of]:
                new = new_of[old]
                marks = keys.get((*path, old)), keys.get((*path, new))
                found.append(Renamed((*path, old), new, new in entry, *marks))
            dropped = {key for key in entry if new_of.get(key) in entry}
            kept = [(new_of.get(k, k), value) for k, value in entry.items() if k not in dropped]
            entry.clear()
            entry.update(kept)
    doubled = [each.path for each in found if each.beside]
    for marked in (values, keys) if found else ():
        told = list(marked.items())
        marked.clear()
        for path, mark in told:
            if not any(path[: len(old)] == old for old in doubled):
                marked[with_new_names(path)] = mark
    return found


def with_old_names(told: dict[str, Any], **old_of: str) -> dict[str, Any]:
    """The data of an answer with the old name of a key beside the new one, for the same value.

    >>> with_old_names({"cases": 17, "occurred": 4}, occurred="happened")
    {'cases': 17, 'occurred': 4, 'happened': 4}
    """
    both: dict[str, Any] = {}
    for key, value in told.items():
        both[key] = value
        if key in old_of:
            both[old_of[key]] = value
    return both


def _entries(
    data: Any, where: tuple[str | None, ...], path: Path
) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The maps that stand at a pattern, with their paths."""
    if not where:
        if isinstance(data, dict):
            yield path, data
        return
    step, *rest = where
    steps: Any = range(len(data)) if isinstance(data, list) else ()
    if isinstance(data, dict):
        steps = data if step is ANY else [step] if step in data else []
    for each in steps:
        yield from _entries(data[each], tuple(rest), (*path, each))
