"""Putting an entry into a case file, taking one out, renaming one: comments and order stay.

The result need not be a case: one may be in the middle of the work. It is read again, and its data
must be that of the old text with just this change, in the same order; otherwise CaseError is
raised. Old keys of the format may be used in a path, and mean their new names.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from typing import Any

from foedus.case.aliases import give_new_names, with_new_names
from foedus.case.alike import same
from foedus.case.files import text_of
from foedus.case.layout import Layout
from foedus.case.paths import at, refuse, step_in
from foedus.case.places import Path
from foedus.case.problems import CaseError, Problem, shown
from foedus.case.schema import json_schema
from foedus.case.source import BROKEN, plain_data, read_source
from foedus.case.spelling import composed
from foedus.case.splices import Change, NotHere, Splice, one_key, section_before, spliced
from foedus.case.writing import one_line

_Way = Callable[[Change], None]


def with_data(text: str, path: Path, data: Any, file: str = "<text>") -> str:
    r"""The text with plain data at a path: a map, a list, a text, a number or a boolean.

    What is there is replaced; of a map or list only what differs, so that the comments in it stay.
    What is not there becomes the last entry of its map, or of its list (``path`` then ends in the
    list's length); missing parts of the case are made, in the order of the documentation. An entry
    of a list may be named by its number or its id. Raises CaseError where the text is no YAML,
    where the path leads through a value, and for data that a case file cannot hold.

    >>> print(with_data("foedus: 1  # ours\n", ("actors", "north"), {"capability": 60}), end="")
    foedus: 1  # ours
    <BLANKLINE>
    actors:
      north: {capability: 60}
    """
    mark, layout = _laid_out(text, file)
    value = _plain(data, file)
    found, rest = _walked(layout, path)
    here = at(layout.data, found)
    if rest and not isinstance(here, dict | list) and here is not BROKEN:
        refuse(f"{shown(here)} stands here, not a map", layout.source, found, file)
    if rest and isinstance(here, list) and rest[0] != len(here):
        message = f"there is no {shown(rest[0])} in this list of {len(here)}"
        refuse(message, layout.source, found, file)
    value = _nested(rest[1:] if rest and _holds(here) else rest, value, layout, found)
    expected = plain_data(layout.data)
    key: str | int | None = None
    after: str | int | None = None
    if rest and _holds(here):
        key = rest[0]
        entries = at(expected, found)
        after = list(entries)[-1] if isinstance(here, dict) else len(here) - 1
        if not found:
            after = section_before(here, str(key))
        _put(entries, key, value, after)
    else:
        expected = _set(expected, found, value)
    give_new_names(expected, {}, {})
    if key is None:
        value = at(expected, found)
        ways: list[_Way] = [
            lambda change: change.merge(found, value),
            lambda change: change.replace(found, value),
        ]
    else:
        key = with_new_names((*found, key))[-1]
        value = at(expected, (*found, key))
        new, place = key, after
        whole = at(expected, found)
        ways = [
            lambda change: change.insert(found, new, value, place),
            lambda change: change.replace(found, whole),
        ]
        if Change(layout).outgrows(found, whole):
            ways.reverse()
    return mark + _changed(layout, ways, expected, found)


def without(text: str, path: Path, file: str = "<text>") -> str:
    r"""The text without the entry at a path: its lines, with the comment behind it.

    Comments on lines of their own stay. A map or list that held nothing else goes too where its key
    is one of the format's that may be absent, and is left empty elsewhere (an actor, an item).
    Raises CaseError where the text is no YAML, or nothing stands at the path.

    >>> without("foedus: 1\ntitle: Towns  # for now\n# as agreed\nwords: phia\n", ("title",))
    'foedus: 1\n# as agreed\nwords: phia\n'
    """
    mark, layout = _laid_out(text, file)
    found = _found(layout, path)
    while len(found) > 1 and len(at(layout.data, found[:-1])) == 1 and _may_go(found[:-1]):
        found = found[:-1]
    if not found or (len(found) == 1 and len(layout.data) == 1):
        refuse("a case cannot be empty", layout.source, (), file)
    parent = found[:-1]
    expected = plain_data(layout.data)
    entries = at(expected, parent)
    del entries[found[-1]]
    if entries:
        ways: list[_Way] = [
            lambda change: change.remove(found),
            lambda change: change.replace(parent, entries),
        ]
    else:
        ways = [lambda change: change.replace(parent, entries)]
    return mark + _changed(layout, ways, expected, found)


def renamed(text: str, path: Path, new_key: str, file: str = "<text>") -> str:
    r"""The text with the last key of a path by another name; what refers to it stays as it is.

    Raises CaseError where the text is no YAML, there is no such key, or the new one is there too.

    >>> renamed("foedus: 1\nactors: {north: {capability: 60}}\n", ("actors", "north"), "no")
    'foedus: 1\nactors: {"no": {capability: 60}}\n'
    """
    mark, layout = _laid_out(text, file)
    found = _found(layout, path)
    if found not in layout.source.keys:
        refuse("an item of a list has no key", layout.source, found, file)
    parent = found[:-1]
    new = str(with_new_names((*parent, composed(new_key)))[-1])
    if new != found[-1] and new in at(layout.data, parent):
        place = layout.source.key_place((*parent, new))
        raise CaseError([Problem(f"the key {shown(new)} stands here already", place)], file)
    expected = plain_data(layout.data)
    entries = {new if key == found[-1] else key: v for key, v in at(expected, parent).items()}
    expected = _set(expected, parent, entries)
    key = layout.source.keys[found]
    written = one_line(new) if layout.in_flow(parent) else one_key(new)

    def rename(change: Change) -> None:
        change.splices.append(Splice(key.start, key.end, written))

    return mark + _changed(layout, [rename], expected, found)


# --- the change, made and compared ------------------------------------------------------------


def _laid_out(text: str, file: str) -> tuple[str, Layout]:
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    return mark, Layout(text_of(text, file), file)


def _changed(layout: Layout, ways: list[_Way], expected: Any, path: Path) -> str:
    """The text after the first of the ways that gives what is expected."""
    why = ""
    for way in ways:
        for flat in (False, True):
            change = Change(layout, flat=flat)
            try:
                way(change)
                text = spliced(layout.text, change.splices)
            except NotHere:
                continue
            try:
                read = read_source(text_of(text, layout.file), layout.file)
            except CaseError as error:
                why = why or f": {error.problems[0].text}"
                continue
            if len(read.problems) <= len(layout.source.problems) and same(
                plain_data(read.data), expected
            ):
                return text
    if layout.source.problems and not why:
        problem = min(layout.source.problems, key=lambda each: each.place or (0, 0))
        message = f"this cannot be changed before something else is mended: {problem.message}"
        raise CaseError([Problem(message, problem.place)], layout.file)
    message = f"this cannot be changed without touching what stands around it{why}"
    raise CaseError([Problem(message, layout.source.place(path))], layout.file)


def _walked(layout: Layout, path: Path) -> tuple[Path, Path]:
    """As far as a path leads, in keys and numbers, and what is left of it."""
    path = with_new_names(path)
    found: Path = ()
    value = layout.data
    for k, step in enumerate(path):
        key = step_in(value, step)
        if key is None:
            return found, path[k:]
        value, found = value[key], (*found, key)
    return found, ()


def _found(layout: Layout, path: Path) -> Path:
    found, rest = _walked(layout, path)
    if rest:
        refuse(f"there is no {shown(rest[0])} here", layout.source, found, layout.file)
    return found


def _holds(value: Any) -> bool:
    return isinstance(value, dict | list) and len(value) > 0


def _nested(rest: Path, value: Any, layout: Layout, found: Path) -> Any:
    """The value within maps, and lists of one, that are still missing."""
    for step in reversed(rest):
        if isinstance(step, int) and step != 0:
            message = f"there is no list here that could have a {shown(step)}"
            refuse(message, layout.source, found, layout.file)
        value = [value] if isinstance(step, int) else {composed(step): value}
    return value


def _put(entries: Any, key: str | int, value: Any, after: str | int | None) -> None:
    if isinstance(entries, list):
        entries.append(value)
        return
    told = list(entries.items())
    place = [each for each, _ in told].index(str(after)) + 1 if after is not None else 0
    entries.clear()
    entries.update([*told[:place], (key, value), *told[place:]])


def _set(data: Any, path: Path, value: Any) -> Any:
    if not path:
        return value
    at(data, path[:-1])[path[-1]] = value
    return data


def _plain(data: Any, file: str) -> Any:
    """A copy of plain data as a file has it. Raises CaseError for what is none."""
    if isinstance(data, Mapping):
        if not all(isinstance(key, str) for key in data):
            _no_data(next(key for key in data if not isinstance(key, str)), file, "text as a key")
        return {composed(str(key)): _plain(value, file) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(value, file) for value in data]
    data = plain_data(data)
    if isinstance(data, str):
        if any("\ud800" <= sign <= "\udfff" for sign in data):
            _no_data(data, file, "text without half of a pair of characters")
        return composed(data)
    if isinstance(data, bool | int) or (isinstance(data, float) and math.isfinite(data)):
        return copy.copy(data)
    if isinstance(data, date):
        return data.isoformat()
    return _no_data(data, file, "a map, a list, text or a number")


def _no_data(value: object, file: str, expected: str) -> Any:
    kind = type(value).__name__
    message = f"{shown(value)} ({kind}) cannot be written into a case"
    raise CaseError([Problem(message, expected=expected)], file)


# --- what may be absent -----------------------------------------------------------------------


@cache
def _format() -> dict[str, Any]:
    return json_schema()


def _may_go(path: Path) -> bool:
    """Whether the last key of a path is one of the format's that may be absent."""
    forms = [_format()]
    for step in path[:-1]:
        forms = [inner for form in forms for inner in _within(form, step)]
    keyed = [form for form in _resolved(forms) if path[-1] in form.get("properties", {})]
    return bool(keyed) and all(path[-1] not in form.get("required", ()) for form in keyed)


def _within(form: dict[str, Any], step: str | int) -> list[dict[str, Any]]:
    found = []
    for each in _resolved([form]):
        inner = each.get("items") if isinstance(step, int) else each.get("properties", {}).get(step)
        more = each.get("additionalProperties") if isinstance(step, str) else None
        found += [one for one in (inner or more,) if isinstance(one, dict)]
    return found


def _resolved(forms: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The forms with what they refer to, and each of those that one may choose from."""
    found: list[dict[str, Any]] = []
    for form in forms:
        if "$ref" in form:
            found += _resolved([_format()["$defs"][form["$ref"].rpartition("/")[2]]])
        else:
            found.append(form)
        for several in ("anyOf", "oneOf", "allOf"):
            found += _resolved([each for each in form.get(several, ()) if isinstance(each, dict)])
    return found
