"""The process of farsighted actors: each goes by what it expects at the end, given what follows.

Solved backwards from the deadline, in one draw, over all states that changes can lead to. Actors
reconsider on a calendar; between two of its days what they agree to is fixed, from what they expect
at the later one.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process import fast
from foedus.process.chain import Stretch, Timing, jump_of, passed_through, polynomials
from foedus.process.clocks import Component
from foedus.process.proposals import Layout, Pairs, Proposals, layout_of, proposals_of
from foedus.process.rates import Settings, rates_of
from foedus.process.rules import Rules
from foedus.process.worths import Worths

CALENDAR = 7.0
"""Actors reconsider every so many days, counted back from the deadline."""


def can_be_reached(rules: Rules, starts: Indexes) -> Indexes:
    """All states that changes lead to from ``starts``, whoever agrees to them; ascending."""
    seen = np.zeros(len(rules.space), dtype=bool)
    fresh = np.unique(starts)
    while len(fresh):
        seen[fresh] = True
        changes, _, change = rules.changes_at(fresh)
        to = np.unique(changes.target[change])
        fresh = to[~seen[to]]
    return np.flatnonzero(seen)


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


def farsighted(
    rules: Rules,
    worths: Worths,
    timing: Timing,
    draw: int,
    starts: Indexes,
    *,
    calendar: float = CALENDAR,
    forbidden: tuple[Mask, bool] | None = None,
) -> Farsighted:
    """Solve one draw backwards; ``forbidden`` as in :func:`~.myopic.explore`."""
    ground = ground_of(rules, starts, forbidden)
    return _Backwards(ground, worths, timing, draw).solved(calendar)


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


class Ground:
    """What does not differ between draws: the states one can get to from ``starts``, and proposals.

    ``state`` (nodes,) ascending; ``number`` (states,) the node of each, -1 for none.
    """

    def __init__(
        self, rules: Rules, starts: Indexes, forbidden: tuple[Mask, bool] | None = None
    ) -> None:
        self.rules = rules
        self.state = can_be_reached(rules, starts)
        self.number = np.full(len(rules.space), -1, dtype=np.intp)
        self.number[self.state] = np.arange(len(self.state))
        changes, node, change = rules.changes_at(self.state)
        target = changes.target[change]
        deleted = None
        if forbidden is not None:
            inside, entering = forbidden
            before, after = inside[self.state[node]], inside[target]
            deleted = (after & ~before) if entering else (before & ~after)
        self.pairs = Pairs(
            node,
            self.number[target],
            change,
            changes.family[change],
            changes.issues[change],
            changes.items[change],
            deleted,
        )
        self._layouts: dict[int, Layout] = {}

    def proposals(self, worths: Worths, draw: int, ready: np.uint64) -> Proposals:
        """The proposals in one draw, when the items ``ready`` (bits) need not be waited for."""
        if int(ready) not in self._layouts:
            self._layouts[int(ready)] = layout_of(self.rules, self.pairs, ready)
        passes, fallen = worths.passes[:, draw, self.state], worths.worth[:, draw, self.state]
        return proposals_of(self._layouts[int(ready)], self.rules.members, passes, fallen)


_GROUNDS: WeakKeyDictionary[Rules, dict[tuple[bytes, ...], Ground]] = WeakKeyDictionary()

MOST_GROUNDS = 4
"""So many grounds are kept for each rules."""


def ground_of(rules: Rules, starts: Indexes, forbidden: tuple[Mask, bool] | None) -> Ground:
    """The ground from ``starts``, found once for all draws."""
    kept = _GROUNDS.setdefault(rules, {})
    key: tuple[bytes, ...] = (starts.tobytes(),)
    if forbidden is not None:
        key = (*key, forbidden[0].tobytes(), bytes([forbidden[1]]))
    if key not in kept:
        while len(kept) >= MOST_GROUNDS:
            del kept[next(iter(kept))]
        kept[key] = Ground(rules, starts, forbidden)
    return kept[key]


class _Backwards:
    def __init__(self, ground: Ground, worths: Worths, timing: Timing, draw: int) -> None:
        self.timing = Timing(
            timing.hazard[draw : draw + 1],
            timing.lead[draw : draw + 1],
            timing.recorded,
            timing.meetings,
            timing.days,
        )
        self.ground = ground
        self.state, self.number = ground.state, ground.number
        self.fallen = worths.worth[:, draw, self.state]
        self.draws = np.zeros(len(self.state), dtype=np.intp)
        self.proposals = partial(ground.proposals, worths, draw)

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
        dates = {days - k * calendar for k in range(int(np.ceil(days / calendar)))} | {0.0}
        days_on = sorted(dates | set(jumps), reverse=True)
        fitted = _Fitted(timing, sorted({*days_on, *begins}))
        value = np.ascontiguousarray(self.fallen.T)
        stretches, ends, goes_by = [], [], []
        ready = np.bitwise_or.reduce(np.array([*jumps.values(), 0], dtype=np.uint64))
        proposals = self.proposals(ready)
        compiled = fast.loops(len(self.ground.pairs.node) * len(days_on))
        settings = Settings(compiled)
        for later, earlier in zip(days_on, [*days_on[1:], 0.0], strict=True):
            jump = None
            if later in jumps:
                ready &= ~jumps[later]
                proposals = self.proposals(ready)
                clocks = proposals.clocks(value.T.copy(), compiled)
                bits: npt.NDArray[np.uint64] = np.array([jumps[later]], dtype=np.uint64)
                at = np.array([later])
                target = self.ground.pairs.target[clocks.option]
                jump = jump_of(clocks, target, self.draws, bits, timing, at)
                if jump is not None:
                    value = jump @ value
            clocks = proposals.clocks(value.T.copy(), compiled)
            rates = rates_of(clocks, self.ground.pairs.target[clocks.option], self.draws, settings)
            going_by = value
            inner = [later, *(b for b in reversed(begins) if earlier < b < later), earlier]
            for end, start in pairwise(inner):
                if end == start and jump is None:
                    continue
                stretch = Stretch(
                    rates,
                    timing,
                    len(self.state),
                    np.array([start]),
                    np.array([end]),
                    partial(fitted, start) if start < end else None,
                )
                value = stretch.backward(value)
                stretches.append((stretch, jump))
                ends.append(end)
                goes_by.append(going_by)
                jump = None
        return Farsighted(
            self.state, self.number, value, np.array(ends[::-1]), stretches[::-1], goes_by[::-1]
        )
