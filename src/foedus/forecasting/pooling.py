"""One answer from several views: the weighted geometric mean over the exclusive set.

The logarithmic opinion pool [Genest1986] with weights that sum to one. It is externally Bayesian:
when all learn the same likelihood, pooling before or after comes to the same. Formulas and reasons:
``docs/forecast-maths.md``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from immutabledict import immutabledict

from foedus.document import Explanation
from foedus.forecasting.estimates import Share
from foedus.forecasting.ranges import Floats
from foedus.result import Result, explained

EQUAL = "equal weights"


@dataclass(frozen=True, slots=True)
class View:
    """One view over the exclusive set: its centre, and draws of it.

    ``centre`` maps each hypothesis to its probability; ``draws`` has shape (n, hypotheses) in the
    same order. Both sum to one over the hypotheses.
    """

    centre: Mapping[str, float]
    draws: Floats

    def shares(self) -> Mapping[str, Share]:
        """Each hypothesis with the 5 % and 95 % points of the draws."""
        low, high = np.quantile(self.draws, [0.05, 0.95], axis=0)
        return immutabledict(
            {
                h: Share(p, float(low[k]), float(high[k]))
                for k, (h, p) in enumerate(self.centre.items())
            }
        )


@dataclass(frozen=True, slots=True, repr=False)
class Pooled(Result):
    """The pooled view beside those it is made of.

    ``weights`` sum to one. ``by_weights`` gives the pooled probability under other named weights:
    how far the choice of weights moves the answer, which is part of the model's range and no part
    of ``low`` and ``high``.
    """

    weights: Mapping[str, float]
    views: Mapping[str, Mapping[str, Share]]
    pooled: Mapping[str, Share]
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
        """Plain data: the pooled view, each view, the weights and what other weights give."""
        return {
            **{
                name: {h: share.to_dict() for h, share in shares.items()}
                for name, shares in self.views.items()
            },
            "pooled": {h: share.to_dict() for h, share in self.pooled.items()},
            "weights": dict(self.weights),
            "by_weights": {name: dict(pooled) for name, pooled in self.by_weights.items()},
        }


def inside_centre(counts: npt.ArrayLike) -> Floats:
    """Probabilities from how often each hypothesis came out: (k + 1/2) / (n + H/2); sum to one.

    ``counts`` has shape (H,), over the exclusive set. Raises ValueError for none or negative ones.

    >>> inside_centre([0, 30, 70]).round(4).tolist()
    [0.0049, 0.3005, 0.6946]
    """
    hits = np.asarray(counts, dtype=float)
    if hits.ndim != 1 or not hits.size or (hits < 0).any():
        raise ValueError("counts of the hypotheses are whole numbers from 0")
    return np.asarray((hits + 0.5) / (hits.sum() + hits.size / 2))


def inside_draws(counts: npt.ArrayLike, draws: int, generator: np.random.Generator) -> Floats:
    """Draws of the inside view: Dirichlet(k + 1/2), whose mean is the centre; shape (draws, H)."""
    inside_centre(counts)
    return generator.dirichlet(np.asarray(counts, dtype=float) + 0.5, size=draws)


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
    say = w > 0
    with np.errstate(divide="ignore"):
        logs = np.tensordot(w[say], np.log(given[say]), axes=(0, 0))
    top = logs.max(axis=-1, keepdims=True)
    if not np.isfinite(top).all():
        raise ValueError("between them the views hold every hypothesis for impossible")
    mass = np.exp(logs - top)
    return np.asarray(mass / mass.sum(axis=-1, keepdims=True))


def pooled_view(views: Mapping[str, View], weights: Mapping[str, float] | None = None) -> Pooled:
    """Pool the views that speak, each a centre and equally many draws of it.

    ``weights`` (by the views' names) are scaled to sum to one over the views given; equal when
    absent. The centre is the pool of the centres, low and high are the 5 % and 95 % points of the
    pooled draws. Raises ValueError for no views, views over different hypotheses, draws of
    different numbers, or weights that are negative or all zero. A view
    without a weight has none.
    """
    if not views:
        raise ValueError("there is no view to pool")
    first = next(iter(views.values()))
    order = list(first.centre)
    for name, view in views.items():
        if list(view.centre) != order or view.draws.shape != first.draws.shape:
            raise ValueError(f"the view {name!r} is over other hypotheses or draws")
    names = list(views)
    centres = np.array([[view.centre[h] for h in order] for view in views.values()])
    chosen = _scaled(dict.fromkeys(names, 1.0) if weights is None else weights, names)
    centre = pool(centres, chosen)
    drawn = pool(np.stack([view.draws for view in views.values()]), chosen)
    pooled = View(immutabledict(zip(order, centre.tolist(), strict=True)), drawn)
    others = {
        label: immutabledict(zip(order, pool(centres, w).tolist(), strict=True))
        for label, w in other_weights(names).items()
    }
    return Pooled(
        immutabledict(zip(names, chosen.tolist(), strict=True)),
        immutabledict({name: view.shares() for name, view in views.items()}),
        pooled.shares(),
        immutabledict(others),
    )


def other_weights(names: list[str]) -> dict[str, Floats]:
    """The named weights over which the answer's range is shown.

    Equal weights, each view with twice the weight of the others, and each view left out (of more
    than two). A view alone is shown beside the pool anyhow.
    """
    n = len(names)
    found = {EQUAL: np.full(n, 1 / n)}
    if n == 1:
        return found
    for k, name in enumerate(names):
        double = np.ones(n)
        double[k] = 2
        found[f"{name} twice"] = double / double.sum()
        if n > 2:
            without = np.ones(n)
            without[k] = 0
            found[f"without {name}"] = without / without.sum()
    return found


def _scaled(weights: Mapping[str, float], names: list[str]) -> Floats:
    given = np.array([float(weights.get(name, 0)) for name in names])
    total = sum(given.tolist())
    if not (given >= 0).all() or not (math.isfinite(total) and total > 0):
        raise ValueError("the weights of the views are from 0 and not all 0")
    return np.asarray(given / total)
