"""A table as text cells with the lines they stand on, and cells as numbers."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from foedus.case.places import Place
from foedus.case.problems import CaseError, Problem, listed, nearest, shown
from foedus.case.spelling import composed

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
MOST_CELLS = 2_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its cells by column, and where it stands."""

    cells: Mapping[str, str]
    place: Place

    def text(self, column: str) -> str:
        """What stands in a column; empty where the table has no such column."""
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a header: the columns by name in small letters, and the rows."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    place: Place


def sheet_of(text: str, file: str, needed: Collection[str]) -> Sheet:
    """The table in CSV text with commas. Raises CaseError for what is none, or lacks a column."""
    rows = _rows(text, file)
    return sheet_of_rows(rows, file, needed)


def sheet_of_rows(
    rows: Sequence[tuple[Sequence[str], int]], file: str, needed: Collection[str]
) -> Sheet:
    """The table in rows of cells with their line numbers, the header first. Raises CaseError."""
    if not rows:
        raise CaseError([Problem("the file is empty", expected=_header(needed))], file)
    header, at = rows[0]
    columns = tuple(plain(cell).lower() for cell in header)
    problems = list(_header_problems(columns, Place(at, 1), needed))
    lines = []
    for cells, line in rows[1:]:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            message = f"a row of {len(cells)} cells under {len(columns)} columns"
            if len(cells) > len(columns) and any(DECIMAL_COMMA.search(cell) for cell in cells):
                message += "; a number with a decimal comma needs double quotes, or a point"
            problems.append(Problem(message, Place(line, 1)))
            continue
        named = {name: plain(cell) for name, cell in zip(columns, cells, strict=True) if name}
        lines.append(Line(named, Place(line, 1)))
    if problems:
        raise CaseError(problems, file)
    return Sheet(columns, tuple(lines), Place(at, 1))


def _header_problems(
    columns: Sequence[str], place: Place, needed: Collection[str]
) -> Iterator[Problem]:
    if len(columns) == 1:
        for sign, name in ((";", "semicolons"), ("\t", "tabs")):
            if sign in columns[0]:
                expected = "commas, and numbers with a decimal point"
                yield Problem(f"columns are set apart by {name}", place, expected)
                return
    for name in dict.fromkeys(name for name in columns if name and columns.count(name) > 1):
        yield Problem(f"column {shown(name)} stands there twice", place)
    for name in needed:
        if name not in columns:
            yield Problem(
                f"there is no column `{name}`",
                place,
                f"a header line with {listed(needed, 'and')}",
                nearest(name, columns),
            )


def _header(needed: Collection[str]) -> str:
    return f"a header line with {listed(needed, 'and')}"


def _rows(text: str, file: str) -> list[tuple[list[str], int]]:
    """The rows of CSV text with the lines they begin on. Raises CaseError."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[list[str], int]] = []
    before, cells = 0, 0
    try:
        for row in reader:
            cells += len(row)
            if cells > MOST_CELLS:
                raise CaseError([Problem(f"the table has over {MOST_CELLS:,} cells")], file)
            if row:
                rows.append((row, before + 1))
            before = reader.line_num
    except csv.Error as error:
        place = Place(max(reader.line_num, 1), 1)
        raise CaseError([Problem(f"this is no CSV: {error}", place)], file) from None
    return rows


def number_in(
    line: Line, column: str, problems: list[Problem], low: float, high: float, empty: str = ""
) -> float:
    """The number in a cell, from ``low`` to ``high``; what is wrong is added to ``problems``.

    An empty cell is read as ``empty``, and is wrong where that is empty too.
    """
    text = line.text(column) or empty
    wanted = "a number"
    if math.isfinite(low):
        wanted += f" from {low:g} to {high:g}" if math.isfinite(high) else f" from {low:g} on"
    try:
        value = float(text) if re.fullmatch(r"[-+.\deE]+", text) else math.nan
    except ValueError:
        value = math.nan
    if low <= value <= high and math.isfinite(value):
        return value + 0.0  # no minus zero
    if DECIMAL_COMMA.fullmatch(text):
        wanted += ", with a decimal point"
    told = f"column `{column}` is empty" if not text else f"column `{column}` has {shown(text)}"
    problems.append(Problem(told, line.place, wanted))
    return math.nan


def plain(cell: str) -> str:
    """A cell without blanks around it, and without the apostrophe that stops a formula."""
    bare = composed(cell.strip())
    return bare[1:] if bare.startswith("'") and bare.lstrip(" '").startswith(FORMULA) else bare


def as_text(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula.

    >>> as_text("=1+1"), as_text("plain")
    ("'=1+1", 'plain')
    """
    return f"'{cell}" if cell.lstrip(" '").startswith(FORMULA) else cell


def csv_text(columns: Sequence[str], rows: Sequence[Sequence[str | float]]) -> str:
    """CSV text with CRLF line ends; numbers in full."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([as_text(c) if isinstance(c, str) else full(c) for c in row])
    return out.getvalue()


def full(value: float) -> str:
    """A number with all of its digits, and none that it does not have.

    >>> full(7.0), full(0.1)
    ('7', '0.1')
    """
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
