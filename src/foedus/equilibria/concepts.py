"""Nash, general and symmetric metarationality, and sequential stability.

Definitions: Fang, Hipel & Kilgour, *Interactive Decision Making* [Fang1993]; for groups Kilgour,
Hipel, Fang & Peng [Kilgour2001] and Inohara & Hipel [Inohara2008]. A mover H at s that has an
improvement s1 is *deterred* from it when its opponents can bring about, from s1, something that is
not better than s for some member of H; it is stable at s when it is deterred from every improvement
it has. The concepts differ in what the opponents may do, and in whether H may answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foedus.equilibria.escapes import escaping
from foedus.equilibria.problem import MoverView, StabilityProblem, Step, worst_reached
from foedus.moves import Values
from foedus.preferences import improves
from foedus.space import Mask


def nash(problem: StabilityProblem, mover: MoverView) -> Mask:
    """Nash stability [Fang1993]: the mover has no improvement; shape (n,)."""
    return ~mover.improvements.some()


def general_metarational(problem: StabilityProblem, mover: MoverView) -> Mask:
    """General metarationality, GMR [Fang1993]: each improvement can be punished; shape (n,).

    The opponents may move in any legal sequence, also to their own cost.
    """
    return _deterred_everywhere(
        mover, [v.levels for v in mover.views], problem.moves_of_opponents(mover)
    )


def sequential(problem: StabilityProblem, mover: MoverView) -> Mask:
    """Sequential stability, SEQ [Fang1993]: each improvement is punished credibly; shape (n,).

    The opponents move by improvements of their own only.
    """
    levels = [view.levels for view in mover.views]
    return _deterred_everywhere(mover, levels, problem.improvements_of_opponents(mover))


def symmetric_metarational(problem: StabilityProblem, mover: MoverView) -> Mask:
    """Symmetric metarationality, SMR [Fang1993]: punished, and no way out of it; shape (n,).

    As GMR, but the mover may answer: a sanction from which it still has a move to a state that
    every member prefers to the origin does not count.
    """
    steps = problem.moves_of_opponents(mover)
    # What the mover's answer can make of a state, for each member: the sanction counts for sure
    # when even that is no better than the origin. For one actor this is the whole definition.
    costs = [mover.moves.most(view.levels) for view in mover.views]
    stable = _deterred_everywhere(mover, costs, steps)
    if len(mover.views) == 1 or not mover.improvements.some().any():
        return stable
    general = _deterred_everywhere(mover, [v.levels for v in mover.views], steps)
    opponents = [problem.movers[k].moves for k in mover.opponents]
    return stable | (general & ~escaping(mover, opponents, general & ~stable))


def _deterred_everywhere(mover: MoverView, costs: Sequence[Values], steps: Sequence[Step]) -> Mask:
    """Where the mover is deterred from each improvement, given what states cost its members."""
    if not steps:  # nobody to deter it
        return ~mover.improvements.some()
    return ~mover.improvements.undeterred([worst_reached(cost, steps) for cost in costs])


def reach_sanction(mover: MoverView, steps: Sequence[Step], origin: int) -> Mask:
    """From which states the opponents can reach a sanction of leaving ``origin``."""
    everywhere = np.arange(len(mover.moves.fibre))
    better = improves(list(mover.views), np.full(len(everywhere), origin), everywhere)
    answered = mover.moves.least(np.where(better, 0, 1)) == 0
    sanction: Values = np.where(answered, 1, 0)
    return np.asarray(worst_reached(sanction, steps) == 0)


__all__ = ["general_metarational", "nash", "reach_sanction", "sequential", "symmetric_metarational"]
