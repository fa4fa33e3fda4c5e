"""What differs between two case files, one edit for each entry; and a file with some of them made.

An edit is what an analyst would think of as one change: a judgement, a wish, a rule, a right, an
item of evidence, a record, an entry that is there in one file only, or the order of a list.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from foedus.case.model import Path, Place
from foedus.case.problems import cut
from foedus.case.source import plain_data
from foedus.document import number
from foedus.sensitivity.comparing.keyed import Keyed, keyed_pair, merged_order, unkeyed

LONGEST = 160
"""Values are told in so many characters at most."""

TEXTS = frozenset(
    (
        *("name", "note", "refs", "why", "claim", "title", "question", "source", "locator"),
        *("wording", "unit", "left_out", "names"),
    )
)
"""Keys whose values are read by people only."""

BY_POSITION = frozenset(["positions", "scale", "otherwise"])
"""What of an issue is a map by position."""

REASONS = frozenset(["because", "rests_on"])

SECTIONS = {
    "today": "today",
    "actors": "actor",
    "issues": "issue",
    "events": "event",
    "rules": "rule",
    "arrangements": "arrangement",
    "questions": "question",
    "preferences": "preference",
    "polls": "poll",
    "records": "record",
    "reference_classes": "reference class",
    "evidence": "evidence",
    "transfers": "transfer",
    "left_out": "text only",
    "names": "text only",
}
"""The sections that are maps of entries, and what an entry is called."""

_FIELDS = {
    "capability": "judgement",
    "threshold": "judgement",
    "takes": "judgement",
    "decided_by": "right",
    "pace": "pace",
    "as_of": "date",
    "deadline": "date",
    "hypotheses": "hypotheses",
    "groups": "right",
}


class Absent:
    """Stands where a file has no such entry."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = Absent()
ORDER: Final = "(order)"
"""The last step of the path of an edit that changes the order of entries."""


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """One difference: where it stands, what kind it is, and the values before and after.

    ``path`` names it in both files (lists by the names of their entries); ``told`` is the value
    before and after in words; ``places`` are those in the old and the new file, where known.
    """

    path: Path
    kind: str
    before: Any
    after: Any
    told: tuple[str, str]
    places: tuple[Place | None, Place | None] = (None, None)

    @property
    def name(self) -> str:
        """Its dotted name, such as ``preferences.north.worth.toll-income``."""
        return ".".join(map(str, self.path))

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "name": self.name,
            "kind": self.kind,
            "before": self.told[0],
            "after": self.told[1],
            "places": [list(p) if p else None for p in self.places],
        }


@dataclass(frozen=True, slots=True, eq=False)
class Edits:
    """All differences between two files' data, in the order of the files."""

    old: Keyed
    new: Keyed
    edits: tuple[Edit, ...]

    def applied(self, chosen: Collection[int]) -> dict[str, Any]:
        """The old file's data with the edits of these indexes made; nothing is checked.

        >>> found = edits({"title": "A", "note": "x"}, {"title": "B", "note": "y"})
        >>> found.applied({0})
        {'title': 'B', 'note': 'x'}
        """
        made = {self.edits[k].path for k in chosen}
        return unkeyed(_merge((), self.old.data, self.new.data, made))


Placing = Callable[[Path], Place | None]


def edits(
    old: Mapping[str, Any],
    new: Mapping[str, Any],
    places: tuple[Placing, Placing] = (lambda path: None, lambda path: None),
) -> Edits:
    """Which entries differ between the data of two case files, as read and not yet checked.

    ``places`` give the place of a path in the old and the new file. Layout, quoting and the way a
    number is written are no differences; all that an entry says is.
    """
    before, after = keyed_pair(old, new)
    found = []
    for path, a, b in _differing((), before.data, after.data):
        told = told_change(a, b)
        found.append(
            Edit(
                path,
                _kind(path, a, b),
                a,
                b,
                told,
                (
                    None if a is ABSENT else places[0](before.in_file(_placed(path))),
                    None if b is ABSENT else places[1](after.in_file(_placed(path))),
                ),
            )
        )
    return Edits(before, after, tuple(found))


def told_change(before: Any, after: Any) -> tuple[str, str]:
    """Two values in words; of maps only what differs."""
    a, b = plain_data(before), plain_data(after)
    if isinstance(a, dict) and isinstance(b, dict):
        keys = [key for key in {**a, **b} if a.get(key) != b.get(key)]
        return tuple(  # type: ignore[return-value]
            cut("; ".join(f"{key}: {_told(side.get(key, ABSENT))}" for key in keys), LONGEST)
            for side in (a, b)
        )
    return cut(_told(a), LONGEST), cut(_told(b), LONGEST)


def _told(value: Any) -> str:
    match value:
        case Absent():
            return "absent"
        case bool() | str():
            return str(value)
        case int() | float():
            return number(value)
        case [low, mode, high] if all(isinstance(v, int | float) for v in value):
            return f"{number(mode)} ({number(low)} to {number(high)})"
        case list():
            return ", ".join(map(_told, value)) or "nothing"
        case dict():
            return "; ".join(f"{key}: {_told(part)}" for key, part in value.items()) or "nothing"
        case _:
            return str(value)


