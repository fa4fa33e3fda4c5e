"""What the terms weigh: judgements, fitted on 532 governments formed from 1945 to 2007.

The weights are those of the greatest likelihood over the formations of 32 parliamentary countries
without a single-party majority, by `benchmarks/fit_governments.py` on tables made of ParlGov
[Doring2024]. Beside each stands its error: the standard deviation over 100 samples of whole
countries, drawn with replacement.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from foedus.coalition.chances import Weights
from foedus.coalition.gains import TERMS

FITTED: Mapping[str, tuple[float, float]] = {
    "seats": (3.121, 0),
    "burden": (-2.988, 0),
    "distance": (2.450, 0),
    "short": (6.395, 0),
    "needed": (0.422, 0),
    "surplus": (0.354, 0),
    "again": (0.964, 0),
    "overlap": (0.820, 0),
    "pair": (2.745, 0),
    "swing": (5.490, 0),
    "premier": (-0.234, 0),
    "alone": (1.631, 0),
    "support": (1.977, 0),
    "power": (1.596, 0),
}
"""Each term's weight in logits with its error, and the power of the mean gain with its own."""

PREMIER: Mapping[str, float] = {"share": 4.985, "largest": 0.815, "leads_now": 0.954}
"""What makes a member the party of the prime minister, in logits, fitted on the same formations."""


def fitted() -> Weights:
    """The weights as they were fitted."""
    return Weights(np.array([FITTED[name][0] for name in TERMS]), FITTED["power"][0])
