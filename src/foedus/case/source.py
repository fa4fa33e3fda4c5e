"""From the text of a file to plain data, with the place of every key and value.

The YAML parser's events are read one by one and built up without recursion, so that deep nesting
can be refused before it costs anything. What a plain scalar means (a number, a date, text) is left
to the place where it stands: nothing is guessed here but what is empty.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NoReturn

import yaml

from foedus.case import traps
from foedus.case.aliases import Renamed, give_new_names
from foedus.case.places import Mark, Path, Place
from foedus.case.problems import MOST_PROBLEMS, CaseError, Problem, shown
from foedus.case.scalars import offsets
from foedus.case.spelling import composed

DEEPEST = 50
"""How many levels of maps and lists a file may have."""


MOST_VALUES = 200_000
"""How many keys and values a file may have."""


class Broken:
    """Stands where something was that has already been reported."""

    def __repr__(self) -> str:
        return "BROKEN"


BROKEN: Final = Broken()


class Scalar(str):
    """A scalar's text. ``plain`` says that it stood without quotes."""

    __slots__ = ("plain",)

    plain: bool

    def __new__(cls, text: str, plain: bool) -> Scalar:
        """Make a scalar of its text."""
        scalar = super().__new__(cls, text)
        scalar.plain = plain
        return scalar


