"""Slow, obvious distributions from (5 %, mode, 95 %), to compare with and to choose between.

The two-piece normal is written from its density and integrated by steps; the triangular and the
PERT distribution are fitted by plain search for their end points.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import fsolve
from scipy.special import betainc

Floats = npt.NDArray[np.float64]


def two_piece_cdf(mode: float, left: float, right: float, points: Floats) -> Floats:
    """The distribution function at ``points``, by summing the density over fine steps."""
    lower = np.linspace(mode - 12 * left, mode, 200_001)
    upper = np.linspace(mode, mode + 12 * right, 200_001)
    x = np.concatenate([lower, upper[1:]])
    sigma = np.where(x < mode, left, right)
    density = np.exp(-0.5 * ((x - mode) / sigma) ** 2)
    slices = np.diff(x) * (density[1:] + density[:-1]) / 2
    summed = np.concatenate([[0.0], np.cumsum(slices)])
    return np.interp(points, x, summed / summed[-1])


def triangular_ends(low: float, mode: float, high: float) -> tuple[float, float]:
    """The ends of the triangular distribution with these 5 % and 95 % points and this mode.

    From each end the tail is a triangle: (low - a)^2 / ((b - a) (mode - a)) = 0.05, and likewise
    above. Solved by turns, each end given the other.
    """
    a, b = low - (high - low) / 2, high + (high - low) / 2
    for _ in range(2000):
        a = _end(lambda x, b=b: (low - x) ** 2 - 0.05 * (b - x) * (mode - x), low, -1, high - low)
        b = _end(lambda x, a=a: (x - high) ** 2 - 0.05 * (x - a) * (x - mode), high, 1, high - low)
    return a, b


def triangular_mean(low: float, mode: float, high: float) -> float:
    """The mean of that triangular distribution."""
    a, b = triangular_ends(low, mode, high)
    return (a + mode + b) / 3


def pert_ends(low: float, mode: float, high: float) -> tuple[float, float]:
    """The ends of the PERT distribution (weight 4) with these 5 % and 95 % points and this mode.

    Raises ValueError when the search finds none.
    """

    def ends(logs: Floats) -> tuple[float, float]:
        return mode - float(np.exp(logs[0])), mode + float(np.exp(logs[1]))

    def missed(logs: Floats) -> list[float]:
        a, b = ends(logs)
        shape = 1 + 4 * (mode - a) / (b - a), 1 + 4 * (b - mode) / (b - a)
        return [
            float(betainc(*shape, min(max((x - a) / (b - a), 0), 1))) - part
            for x, part in ((low, 0.05), (high, 0.95))
        ]

    width = high - low
    start = [max(1.5 * (mode - low), 0.05 * width), max(1.5 * (high - mode), 0.05 * width)]
    found, _, solved, message = fsolve(missed, np.log(start), full_output=True)
    if solved != 1:
        raise ValueError(message)
    return ends(found)


def pert_mean(low: float, mode: float, high: float) -> float:
    """The mean of that PERT distribution."""
    a, b = pert_ends(low, mode, high)
    return (a + 4 * mode + b) / 6


def _end(excess, start: float, way: int, size: float) -> float:  # type: ignore[no-untyped-def]
    """Where the function turns from at most 0 to positive, going outwards from ``start``."""
    near, far = start, start + way * size
    while excess(far) < 0:
        far += way * size
    for _ in range(100):
        middle = (near + far) / 2
        if excess(middle) > 0:
            far = middle
        else:
            near = middle
    return (near + far) / 2
