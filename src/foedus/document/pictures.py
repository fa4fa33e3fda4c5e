"""What pictures show, as data: renderers draw it, and give the same as a table beside it."""

from __future__ import annotations

from dataclasses import dataclass

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
