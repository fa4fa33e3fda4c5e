"""Deterrence by legal sequences of the opponents' moves: what GMR, SMR, SEQ and SSEQ share.

Definitions: Fang, Hipel & Kilgour, *Interactive Decision Making* [Fang1993]; for groups Kilgour,
Hipel, Fang & Peng [Kilgour2001] and Inohara & Hipel [Inohara2008]. A mover H at s that has an
improvement s1 is *deterred* from it when its opponents can bring about, from s1, something that is
not better than s for some member of H; it is stable at s when it is deterred from every improvement
it has. The concepts differ in what the opponents may do, and in whether H may answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial

import numpy as np

from foedus.equilibria.concept import Find
from foedus.equilibria.escapes import escaping
from foedus.equilibria.improvements import least_moves, most_moves
from foedus.equilibria.problem import MoverView, StabilityProblem, Step, worst_reached
from foedus.equilibria.ways_out import left_for_good
from foedus.equilibria.witness import Deterrence, Reply
from foedus.game.moves import Values
from foedus.game.space import Indexes, Mask


class SequenceSolver:
    """One mover against legal sequences of its opponents.

    ``improving``: they move by improvements of their own only. ``answered``: a sanction counts only
    when the mover has no move from it to a state to which, from the origin, every member agrees.
    """

    def __init__(
        self, problem: StabilityProblem, mover: MoverView, *, improving: bool, answered: bool
    ) -> None:
        self._mover, self._improving, self._answered = mover, improving, answered
        self._opponents = [
            problem.movers[k]
            for k in mover.opponents
            if problem.movers[k].moves.mover.relations  # the others reach nothing
        ]

    def stable(self) -> Mask:
        """Where the mover is deterred from each improvement it has; shape (n,)."""
        mover = self._mover
        if self._answered and not self._improving and self._opponents and len(mover.views) > 1:
            left = left_for_good(mover, [o.moves for o in self._opponents], self._steps)
            if left is not None:
                return ~left
        stable = self._deterred_everywhere(self._worst)
        if not self._answered or len(mover.views) == 1 or not mover.improvements.some().any():
            return stable
        # For a group the worst of each member's best answers is sufficient only.
        unanswered = self._deterred_everywhere(self._worst_of(self._levels))
        forward = [
            o.improvements.reached if self._improving else o.moves.reached for o in self._opponents
        ]
        left = escaping(mover, self._steps, forward, unanswered & ~stable)
        return stable | (unanswered & ~left)

    def deterred(self, state: int, targets: Indexes) -> Mask:
        """Whether it is deterred from its improvements (t,) from a state; shape (t,)."""
        mover = self._mover
        if self._answered and len(mover.views) > 1:
            sanctions = np.where(self._sanctions(state), 0, 1)
            return np.asarray(worst_reached(sanctions, self._steps)[targets] == 0)
        found = np.zeros(len(targets), dtype=bool)
        for bound, worst in zip(mover.bounds(state), self._worst, strict=True):
            found |= worst[targets] <= bound
        return found

    def witness(self, state: int) -> Find:
        """Prepare to find shortest sequences of replies to a sanction of leaving a state.

        How many steps each state is from the nearest sanction is worked out backwards, once; no
        mover moves twice running in a shortest sequence, since two moves of one would be one.
        """
        sanctions = self._sanctions(state)
        far = len(sanctions)
        distance: Values = np.where(sanctions, 0, far)
        while True:  # a layer of states, one step further away, at each pass
            nearest = distance
            for step in self._steps:
                nearest = np.minimum(nearest, step(distance) + 1)
            if np.array_equal(nearest, distance):
                break
            distance = nearest

        def find(start: int) -> Deterrence:
            if distance[start] == far:
                return Deterrence(start)
            replies: list[Reply] = []
            here = start
            while distance[here] > 0:
                replies.append(self._towards(here, distance))
                here = replies[-1].state
            return Deterrence(start, tuple(replies), here, self._mover.unwilling(state, here))

        return find

    def _towards(self, here: int, distance: Values) -> Reply:
        """A reply that brings the sanction one step nearer."""
        for other in self._opponents:
            targets = other.improving(here) if self._improving else other.moves.targets(here)
            nearer = targets[distance[targets] == distance[here] - 1]
            if len(nearer):
                return Reply(other.moves.mover.key, int(nearer[0]))
        raise AssertionError("some opponent leads one step nearer")

    @property
    def _steps(self) -> list[Step]:
        """For each opponent, the least value among a state and what it would reply."""
        if self._improving:
            return [other.improvements.least for other in self._opponents]
        return [partial(least_moves, other.moves) for other in self._opponents]

    @property
    def _levels(self) -> list[Values]:
        return [view.levels for view in self._mover.views]

    @cached_property
    def _worst(self) -> list[Values]:
        """For each member, the least level that can follow from each state.

        Where the mover may answer, that which its answer can make of it: the sanction counts for
        sure when even that is no better than the origin. For one actor this is the definition.
        """
        costs = self._levels
        if self._answered:
            costs = [most_moves(self._mover.moves, level) for level in costs]
        return self._worst_of(costs)

    def _worst_of(self, costs: Sequence[Values]) -> list[Values]:
        return [worst_reached(cost, self._steps) for cost in costs]

    def _deterred_everywhere(self, worst: Sequence[Values]) -> Mask:
        """Where the mover is deterred from each improvement, given what can follow from states."""
        if not self._opponents:
            return ~self._mover.improvements.some()
        return ~self._mover.improvements.undeterred(worst)

    def _sanctions(self, state: int) -> Mask:
        """Which states are sanctions of leaving ``state``; shape (n,)."""
        refused = self._mover.refused(state)
        if not self._answered:
            return refused
        return np.asarray(self._mover.moves.least(np.where(refused, 1, 0)) == 1)
