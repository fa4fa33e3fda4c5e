"""Tables, and what a piece of text means to the reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "good", "bad", "warn", "muted"]
"""What a piece of text means to the reader: shown as colour and, where it matters, as a mark."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One table cell; ``note`` is a second, smaller line (the judgement behind a number).

    ``anchor`` on the first cell of a row is the name by which other text refers to the row.
    """

    text: str
    tone: Tone = "plain"
    note: str | None = None
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A table column; numeric ones are set right-aligned."""

    name: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table. The first cell of each row is the row's heading.

    Raises `ValueError` for a row that has not one cell for each column.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str | None = None

    def __post_init__(self) -> None:
        for place, row in enumerate(self.rows):
            if len(row) != len(self.columns):
                problem = f"row {place} has {len(row)} cells for {len(self.columns)} columns"
                raise ValueError(f"table {self.caption!r}: {problem}")
