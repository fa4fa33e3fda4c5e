"""Inside, outside and evidence, side by side and pooled, from the counts of a case's draws."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
from immutabledict import immutabledict

from foedus.case.model import Case
from foedus.case.problems import UnknownName
from foedus.forecasting.estimates import Share
from foedus.forecasting.likelihoods import (
    EvidenceView,
    evidence_view,
    weighed_origins,
)
from foedus.forecasting.options import VIEWS
from foedus.forecasting.outside import JEFFREYS, OTHER, BetaPrior, OutsideView, outside_view
from foedus.forecasting.pooling import (
    Pooled,
    View,
    inside_centre,
    inside_draws,
    pooled_view,
)
from foedus.forecasting.streams import DrawBlock, stream_of
from foedus.result import Result

VIEW_DRAWS = 4000
"""Draws behind the intervals of the views; they need no playout."""


@dataclass(frozen=True, slots=True, repr=False)
class Combined(Result):
    """The three views over the exclusive set, and what they come to together.

    The interval of ``inside`` holds computing error alone, that of the outside view the smallness
    of its counts, and that of the evidence the ranges of its likelihoods. A view that has nothing
    to go by is not pooled: its weight goes to the others.
    """

    inside: Mapping[str, Share]
    outside: OutsideView
    evidence: EvidenceView
    pooled: Pooled

    def answers(self, hypothesis: str) -> dict[str, float]:
        """The probability of a hypothesis by each view that speaks; KeyError if unknown."""
        return {name: shares[hypothesis].p for name, shares in self.pooled.views.items()}

    def to_dict(self) -> dict[str, Any]:
        """Plain data: each view and the pool by hypothesis; None for a view that is silent."""
        return {
            "inside": {h: share.to_dict() for h, share in self.inside.items()},
            "outside": self.outside.to_dict() if self.outside.speaks else None,
            "evidence": self.evidence.to_dict() if self.evidence.speaks else None,
            "pooled": {h: share.to_dict() for h, share in self.pooled.pooled.items()},
        }


def combined_views(
    case: Case,
    counts: Mapping[str, int],
    seed: int,
    weights: Mapping[str, float] | None = None,
    prior: BetaPrior = JEFFREYS,
) -> Combined:
    """The views of a case and their pool [Genest1986].

    ``counts`` maps each hypothesis and ``other`` to the number of draws in which it came about: the
    exclusive set, whose counts sum to the number of draws. ``weights`` may name ``inside``,
    ``outside`` and ``evidence``; equal when absent. Raises ValueError for bad counts, weights or
    prior, and for evidence that holds everything for impossible.
    """
    order = list(counts)
    hits = [counts[h] for h in order]
    block = DrawBlock(0, 0, VIEW_DRAWS, seed)
    drawn = inside_draws(hits, VIEW_DRAWS, block.generator("inside view"))
    centre = dict(zip(order, inside_centre(hits).tolist(), strict=True))
    views = {"inside": View(immutabledict(centre), drawn)}
    outside = outside_view(case.reference_classes, centre, prior)
    if outside.speaks:
        names = [f"outside view of {h}" for h in outside.by_classes]
        u = np.column_stack([block.uniforms(name) for name in names])
        centre_outside = immutabledict({h: share.p for h, share in outside.shares.items()})
        views["outside"] = View(centre_outside, outside.at(u, drawn))
    evidence = evidence_view(case, order, lambda j: block.uniforms(stream_of(j)))
    if evidence.speaks:
        rows = np.broadcast_to(evidence.drawn, drawn.shape)
        centre_evidence = immutabledict({h: share.p for h, share in evidence.shares.items()})
        views["evidence"] = View(centre_evidence, rows)
    return Combined(views["inside"].shares(), outside, evidence, pooled_view(views, weights))


def refuse_weights(weights: Mapping[str, float]) -> None:
    """Raise ValueError for weights of the views that are no weights, or of no view."""
    for view, weight in weights.items():
        if view not in VIEWS:
            raise UnknownName("view", view, VIEWS)
        if not isinstance(weight, Real) or not 0 <= weight < math.inf:
            raise ValueError(f"the weight of the view {view!r} is {weight!r}; it is from 0")
    if not any(weights.values()):
        raise ValueError("no view has a weight")


def silent_views(case: Case) -> tuple[str, ...]:
    """The views that have nothing to go by in a case, whatever its draws say."""
    order = (*case.hypotheses, OTHER)
    speaking = {
        "inside": bool(case.hypotheses),
        "outside": outside_view(
            case.reference_classes, dict.fromkeys(order, 1 / len(order))
        ).speaks,
        "evidence": bool(weighed_origins(case)[0]),
    }
    return tuple(name for name, speaks in speaking.items() if not (speaks and case.hypotheses))
