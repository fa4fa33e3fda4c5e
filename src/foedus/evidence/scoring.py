"""The matrix of competing hypotheses, and how its marks become scores and a ranking.

A mark says how well an item goes with a hypothesis [Heuer1999]: CC very consistent, C consistent,
N neither, I inconsistent, II very inconsistent. A cell without a mark is *not marked*: nobody
judged it. That is never read as N.

ACH ranks hypotheses by what speaks against them, not by what speaks for them: an item that goes
with every hypothesis tells nothing, and one that does not go with a hypothesis may do away with it
[Heuer1999]. How the inconsistent marks are added up differs from tool to tool; three rules are
named here so that results can be compared. They are set out in ``docs/evidence-ach.md``.
"""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from immutabledict import immutabledict

from foedus.case.as_of import is_late
from foedus.case.by_name import ByName
from foedus.case.links import EVIDENCE_KINDS
from foedus.case.model import Case, Evidence
from foedus.case.origins import origins_in
from foedus.case.problems import CaseError, Problem
from foedus.forecasting.outside import OTHER
from foedus.result import data_of

Marks = Mapping[str, Mapping[str, str]]
"""For each item, the mark for each hypothesis that it was marked for."""

STEPS: Mapping[str, int] = immutabledict({"II": -2, "I": -1, "N": 0, "C": 1, "CC": 2})
"""Marks from very inconsistent to very consistent, as steps from N."""

BY_STEP: Mapping[int, str] = immutabledict({step: mark for mark, step in STEPS.items()})


@dataclass(frozen=True, slots=True)
class Matrix:
    """Items and hypotheses with their marks.

    ``hypotheses`` are those of the case, and ``other`` where something is marked for it. ``items``
    are the facts and reports with a mark, in the order of the case. ``passed_over`` are items with
    marks that are neither. ``origins`` name what each item comes from, see :mod:`.case.origins`.
    """

    hypotheses: tuple[str, ...]
    items: tuple[str, ...]
    marks: Marks
    origins: Mapping[str, str]
    passed_over: tuple[str, ...] = ()

    def mark(self, item: str, hypothesis: str) -> str | None:
        """The mark of a cell; None when it is not marked. Raises `UnknownName` for another item."""
        return self.marks[item].get(hypothesis)

    def step(self, item: str, hypothesis: str) -> int | None:
        """The mark of a cell as steps from N, -2 to 2; None when it is not marked."""
        mark = self.mark(item, hypothesis)
        return None if mark is None else STEPS[mark]

    def marked(self, hypothesis: str) -> tuple[str, ...]:
        """The items that are marked for a hypothesis."""
        return tuple(item for item in self.items if hypothesis in self.marks[item])

    def bearing(self, hypothesis: str) -> tuple[str, ...]:
        """The items that speak for or against a hypothesis: marked, and not N."""
        return tuple(item for item in self.items if self.step(item, hypothesis))


def refuse_no_hypotheses(case: Case) -> None:
    """Raise CaseError for a case in which evidence has no hypotheses to speak for or against."""
    if not case.hypotheses:
        raise CaseError([Problem("the case names no hypotheses to weigh")], case.file)


def matrix_of(case: Case, marks: Marks | None = None) -> Matrix:
    """The matrix of a case, by its own marks or by those given instead of them.

    Marks of an item from after ``as_of`` are left out, as the case's own are.

    Raises CaseError for a case without hypotheses; ValueError for marks of items or hypotheses
    that there are not, and for a mark that is none of CC, C, N, I, II.
    """
    refuse_no_hypotheses(case)
    given = {e.id: e.marks for e in case.evidence.values()} if marks is None else dict(marks)
    _check(case, given)
    rows = {item: row for item in case.evidence if (row := given.get(item))}
    rows = {item: row for item, row in rows.items() if not is_late(case, case.evidence[item])}
    items = tuple(i for i in rows if case.evidence[i].kind in EVIDENCE_KINDS)
    origins = origins_in(case)
    hypotheses = case.hypotheses
    if any(OTHER in rows[item] for item in items):
        hypotheses = (*hypotheses, OTHER)
    return Matrix(
        hypotheses,
        items,
        ByName("item", {item: immutabledict(rows[item]) for item in items}),
        immutabledict({item: origins[item] for item in items}),
        tuple(item for item in rows if item not in items),
    )


def _check(case: Case, given: Marks) -> None:
    known = {*case.hypotheses, OTHER}
    for item, row in given.items():
        if item not in case.evidence:
            raise ValueError(f"no evidence {item!r}")
        for hypothesis, mark in row.items():
            if hypothesis not in known:
                raise ValueError(f"{item}: no hypothesis {hypothesis!r}")
            if mark not in STEPS:
                raise ValueError(f"{item}, {hypothesis}: no mark {mark!r}")


Weighting = Literal["grades", "equal"]
OriginRule = Literal["once", "each"]
Ranking = tuple[tuple[str, ...], ...]
"""Hypotheses from least to most inconsistent; those of one inner tuple are level."""

LOW, MEDIUM, HIGH = 1 / math.sqrt(2), 1.0, math.sqrt(2)
"""The weights of the PARC tool for low, medium and high [Good2004]."""

