"""The weighted median: the position that beats each other one by weighted majority [Black1948]_.

Weights are capability times salience. It makes the weighted sum of distances smallest.
"""

from __future__ import annotations

import numpy as np

from foedus.bargaining.issue import Floats, OrderedIssue
from foedus.bargaining.model import (
    BargainingModel,
    Chosen,
    Option,
    Settled,
    one_by_one,
    remark_on,
)

ROUNDING = 1e-12


def weighted_median(position: Floats, weight: Floats, ties: str = "middle") -> float:
    """Of positions (n,) with weights (n,), not all 0, the one with half of the weight either side.

    Where a whole stretch has that, its middle, or its ``lower`` or ``upper`` end.
    """
    order = np.argsort(position, kind="stable")
    held = order[weight[order] > 0]
    below = np.cumsum(weight[held])
    half = below[-1] / 2
    lower = int(np.searchsorted(below, half * (1 - ROUNDING)))
    upper = int(np.searchsorted(below, half * (1 + ROUNDING), side="right"))
    ends = float(position[held[lower]]), float(position[held[min(upper, len(held) - 1)]])
    if ties == "middle":
        return (ends[0] + ends[1]) / 2
    return ends[0] if ties == "lower" else ends[1]


def _settle(issue: OrderedIssue, chosen: Chosen) -> Settled:
    point = weighted_median(issue.position, issue.weight, str(chosen["ties"]))
    return Settled(point, remark=remark_on(issue))


MEDIAN = BargainingModel(
    "median",
    "the median of the positions, weighted by capability and salience",
    "Black1948",
    one_by_one(_settle),
    (
        Option(
            "ties",
            "middle",
            ("middle", "lower", "upper"),
            "Black1948",
            "what is taken of a stretch with half of the weight on either side",
        ),
    ),
)
