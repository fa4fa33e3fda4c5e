"""Layers: the time cut where rights or the world change, so that a way keeps to the order of days.

Within a layer what may be done does not change. A place is a state in a layer; from one layer one
comes to the next by waiting, or by an event on the day on which the next begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from foedus.game.space import Indexes
from foedus.preferences.sample import Floats
from foedus.process.timing import Timing


class Led(NamedTuple):
    """Where a happening leads: from places (states,) to others, both by number."""

    node: Indexes
    target: Indexes
    happening: int


@dataclass(frozen=True, eq=False)
class Layers:
    """The layers of one draw, over a space of ``size`` states; ``starts`` (layers,) in days.

    Place layer * size + state is a state in a layer. ``season`` (layers,) is that of each, -1 for
    the last moment, in which nobody moves.
    """

    size: int
    timing: Timing
    starts: Floats
    season: Indexes

    @classmethod
    def of(cls, timing: Timing, size: int) -> Layers:
        """Cut the time of the first draw at ``timing.cuts``, and before events of the last day."""
        happens = timing.events[0] > 0
        last = [timing.days] if (timing.world.day[happens] == timing.days).any() else []
        starts = np.unique(np.concatenate([[0.0], timing.cuts, last]))
        season = np.where(starts < timing.days, timing.season(starts), -1)
        return cls(size, timing, starts, season)

    def __len__(self) -> int:
        return len(self.starts)

    def waits(self, states: Indexes) -> tuple[Indexes, Indexes]:
        """From every layer but the last to the next: (nodes, targets)."""
        node = (np.arange(len(self) - 1)[:, None] * self.size + states).ravel()
        return node, node + self.size

    def led(self, states: Indexes) -> Iterator[Led]:
        """Where events lead, in the layers in which they may come."""
        world = self.timing.world
        for happening in np.flatnonzero(self.timing.events[0] > 0).tolist():
            origin = states[world.leads(happening, states)]
            target = world.target[happening, origin]
            if world.clocked[happening]:
                on = (self.starts < world.until[happening]) & (self.season >= 0)
                first, then = (np.flatnonzero(on)[:, None] * self.size,) * 2
            else:
                then = np.flatnonzero(self.starts == world.day[happening])[:, None] * self.size
                first = then - self.size
            yield Led((first + origin).ravel(), (then + target).ravel(), happening)
