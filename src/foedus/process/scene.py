"""Where farsighted actors may get to: whoever agrees, and when electorates vote as in one draw."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np

from foedus.game.space import Indexes, Mask
from foedus.process.looking import Forbidden
from foedus.process.proposals import Pairs, Proposals, layout_of, possible, proposals_of
from foedus.process.rules import Rules
from foedus.process.seasons import Seasons
from foedus.process.world import World
from foedus.process.worths import Worths


class Ground:
    """What does not differ between draws: the states one can get to from ``starts``, and changes.

    ``state`` (nodes,) ascending; ``starts`` are nodes. ``events`` are the ways of happenings, in
    the order of nodes: (node, target, happening).
    """

    def __init__(
        self, seasons: Seasons, world: World, starts: Indexes, forbidden: Forbidden | None = None
    ) -> None:
        self.seasons = seasons
        self.state = np.flatnonzero(seasons.reached(world, starts))
        self._number = np.full(len(seasons.rules[0].space), -1, dtype=np.intp)
        self._number[self.state] = np.arange(len(self.state))
        self.starts = self._number[starts]
        self._forbidden = forbidden
        self._pairs: dict[Rules, Pairs] = {}
        target = world.target[:, self.state]
        node, happening = np.nonzero((target != self.state).T)
        self.events = node, self._number[target[happening, node]], happening

    def pairs(self, rules: Rules) -> Pairs:
        """The changes of a season that actors may make."""
        if rules not in self._pairs:
            changes, node, change = rules.changes_at(self.state)
            target = changes.target[change]
            allowed = np.ones(len(node), dtype=bool)
            if self._forbidden is not None:
                inside, entering = self._forbidden
                before, after = inside[self.state[node]], inside[target]
                allowed = (before | ~after) if entering else (after | ~before)
            self._pairs[rules] = Pairs(node, self._number[target], change, allowed)
        return self._pairs[rules]


_GROUNDS: WeakKeyDictionary[Seasons, dict[tuple[bytes, ...], tuple[World, Ground]]] = (
    WeakKeyDictionary()
)

MOST_GROUNDS = 4
"""So many grounds are kept for the same seasons."""


def ground_of(
    seasons: Seasons, world: World, starts: Indexes, forbidden: Forbidden | None
) -> Ground:
    """The ground from ``starts``, found once for all draws."""
    kept = _GROUNDS.setdefault(seasons, {})
    key: tuple[bytes, ...] = (starts.tobytes(),)
    if forbidden is not None:
        key = (*key, forbidden[0].tobytes(), bytes([forbidden[1]]))
    if key not in kept or kept[key][0] is not world:
        while len(kept) >= MOST_GROUNDS:
            del kept[next(iter(kept))]
        kept[key] = world, Ground(seasons, world, starts, forbidden)
    return kept[key][1]


class Scene:
    """What may come about in one draw, when electorates vote as they do in it.

    ``state`` (nodes,) ascending; ``number`` (states,) the node of each, -1 for none. ``worth``
    (ordinary actors, nodes) is that of what each falls to. ``events`` are as for `Ground`. With
    ``everywhere`` all states of the ground are looked at, also those that electorates vote down.
    """

    def __init__(self, ground: Ground, worths: Worths, draw: int, *, everywhere: bool) -> None:
        self._ground = ground
        passes = worths.passes[:, draw, ground.state]
        rules = dict.fromkeys(ground.seasons.rules)
        kept = {each: possible(each, ground.pairs(each), passes) for each in rules}
        inside = np.ones(len(ground.state), dtype=bool)
        if not everywhere:
            pairs = [(ground.pairs(each), at) for each, at in kept.items()]
            node = np.concatenate([ground.events[0], *(p.node[at] for p, at in pairs)])
            target = np.concatenate([ground.events[1], *(p.target[at] for p, at in pairs)])
            inside = _led_to(ground.starts, node, target, len(inside))
        self.state = ground.state[inside]
        self.number = np.full(len(ground.seasons.rules[0].space), -1, dtype=np.intp)
        self.number[self.state] = np.arange(len(self.state))
        self.worth = worths.worth[:, draw, self.state]
        self._passes = passes[:, inside]
        self._place = self.number[ground.state]
        self._kept = {each: at[inside[ground.pairs(each).node[at]]] for each, at in kept.items()}
        self._proposals: dict[tuple[Rules, int], Proposals] = {}
        node, target, happening = ground.events
        some = inside[node]
        self.events = self._place[node[some]], self._place[target[some]], happening[some]

    @property
    def changes(self) -> float:
        """How many changes there are in a season, on average."""
        seasons = self._ground.seasons.rules
        return sum(len(self._kept[rules]) for rules in seasons) / len(seasons)

    def proposals(self, season: int, ready: np.uint64) -> Proposals:
        """The proposals of a season, when the items ``ready`` (bits) need not be waited for."""
        rules = self._ground.seasons.rules[season]
        key = rules, int(ready)
        if key not in self._proposals:
            pairs, kept = self._ground.pairs(rules), self._kept[rules]
            layout = layout_of(rules, pairs, kept, self._place, ready)
            self._proposals[key] = proposals_of(layout, self._passes, self.worth)
        return self._proposals[key]


def _led_to(starts: Indexes, node: Indexes, target: Indexes, nodes: int) -> Mask:
    """The nodes that ways lead to from ``starts``, and these; (nodes,)."""
    seen = np.zeros(nodes, dtype=bool)
    fresh = starts
    while len(fresh):
        seen[fresh] = True
        fresh = target[seen[node] & ~seen[target]]
    return seen