@dataclass(slots=True)
class Source:
    """A file's data with its places. Without a text (data from a program) there are no places."""

    data: Any
    text: str = ""
    values: dict[Path, Mark] = field(default_factory=dict)
    keys: dict[Path, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    decoded: dict[Mark, list[int] | None] = field(default_factory=dict)
    renamed: list[Renamed] = field(default_factory=list)

    def give_new_names(self) -> None:
        """Let old keys be read by their new names; ``renamed`` tells which there were."""
        found = give_new_names(self.data, self.values, self.keys)
        self.renamed = [each for each in found if not each.beside]
        self.problems += [each.problem for each in found if each.beside]

    def place(self, path: Path) -> Place | None:
        """Where the value at ``path`` stands, or the nearest thing above it that has a place."""
        while path not in self.values:
            if not path:
                return None
            path = path[:-1]
        mark = self.values[path]
        if self.text[mark.start : mark.start + 1] in ("|", ">"):
            value = str(self._at(path))
            return self.inside(path, len(value) - len(value.lstrip()))
        return Place(mark.line, mark.column)

    def key_place(self, path: Path) -> Place | None:
        """Where the key of ``path`` stands; of a list item, the item itself."""
        mark = self.keys.get(path)
        return self.place(path) if mark is None else Place(mark.line, mark.column)

    def inside(self, path: Path, offset: int, *, key: bool = False) -> Place | None:
        """The place of character ``offset`` of the text at ``path``, or of its key.

        Where the text is no scalar of the file, the place where the value begins.
        """
        mark = (self.keys if key else self.values).get(path)
        value = path[-1] if key and path else self._at(path)
        if mark is None or not isinstance(value, str):
            return self.key_place(path) if key else self.place(path)
        written = self.text[mark.start : mark.end]
        if mark not in self.decoded:
            self.decoded[mark] = offsets(written, value)
        places = self.decoded[mark]
        if not places:
            return Place(mark.line, mark.column)
        index = places[offset] if offset < len(places) else places[-1] + 1
        inner = traps.place_of(written, index)
        column = inner.column + (mark.column - 1 if inner.line == 1 else 0)
        return Place(mark.line + inner.line - 1, column)

    def _at(self, path: Path) -> Any:
        value = self.data
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value

    def places(self) -> dict[Path, Place]:
        """One place for each path: of the key where the value is a map or list, else the value."""
        places = {path: Place(mark.line, mark.column) for path, mark in self.values.items()}
        for path, mark in self.keys.items():
            if path in self.values and isinstance(self._at(path), dict | list):
                places[path] = Place(mark.line, mark.column)
        return places


def read_source(text: str, file: str) -> Source:
    """Parse YAML. Raises CaseError where the text is no YAML or not one plain document.

    Duplicate keys, empty values and other things that leave the rest readable are collected in
    ``Source.problems``.
    """
    source = _Builder(text, file).build()
    source.give_new_names()
    return source


class _Frame:
    """A map or list under construction."""

    __slots__ = ("flow", "items", "key", "path", "skipped")

    def __init__(self, items: dict[str, Any] | list[Any], path: Path, flow: bool) -> None:
        self.items = items
        self.path = path
        self.flow = flow
        self.key: str | None = None
        self.skipped = False  # the value of a repeated key: read over


class _Builder:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.source = Source(BROKEN, text)
        self.stack: list[_Frame] = []
        self.documents = 0
        self.quoted: tuple[Place, Place] | None = None  # the last quotes that span lines

    def build(self) -> Source:
        if (problem := traps.control_character(self.text)) is not None:
            raise CaseError([problem], self.file)
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            events: Iterator[Any] = yaml.parse(self.text, Loader=loader)
            for event in events:
                self.take(event)
        except yaml.YAMLError as error:
            problem = traps.syntax_problem(error, self.text)
            if self.quoted and problem.place and problem.place.line == self.quoted[1].line:
                opened, closed = self.quoted
                message = (
                    f"{problem.message}; the quote that closes on it opened on line {opened.line}"
                )
                problem = Problem(message, closed)
            self.source.problems.append(problem)
            raise CaseError(self.source.problems, self.file) from None
        if self.source.data is BROKEN and not self.source.problems:
            self.refuse("the file is empty", Place(1, 1))
        return self.source

    def refuse(self, message: str, place: Place) -> NoReturn:
        self.problem(message, place)
        raise CaseError(self.source.problems, self.file)

    def problem(self, message: str, place: Place, expected: str | None = None) -> None:
        self.source.problems.append(Problem(message, place, expected))
        if len(self.source.problems) > MOST_PROBLEMS:
            raise CaseError(self.source.problems, self.file)

    def take(self, event: Any) -> None:
        match event:
            case yaml.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self.refuse("a second document begins; a case is one document", _at(event))
                if event.version or event.tags:
                    place = traps.place_of(self.text, traps.directive_at(self.text))
                    self.refuse("directives (%YAML, %TAG) are not read; leave them out", place)
            case yaml.AliasEvent():
                self.alias(event)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self.open(event)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self.close(event)
            case yaml.ScalarEvent():
                self.scalar(event)

    def alias(self, event: Any) -> None:
        if not self.stack:
            self.refuse("aliases are not read; a case is a map", _at(event))
        self.problem(f"aliases are not read: write out what *{event.anchor} stands for", _at(event))
        frame = self.stack[-1] if self.stack else None
        if frame and isinstance(frame.items, dict) and frame.key is None:
            self.refuse("a key must be text", _at(event))
        self.place_value(BROKEN, event)

    def decoration(self, event: Any) -> None:
        if event.anchor is not None:
            self.problem(f"anchors are not read: leave out &{event.anchor}", _at(event))
        if event.tag is not None:
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            self.problem(f"tags are not read: leave out {shown(tag)}", _at(event))

    def open(self, event: Any) -> None:
        self.decoration(event)
        mapping = isinstance(event, yaml.MappingStartEvent)
        if not self.stack and not mapping:
            self.refuse(
                "the file is a list; a case is a map that begins with 'foedus: 1'", _at(event)
            )
        if len(self.stack) >= DEEPEST:
            self.refuse(f"maps and lists may be nested {DEEPEST} deep, not deeper", _at(event))
        items: dict[str, Any] | list[Any] = {} if mapping else []
        if self.stack:
            frame = self.stack[-1]
            if isinstance(frame.items, dict) and frame.key is None:
                self.refuse("a key must be text, not a map or a list", _at(event))
            path = self.place_value(items, event)
            skipped = frame.skipped
        else:
            self.source.data = items
            path, skipped = (), False
            self.source.values[()] = _mark(event)
        new = _Frame(items, path, bool(event.flow_style))
        new.skipped = skipped
        self.stack.append(new)

    def close(self, event: Any) -> None:
        frame = self.stack.pop()
        if not frame.skipped:
            mark = self.source.values[frame.path]
            self.source.values[frame.path] = mark._replace(end=event.end_mark.index)
        self.after_value()

    def scalar(self, event: Any) -> None:
        self.decoration(event)
        if not self.stack:
            if event.value.strip():
                self.refuse(
                    "the file is one piece of text; a case is a map that begins with 'foedus: 1'",
                    _at(event),
                )
            self.refuse("the file is empty", Place(1, 1))
        plain = event.style is None or event.style == ""
        end = Place(event.end_mark.line + 1, event.end_mark.column + 1)
        if event.style in ("'", '"') and end.line > event.start_mark.line + 1:
            self.quoted = _at(event), end
        frame = self.stack[-1]
        if isinstance(frame.items, dict) and frame.key is None:
            self.key(frame, event, plain)
            return
        if plain and traps.is_null(event.value):
            self.empty(frame, event)
            self.place_value(BROKEN, event)
        else:
            self.place_value(Scalar(composed(event.value), plain), event)
        self.after_value()

    def key(self, frame: _Frame, event: Any, plain: bool) -> None:
        frame.key = composed(event.value)
        path = (*frame.path, frame.key)
        if frame.skipped:
            return
        if frame.key in frame.items:
            first = self.source.keys[path]
            message = f"the key {shown(frame.key)} stands here again; it is already on line "
            before = self.text[first.start : first.end].strip("'\"")
            told = ", in other characters that show the same" if before != event.value else ""
            self.problem(f"{message}{first.line}{told}", _at(event))
            frame.skipped = True
            return
        self.source.keys[path] = _mark(event)
        if plain and traps.must_be_quoted(frame.key):
            self.problem(
                f'as a key, {frame.key or "nothing"} must be quoted: write "{frame.key}"',
                _at(event),
            )

    def empty(self, frame: _Frame, event: Any) -> None:
        if frame.skipped:
            return
        if isinstance(frame.items, list):
            self.problem("an empty item in a list", _at(event))
            return
        place = self.source.key_place((*frame.path, str(frame.key))) or _at(event)
        absent = event.start_mark.index == event.end_mark.index
        before = self.text[: event.start_mark.index].rstrip()
        if frame.flow and absent and not before.endswith(":"):
            self.problem(
                f"{shown(frame.key)} has no value; text with a comma must be quoted", place
            )
        else:
            self.problem(f"{shown(frame.key)} has no value", place)

    def place_value(self, value: Any, event: Any) -> Path:
        """Put a value where it belongs; gives its path."""
        frame = self.stack[-1]
        step: str | int
        if isinstance(frame.items, list):
            step = len(frame.items)
            frame.items.append(value)
        else:
            step = str(frame.key)
            if not frame.skipped:
                frame.items[step] = value
        path = (*frame.path, step)
        if not frame.skipped:
            self.source.values[path] = _mark(event)
            if len(self.source.values) > MOST_VALUES:
                self.refuse(f"the file holds more than {MOST_VALUES:,} values", _at(event))
        if isinstance(event, yaml.AliasEvent):
            self.after_value()
        return path

    def after_value(self) -> None:
        """Be ready for the next key."""
        if not self.stack:
            return
        frame = self.stack[-1]
        if isinstance(frame.items, dict):
            frame.key = None
            if len(self.stack) < 2 or not self.stack[-2].skipped:
                frame.skipped = False


def _at(event: Any) -> Place:
    return Place(event.start_mark.line + 1, event.start_mark.column + 1)


def _mark(event: Any) -> Mark:
    start = event.start_mark
    return Mark(start.line + 1, start.column + 1, start.index, event.end_mark.index)


_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")


def is_number(value: object) -> bool:
    """Whether a value is a number, or a plain scalar written as a decimal number."""
    if isinstance(value, Scalar):
        return value.plain and _NUMBER.fullmatch(value) is not None
    return isinstance(value, int | float) and not isinstance(value, bool)


def plain_data(data: Any) -> Any:
    """The data as JSON has it: plain scalars that are numbers or booleans become such."""
    if isinstance(data, dict):
        return {str(k): plain_data(v) for k, v in data.items()}
    if isinstance(data, list):
        return [plain_data(v) for v in data]
    if isinstance(data, Broken):
        return None
    if isinstance(data, Scalar):
        if data.plain and data in ("true", "false"):
            return data == "true"
        if is_number(data):
            return int(data) if re.fullmatch(r"[-+]?\d+", data) else float(data)
        return str(data)
    return data
