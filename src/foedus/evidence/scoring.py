"""How marks become scores: named rules, weights by grade, one origin once; ranking.

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

from foedus.case.model import Evidence
from foedus.evidence.matrix import Matrix
from foedus.result import data_of

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
