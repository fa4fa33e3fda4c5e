"""Places in a case and in its file, and what is told of them though it is no error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

Path = tuple[str | int, ...]
"""Where in the file something stands: keys and list indexes from the top."""


class Place(NamedTuple):
    """A place in a file; line and column count from 1."""

    line: int
    column: int


class Mark(NamedTuple):
    """Where a value stands: line and column from 1, and its slice of the text."""

    line: int
    column: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that the reader of a case should be told though it is no error, and where.

    >>> print(Notice("a share of 0.6 looks like a fraction", Place(12, 9)))
    12:9: a share of 0.6 looks like a fraction
    """

    message: str
    place: Place | None = None

    def __str__(self) -> str:
        if self.place is None:
            return self.message
        return f"{self.place.line}:{self.place.column}: {self.message}"
