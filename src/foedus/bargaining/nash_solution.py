"""The Nash bargaining solution: the point with the largest weighted product of gains [Nash1950]_.

An actor's loss at point t is its distance from t on a scale of length 1, as it is (linear) or
squared (quadratic). Without a disagreement point every actor gains ``margin`` less its loss there,
so that no agreement is worse than any. With one, it gains the loss at the reference point less the
loss at t; where no point is a gain for all with weight, the reference point is the answer. Weights,
the exponents of the product, are capability times salience.
"""

from __future__ import annotations

import numpy as np

from foedus.bargaining.issue import Floats, OrderedIssue, inside
from foedus.bargaining.model import (
    BargainingModel,
    Chosen,
    Option,
    Settled,
    Value,
    one_by_one,
    remark_on,
)

GOLDEN = (np.sqrt(5.0) - 1) / 2
STEPS = 80
"""So many halvings (by the golden section) leave 1e-16 of the scale."""


def _settle(issue: OrderedIssue, chosen: Chosen) -> Settled:
    weight = issue.weight
    held = weight > 0
    weight = weight[held]
    wished = (issue.position[held] - issue.low) / issue.width
    power = 2 if chosen["loss"] == "quadratic" else 1
    if chosen["disagreement"] == "none" or issue.reference is None:
        allowed = np.full(len(weight), float(chosen["margin"]))
        low, high = float(wished.min()), float(wished.max())
        remark = remark_on(issue) if chosen["disagreement"] == "none" else "no-reference"
        point = _best(wished, weight, allowed, power, low, high)
    else:
        reference = (issue.reference - issue.low) / issue.width
        allowed = np.abs(wished - reference) ** power
        sides = np.sign(wished - reference)
        if (sides != sides[0]).any() or sides[0] == 0:
            return Settled(issue.reference, remark="no-gain")
        # All wish the same way. Up to the nearest wish all gain more and more, beyond its distance
        # again from the reference point its owner gains nothing.
        far = np.abs(wished - reference)
        ends = (reference + sides[0] * end for end in (far.min(), min(2 * far.min(), far.max())))
        remark = remark_on(issue)
        point = _best(wished, weight, allowed, power, *sorted(map(float, ends)))
    return Settled(inside(issue, issue.low + issue.width * point), remark=remark)


def _best(
    wished: Floats, weight: Floats, allowed: Floats, power: int, low: float, high: float
) -> float:
    """Where the weighted sum of logarithms of gains, which is concave, is largest."""

    def product(point: float) -> float:
        gains = allowed - np.abs(wished - point) ** power
        return float(weight @ np.log(np.maximum(gains, 1e-300)))

    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = product(left), product(right)
    for _ in range(STEPS):
        if at_left >= at_right:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = product(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = product(right)
    return (low + high) / 2


def _options(loss: Value, disagreement: Value) -> tuple[Option, ...]:
    return (
        Option(
            "loss",
            loss,
            ("quadratic", "linear"),
            "Achen2006",
            "quadratic punishes what is far off, and goes to the middle; linear less so",
        ),
        Option(
            "disagreement",
            disagreement,
            ("none", "reference"),
            "Nash1950",
            "without one, all agreements are better than none; with the reference point, who likes "
            "it best decides",
        ),
        Option(
            "margin",
            1.0001,
            (1.000001, 1000.0),
            "Achen2006",
            "what no agreement costs, in losses over the whole scale; the larger, the nearer the "
            "quadratic solution is to the compromise",
        ),
    )


NASH_QUADRATIC = BargainingModel(
    "nash-quadratic",
    "the Nash bargaining solution with quadratic losses, no agreement being worst",
    "Nash1950",
    one_by_one(_settle),
    _options("quadratic", "none"),
)
NASH_LINEAR = BargainingModel(
    "nash-linear",
    "the Nash bargaining solution with linear losses, no agreement being worst",
    "Nash1950",
    one_by_one(_settle),
    _options("linear", "none"),
)
NASH_REFERENCE = BargainingModel(
    "nash-reference",
    "the Nash bargaining solution with quadratic losses, measured from the reference point",
    "Nash1950",
    one_by_one(_settle),
    _options("quadratic", "reference"),
)
