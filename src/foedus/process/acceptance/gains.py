"""Gains in each actor's own units, and the joint gain of several by their geometric mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foedus.game.space import Indexes, Mask, Space
from foedus.preferences import Floats, View

SAME = 1e-9
"""Joint gains that differ by less than this part of the greater count as equal."""


@dataclass(frozen=True, slots=True, eq=False)
class Yardstick:
    """What gains are measured by: an actor's range over the settled states, as value and as rank.

    Ranks are dense, from 0, over what states fall to.
    """

    view: View
    value_range: float
    rank_range: int

    @classmethod
    def of(cls, space: Space, view: View) -> Yardstick:
        """Measure an actor's range over the settled states of a space."""
        values, ranks = view.values[space.settled], view.levels[space.settled]
        return cls(view, float(np.ptp(values)), int(np.ptp(ranks)))

    def share(self, origin: int, targets: Indexes, *, in_ranks: bool) -> Floats:
        """Gains from ``origin`` as shares of the range, 0 where there is none; as ``targets``."""
        if in_ranks:
            gain = (self.view.levels[targets] - self.view.levels[origin]).astype(float)
            whole = float(self.rank_range)
        else:
            gain = self.view.values[targets] - self.view.values[origin]
            whole = self.value_range
        return np.clip(gain / whole, 0.0, None) if whole > 0 else np.zeros(len(targets))


def joint_gain(yardsticks: Sequence[Yardstick], origin: int, targets: Indexes) -> Floats:
    """The geometric mean of the members' gains, as shares of their ranges; shape of ``targets``.

    Electorates do not count. With an ordinal member all gains are in ranks. Of nobody it is 0,
    a number that nothing depends on.
    """
    counted = [y for y in yardsticks if not y.view.electorate]
    if not counted:
        return np.zeros(len(targets))
    in_ranks = any(y.view.kind == "ordinal" for y in counted)
    shares = [y.share(origin, targets, in_ranks=in_ranks) for y in counted]
    return np.asarray(np.prod(shares, axis=0) ** (1.0 / len(shares)))


def greatest(gains: Floats) -> Mask:
    """Which gains are the greatest, those equal to it up to rounding included."""
    return np.asarray(gains >= gains.max() * (1.0 - SAME))


def shortfalls(view: View, origin: int, targets: Indexes) -> Floats:
    """What an actor lacks to agree to go from ``origin``; shape of ``targets``.

    For a utility, the loss: more than that much is lacking. For an ordinal actor, the ranks up to
    the first that is better. For an electorate, percentage points up to its threshold. Where the
    actor agrees the number is below nothing, or means nothing.
    """
    if view.threshold is not None:
        return np.asarray(view.threshold - view.values[targets])
    if view.kind == "ordinal":
        return np.asarray(view.levels[origin] - view.levels[targets] + 1, dtype=np.float64)
    same = view.levels[targets] == view.levels[origin]
    return np.asarray(np.where(same, 0.0, view.values[origin] - view.values[targets]))