RELIABILITY: Mapping[str, float] = immutabledict(
    {"A": HIGH, "B": HIGH, "C": MEDIUM, "D": LOW, "E": LOW, "F": MEDIUM}
)
CREDIBILITY: Mapping[int, float] = immutabledict(
    {1: HIGH, 2: HIGH, 3: MEDIUM, 4: LOW, 5: LOW, 6: MEDIUM}
)
"""Weights by Admiralty grade: F and 6, "cannot be judged", neither raise nor lower."""

LEVEL = 9
"""Scores that agree to so many decimal places are level."""

NEAR = 1e-12
"""Items of one origin that differ by less are equally strong."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A scoring rule: how much a mark, in steps from N, counts against or for a hypothesis.

    ``against`` is summed to the score. Where ``by_consistency``, hypotheses that are level are
    told apart by the sum of ``consistent``, then by the share of cells that are marked: of items,
    or where an origin counts once of origins.
    """

    name: str
    told: str
    against: Callable[[int], float]
    consistent: Callable[[int], float]
    by_consistency: bool = False


RULES: Mapping[str, Rule] = immutabledict(
    {
        rule.name: rule
        for rule in (
            Rule(
                "heuer",
                "each inconsistent mark counts one, I or II alike",
                lambda step: float(step < 0),
                lambda step: float(step > 0),
            ),
            Rule(
                "parc",
                "I counts one and II two, as in the PARC tool",
                lambda step: float(max(-step, 0)),
                lambda step: float(max(step, 0)),
            ),
            Rule(
                "open-synthesis",
                "I counts one and II four; hypotheses that are level go by their consistent "
                "marks, counted alike, as in Open Synthesis",
                lambda step: float(min(step, 0) ** 2),
                lambda step: float(max(step, 0) ** 2),
                by_consistency=True,
            ),
        )
    }
)
"""By name: Heuer's count [Heuer1999], the PARC tool's [Good2004], that of Open Synthesis."""


@dataclass(frozen=True, slots=True)
class Score:
    """What speaks against one hypothesis.

    ``inconsistent`` counts the items marked I or II, ``equal`` is the rule's sum with each item at
    one, ``weighted`` the sum by which hypotheses are ranked. ``consistent`` is the weighted sum for
    it, which ranks nothing but ties under one rule. ``marked`` of ``items`` cells are marked;
    ``bearing`` of these are not N. ``covered`` is the share of the items, or of the origins where
    these count once, with a cell that is marked.
    """

    inconsistent: int
    equal: float
    weighted: float
    consistent: float
    marked: int
    bearing: int
    items: int
    covered: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "inconsistent equal weighted consistent marked bearing items")


def rule_named(name: str) -> Rule:
    """The scoring rule of this name. Raises ValueError when there is none."""
    if name not in RULES:
        raise ValueError(f"no scoring rule {name!r}; there are {', '.join(RULES)}")
    return RULES[name]


def grade_weight(item: Evidence) -> float:
    """The weight of an item by its Admiralty grade, from 1/2 to 2; 1 where no grade is given.

    >>> round(grade_weight(Evidence("a", "fact", "c", reliability="A", credibility=1)), 9)
    2.0
    >>> round(grade_weight(Evidence("a", "report", "c", reliability="C", credibility=4)), 3)
    0.707
    """
    reliability = MEDIUM if item.reliability is None else RELIABILITY[item.reliability]
    credibility = MEDIUM if item.credibility is None else CREDIBILITY[item.credibility]
    return reliability * credibility


def item_weights(
    matrix: Matrix, evidence: Mapping[str, Evidence], weights: Weighting
) -> Mapping[str, float]:
    """The weight of each item by itself, before origins are counted. Raises ValueError."""
    if weights not in ("grades", "equal"):
        raise ValueError(f"no weights {weights!r}; there are grades, equal")
    return immutabledict(
        {i: grade_weight(evidence[i]) if weights == "grades" else 1.0 for i in matrix.items}
    )


def added(
    matrix: Matrix,
    hypothesis: str,
    value: Callable[[int], float],
    weights: Mapping[str, float],
    origins: OriginRule,
) -> Mapping[str, float]:
    """What each item that is marked for a hypothesis adds to a sum of ``value`` over its marks.

    Under ``once`` an origin adds what the strongest of its items would, however often it is told;
    items that are equally strong share that, and the weaker ones add nothing. Under ``each`` every
    item adds its own.
    """
    alone = {
        item: weights[item] * value(step)
        for item in matrix.items
        if (step := matrix.step(item, hypothesis)) is not None
    }
    if origins == "each":
        return alone
    most: dict[str, float] = {}
    for item, amount in alone.items():
        origin = matrix.origins[item]
        most[origin] = max(most.get(origin, 0.0), amount)
    strongest = {i for i, amount in alone.items() if amount >= most[matrix.origins[i]] - NEAR}
    sharing = Counter(matrix.origins[item] for item in strongest)
    return {
        item: most[matrix.origins[item]] / sharing[matrix.origins[item]]
        if item in strongest
        else 0.0
        for item in alone
    }


def diagnosticity(matrix: Matrix, item: str) -> float | None:
    """How far an item tells the hypotheses apart: the spread of its marks, 0 to 2.

    The standard deviation of the marks, in steps, over the hypotheses that it is marked for, as
    Open Synthesis measures it; 0 when all are alike. None when it is marked for fewer than two.
    """
    steps = [s for h in matrix.hypotheses if (s := matrix.step(item, h)) is not None]
    return statistics.pstdev(steps) if len(steps) > 1 else None
