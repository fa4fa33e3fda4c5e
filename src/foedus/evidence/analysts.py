"""Several analysts' marks beside each other: where they differ most, and what follows for each.

Two marks differ by the steps between them on II, I, N, C, CC. The consensus of a cell is the median
of its marks; between two steps, the one nearer N. How far the analysts agree in all is
Krippendorff's ordinal alpha [Hayes2007]. A cell that one left out is no disagreement: it is told.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from immutabledict import immutabledict

from foedus.case.links import EVIDENCE_KINDS
from foedus.case.model import Case
from foedus.document import Block, Cell, Column, Explanation, Point, Points, Sentence, Table, number
from foedus.evidence.agreement import ordinal_alpha
from foedus.evidence.competing import Ach, ach
from foedus.evidence.matrix import BY_STEP, STEPS, Marks
from foedus.evidence.scoring import OriginRule, Weighting
from foedus.forecasting.outside import OTHER
from foedus.reporting.competing import TONES, hypothesis_name, order_told

SHOWN = 10
"""So many cells are shown of those on which the analysts differ."""


@dataclass(frozen=True, slots=True)
class CellMarks:
    """The marks of one cell by analyst.

    ``apart`` is the mean number of steps between two of them (0 to 4), None for fewer than two.
    ``consensus`` is the median, None where nobody marked the cell.
    """

    item: str
    hypothesis: str
    marks: Mapping[str, str]
    apart: float | None
    consensus: str | None

    @property
    def opposed(self) -> bool:
        """Whether one holds it consistent and another inconsistent."""
        steps = [STEPS[mark] for mark in self.marks.values()]
        return min(steps, default=0) < 0 < max(steps, default=0)


@dataclass(frozen=True, slots=True)
class Analysts:
    """The comparison: each analyst's own analysis, all cells, alpha, and the consensus analysed.

    ``alpha`` is None where no cell was marked by two, or all marks are alike.
    """

    case: Case
    by_analyst: Mapping[str, Ach]
    cells: tuple[CellMarks, ...]
    alpha: float | None
    consensus: Ach

    @property
    def disputed(self) -> tuple[CellMarks, ...]:
        """The cells on which marks differ, widest apart first; level ones in file order."""
        differing = [cell for cell in self.cells if cell.apart]
        return tuple(sorted(differing, key=lambda cell: -(cell.apart or 0)))

    @property
    def by_item(self) -> Mapping[str, float]:
        """For each item that two marked, the mean distance over its cells, widest first."""
        apart: dict[str, list[float]] = {}
        for cell in self.cells:
            if cell.apart is not None:
                apart.setdefault(cell.item, []).append(cell.apart)
        means = {item: statistics.fmean(values) for item, values in apart.items()}
        return immutabledict(sorted(means.items(), key=lambda pair: -pair[1]))

    def explain(self, item: str) -> Explanation:
        """Who marked an item how. Raises KeyError for an item that nobody marked."""
        cells = [cell for cell in self.cells if cell.item == item]
        if not cells:
            raise KeyError(item)
        points = tuple(
            Point(
                hypothesis_name(self.case, cell.hypothesis),
                (
                    *(
                        Point(f"{name}: {cell.marks.get(name, 'not marked')}")
                        for name in self.names
                    ),
                    Point(f"consensus: {cell.consensus}"),
                ),
            )
            for cell in cells
        )
        return Explanation((Sentence(f"{item}: {self.case.evidence[item].claim}"), Points(points)))

    @property
    def names(self) -> tuple[str, ...]:
        """The analysts."""
        return tuple(self.by_analyst)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: how it is scored, rankings by analyst, cells and marks, alpha, consensus."""
        return {
            "scoring": self.consensus.rule.name,
            "weights": self.consensus.weighting,
            "origins": self.consensus.origin_rule,
            "alpha": self.alpha,
            "rankings": {
                name: [list(group) for group in found.ranking]
                for name, found in self.by_analyst.items()
            },
            "cells": [
                {
                    "item": cell.item,
                    "hypothesis": cell.hypothesis,
                    "marks": dict(cell.marks),
                    "apart": cell.apart,
                    "consensus": cell.consensus,
                }
                for cell in self.cells
            ],
            "items": dict(self.by_item),
            "consensus": self.consensus.to_dict(),
        }

    def blocks(self) -> tuple[Block, ...]:
        """What they agree on, where they differ most, and the ranking of each."""
        return (*self._sentences(), *self._disputes(), self._rankings())

    def _sentences(self) -> Iterator[Sentence]:
        least = {found.least for found in self.by_analyst.values()}
        if len(least) == 1:
            (first,) = least
            names = " and ".join(hypothesis_name(self.case, h) for h in first) or "nothing"
            yield Sentence(f"All analysts find least against {names}.", strong=True)
        else:
            yield Sentence("The analysts differ on what has least against it.", "warn", strong=True)
        if self.alpha is None:
            text = "No measure of agreement: no cell was marked by two, or all marks are alike."
            yield Sentence(text, "muted")
        else:
            yield Sentence(
                f"Agreement on the marks: Krippendorff's ordinal alpha {self.alpha:.2f} (1 is full "
                "agreement, 0 what chance would make)."
            )
        opposed = sum(cell.opposed for cell in self.cells)
        if opposed:
            noun = "cell is" if opposed == 1 else "cells are"
            yield Sentence(f"{opposed} {noun} consistent to one and inconsistent to another.")
        partly = sum(0 < len(cell.marks) < len(self.by_analyst) for cell in self.cells)
        if partly:
            noun = "cell was" if partly == 1 else "cells were"
            yield Sentence(f"{partly} {noun} marked by some and left out by others.", "muted")

    def _disputes(self) -> Iterator[Table]:
        disputed = self.disputed
        if not disputed:
            return
        columns = (
            Column("evidence"),
            Column("hypothesis"),
            *(Column(name) for name in self.names),
            Column("consensus"),
            Column("steps apart", numeric=True),
        )
        rows = tuple(
            (
                Cell(cell.item),
                Cell(cell.hypothesis),
                *(_mark_cell(cell.marks.get(name)) for name in self.names),
                _mark_cell(cell.consensus),
                Cell(number(round(cell.apart or 0, 2))),
            )
            for cell in disputed[:SHOWN]
        )
        more = len(disputed) - SHOWN
        note = f"And {more} more." if more > 0 else None
        yield Table("Where the analysts differ most", columns, rows, note)

    def _rankings(self) -> Table:
        each = [(name, found) for name, found in self.by_analyst.items()]
        rows = tuple(
            (Cell(name), Cell(order_told(found.ranking)))
            for name, found in [*each, ("consensus (median marks)", self.consensus)]
        )
        columns = (Column("by"), Column("least inconsistent first"))
        return Table("What follows from each one's marks", columns, rows)


