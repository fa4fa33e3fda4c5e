"""How far an answer depends on each judgement: binned change, less what chance makes of it.

The draws are cut into bins of equal count by a judgement's value; the measure is the mean absolute
difference between a bin's mean answer and the whole's, less its mean when answers are permuted. It
needs no model of how the answer depends on the judgement. What drives a rare answer, which a few
draws make most of, is better seen in ranks: :func:`rank_correlation`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foedus.forecasting.ranges import Floats
from foedus.game.space import Indexes, Mask

BINS = 10
REPEATS = 200
"""So many permutations make the null, and so many resamples the interval."""

TOGETHER = 64
"""So many judgements are measured in one pass, to bound the memory."""

CONFIDENCE = 0.99
"""A judgement is telling when chance alone would hide every idle one this often."""


@dataclass(frozen=True, slots=True, eq=False)
class Binned:
    """The measure of J judgements on one answer.

    ``change`` (J,) is the measure, in the answer's unit; ``low`` and ``high`` (J,) its 90 %
    bootstrap interval; ``telling`` (J,) says where it is beyond what the greatest of J idle
    judgements would show by chance in 99 of 100 cases. ``shares`` (J, bins) are the mean answers by
    bin, lowest values first.
    """

    change: Floats
    low: Floats
    high: Floats
    telling: Mask
    shares: Floats


def binned_change(values: Floats, answer: Floats, generator: np.random.Generator) -> Binned:
    """Measure how an answer (n,) depends on judgements; ``values`` (n, J).

    Constant judgements measure 0 and are never telling. Raises ValueError for fewer than two draws
    a bin.
    """
    n, count = values.shape
    if n < 2 * BINS:
        raise ValueError(f"{n} draws are too few to be cut into {BINS} bins")
    if not count:
        none = np.zeros(0)
        return Binned(none, none, none, none.astype(bool), np.zeros((0, BINS)))
    yes = answer.astype(np.float64)
    permuted = np.stack([generator.permutation(yes) for _ in range(REPEATS)], axis=1)
    again = [np.bincount(generator.integers(0, n, n), minlength=n) for _ in range(REPEATS)]
    weights = np.stack(again, axis=1).astype(np.float64)
    found, null, resampled, shares = [], [], [], []
    for begin in range(0, count, TOGETHER):
        inside = _membership(values[:, begin : begin + TOGETHER])
        share, sizes = _shares(inside, yes[:, None], None)
        shares.append(share[:, :, 0])
        found.append(_change(share, yes.mean(keepdims=True))[:, 0])
        by_chance, _ = _shares(inside, permuted, sizes)
        null.append(_change(by_chance, yes.mean(keepdims=True)))
        redrawn, _ = _shares(inside, weights * yes[:, None], inside @ weights)
        resampled.append(_change(redrawn, yes @ weights / n))
    return _measured(values, *(np.concatenate(part) for part in (found, null, resampled, shares)))


def _measured(
    values: Floats, found: Floats, null: Floats, resampled: Floats, shares: Floats
) -> Binned:
    """The measure from what was found (J,), by chance (J, r) and in resamples (J, r)."""
    varies = np.ptp(values, axis=0) > 0
    excess = np.where(varies, found - null.mean(axis=1), 0.0)
    # A resample's bins are noisier than the draws' own; so its spread is used and not its centre.
    spread = resampled - resampled.mean(axis=1, keepdims=True)
    low, high = excess + np.quantile(spread, [0.05, 0.95], axis=1)
    beyond = null - null.mean(axis=1, keepdims=True)
    greatest = beyond[varies].max(axis=0, initial=0.0)
    return Binned(
        excess,
        np.where(varies, low, 0.0),
        np.where(varies, high, 0.0),
        varies & (excess > np.quantile(greatest, CONFIDENCE)),
        shares,
    )


def _membership(values: Floats) -> Floats:
    """Which draws are in which bin of which judgement; (J * BINS, n)."""
    bins = _bins(values).T
    inside = bins[:, None, :] == np.arange(BINS)[None, :, None]
    return np.asarray(inside.reshape(-1, len(values)), dtype=float)


def _shares(
    inside: Floats,
    weights: Floats,
    sizes: Floats | None,
) -> tuple[Floats, Floats]:
    """The mean answer in each bin for each column of ``weights``; (J, BINS, r), and the sizes."""
    if sizes is None:
        sizes = inside.sum(axis=1, keepdims=True)
    shares = (inside @ weights) / np.maximum(sizes, 1)
    return np.asarray(shares.reshape(-1, BINS, weights.shape[1]), dtype=float), sizes


def _change(shares: Floats, whole: Floats) -> Floats:
    """The mean absolute difference of the bins' shares from the whole's; (J, r)."""
    return np.asarray(np.abs(shares - whole).mean(axis=1))


def _bins(values: Floats) -> Indexes:
    """The bin of each draw by each judgement, 0 the lowest; of equal count; (n, J)."""
    n = len(values)
    order = np.argsort(values, axis=0, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(n)[:, None], axis=0)
    bins: npt.NDArray[np.intp] = ranks * BINS // n
    return bins


def rank_correlation(
    values: Floats, answer: Floats, generator: np.random.Generator
) -> tuple[Floats, Mask]:
    """Spearman's rank correlation of each judgement with the answer, and where it is telling; (J,).

    Equal answers have their mean rank. Telling is what is beyond the greatest of J idle judgements
    in 99 of 100 permutations of the answer. 0 where a judgement, or the answer, is constant.
    """
    n, count = values.shape
    if not count:
        return np.zeros(0), np.zeros(0, dtype=bool)
    places = np.stack([_standard(column) for column in values.T])
    ranks = _standard(answer)
    null = [np.abs(places @ generator.permutation(ranks)).max() / n for _ in range(REPEATS)]
    found = np.asarray(places @ ranks / n)
    return found, np.abs(found) > max(float(np.quantile(null, CONFIDENCE)), SLIGHT)


SLIGHT = 1e-9
"""A correlation no greater than this is none."""


def _standard(numbers: Floats) -> Floats:
    """The ranks of numbers (n,), equal ones at their mean rank, with mean 0 and deviation 1."""
    _, place, times = np.unique(numbers, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(times) - times / 2)[place]
    ranks = ranks - ranks.mean()
    spread = float(ranks.std())
    return np.asarray(ranks / spread if spread > 0 else ranks)
