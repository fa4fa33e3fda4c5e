"""The process of myopic actors: what they agree to does not change with time.

Only states that come about from where one starts are looked at, in all draws together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process import fast
from foedus.process.agreement import Agreed, Clocks, running
from foedus.process.chain import Stretch, Timing, jump_of, passed_through
from foedus.process.looking import agreed_at
from foedus.process.rates import Rates, Settings, rates_of
from foedus.process.rules import Rules
from foedus.process.worths import Worths


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """When the chain changes, by draw: stretches end at ``ends`` (stretches, draws), in days.

    ``ready`` (stretches, draws) are the items (bits) that have become ready of themselves before
    the stretch; ``jumping`` those that do at its end.
    """

    ends: Floats
    ready: npt.NDArray[np.uint64]
    jumping: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, timing: Timing, moments: Floats) -> Schedule:
        """Stretches end where an item begins or becomes ready, at ``moments`` and at the end."""
        draws, items = timing.lead.shape
        leads = np.where(timing.lead <= timing.days, timing.lead, timing.days)
        fixed = np.broadcast_to(np.append(moments, timing.days), (draws, len(moments) + 1))
        ends = np.sort(np.concatenate([leads, fixed], axis=1), axis=1)
        most = max(len(np.unique(row)) for row in ends)
        table = np.full((draws, most), timing.days)
        for draw in range(draws):
            times = np.unique(ends[draw])
            table[draw, most - len(times) :] = times
            table[draw, : most - len(times)] = 0.0
        jumping = np.zeros((most, draws), dtype=np.uint64)
        jumps = ~timing.recorded & (timing.lead <= timing.days)
        for item in range(items):
            waiting = np.flatnonzero(jumps[:, item])
            last = (
                most
                - 1
                - np.argmax(table[waiting, ::-1] == timing.lead[waiting, item, None], axis=1)
            )
            jumping[last, waiting] |= np.uint64(1 << item)
        before = np.zeros_like(jumping)
        before[1:] = np.bitwise_or.accumulate(jumping, axis=0)[:-1]
        return cls(table.T, before, jumping)

    def stretch_until(self, moment: float) -> Indexes:
        """By draw: the last stretch that ends at a moment, which is one of the ends; (draws,)."""
        last = len(self.ends) - 1
        return np.asarray(last - np.argmax(self.ends[::-1] == moment, axis=0))


@dataclass(frozen=True, slots=True, eq=False)
class Explored:
    """The nodes that come about, and what is agreed at each.

    ``draw`` and ``state`` (nodes,); ``agreed`` with, by agreed change, its ``node``, ``issues``,
    ``items`` and the node it leads to, ``target``.
    """

    draw: Indexes
    state: Indexes
    agreed: Agreed
    node: Indexes
    issues: npt.NDArray[np.uint64]
    items: npt.NDArray[np.uint64]
    target: Indexes
    number: npt.NDArray[np.int32]
    """(draws, states): the node of each state, -1 where it does not come about."""


def explore(
    rules: Rules,
    worths: Worths,
    starts: Indexes,
    ready: npt.NDArray[np.uint64],
    *,
    forbidden: tuple[Mask, bool] | None = None,
) -> Explored:
    """All nodes that come about in some regime from ``starts`` (states), in every draw.

    ``ready`` (regimes, draws) are the items that no longer have to be waited for. ``forbidden``
    deletes the moves into a set of states (mask, True) or out of it (mask, False).
    """
    draws = worths.draws
    number = np.full((draws, len(rules.space)), -1, dtype=np.int32)
    draw = np.repeat(np.arange(draws), len(starts))
    state = np.tile(starts, draws)
    number[draw, state] = np.arange(len(draw))
    all_draw, all_state = [draw], [state]
    found: list[tuple[npt.NDArray[np.generic], ...]] = []
    count = len(draw)
    while len(draw):
        agreed = agreed_at(rules, worths, draw, state, ready, forbidden)
        origin = number[draw, state].astype(np.intp)[agreed.row]
        found.append((origin, agreed.change, agreed.mean, agreed.coalition))
        to_draw = draw[agreed.row[agreed.came]]
        to_state = rules.changes.target[agreed.change[agreed.came]]
        new = number[to_draw, to_state] < 0
        key = np.unique(to_draw[new] * len(rules.space) + to_state[new])
        draw, state = np.divmod(key, len(rules.space))
        number[draw, state] = count + np.arange(len(key))
        count += len(key)
        all_draw.append(draw)
        all_state.append(state)
    node, change, mean, coalition = (
        np.concatenate([piece[k] for piece in found]) for k in range(4)
    )
    draw, state = np.concatenate(all_draw), np.concatenate(all_state)
    changes = rules.changes
    return Explored(
        draw,
        state,
        Agreed(np.arange(len(node)), mean, coalition),
        node,
        changes.issues[change],
        changes.items[change],
        number[draw[node], changes.target[change]].astype(np.intp),
        number,
    )


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

    def _clocks(self, stretch: int) -> tuple[Clocks, Rates]:
        """The clocks that run in a stretch, and their rates; the same object for the same."""
        ready = self.schedule.ready[stretch]
        key = ready.tobytes()
        if key not in self._kept:
            e = self.explored
            compiled = fast.loops(8 * len(e.node))  # each is passed through many times
            clocks = running(e.node, e.items & ~ready[e.draw[e.node]], e.issues, e.agreed, compiled)
            rates = rates_of(clocks, e.target[clocks.option], e.draw, Settings(compiled))
            self._kept[key] = clocks, rates
        return self._kept[key]

    @cached_property
    def stretches(self) -> list[tuple[Stretch, csr_array | None]]:
        """The stretches in order, each with the jump at its end."""
        found = []
        starts = np.zeros(self.schedule.ends.shape[1])
        for k, ends in enumerate(self.schedule.ends):
            clocks, rates = self._clocks(k)
            jump = None
            if self.schedule.jumping[k].any():
                target = self.explored.target[clocks.option]
                jump = jump_of(
                    clocks, target, self.explored.draw, self.schedule.jumping[k], self.timing, ends
                )
            found.append((Stretch(rates, self.timing, self.nodes, starts, ends), jump))
            starts = ends
        return found

    def forward(self, chances: Floats) -> list[Floats]:
        """Chances (nodes,) at the end of each stretch, from those today."""
        return passed_through(self.stretches, chances)

    def backward(self, values: Floats) -> Floats:
        """Expected values (nodes, ...) today, from what nodes are worth at the end."""
        for stretch, jump in reversed(self.stretches):
            if jump is not None:
                values = jump @ values
            values = stretch.backward(values)
        return values
