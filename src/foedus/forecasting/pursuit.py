"""Which of the coalitions' candidates are pursued: an actor pursues one of two that conflict."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from foedus.forecasting.bargains import NONE, Bargaining
from foedus.forecasting.ranges import Floats
from foedus.game.space import Indexes, Mask

Barred = Callable[[int, Indexes, Indexes], Mask]
"""Which of the targets (t,) at a state may not be chosen in draws (d,); shape (d, t)."""

Needs = Callable[[Indexes, Indexes, Indexes], Floats]
"""How long moves from states (d,) to targets (d,) still need in draws (d,)."""


def conflicts(bargaining: Bargaining, origin: Indexes, one: Indexes, other: Indexes) -> Mask:
    """Whether two candidates conflict, triple by triple; shape (d,).

    Both set one issue, differently, or both together give no possible state.
    """
    at, space = bargaining.positions, bargaining.space
    here, first, second = at[origin], at[one], at[other]
    by_first, by_second = first != here, second != here
    clash = (by_first & by_second & (first != second)).any(axis=1)
    codes = np.where(by_first, first, second) @ np.array(space.radix.weights, dtype=np.int64)
    place = np.searchsorted(space.codes, codes)
    place[place == len(space)] = 0
    impossible = space.codes[place] != codes
    return np.asarray((clash | impossible) & (one != other))


@dataclass(eq=False)
class Pursuit:
    """The rounds in which coalitions' candidates are accepted, in one block of draws."""

    bargaining: Bargaining
    needs: Needs

    def __post_init__(self) -> None:
        movers = [moves.mover for moves in self.bargaining.coalitions]
        self._shared = {
            (i, j): [actor for actor in movers[i].members if actor in movers[j].members]
            for i, j in combinations(range(len(movers)), 2)
            if not movers[i].opposes(movers[j])
        }
        self._overlapping = [
            [j for j in range(len(movers)) if j != i and (min(i, j), max(i, j)) in self._shared]
            for i in range(len(movers))
        ]

    def accepted(self, draws: Indexes, states: Indexes, barred: Barred | None = None) -> Indexes:
        """The targets of accepted candidates; -1 where a coalition has none; (d, coalitions)."""
        count = len(self.bargaining.coalitions)
        candidate = np.full((len(draws), count), NONE, dtype=np.intp)
        accepted = np.full_like(candidate, NONE)
        everyone = np.arange(len(draws))
        for c in range(count):
            self._choose(c, everyone, draws, states, candidate, accepted, barred)
        while True:
            active = np.flatnonzero((candidate != NONE).any(axis=1))
            if not len(active):
                return self._without_doubles(accepted)
            lost = self._lost(active, draws, states, candidate)
            open_ = candidate[active] != NONE
            won = open_ & ~lost
            deadlocked = ~won.any(axis=1)
            won[deadlocked, open_[deadlocked].argmax(axis=1)] = True
            row, place = np.nonzero(won)
            accepted[active[row], place] = candidate[active[row], place]
            candidate[active[row], place] = NONE
            for c in range(count):
                self._revise(c, active, draws, states, candidate, accepted, barred)

    def _lost(self, active: Indexes, draws: Indexes, states: Indexes, candidate: Indexes) -> Mask:
        """Which open candidates a member drops for another that conflicts; (active, c)."""
        lost = np.zeros((len(active), candidate.shape[1]), dtype=bool)
        for (i, j), shared in self._shared.items():
            one, other = candidate[active, i], candidate[active, j]
            rows = np.flatnonzero((one != NONE) & (other != NONE) & (one != other))
            if not len(rows):
                continue
            place = active[rows]
            one, other = one[rows], other[rows]
            clash = conflicts(self.bargaining, states[place], one, other)
            rows, place, one, other = rows[clash], place[clash], one[clash], other[clash]
            if not len(rows):
                continue
            for sight in (self.bargaining.sights[actor] for actor in shared):
                later = np.zeros(len(rows), dtype=bool)
                if not sight.electorate:
                    later = self._prefers(sight.actor.id, draws[place], states[place], one, other)
                lost[rows[later], i] = True
                lost[rows[~later], j] = True
        return lost

    def _prefers(
        self, actor: str, draws: Indexes, states: Indexes, one: Indexes, other: Indexes
    ) -> Mask:
        """Whether a member prefers ``other`` to ``one``, pair by pair; (d,)."""
        sight = self.bargaining.sights[actor]
        better = sight.at(draws, other) > sight.at(draws, one)
        if self.bargaining.options.conflict == "better":
            return np.asarray(better)
        first, second = self.needs(draws, states, one), self.needs(draws, states, other)
        return np.asarray((second < first) | ((second == first) & better))

    def _choose(
        self,
        c: int,
        places: Indexes,
        draws: Indexes,
        states: Indexes,
        candidate: Indexes,
        accepted: Indexes,
        barred: Barred | None,
    ) -> None:
        """Let a coalition take its best compatible improvement in these places."""
        rivals = self._overlapping[c]
        here_states = states[places]
        for state in np.unique(here_states):
            here = places[here_states == state]
            targets = self.bargaining.targets(c, int(state)).states
            if not len(targets):
                candidate[here, c] = NONE
                continue
            taken = accepted[np.ix_(here, rivals)]
            allowed: Mask | None = None
            if barred is not None or (taken != NONE).any():
                allowed = np.ones((len(here), len(targets)), dtype=bool)
                if barred is not None:
                    allowed &= ~barred(int(state), draws[here], targets)
                for rival in np.unique(taken[taken != NONE]):
                    origin, against = np.full(len(targets), state), np.full(len(targets), rival)
                    clash = conflicts(self.bargaining, origin, targets, against)
                    allowed[np.ix_((taken == rival).any(axis=1), clash)] = False
            candidate[here, c] = self.bargaining.best(c, int(state), draws[here], allowed)

    def _revise(
        self,
        c: int,
        active: Indexes,
        draws: Indexes,
        states: Indexes,
        candidate: Indexes,
        accepted: Indexes,
        barred: Barred | None,
    ) -> None:
        """Let a coalition choose anew where its candidate conflicts with an accepted one."""
        places = active[candidate[active, c] != NONE]
        again = np.zeros(len(places), dtype=bool)
        for rival in self._overlapping[c]:
            other = accepted[places, rival]
            met = np.flatnonzero(other != NONE)
            again[met] |= conflicts(
                self.bargaining, states[places[met]], candidate[places[met], c], other[met]
            )
        if again.any():
            self._choose(c, places[again], draws, states, candidate, accepted, barred)

    @staticmethod
    def _without_doubles(accepted: Indexes) -> Indexes:
        """Of candidates with one target, the first in order alone."""
        for c in range(1, accepted.shape[1]):
            double = (accepted[:, :c] == accepted[:, [c]]).any(axis=1)
            accepted[double, c] = NONE
        return accepted
