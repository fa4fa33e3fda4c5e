"""How far an answer moves over the variants of the model: per variant first, then the ends.

A variant (farsighted, a pace off, opportunities halved, ...) gives one inside view. A sum of
hypotheses, what they leave, and the pooled answer are computed in each variant, and only then are
the least and the greatest taken: the range of a complement is thus that of its parts, and no range
is put together from ends that stand in different variants.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from immutabledict import immutabledict

from foedus.forecasting.pooling import PoolRule


@dataclass(frozen=True, slots=True)
class Variant:
    """The forecast by another variant of the model: what differs, and how likely each is reached.

    ``option`` is of the form ``deal: fallback``, or ``pace off: record``.
    """

    option: str
    reached: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ModelRange:
    """How far an answer moves over the variants: the model's error.

    ``lowest`` and ``highest`` name the variant that gives ``low`` and ``high``; the first of
    several.
    """

    low: float
    high: float
    lowest: str
    highest: str


def range_over(answers: Mapping[str, float]) -> ModelRange:
    """The ends over an answer by the names of the variants.

    Raises ValueError for none.

    >>> range_over({"headline": 0.2, "farsighted": 0.5, "pace off: laws": 0.1})
    ModelRange(low=0.1, high=0.5, lowest='pace off: laws', highest='farsighted')
    """
    if not answers:
        raise ValueError("no variant gives an answer")
    lowest, highest = min(answers, key=answers.__getitem__), max(answers, key=answers.__getitem__)
    return ModelRange(answers[lowest], answers[highest], lowest, highest)


def sum_range(
    variants: Mapping[str, Mapping[str, float]], names: Collection[str], left: bool = False
) -> ModelRange:
    """The range of the sum of some hypotheses that exclude each other, or of what they leave.

    ``variants`` has by its name the probabilities in each variant. With ``left`` the answer in a
    variant is 1 less the sum. Raises KeyError for an unknown hypothesis.

    >>> found = {"a": {"x": 0.1, "y": 0.6}, "b": {"x": 0.5, "y": 0.3}}
    >>> [round(end, 9) for end in (sum_range(found, ["x", "y"]).low, sum_range(found, "x").low)]
    [0.7, 0.1]
    """
    sums = {name: float(sum(reached[h] for h in names)) for name, reached in variants.items()}
    if left:
        sums = {name: max(0.0, 1 - p) for name, p in sums.items()}
    return range_over(sums)


def pooled_answers(
    rule: PoolRule, variants: Mapping[str, Mapping[str, float]]
) -> Mapping[str, Mapping[str, float]]:
    """The pooled answer in each variant, whose inside views are over one exclusive set.

    A variant in which the evidence leaves nothing possible has none, and is passed over.
    """
    order = list(next(iter(variants.values())))
    inside = np.array([[reached[h] for h in order] for reached in variants.values()])
    found = {}
    for name, row in zip(variants, rule.pooled(inside).tolist(), strict=True):
        if not math.isnan(row[0]):
            found[name] = immutabledict(zip(order, row, strict=True))
    return immutabledict(found)


def pooled_ranges(
    rule: PoolRule, variants: Mapping[str, Mapping[str, float]]
) -> Mapping[str, ModelRange]:
    """The range of the pooled answer: each variant's inside view is pooled, then the ends taken.

    Raises ValueError where the evidence leaves nothing possible in any variant.
    """
    answers = pooled_answers(rule, variants)
    names = next(iter(variants.values()))
    return immutabledict(
        {h: range_over({name: found[h] for name, found in answers.items()}) for h in names}
    )
