"""What the values of options may be: read, and refused, before any work begins.

A reader here is the ``parser`` of an option. It raises ``typer.BadParameter`` or CaseError, which
the command tells with the option's name. The readers whose names depend on a case come in a
second step, once it is read.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable
from datetime import date
from ipaddress import ip_address
from typing import Any

import typer

from foedus.case.problems import CaseError, Problem, listed, nearest, shown
from foedus.case.spelling import composed

MOST_PORT = 65_535
"""The highest port there is."""


def composed_word(word: str) -> str:
    """A word as ids are compared; the name of a file that is there stays as it is."""
    known = any(os.path.lexists(name) for name in (word, word.partition("=")[2]))
    return word if known else composed(word)


def whole_number(least: int, most: int | None = None) -> Callable[[Any], int]:
    """Read a whole number from ``least`` to ``most``."""
    expected = f"a whole number from {least:,}" + (f" to {most:,}" if most else "")

    def read(given: Any) -> int:
        try:
            number = int(given)
        except ValueError:
            raise _refused(given, expected) from None
        if number < least or (most is not None and number > most):
            raise _refused(given, expected)
        return number

    return read


def part_of_one(*, with_one: bool) -> Callable[[Any], float]:
    """Read a number above 0 and below 1, or at most 1."""
    expected = "a number above 0 and " + ("at most 1" if with_one else "below 1")

    def read(given: Any) -> float:
        number = _number(given)
        if not (0 < number < 1 or (with_one and number == 1)):
            raise _refused(given, expected)
        return number

    return read


def positive(given: Any) -> float:
    """Read a number above 0."""
    number = _number(given)
    if not 0 < number < math.inf:
        raise _refused(given, "a number above 0")
    return number


def day(given: Any) -> date:
    """Read a day, such as 2024-06-30."""
    if isinstance(given, date):
        return given
    try:
        found = date.fromisoformat(given)
    except ValueError:
        found = None
    if found is None or found.isoformat() != given:  # days alone, without other ways to write them
        raise _refused(given, "a day, such as 2024-06-30")
    return found


def address(given: Any) -> str:
    """Read an address of a machine, such as 127.0.0.1 or ::1; localhost too."""
    text = str(given).strip().strip("[]")
    try:
        return text if text.lower() == "localhost" else str(ip_address(text))
    except ValueError:
        raise _refused(given, "an address of this machine, such as 127.0.0.1") from None


def share(given: Any) -> float:
    """Read a number from 0, below 1."""
    number = _number(given)
    if not 0 <= number < 1:
        raise _refused(given, "a number from 0, below 1")
    return number


def names_in(text: str, known: Iterable[str], what: str, option: str) -> tuple[str, ...]:
    """Read names joined by commas, each one of ``known`` and each once. Raises CaseError."""
    known = tuple(known)
    asked = [name.strip().lower() for name in text.split(",") if name.strip()]
    problems = [
        Problem(f"no {what} {shown(name)}", None, listed(known), nearest(name, known))
        for name in asked
        if name not in known
    ]
    problems += _twice(asked)
    if not asked:
        problems = [Problem(f"no {what} is named", None, listed(known))]
    if problems:
        raise CaseError(problems, option)
    return tuple(asked)


def numbers_in(text: str, least: float, most: float, what: str, option: str) -> dict[str, float]:
    """Read ``name=number`` pairs joined by commas, each name once. Raises CaseError.

    ``what`` says what a number is, in "... gives no chance".
    """
    found: dict[str, float] = {}
    names, problems = [], []
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = (piece.strip() for piece in part.partition("="))
        names.append(name)
        found[name] = _number(value)
        if not least <= found[name] <= most:
            expected = f"a number from {least:g} to {most:,g}"
            problems.append(Problem(f"{shown(part)} gives no {what}", None, expected))
    problems += _twice(names)
    if problems:
        raise CaseError(problems, option)
    return found


def refuse_twice(names: Iterable[str], option: str) -> None:
    """Refuse a name that is given twice. Raises CaseError."""
    if problems := _twice(names):
        raise CaseError(problems, option)


def _twice(names: Iterable[str]) -> list[Problem]:
    names = list(names)
    repeated = dict.fromkeys(name for name in names if names.count(name) > 1)
    return [Problem(f"{shown(name)} is given twice") for name in repeated]


def _number(given: Any) -> float:
    """The number, or one that lies in no range."""
    try:
        return float(given)
    except ValueError:
        return math.nan


def _refused(given: Any, expected: str) -> typer.BadParameter:
    return typer.BadParameter(f"{shown(given)} cannot be used; expected {expected}")


def scheduler_address(given: Any) -> str:
    """Read the address of a scheduler of Dask: ``tcp://HOST:PORT``, or ``tls://`` before it."""
    text = str(given)
    kind, found, place = text.partition("://")
    host, _, port = place.rpartition(":")
    known = kind in ("tcp", "tls") and found and host and not host.startswith("-")
    if not (known and port.isascii() and port.isdigit() and 0 < int(port) <= MOST_PORT):
        raise _refused(given, "an address such as tcp://HOST:8786")
    return text
