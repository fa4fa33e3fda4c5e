"""The process of farsighted actors: each goes by what it expects at the end, given what follows.

Solved backwards from the deadline, in one draw, over all states that can come about in it. Actors
reconsider on a calendar; between two of its days what they agree to is fixed, from what they expect
at the later one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from types import ModuleType

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from foedus.game.space import Indexes
from foedus.preferences.sample import Floats
from foedus.process import fast
from foedus.process.chain import Steady, Stretch, passed_back, passed_through, polynomials
from foedus.process.clocks import Component
from foedus.process.jumps import after, happened, jump_of
from foedus.process.looking import Forbidden
from foedus.process.rates import rates_of
from foedus.process.scene import Scene, ground_of
from foedus.process.seasons import Seasons
from foedus.process.timing import Timing
from foedus.process.worths import Worths

CALENDAR = 7.0
"""Actors reconsider every so many days, counted back from the deadline."""


@dataclass(frozen=True, eq=False)
class Farsighted:
    """The solved chain of farsighted actors in one draw.

    ``state`` (nodes,) ascending; ``number`` (states,) the node of each, -1 for none. ``value``
    (nodes, ordinary actors) is what each expects today; ``stretches`` lead forward in time, each
    with the jump at its end; ``ends`` are in days. ``goes_by`` (stretches, nodes, actors) is what
    actors go by in each.
    """

    state: Indexes
    number: Indexes
    value: Floats
    ends: Floats
    stretches: list[tuple[Stretch, csr_array | None]]
    goes_by: list[Floats]

    def forward(self, chances: Floats) -> list[Floats]:
        """Chances (nodes,) at the end of each stretch, from those today."""
        return passed_through(self.stretches, chances)

    def backward(self, values: Floats) -> Floats:
        """Expected values (nodes, ...) today, from what nodes are worth at the end."""
        return passed_back(self.stretches, values)


def farsighted(
    seasons: Seasons,
    worths: Worths,
    timing: Timing,
    draw: int,
    starts: Indexes,
    *,
    calendar: float = CALENDAR,
    forbidden: Forbidden | None = None,
    everywhere: bool = False,
) -> Farsighted:
    """Solve one draw backwards; ``forbidden`` as in :func:`~.explored.explore`.

    States that cannot come about because electorates vote down what leads to them are looked at
    only with ``everywhere``.
    """
    ground = ground_of(seasons, timing.world, starts, forbidden)
    scene = Scene(ground, worths, draw, everywhere=everywhere)
    return _Backwards(scene, timing, draw).solved(calendar)


class _Fitted:
    """The polynomials of components from each moment to the next, all moments fitted at once."""

    def __init__(self, timing: Timing, moments: list[float]) -> None:
        self._timing = timing
        self._start = np.array(moments[:-1])
        self._length = np.diff(moments)
        self._place = {start: k for k, start in enumerate(moments)}
        self._found: dict[Component, Floats] = {}

    def __call__(self, start: float, component: Component) -> Floats:
        """Those of a component from ``start`` on: (clocks, powers)."""
        if component not in self._found:
            draws = np.zeros(len(self._start), dtype=np.intp)
            each = polynomials(component, self._timing, draws, self._start, self._length, 1)
            self._found[component] = each[:, :, 0]
        return self._found[component][:, self._place[start]]


class _Backwards:
    def __init__(self, scene: Scene, timing: Timing, draw: int) -> None:
        self.timing = timing.some(slice(draw, draw + 1))
        self.scene = scene
        self.draws = np.zeros(len(scene.state), dtype=np.intp)

    def steady(self, start: float) -> Steady | None:
        """The events that come by clocks after ``start``."""
        node, target, event = self.scene.events
        world = self.timing.world
        on = np.flatnonzero(world.clocked[event] & (start < world.until[event]))
        rate = self.timing.events[0, event[on]]
        if not len(on):
            return None
        return Steady(node[on], target[on], np.zeros(len(on), dtype=np.intp), rate)

    def happened(self, at: float) -> csr_array | None:
        """The events of a day."""
        node, target, event = self.scene.events
        found = []
        for here in self.timing.world.of_days:
            if self.timing.world.day[here[0]] == at:
                rows = np.flatnonzero(np.isin(event, here))
                found.append((node[rows], target[rows], self.timing.events[0, event[rows]]))
        return happened(found, len(self.scene.state))

    def jump(
        self,
        at: float,
        jumping: np.uint64,
        ready: np.uint64,
        value: Floats,
        compiled: ModuleType | None,
    ) -> csr_array | None:
        """What becomes ready on a day; ``ready`` are the items that were before."""
        season = int(self.timing.season(np.array([at]))[0])
        proposals = self.scene.proposals(season, ready)
        clocks = proposals.clocks(value.T, compiled)
        target = proposals.layout.target[clocks.option]
        bits: npt.NDArray[np.uint64] = np.array([jumping], dtype=np.uint64)
        return jump_of(clocks, target, self.draws, bits, self.timing, np.array([at]))

    def days_on(self, jumps: Iterable[float], calendar: float) -> list[float]:
        """The days on which actors reconsider, the last first: of the calendar, of jumps, events.

        And those on which a season begins or an event's clock ends.
        """
        days = self.timing.days
        dates = {days - k * calendar for k in range(int(np.ceil(days / calendar)))}
        return sorted(dates | {0.0} | set(jumps) | set(self.timing.cuts.tolist()), reverse=True)

    def solved(self, calendar: float) -> Farsighted:
        """Solve from the deadline to today."""
        timing, days = self.timing, self.timing.days
        lead = timing.lead[0]
        jumps = {
            float(at): np.bitwise_or.reduce(
                np.uint64(1) << np.flatnonzero((lead == at) & ~timing.recorded).astype(np.uint64)
            )
            for at in np.unique(lead[~timing.recorded & (lead <= days)])
        }
        begins = [float(at) for at in np.unique(lead[timing.recorded]) if 0 < at < days]
        days_on = self.days_on(jumps, calendar)
        fitted = _Fitted(timing, sorted({*days_on, *begins}))
        value = np.ascontiguousarray(self.scene.worth.T)
        stretches, ends, goes_by = [], [], []
        ready = np.bitwise_or.reduce(np.array([*jumps.values(), 0], dtype=np.uint64))
        compiled = fast.loops(int(self.scene.changes * len(days_on)))
        for later, earlier in zip(days_on, [*days_on[1:], 0.0], strict=True):
            jump = None
            if later in jumps:
                ready &= ~jumps[later]
                jump = self.jump(later, jumps[later], ready, value, compiled)
                value = value if jump is None else jump @ value
            events = self.happened(later)
            if events is not None:
                jump, value = after(events, jump), events @ value
            season = int(timing.season(np.array([earlier]))[0])
            proposals = self.scene.proposals(season, ready)
            clocks = proposals.clocks(value.T, compiled)
            target = proposals.layout.target[clocks.option]
            rates = rates_of(clocks, target, self.draws, compiled)
            going_by = value
            inner = [later, *(b for b in reversed(begins) if earlier < b < later), earlier]
            for end, start in pairwise(inner):
                if end == start and jump is None:
                    continue
                stretch = Stretch(
                    rates,
                    timing,
                    len(self.scene.state),
                    np.array([start]),
                    np.array([end]),
                    partial(fitted, start) if start < end else None,
                    self.steady(start),
                )
                value = stretch.backward(value)
                stretches.append((stretch, jump))
                ends.append(end)
                goes_by.append(going_by)
                jump = None
        state, number = self.scene.state, self.scene.number
        return Farsighted(
            state, number, value, np.array(ends[::-1]), stretches[::-1], goes_by[::-1]
        )
