"""From a judgement to a distribution: sampling by inverse CDF from uniforms.

A judgement ``[low, mode, high]`` stands for a two-piece normal distribution [Wallis2014] whose 5 %
point is ``low``, whose mode is ``mode`` and whose 95 % point is ``high``, all three exactly, for
any ``low <= mode <= high``. Where the unit has a bound (a share cannot be below 0), what lies
beyond the 5 % or 95 % point is drawn in towards the bound; the two points stay where they are.
A judgement written as a probability word is uniform over the word's published range. The choice is
explained in ``docs/forecast-maths.md``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from foedus.case.judgement import FREE, PROBABILITIES, Bounds, Judgement

Floats = npt.NDArray[np.float64]

TAIL = 0.05
"""How much lies below ``low``, and above ``high``."""

CLOSEST = 1e-12
"""A drawn value keeps this share of the distance between its bound and the 5 % or 95 % point."""

MEAN_STEPS = 4096


@dataclass(frozen=True, slots=True)
class Spread:
    """The distribution that a judgement stands for.

    ``below`` is how much probability lies below the mode (0.05 to 0.95); ``left`` and ``right`` are
    the standard deviations of the two halves, in the judgement's unit. ``even`` says that it is
    uniform from ``low`` to ``high`` instead. Without width it is the constant ``mode``.
    """

    low: float
    mode: float
    high: float
    below: float
    left: float
    right: float
    bounds: Bounds = FREE
    even: bool = False

    @property
    def constant(self) -> bool:
        """Whether nothing varies."""
        return self.low == self.high

    def at(self, u: npt.ArrayLike) -> Floats:
        """The quantile function: values of the shape of ``u``, rising in ``u`` (0 to 1)."""
        part = np.clip(np.asarray(u, dtype=float), 2.0**-54, 1 - 2.0**-53)
        if self.constant:
            return np.full(part.shape, self.mode)
        if self.even:
            return np.asarray(self.low + (self.high - self.low) * part)
        upper = part > self.below
        beyond = np.where(upper, (1 - part) / (2 * (1 - self.below)), part / (2 * self.below))
        sigma = np.where(upper, -self.right, self.left)
        return self._drawn_in(self.mode + sigma * ndtri(np.minimum(beyond, 0.5)))

    def below_value(self, value: npt.ArrayLike) -> Floats:
        """The distribution function: the probability of at most ``value``; shape of ``value``.

        At a bound that is itself the 5 % or 95 % point it steps by that much.
        """
        x = np.asarray(value, dtype=float)
        if self.constant:
            return np.where(x >= self.mode, 1.0, 0.0)
        if self.even:
            return np.asarray(np.clip((x - self.low) / (self.high - self.low), 0.0, 1.0))
        free = self._let_out(x)
        lower = 2 * self.below * ndtr((free - self.mode) / self.left)
        upper = 1 - 2 * (1 - self.below) * ndtr((self.mode - free) / self.right)
        inside = np.where(free < self.mode, lower, upper)
        outside = np.where(x < self.bounds.least, 0.0, inside)
        return np.where(x >= self.bounds.most, 1.0, outside)

    def mean(self) -> float:
        """The mean, by the midpoint rule over the quantile function where there is no closed form.

        Relative to the range its error is below 0.001.
        """
        if self.constant or self.even:
            return (self.low + self.high) / 2 if self.even else self.mode
        if self.bounds == FREE:
            return self.mode + math.sqrt(2 / math.pi) * (self.right - self.left)
        steps = (np.arange(MEAN_STEPS) + 0.5) / MEAN_STEPS
        return float(self.at(steps).mean())

    def _drawn_in(self, free: Floats) -> Floats:
        """Values of the unbounded distribution, with its tails drawn in towards the bounds.

        With c the distance from the bound to the 5 % point, a value d beyond that point goes to
        c exp(-d / c) from the bound: the density stays continuous and no bound is passed.
        """
        x = free
        least, most = self.bounds
        if math.isfinite(least):
            tail = free < self.low
            x = np.array(x)
            x[tail] = least + _room_left(self.low - least, self.low - free[tail])
        if math.isfinite(most):
            tail = free > self.high
            x = np.array(x)
            x[tail] = most - _room_left(most - self.high, free[tail] - self.high)
        return np.asarray(x)

    def _let_out(self, x: Floats) -> Floats:
        """The inverse of the drawing in; beyond a bound, infinite."""
        free = x
        least, most = self.bounds
        with np.errstate(divide="ignore", over="ignore"):
            if math.isfinite(least) and self.low > least:
                room = self.low - least
                out = self.low + room * np.log(np.maximum((x - least) / room, 0.0))
                free = np.where(x < self.low, out, free)
            if math.isfinite(most) and self.high < most:
                room = most - self.high
                out = self.high - room * np.log(np.maximum((most - x) / room, 0.0))
                free = np.where(x > self.high, out, free)
        return np.asarray(free)


def _room_left(room: float, beyond: Floats) -> Floats:
    if room <= 0:
        return np.zeros_like(beyond)
    with np.errstate(over="ignore", under="ignore"):
        return np.asarray(room * np.maximum(np.exp(-beyond / room), CLOSEST))


def spread_of(judgement: Judgement, bounds: Bounds | None = None) -> Spread:
    """The distribution of a judgement, within ``bounds``: those of its unit, if none are given.

    Raises ValueError when the three numbers are out of order, not finite or outside the bounds.

    >>> spread = spread_of(Judgement(20, 35, 50))
    >>> [round(float(x), 6) for x in spread.at([0.05, 0.5, 0.95])]
    [20.0, 35.0, 50.0]
    """
    bounds = judgement.bounds if bounds is None else bounds
    low, mode, high = float(judgement.low), float(judgement.mode), float(judgement.high)
    if not (math.isfinite(low) and math.isfinite(high) and low <= mode <= high):
        raise ValueError(f"no range: {low:g}, {mode:g}, {high:g}")
    if low < bounds.least or high > bounds.most:
        message = f"the range {low:g} to {high:g} leaves {bounds.least:g} to {bounds.most:g}"
        raise ValueError(message)
    if judgement.word is not None:
        return Spread(low, mode, high, 0.5, 0.0, 0.0, bounds, even=low < high)
    if low == high:
        return Spread(low, mode, high, 0.5, 0.0, 0.0, bounds)
    below = _share_below(mode - low, high - mode)
    if below <= 0.5:
        right = (high - mode) / _tail_point(1 - below)
        left = right * below / (1 - below)
    else:
        left = (mode - low) / _tail_point(below)
        right = left * (1 - below) / below
    return Spread(low, mode, high, below, left, right, bounds)


def sample(judgement: Judgement, u: npt.ArrayLike, bounds: Bounds | None = None) -> Floats:
    """Values of a judgement at the uniforms ``u`` (0 to 1), in its unit; shape of ``u``.

    Judgements given the same uniforms move together (they are comonotone), which is what a
    ``with:`` group means. Raises ValueError as :func:`spread_of`.
    """
    return spread_of(judgement, bounds).at(u)


def happens(judgement: Judgement, u: npt.ArrayLike, chance: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Whether something held with a judged probability is so, in each draw; shape of ``u``.

    ``u`` are the uniforms of the probability itself and ``chance`` those of the event. Over both,
    it is so with the mean probability.
    """
    return np.asarray(np.asarray(chance) < sample(judgement, u, PROBABILITIES))


def _tail_point(half: float) -> float:
    """How many standard deviations from the mode the tail of 0.05 begins.

    ``half`` is the probability on that side of the mode; 0 when all of it is tail.
    """
    return float(-ndtri(min(TAIL / (2 * half), 0.5)))


@lru_cache(maxsize=1 << 12)
def _share_below(left: float, right: float) -> float:
    """The probability below the mode at which both tails and continuity at the mode are met.

    ``left`` and ``right`` are the distances from the mode to the 5 % and the 95 % point. The root
    is unique: see ``docs/forecast-maths.md``. Found by bisection to the last bit.
    """
    if left > right:
        return 1 - _share_below(right, left)
    ratio = left / right
    low, high = TAIL, 0.5
    while True:
        middle = (low + high) / 2
        if not low < middle < high:
            return middle
        reached = middle * _tail_point(middle)
        if reached < ratio * (1 - middle) * _tail_point(1 - middle):
            low = middle
        else:
            high = middle