def compare_analysts(
    case: Case,
    by_analyst: Mapping[str, Marks],
    scoring: str = "heuer",
    weights: Weighting = "grades",
    origins: OriginRule = "once",
) -> Analysts:
    """Compare the marks of at least two analysts; the options are those of ``ach``.

    Raises ValueError for fewer than two, and for what ``ach`` refuses.
    """
    if len(by_analyst) < 2:
        raise ValueError("a comparison takes the marks of at least two analysts")
    each = {name: ach(case, marks, scoring, weights, origins) for name, marks in by_analyst.items()}
    cells = []
    for item in (e.id for e in case.evidence.values() if e.kind in EVIDENCE_KINDS):
        for hypothesis in (*case.hypotheses, OTHER):
            marks = {
                name: mark
                for name, given in by_analyst.items()
                if (mark := given.get(item, {}).get(hypothesis)) is not None
            }
            if marks:
                cells.append(_cell_of(item, hypothesis, marks))
    units = [[STEPS[mark] for mark in cell.marks.values()] for cell in cells]
    middle: dict[str, dict[str, str]] = {}
    for cell in cells:
        if cell.consensus is not None:
            middle.setdefault(cell.item, {})[cell.hypothesis] = cell.consensus
    return Analysts(
        case,
        immutabledict(each),
        tuple(cells),
        ordinal_alpha(units, sorted(BY_STEP)),
        ach(case, middle, scoring, weights, origins),
    )


def _cell_of(item: str, hypothesis: str, marks: Mapping[str, str]) -> CellMarks:
    steps = [STEPS[mark] for mark in marks.values()]
    pairs = [abs(a - b) for a, b in combinations(steps, 2)]
    apart = statistics.fmean(pairs) if pairs else None
    middle = int(statistics.median(steps))  # towards zero, and so towards N
    return CellMarks(item, hypothesis, immutabledict(marks), apart, BY_STEP[middle])


def _mark_cell(mark: str | None) -> Cell:
    return Cell("not marked", "muted") if mark is None else Cell(mark, TONES[mark])
