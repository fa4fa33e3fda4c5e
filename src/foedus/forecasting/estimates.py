"""Probabilities with their computing error, and how many digits of one may be shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from foedus.forecasting.wording import word_for
from foedus.result import data_of

LEVEL = 0.90
"""Ranges run from the 5 % to the 95 % point everywhere, as the ranges of judgements do."""

Z = 1.6448536269514722
"""The 95 % point of the standard normal distribution."""

STEPS = ((0.2, 0.05), (0.01, 0.01), (0.001, 0.001), (0.0001, 0.0001), (0.0, 0.00001))
"""From which width of its range on a probability is rounded to which step."""

FINEST = STEPS[-1][1]


@dataclass(frozen=True, slots=True)
class Probability:
    """A probability estimated from draws, with its computing error and nothing else.

    ``se`` is the standard error and ``low`` to ``high`` the 90 % interval, both of computing alone:
    more draws make them smaller. ``word`` is the probability word that stands for ``p``.
    """

    p: float
    se: float
    low: float
    high: float
    word: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "p se low high word")


@dataclass(frozen=True, slots=True)
class Share:
    """A probability of one view, with the 5 % and 95 % points of what it might be."""

    p: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float]:
        """Plain data."""
        return data_of(self, "p low high")


def from_mean(p: float, se: float, words: str = "icd203") -> Probability:
    """A mean of probabilities over draws with its standard error; the interval is normal.

    >>> from_mean(0.05, 0.01).word
    'very unlikely'
    """
    low, high = max(0.0, p - Z * se), min(1.0, p + Z * se)
    return Probability(p, se, low, high, word_for(min(max(p, 0.0), 1.0), words).word)


def over_draws(answers: npt.NDArray[np.float64], words: str = "icd203") -> Probability:
    """The mean of the probabilities that draws give, (n,), with its Monte Carlo error.

    The error of a single draw is not known, and 0 here: there is nothing to tell it from.

    >>> over_draws(np.array([0.2, 0.4])).p.__round__(9)
    0.3
    """
    n = len(answers)
    se = float(answers.std(ddof=1)) / math.sqrt(n) if n > 1 else 0.0
    return from_mean(float(np.clip(answers.mean(), 0.0, 1.0)), se, words)


def step_for(p: float, low: float, high: float) -> float:
    """The step to which ``p`` is rounded when it might be anything from ``low`` to ``high``.

    5 % when the range is 20 points wide or wider, 1 % from one point on, a tenth of a per cent from
    a tenth of a point on, and so on to 0.001 %; but never so coarse that a small probability, or
    one near 1, loses its only digit.

    >>> step_for(0.3273, 0.2, 0.45), step_for(0.3273, 0.31, 0.35), step_for(0.03, 0.01, 0.32)
    (0.05, 0.01, 0.01)
    """
    near = min(p, 1 - p)
    for least, step in STEPS:
        if high - low >= least - 1e-12 and step <= near + 1e-12:
            return step
    return FINEST


def percent(p: float, low: float | None = None, high: float | None = None) -> str:
    """A probability in per cent, with no more digits than its range allows.

    Without a range, to two significant digits. Never 0% for what may happen, nor 100% for what may
    fail: then "under" or "over" the end of the range. Raises ValueError for p outside 0 to 1.

    >>> percent(0.3273, 0.2, 0.45), percent(0.3273, 0.31, 0.35), percent(0.0312, 0.01, 0.12)
    ('35%', '33%', '3%')
    >>> percent(0.0, 0.0, 0.0027), percent(1.0, 0.98, 1.0), percent(0.0366)
    ('under 0.3%', 'over 98%', '3.7%')
    """
    if not 0 <= p <= 1:
        raise ValueError(f"no probability: {p:g}")
    if low is None or high is None:
        near = min(p, 1 - p)
        if near == 0:
            return f"{100 * p:g}%"
        size = min(10.0 ** (math.floor(math.log10(near)) - 1), 0.01)
        low, high = p, p + size
    step = step_for(p, low, high)
    rounded = math.floor(p / step + 0.5 + 1e-9) * step
    if rounded < FINEST / 2:
        return f"under {_figure(_step_up(max(high, FINEST)))}%"
    if rounded > 1 - FINEST / 2:
        return f"over {_figure(1 - _step_up(max(1 - low, FINEST)))}%"
    return f"{_figure(rounded)}%"


def percents(low: float, high: float, error: float = 0.0) -> str:
    """A range in per cent, widened to whole steps so that nothing in it is left out.

    ``error`` is how far either end may be wrong: the steps are no finer than that allows.

    >>> percents(0.203, 0.447), percents(0.0031, 0.0122), percents(0, 0.0027)
    ('20–45%', '0.3–1.3%', '0–0.3%')
    """
    width = high - low + 2 * error
    step = next(step for least, step in STEPS if width >= least - 1e-12)
    down = max(0.0, math.floor(low / step + 1e-9) * step)
    up = min(1.0, math.ceil(high / step - 1e-9) * step)
    if round(up - down, 12) == 0:
        return f"{_figure(down)}%"
    return f"{_figure(down)}–{_figure(up)}%"


def _step_up(value: float) -> float:
    """The next number upwards with one significant digit, or two from a tenth on."""
    if value >= 1:
        return 1.0
    step = min(10.0 ** math.floor(math.log10(value)), 0.01)
    return math.ceil(value / step - 1e-9) * step


def _figure(p: float) -> str:
    return f"{round(100 * p, 6):g}"


def paired_error(before: npt.NDArray[np.float64], after: npt.NDArray[np.float64]) -> float:
    """The standard error of the mean difference between two answers to the same draws, (n,) each.

    NaN for a single draw.

    >>> round(paired_error(np.array([0.2, 0.4, 0.1]), np.array([0.3, 0.4, 0.1])), 4)
    0.0333
    """
    steps = after - before
    return float(steps.std(ddof=1)) / math.sqrt(len(steps)) if len(steps) > 1 else math.nan
