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

from foedus.analysis.stability.arena import Arena, Side, Step, worst_reached
from foedus.moves import Values
from foedus.preferences import improves
from foedus.space import Indexes, Mask


def nash(arena: Arena, side: Side) -> Mask:
    """Nash stability [Fang1993]: the mover has no improvement; shape (n,)."""
    return ~side.improvements.some()


def general_metarational(arena: Arena, side: Side) -> Mask:
    """General metarationality, GMR [Fang1993]: each improvement can be punished; shape (n,).

    The opponents may move in any legal sequence, also to their own cost.
    """
    return _deterred_everywhere(
        side, [v.levels for v in side.views], arena.moves_of_opponents(side)
    )


def sequential(arena: Arena, side: Side) -> Mask:
    """Sequential stability, SEQ [Fang1993]: each improvement is punished credibly; shape (n,).

    The opponents move by improvements of their own only.
    """
    levels = [view.levels for view in side.views]
    return _deterred_everywhere(side, levels, arena.improvements_of_opponents(side))


def symmetric_metarational(arena: Arena, side: Side) -> Mask:
    """Symmetric metarationality, SMR [Fang1993]: punished, and no way out of it; shape (n,).

    As GMR, but the mover may answer: a sanction from which it still has a move to a state that
    every member prefers to the origin does not count.
    """
    steps = arena.moves_of_opponents(side)
    # What the mover's answer can make of a state, for each member: the sanction counts for sure
    # when even that is no better than the origin. For one actor this is the whole definition.
    costs = [side.moves.most(view.levels) for view in side.views]
    stable = _deterred_everywhere(side, costs, steps)
    if len(side.views) == 1 or not side.improvements.some().any():
        return stable
    general = _deterred_everywhere(side, [v.levels for v in side.views], steps)
    return _settled_by_search(side, steps, stable, stable | ~general)


def _deterred_everywhere(side: Side, costs: Sequence[Values], steps: Sequence[Step]) -> Mask:
    """Where the mover is deterred from each improvement, given what states cost its members."""
    if not steps:  # nobody to deter it
        return ~side.improvements.some()
    return ~side.improvements.undeterred([worst_reached(cost, steps) for cost in costs])


def _settled_by_search(side: Side, steps: Sequence[Step], stable: Mask, decided: Mask) -> Mask:
    """Settle SMR for a group where the bounds leave it open, by the definition.

    States that all members value alike have the same sanctions, so they are taken together.
    """
    stable = stable.copy()
    open_ = np.flatnonzero(~decided)
    if not len(open_):
        return stable
    joint = np.stack([view.levels[open_] for view in side.views], axis=1)
    _, group = np.unique(joint, axis=0, return_inverse=True)
    origins, targets = _improvements_from(side, ~decided)
    of_state = np.full(len(stable), -1)
    of_state[open_] = group.ravel()
    stable[open_] = True
    for number in range(int(group.max()) + 1):
        here = of_state[origins] == number
        if not here.any():
            continue
        punished = reach_sanction(side, steps, int(origins[here][0]))
        stable[origins[here][~punished[targets[here]]]] = False
    return stable


def reach_sanction(side: Side, steps: Sequence[Step], origin: int) -> Mask:
    """From which states the opponents can reach a sanction of leaving ``origin``."""
    everywhere = np.arange(len(side.moves.fibre))
    better = improves(list(side.views), np.full(len(everywhere), origin), everywhere)
    answered = side.moves.least(np.where(better, 0, 1)) == 0
    sanction: Values = np.where(answered, 1, 0)
    return np.asarray(worst_reached(sanction, steps) == 0)


def _improvements_from(side: Side, states: Mask) -> tuple[Indexes, Indexes]:
    """The mover's improvements from these states, as arrays."""
    found = [
        (origins[states[origins]], targets[states[origins]])
        for origins, targets in side.improvements.pairs()
    ]
    return (
        np.concatenate([origins for origins, _ in found]),
        np.concatenate([targets for _, targets in found]),
    )


__all__ = ["general_metarational", "nash", "sequential", "symmetric_metarational"]
