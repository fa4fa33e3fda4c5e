"""The easiest way anybody could go into some states, where none is agreed.

Fewest refused changes, then fewest that are passed over for something better on the same clock,
then fewest events to wait for, which cost nobody's consent, then fewest steps; then fewest members
who refuse, then the greatest sum of mean gains (the geometric mean of the gains of those who agree,
as shares of their ranges). Refused changes are
counted before members: by members alone the easiest way to a merger might be that one actor first
ruins everybody, itself included, so that all agree to what they refuse today. Changes are made
while there is a right to them, and dated events come in the order of their days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process.agreement import agreeing, any_agrees
from foedus.process.explored import Explored, explore
from foedus.process.families import NOBODY, Bits
from foedus.process.layers import Layers
from foedus.process.likeliest import came, name_of
from foedus.process.model import Drawn, Process
from foedus.process.rules import Rules
from foedus.process.steps import Step, event_step, happening_of, step_between

PAIRS = 1 << 17
"""So many changes are looked at together."""

_REFUSED, _PASSED, _AWAITED = 2.0**40, 2.0**25, 2.0**12
"""What a refused and a passed over change, and an event, count against a change that is agreed."""

_WAITS = -2
"""In place of an event: that one waits for the next layer."""


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """All steps from the places within reach (see `~.layers`); what they count, by step.

    ``weight`` orders as the module says, up to the number of steps; ``refusing`` counts members
    who refuse, ``mean`` is of those who agree. ``event`` is the happening, -1 for a change.
    """

    node: Indexes
    target: Indexes
    weight: Floats
    refusing: Floats
    mean: Floats
    event: Indexes

    @classmethod
    def joined(cls, some: Sequence[_Edges]) -> _Edges:
        """All of several."""
        return cls(*(np.concatenate([getattr(e, f.name) for e in some]) for f in fields(cls)))

    def only(self, kept: Mask) -> _Edges:
        """Some of them."""
        return _Edges(*(getattr(self, f.name)[kept] for f in fields(self)))

    def shifted(self, by: int) -> _Edges:
        """The same in another layer."""
        return replace(self, node=self.node + by, target=self.target + by)


class EasiestWays:
    """Looks for the easiest ways from today, in a sample of one draw, of myopic actors."""

    def __init__(self, process: Process, drawn: Drawn) -> None:
        self.process, self.drawn = process, drawn
        self.space = process.game.space

    @cached_property
    def reached(self) -> Mask:
        """The states that steps lead to from today in time, whoever agrees; (states,)."""
        if len(self._layers) == 1:
            return self.process.reached
        weight = self._least[0].reshape(len(self._layers), -1)
        return np.asarray((weight < np.inf).any(axis=0))

    @cached_property
    def _layers(self) -> Layers:
        return Layers.of(self.drawn.timing, len(self.space))

    @cached_property
    def _agreed(self) -> tuple[Explored, Mask]:
        """What is agreed at the states within reach, and which of it some clock brings."""
        states, ready = np.flatnonzero(self.process.reached), self.drawn.schedule.ready
        drawn = self.drawn
        explored = explore(
            self.process.seasons, drawn.worths, drawn.timing, states, ready, all_agreed=True
        )
        brought = np.zeros(len(explored.ways.node), dtype=bool)
        brought[came(explored, drawn.timing, drawn.schedule)] = True
        return explored, brought

    @cached_property
    def _edges(self) -> _Edges:
        states, layers = np.flatnonzero(self.process.reached), self._layers
        by_season = [self._changes_in(season, states) for season in range(len(self._rules))]
        found = [
            by_season[season].shifted(layer * layers.size)
            for layer, season in enumerate(layers.season.tolist())
            if season >= 0
        ]
        found.append(_asking_nobody(*layers.waits(states), 0.0, _WAITS))
        found += [_asking_nobody(a, b, 1 + _AWAITED, event) for a, b, event in layers.led(states)]
        return _Edges.joined(found)

    @property
    def _rules(self) -> tuple[Rules, ...]:
        return self.process.seasons.rules

    def _changes_in(self, season: int, states: Indexes) -> _Edges:
        pieces = self._rules[season].pieces(states, PAIRS)
        return _Edges.joined([self._edges_from(season, states[a:b]) for a, b in pieces])

    def _edges_from(self, season: int, states: Indexes) -> _Edges:
        rules, worths = self._rules[season], self.drawn.worths
        changes, row, change = rules.changes_at(states)
        node, target, family = states[row], changes.target[change], changes.family[change]
        gain = worths.worth[:, 0, target] - worths.worth[:, 0, node]
        agree = agreeing(
            gain, None, worths.least[:, [0]], worths.passes[:, 0, target], rules.members
        )
        explored, brought = self._agreed
        ways = explored.ways
        key = node * len(self.space) + target
        own = ways.season == season
        agreed_key = explored.state[ways.node] * len(self.space) + explored.state[ways.target]
        some = any_agrees(rules.families, family, agree)
        looked_at = np.isin(key, agreed_key[own])
        passed = looked_at & ~np.isin(key, agreed_key[own & brought])
        refusing, mean = _best(rules, family, agree, gain)
        kept = looked_at | ~some  # what a part of it stands in for is not looked at
        weight = 1 + np.where(some, 0, _REFUSED) + np.where(passed, _PASSED, 0)
        event = np.full(len(node), -1)
        return _Edges(node, target, weight, refusing, mean, event).only(kept)

    @cached_property
    def _least(self) -> tuple[Floats, Floats, Floats, _Edges]:
        """By place: the least weight, refusing members and lost mean; the edges of such ways."""
        edges, start = self._edges, self.process.today
        size = len(self.space) * len(self._layers)
        weight = _shortest(size, start, edges.node, edges.target, edges.weight)
        edges = _tight(edges, weight, edges.weight)
        refusing = _shortest(size, start, edges.node, edges.target, edges.refusing)
        edges = _tight(edges, refusing, edges.refusing)
        missing = np.where(edges.event == _WAITS, 0.0, 1.0 - edges.mean)
        lost = _shortest(size, start, edges.node, edges.target, missing)
        return weight, refusing, lost, _tight(edges, lost, missing)

    def brought(self, origin: int, target: int) -> bool:
        """Whether a change between two states is agreed and some clock brings it, or an event."""
        e, brought = self._agreed
        here = (e.state[e.ways.node] == origin) & (e.state[e.ways.target] == target)
        return bool(brought[here].any())

    def aside(self, states: Sequence[int], inside: Mask) -> list[bool]:
        """By step of a way of agreed changes: whether the others lead inside without it.

        The steps are tried in their order, each beside those found aside before it, until no more
        is found.
        """
        positions = [self.space.positions(s) for s in states]
        changes = [
            {issue: new[issue] for issue in new if new[issue] != old[issue]}
            for old, new in pairwise(positions)
        ]
        aside, before = [False] * len(changes), -1
        while sum(aside) > before:  # one may be needed only by another that is not
            before = sum(aside)
            for k in range(len(changes)):
                if not aside[k]:
                    aside[k] = True
                    kept = [c for c, out in zip(changes, aside, strict=True) if not out]
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
        """The easiest way into some states; empty where nothing leads there, or today is in."""
        weight, refusing, lost, edges = self._least
        size = len(self.space)
        ends = np.flatnonzero(np.tile(inside, len(self._layers)) & (weight < np.inf))
        if not len(ends) or inside[self.process.today]:
            return ()
        end = min(
            ends.tolist(),
            key=lambda s: (
                weight[s],
                refusing[s],
                round(float(lost[s]), 7),
                name_of(self.space, s % size),
                s,
            ),
        )
        steps: list[Step] = []
        while end != self.process.today:
            before = np.flatnonzero(edges.target == end).tolist()
            step = min(before, key=lambda k: name_of(self.space, int(edges.node[k]) % size))
            origin, event = int(edges.node[step]), int(edges.event[step])
            if event != _WAITS:
                steps.append(self._step(origin, end % size, event))
            end = origin
        steps.reverse()
        return tuple(steps)

    def _step(self, place: int, target: int, event: int) -> Step:
        """A step from a place, by a change of its layer or by an event."""
        layer, origin = divmod(place, len(self.space))
        if event >= 0:
            return event_step(origin, target, happening_of(self.process, event))
        season = int(self._layers.season[layer])
        (e, brought), ways = self._agreed, self._agreed[0].ways
        here = np.flatnonzero((e.state[ways.node] == origin) & (ways.season == season))
        own = here[e.state[ways.target[here]] == target]
        instead: tuple[int, ...] = ()
        if len(own) and not brought[own].any():
            items = ways.items & ~self.drawn.schedule.ready[0, 0]
            mine = own[0]
            rivals = here[brought[here] & (items[here] == items[mine])]
            if not items[mine]:
                rivals = rivals[ways.issues[rivals] == ways.issues[mine]]
            instead = tuple(sorted({int(s) for s in e.state[ways.target[rivals]]}))
        return step_between(
            self.process, self.drawn, origin, target, season=season, instead=instead
        )


def _asking_nobody(node: Indexes, target: Indexes, weight: float, event: int) -> _Edges:
    """Steps that ask nobody."""
    none = np.zeros(len(node))
    return _Edges(node, target, none + weight, none, none, np.full(len(node), event))


def _best(rules: Rules, family: Indexes, agree: Bits, gain: Floats) -> tuple[Floats, Floats]:
    """Of the coalition in which fewest refuse: how many do, and the mean gain of the others."""
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
