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
from foedus.process.agreement import (
    Agreed,
    Answers,
    Clocks,
    agreed_changes,
    any_agrees,
    running,
)
from foedus.process.chain import Stretch, Timing, jump_of, passed_through
from foedus.process.rates import Rates, Settings, rates_of
from foedus.process.rules import Rules
from foedus.process.worths import TOLERANCE, Worths

PAIRS = 1 << 20
"""So many pairs of a node and a change are looked at together."""


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
        fresh_draw, fresh_state = [], []
        for begin, end in rules.pieces(state, PAIRS):
            piece = slice(begin, end)
            agreed = _agreed(rules, worths, draw[piece], state[piece], forbidden)
            rows, targets = agreed[1], agreed[4]
            origin = number[draw[piece][rows], state[piece][rows]].astype(np.intp)
            found.append((agreed[0].mean, agreed[0].coalition, origin, *agreed[2:4], targets))
            came = _options(agreed, origin, ready[:, draw[piece][rows]])
            to_draw, to_state = draw[piece][rows[came]], targets[came]
            new = number[to_draw, to_state] < 0
            key = np.unique(to_draw[new] * len(rules.space) + to_state[new])
            to_draw, to_state = np.divmod(key, len(rules.space))
            number[to_draw, to_state] = count + np.arange(len(key))
            count += len(key)
            fresh_draw.append(to_draw)
            fresh_state.append(to_state)
        draw, state = np.concatenate(fresh_draw), np.concatenate(fresh_state)
        all_draw.append(draw)
        all_state.append(state)
    mean, coalition, node, issues, items, target = (
        np.concatenate([piece[k] for piece in found]) for k in range(6)
    )
    draw, state = np.concatenate(all_draw), np.concatenate(all_state)
    order = np.argsort(node, kind="stable")
    agreed_all = Agreed(np.arange(len(node)), mean[order], coalition[order])
    return Explored(
        draw,
        state,
        agreed_all,
        node[order],
        issues[order],
        items[order],
        number[draw[node[order]], target[order]].astype(np.intp),
        number,
    )


def _agreed(
    rules: Rules,
    worths: Worths,
    draw: Indexes,
    state: Indexes,
    forbidden: tuple[Mask, bool] | None,
) -> tuple[Agreed, Indexes, npt.NDArray[np.uint64], npt.NDArray[np.uint64], Indexes]:
    """What is agreed at some nodes: with, by agreed change, row, issues, items, target."""
    changes, row, change = rules.changes_at(state)
    target = changes.target[change]
    deleted = None
    if forbidden is not None:
        inside, entering = forbidden
        origin, there = inside[state[row]], inside[target]
        deleted = (there & ~origin) if entering else (origin & ~there)
    place = draw[row] * len(rules.space)
    after, before = place + target, place + state[row]
    flat = worths.worth.reshape(len(worths.ordinary), -1)
    agree = _who_agrees(rules, worths, changes.family[change], draw[row], before, after)
    some = any_agrees(rules.families, changes.family[change], agree)
    if deleted is not None:
        some &= ~deleted
    agreed = agreed_changes(
        Answers(
            changes,
            rules.families,
            change,
            agree,
            some,
            lambda pair: flat[:, after[pair]] - flat[:, before[pair]],
        ),
        np.flatnonzero(some),
        by_coalition=rules.by_coalition,
    )
    chosen = change[agreed.pair]
    return (
        agreed,
        row[agreed.pair],
        changes.issues[chosen],
        changes.items[chosen],
        changes.target[chosen],
    )


def _who_agrees(
    rules: Rules, worths: Worths, family: Indexes, draw: Indexes, before: Indexes, after: Indexes
) -> npt.NDArray[np.uint64]:
    """Who agrees, of those whose answer counts, as a set of actors (bits) for each pair; (pairs,).

    An actor is asked only where it is in a coalition, and not where the only one has been refused.
    """
    asked, alone = rules.families.asked, rules.families.alone
    agree = np.zeros(len(family), dtype=np.uint64)
    ordinary, size = len(worths.ordinary), worths.worth[0].size if len(worths.worth) else 0
    worth, passes = worths.worth.reshape(-1), worths.passes.reshape(-1)
    least = worths.least + TOLERANCE
    open_, here = np.arange(len(family)), family
    for slot in range(asked.shape[1]):
        actor = asked[here, slot]
        there = actor >= 0
        open_, here, actor = open_[there], here[there], actor[there]
        first = np.where(actor < ordinary, actor, 0) * size
        gain = worth[first + after[open_]] - worth[first + before[open_]]
        agrees = gain > least[np.where(actor < ordinary, actor, 0), draw[open_]]
        votes = np.flatnonzero(actor >= ordinary)
        if len(votes):
            place = (actor[votes] - ordinary) * size + after[open_[votes]]
            agrees[votes] = passes[place]
        agree[open_] |= np.where(agrees, np.uint64(1) << actor.astype(np.uint64), np.uint64(0))
        going = agrees | ~alone[here]
        open_, here = open_[going], here[going]
    return agree


def _options(
    agreed: tuple[Agreed, Indexes, npt.NDArray[np.uint64], npt.NDArray[np.uint64], Indexes],
    node: Indexes,
    ready: npt.NDArray[np.uint64],
) -> Indexes:
    """Which of the agreed changes some clock of some regime would bring."""
    local = Agreed(np.arange(len(node)), agreed[0].mean, agreed[0].coalition)
    seen: list[Indexes] = []
    for regime in range(len(ready)):
        if regime and (ready[regime] == ready[regime - 1]).all():
            continue
        seen.append(running(node, agreed[3] & ~ready[regime], agreed[2], local).option)
    return np.unique(np.concatenate(seen)) if seen else np.zeros(0, dtype=np.intp)


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
            clocks = running(e.node, e.items & ~ready[e.draw[e.node]], e.issues, e.agreed)
            rates = rates_of(clocks, e.target[clocks.option], e.draw, Settings())
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
