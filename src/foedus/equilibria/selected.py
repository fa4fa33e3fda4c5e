"""Stability of a few states alone: the same concepts, asked only where an answer is wanted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from foedus.equilibria.concepts import reach_sanction
from foedus.equilibria.problem import MoverView, StabilityProblem, Step, worst_reached
from foedus.equilibria.simultaneous import Choices, simultaneous_among
from foedus.equilibria.witness import targets_improving, verdict
from foedus.moves import Values
from foedus.space import Indexes, Mask

Deterred = Callable[[int, Indexes], Mask]
"""Whether a mover is deterred from improvements (t,) from a state; shape (t,)."""


def equilibria_at(problem: StabilityProblem, states: Indexes, concepts: Sequence[str]) -> Mask:
    """In which of the chosen states every mover is stable; shape (states, concepts).

    ``states`` are indexes; ``concepts`` are ids of the registry, and the verdicts those of solving
    the whole space. Raises KeyError for an unknown concept.
    """
    wished = [[targets_improving(side, int(s)) for s in states] for side in problem.movers]
    found = np.ones((len(states), len(concepts)), dtype=bool)
    for column, concept in enumerate(concepts):
        if concept == "sim":
            found[:, column] = _simultaneous(problem, states, wished)
            continue
        for side, improvements in zip(problem.movers, wished, strict=True):
            rows = [r for r, targets in enumerate(improvements) if len(targets)]
            rows = [r for r in rows if found[r, column]]
            if rows:
                deterred = _DETERRED[concept](problem, side)
                for r in rows:
                    found[r, column] = bool(deterred(int(states[r]), improvements[r]).all())
    return found


def undeterred_at(problem: StabilityProblem, state: int, concept: str) -> list[Indexes]:
    """For each mover, its improvements from a state from which nothing deters it.

    ``state`` is an index; raises KeyError for an unknown concept.
    """
    found = []
    for place, side in enumerate(problem.movers):
        targets = targets_improving(side, state)
        if concept == "sim":
            told = verdict(problem, state, place, concept).deterrences
            targets = np.array([d.improvement for d in told if d.sanction is None], dtype=np.intp)
        elif len(targets):
            targets = targets[~_DETERRED[concept](problem, side)(state, targets)]
        found.append(targets)
    return found


def _never(problem: StabilityProblem, side: MoverView) -> Deterred:
    return lambda state, targets: np.zeros(len(targets), dtype=bool)


def _by_moves(problem: StabilityProblem, side: MoverView) -> Deterred:
    levels = [view.levels for view in side.views]
    return _by_worst(side, levels, problem.moves_of_opponents(side))


def _by_improvements(problem: StabilityProblem, side: MoverView) -> Deterred:
    levels = [view.levels for view in side.views]
    return _by_worst(side, levels, problem.improvements_of_opponents(side))


def _by_moves_unanswered(problem: StabilityProblem, side: MoverView) -> Deterred:
    steps = problem.moves_of_opponents(side)
    if len(side.views) == 1:
        return _by_worst(side, [side.moves.most(side.views[0].levels)], steps)
    return lambda state, targets: np.asarray(reach_sanction(side, steps, state)[targets])


def _by_worst(side: MoverView, costs: Sequence[Values], steps: Sequence[Step]) -> Deterred:
    worst = [worst_reached(cost, steps) for cost in costs]

    def deterred(state: int, targets: Indexes) -> Mask:
        found = np.zeros(len(targets), dtype=bool)
        for view, least in zip(side.views, worst, strict=True):
            bound = 0 if view.electorate else view.levels[state]
            found |= least[targets] <= bound
        return found

    return deterred


_DETERRED: Mapping[str, Callable[[StabilityProblem, MoverView], Deterred]] = MappingProxyType(
    {"nash": _never, "gmr": _by_moves, "smr": _by_moves_unanswered, "seq": _by_improvements}
)


def _simultaneous(
    problem: StabilityProblem, states: Indexes, wished: Sequence[Sequence[Indexes]]
) -> Mask:
    """Where every mover is simultaneously stable; shape (states,)."""
    once, places = np.unique(states, return_index=True)
    choices = [
        _choices(side, once, [improvements[p] for p in places])
        for side, improvements in zip(problem.movers, wished, strict=True)
    ]
    stable = simultaneous_among(problem, choices)
    return np.asarray(np.logical_and.reduce([mask[states] for mask in stable]))


def _choices(side: MoverView, states: Indexes, improvements: Sequence[Indexes]) -> Choices:
    """A mover's improvements from these states (ascending) alone."""
    counts = np.zeros(len(side.moves.fibre), dtype=np.int64)
    counts[states] = [len(targets) for targets in improvements]
    heads = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Choices(side, heads, np.concatenate(improvements).astype(np.intp))
