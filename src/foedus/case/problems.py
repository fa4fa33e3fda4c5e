"""What is wrong with a case file: problems with their places, and the error that carries them."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from foedus.case.places import Notice, Place
from foedus.case.spelling import look

SHOWN = 50
"""How many problems the text of a :class:`CaseError` shows; the rest are counted."""

MOST_PROBLEMS = 5_000
"""After so many problems a file is not read on."""

LONGEST_GUESSED = 80
"""Words longer than this (characters) are not compared with the known ones."""

LISTED = 20
"""So many known names are listed where none is like the one asked for."""

MOST_COMPARED = 5_000
"""Among more known words than this, no nearest one is looked for."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong, where it stands, what was expected, and the nearest known word.

    >>> print(Problem("no position 'wyde' in issue 'bridge'", Place(12, 9), nearest="wide"))
    12:9: no position 'wyde' in issue 'bridge'; did you mean 'wide'?
    """

    message: str
    place: Place | None = None
    expected: str | None = None
    nearest: str | None = None

    @property
    def text(self) -> str:
        """The message with what was expected and the nearest word, without the place."""
        text = self.message
        if self.expected:
            text += f"; expected {self.expected}"
        if self.nearest:
            text += f"; did you mean {self.nearest!r}?"
        return text

    def __str__(self) -> str:
        if self.place is None:
            return self.text
        return f"{self.place.line}:{self.place.column}: {self.text}"


class UnknownName(KeyError, ValueError):
    """A name that means nothing where it is asked for; the text has the nearest, or those known.

    It is a KeyError, as of any mapping, and a ValueError, as of any argument that makes no sense.

    >>> print(UnknownName("arrangement", "one-twn", ["free-bridge", "one-town"]))
    no arrangement 'one-twn'; did you mean 'one-town'?
    >>> print(UnknownName("concept", "best", ["nash", "seq"]))
    no concept 'best'; there are: nash, seq
    """

    def __init__(self, what: str, name: object, known: Iterable[str] = ()) -> None:
        names = list(known)
        guess = nearest(name, names) if isinstance(name, str) else None
        message = f"no {what} {shown(name)}"
        if guess is not None:
            message += f"; did you mean {guess!r}?"
        elif names:
            more = [f"and {len(names) - LISTED:,} more"] if len(names) > LISTED else []
            message += f"; there are: {', '.join([*names[:LISTED], *more])}"
        super().__init__(message)

    def __str__(self) -> str:
        return str(self.args[0])


class CaseError(ValueError):
    """A case that cannot be used. ``problems`` are in the order of the file; ``file`` names it.

    ``notices`` are what would have been told of the case beside its answers. ``str()`` gives one
    line a problem, ``file:line:column: message``, at most 50 of them, and then the notices.
    """

    def __init__(
        self, problems: Iterable[Problem], file: str = "<case>", notices: Iterable[Notice] = ()
    ) -> None:
        """Sort the problems by place; those without one come first."""
        self.problems = tuple(sorted(problems, key=lambda p: p.place or Place(0, 0)))
        self.file = file
        self.notices = tuple(notices)
        super().__init__(self.problems, file, self.notices)

    @property
    def why(self) -> str:
        """All that is wrong in one line, without its places."""
        return "; ".join(problem.text for problem in self.problems)

    def __str__(self) -> str:
        lines = [
            f"{self.file}:{p}" if p.place else f"{self.file}: {p}" for p in self.problems[:SHOWN]
        ]
        if (more := len(self.problems) - SHOWN) > 0:
            lines.append(f"{self.file}: and {more} more problem{'s' if more > 1 else ''}")
        return "\n".join([*lines, *notice_lines(self.notices, self.file)])


def notice_lines(notices: Iterable[Notice], file: str) -> list[str]:
    """What to tell beside an answer: one line a notice, at most 50 of them.

    >>> notice_lines([Notice("kept but not used", Place(3, 1)), Notice("renamed")], "a.yaml")
    ['a.yaml:3:1: note: kept but not used', 'a.yaml: note: renamed']
    """
    given = list(notices)
    lines = []
    for notice in given[:SHOWN]:
        place = f":{notice.place.line}:{notice.place.column}" if notice.place else ""
        lines.append(f"{file}{place}: note: {notice.message}")
    if (more := len(given) - SHOWN) > 0:
        lines.append(f"{file}: and {more} more note{'s' if more > 1 else ''}")
    return lines


def nearest(word: str, known: Iterable[str], cutoff: float = 0.55) -> str | None:
    """The known word most like ``word``, or None when none is much like it.

    >>> nearest("wyde", ["none", "narrow", "wide"])
    'wide'
    """
    if len(word) > LONGEST_GUESSED:
        return None
    candidates = [k for k in known if isinstance(k, str)]
    if len(candidates) > MOST_COMPARED:
        return None
    lowered = {look(k): k for k in reversed(candidates)}
    found = difflib.get_close_matches(look(word), lowered, n=1, cutoff=cutoff)
    return lowered[found[0]] if found else None


def listed(words: Iterable[str], last: str = "or") -> str:
    """Words as a list in a sentence.

    >>> listed(["fact", "report", "inference"])
    'fact, report or inference'
    """
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def cut(text: str, longest: int) -> str:
    """A text of at most so many characters, with a sign where it was cut.

    >>> cut("a long remark", 8)
    'a long …'
    """
    return text if len(text) <= longest else text[: longest - 1] + "…"


def shown(value: object, longest: int = 40) -> str:
    """A value from the file as it is quoted in a message, cut when long."""
    return repr(cut(str(value), longest))
