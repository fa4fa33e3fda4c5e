"""The distribution to go by for decisions like those of the European Union.

Half of it lies around the compromise, half around what actors want. With chance 1 - ``held`` the
outcome is normal around the compromise m with standard deviation ``wide``; with chance ``held`` it
is near the position of an actor, drawn by capability times salience, a little nearer to m: normal
around m + ``kept`` (x - m) with standard deviation ``narrow``. What lies beyond an end of the scale
is put there. A scale and its mirror image are treated alike; the reference point is not used, for
it did not help. How the form was chosen, and how far it is right, is told in docs/bargaining.md.
"""

from __future__ import annotations

import numpy as np

from foedus.bargaining.fitted import HELD, KEPT, NARROW, WIDE
from foedus.bargaining.issue import OrderedIssue
from foedus.bargaining.spread import Spread


def best_spread(
    issue: OrderedIssue,
    held: float = HELD,
    kept: float = KEPT,
    narrow: float = NARROW,
    wide: float = WIDE,
) -> Spread:
    """The distribution over the issue's scale.

    ``held`` and ``kept`` are shares, ``narrow`` and ``wide`` shares of the length of the scale;
    their defaults are fitted (:mod:`~.fitted`).
    """
    weight, m = issue.weight, issue.compromise
    return Spread(
        np.append(held * weight, 1 - held),
        np.append(m + kept * (issue.position - m), m),
        issue.width * np.append(np.full(len(weight), narrow), wide),
        issue.low,
        issue.high,
    )
