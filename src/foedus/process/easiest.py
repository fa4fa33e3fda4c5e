"""The easiest way anybody could go into some states, where none is agreed.

Fewest refused changes, then fewest that are passed over for something better on the same clock,
then fewest changes; then fewest members who refuse, then the greatest sum of mean gains (the
geometric mean of the gains of those who agree, as shares of their ranges). Refused changes are
counted before members: by members alone the easiest way to a merger might be that one actor first
ruins everybody, itself included, so that all agree to what they refuse today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process.agreement import agreeing, any_agrees
from foedus.process.changes import NOBODY, Bits
from foedus.process.explored import Explored, explore
from foedus.process.likeliest import came, name_of
from foedus.process.model import Drawn, Process
from foedus.process.steps import Step, step_between

PAIRS = 1 << 17
"""So many changes are looked at together."""

_REFUSED, _PASSED = 2.0**40, 2.0**20
"""What a refused and a passed over change count against a change that is agreed."""


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """All changes that may be made from the states within reach; what they count, by change.

    ``weight`` orders as the module says, up to the number of changes; ``refusing`` counts members
    who refuse, ``mean`` is of those who agree.
    """

    node: Indexes
    target: Indexes
    weight: Floats
    refusing: Floats
    mean: Floats

    def only(self, kept: Mask) -> _Edges:
        """Some of them."""
        return _Edges(
            self.node[kept],
            self.target[kept],
            self.weight[kept],
            self.refusing[kept],
            self.mean[kept],
        )


class EasiestWays:
    """Looks for the easiest ways from today, in a sample of one draw, of myopic actors."""

    def __init__(self, process: Process, drawn: Drawn) -> None:
        self.process, self.drawn = process, drawn
        self.space = process.game.space

    @cached_property
    def reached(self) -> Mask:
        """The states that changes lead to from today, whoever agrees; (states,)."""
        return self.process.reached

    @cached_property
    def _agreed(self) -> tuple[Explored, Mask]:
        """What is agreed at the states within reach, and which of it some clock brings."""
        states, ready = np.flatnonzero(self.reached), self.drawn.schedule.ready
        drawn = self.drawn
        explored = explore(self.process.seasons, drawn.worths, drawn.timing, states, ready)
        brought = np.zeros(len(explored.ways.node), dtype=bool)
        brought[came(explored, drawn.timing, drawn.schedule)] = True
        return explored, brought

    @cached_property
    def _edges(self) -> _Edges:
        states = np.flatnonzero(self.reached)
        pieces = self.process.rules.pieces(states, PAIRS)
        found = [self._edges_from(states[begin:end]) for begin, end in pieces]
        return _Edges(
            np.concatenate([e.node for e in found]),
            np.concatenate([e.target for e in found]),
            np.concatenate([e.weight for e in found]),
            np.concatenate([e.refusing for e in found]),
            np.concatenate([e.mean for e in found]),
        )

    def _edges_from(self, states: Indexes) -> _Edges:
        rules, worths = self.process.rules, self.drawn.worths
        changes, row, change = rules.changes_at(states)
        node, target, family = states[row], changes.target[change], changes.family[change]
        gain = worths.worth[:, 0, target] - worths.worth[:, 0, node]
        agree = agreeing(
            gain, None, worths.least[:, [0]], worths.passes[:, 0, target], rules.members
        )
        explored, brought = self._agreed
        ways = explored.ways
        key = node * len(self.space) + target
        agreed_key = explored.state[ways.node] * len(self.space) + explored.state[ways.target]
        some = any_agrees(rules.families, family, agree)
        looked_at = np.isin(key, agreed_key)
        passed = looked_at & ~np.isin(key, agreed_key[brought])
        refusing, mean = self._best(family, agree, gain)
        kept = looked_at | ~some  # what a part of it stands in for is not looked at
        weight = 1 + np.where(some, 0, _REFUSED) + np.where(passed, _PASSED, 0)
        return _Edges(node, target, weight, refusing, mean).only(kept)

    def _best(self, family: Indexes, agree: Bits, gain: Floats) -> tuple[Floats, Floats]:
        """Of the coalition in which fewest refuse: how many do, and the mean gain of the others."""
        rules = self.process.rules
        families = rules.families
        fewest = np.full(len(family), 64.0)
        best = np.zeros(len(family))
        with np.errstate(divide="ignore"):
            logs = np.log(np.maximum(gain, 0.0))
        for column in range(families.masks.shape[1]):
            mask = families.masks[family, column]
            refuse = mask & ~agree
            count = sum((refuse >> np.uint64(k) & np.uint64(1)) for k in range(len(rules.actors)))
            content = families.members[:, family, column] & (
                (agree[None] & rules.members.ordinary[:, None]) > 0
            )
            number = content.sum(axis=0)
            total = np.where(content, logs, 0.0).sum(axis=0)
            mean = np.where(number > 0, np.exp(total / np.maximum(number, 1)), 0.0)
            count = np.where(mask == NOBODY, 64.0, count)
            better = (count < fewest) | ((count == fewest) & (mean > best))
            fewest, best = np.where(better, count, fewest), np.where(better, mean, best)
        return fewest, np.round(best, 9)

    @cached_property
    def _least(self) -> tuple[Floats, Floats, Floats, _Edges]:
        """By state: the least weight, refusing members and lost mean; the edges of such ways."""
        edges, start, size = self._edges, self.process.today, len(self.space)
        weight = _shortest(size, start, edges.node, edges.target, edges.weight)
        edges = _tight(edges, weight, edges.weight)
        refusing = _shortest(size, start, edges.node, edges.target, edges.refusing)
        edges = _tight(edges, refusing, edges.refusing)
        lost = _shortest(size, start, edges.node, edges.target, 1.0 - edges.mean)
        return weight, refusing, lost, _tight(edges, lost, 1.0 - edges.mean)

    def brought(self, origin: int, target: int) -> bool:
        """Whether a change between two states within reach is agreed, and some clock brings it."""
        e, brought = self._agreed
        here = (e.state[e.ways.node] == origin) & (e.state[e.ways.target] == target)
        return bool(brought[here].any())

    def aside(self, states: Sequence[int], inside: Mask) -> list[bool]:
        """By step of a way of agreed changes: whether the others lead inside without it.

        The steps are tried in their order, each beside those found aside before it.
        """
        positions = [self.space.positions(s) for s in states]
        changes = [
            {issue: new[issue] for issue in new if new[issue] != old[issue]}
            for old, new in pairwise(positions)
        ]
        aside = [False] * len(changes)
        for k in range(len(changes)):
            aside[k] = True
            kept = [change for change, out in zip(changes, aside, strict=True) if not out]
            aside[k] = self._leads(kept, inside)
        return aside

    def _leads(self, changes: Sequence[Mapping[str, str]], inside: Mask) -> bool:
        """Whether these changes, one after another from today, are all brought and lead inside."""
        here = self.process.today
        for change in changes:
            there = self.space.find({**self.space.positions(here), **change})
            if there is None or not self.brought(here, there):
                return False
            here = there
        return bool(inside[here])

    def to(self, inside: Mask) -> tuple[Step, ...]:
        """The easiest way into some states; empty where no change leads there, or today is in."""
        weight, refusing, lost, edges = self._least
        ends = np.flatnonzero(inside & (weight < np.inf))
        if not len(ends) or inside[self.process.today]:
            return ()
        end = min(
            ends.tolist(),
            key=lambda s: (
                weight[s],
                refusing[s],
                round(float(lost[s]), 7),
                name_of(self.space, s),
            ),
        )
        states = [end]
        while states[-1] != self.process.today:
            before = edges.node[edges.target == states[-1]].tolist()
            states.append(min(before, key=lambda s: name_of(self.space, s)))
        states.reverse()
        return tuple(self._step(a, b) for a, b in pairwise(states))

    def _step(self, origin: int, target: int) -> Step:
        (e, brought), ways = self._agreed, self._agreed[0].ways
        here = np.flatnonzero(e.state[ways.node] == origin)
        own = here[e.state[ways.target[here]] == target]
        instead: tuple[int, ...] = ()
        if len(own) and not brought[own].any():
            items = ways.items & ~self.drawn.schedule.ready[0, 0]
            mine = own[0]
            rivals = here[brought[here] & (items[here] == items[mine])]
            if not items[mine]:
                rivals = rivals[ways.issues[rivals] == ways.issues[mine]]
            instead = tuple(sorted({int(s) for s in e.state[ways.target[rivals]]}))
        return step_between(self.process, self.drawn, origin, target, instead=instead)


def _shortest(size: int, start: int, node: Indexes, target: Indexes, weight: Floats) -> Floats:
    """The least sum of weights from ``start`` to each state, infinite where nothing leads; (size,).

    All changes are tried together until nothing gets nearer: Bellman and Ford's algorithm.
    """
    found = np.full(size, np.inf)
    found[start] = 0.0
    while True:
        nearer = found.copy()
        known = found[node] < np.inf
        np.minimum.at(nearer, target[known], found[node[known]] + weight[known])
        if (nearer == found).all():
            return found
        found = nearer


def _tight(edges: _Edges, found: Floats, weight: Floats) -> _Edges:
    """The edges by which states are reached with the least sum of weights."""
    with np.errstate(invalid="ignore"):
        over = np.abs(found[edges.node] + weight - found[edges.target])
    return edges.only(over < 1e-8)
