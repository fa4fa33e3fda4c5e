"""Rows of cells as they stand in a file: CSV, or the first sheet of an Excel workbook.

Workbooks need openpyxl (extra ``tables``).
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import datetime, time
from importlib import import_module
from itertools import zip_longest
from pathlib import Path
from string import ascii_uppercase
from typing import Any

from foedus.case.files import read_bytes
from foedus.case.places import Place
from foedus.case.problems import MOST_PROBLEMS, CaseError, Problem
from foedus.sheets.cells import as_text, full

Row = tuple[int, tuple[str, ...]]
"""The line that a row begins on, and its cells."""

MOST_BYTES = 64 << 20
"""The most bytes that a table may have, and a workbook when it is unpacked."""

MOST_ROWS = 200_000
MOST_COLUMNS = 1_000

MERGED = re.compile(
    rb'<(?:\w+:)?mergeCell [^>]*?\bref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"'
)
FORMULAS = re.compile(rb"<(?:\w+:)?f[ >/]")
"""In the XML of a sheet."""

MISSING = "Excel workbooks need openpyxl: pip install 'foedus[tables]'; or save the table as CSV"


def csv_rows(text: str, file: str, signs: str = ",;\t") -> list[Row]:
    """The rows of CSV text (RFC 4180), by whichever of the signs the first line has most.

    Empty rows are left out. Raises CaseError for what is no CSV.
    """
    sign = max(signs, key=text.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    rows: list[Row] = []
    before = 0
    try:
        for cells in reader:
            if len(rows) > MOST_ROWS or len(cells) > MOST_COLUMNS:
                raise CaseError([_too_large()], file)
            if any(cell.strip() for cell in cells):
                rows.append((before + 1, tuple(cells)))
            before = reader.line_num
    except csv.Error as error:
        place = Place(max(before + 1, 1), 1)
        raise CaseError([Problem(f"this is no CSV: {error}", place)], file) from None
    return rows


def workbook_rows(path: Path, what: str) -> list[Row]:
    """The rows of the first sheet of a workbook, without empty rows, and columns of no name.

    Raises CaseError for what is no workbook, and without openpyxl.
    """
    file = str(path)
    content = read_bytes(path, what, MOST_BYTES)
    openpyxl = _openpyxl(file)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > MOST_BYTES:
                raise ValueError(f"unpacked it has over {MOST_BYTES >> 20} MiB")
        sheet = _first_sheet(openpyxl, content, data_only=True)
        values = list(_cells(sheet))
        problems = _untold(openpyxl, content, sheet, values)
    except Exception as error:  # a hostile archive may break in any way
        raise CaseError([Problem(f"this is no Excel workbook: {error}")], file) from None
    if problems:
        raise CaseError(problems[:MOST_PROBLEMS], file)
    found = [(line, tuple(map(_text, row))) for line, row in enumerate(values, 1)]
    rows = [(line, cells) for line, cells in found if any(cell.strip() for cell in cells)]
    if len(rows) > MOST_ROWS:
        raise CaseError([_too_large()], file)
    width = _width(rows[0][1]) if rows else 0
    return [(line, (*cells, *[""] * width)[: max(width, _width(cells))]) for line, cells in rows]


def _width(cells: Sequence[object]) -> int:
    """How many cells there are up to the last that is not empty."""
    return max((k + 1 for k, cell in enumerate(cells) if cell not in (None, "")), default=0)


def _first_sheet(openpyxl: Any, content: bytes, *, data_only: bool) -> Any:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only)
    return book.worksheets[0]


def _cells(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of a sheet, each up to its last cell that is not empty."""
    most = {"max_row": MOST_ROWS + 2, "max_col": MOST_COLUMNS}
    for row in sheet.iter_rows(values_only=True, **most):
        yield row[: _width(row)]
    sheet.parent.close()


def _untold(
    openpyxl: Any, content: bytes, sheet: Any, values: Sequence[Sequence[Any]]
) -> list[Problem]:
    """Cells that are empty here and not in a spreadsheet: merged, and formulas not worked out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        written = archive.read(sheet._worksheet_path)  # told nowhere else
    problems = []
    for merged in MERGED.findall(written):
        cell, _, last = merged.decode().partition(":")
        letters, line = cell.rstrip("0123456789"), cell.lstrip(ascii_uppercase)
        column = openpyxl.utils.column_index_from_string(letters)
        told = f"cells {cell} to {last} are merged"
        problems.append(Problem(told, Place(int(line), column), "a cell by itself for each value"))
    if FORMULAS.search(written):
        formulas = _cells(_first_sheet(openpyxl, content, data_only=False))
        for line, (row, known) in enumerate(zip(formulas, values, strict=True), 1):
            for k, (cell, value) in enumerate(zip_longest(row, known), 1):
                if cell is not None and value is None:
                    told = "a formula that was never worked out"
                    wanted = "a workbook saved by a spreadsheet, or the value itself"
                    problems.append(Problem(told, Place(line, k), wanted))
    return problems


def _too_large() -> Problem:
    most = f"{MOST_ROWS:,} rows of {MOST_COLUMNS:,} cells"
    return Problem("the table is too large", expected=f"at most {most}")


def _openpyxl(file: str) -> Any:
    try:
        return import_module("openpyxl")
    except ModuleNotFoundError:
        raise CaseError([Problem(MISSING)], file) from None


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime) and value.time() == time():
        value = value.date()  # what a spreadsheet makes of a day
    if isinstance(value, int | float) and not isinstance(value, bool):
        return full(float(value))
    return str(value)


def csv_text(columns: Sequence[str], rows: Sequence[Sequence[str | float]]) -> str:
    """CSV text with CRLF line ends; numbers in full."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([as_text(c) if isinstance(c, str) else full(c) for c in row])
    return out.getvalue()


def workbook(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[str | float]], file: str
) -> bytes:
    """A workbook of one sheet. Raises CaseError without openpyxl, told of ``file``."""
    book = _openpyxl(file).Workbook()
    sheet = book.active
    sheet.title = title
    sheet.append(list(columns))
    for row in rows:
        sheet.append([as_text(cell) if isinstance(cell, str) else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
