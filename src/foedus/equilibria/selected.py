"""Stability of a few states alone: the same concepts, asked only where an answer is wanted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from foedus.equilibria.problem import StabilityProblem
from foedus.equilibria.registry import CONCEPTS
from foedus.equilibria.witness import Verdict
from foedus.game.space import Indexes, Mask


def equilibria_at(problem: StabilityProblem, states: Indexes, concepts: Sequence[str]) -> Mask:
    """In which of the chosen states every mover is stable; shape (states, concepts).

    ``states`` are indexes; ``concepts`` are ids of the registry, and the verdicts those of solving
    the whole space. Raises KeyError for an unknown concept.
    """
    found = np.ones((len(states), len(concepts)), dtype=bool)
    for mover in problem.movers:
        wished = [mover.improving(int(state)) for state in states]
        asking = [row for row, targets in enumerate(wished) if len(targets)]
        for column, concept in enumerate(concepts):
            solver = CONCEPTS[concept].solver(problem, mover)
            for row in asking:
                if found[row, column]:
                    deterred = solver.deterred(int(states[row]), wished[row])
                    found[row, column] = bool(deterred.all())
    return found


def undeterred_at(problem: StabilityProblem, state: int, concept: str) -> list[Indexes]:
    """For each mover, its improvements from a state from which nothing deters it.

    ``state`` is an index; raises KeyError for an unknown concept.
    """
    found = []
    for mover in problem.movers:
        targets = mover.improving(state)
        if len(targets):
            solver = CONCEPTS[concept].solver(problem, mover)
            targets = targets[~solver.deterred(state, targets)]
        found.append(targets)
    return found


def verdict(problem: StabilityProblem, state: int, mover: int, concept: str) -> Verdict:
    """Find, by search from the definition, what deters each improvement of a mover from a state.

    ``state`` and ``mover`` are indexes; improvements come best first for the first member. Raises
    KeyError for an unknown concept.
    """
    solver = CONCEPTS[concept].solver
    view = problem.movers[mover]
    found = view.improving(state)
    best = np.argsort(-view.views[0].values[found], kind="stable")
    find = solver(problem, view).witness(state)
    deterrences = tuple(find(int(s1)) for s1 in found[best])
    return Verdict(state, view.moves.mover.key, concept, deterrences)
