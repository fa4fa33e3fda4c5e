"""The forms of tables of stances that can be read and written, and which of them a file is in."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from foedus.bargaining.issue import OrderedIssue
from foedus.bargaining.tables.decide import read_decide, write_decide
from foedus.bargaining.tables.ktab_csv import read_ktab_csv, write_ktab_csv
from foedus.bargaining.tables.ktab_xml import read_ktab_xml, write_ktab_xml
from foedus.bargaining.tables.stances import SCALE
from foedus.bargaining.tables.tidy import (
    Beside,
    positions_in,
    read_tidy,
    write_tidy,
    write_workbook,
)
from foedus.case.files import read_text_file
from foedus.case.problems import CaseError, Problem, listed, nearest
from foedus.sheets.rows import workbook_rows
from foedus.sheets.sheet import sheet_in, sheet_of

Scale = tuple[float, float]

WHAT = "a table of stances"


@dataclass(frozen=True, slots=True)
class StancesFormat:
    """A form of tables: how it is recognised, read and written.

    ``recognises`` is asked of the text of a file. Where ``read_text`` is None the form is binary,
    and ``suffixes`` alone decide.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    recognises: Callable[[str], bool]
    read_text: Callable[[str, str, Scale], tuple[OrderedIssue, ...]] | None
    write: Callable[[Sequence[OrderedIssue]], str | bytes]


def _never(_: str) -> bool:
    return False


def _decide(text: str) -> bool:
    return re.match(r"\s*'?#[APMDO/]'?[\t;]", text) is not None


def _xml(text: str) -> bool:
    return text.lstrip().startswith("<")


def _ktab(text: str) -> bool:
    lines = [line for line in text.splitlines()[:5] if line.strip()]
    return len(lines) > 1 and re.match(r"\s*actor\s*,\s*desc", lines[1], re.I) is not None


FORMATS: tuple[StancesFormat, ...] = (
    StancesFormat(
        "decide",
        "lines #A #P #M #D of decide",
        (".csv", ".txt"),
        _decide,
        read_decide,
        write_decide,
    ),
    StancesFormat("ktab-csv", "KTAB's CSV", (".csv",), _ktab, read_ktab_csv, write_ktab_csv),
    StancesFormat("ktab-xml", "KTAB's XML", (".xml",), _xml, read_ktab_xml, write_ktab_xml),
    StancesFormat("xlsx", "an Excel workbook", (".xlsx",), _never, None, write_workbook),
    StancesFormat("csv", "a row for each stance", (".csv",), lambda _: True, read_tidy, write_tidy),
)
NAMES = tuple(each.name for each in FORMATS)


def stances_format(name: str) -> StancesFormat:
    """The form of that name. Raises ValueError with the nearest."""
    for each in FORMATS:
        if each.name == name:
            return each
    close = nearest(name, NAMES)
    hint = f"; did you mean {close!r}?" if close else ""
    raise ValueError(f"no form of table {name!r}; expected {listed(NAMES, 'or')}{hint}")


def read_stances(
    path: Path, name: str | None = None, beside: Beside | None = None, scale: Scale = SCALE
) -> tuple[OrderedIssue, ...]:
    """The issues of a table, in the form ``name`` or that which it is in.

    ``beside`` has what tables of issues and capabilities say, which is of use for plain tables
    alone. Raises CaseError with all that is wrong.
    """
    if name == "xlsx" or (name is None and path.suffix.lower() == ".xlsx"):
        sheet = sheet_of(workbook_rows(path, WHAT), str(path))
        return positions_in(sheet, beside or Beside(scale=scale))
    text = read_text_file(path, WHAT)
    if name is not None:
        found = stances_format(name)
    else:
        found = next(each for each in FORMATS if each.recognises(text))
    if found.name == "csv" and beside is not None:
        return positions_in(sheet_in(text, str(path)), beside)
    if beside is not None and (beside.facts is not None or beside.capabilities is not None):
        message = f"tables of issues and capabilities do not go with {found.title}"
        raise CaseError([Problem(message, expected="a row for each stance")], str(path))
    if found.read_text is None:
        raise CaseError([Problem(f"{found.title} is no text")], str(path))
    return found.read_text(text, str(path), scale)
