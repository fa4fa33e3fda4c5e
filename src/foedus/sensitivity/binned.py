"""How much a yes-or-no answer hangs on each judgement: binned change, less what chance makes of it.

The draws are cut into bins of equal count by a judgement's value; the measure is the mean absolute
difference between a bin's share of yes and the whole's, less its mean when answers are permuted.
It needs no model of how the answer depends on the judgement, and it can tell a driver from noise
where the answer is rare.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foedus.forecasting.ranges import Floats
from foedus.space import Indexes, Mask

BINS = 10
REPEATS = 200
"""So many permutations make the null, and so many resamples the interval."""

CONFIDENCE = 0.99
"""A judgement is telling when chance alone would hide every idle one this often."""


@dataclass(frozen=True, slots=True, eq=False)
class Binned:
    """The measure of J judgements on one answer.

    ``change`` (J,) is the measure, in probability; ``low`` and ``high`` (J,) its 90 % bootstrap
    interval; ``telling`` (J,) says where it is beyond what the greatest of J idle judgements would
    show by chance in 99 of 100 cases. ``shares`` (J, bins) are the answer's shares by bin, lowest
    values first.
    """

    change: Floats
    low: Floats
    high: Floats
    telling: Mask
    shares: Floats


def binned_change(values: Floats, answer: Mask, generator: np.random.Generator) -> Binned:
    """Measure how an answer (n,) hangs on judgements; ``values`` (n, J).

    Constant judgements measure 0 and are never telling. Raises ValueError for fewer than two draws
    a bin.
    """
    n, count = values.shape
    if n < 2 * BINS:
        raise ValueError(f"{n} draws are too few to be cut into {BINS} bins")
    yes = answer.astype(float)
    bins = _bins(values)
    sizes = np.bincount(bins[:, 0], minlength=BINS).astype(float) if count else np.ones(BINS)
    flat = np.arange(count) * BINS + bins
    whole = yes.mean()

    def change(counts: Floats, totals: Floats, mean: float) -> Floats:
        shares = counts / np.maximum(totals, 1.0)
        return np.asarray(np.abs(shares - mean).mean(axis=1))

    def summed(weights: Floats) -> Floats:
        spread = np.broadcast_to(weights[:, None], flat.shape)
        totals = np.bincount(flat.ravel(), spread.ravel(), count * BINS)
        return np.asarray(totals.reshape(count, BINS), dtype=float)

    counts = summed(yes)
    found = change(counts, sizes, whole)
    null = np.empty((REPEATS, count))
    resampled = np.empty((REPEATS, count))
    for k in range(REPEATS):
        null[k] = change(summed(generator.permutation(yes)), sizes, whole)
        weights = np.bincount(generator.integers(0, n, n), minlength=n).astype(float)
        mean = float(weights @ yes / n)
        resampled[k] = change(summed(weights * yes), summed(weights), mean)
    varies = np.ptp(values, axis=0) > 0 if count else np.zeros(0, dtype=bool)
    excess = np.where(varies, found - null.mean(axis=0), 0.0)
    # A resample's bins are noisier than the draws' own; so its spread is used and not its centre.
    spread = resampled - resampled.mean(axis=0)
    low, high = excess + np.quantile(spread, [0.05, 0.95], axis=0)
    beyond = null - null.mean(axis=0)
    greatest = beyond[:, varies].max(axis=1, initial=0.0)
    bound = np.quantile(greatest, CONFIDENCE)
    return Binned(
        excess,
        np.where(varies, low, 0.0),
        np.where(varies, high, 0.0),
        varies & (excess > bound),
        counts / np.maximum(sizes, 1.0),
    )


def _bins(values: Floats) -> Indexes:
    """The bin of each draw by each judgement, 0 the lowest; of equal count; (n, J)."""
    n = len(values)
    order = np.argsort(values, axis=0, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(n)[:, None], axis=0)
    bins: npt.NDArray[np.intp] = ranks * BINS // n
    return bins
