"""Means over draws that something weights, with their Monte Carlo error: ratio estimators.

In each draw stand the chance W of what has been seen and the chance J of that and the answer. The
answer given what has been seen is sum J / sum W; its error is that of the ratio of two means, by
the residuals J - p W (see [Cochran1977], the ratio estimator).
"""

from __future__ import annotations

import numpy as np

from foedus.forecasting.estimates import Probability, from_mean
from foedus.forecasting.inside import Mean
from foedus.forecasting.ranges import Floats


def ratio(joint: Floats, weights: Floats, words: str = "icd203") -> Probability:
    """The answer given what has been seen; ``joint`` and ``weights`` are (draws,).

    Raises ValueError where the weights sum to nothing.
    """
    mean = ratio_mean(joint[:, None], weights)
    return from_mean(float(mean.p[0]), float(mean.se[0]), words)


def ratio_mean(joint: Floats, weights: Floats) -> Mean:
    """The answers given what has been seen, with the covariance of their errors.

    ``joint`` is (draws, answers). Of a single draw the error is not known, and 0. Raises ValueError
    where the weights sum to nothing.
    """
    total, n = float(weights.sum()), len(weights)
    if total <= 0:
        raise ValueError("what has been seen has no chance in any draw")
    p = np.clip(joint.sum(axis=0) / total, 0.0, 1.0)  # beyond these by rounding alone
    if n == 1:
        return Mean.exact(p)
    apart = (joint - weights[:, None] * p) * (n / total)
    return Mean(p, apart.T @ apart / (n * (n - 1)))


def worth_of(weights: Floats) -> float:
    """As many equal draws as weighted draws are worth: (sum W)^2 / sum W^2 [Kish1965]."""
    return float(weights.sum() ** 2 / (weights**2).sum())
