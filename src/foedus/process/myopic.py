"""The process of myopic actors: what they agree to does not change with time.

Only states that come about from where one starts are looked at, in all draws together.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from foedus.game.space import Indexes
from foedus.preferences.sample import Floats
from foedus.process import fast
from foedus.process.agreement import Clocks, running
from foedus.process.chain import Passage, Steady, Stretch, passed_back, passed_through
from foedus.process.explored import Explored
from foedus.process.jumps import after, happened, jump_of
from foedus.process.rates import Rates, rates_of, together
from foedus.process.timing import Schedule, Timing


@dataclass(frozen=True, eq=False)
class Myopic:
    """The chain of myopic actors in all draws of a block."""

    explored: Explored
    timing: Timing
    schedule: Schedule
    _kept: dict[bytes, tuple[Clocks, Rates]] = field(default_factory=dict, init=False)

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return len(self.explored.draw)

    def clocks(self, ready: npt.NDArray[np.uint64], seasons: Indexes) -> tuple[Clocks, Rates]:
        """The clocks that run, and their rates; the same object for the same.

        ``ready`` (draws,) are the items that need not be waited for, ``seasons`` (draws,) where in
        time one is. The options of clocks are ways.
        """
        key = ready.tobytes() + seasons.tobytes()
        if key not in self._kept:
            ways, draw = self.explored.ways, self.explored.draw
            rows = np.arange(len(ways.node))
            if len(self.timing.seasons) > 1 or len(self.timing.world):
                rows = np.flatnonzero((ways.event < 0) & (ways.season == seasons[draw[ways.node]]))
            node = ways.node[rows]
            items = ways.items[rows] & ~ready[draw[node]]
            compiled = fast.loops(8 * len(rows))  # each is passed through many times
            clocks = running(node, items, ways.issues[rows], ways.agreed(rows), compiled)
            rates = rates_of(clocks, ways.target[clocks.option], draw, compiled)
            if ways.coalition.any():
                rates = together(rates)
            self._kept[key] = clocks, rates
        return self._kept[key]

    def _steady(self, starts: Floats) -> Steady:
        """The events that come by clocks after ``starts`` (draws,)."""
        ways, timing = self.explored.ways, self.timing
        rows = np.flatnonzero(ways.event >= 0)
        event, draw = ways.event[rows], self.explored.draw[ways.node[rows]]
        on = timing.world.clocked[event] & (starts[draw] < timing.world.until[event])
        rows, event, draw = rows[on], event[on], draw[on]
        return Steady(ways.node[rows], ways.target[rows], draw, timing.events[draw, event])

    def _happened(self, ends: Floats) -> csr_array | None:
        """The events of the days ``ends`` (draws,)."""
        ways, world = self.explored.ways, self.timing.world
        found = []
        for here in world.of_days:
            rows = np.flatnonzero(np.isin(ways.event, here))
            draw = self.explored.draw[ways.node[rows]]
            on = world.day[ways.event[rows]] == ends[draw]
            rows, draw = rows[on], draw[on]
            chance = self.timing.events[draw, ways.event[rows]]
            found.append((ways.node[rows], ways.target[rows], chance))
        return happened(found, self.nodes)

    @cached_property
    def stretches(self) -> list[Passage]:
        """The stretches in order, each with the jump at its end."""
        return [self._passage(k) for k in range(len(self.schedule.ends))]

    def _passage(self, k: int) -> Passage:
        """One of the stretches, with its jump."""
        ends = self.schedule.ends[k]
        starts = self.schedule.ends[k - 1] if k else np.zeros_like(ends)
        ready, jumping = self.schedule.ready[k], self.schedule.jumping[k]
        _, rates = self.clocks(ready, self.timing.season(starts))
        steady = self._steady(starts) if self._has_events else None
        jump = self._happened(ends) if self._has_events else None
        if jumping.any():
            clocks, _ = self.clocks(ready, self.timing.season(ends))
            target, draw = self.explored.ways.target[clocks.option], self.explored.draw
            jump = after(jump, jump_of(clocks, target, draw, jumping, self.timing, ends))
        return Stretch(rates, self.timing, self.nodes, starts, ends, steady=steady), jump

    @cached_property
    def _has_events(self) -> bool:
        return bool((self.explored.ways.event >= 0).any())

    def onward(self, chances: Floats) -> Iterator[Floats]:
        """Chances (nodes,) at the end of each stretch, from those today.

        What is changed in one is carried on to the next. One stretch is held at a time.
        """
        return passed_through(map(self._passage, range(len(self.schedule.ends))), chances)

    def forward(self, chances: Floats) -> list[Floats]:
        """Chances (nodes,) at the end of each stretch, from those today."""
        return list(self.onward(chances))

    def end(self, chances: Floats) -> Floats:
        """Chances (nodes,) at the deadline, from those today."""
        return deque(self.onward(chances), maxlen=1)[0]

    def backward(self, values: Floats) -> Floats:
        """Expected values (nodes, ...) today, from what nodes are worth at the end."""
        every = reversed(range(len(self.schedule.ends)))
        return passed_back(map(self._passage, every), values)
