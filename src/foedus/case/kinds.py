"""The kinds of values a case file holds: each reads a value and tells its JSON Schema.

A kind's ``read`` gives what it made of a value, or None after it has reported a problem: reading
goes on, so that everything wrong is told at once.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from foedus.case.places import Path
from foedus.case.problems import listed, shown
from foedus.case.progress import Reading, Reference
from foedus.case.source import BROKEN, Scalar, is_number
from foedus.case.spelling import apart, called, lookalikes, unseen

RESERVED = frozenset({"and", "or", "not", "in", "default", "nobody", "at-once", "other"})
"""Words that cannot be ids."""

ID = re.compile(r"\w+(?:-\w+)*")
"""An id: letters, digits, ``_``, and single ``-`` between them."""

REASONS = ("evidence", "polls")
"""The sections of what may stand behind a judgement."""

LARGEST = 1e15
"""Numbers beyond this (or with more than 40 characters) are taken for slips."""

SMALLEST = 1e-15
"""Numbers nearer to 0 than this, but not 0, are taken for slips."""


class Kind(Protocol):
    """Something that reads one kind of value."""

    def read(self, value: Any, path: Path, reading: Reading) -> Any:
        """What the value means, or None after a problem has been reported."""

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the value."""


def form(value: object) -> str:
    """What a value is, in a message."""
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list | tuple):
        return "a list"
    if is_number(value):
        return f"the number {value}"
    return shown(value)


def path_name(path: Path) -> str:
    """The last key of a path, quoted; of a list item, its number and the list's name."""
    if not path:
        return "the case"
    if isinstance(path[-1], int):
        return f"item {path[-1] + 1} of {path_name(path[:-1])}"
    return shown(path[-1])


def wrong(reading: Reading, path: Path, expected: str, value: object) -> None:
    """Report that a value is of another kind than its place asks for."""
    reading.problem(f"{path_name(path)} is {form(value)}", path, expected=expected)


# --- text, names, numbers, dates --------------------------------------------------------------


