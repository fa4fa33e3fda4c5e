"""What pictures show, as data: renderers draw it, and give the same as a table beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from foedus.document.tables import Cell, Tone


@dataclass(frozen=True, slots=True)
class Grid:
    """A picture of a rows x columns map, one coloured and marked cell for each pair.

    ``cells[r][c]`` belongs to ``rows[r]`` and ``columns[c]``. ``legend`` says what each tone and
    mark means. A renderer draws it and gives the same cells as a table beside it. Raises
    `ValueError` where the cells are not one for each pair.
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    legend: tuple[tuple[Cell, str], ...] = ()
    row_heading: str = ""
    note: str | None = None

    def __post_init__(self) -> None:
        if len(self.cells) != len(self.rows):
            problem = f"{len(self.cells)} rows of cells for {len(self.rows)} rows"
            raise ValueError(f"grid {self.title!r}: {problem}")
        for name, row in zip(self.rows, self.cells, strict=True):
            if len(row) != len(self.columns):
                problem = f"{len(row)} cells for {len(self.columns)} columns"
                raise ValueError(f"grid {self.title!r}, row {name!r}: {problem}")


@dataclass(frozen=True, slots=True)
class Range:
    """One line of a range picture: low, most likely and high, in the picture's unit."""

    label: str
    low: float
    mode: float
    high: float
    tone: Tone = "plain"
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Ranges:
    """A picture of ranges on one axis, optionally with marked values (a threshold, zero)."""

    title: str
    unit: str
    ranges: tuple[Range, ...]
    marks: tuple[tuple[float, str], ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a picture of lines: its name, and a value for each place on the axis."""

    label: str
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Lines:
    """A picture of lines over places that follow each other evenly: dates, or numbers of things.

    ``axis`` says what the places are, ``unit`` what the values are counted in. Raises `ValueError`
    for a line that has not one value for each place.
    """

    title: str
    axis: str
    unit: str
    places: tuple[str, ...]
    lines: tuple[Line, ...]
    note: str | None = None

    def __post_init__(self) -> None:
        for line in self.lines:
            if len(line.values) != len(self.places):
                problem = f"{len(line.values)} values for {len(self.places)} places"
                raise ValueError(f"lines {self.title!r}, {line.label!r}: {problem}")


@dataclass(frozen=True, slots=True)
class Branch:
    """One box of a tree and what follows from it.

    ``text`` says what comes about, ``step`` by what or by whom, and ``reached`` names what that
    amounts to. ``refused`` says who does not go along, if anybody: its arrow is then broken.
    """

    text: str
    step: str = ""
    tone: Tone = "plain"
    refused: str = ""
    reached: tuple[str, ...] = ()
    branches: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True)
class Tree:
    """A picture of what leads where: boxes joined by arrows, each box reached in one way.

    A renderer draws it and gives the same as a table beside it.
    """

    title: str
    root: Branch
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How likely one answer is; all numbers are probabilities from 0 to 1.

    ``p`` is the probability, ``low`` to ``high`` its range, ``word`` the likelihood word, and
    ``base`` the base rate, where there is one.
    """

    label: str
    p: float
    low: float
    high: float
    word: str = ""
    base: float | None = None
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """A picture of how likely several answers are, each a dot on its range, on one axis.

    ``bands`` are the words of the scale, each with its two ends (0 to 1), drawn faintly behind.
    Raises `ValueError` for a number that is no probability, and for a range turned round.
    """

    title: str
    answers: tuple[Likelihood, ...]
    bands: tuple[tuple[float, float, str], ...] = ()
    note: str | None = None

    def __post_init__(self) -> None:
        for answer in self.answers:
            base = () if answer.base is None else (answer.base,)
            numbers = (answer.p, answer.low, answer.high, *base)
            if not all(0 <= value <= 1 for value in numbers) or answer.low > answer.high:
                problem = f"{numbers} are not a probability, its range and a base rate"
                raise ValueError(f"likelihoods {self.title!r}, {answer.label!r}: {problem}")


Says = Literal["agrees", "refuses", "not asked"]
"""What an actor says to an arrangement."""


@dataclass(frozen=True, slots=True)
class StripCell:
    """What one actor makes of one arrangement.

    ``gain`` is how much better off it is (below zero: worse off) as a share of its own range, from
    −1 to 1; None where nothing is known. ``text`` is the same in its own units.
    """

    says: Says
    gain: float | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """A picture of who is better or worse off with what, and who refuses: the veto strip.

    ``cells[r][c]`` is what the actor ``columns[c]`` makes of the arrangement ``rows[r]``. Raises
    `ValueError` where the cells are not one for each pair, and for a gain outside −1 to 1.
    """

    title: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[StripCell, ...], ...]
    row_heading: str = ""
    note: str | None = None

    def __post_init__(self) -> None:
        if len(self.cells) != len(self.rows):
            problem = f"{len(self.cells)} rows of cells for {len(self.rows)} rows"
            raise ValueError(f"strip {self.title!r}: {problem}")
        for name, row in zip(self.rows, self.cells, strict=True):
            where = f"strip {self.title!r}, row {name!r}"
            if len(row) != len(self.columns):
                raise ValueError(f"{where}: {len(row)} cells for {len(self.columns)} columns")
            for cell in row:
                if cell.gain is not None and not -1 <= cell.gain <= 1:
                    raise ValueError(f"{where}: {cell.gain} is no share of a range")


