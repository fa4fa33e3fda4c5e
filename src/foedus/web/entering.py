"""A form of one entry, sent: what the text of the case becomes by it.

A form tells with which version of the case it was made. What was changed in it is done to the case
as it is now, so that edits of different entries, and of different fields of one, never meet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from foedus.case.kinds import ID
from foedus.case.places import Path
from foedus.case.problems import CaseError, Problem
from foedus.case.reading import parse_case
from foedus.case.rewriting import renamed, with_data, without
from foedus.case.source import plain_data, read_source
from foedus.web.fields import changed, texts_of
from foedus.web.forms import Part, Section, inside

FIELD = "f."
"""With it begins the name of a field of the entry, in the form that is sent."""


ROUNDS = 20
"""So often a text is read anew while a name is put right in it: not all is told at once."""


class NoEntry(LookupError):
    """There is no such entry, or no longer."""


class Clash(Exception):
    """The same was changed meanwhile; ``mine`` is the text with this edit over it."""

    def __init__(self, mine: str) -> None:
        super().__init__("the same was changed meanwhile")
        self.mine = mine


class Gone(Clash):
    """What is changed was removed meanwhile; ``mine`` has it again."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent: of which entry, what is to be done, and what stands in its fields.

    ``step`` is the key or the number of the entry in its section, None for a new one and for what
    is one by itself; ``id`` and ``place`` are what it is to be called, and where to stand.
    """

    section: Path
    keys: tuple[str, ...]
    step: str | int | None
    do: str
    id: str
    place: int | None
    texts: Mapping[str, str]

    @classmethod
    def of(cls, fields: Sequence[tuple[str, str]]) -> Sent:
        """What a form says. Raises NoEntry for one that is none of ours."""
        given = dict(fields)
        try:
            path, step = json.loads(given["section"]), json.loads(given.get("step") or "null")
        except (KeyError, ValueError, RecursionError):
            raise NoEntry("This form says of no entry.") from None
        plain = isinstance(path, list) and all(isinstance(each, str) for each in path)
        if not plain or isinstance(step, bool) or not isinstance(step, str | int | None):
            raise NoEntry("This form says of no entry.")
        place = given.get("place", "").strip()
        return cls(
            tuple(path),
            tuple(key for key in given.get("keys", "").split(",") if key),
            step,
            given.get("do", "save"),
            given.get("id", "").strip(),
            int(place) if place.isdecimal() and len(place) < 6 else None,
            {n.removeprefix(FIELD): v for n, v in fields if n.startswith(FIELD)},
        )

    def section_in(self, part: Part, data: Mapping[str, Any]) -> Section:
        """The section of a part that it belongs to. Raises NoEntry."""
        for section in part.sections(data):
            if (section.path, section.keys) == (self.section, self.keys):
                return section
        raise NoEntry("There is no such entry.")


@lru_cache(16)
def data_of(text: str, name: str) -> dict[str, Any]:
    """The plain data of a text, not to be changed. Raises CaseError for no YAML, or no map."""
    data = plain_data(read_source(text.removeprefix("\ufeff"), name).data)
    if not isinstance(data, dict):
        raise CaseError([Problem("this is no map of a case's parts")], name)
    return data


def entered(sent: Sent, part: Part, base: str, now: str, name: str) -> tuple[str, str]:
    """The text after what a form asks for, and what was done, in a few words.

    ``base`` is the text with which the form was made, ``now`` the one that is. Raises CaseError
    for what the form or the file cannot hold, NoEntry, and Clash.
    """
    then = data_of(base, name)
    here = then if base == now else data_of(now, name)
    section = sent.section_in(part, then)
    if sent.do == "add" and not section.single:
        return _added(sent, section, here, now, name)
    if sent.step is None and not section.single:
        raise NoEntry("There is no such entry.")
    if sent.step is not None and isinstance(sent.step, int) != section.listed:
        raise NoEntry("There is no such entry.")
    path = section.path if sent.step is None else (*section.path, sent.step)
    old = inside(then, path)
    if old is None and not section.single:
        raise NoEntry("There is no such entry.")
    path = _moved_to(section, path, old, here)
    if sent.do == "remove":
        if section.single:
            raise NoEntry("This cannot be removed.")
        found = inside(here, path)
        text = now if found is None else _removed(now, section, path, here, name)
        if found not in (None, old):
            raise Clash(text)
        return text, f"{told(path)} removed"
    return _saved(sent, section, path, old, here, now, name)


def _added(
    sent: Sent, section: Section, here: Mapping[str, Any], now: str, name: str
) -> tuple[str, str]:
    value = changed(section.shape, None, sent.texts)
    there = inside(here, section.path)
    if section.listed:
        path: Path = (*section.path, len(there) if isinstance(there, list) else 0)
    elif not sent.id:
        raise _wrong("Id: give the entry an id, of letters, digits and hyphens", name)
    elif isinstance(there, dict) and sent.id in there:
        raise _wrong(f"Id: there is {sent.id} already", name)
    else:
        path = (*section.path, sent.id)
    if not value:
        raise _wrong("Nothing is filled in yet", name)
    text = with_data(now, path, value, name)
    if section.ordered and isinstance(there, list):
        text = _placed(text, section, len(there), sent.place, name)
    return text, f"{told(path)} added"


def _saved(
    sent: Sent,
    section: Section,
    path: Path,
    old: Any,
    here: Mapping[str, Any],
    now: str,
    name: str,
) -> tuple[str, str]:
    value = inside(here, path)
    was, stands = (texts_of(section.shape, each, section.keys) for each in (old, value))
    touched = {n: v for n, v in sent.texts.items() if n in was and v != as_sent(was[n])}
    gone = value is None and old is not None
    new = changed(section.shape, old if gone else value, touched, section.keys)
    if gone:
        raise Gone(_with(now, section, path, value, new, name))
    clash = any(stands[n] not in (was[n], text) for n, text in touched.items())
    text = _with(now, section, path, value, new, name) if touched else now
    done = f"{told(path)} changed"
    if section.single:
        done = f"{told((*path, *(n.partition('.')[0] for n in touched)))} changed"
    if section.ordered and isinstance(path[-1], int) and sent.place not in (None, _place(sent)):
        text = _placed(text, section, path[-1], sent.place, name)
    if not section.listed and not section.single and sent.id not in ("", path[-1]):
        if not ID.fullmatch(sent.id):
            raise _wrong("Id: an id has letters, digits, _ and single - between them", name)
        text = _followed(renamed(text, path, sent.id, name), str(path[-1]), sent.id, name)
        done = f"{told(path)} renamed to {sent.id}"
    if clash:
        raise Clash(text)
    return text, done


def _place(sent: Sent) -> int:
    """The place that the entry had in its list when the form was made, from 1."""
    return sent.step + 1 if isinstance(sent.step, int) else 0


def _moved_to(section: Section, path: Path, old: Any, here: Mapping[str, Any]) -> Path:
    """Where an entry of a list is now, if others before it went or came."""
    entries = inside(here, section.path)
    if not section.listed or not isinstance(entries, list) or inside(here, path) == old:
        return path
    found = [k for k, each in enumerate(entries) if each == old]
    return (*section.path, found[0]) if len(found) == 1 else path


def _with(text: str, section: Section, path: Path, old: Any, new: Any, name: str) -> str:
    if not section.single:
        return with_data(text, path, new, name)
    had = old if isinstance(old, dict) else {}
    for key in section.keys:
        if key in new and new[key] != had.get(key):
            text = with_data(text, (*path, key), new[key], name)
        elif key in had and key not in new:
            text = without(text, path if len(had) == 1 and path else (*path, key), name)
    return text


def _removed(text: str, section: Section, path: Path, here: Mapping[str, Any], name: str) -> str:
    # A preference without any statement is none: it goes with its last one.
    alone = len(inside(here, section.path)) == 1
    return without(text, path[:2] if alone and path[0] == "preferences" else path, name)


def _placed(text: str, section: Section, at: int, place: int | None, name: str) -> str:
    """The text with an entry of a list at another place, counted from 1; None lets it stand."""
    entries = list(inside(data_of(text, name), section.path))
    if place is None or place - 1 == at:
        return text
    moved = entries.pop(at)
    entries.insert(max(place - 1, 0), moved)
    return with_data(text, section.path, entries, name)


def _followed(text: str, old: str, new: str, name: str) -> str:
    """The text with what refers to a renamed entry by its old id doing so by the new one.

    The reading tells where a name is used that there is no longer: there it is put right, as often
    as that gets on. Where something else is wrong with the text it stays as far as that goes.
    """
    for _ in range(ROUNDS):
        try:
            parse_case(text, name)
        except CaseError as error:
            wrong = {problem.place for problem in error.problems if problem.place}
        else:
            return text
        lines = text.split("\n")
        for place in sorted(wrong, reverse=True):
            line, at = lines[place.line - 1], place.column - 1
            if re.match(rf"{re.escape(old)}(?![\w-])", line[at:]):
                lines[place.line - 1] = line[:at] + new + line[at + len(old) :]
        if "\n".join(lines) == text:
            return text
        text = "\n".join(lines)
    return text


def as_sent(text: str) -> str:
    """A text as a browser sends it back: with the line ends of a form, made those of a file."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def told(path: Path) -> str:
    """A path in words; items of lists are counted from 1."""
    return " ".join(str(each + 1) if isinstance(each, int) else str(each) for each in path)


def _wrong(text: str, name: str) -> CaseError:
    return CaseError([Problem(text)], name)