@dataclass(frozen=True)
class Text:
    """Text; a plain number is taken as text too."""

    def read(self, value: Any, path: Path, reading: Reading) -> str | None:
        """Read the value; see :class:`Kind`."""
        if value is BROKEN:
            return None
        if isinstance(value, str):
            if not value.strip():
                reading.problem(f"{path_name(path)} is empty", path)
                return None
            return str(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        wrong(reading, path, "text", value)
        return None

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the value."""
        return {"type": ["string", "number", "boolean"]}


@dataclass(frozen=True)
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, value: Any, path: Path, reading: Reading) -> str | None:
        """Read the value; see :class:`Kind`."""
        if value is BROKEN:
            return None
        if isinstance(value, str) and value in self.words:
            return str(value)
        reading.problem(
            f"{path_name(path)} is {form(value)}",
            path,
            expected=listed(self.words),
            word=str(value) if isinstance(value, str) else None,
            known=self.words,
        )
        return None

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the value."""
        return {"enum": list(self.words)}


@dataclass(frozen=True)
class Number:
    """A number within bounds; ``above`` is a bound that is itself not allowed."""

    least: float | None = None
    most: float | None = None
    above: float | None = None
    whole: bool = False

    def read(self, value: Any, path: Path, reading: Reading) -> float | None:
        """Read the value; see :class:`Kind`."""
        if value is BROKEN:
            return None
        if not is_number(value):
            if isinstance(value, Scalar) and not value.plain and is_number(Scalar(value, True)):
                reading.problem(f"{path_name(path)} is text; write the number without quotes", path)
            else:
                wrong(reading, path, self.expected, value)
            return None
        if isinstance(value, Scalar) and len(value) > 40:
            reading.problem(f"{path_name(path)} has too many digits", path)
            return None
        number = float(value)
        if not abs(number) <= LARGEST:
            reading.problem(f"{path_name(path)} is too large: {shown(value)}", path)
        elif 0 < abs(number) < SMALLEST:
            message = f"{path_name(path)} is too close to 0: {shown(value)}"
            reading.problem(message, path, expected=f"0, or at least {SMALLEST:g}")
        elif (
            (self.least is not None and number < self.least)
            or (self.most is not None and number > self.most)
            or (self.above is not None and number <= self.above)
            or (self.whole and not re.fullmatch(r"[-+]?\d+", str(value)))
        ):
            reading.problem(f"{path_name(path)} is {value}", path, expected=self.expected)
        else:
            return int(number) if self.whole else number
        return None

    @property
    def expected(self) -> str:
        """What is expected, in a message."""
        what = "a whole number" if self.whole else "a number"
        if self.least is not None and self.most is not None:
            return f"{what} from {self.least:g} to {self.most:g}"
        if self.above is not None:
            return f"{what} above {self.above:g}"
        if self.least is not None:
            return f"{what}, {self.least:g} or more"
        return what

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the value."""
        schema: dict[str, Any] = {"type": "integer" if self.whole else "number"}
        bounds = {"minimum": self.least, "maximum": self.most, "exclusiveMinimum": self.above}
        return schema | {k: v for k, v in bounds.items() if v is not None}


@dataclass(frozen=True)
class Day:
    """A date, written year-month-day."""

    def read(self, value: Any, path: Path, reading: Reading) -> date | None:
        """Read the value; see :class:`Kind`."""
        if value is BROKEN:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        text = str(value) if isinstance(value, str | int) else ""
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            reading.problem(
                f"{path_name(path)} is {form(value)}",
                path,
                expected="a date as year-month-day, such as 2019-12-20",
            )
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            reading.problem(f"there is no day {text} in the calendar", path)
            return None

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the value."""
        return {"type": "string", "format": "date"}


@dataclass(frozen=True)
class Ref:
    """The id of something in one of the named sections, or one of the ``also`` words."""

    sections: tuple[str, ...]
    also: tuple[str, ...] = ()

    def read(self, value: Any, path: Path, reading: Reading) -> str | None:
        """Read the value; see :class:`Kind`."""
        if value is BROKEN:
            return None
        if not isinstance(value, str) and not is_number(value):
            wrong(reading, path, f"one id of {listed(self.sections)}", value)
            return None
        name = str(value)
        if name not in self.also:
            reading.references.append(Reference(name, self.sections, path, self.also))
        return None if self.sections == REASONS and name in reading.late else name

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the value."""
        return {"type": ["string", "number"], "minLength": 1}


@dataclass(frozen=True)
class Raw:
    """A value that is read later, where more is known; ``shape`` is its schema."""

    shape: dict[str, Any] = dataclasses.field(default_factory=dict)

    def read(self, value: Any, path: Path, reading: Reading) -> Any:
        """Read the value; see :class:`Kind`."""
        return None if value is BROKEN else value

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the value."""
        return dict(self.shape)


# --- lists and maps ---------------------------------------------------------------------


@dataclass(frozen=True)
class ListOf:
    """A list; items that cannot be read are None in it."""

    kind: Kind
    what: str = "a list"

    def read(self, value: Any, path: Path, reading: Reading) -> list[Any] | None:
        """Read the value; see :class:`Kind`."""
        if value is BROKEN:
            return None
        if not isinstance(value, list | tuple):
            wrong(reading, path, self.what, value)
            return None
        return [self.kind.read(item, (*path, k), reading) for k, item in enumerate(value)]

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the value."""
        return {"type": "array", "items": self.kind.schema()}


@dataclass(frozen=True)
class MapOf:
    """A map from keys of the author's choosing; values that cannot be read are None in it.

    With ``ids`` the keys must be ids.
    """

    kind: Kind
    what: str = "a map"
    ids: bool = True

    def read(self, value: Any, path: Path, reading: Reading) -> dict[str, Any] | None:
        """Read the value; see :class:`Kind`."""
        if value is BROKEN:
            return None
        if not isinstance(value, dict):
            wrong(reading, path, self.what, value)
            return None
        read: dict[str, Any] = {}
        for key, item in value.items():
            if self.ids:
                check_id(str(key), (*path, key), reading)
            read[str(key)] = self.kind.read(item, (*path, key), reading)
        if self.ids:
            tell_alike(read, path, reading)
        return read

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the value."""
        return {"type": "object", "additionalProperties": self.kind.schema()}


def tell_alike(names: Iterable[str], path: Path, reading: Reading) -> None:
    """Notice ids of one map that a reader can hardly tell apart."""
    for name, before in lookalikes(names):
        told = apart(name, before) or apart(before, name)
        why = f": {told}" if told else ""
        reading.notice(f"the id {name!r} looks like {before!r}{why}", (*path, name), key=True)


def check_id(name: str, path: Path, reading: Reading, *, key: bool = True) -> bool:
    """Report an id that is none, or is a reserved word."""
    if name in RESERVED:
        reading.problem(f"{name!r} is a reserved word and cannot be an id", path, key=key)
        return False
    if (sign := unseen(name)) is not None:
        message = f"{shown(name)} cannot be an id: it holds {called(sign)}, which cannot be seen"
        reading.problem(message, path, key=key)
        return False
    if not ID.fullmatch(name):
        reading.problem(
            f"{shown(name)} cannot be an id",
            path,
            key=key,
            expected="letters, digits, _ and single - between them",
        )
        return False
    return True
