"""Two files' data in a form in which their entries can be matched: maps all the way down.

Lists whose entries have a name of their own become maps: rules by their statement (or else their
reason), wishes and support by their id (or `default`), without one by their statement, and of what
is left the first with the first. Other lists are values. Nothing is read here: values stay as they
were written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from foedus.case.model import Path
from foedus.case.source import plain_data

LISTS = ("priorities", "support")
"""The kinds of preference that are lists of entries with a name."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """One file's data with maps for lists; ``real`` maps a path in it to the path in the file."""

    data: Mapping[str, Any]
    real: Mapping[Path, Path]

    def in_file(self, path: Path) -> Path:
        """The path in the file of something, or of the nearest thing above it."""
        for cut in range(len(path), 0, -1):
            if path[:cut] in self.real:
                return (*self.real[path[:cut]], *path[cut:])
        return path


def keyed_pair(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Keyed, Keyed]:
    """Both files' data with their lists as maps whose keys match."""
    data = [dict(old), dict(new)]
    real: list[dict[Path, Path]] = [{}, {}]
    rules = [each.get("rules") for each in data]
    if all(_entries(each) or each is None for each in rules):
        keys = _matched([each or [] for each in rules], ("rule", "why"))
        for k, names in enumerate(keys):
            _put(data[k], real[k], ("rules",), names)
    preferences: list[Any] = [each.get("preferences") for each in data]
    if all(isinstance(each, Mapping) for each in preferences):
        for k in (0, 1):
            data[k]["preferences"] = {
                actor: dict(p) if isinstance(p, Mapping) else p
                for actor, p in preferences[k].items()
            }
        for actor in {**preferences[0], **preferences[1]}:
            for kind in LISTS:
                _key_preference(data, real, actor, kind)
    return Keyed(data[0], real[0]), Keyed(data[1], real[1])


def unkeyed(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data as a file has it: the maps that stand for lists become lists again."""
    made = dict(data)
    if isinstance(made.get("rules"), Mapping):
        made["rules"] = list(made["rules"].values())
    if isinstance(made.get("preferences"), Mapping):
        made["preferences"] = {
            actor: {
                kind: list(part.values()) if kind in LISTS and isinstance(part, Mapping) else part
                for kind, part in p.items()
            }
            if isinstance(p, Mapping)
            else p
            for actor, p in made["preferences"].items()
        }
    return made


def merged_order(base: Sequence[str], other: Sequence[str], present: set[str]) -> list[str]:
    """The names present in the order of ``base``; those of ``other`` alone after what they follow.

    >>> merged_order("acd", "abcx", set("abdx"))
    ['a', 'b', 'x', 'd']
    """
    order = [name for name in base if name in present]
    known = set(base)
    before: list[str] = []
    for name in other:
        if name in present and name not in known:
            last = next((each for each in reversed(before) if each in order), None)
            order.insert(0 if last is None else order.index(last) + 1, name)
        before.append(name)
    return order


def _key_preference(
    data: Sequence[dict[str, Any]], real: Sequence[dict[Path, Path]], actor: str, kind: str
) -> None:
    preferences = [each["preferences"].get(actor) for each in data]
    lists = [p.get(kind) if isinstance(p, Mapping) else None for p in preferences]
    if not all(_entries(each) or each is None for each in lists):
        return
    for k, names in enumerate(_matched([each or [] for each in lists], ("id", "when"))):
        _put(data[k]["preferences"].get(actor), real[k], ("preferences", actor, kind), names)


def _put(holder: Any, real: dict[Path, Path], path: Path, names: Sequence[str]) -> None:
    """Put a map in place of a list, and note where its entries stood."""
    if not isinstance(holder, dict) or path[-1] not in holder:
        return
    entries = holder[str(path[-1])]
    holder[str(path[-1])] = dict(zip(names, entries, strict=True))
    for place, name in enumerate(names):
        real[*path, name] = (*path, place)


def _entries(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, Mapping) for each in value)


def _matched(lists: Sequence[Sequence[Mapping[str, Any]]], by: tuple[str, str]) -> list[list[str]]:
    """Names for the entries of two lists, the same for those that are matched.

    The first of ``by`` counts, then the second, each only where it tells one entry of its list from
    all others. What is matched by one is out of the question for the next.
    """
    names: list[list[str | None]] = [[None] * len(entries) for entries in lists]
    for key in by:
        free = [[k for k, name in enumerate(found) if name is None] for found in names]
        found = [{k: _name(lists[side][k], key) for k in free[side]} for side in (0, 1)]
        counts = [Counter(name for name in each.values() if name) for each in found]
        for side in (0, 1):
            for k, name in found[side].items():
                both = name is not None and counts[0][name] == counts[1][name] == 1
                own = key == "id" and name is not None and counts[side][name] == 1
                if name is not None and (both or own) and name not in names[side]:
                    names[side][k] = name
    free = [[k for k, name in enumerate(found) if name is None] for found in names]
    if by[0] == "id":  # wishes and shares have an order: the first left over is matched by place
        for place, (a, b) in enumerate(zip(*free, strict=False), start=1):
            names[0][a] = names[1][b] = f"#{place}"
    taken = {name for found in names for name in found if name is not None}
    return [
        [name or _own(lists[k][n], by, taken) for n, name in enumerate(found)]
        for k, found in enumerate(names)
    ]


def _own(entry: Mapping[str, Any], by: tuple[str, str], taken: set[str]) -> str:
    """A name that no other entry has, for one that is matched with none."""
    said = next((name for key in by if (name := _name(entry, key))), "#")
    name, count = said, 1
    while name in taken:
        count += 1
        name = f"{said} #{count}"
    taken.add(name)
    return name


def _name(entry: Mapping[str, Any], key: str) -> str | None:
    if key == "id" and "id" not in entry and "default" in entry:
        return "default"
    value = plain_data(entry.get(key))
    return None if value is None else str(value)