@dataclass(frozen=True, slots=True)
class Span:
    """What takes place on a day, from one day to another, or, expected by its rate, by a day.

    ``end`` is the day itself for what has one day.
    """

    label: str
    start: date
    end: date
    tone: Tone = "plain"


MOST_COURSES = 4
"""More lines than these are not told apart in a small picture."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """A picture of the time from today to the deadline: what comes when, and how likelihoods run.

    ``courses`` are up to `MOST_COURSES` lines with a probability (0 to 1) for each of the ``days``,
    which follow each other. Raises `ValueError` for a deadline that is not after today, a span that
    ends before it starts, days out of order, too many courses, and a course that has not one
    probability for each day.
    """

    title: str
    today: date
    deadline: date
    spans: tuple[Span, ...] = ()
    days: tuple[date, ...] = ()
    courses: tuple[Line, ...] = ()
    note: str | None = None

    def __post_init__(self) -> None:
        problems = [
            *(
                f"{span.label!r} ends before it starts"
                for span in self.spans
                if span.end < span.start
            ),
            *(
                f"{line.label!r} has not one probability for each of {len(self.days)} days"
                for line in self.courses
                if len(line.values) != len(self.days) or not all(0 <= v <= 1 for v in line.values)
            ),
        ]
        if self.deadline <= self.today:
            problems.append(f"{self.deadline} is not after {self.today}")
        if any(later <= day for day, later in pairwise(self.days)):
            problems.append("the days do not follow each other")
        if len(self.courses) > MOST_COURSES:
            problems.append(f"{len(self.courses)} courses, of which {MOST_COURSES} can be drawn")
        if problems:
            raise ValueError(f"calendar {self.title!r}: {'; '.join(problems)}")


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a bar of shares: its name, and how much it is, in the picture's unit."""

    label: str
    value: float
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class ShareBar:
    """One bar of shares: its name, and its parts from left to right."""

    label: str
    parts: tuple[Share, ...]


@dataclass(frozen=True, slots=True)
class Shares:
    """A picture of bars, each made up of parts, on one axis from zero, with marked values.

    Raises `ValueError` for a part or a mark that is below zero or not finite.
    """

    title: str
    unit: str
    bars: tuple[ShareBar, ...]
    marks: tuple[tuple[float, str], ...] = ()
    note: str | None = None

    def __post_init__(self) -> None:
        parts = ((part.value, part.label) for bar in self.bars for part in bar.parts)
        for value, label in (*parts, *self.marks):
            if not 0 <= value < math.inf:
                raise ValueError(f"shares {self.title!r}, {label!r}: {value} is no amount")


PictureBlock = Grid | Ranges | Lines | Tree | Likelihoods | Strip | Calendar | Shares
"""Every block that is drawn."""
