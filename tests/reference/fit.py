"""Whether counted paths fit the chances that are claimed for where they end."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

from scipy.stats import binomtest, chi2

ENOUGH = 8.0
"""A state expected less often is pooled with the others of its kind."""

S = TypeVar("S", bound=Hashable)


def p_value(counts: Mapping[S, int], chances: Mapping[S, float]) -> float:
    """How likely counts that fit this badly are, if the chances are right.

    Chi-square over the states that are expected often enough, the rest as one. Where even the rest
    is expected less often than that, chi-square would cry wolf: it is left out there and held
    against the binomial, and the smaller of the two p-values counts twice. A path in a state of
    chance 0 gives 0.
    """
    paths = sum(counts.values())
    often = [s for s, chance in chances.items() if chance * paths >= ENOUGH]
    pairs = [(counts.get(s, 0), chances[s] * paths) for s in often]
    rest = paths - sum(counted for counted, _ in pairs)
    chance = max(1.0 - sum(chances[s] for s in often), 0.0)
    if any(counted and chances.get(s, 0.0) <= 0 for s, counted in counts.items()):
        return 0.0
    if chance * paths >= ENOUGH:
        return _chi_square([*pairs, (rest, chance * paths)])
    rare = float(binomtest(rest, paths, chance).pvalue) if rest else 1.0
    inside = paths - rest
    scaled = [(counted, due / (1 - chance) * inside / paths) for counted, due in pairs]
    return min(1.0, 2 * min(_chi_square(scaled), rare))


def _chi_square(pairs: list[tuple[int, float]]) -> float:
    if len(pairs) < 2:
        return 1.0
    distance = sum((counted - due) ** 2 / due for counted, due in pairs)
    return float(chi2.sf(distance, len(pairs) - 1))
