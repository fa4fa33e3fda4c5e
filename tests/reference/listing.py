"""SIM by listing: every improvement beside every combination of the opponents' improvements.

The way in which foedus solved SIM before it searched with bounds; kept to compare on games that are
too large for the brute force of ``stability``, and on states that are not settled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from foedus.equilibria.problem import MoverView, StabilityProblem
from foedus.game.space import Indexes, Mask, Space

ROWS = 1 << 20
"""How many joint moves are looked at together."""


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """A mover's improvements by origin: those of s are ``targets[heads[s]:heads[s + 1]]``."""

    mover: MoverView
    heads: npt.NDArray[np.int64]
    targets: Indexes

    @classmethod
    def of(cls, mover: MoverView) -> Choices:
        """Collect a mover's improvements, state by state."""
        targets = [mover.improving(state) for state in range(len(mover.moves.space))]
        heads = np.concatenate([[0], np.cumsum([len(some) for some in targets])]).astype(np.int64)
        return cls(mover, heads, np.concatenate(targets).astype(np.intp))

    def count(self, states: Indexes) -> npt.NDArray[np.int64]:
        """How many improvements there are from each of these states."""
        return np.asarray(self.heads[states + 1] - self.heads[states])


def simultaneous(problem: StabilityProblem) -> list[Mask]:
    """For each mover where it is simultaneously stable; each of shape (n,)."""
    choices = [Choices.of(mover) for mover in problem.movers]
    return [
        _stable(problem, mover, choices[number], choices)
        for number, mover in enumerate(problem.movers)
    ]


def _stable(
    problem: StabilityProblem, mover: MoverView, own: Choices, choices: list[Choices]
) -> Mask:
    size = len(mover.moves.space)
    origins = np.repeat(np.arange(size), np.diff(own.heads))
    targets = own.targets.astype(np.intp)
    undeterred = np.arange(len(origins))
    for team in disjoint_teams(problem, mover):
        joint = [choices[k] for k in team]
        deterred = np.zeros(len(origins), dtype=bool)
        for rows in _chunks(undeterred, origins, joint):
            deterred[sanctioned(problem.game.space, mover, origins, targets, rows, joint)] = True
        undeterred = undeterred[~deterred[undeterred]]
    stable = np.ones(size, dtype=bool)
    stable[origins[undeterred]] = False
    return stable


def disjoint_teams(problem: StabilityProblem, mover: MoverView) -> Iterator[tuple[int, ...]]:
    """Yield the non-empty sets of pairwise disjoint opponents, smaller ones first."""
    movers = problem.game.movers
    for size in range(1, len(mover.opponents) + 1):
        found = False
        for team in combinations(mover.opponents, size):
            if all(movers[a].opposes(movers[b]) for a, b in combinations(team, 2)):
                found = True
                yield team
        if not found:
            return


def _chunks(pairs: Indexes, origins: Indexes, joint: list[Choices]) -> Iterator[Indexes]:
    """Cut the pairs so that each piece has about ``ROWS`` joint moves; drop those with none."""
    rows = np.ones(len(pairs), dtype=np.int64)
    for choice in joint:
        rows *= choice.count(origins[pairs])
    pairs, rows = pairs[rows > 0], rows[rows > 0]
    upto = np.cumsum(rows)
    first = 0
    while first < len(pairs):
        base = int(upto[first] - rows[first])
        last = max(int(np.searchsorted(upto, base + ROWS, side="right")), first + 1)
        yield pairs[first:last]
        first = last


def sanctioned(
    space: Space,
    mover: MoverView,
    origins: Indexes,
    targets: Indexes,
    pairs: Indexes,
    joint: list[Choices],
) -> Indexes:
    """Return which of ``pairs`` are met by a sanction of all of ``joint`` at once.

    ``pairs`` are indexes into ``origins`` and ``targets``, the mover's improvements.
    """
    pair, code = joint_moves(mover, space, origins[pairs], targets[pairs], joint)
    place = np.searchsorted(space.codes, code)
    place[place == len(space)] = 0
    feasible = space.codes[place] == code
    place, pair = place[feasible], pairs[pair[feasible]]
    worse = np.zeros(len(place), dtype=bool)
    for view in mover.views:
        bound = 0 if view.electorate else view.levels[origins[pair]]
        worse |= view.levels[place] <= bound
    return np.unique(pair[worse])


def joint_moves(
    mover: MoverView, space: Space, origins: Indexes, targets: Indexes, joint: list[Choices]
) -> tuple[Indexes, npt.NDArray[np.int64]]:
    """Return every joint change without a clash: (index of the pair, code of the state).

    The states may be infeasible.
    """
    pair = np.arange(len(origins))
    code = space.codes[targets]
    touched = set(mover.moves.mover.relations)
    for choice in joint:
        counts = choice.count(origins[pair])
        pair, code = np.repeat(pair, counts), np.repeat(code, counts)
        within = np.arange(len(pair)) - np.repeat(np.cumsum(counts) - counts, counts)
        origin = origins[pair]
        reply = choice.targets[choice.heads[origin] + within]
        clash = np.zeros(len(pair), dtype=bool)
        combined = code + (space.codes[reply] - space.codes[origin])
        own = set(choice.mover.moves.mover.relations)
        for k in touched & own:
            column = space.reader.column(k)
            before, after = column[origin], column[reply]
            already = space.radix.digit(code, k)
            both = (already != before) & (after != before)
            clash |= both & (already != after)
            # Both set the issue alike: the change counts once.
            step = (after.astype(np.int64) - before) * space.radix.weights[k]
            combined -= np.where(both, step, 0)
        touched |= own
        pair, code = pair[~clash], combined[~clash]
    return pair, code
