"""A table with a heading: its columns by name or another name, and its rows."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from foedus.case.files import read_text_file
from foedus.case.places import Place
from foedus.case.problems import MOST_PROBLEMS, CaseError, Problem, listed, nearest, shown
from foedus.sheets.cells import DECIMAL_COMMA, Line, number_in, plain
from foedus.sheets.rows import MOST_BYTES, Row, csv_rows, workbook_rows


@dataclass(slots=True)
class Sheet:
    """A table as it was read. ``problems`` gather what is wrong; ``columns`` are those found."""

    file: str
    heading: tuple[str, ...]
    rows: list[Row]
    top: int
    problems: list[Problem] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)

    @property
    def place(self) -> Place:
        """Where the heading stands."""
        return Place(self.top, 1)

    def at(self, column: str) -> Place:
        """Where the heading of a column stands; the heading's place where there is none."""
        return Place(self.top, self.columns.get(column, 0) + 1)

    @property
    def lines(self) -> list[Line]:
        """Each row, with the cells of the columns that were found."""
        return [
            Line(
                {name: plain(cells[k]) for name, k in self.columns.items()},
                Place(line, 1),
                self.columns,
            )
            for line, cells in self.rows
        ]

    def problem(
        self, line: Line | None, column: str, message: str, expected: str | None = None
    ) -> None:
        """Note what is wrong with a column in a line, or at all."""
        if len(self.problems) < MOST_PROBLEMS:
            place = line.at(column) if line else self.at(column)
            self.problems.append(Problem(f"{column}: {message}", place, expected))

    def number(
        self,
        line: Line,
        column: str,
        low: float = -math.inf,
        high: float = math.inf,
        missing: float | None = None,
        *,
        whole: bool = False,
    ) -> float:
        """The number in a cell, as `cells.number_in` has it."""
        return number_in(line, column, self.problems, low, high, missing, whole=whole)

    def refuse(self) -> None:
        """Raise CaseError with all that is wrong, where something is."""
        if self.problems:
            raise CaseError(self.problems[:MOST_PROBLEMS], self.file)

    def need(self, columns: Iterable[str], synonyms: Mapping[str, Sequence[str]] = {}) -> None:
        """Find the columns of these names, or their synonyms. Raises CaseError for missing ones."""
        columns = tuple(columns)
        self.find(columns, synonyms)
        for name in columns:
            if name not in self.columns:
                there = f"it; the columns are {listed(self.heading, 'and')}"
                near = nearest(name, self.heading)
                self.problems.append(
                    Problem(f"there is no column `{name}`", self.place, there, near)
                )
        self.refuse()

    def find(self, columns: Iterable[str], synonyms: Mapping[str, Sequence[str]] = {}) -> None:
        """Find those of these columns that are there, by name or else by the first synonym."""
        known = {_bare(name): k for k, name in reversed(list(enumerate(self.heading)))}
        for name in columns:
            for other in (name, *synonyms.get(name, ())):
                if (place := known.get(_bare(other))) is not None:
                    self.columns.setdefault(name, place)


def _bare(name: str) -> str:
    return re.sub(r"[\s_\-.]+", "_", name.strip().casefold())


WHAT = "a table with a heading (CSV or XLSX)"

OTHERS = (".xls", ".xlsb", ".xlsm", ".ods", ".numbers")
"""What other tables of spreadsheets end in."""


def read_sheet(path: Path, what: str = WHAT) -> Sheet:
    """Read a table, by its suffix as a workbook or else as CSV. Raises CaseError as `sheet_of`."""
    if path.suffix.casefold() in OTHERS:
        told = f"a {path.suffix} file is not read"
        raise CaseError([Problem(told, None, "the table saved as .csv or .xlsx")], str(path))
    if path.suffix.casefold() == ".xlsx":
        return sheet_of(workbook_rows(path, what), str(path))
    return sheet_in(read_text_file(path, what, MOST_BYTES), str(path))


def sheet_in(text: str, file: str) -> Sheet:
    """The table in CSV text. Raises CaseError as `sheet_of` does."""
    return sheet_of(csv_rows(text, file), file)


def sheet_of(rows: Sequence[Row], file: str) -> Sheet:
    """The table in rows of cells, the heading first.

    Raises CaseError for what is no table: no heading, a column without a name or there twice, a row
    of more or fewer cells than the heading, nothing below it.
    """
    if not rows:
        raise CaseError([Problem("the table is empty", None, "a heading, and rows below it")], file)
    (top, cells), *rest = rows
    heading = tuple(map(plain, cells))
    problems = []
    for k, name in enumerate(heading):
        if not name:
            problems.append(Problem(f"column {k + 1} has no name", Place(top, k + 1)))
        elif _bare(name) in map(_bare, heading[:k]):
            problems.append(Problem(f"column {shown(name)} is there twice", Place(top, k + 1)))
    for line, row in rest:
        if len(row) != len(heading):
            message = f"a row of {len(row)} cells under {len(heading)} columns"
            if len(row) > len(heading) and any(map(DECIMAL_COMMA.search, row)):
                message += "; a number with a decimal comma needs double quotes, or a point"
            problems.append(Problem(message, Place(line, 1)))
    if not rest:
        problems.append(Problem("there is nothing below the heading", Place(top, 1), "rows"))
    if problems:
        raise CaseError(problems[:MOST_PROBLEMS], file)
    return Sheet(file, heading, rest, top)
