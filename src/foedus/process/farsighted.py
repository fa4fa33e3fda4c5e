"""The process of farsighted actors: each goes by what it expects at the end, given what follows.

Solved backwards from the deadline, in one draw, over all states that can come about in it. Actors
reconsider on a calendar; between two of its days what they agree to is fixed, from what they expect
at the later one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from foedus.process.agreement import Clocks
from foedus.process.chain import (
    Passage,
    Steady,
    Stretch,
    passed_back,
    passed_through,
    polynomials,
)
from foedus.process.clocks import Component
from foedus.process.jumps import after, happened, jump_of
from foedus.process.looking import Forbidden
from foedus.process.packed import Packed
from foedus.process.proposals import Layout
from foedus.process.rates import Rates, rates_of
from foedus.process.scene import Scene, ground_of
from foedus.process.seasons import Seasons
from foedus.process.timing import Timing
from foedus.process.worths import Worths

CALENDAR = 7.0
"""Actors reconsider every so many days, counted back from the deadline."""


KEPT = 1 << 21
"""Stretches with so many ways in all are kept as they are; those of more are made anew."""


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """A stretch between two days on which actors reconsider, with the jump at its end.

    ``end`` is in days, ``goes_by`` (nodes, ordinary actors) what actors go by in it, if it is kept.
    """

    stretch: Callable[[], Stretch]
    jump: csr_array | None
    end: float
    goes_by: Floats | None

    @property
    def passage(self) -> Passage:
        """The stretch with its jump."""
        return self.stretch(), self.jump


@dataclass(frozen=True, eq=False)
class Farsighted:
    """The solved chain of farsighted actors in one draw.

    ``state`` (nodes,) ascending; ``number`` (states,) the node of each, -1 for none. ``value``
    (nodes, ordinary actors) is what each expects today; ``legs`` lead forward in time.
    """

    state: Indexes
    number: Indexes
    value: Floats
    legs: Sequence[Leg]

    def onward(self, chances: Floats) -> Iterator[Floats]:
        """Chances (nodes,) at the end of each leg, from those today."""
        return passed_through((leg.passage for leg in self.legs), chances)

    def end(self, chances: Floats) -> Floats:
        """Chances (nodes,) at the deadline, from those today."""
        return deque(self.onward(chances), maxlen=1)[0]

    def backward(self, values: Floats) -> Floats:
        """Expected values (nodes, ...) today, from what nodes are worth at the end."""
        return passed_back((leg.passage for leg in reversed(self.legs)), values)


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
    noted: bool = False,
) -> Farsighted:
    """Solve one draw backwards; ``forbidden`` as in :func:`~.explored.explore`.

    States that cannot come about because electorates vote down what leads to them are looked at
    only with ``everywhere``. What actors go by is kept with ``noted``.
    """
    ground = ground_of(seasons, timing.world, starts, forbidden)
    scene = Scene(ground, worths, draw, everywhere=everywhere)
    return _Backwards(scene, timing, draw, noted=noted).solved(calendar)


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
    def __init__(self, scene: Scene, timing: Timing, draw: int, *, noted: bool) -> None:
        self.timing = timing.some(slice(draw, draw + 1))
        self.scene = scene
        self.draws = np.zeros(len(scene.state), dtype=np.intp)
        self.compiled: ModuleType | None = None
        self._noted = noted
        self._room = KEPT
        self._last: tuple[Clocks | Packed, Rates] | None = None
        self._packed: tuple[Clocks, Packed] | None = None

    def _rates(self, clocks: Clocks | Packed, layout: Layout) -> Rates:
        """The rates of clocks; the same object for the same clocks as the last time."""
        if self._last is None or self._last[0] is not clocks:
            whole = clocks.unpacked(layout) if isinstance(clocks, Packed) else clocks
            target = layout.target[whole.option].astype(np.intp)
            self._last = clocks, rates_of(whole, target, self.draws, self.compiled)
        return self._last[1]

    def _stretch(
        self, clocks: Clocks | Packed, layout: Layout, start: float, end: float
    ) -> Stretch:
        """From one day to another, while the same clocks run."""
        return Stretch(
            self._rates(clocks, layout),
            self.timing,
            len(self.scene.state),
            np.array([start]),
            np.array([end]),
            partial(self._fitted, start) if start < end else None,
            self.steady(start),
        )

    def _again(
        self, stretch: Stretch, clocks: Clocks, layout: Layout, start: float, end: float
    ) -> Callable[[], Stretch]:
        """How a stretch is had again: as it is while there is room, and then made anew."""
        self._room -= stretch.ways
        if self._room >= 0 or layout.rules.by_coalition:
            return lambda: stretch
        if self._packed is None or self._packed[0] is not clocks:
            self._packed = clocks, Packed.of(clocks, layout)
        return partial(self._stretch, self._packed[1], layout, start, end)

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
    ) -> csr_array | None:
        """What becomes ready on a day; ``ready`` are the items that were before."""
        season = int(self.timing.season(np.array([at]))[0])
        proposals = self.scene.proposals(season, ready)
        clocks = proposals.clocks(value.T, self.compiled)
        target = proposals.layout.target[clocks.option].astype(np.intp)
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
        self._fitted = _Fitted(timing, sorted({*days_on, *begins}))
        value = np.ascontiguousarray(self.scene.worth.T)
        legs = []
        ready = np.bitwise_or.reduce(np.array([*jumps.values(), 0], dtype=np.uint64))
        self.compiled = fast.loops(int(self.scene.changes * len(days_on)))
        for later, earlier in zip(days_on, [*days_on[1:], 0.0], strict=True):
            jump = None
            if later in jumps:
                ready &= ~jumps[later]
                jump = self.jump(later, jumps[later], ready, value)
                value = value if jump is None else jump @ value
            events = self.happened(later)
            if events is not None:
                jump, value = after(events, jump), events @ value
            season = int(timing.season(np.array([earlier]))[0])
            proposals = self.scene.proposals(season, ready)
            clocks = proposals.clocks(value.T, self.compiled)
            layout, going_by = proposals.layout, value if self._noted else None
            inner = [later, *(b for b in reversed(begins) if earlier < b < later), earlier]
            for end, start in pairwise(inner):
                if end == start and jump is None:
                    continue
                stretch = self._stretch(clocks, layout, start, end)
                value = stretch.backward(value)
                again = self._again(stretch, clocks, layout, start, end)
                legs.append(Leg(again, jump, end, going_by))
                jump = None
        return Farsighted(self.scene.state, self.scene.number, value, legs[::-1])
