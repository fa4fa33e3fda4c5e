"""Many cases and what-ifs in a sentence and a table: of each what moves most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from foedus.document import Block, Cell, Column, Sentence, Table
from foedus.forecasting.estimates import Z, from_mean, percent
from foedus.reporting.figures import signed_points

if TYPE_CHECKING:
    from foedus.sensitivity.batched import Batch, BatchRow

MOST = 40
"""So many cases are shown; the table that is written has all."""


def batch_blocks(result: Batch) -> tuple[Block, ...]:
    """How many cases were answered, and of each the answer that moves most, or is likeliest."""
    runs: dict[tuple[str, str], list[BatchRow]] = {}
    for row in result.rows:
        runs.setdefault((row.file, row.asked.name), []).append(row)
    solved = "One case, solved in" if len(runs) == 1 else f"{len(runs):,} cases and what-ifs, each"
    solved += "" if len(runs) == 1 else " solved in the same"
    what = Sentence(
        f"{solved} {result.draws:,} draws (seed {result.seed:,}): {len(result.rows):,} answers.",
        strong=True,
    )
    rows = [_row(each) for each in list(runs.values())[:MOST]]
    columns = (
        Column("case"),
        Column("what if"),
        Column("answer that moves most, or the likeliest"),
        Column("inside view", True),
        Column("change (points)", True),
    )
    more = f"The first {MOST} of them. " if len(runs) > MOST else ""
    note = f"{more}Changes are from the case as it is written, on the same random numbers."
    return what, Table("Answers", columns, tuple(rows), note)


def _row(rows: list[BatchRow]) -> tuple[Cell, ...]:
    asked = [row for row in rows if row.hypothesis] or rows
    moving = [row for row in rows if abs(row.change) > Z * row.change_se]
    telling = [row for row in moving if row.hypothesis] or moving
    told = max(telling or asked, key=lambda row: abs(row.change) if telling else row.inside)
    found = from_mean(told.inside, told.se)
    change = signed_points(told.change) if telling else ""
    return (
        Cell(Path(told.file).name),
        Cell(told.asked.name or "as written"),
        Cell(told.answer),
        Cell(percent(found.p, found.low, found.high)),
        Cell(change),
    )


def batch_records(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """One row an answer, as in the table that is written."""
    names = dict.fromkeys(name for row in data["rows"] for name in row["set"])
    for row in data["rows"]:
        plain = {key: value for key, value in row.items() if key != "set"}
        yield {**plain, **{name: row["set"].get(name, "") for name in names}}
