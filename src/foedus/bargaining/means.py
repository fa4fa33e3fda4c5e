"""Plain means of the positions, to hold the models against.

``mean`` weighs all actors alike, those whose salience is 0 too.
"""

from __future__ import annotations

import numpy as np

from foedus.bargaining.issue import OrderedIssue, inside
from foedus.bargaining.model import (
    BargainingModel,
    Chosen,
    Option,
    Settled,
    one_by_one,
    remark_on,
)

WEIGHTS = ("none", "capability", "salience")


def _settle(issue: OrderedIssue, chosen: Chosen) -> Settled:
    weight = np.ones(len(issue.actors))
    if chosen["weights"] != "none":
        weight = getattr(issue, str(chosen["weights"]))
    if not weight.any():
        return Settled(issue.compromise, remark=remark_on(issue))
    weight = weight / weight.max()
    return Settled(inside(issue, float(weight @ issue.position / weight.sum())))


MEAN = BargainingModel(
    "mean",
    "the plain mean of the positions",
    "Thomson2006",
    one_by_one(_settle),
    (
        Option(
            "weights",
            "none",
            WEIGHTS,
            "Thomson2006",
            "by what positions are weighed; both together are the compromise",
        ),
    ),
)
