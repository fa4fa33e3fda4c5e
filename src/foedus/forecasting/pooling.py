"""One answer from several views: their pool over the exclusive set, updated by the evidence.

The prior is the logarithmic opinion pool of the inside and the outside view [Genest1986]: their
weighted geometric mean, scaled to sum to one. It is externally Bayesian: when both learn the same
likelihood, pooling before or after comes to the same. So the evidence, which both are to learn,
updates the pooled prior by its likelihood ratios. What the inside view has learnt already, since
its judgements rest on it, moves the outside view alone: such an item updates the pool by its
likelihood ratio to the power 1 - w, with w the inside view's share of the weights.
Formulas and reasons: ``docs/forecast-maths.md``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from immutabledict import immutabledict

from foedus.document import Explanation
from foedus.forecasting.estimates import Share
from foedus.forecasting.inside import Mean
from foedus.forecasting.likelihoods import Likelihoods
from foedus.forecasting.outside import OutsideView
from foedus.forecasting.ranges import Floats
from foedus.result import Result, data_of, explained

EQUAL = "equal weights"

NUDGE = 1e-4
"""The relative step by which slopes of the pool are taken; the next order is below 1e-8."""


@dataclass(frozen=True, slots=True)
class PooledShare(Share):
    """A pooled probability.

    ``low`` to ``high`` is how unsure the base rates and the likelihoods of the evidence leave it;
    ``se``, apart from that, is the Monte Carlo error of the inside view in it. ``impossible``: a
    view gives it no chance at all, or an item of evidence excludes it.
    """

    se: float = 0.0
    impossible: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "p low high se impossible")


@dataclass(frozen=True, slots=True, repr=False)
class Pooled(Result):
    """The pooled prior and what the evidence makes of it, beside the views they are made of.

    ``weights`` sum to one. ``by_weights`` gives the pooled probability under other named weights:
    how far the choice of weights moves the answer, which is part of the model's range and no part
    of ``low`` and ``high``.
    """

    weights: Mapping[str, float]
    views: Mapping[str, Mapping[str, Share]]
    prior: Mapping[str, PooledShare]
    pooled: Mapping[str, PooledShare]
    by_weights: Mapping[str, Mapping[str, float]]

    def over_weights(self, hypothesis: str) -> tuple[float, float]:
        """The least and greatest pooled probability over the named weights."""
        values = [pooled[hypothesis] for pooled in self.by_weights.values()]
        values.append(self.pooled[hypothesis].p)
        return min(values), max(values)

    def explain(self, hypothesis: str) -> Explanation:
        """How one hypothesis's number comes about. Raises KeyError for an unknown one."""
        return explained(self, hypothesis)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: each view, the prior, the pooled answer, and what other weights give."""
        return {
            **{
                name: {h: share.to_dict() for h, share in shares.items()}
                for name, shares in self.views.items()
            },
            **data_of(self, "prior pooled weights by_weights"),
        }


def pool(views: npt.ArrayLike, weights: npt.ArrayLike) -> Floats:
    """The weighted geometric mean of probabilities, scaled to sum to one over the last axis.

    ``views`` has shape (V, ..., H), ``weights`` (V,), from 0 and summing to one; a view of weight 0
    has no say. A hypothesis that a view with a say holds impossible stays so. Raises ValueError
    for other weights, negative probabilities, or when the views leave nothing possible.

    >>> pool([[0.1, 0.9], [0.5, 0.5]], [0.5, 0.5]).round(4).tolist()
    [0.25, 0.75]
    """
    given = np.asarray(views, dtype=float)
    w = np.asarray(weights, dtype=float)
    if w.shape != given.shape[:1] or not (w >= 0).all() or abs(w.sum() - 1) > 1e-9:
        raise ValueError("the weights of the views are from 0, one for each, and sum to one")
    if not (given >= 0).all():
        raise ValueError("a view has a negative probability")
    pooled = normalised(_mean_logs(given, w))
    if np.isnan(pooled).any():
        raise ValueError("between them the views hold every hypothesis for impossible")
    return pooled


def normalised(logs: npt.ArrayLike) -> Floats:
    """Probabilities from their logarithms (..., H) up to a constant; rows sum to one.

    A row in which nothing is possible is NaN.
    """
    given = np.asarray(logs, dtype=float)
    top = given.max(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore"):
        mass = np.exp(given - top)
    return np.asarray(mass / mass.sum(axis=-1, keepdims=True))


@dataclass(frozen=True, slots=True, eq=False)
class PoolRule:
    """How an inside view becomes the pooled answer: weights, outside view and likelihoods.

    Everything that does not change with the inside view, so that a variant of the model, a case
    with an item left out or an earlier deadline is pooled as the headline is. ``weights`` are
    (V,), of the inside view and, where there is one, the outside view; they sum to one.
    """

    weights: Floats
    outside: OutsideView | None
    likelihoods: Likelihoods

    def prior(self, inside: npt.ArrayLike) -> Floats:
        """The pool of the views before the evidence, for inside views (..., H)."""
        return normalised(self._prior_logs(np.asarray(inside, dtype=float)))

    def pooled(self, inside: npt.ArrayLike) -> Floats:
        """The pooled prior updated by the evidence, for inside views (..., H).

        A row is NaN where the views and the evidence between them leave nothing possible.
        """
        within = np.asarray(inside, dtype=float)
        logs = self._prior_logs(within)
        return normalised(logs + self.likelihoods.logs(float(self.weights[0])))

    def spread(self, inside: npt.ArrayLike, u: Floats) -> tuple[Floats, Floats]:
        """Draws (n, H) of the prior and of the pooled answer, for one inside view (H,).

        Over what the base rates and the likelihoods may be. ``u`` are uniforms, (n, hypotheses
        with classes). Rows may be NaN as in :meth:`pooled`.
        """
        within = np.broadcast_to(np.asarray(inside, dtype=float), (len(u), np.size(inside)))
        views = [within] if self.outside is None else [within, self.outside.at(u, within)]
        logs = _mean_logs(np.stack(views), self.weights)
        drawn = self.likelihoods.drawn_logs(float(self.weights[0]))
        return normalised(logs), normalised(logs + drawn)

    def errors(self, inside: Mean) -> tuple[Floats, Floats]:
        """The Monte Carlo standard errors (H,) of the prior and of the pooled answer.

        By the delta method: the slopes of the pool times the errors of the inside view. What is
        exactly 0 has none.
        """
        found = []
        for slopes in self.slopes(inside.p):
            variance = np.einsum("jh,jk,kh->h", slopes, inside.covariance, slopes)
            found.append(np.sqrt(np.maximum(variance, 0.0)))
        return found[0], found[1]

    def slopes(self, inside: Floats) -> tuple[Floats, Floats]:
        """How the prior and the pooled answer move with the inside view (H,): (from, to) each.

        0 where the inside view is exactly 0.
        """
        step = np.diag(inside * NUDGE)
        # The pool is scaled to sum to one, so that what goes in need not: each is nudged alone.
        ends = np.stack([inside + step, inside - step])
        width = np.where(inside > 0, 2 * NUDGE * inside, 1.0)[:, None]
        prior, pooled = self.prior(ends), self.pooled(ends)
        return (prior[0] - prior[1]) / width, (pooled[0] - pooled[1]) / width

    def _prior_logs(self, inside: Floats) -> Floats:
        views = [inside] if self.outside is None else [inside, self.outside.shared(inside)]
        return _mean_logs(np.stack(views), self.weights)


def _mean_logs(views: Floats, weights: Floats) -> Floats:
    say = weights > 0
    with np.errstate(divide="ignore"):
        return np.asarray(np.tensordot(weights[say], np.log(views[say]), axes=(0, 0)))


def other_weights(names: Sequence[str]) -> dict[str, Floats]:
    """The named weights over which the answer's range is shown.

    Equal weights, and each of several views with twice the weight of the others. A view alone is
    shown beside the pool anyhow.
    """
    found = {EQUAL: np.full(len(names), 1 / len(names))}
    if len(names) > 1:
        for k, name in enumerate(names):
            double = np.ones(len(names))
            double[k] = 2
            found[f"{name} twice"] = double / double.sum()
    return found


def scaled_weights(weights: Mapping[str, float] | None, names: Sequence[str]) -> Floats:
    """The weights of the views that speak, in order and summing to one; equal when None.

    A view without a weight has none. Raises ValueError for weights that are negative, or 0 for
    every view that speaks.
    """
    given = dict.fromkeys(names, 1.0) if weights is None else weights
    found = np.array([float(given.get(name, 0)) for name in names])
    total = sum(found.tolist())
    if not (found >= 0).all() or not (math.isfinite(total) and total > 0):
        raise ValueError("the weights of the views are from 0 and not all 0")
    return np.asarray(found / total)


def pooled_shares(
    hypotheses: Sequence[str], p: Floats, drawn: Floats, se: Floats
) -> Mapping[str, PooledShare]:
    """Each hypothesis with the 5 % and 95 % points of ``drawn`` (n, H) and its ``se`` (H,)."""
    low, high = np.nanquantile(drawn, [0.05, 0.95], axis=0)
    return immutabledict(
        {
            h: PooledShare(
                float(p[k]), float(low[k]), float(high[k]), float(se[k]), bool(p[k] == 0)
            )
            for k, h in enumerate(hypotheses)
        }
    )
