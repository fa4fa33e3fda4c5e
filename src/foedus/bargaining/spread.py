"""A distribution over the scale of an issue, with mass at its ends.

A mixture of normal distributions, of which all that lies beyond an end of the scale is put at that
end: an outcome stops at 0 and at 100, and a third of real ones lie there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from foedus.bargaining.issue import Floats

LEVELS = tuple(round(0.05 * k, 2) for k in range(1, 20))
"""The levels of the quantiles that are told."""

HALVINGS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """A mixture of ``k`` normal distributions within a scale from ``low`` to ``high``.

    ``share`` (k,) sums to 1; ``centre`` (k,) and ``sd`` (k,) are on the scale, and each sd is over
    0.
    """

    share: Floats
    centre: Floats
    sd: Floats
    low: float
    high: float

    def below(self, points: Iterable[float]) -> Floats:
        """The chance of an outcome at or below each of the points."""
        at = np.asarray(points, dtype=float)
        within = ndtr((at[:, None] - self.centre) / self.sd) @ self.share
        return np.where(at < self.low, 0.0, np.where(at >= self.high, 1.0, within))

    def under(self, points: Iterable[float]) -> Floats:
        """The chance of an outcome below each of the points, themselves left out."""
        at = np.asarray(points, dtype=float)
        within = ndtr((at[:, None] - self.centre) / self.sd) @ self.share
        return np.where(at <= self.low, 0.0, np.where(at > self.high, 1.0, within))

    def quantiles(self, levels: Iterable[float]) -> Floats:
        """The points that the outcome does not exceed with these chances, between 0 and 1."""
        wanted = np.asarray(levels, dtype=float)
        low = np.full(len(wanted), self.low)
        high = np.full(len(wanted), self.high)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            reached = self.below(middle) >= wanted
            high = np.where(reached, middle, high)
            low = np.where(reached, low, middle)
        # At an end there is mass, which no halving reaches.
        return np.where(self.below([self.low])[0] >= wanted, self.low, high)

    @property
    def median(self) -> float:
        """The point with half of the chance on either side."""
        return float(self.quantiles([0.5])[0])

    def at_ends(self) -> tuple[float, float]:
        """The chances of the lowest and of the highest point of the scale."""
        low = float(self.below([self.low])[0])
        return low, 1 - float(self.under([self.high])[0])

    def around(self, points: Iterable[float]) -> Floats:
        """The chance that the outcome is nearest to each of the points, which are all different."""
        at = np.asarray(list(points), dtype=float)
        order = np.argsort(at)
        middles = (at[order][1:] + at[order][:-1]) / 2
        inner = self.below(middles)
        chances = np.diff(np.concatenate([[0.0], inner, [1.0]]))
        back = np.empty(len(at))
        back[order] = chances
        return back


def residual(point: float, sd: float, low: float, high: float) -> Spread:
    """What is left open about a point forecast: one normal distribution around it."""
    return Spread(np.ones(1), np.array([point]), np.array([sd]), low, high)
