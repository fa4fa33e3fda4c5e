"""Several distributions of one number as one: the linear opinion pool of judgements [Genest1986].

The pool of distributions is their mixture: each is right with the same chance, and its tails are
those of whoever goes farthest. A case holds a judgement as three numbers, so the mixture is put
into three: its 5 % point, its 95 % point, and between them the mean of the most likely values. The
mixture's own peak would not do: it stands where the surest judge stands, whoever else there is.
What lies between two judges who exclude each other is likelier by the three numbers than by the
mixture; the pools of whole answers, which stand beside, are free of that.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from foedus.case.judgement import Judgement
from foedus.forecasting.pooling import pool
from foedus.forecasting.ranges import TAIL, Spread, spread_of


@dataclass(frozen=True, slots=True)
class Mixture:
    """Distributions of one number, each right with the same chance."""

    parts: tuple[Spread, ...]

    def below_value(self, value: float) -> float:
        """The probability of at most ``value``, in the unit of the parts."""
        return math.fsum(float(part.below_value(value)) for part in self.parts) / len(self.parts)

    def at(self, u: float) -> float:
        """The quantile: the least value that is not exceeded with probability ``u`` (0 to 1)."""
        ends = [float(part.at(u)) for part in self.parts]
        low, high = min(ends), max(ends)
        while self.below_value(low) < u:
            middle = low + (high - low) / 2
            if not low < middle < high:
                return high
            if self.below_value(middle) < u:
                low = middle
            else:
                high = middle
        return low


def said(judgement: Judgement) -> tuple[float, float, float, str | None]:
    """What a judgement says: its three numbers, and the word if it is one."""
    return judgement.low, judgement.mode, judgement.high, judgement.word


def linear_pool(judgements: Sequence[Judgement]) -> Judgement:
    """The linear pool of what several judge of one thing, with equal weights, as explained above.

    Where all judge alike it is that judgement. Else it has no word and no note; place, role, owner,
    reasons and group are those of the first. Raises ValueError for no judgements.

    >>> pooled = linear_pool([Judgement(30, 30, 30), Judgement(80, 80, 80)])
    >>> pooled.low, pooled.mode, pooled.high
    (30.0, 55.0, 80.0)
    """
    if not judgements:
        raise ValueError("nobody judges")
    first = judgements[0]
    if all(said(each) == said(first) for each in judgements):
        return first
    mixture = Mixture(tuple(spread_of(each) for each in judgements))
    low, high = mixture.at(TAIL), mixture.at(1 - TAIL)
    mean = math.fsum(each.mode for each in judgements) / len(judgements)
    mode = min(max(mean, low), high)
    return replace(first, low=low, mode=mode, high=high, word=None, note=None)


def log_odds_pool(judgements: Sequence[Judgement]) -> tuple[float, float, float] | None:
    """Low, mode and high of the logarithmic pool of what several judge of a probability or share.

    Each of the three is pooled by its odds, with equal weights; one that is 0 or 1 for somebody
    stays so. None where one is 0 for somebody and 1 for somebody else, and for other units.

    >>> log_odds_pool([Judgement(50, 50, 50), Judgement(90, 90, 90)]) is None
    True
    >>> from foedus.case.judgement import Role
    >>> share = [Judgement(x, x, x, role=Role.SUPPORT) for x in (50, 90)]
    >>> [round(x, 6) for x in log_odds_pool(share)]
    [75.0, 75.0, 75.0]
    """
    most = judgements[0].bounds.most
    if judgements[0].unit not in ("per cent", "probability"):
        return None
    weights = [1 / len(judgements)] * len(judgements)
    pooled = []
    for which in ("low", "mode", "high"):
        parts = [getattr(each, which) / most for each in judgements]
        try:
            pooled.append(float(most * pool([[p, 1 - p] for p in parts], weights)[0]))
        except ValueError:
            return None
    return pooled[0], pooled[1], pooled[2]
