"""The plain form in the first sheet of an Excel workbook. It needs openpyxl (extra ``xlsx``)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from foedus.bargaining.issue import OrderedIssue
from foedus.bargaining.tables.cells import as_text, full, sheet_of_rows
from foedus.bargaining.tables.stances import SCALE
from foedus.bargaining.tables.tidy import COLUMNS, NEEDED, Beside, positions_in, tidy_rows
from foedus.case.problems import CaseError, Problem

MISSING = "Excel workbooks need openpyxl: pip install 'foedus[xlsx]'"
LARGEST_UNPACKED = 64 << 20
"""A workbook that unpacks to more bytes is refused: a small file can hold a huge one."""

MOST_ROWS = 100_000
MOST_COLUMNS = 100


def _openpyxl(file: str) -> Any:
    try:
        return import_module("openpyxl")
    except ModuleNotFoundError:
        raise CaseError([Problem(MISSING)], file) from None


def read_xlsx(
    path: Path, scale: tuple[float, float] = SCALE, beside: Beside | None = None
) -> tuple[OrderedIssue, ...]:
    """The issues of a workbook. Raises CaseError with all that is wrong, and without openpyxl."""
    file = str(path)
    openpyxl = _openpyxl(file)
    try:
        with ZipFile(path) as packed:
            if sum(each.file_size for each in packed.infolist()) > LARGEST_UNPACKED:
                raise CaseError([Problem("the workbook unpacks to over 64 MiB")], file)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = [
            ([_text(value) for value in row], k)
            for k, row in enumerate(
                sheet.iter_rows(values_only=True, max_row=MOST_ROWS, max_col=MOST_COLUMNS), 1
            )
        ]
        book.close()
    except CaseError:
        raise
    except FileNotFoundError:
        raise CaseError([Problem("there is no such file")], file) from None
    except (BadZipFile, OSError, KeyError, ValueError, TypeError, IndexError) as error:
        raise CaseError([Problem(f"this is no Excel workbook: {error}")], file) from None
    return positions_in(
        sheet_of_rows(_trimmed(rows), file, NEEDED), file, beside or Beside(scale=scale)
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    return full(float(value)) if isinstance(value, int | float) else str(value)


def _trimmed(rows: Sequence[tuple[list[str], int]]) -> list[tuple[list[str], int]]:
    """Rows without the empty columns that stand after the header, and without empty rows."""
    full_rows = [(cells, line) for cells, line in rows if any(cells)]
    if not full_rows:
        return []
    header = full_rows[0][0]
    width = max(k + 1 for k, cell in enumerate(header) if cell)
    return [(cells[:width] if not any(cells[width:]) else cells, line) for cells, line in full_rows]


def write_xlsx(issues: Sequence[OrderedIssue]) -> bytes:
    """All stances as a workbook. Raises CaseError without openpyxl."""
    book = _openpyxl("--output").Workbook()
    sheet = book.active
    sheet.title = "stances"
    sheet.append(COLUMNS)
    for row in tidy_rows(issues):
        sheet.append([as_text(cell) if isinstance(cell, str) else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
