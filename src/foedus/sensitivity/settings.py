"""What a what-if sets: names and values as they are typed, and the case with them set."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from foedus.case.aliases import with_new_names
from foedus.case.altered import with_judgements
from foedus.case.edit import Value, edited, plain_value
from foedus.case.judgement import ROLES
from foedus.case.links import judgement_name, judgements_of
from foedus.case.model import Case, Judgement, Path
from foedus.case.problems import CaseError, Problem, nearest, shown
from foedus.case.words import WORDS

RECORD_KEYS = ("since", "until", "agreed", "done", "willing")
CLASS_KEYS = ("cases", "occurred")
POLL_KEYS = ("n", "error")
DATES = ("as_of", "deadline")

_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


def parsed_setting(text: str) -> tuple[str, Value]:
    """A name and a value as typed: ``NAME=VALUE``, the value a number, a word or a range.

    Raises CaseError where there is no ``=``, no name or no value, or a list has other than three
    numbers.

    >>> parsed_setting("preferences.north.worth.wide-bridge=[20, 35, 50]")
    ('preferences.north.worth.wide-bridge', [20.0, 35.0, 50.0])
    >>> parsed_setting("preferences.south.priorities.any-bridge=unlikely")
    ('preferences.south.priorities.any-bridge', 'unlikely')
    """
    name, found, value = text.partition("=")
    name, value = _by_new_names(name.strip()), value.strip()
    if not (found and name and value):
        expected = "NAME=VALUE, such as preferences.north.worth.wide-bridge=40"
        raise CaseError([Problem(f"{shown(text)} sets nothing", expected=expected)], "--set")
    return name, parsed_value(value)


def _by_new_names(name: str) -> str:
    return ".".join(map(str, with_new_names(tuple(name.split(".")))))


def parsed_value(text: str) -> Value:
    """A value as typed: a number, ``[low, most likely, high]``, or else a word.

    Raises CaseError for a list of other than three numbers, and for a number that is not finite.
    """
    number = _number(text)
    if number is not None:
        return number
    if text.startswith("[") and text.endswith("]"):
        parts = [part.strip() for part in text[1:-1].split(",")]
        numbers = [number for part in parts if (number := _number(part)) is not None]
        if not len(numbers) == len(parts) == 3:
            expected = "[low, most likely, high], three numbers"
            raise CaseError([Problem(f"{shown(text)} is no range", expected=expected)], "--set")
        return numbers
    return text


def _number(text: str) -> float | None:
    """The number, or None for a word. Raises CaseError for what is no finite number."""
    try:
        number = float(text)
    except ValueError:
        return None
    if not math.isfinite(number):
        raise CaseError([Problem(f"{shown(text)} cannot be set", None, "a number")], "--set")
    return number if _NUMBER.fullmatch(text) else None


def names_of(case: Case) -> tuple[str, ...]:
    """The names that a what-if may set, in the order of the case.

    Judgements by their dotted names (in a list also by the item's id), and numbers of records, of
    reference classes, of polls, and the dates.
    """
    return tuple(dict.fromkeys(_names(case)))


def _names(case: Case) -> Iterator[str]:
    for judgement in judgements_of(case):
        yield from _called(case, judgement)
    for record in case.records:
        yield from (f"records.{record}.{key}" for key in RECORD_KEYS)
    for like in case.reference_classes:
        yield from (f"reference_classes.{like}.{key}" for key in CLASS_KEYS)
    for poll in case.polls.values():
        yield from (f"polls.{poll.id}.{key}" for key in POLL_KEYS)
        yield from (f"polls.{poll.id}.shares.{option}" for option in poll.shares)
    yield from DATES


def _called(case: Case, judgement: Judgement) -> Iterator[str]:
    """What a judgement may be called: by its id first where it stands in a list."""
    yield judgement_name(case, judgement.path)
    yield judgement.name


def judgement_called(case: Case, name: str) -> Judgement | None:
    """The judgement that a name means; None where it means something else, or nothing."""
    for judgement in judgements_of(case):
        if name in _called(case, judgement):
            return judgement
    return None


def known_name(case: Case, name: str) -> str:
    """The name, if it can be set, by its new name if it is an old one.

    Of an event, ``events.ID.rate`` and ``events.ID.chance`` mean the one judgement that they hold.

    Raises CaseError, with the nearest that can be set, if it cannot.
    """
    known = names_of(case)
    name = name if name in known else _by_new_names(name)
    under = [each for each in known if each.startswith(f"{name}.")]
    if name not in known and name.startswith("events.") and len(under) == 1:
        return under[0]
    if name not in known:
        problem = Problem(f"nothing that can be set is called {shown(name, 80)}")
        guess = nearest(name, known)
        if guess is None:
            guess = nearest(name.rpartition(".")[2], [each.rpartition(".")[2] for each in known])
            guess = next((n for n in known if guess and n.rpartition(".")[2] == guess), None)
        if guess is None:
            guess = next((n for n in known if f".{name}." in f".{n}."), None)
        raise CaseError([Problem(problem.message, nearest=guess)], case.file)
    return name


def judged_alone(case: Case, settings: Sequence[tuple[str, Value]]) -> bool:
    """Whether nothing but judgements is set: then the text need not be written and read anew."""
    return all(judgement_called(case, name) is not None for name, _ in settings)


def case_with(case: Case, text: str | None, settings: Sequence[tuple[str, Value]]) -> Case:
    """The case with values set: in its ``text`` where that is given, else in the model.

    Without the text only judgements can be set. Raises CaseError for an unknown name, or for a
    value with which there is no valid case.
    """
    named = [(known_name(case, name), value) for name, value in settings]
    if text is not None:
        return edited_with(case, text, settings)[1]
    every = reversed(judgements_of(case))  # of two that are called alike the first is meant
    called = {name: each for each in every for name in _called(case, each)}
    judged: dict[Path, Judgement] = {}
    for name, value in named:
        judgement = called.get(name)
        if judgement is None:
            problem = Problem(f"{name} can be set in the text of a case file alone")
            raise CaseError([problem], case.file)
        judged[judgement.path] = _judged(case, judgement, value)
    return with_judgements(case, judged)


def edited_with(case: Case, text: str, settings: Sequence[tuple[str, Value]]) -> tuple[str, Case]:
    """The text of a case file with values set, and the case that it then is.

    Raises CaseError as :func:`case_with` does.
    """
    values = [(_path(case, known_name(case, name)), value) for name, value in settings]
    return edited(text, values, case.file)


def _path(case: Case, name: str) -> Path:
    """The path in the file; option names of polls may hold dots, so no name is merely split."""
    if judgement := judgement_called(case, name):
        return judgement.path
    head, *rest = name.split(".", 3)
    return (head, *rest)


def _judged(case: Case, before: Judgement, value: Value) -> Judgement:
    """A judgement with another value, its reasons kept."""
    value = plain_value(value, case.file)
    word = None
    if isinstance(value, str):
        table = WORDS[case.words]
        if not before.words or value not in table:
            guess = nearest(value, table) if before.words else None
            problem = Problem(f"{shown(value)} is no value of {before.name}", nearest=guess)
            raise CaseError([problem], case.file)
        low, high = table[value]
        mode, word = (low + high) / 2, value
    elif isinstance(value, int | float):
        low = mode = high = float(value)
    else:
        if len(value) != 3:
            expected = "three numbers: low, most likely, high"
            problem = Problem(f"{before.name} is set to {len(value)} numbers", expected=expected)
            raise CaseError([problem], case.file)
        low, mode, high = (float(number) for number in value)
    what = ROLES[before.role]
    if not (low <= mode <= high and what.allows(low) and what.allows(high)):
        least, most = what.bounds
        expected = "low, most likely, high in this order"
        if what.above_least:
            expected += f", above {least:g}"
        elif least > float("-inf") or most < float("inf"):
            expected += f", from {least:g} to {most:g}"
        message = f"{before.name} cannot be {low:g}, {mode:g}, {high:g}"
        raise CaseError([Problem(message, expected=expected)], case.file)
    return replace(before, low=low, mode=mode, high=high, word=word)
