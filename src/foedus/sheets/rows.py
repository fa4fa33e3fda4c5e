"""Rows of cells as they stand in a file: CSV, or the first sheet of an Excel workbook.

Workbooks need openpyxl (extra ``tables``).
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from foedus.case.files import read_bytes
from foedus.case.places import Place
from foedus.case.problems import CaseError, Problem
from foedus.sheets.cells import as_text, full

Row = tuple[int, tuple[str, ...]]
"""The line that a row begins on, and its cells."""

MOST_BYTES = 64 << 20
"""The most bytes that a table may have, and a workbook when it is unpacked."""

MOST_ROWS = 200_000
MOST_COLUMNS = 1_000

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
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        found = [
            (line, tuple(map(_text, row)))
            for line, row in enumerate(
                book.worksheets[0].iter_rows(
                    values_only=True, max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS
                ),
                1,
            )
        ]
        book.close()
    except Exception as error:  # a hostile archive may break in any way
        raise CaseError([Problem(f"this is no Excel workbook: {error}")], file) from None
    rows = [(line, cells) for line, cells in found if any(cell.strip() for cell in cells)]
    if len(rows) > MOST_ROWS:
        raise CaseError([_too_large()], file)
    width = max((k + 1 for k, cell in enumerate(rows[0][1]) if cell), default=0) if rows else 0
    return [(line, cells if any(cells[width:]) else cells[:width]) for line, cells in rows]


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
