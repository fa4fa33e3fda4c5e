"""Tables from outside: CSV or XLSX, the columns by their names, every cell with its place."""

from __future__ import annotations

import csv
import io
import math
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from foedus.case.files import read_bytes, read_text_file
from foedus.case.model import Place
from foedus.case.problems import MOST_PROBLEMS, CaseError, Problem, listed, nearest, shown

MOST_BYTES = 1 << 26
"""The most bytes a table may have (64 MiB)."""

MOST_ROWS = 200_000
WHAT = "a table with a heading (CSV or XLSX)"


@dataclass(slots=True)
class Sheet:
    """A table as it was read: its heading, and rows of texts. ``problems`` gather what is wrong."""

    file: str
    heading: tuple[str, ...]
    rows: list[tuple[int, tuple[str, ...]]]
    problems: list[Problem] = field(default_factory=list)
    columns: dict[str, int] = field(default_factory=dict)

    def problem(self, line: int, column: str, message: str, expected: str | None = None) -> None:
        """Note what is wrong with the cell of a line (the heading's is 1) in a column."""
        if len(self.problems) < MOST_PROBLEMS:
            place = Place(line, self.columns.get(column, 0) + 1)
            self.problems.append(Problem(f"{column}: {message}", place, expected))

    def refuse(self) -> None:
        """Raise CaseError with all that is wrong, where something is."""
        if self.problems:
            raise CaseError(self.problems, self.file)

    def need(self, columns: Sequence[str], synonyms: Mapping[str, Sequence[str]] = {}) -> None:
        """Find the columns of these names, or their synonyms; note each that is missing."""
        self.find(columns, synonyms)
        for name in columns:
            if name not in self.columns:
                near = nearest(name, self.heading)
                names = listed((name, *synonyms.get(name, ())))
                there = f"{names}; the columns are {listed(self.heading, 'and')}"
                message = f"there is no column {shown(name)}"
                self.problems.append(Problem(message, Place(1, 1), there, near))

    def find(self, columns: Sequence[str], synonyms: Mapping[str, Sequence[str]] = {}) -> None:
        """Find those of these columns that are there, by name or else by the first synonym."""
        known = {_plain(name): k for k, name in reversed(list(enumerate(self.heading)))}
        for name in columns:
            for other in (name, *synonyms.get(name, ())):
                if (place := known.get(_plain(other))) is not None:
                    self.columns.setdefault(name, place)

    def texts(self) -> Iterator[tuple[int, dict[str, str]]]:
        """Each row as its line and the texts of the columns that were found."""
        for line, cells in self.rows:
            yield line, {name: cells[k].strip() for name, k in self.columns.items()}

    def number(
        self,
        line: int,
        row: Mapping[str, str],
        column: str,
        least: float = -math.inf,
        most: float = math.inf,
        missing: float | None = None,
        whole: bool = False,
    ) -> float:
        """The number in a cell; ``missing`` for an empty one or none, where that is given.

        What is no number within the bounds is noted, and nan.
        """
        text = row.get(column, "")
        if not text and missing is not None:
            return missing
        expected = _expected(least, most, whole)
        value = math.nan
        if re.fullmatch(r"-?\d+,\d+", text):
            self.problem(
                line, column, f"{shown(text)} has a decimal comma", f"{expected}, with a point"
            )
            return value
        if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", text, re.ASCII):
            value = float(text)
        if not least <= value <= most or (whole and value != int(value)):
            message = f"{shown(text)} is no such number" if text else "the cell is empty"
            self.problem(line, column, message, expected)
            return math.nan
        return value


def _expected(least: float, most: float, whole: bool) -> str:
    kind = "a whole number" if whole else "a number"
    if math.isfinite(least) and math.isfinite(most):
        return f"{kind} from {least:g} to {most:g}"
    return f"{kind} not under {least:g}" if math.isfinite(least) else kind


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-.]+", "_", name.strip().casefold())


def read_sheet(path: str) -> Sheet:
    """Read a table, by its suffix as XLSX or else as CSV (RFC 4180, commas, semicolons or tabs).

    Raises CaseError for what is no table: no file, no heading, a column twice, a row of more or
    fewer cells than the heading, quotes that do not close.
    """
    rows = _xlsx(path) if path.casefold().endswith(".xlsx") else _csv(path)
    rows = [(line, cells) for line, cells in rows if any(cell.strip() for cell in cells)]
    if not rows:
        raise CaseError([Problem("the table is empty", None, WHAT)], path)
    if len(rows) > MOST_ROWS:
        raise CaseError([Problem(f"there are {len(rows):,} rows", None, f"{MOST_ROWS:,}")], path)
    (_, heading), *rest = rows
    heading = tuple(name.strip() for name in heading)
    problems = []
    for k, name in enumerate(heading):
        if not name:
            problems.append(Problem(f"column {k + 1} has no name", Place(1, k + 1)))
        elif _plain(name) in map(_plain, heading[:k]):
            problems.append(Problem(f"column {shown(name)} is there twice", Place(1, k + 1)))
    for line, cells in rest:
        if len(cells) != len(heading):
            message = f"the row has {len(cells)} cells and the heading {len(heading)}"
            problems.append(Problem(message, Place(line, 1)))
    if not rest:
        problems.append(Problem("there is a heading and no row below it", None, WHAT))
    if problems:
        raise CaseError(problems[:MOST_PROBLEMS], path)
    return Sheet(path, heading, rest)


def _csv(path: str) -> list[tuple[int, tuple[str, ...]]]:
    text = read_text_file(Path(path), WHAT, MOST_BYTES)
    first = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(first), strict=True)
    rows = []
    line = 1
    try:
        for cells in reader:
            rows.append((line, tuple(cells)))
            line = reader.line_num + 1
    except csv.Error as error:
        raise CaseError([Problem(f"no CSV: {error}", Place(line, 1))], path) from None
    return rows


def _delimiter(heading: str) -> str:
    return max(",;\t", key=heading.count)


def _xlsx(path: str) -> list[tuple[int, tuple[str, ...]]]:
    from importlib import import_module

    content = read_bytes(Path(path), WHAT, MOST_BYTES)
    try:
        openpyxl = import_module("openpyxl")
    except ModuleNotFoundError:
        message = "reading XLSX needs openpyxl: pip install 'foedus[tables]'; or save it as CSV"
        raise CaseError([Problem(message)], path) from None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
                raise ValueError(f"unpacked it has over {MOST_BYTES >> 20} MiB")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        rows = list(book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS + 2))
        book.close()
    except Exception as error:  # a hostile archive may break in any way
        raise CaseError([Problem(f"no XLSX that can be read: {error}")], path) from None
    return [(k, tuple("" if c is None else str(c) for c in row)) for k, row in enumerate(rows, 1)]
