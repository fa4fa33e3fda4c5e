"""The SHA-256 of what a case says: the same for files that differ in their layout alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Any

from immutabledict import immutabledict

from foedus.case.judgement import Judgement
from foedus.case.model import Case, Issue, Statement

_ABOUT_THE_FILE = frozenset({"path", "places", "file", "notices", "written_until"})
_FROM_THE_PLACE = frozenset({"role", "owner"})
"""What follows from where a judgement stands, and so says nothing of its own."""

_LEFT_OUT = _ABOUT_THE_FILE | _FROM_THE_PLACE

_LATER = frozenset({"questions", "events", "final", "quota", "all_of"})
"""What there was not always: a case without it keeps its hash."""

_ONCE_CALLED = immutabledict(
    Priority=immutabledict(probability="held"),
    ReferenceClass=immutabledict(cases="tried", occurred="happened"),
)
"""Fields by the names that they enter with, so that a case keeps its hash when they get others."""


def case_hash(case: Case) -> str:
    """The SHA-256, in hexadecimal, of the validated case.

    Comments, layout, quoting and the file's name do not enter; a statement enters by its meaning
    and not by its text.

    >>> from foedus.case.reading import parse_case
    >>> text = (
    ...     "{foedus: 1, title: T, actors: {a: {name: A}},"
    ...     " issues: {i: {positions: {x: X, y: Y}, decided_by: a}},"
    ...     " preferences: {a: {worth: {v: {when: i = x, value: 1}}}}}"
    ... )
    >>> case_hash(parse_case(text)) == case_hash(parse_case(text.replace("i = x", "(i = x)")))
    True
    """
    canonical = json.dumps(_plain(case), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _as_once(value: Any, name: str) -> Any:
    """A field's value, in the form it had before it could say more, where it says no more."""
    found = getattr(value, name)
    if isinstance(value, Judgement) and name == "together" and found and found.loading == 1:
        return found.group
    if isinstance(value, Issue) and name == "takes" and not (found.to or found.changes):
        return found.default
    if isinstance(value, Issue) and name == "falls":
        plain = {origin: entries[0].to for origin, entries in found.items() if not entries[0].when}
        return {origin: plain.get(origin, entries) for origin, entries in found.items()}
    return found


def _plain(value: Any) -> Any:
    """Data that JSON can write in one way only."""
    if isinstance(value, Statement):
        return _plain(value.tree)
    if is_dataclass(value):
        once = _ONCE_CALLED.get(type(value).__name__, {})
        told = {
            f.name: _plain(_as_once(value, f.name))
            for f in fields(value)
            if f.name not in _LATER or getattr(value, f.name)
        }
        kept = {once.get(name, name): told[name] for name in told if name not in _LEFT_OUT}
        return [type(value).__name__, kept]
    if isinstance(value, Mapping):
        return [[_plain(key), _plain(part)] for key, part in value.items()]
    if isinstance(value, frozenset):
        return sorted((_plain(part) for part in value), key=json.dumps)
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
