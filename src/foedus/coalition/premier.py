"""Which party has the prime minister: the larger members, and who has it now."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from foedus.coalition.gains import Gains
from foedus.coalition.opportunity import Floats, Opportunity
from foedus.coalition.parameters import PREMIER


def premier_chances(
    chamber: Opportunity, found: Gains, likely: Floats, weights: Mapping[str, float] = PREMIER
) -> Floats:
    """Each party's chance of the prime minister (n,), given the coalitions' chances (N,).

    In a coalition a member's chance goes with the exponential of what its share of the
    coalition's seats, being its largest and leading now weigh. The chances sum to 1.
    """
    held = np.where(found.members, chamber.seats, 0.0)
    value = weights["share"] * held / held.sum(1, keepdims=True)
    value += weights["largest"] * (held == held.max(1, keepdims=True))
    if chamber.premier is not None:
        value[:, chamber.premier] += weights["leads_now"]
    odds = np.where(found.members, np.exp(value), 0.0)
    of_each: Floats = likely @ (odds / odds.sum(1, keepdims=True))
    return of_each
