"""Walking a path of a case file, and refusing what cannot be done where it leads."""

from __future__ import annotations

from typing import Any, NoReturn

from foedus.case.places import Path
from foedus.case.problems import CaseError, Problem
from foedus.case.source import Source


def step_in(value: Any, step: str | int) -> str | int | None:
    """The key or number by which a step of a path is found in a map or list, or None.

    An entry of a list is found by its number or by its id.

    >>> step_in([{"id": "no-toll"}, {"id": "any-bridge"}], "any-bridge")
    1
    """
    if isinstance(value, dict):
        return str(step) if str(step) in value else None
    if not isinstance(value, list):
        return None
    if isinstance(step, int):
        return step if 0 <= step < len(value) else None
    for k, item in enumerate(value):
        if isinstance(item, dict) and item.get("id") == step:
            return k
    return None


def at(data: Any, path: Path) -> Any:
    """What stands at a path, by keys and numbers. Raises LookupError where nothing does."""
    for step in path:
        data = data[step]
    return data


def refuse(message: str, source: Source, path: Path, file: str) -> NoReturn:
    """Raise CaseError with the place of the value at the path, or of what is nearest above."""
    raise CaseError([Problem(message, source.place(path))], file)
