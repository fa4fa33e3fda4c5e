"""Simultaneous stability, SIM [Fraser1984]: the opponents improve at the same moment.

A mover is deterred from s1 when its change of s and one improvement from s of each of some
non-empty set of pairwise disjoint opponents, made together, give a feasible state that is not
better than s for some member. Changes that set one issue differently are no sanction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from foedus.equilibria.concept import Concept, Find, TooLarge
from foedus.equilibria.problem import MoverView, StabilityProblem
from foedus.equilibria.witness import Deterrence, Reply
from foedus.space import Indexes, Mask, Space

ROWS = 1 << 20
"""How many joint moves are looked at together."""

PAIRS = 1 << 26
"""More improvements of one mover than this are refused."""


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """A mover's improvements by origin: those of s are ``targets[heads[s]:heads[s + 1]]``."""

    mover: MoverView
    heads: npt.NDArray[np.int64]
    targets: Indexes

    @classmethod
    def of(cls, mover: MoverView) -> Choices:
        """Collect a mover's improvements. Raises TooLarge past ``PAIRS``."""
        size = len(mover.moves.fibre)
        origins, targets, count = [], [], 0
        for some_origins, some_targets in mover.improvements.pairs():
            count += len(some_origins)
            if count > PAIRS:
                raise TooLarge(
                    f"simultaneous stability would look at more than {PAIRS:,} improvements of "
                    f"{mover.moves.mover.key}; leave `sim` out of the concepts"
                )
            origins.append(some_origins)
            targets.append(some_targets)
        if not origins:
            return cls(mover, np.zeros(size + 1, dtype=np.int64), np.zeros(0, dtype=np.intp))
        all_origins, all_targets = np.concatenate(origins), np.concatenate(targets)
        order = np.argsort(all_origins, kind="stable")
        counts = np.bincount(all_origins, minlength=size)
        heads = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return cls(mover, heads, all_targets[order])

    @classmethod
    def none(cls, mover: MoverView) -> Choices:
        """No improvement of a mover from anywhere."""
        heads = np.zeros(len(mover.moves.fibre) + 1, dtype=np.int64)
        return cls(mover, heads, np.zeros(0, dtype=np.intp))

    def count(self, states: Indexes) -> npt.NDArray[np.int64]:
        """How many improvements there are from each of these states."""
        return np.asarray(self.heads[states + 1] - self.heads[states])


def _stable(
    problem: StabilityProblem, mover: MoverView, own: Choices, choices: list[Choices]
) -> Mask:
    size = len(mover.moves.fibre)
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


def _choices_at(mover: MoverView, state: int, size: int) -> Choices:
    targets = mover.improving(state)
    heads = np.zeros(size + 1, dtype=np.int64)
    heads[state + 1 :] = len(targets)
    return Choices(mover, heads, targets)


def _replies(
    problem: StabilityProblem,
    team: tuple[int, ...],
    joint: list[Choices],
    mover: MoverView,
    state: int,
    start: int,
    code: int,
) -> tuple[Reply, ...]:
    """Which improvement of each opponent of the team takes part in the joint move to ``code``."""
    space = problem.game.space
    fixed = list(joint)
    for number, choice in enumerate(joint):
        for target in choice.targets:
            heads = np.zeros(len(space) + 1, dtype=np.int64)
            heads[state + 1 :] = 1
            fixed[number] = Choices(choice.mover, heads, np.array([target]))
            _, codes = joint_moves(mover, space, np.array([state]), np.array([start]), fixed)
            if code in codes:
                break
    return tuple(
        Reply(problem.game.movers[k].key, int(choice.targets[0]))
        for k, choice in zip(team, fixed, strict=True)
    )


class SimSolver:
    """One mover against improvements that its opponents make at the same moment."""

    def __init__(self, problem: StabilityProblem, mover: MoverView) -> None:
        self._problem, self._mover = problem, mover

    def stable(self) -> Mask:
        """Where the mover is deterred from each improvement it has; shape (n,)."""
        choices = [
            Choices.of(other) if number in self._mover.opponents else Choices.none(other)
            for number, other in enumerate(self._problem.movers)
        ]
        return _stable(self._problem, self._mover, Choices.of(self._mover), choices)

    def deterred(self, state: int, targets: Indexes) -> Mask:
        """Whether it is deterred from its improvements (t,) from a state; shape (t,)."""
        find = self.witness(state)
        return np.array([find(int(s1)).sanction is not None for s1 in targets], dtype=bool)

    def witness(self, state: int) -> Find:
        """Prepare to find improvements of the others which make a sanction of leaving a state."""
        problem, mover = self._problem, self._mover
        space = problem.game.space
        choices = {k: _choices_at(problem.movers[k], state, len(space)) for k in mover.opponents}
        teams = [
            team
            for team in disjoint_teams(problem, mover)
            if all(len(choices[k].targets) for k in team)
        ]

        def deterrence(start: int) -> Deterrence:
            for team in teams:
                joint = [choices[k] for k in team]
                _, codes = joint_moves(mover, space, np.array([state]), np.array([start]), joint)
                places = np.searchsorted(space.codes, codes)
                places[places == len(space)] = 0
                for row in np.flatnonzero(space.codes[places] == codes):
                    member = mover.unwilling(state, int(places[row]))
                    if member is not None:
                        code = int(codes[row])
                        replies = _replies(problem, team, joint, mover, state, start, code)
                        return Deterrence(start, replies, int(places[row]), member)
            return Deterrence(start)

        return deterrence


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
