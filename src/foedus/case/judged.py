# ruff: noqa: RUF009 - `entry` declares a key, as dataclasses.field does
"""Reading judgements: a number, a range, a probability word, or a map of these with reasons."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from foedus.case.entries import Shape, entry, read_entry
from foedus.case.judgement import ROLES, Judgement, Role, Together
from foedus.case.kinds import REASONS, ListOf, Number, Ref, Text, form, path_name, wrong
from foedus.case.places import Path
from foedus.case.progress import Reading
from foedus.case.shares import fraction_told, like_a_fraction
from foedus.case.source import BROKEN, Scalar, is_number
from foedus.case.words import WORDS

BECAUSE = ListOf(Ref(REASONS), "a list of evidence or polls, such as [bridge-poll]")


@dataclass(frozen=True)
class Judged:
    """A judgement of one role, which says between what it lies and whether it may be a word.

    One in per cent that looks like a fraction is noticed.
    """

    role: Role

    @property
    def number(self) -> Number:
        """How its numbers are read."""
        least, most = (
            None if math.isinf(bound) else int(bound) for bound in ROLES[self.role].bounds
        )
        if ROLES[self.role].above_least:
            return Number(above=least, most=most)
        return Number(least, most)

    @property
    def words(self) -> bool:
        """Whether a probability word may stand for it."""
        return ROLES[self.role].words

    def read(self, value: Any, path: Path, reading: Reading) -> Judgement | None:
        """Read the value; see :class:`Kind`."""
        made = self.read_any(value, path, reading)
        if made is not None and ROLES[self.role].unit == "per cent" and like_a_fraction(made):
            numbers = dict.fromkeys((made.low, made.mode, made.high))
            reading.notice(fraction_told(path_name(path), numbers), path)
        return made

    def read_any(self, value: Any, path: Path, reading: Reading) -> Judgement | None:
        """Read a number, a range or a word, or a map of one of these with its reasons."""
        if isinstance(value, dict):
            given = read_entry(JudgementMap, value, path, reading)
            inner = self.read_value(value.get("value", BROKEN), (*path, "value"), reading)
            return with_reasons(inner, path, given.because, given.note, given.together)
        return self.read_value(value, path, reading)

    def read_value(self, value: Any, path: Path, reading: Reading) -> Judgement | None:
        """Read a number, a range or a word."""
        if value is BROKEN:
            return None
        if isinstance(value, list | tuple):
            return self.read_range(value, path, reading)
        if is_number(value):
            number = self.number.read(value, path, reading)
            return (
                None if number is None else Judgement(number, number, number, path, role=self.role)
            )
        if isinstance(value, str):
            return self.read_word(value, path, reading)
        reading.problem(f"{path_name(path)} is {form(value)}", path, expected=self.expected)
        return None

    def read_range(self, value: Any, path: Path, reading: Reading) -> Judgement | None:
        """Read ``[low, most likely, high]``."""
        if len(value) != 3:
            reading.problem(
                f"{path_name(path)} is a list of {len(value)}",
                path,
                expected="three numbers: low, most likely, high",
            )
            return None
        numbers = [self.number.read(v, (*path, k), reading) for k, v in enumerate(value)]
        if None in numbers:
            return None
        low, mode, high = (float(n) for n in numbers if n is not None)
        if not low <= mode <= high:
            reading.problem(
                f"the range {low:g}, {mode:g}, {high:g} is out of order",
                path,
                expected="low, most likely, high",
            )
            return None
        return Judgement(low, mode, high, path, role=self.role)

    def read_word(self, word: str, path: Path, reading: Reading) -> Judgement | None:
        """Read a probability word."""
        table = WORDS["phia" if reading.words == "phia" else "icd203"]
        if not self.words:
            if word in table:
                reading.problem(
                    f"{path_name(path)} is {word!r}, but no probability stands here",
                    path,
                    expected=self.expected,
                )
            elif is_number(Scalar(word, True)):  # in quotes
                self.number.read(word, path, reading)
            else:
                wrong(reading, path, self.expected, word)
            return None
        if any(each.isdecimal() for each in word):  # such as "20 to 40"
            wrong(reading, path, self.expected, word)
            return None
        if not is_word(word, path, reading):
            return None
        low, high = table[word]
        return Judgement(low, (low + high) / 2, high, path, str(word), role=self.role)

    @property
    def expected(self) -> str:
        """What may stand here, in a message."""
        word = ", a probability word" if self.words else ""
        return f"{self.number.expected}{word} or [low, most likely, high]"

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the value."""
        number = self.number.schema()
        values: list[dict[str, Any]] = [
            number,
            {"type": "array", "items": number, "minItems": 3, "maxItems": 3},
        ]
        if self.words:
            values.append(ProbabilityWord().schema())
        return {"anyOf": [*values, {"$ref": "#/$defs/JudgementMap"}]}


