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
    "office": (1.441, 1.166),
    "distance": (2.250, 0.422),
    "short": (8.730, 1.570),
    "needed": (0.393, 0.107),
    "surplus": (0.508, 0.388),
    "again": (1.135, 0.296),
    "overlap": (0.837, 0.243),
    "pair": (3.232, 0.481),
    "swing": (5.374, 1.253),
    "premier": (-0.233, 0.069),
    "alone": (0.704, 0.501),
    "support": (2.026, 0.316),
    "power": (2.644, 0.645),
}
"""Each term's weight in logits with its error, and the power of the mean gain with its own."""

PREMIER: Mapping[str, float] = {"share": 4.985, "largest": 0.815, "leads_now": 0.954}
"""What makes a member the party of the prime minister, in logits, fitted on the same formations."""


def fitted() -> Weights:
    """The weights as they were fitted."""
    return Weights(np.array([FITTED[name][0] for name in TERMS]), FITTED["power"][0])
