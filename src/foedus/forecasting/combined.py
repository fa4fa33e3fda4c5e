"""Inside and outside view, the prior pooled from them, and what the evidence makes of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from numbers import Real
from typing import Any

import numpy as np
from immutabledict import immutabledict

from foedus.case.model import Case
from foedus.case.problems import CaseError, Problem, UnknownName
from foedus.forecasting.estimates import Share
from foedus.forecasting.inside import InsideShare, InsideView
from foedus.forecasting.likelihoods import (
    EvidenceUpdate,
    Likelihoods,
    evidence_update,
    weighed_evidence,
)
from foedus.forecasting.options import INSTEAD_OF_WEIGHT, VIEWS
from foedus.forecasting.outside import JEFFREYS, OTHER, BetaPrior, OutsideView, outside_view
from foedus.forecasting.pooling import (
    Pooled,
    PoolRule,
    other_weights,
    pooled_shares,
    scaled_weights,
)
from foedus.forecasting.streams import DrawBlock
from foedus.forecasting.wording import words_apart
from foedus.result import Result, data_of

VIEW_DRAWS = 4000
"""Draws behind the intervals of the outside view and the evidence; they need no solving."""

FAR = 2
"""Views that differ by more words of the scale than this are stated side by side, first."""


@dataclass(frozen=True, slots=True)
class ViewsApart:
    """Two views that differ by more than two words of the scale, and by how many."""

    inside: float
    outside: float
    words: int

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "inside outside words")


@dataclass(frozen=True, slots=True, repr=False)
class Combined(Result):
    """The views over the exclusive set, and what they come to together.

    The interval of ``inside`` holds Monte Carlo error alone, that of the outside view the smallness
    of its counts; that of the pooled answer holds the latter and the ranges of the likelihoods,
    and the Monte Carlo error stands apart. An outside view that has nothing to go by is not
    pooled: its weight goes to the inside view. ``rule`` pools any other inside view alike.
    ``views_apart`` are the hypotheses on which the views differ by more than two words.
    """

    inside: Mapping[str, InsideShare]
    outside: OutsideView
    evidence: EvidenceUpdate
    pooled: Pooled
    views_apart: Mapping[str, ViewsApart]
    rule: PoolRule = field(compare=False)

    @property
    def more_than_inside(self) -> bool:
        """Whether anything but the inside view has a say in the pooled answer."""
        return self.outside.speaks or self.evidence.speaks

    def answers(self, hypothesis: str) -> dict[str, float]:
        """The probability of a hypothesis by each view that speaks; KeyError if unknown."""
        return {name: shares[hypothesis].p for name, shares in self.pooled.views.items()}

    def to_dict(self) -> dict[str, Any]:
        """Plain data: each view, the prior and the answer by hypothesis, and the evidence's part.

        None for an outside view or evidence that is silent.
        """
        return {
            "inside": {h: share.to_dict() for h, share in self.inside.items()},
            "outside": self.outside.to_dict() if self.outside.speaks else None,
            "prior": {h: share.to_dict() for h, share in self.pooled.prior.items()},
            "evidence": self.evidence.to_dict() if self.evidence.speaks else None,
            "pooled": {h: share.to_dict() for h, share in self.pooled.pooled.items()},
            "views_apart": {h: apart.to_dict() for h, apart in self.views_apart.items()},
        }


def combined_views(
    case: Case,
    inside: InsideView,
    seed: int,
    weights: Mapping[str, float] | None = None,
    prior: BetaPrior = JEFFREYS,
) -> Combined:
    """The views of a case, their pool [Genest1986], and the pool updated by the evidence.

    ``inside`` is over the exclusive set: the hypotheses and ``other``; or one arrangement that does
    not belong to it, and ``other`` for what is not so. ``weights`` may name ``inside`` and
    ``outside``; equal when absent. ``seed`` draws the ranges of base rates and likelihoods. Raises
    ValueError for bad weights or prior; CaseError where the views and the evidence between them
    leave nothing possible.
    """
    order = inside.hypotheses
    block = DrawBlock(0, 0, VIEW_DRAWS, seed)
    centre = inside.pooled
    outside = outside_view(
        case.reference_classes, dict(zip(order, centre.p.tolist(), strict=True)), prior
    )
    names = VIEWS if outside.speaks else VIEWS[:1]
    chosen = scaled_weights(weights, names)
    weighed = weighed_evidence(case, order, block.places)
    likelihoods = Likelihoods.of(weighed, len(order))
    rule = PoolRule(chosen, outside if outside.speaks else None, likelihoods)

    pooled = rule.pooled(centre.p)
    if np.isnan(pooled).any():
        raise _nothing_left(case, inside)
    before = rule.prior(centre.p)
    u = np.zeros((1, 0))
    if outside.speaks:
        u = np.column_stack([block.uniforms(f"outside view of {h}") for h in outside.by_classes])
    drawn_before, drawn = rule.spread(centre.p, u)
    errors_before, errors = rule.errors(centre)
    shares = inside.shares()
    views: dict[str, Mapping[str, Share]] = {"inside": shares}
    if outside.speaks:
        views["outside"] = outside.shares
    by_weights = {
        label: PoolRule(w, rule.outside, likelihoods).pooled(centre.p).tolist()
        for label, w in other_weights(names).items()
    }
    return Combined(
        shares,
        outside,
        evidence_update(weighed, likelihoods, order, before, float(chosen[0])),
        Pooled(
            immutabledict(zip(names, chosen.tolist(), strict=True)),
            immutabledict(views),
            pooled_shares(order, before, drawn_before, errors_before),
            pooled_shares(order, pooled, drawn, errors),
            immutabledict(
                {
                    label: immutabledict(zip(order, values, strict=True))
                    for label, values in by_weights.items()
                }
            ),
        ),
        _apart(shares, outside, case.words),
        rule,
    )


def _apart(
    inside: Mapping[str, InsideShare], outside: OutsideView, words: str
) -> Mapping[str, ViewsApart]:
    """The hypotheses on which the two views differ by more than two words.

    The inside view is that which is pooled.
    """
    found = {}
    for h, share in inside.items() if outside.speaks else ():
        mine, theirs = share.with_discrepancy, outside.shares[h].p
        apart = words_apart(mine, theirs, words)
        if apart > FAR:
            found[h] = ViewsApart(mine, theirs, apart)
    return immutabledict(found)


def _nothing_left(case: Case, inside: InsideView) -> CaseError:
    """What to say where the evidence excludes all that the views hold possible."""
    possible = [h for h, p in zip(inside.hypotheses, inside.pooled.p, strict=True) if p > 0]
    problems = [
        Problem(
            f"{item.id} holds {h!r} impossible, and nothing else that the inside view holds "
            "possible is left",
            case.place(("evidence", item.id, "likelihood", h)),
            "a likelihood above 0",
        )
        for item in case.evidence.values()
        for h in possible
        if h in item.likelihood and item.likelihood[h].low == 0
    ]
    text = "the views and the evidence between them hold every hypothesis for impossible"
    return CaseError(problems or [Problem(text)], case.file)


def refuse_weights(weights: Mapping[str, float]) -> None:
    """Raise ValueError for weights of the views that are no weights, or of no view."""
    for view, weight in weights.items():
        if view == "evidence":
            raise ValueError(INSTEAD_OF_WEIGHT)
        if view not in VIEWS:
            raise UnknownName("view", view, VIEWS)
        if not isinstance(weight, Real) or not 0 <= weight < math.inf:
            raise ValueError(f"the weight of the view {view!r} is {weight!r}; it is from 0")
    if not any(weights.values()):
        raise ValueError("no view has a weight")


def silent_views(case: Case) -> tuple[str, ...]:
    """The views that have nothing to go by in a case, whatever its draws say."""
    if not case.hypotheses:
        return VIEWS
    order = (*case.hypotheses, OTHER)
    even = dict.fromkeys(order, 1 / len(order))
    return () if outside_view(case.reference_classes, even).speaks else VIEWS[1:]