@dataclass(frozen=True)
class ProbabilityWord:
    """A probability word of the case's list, where no number may stand for it."""

    def read(self, value: Any, path: Path, reading: Reading) -> str | None:
        """Read the value; see :class:`Kind`."""
        if value is BROKEN:
            return None
        if not isinstance(value, str) or is_number(value):
            wrong(reading, path, "a probability word", value)
            return None
        return str(value) if is_word(value, path, reading) else None

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the value."""
        return {"enum": sorted({word for table in WORDS.values() for word in table})}


def is_word(word: str, path: Path, reading: Reading) -> bool:
    """Whether it is a probability word of the case's list; if not, a problem is reported."""
    own, other = ("phia", "icd203") if reading.words == "phia" else ("icd203", "phia")
    if word in WORDS[own]:
        return True
    message = f"{word!r} is no probability word of {own}"
    if word in WORDS[other]:
        message += f" (it is one of {other})"
    reading.problem(message, path, word=word, known=WORDS[own])
    return False


@dataclass(frozen=True)
class _Value:
    """The ``value`` of a judgement map: read by the judgement that it belongs to."""

    def read(self, value: Any, path: Path, reading: Reading) -> Any:
        """Read the value; see :class:`Kind`."""
        return value

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the value."""
        return {"type": ["number", "array", "string"]}


@dataclass(frozen=True)
class WithMap(Shape):
    """A group that a judgement moves with, and how much, or against it."""

    group: str | None = entry(Text(), "the name of the group", required=True)
    loading: float | None = entry(
        Number(-1, 1),
        "its correlation with the group, in normal scores: 1 wholly with it (the default), -1 "
        "wholly against it, 0 not at all",
    )


@dataclass(frozen=True)
class With:
    """The group that a judgement moves with: its name, or a map with a loading."""

    def read(self, value: Any, path: Path, reading: Reading) -> Together | None:
        """Read the value; see :class:`Kind`."""
        if isinstance(value, dict):
            given = read_entry(WithMap, value, path, reading)
            loading = 1.0 if given.loading is None else given.loading
            return None if given.group is None else Together(given.group, loading)
        if isinstance(value, list | tuple):
            wrong(reading, path, "the name of a group, or {group: NAME, loading: NUMBER}", value)
            return None
        if isinstance(value, str) and not is_number(value) and value.startswith("-"):
            expected = f"{{group: {value.lstrip('- ') or 'NAME'}, loading: -1}}"
            reading.problem("a sign stands before the name of a group", path, expected=expected)
            return None
        group = Text().read(value, path, reading)
        return None if group is None else Together(group)

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the value."""
        return {"anyOf": [Text().schema(), {"$ref": "#/$defs/WithMap"}]}


WITH = With()
WITH_DOC = "a group that it moves with when it is drawn; {group, loading} for in part, or against"


@dataclass(frozen=True)
class JudgementMap(Shape):
    """A judgement with its reasons."""

    value: Any = entry(
        _Value(), "a number, [low, most likely, high] or a probability word", required=True
    )
    because: list[str | None] | None = entry(BECAUSE, "the evidence or polls it rests on")
    note: str | None = entry(Text(), "a remark")
    together: Together | None = entry(WITH, WITH_DOC, key="with")


def with_reasons(
    judgement: Judgement | None,
    path: Path,
    because: list[str | None] | None,
    note: str | None,
    together: Together | None,
) -> Judgement | None:
    """The judgement as it stands at ``path``, with the reasons of its entry added to its own."""
    if judgement is None:
        return None
    reasons = (*judgement.because, *present(because))
    return replace(
        judgement,
        path=path,
        because=tuple(dict.fromkeys(reasons)),
        note=judgement.note or note,
        together=judgement.together or together,
    )


def present(items: list[Any] | None) -> tuple[Any, ...]:
    """What could be read of a list."""
    return tuple(item for item in items or () if item is not None)
