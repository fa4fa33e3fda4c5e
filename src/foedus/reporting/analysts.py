"""Several analysts' marks in words: what they agree on, where they differ most, what follows."""

from __future__ import annotations

from collections.abc import Iterator

from foedus.case.problems import UnknownName
from foedus.document import Block, Cell, Column, Explanation, Point, Points, Sentence, Table, number
from foedus.evidence.analysts import Analysts
from foedus.reporting.competing import TONES, hypothesis_name, order_told

SHOWN = 10
"""So many cells are shown of those on which the analysts differ."""


def item_explained(result: Analysts, item: str) -> Explanation:
    """Who marked an item how. Raises KeyError for an item that nobody marked."""
    cells = [cell for cell in result.cells if cell.item == item]
    if not cells:
        raise UnknownName("item marked", item, [cell.item for cell in result.cells])
    points = tuple(
        Point(
            hypothesis_name(result.case, cell.hypothesis),
            (
                *(Point(f"{name}: {cell.marks.get(name, 'not marked')}") for name in result.names),
                Point(f"consensus: {cell.consensus}"),
            ),
        )
        for cell in cells
    )
    return Explanation((Sentence(f"{item}: {result.case.evidence[item].claim}"), Points(points)))


def analysts_blocks(result: Analysts) -> tuple[Block, ...]:
    """What they agree on, where they differ most, and the ranking of each."""
    return (*_sentences(result), *_disputes(result), _rankings(result))


def _sentences(result: Analysts) -> Iterator[Sentence]:
    least = {found.least for found in result.by_analyst.values()}
    if len(least) == 1:
        (first,) = least
        names = " and ".join(hypothesis_name(result.case, h) for h in first) or "nothing"
        yield Sentence(f"All analysts find least against {names}.", strong=True)
    else:
        yield Sentence("The analysts differ on what has least against it.", "warn", strong=True)
    if result.alpha is None:
        text = "No measure of agreement: no cell was marked by two, or all marks are alike."
        yield Sentence(text, "muted")
    else:
        yield Sentence(
            f"Agreement on the marks: Krippendorff's ordinal alpha {result.alpha:.2f} (1 is full "
            "agreement, 0 what chance would make)."
        )
    opposed = sum(cell.opposed for cell in result.cells)
    if opposed:
        noun = "cell is" if opposed == 1 else "cells are"
        yield Sentence(f"{opposed} {noun} consistent to one and inconsistent to another.")
    partly = sum(0 < len(cell.marks) < len(result.by_analyst) for cell in result.cells)
    if partly:
        noun = "cell was" if partly == 1 else "cells were"
        yield Sentence(f"{partly} {noun} marked by some and left out by others.", "muted")


def _disputes(result: Analysts) -> Iterator[Table]:
    disputed = result.disputed
    if not disputed:
        return
    columns = (
        Column("evidence"),
        Column("hypothesis"),
        *(Column(name) for name in result.names),
        Column("consensus"),
        Column("steps apart", numeric=True),
    )
    rows = tuple(
        (
            Cell(cell.item),
            Cell(cell.hypothesis),
            *(_mark_cell(cell.marks.get(name)) for name in result.names),
            _mark_cell(cell.consensus),
            Cell(number(round(cell.apart or 0, 2))),
        )
        for cell in disputed[:SHOWN]
    )
    more = len(disputed) - SHOWN
    note = f"And {more} more." if more > 0 else None
    yield Table("Where the analysts differ most", columns, rows, note)


def _rankings(result: Analysts) -> Table:
    each = [(name, found) for name, found in result.by_analyst.items()]
    rows = tuple(
        (Cell(name), Cell(order_told(found.ranking)))
        for name, found in [*each, ("consensus (median marks)", result.consensus)]
    )
    columns = (Column("by"), Column("least inconsistent first"))
    return Table("What follows from each one's marks", columns, rows)


def _mark_cell(mark: str | None) -> Cell:
    return Cell("not marked", "muted") if mark is None else Cell(mark, TONES[mark])
