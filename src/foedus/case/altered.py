"""The case with some of its judgements replaced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from immutabledict import immutabledict

from foedus.case.model import Case, Judgement, Path, Statement

HOLDERS = ("actors", "issues", "events", "preferences", "transfers", "evidence")
"""The parts of a case in which judgements stand."""


def with_judgements(case: Case, after: Mapping[Path, Judgement]) -> Case:
    """The case with the judgements at these paths replaced.

    Raises KeyError for a path at which no judgement stands.
    """
    left = set(after)

    def changed(value: Any) -> Any:
        if isinstance(value, Judgement):
            left.discard(value.path)
            return after.get(value.path, value)
        if isinstance(value, Statement):
            return value
        if isinstance(value, Mapping):
            return immutabledict({key: changed(part) for key, part in value.items()})
        if isinstance(value, tuple) and not hasattr(value, "_fields"):
            return tuple(changed(part) for part in value)
        if is_dataclass(value) and not isinstance(value, type):
            parts = {f.name: getattr(value, f.name) for f in fields(value)}
            new = {name: changed(part) for name, part in parts.items()}
            differs = {name: part for name, part in new.items() if part is not parts[name]}
            return replace(value, **differs) if differs else value
        return value

    parts = {name: changed(getattr(case, name)) for name in HOLDERS}
    if left:
        raise KeyError(f"no judgement stands at {'.'.join(map(str, sorted(left, key=str)[0]))}")
    return replace(case, **parts)
