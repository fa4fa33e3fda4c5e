"""Simultaneous stability, SIM [Fraser1984]: the opponents improve at the same moment.

A mover is deterred from s1 when its change of s and one improvement from s of each of some
non-empty set of pairwise disjoint opponents, made together, give a feasible state that is not
better than s for some member. Changes that set one issue differently are no sanction.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from foedus.equilibria.at_once import stable_at_once
from foedus.equilibria.concept import Concept, Find
from foedus.equilibria.joint import JointMoves, Replies
from foedus.equilibria.problem import MoverView, StabilityProblem
from foedus.equilibria.witness import Deterrence, Reply
from foedus.game.space import Indexes, Mask


class SimSolver:
    """One mover against improvements that its opponents make at the same moment."""

    def __init__(self, problem: StabilityProblem, mover: MoverView) -> None:
        self._problem, self._mover = problem, mover

    def stable(self) -> Mask:
        """Where the mover is deterred from each improvement it has; shape (n,)."""
        mover, joint = self._mover, self._joint
        movers = self._problem.movers
        opponents = [movers.index(other) for other in joint.opponents]
        at_once = stable_at_once(self._problem, movers.index(mover), opponents)
        if at_once is not None:
            return at_once
        stable = np.ones(len(mover.moves.space), dtype=bool)
        own = Replies.of(mover)
        origins, targets = own.origins(), own.targets
        replies = [Replies.of(other) for other in joint.opponents]
        worst = [each.first_by(mover.views[0].levels) for each in replies]
        best = own.first_by(-mover.views[0].levels + len(stable))
        # What it gains most by is the hardest to deter: where nothing does, the rest is not asked.
        for some_origins, some_targets in ((best.origins(), best.targets), (origins, targets)):
            asking = np.flatnonzero(stable[some_origins])
            for tried in (worst, replies):
                met = joint.met(some_origins[asking], some_targets[asking], tried)
                asking = asking[~met]
            stable[some_origins[asking]] = False
        return stable

    def deterred(self, state: int, targets: Indexes) -> Mask:
        """Whether it is deterred from its improvements (t,) from a state; shape (t,)."""
        return self._joint.met(np.full(len(targets), state), targets, self._replies_at(state))

    def witness(self, state: int) -> Find:
        """Prepare to find improvements of the others which make a sanction of leaving a state."""
        replies = self._replies_at(state)

        def find(start: int) -> Deterrence:
            found = self._joint.sanction(state, start, replies)
            if found is None:
                return Deterrence(start)
            sanction, made = found
            told = tuple(Reply(other.moves.mover.key, there) for other, there in made)
            return Deterrence(start, told, sanction, self._mover.unwilling(state, sanction))

        return find

    def _replies_at(self, state: int) -> Sequence[Replies]:
        return [Replies.at(other, state) for other in self._joint.opponents]

    @cached_property
    def _joint(self) -> JointMoves:
        opponents = [self._problem.movers[k] for k in self._mover.opponents]
        return JointMoves(self._problem.game.space, self._mover, opponents)


CONCEPT = Concept(
    name="Simultaneous stability (SIM)",
    meaning="whatever improvement it makes, improvements the others make at the same moment leave "
    "it no better",
    definition="the changes from s to s1, and one improvement from s of each of some opponents, "
    "made together, give a state that is not better than s for some member of H",
    source="[Fraser1984]",
    undeterred="no improvements of the others at the same moment make for a state no better for it "
    "than this one",
    solver=SimSolver,
    at_once=True,
)
