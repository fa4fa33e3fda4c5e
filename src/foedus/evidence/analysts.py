"""Several analysts' marks beside each other: where they differ most, and what follows for each.

Two marks differ by the steps between them on II, I, N, C, CC. The consensus of a cell is the median
of its marks; between two steps, the one nearer N. How far the analysts agree in all is
Krippendorff's ordinal alpha [Hayes2007]. A cell that one left out is no disagreement: it is told.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from immutabledict import immutabledict

from foedus.case.links import EVIDENCE_KINDS
from foedus.case.model import Case
from foedus.document import Explanation
from foedus.evidence.competing import Ach, ach
from foedus.evidence.scoring import BY_STEP, STEPS, Marks, OriginRule, Weighting
from foedus.forecasting.outside import OTHER
from foedus.result import Result, data_of, explained


def ordinal_alpha(units: Sequence[Sequence[int]], values: Sequence[int]) -> float | None:
    """Krippendorff's alpha with the ordinal difference.

    ``units`` hold, for each thing rated, the ratings it was given (any number of them); ``values``
    are the steps of the scale in order. Units with fewer than two ratings tell nothing. None when
    there are none with two, or all ratings are one value: then there is nothing to tell apart.

    >>> ordinal_alpha([[1, 1], [2, 2], [3, 3]], [1, 2, 3])
    1.0
    """
    paired = [unit for unit in units if len(unit) > 1]
    index = {value: k for k, value in enumerate(values)}
    size = len(values)
    together = np.zeros((size, size))
    for unit in paired:
        for a, b in combinations(unit, 2):
            together[index[a], index[b]] += 1 / (len(unit) - 1)
            together[index[b], index[a]] += 1 / (len(unit) - 1)
    count = together.sum(axis=1)
    total = count.sum()
    ends = np.cumsum(count)
    middle = ends - count / 2
    # Between two steps lie all ratings between them, and half of those at each.
    apart = (middle[:, None] - middle[None, :]) ** 2
    expected = (np.outer(count, count) * apart).sum()
    if expected == 0:
        return None
    observed = (together * apart).sum()
    return float(1 - (total - 1) * observed / expected)


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


@dataclass(frozen=True, slots=True, repr=False)
class Analysts(Result):
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

    @property
    def names(self) -> tuple[str, ...]:
        """The analysts."""
        return tuple(self.by_analyst)

    def explain(self, item: str) -> Explanation:
        """Who marked an item how. Raises KeyError for an item that nobody marked."""
        return explained(self, item)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: how it is scored, rankings by analyst, cells and marks, alpha, consensus."""
        return {
            **data_of(
                self,
                "scoring=consensus.rule.name weights=consensus.weighting "
                "origins=consensus.origin_rule alpha",
            ),
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