# --- which entries there are ------------------------------------------------------------------


def _open(path: Path, a: Any, b: Any) -> bool:
    """Whether the entries of two maps are looked at one by one, and not as one value."""
    if not (isinstance(a, Mapping) and isinstance(b, Mapping)):
        return False
    match path:
        case ():
            return True
        case (str(section),):
            return section in SECTIONS
        case ("actors" | "issues" | "events", _):
            return True
        case ("issues", _, "decided_by"):  # by change, where neither is a quota or `all`
            return {"at_least", "of", "all"}.isdisjoint([*a, *b])
        case ("issues", _, "pace"):
            return True
        case ("issues", _, "takes"):  # by change, where neither is one duration
            return not {"days", "value"}.intersection(a, b)
        case ("preferences", _):
            return set(a) == set(b)
        case ("preferences", _, "worth" | "priorities" | "support" | "stances"):
            return True
        case _:
            return False


def _sides(path: Path, a: Any, b: Any) -> tuple[Any, Any]:
    """A section that one file has not is one without entries; but of today something is said."""
    if len(path) == 1 and path[0] in SECTIONS and path[0] != "today":
        if a is ABSENT and isinstance(b, Mapping):
            return {}, b
        if b is ABSENT and isinstance(a, Mapping):
            return a, {}
    return a, b


def _differing(path: Path, a: Any, b: Any) -> Iterator[tuple[Path, Any, Any]]:
    a, b = _sides(path, a, b)
    if a is ABSENT or b is ABSENT or not _open(path, a, b):
        if (a is ABSENT) != (b is ABSENT) or plain_data(a) != plain_data(b) or _turned(a, b):
            yield path, a, b
        return
    for name in merged_order(list(a), list(b), {*a, *b}):
        yield from _differing((*path, name), a.get(name, ABSENT), b.get(name, ABSENT))
    common = [[n for n in x if n in y] for x, y in ((a, b), (b, a))]
    if path and common[0] != common[1]:
        yield (*path, ORDER), list(a), list(b)


def _turned(a: Any, b: Any) -> bool:
    """Whether two equal values hold the entries of a map in another order."""
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return list(a) != list(b) or any(_turned(a[key], b[key]) for key in a)
    if isinstance(a, list) and isinstance(b, list):
        return any(_turned(x, y) for x, y in zip(a, b, strict=True))
    return False


def _merge(path: Path, a: Any, b: Any, made: Collection[Path]) -> Any:
    a, b = _sides(path, a, b)
    if a is ABSENT or b is ABSENT or not _open(path, a, b):
        return b if path in made else a
    parts = {
        name: _merge((*path, name), a.get(name, ABSENT), b.get(name, ABSENT), made)
        for name in {**a, **b}
    }
    parts = {name: part for name, part in parts.items() if part is not ABSENT}
    if len(path) == 0:  # sections without entries are left out
        parts = {n: p for n, p in parts.items() if p != {} or n == "today" or (n in a and n in b)}
    first, second = (list(b), list(a)) if (*path, ORDER) in made else (list(a), list(b))
    return {name: parts[name] for name in merged_order(first, second, set(parts))}


def _placed(path: Path) -> Path:
    return path[:-1] if path[-1] == ORDER else path


def _kind(path: Path, a: Any, b: Any) -> str:
    """What kind of change it is, for a reader."""
    if path[-1] == ORDER:
        return "order"
    own = len(path) == 1 or (len(path) == 3 and path[0] in ("actors", "issues", "events"))
    if own and path[-1] in TEXTS:
        return "text only"
    # The keys of an issue's map are positions, whatever they are called.
    of_positions = path[0] == "issues" and len(path) == 3 and path[2] in BY_POSITION
    changed = set() if of_positions else _changed(a, b)
    if changed and changed <= TEXTS:
        return "text only"
    if changed and changed <= TEXTS | REASONS:
        return "reasons"
    match path:
        case ("actors" | "issues", _, str(field), *_):
            return _FIELDS.get(field, "issue" if path[0] == "issues" else "actor")
        case ("preferences", _, _, _):
            numbers = {"value", "share", "default", "probability", "position", "salience", "with"}
            if changed and changed <= numbers | TEXTS | REASONS:
                return "judgement"
            return "preference statement"
        case (str(section), *_):
            return _FIELDS.get(section, SECTIONS.get(section, section))
        case _:
            return "entry"


def _changed(a: Any, b: Any) -> set[str]:
    """The keys in which two entries differ; empty where one is no map or is absent."""
    if not (isinstance(a, Mapping) and isinstance(b, Mapping)):
        return set()
    return {str(key) for key in {**a, **b} if plain_data(a.get(key)) != plain_data(b.get(key))}
