"""Cells of a table: as text, as numbers, and written so that no spreadsheet runs them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from foedus.case.places import Place
from foedus.case.problems import Problem, shown
from foedus.case.spelling import composed

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its cells by column, where it stands, and in which place each column."""

    cells: Mapping[str, str]
    place: Place
    columns: Mapping[str, int] = field(default_factory=dict)

    def text(self, column: str) -> str:
        """What stands in a column; empty where the table has no such column."""
        return self.cells.get(column, "")

    def at(self, column: str) -> Place:
        """Where a cell stands; the row's place where that is not known."""
        if column not in self.columns:
            return self.place
        return Place(self.place.line, self.columns[column] + 1)


def number_in(
    line: Line,
    column: str,
    problems: list[Problem],
    low: float = -math.inf,
    high: float = math.inf,
    missing: float | None = None,
    *,
    whole: bool = False,
) -> float:
    """The number in a cell, from ``low`` to ``high``; ``missing`` for an empty one, where given.

    What is wrong is added to ``problems``, and the number is nan then.
    """
    text = line.text(column)
    if not text and missing is not None:
        return missing
    value = float(text) if _NUMBER.fullmatch(text) else math.nan
    if low <= value <= high and math.isfinite(value) and not (whole and value != int(value)):
        return value + 0.0  # no minus zero
    wanted = _wanted(low, high, whole=whole)
    if DECIMAL_COMMA.fullmatch(text):
        wanted += ", with a decimal point"
    told = f"column `{column}` has {shown(text)}" if text else f"column `{column}` is empty"
    problems.append(Problem(told, line.at(column), wanted))
    return math.nan


def _wanted(low: float, high: float, *, whole: bool) -> str:
    kind = "a whole number" if whole else "a number"
    if not math.isfinite(low):
        return kind
    return f"{kind} from {low:g} to {high:g}" if math.isfinite(high) else f"{kind} from {low:g} on"


def plain(cell: str) -> str:
    """A cell without blanks around it, and without the apostrophe that stops a formula."""
    bare = composed(cell.strip())
    return bare[1:] if bare.startswith("'") and bare.lstrip(" '").startswith(FORMULA) else bare


def as_text(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula; a number, with its sign, is none.

    >>> as_text("=1+1"), as_text("plain"), as_text("-7")
    ("'=1+1", 'plain', '-7')
    """
    harmless = _NUMBER.fullmatch(cell) or not cell.lstrip(" '").startswith(FORMULA)
    return cell if harmless else f"'{cell}"


def full(value: float) -> str:
    """A number with all of its digits, and none that it does not have.

    >>> full(7.0), full(0.1)
    ('7', '0.1')
    """
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))
