"""Why a mover is stable or not in a state: each improvement, and the reply that deters it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from foedus.equilibria.problem import MoverView, StabilityProblem
from foedus.equilibria.simultaneous import Choices, disjoint_teams, joint_moves
from foedus.moves import Values
from foedus.preferences import improves
from foedus.space import Indexes, Mask


@dataclass(frozen=True, slots=True)
class Reply:
    """One move of an opponent: who, and the index of the state it leads to."""

    mover: str
    state: int


@dataclass(frozen=True, slots=True)
class Deterrence:
    """What follows an improvement to the state ``improvement``.

    ``replies`` are the opponents' moves that end in ``sanction``, a state not better than the
    origin for ``member``; for simultaneous stability, the improvements made at the same moment.
    ``sanction`` is None when nothing deters.
    """

    improvement: int
    replies: tuple[Reply, ...] = ()
    sanction: int | None = None
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A mover's verdict in a state: stable when each improvement it has is deterred."""

    state: int
    mover: str
    concept: str
    deterrences: tuple[Deterrence, ...]

    @property
    def stable(self) -> bool:
        """Whether the mover stays."""
        return all(d.sanction is not None for d in self.deterrences)


Find = Callable[[int], Deterrence]
"""What follows an improvement of a mover from a state."""


def verdict(problem: StabilityProblem, state: int, mover: int, concept: str) -> Verdict:
    """Find, by search from the definition, what deters each improvement of a mover from a state.

    ``state`` and ``mover`` are indexes; improvements come best first for the first member. Raises
    KeyError for an unknown concept.
    """
    if concept not in _FINDERS:
        raise KeyError(f"no concept {concept!r}; there are: {', '.join(_FINDERS)}")
    side = problem.movers[mover]
    found = targets_improving(side, state)
    best = np.argsort(-side.views[0].values[found], kind="stable")
    find = _FINDERS[concept](problem, side, state)
    deterrences = tuple(find(int(s1)) for s1 in found[best])
    return Verdict(state, side.moves.mover.key, concept, deterrences)


def targets_improving(side: MoverView, state: int) -> Indexes:
    """The indexes of the states to which the mover would improve from ``state``."""
    targets = side.moves.targets(state)
    return np.asarray(targets[improves(list(side.views), np.full(len(targets), state), targets)])


def _unwilling(side: MoverView, state: int, target: int) -> str | None:
    """A member for whom ``target`` is not better than ``state``; None when it is for all."""
    for view in side.views:
        if not bool(view.agrees(state, target)):
            return view.actor.id
    return None


def _never(problem: StabilityProblem, side: MoverView, state: int) -> Find:
    return Deterrence


def _by_moves(problem: StabilityProblem, side: MoverView, state: int) -> Find:
    return _Search(problem, side, state, _refused(side, state), wanted_only=False).deterrence


def _by_improvements(problem: StabilityProblem, side: MoverView, state: int) -> Find:
    return _Search(problem, side, state, _refused(side, state), wanted_only=True).deterrence


def _by_moves_unanswered(problem: StabilityProblem, side: MoverView, state: int) -> Find:
    refused = _refused(side, state)
    answered = side.moves.least(np.where(refused, 1, 0)) == 0
    return _Search(problem, side, state, refused & ~answered, wanted_only=False).deterrence


def _refused(side: MoverView, state: int) -> Mask:
    """Which states are not better than ``state`` for some member."""
    everywhere = np.arange(len(side.moves.fibre))
    return ~improves(list(side.views), np.full(len(everywhere), state), everywhere)


class _Search:
    """Shortest sequences of the opponents' moves, or improvements, to one of some sanctions.

    How many steps each state is from the nearest sanction is worked out backwards, once; no mover
    moves twice running in a shortest sequence, since two moves of one mover would be one.
    """

    def __init__(
        self,
        problem: StabilityProblem,
        side: MoverView,
        state: int,
        sanctions: Mask,
        *,
        wanted_only: bool,
    ) -> None:
        self._problem, self._side, self._state = problem, side, state
        self._wanted_only = wanted_only
        self._far = len(sanctions)
        steps = (
            problem.improvements_of_opponents(side)
            if wanted_only
            else problem.moves_of_opponents(side)
        )
        self._distance: Values = np.where(sanctions, 0, self._far)
        while True:  # a layer of states, one step further away, at each pass
            nearest = self._distance
            for step in steps:
                nearest = np.minimum(nearest, step(self._distance) + 1)
            if np.array_equal(nearest, self._distance):
                break
            self._distance = nearest

    def deterrence(self, start: int) -> Deterrence:
        """The replies that lead from ``start`` to a sanction, and the member it hits."""
        if self._distance[start] == self._far:
            return Deterrence(start)
        replies: list[Reply] = []
        here = start
        while self._distance[here] > 0:
            reply = self._towards(here)
            replies.append(reply)
            here = reply.state
        return Deterrence(start, tuple(replies), here, _unwilling(self._side, self._state, here))

    def _towards(self, here: int) -> Reply:
        """A reply that brings the sanction one step nearer."""
        for opponent in self._side.opponents:
            other = self._problem.movers[opponent]
            targets = (
                targets_improving(other, here) if self._wanted_only else other.moves.targets(here)
            )
            nearer = targets[self._distance[targets] == self._distance[here] - 1]
            if len(nearer):
                return Reply(other.moves.mover.key, int(nearer[0]))
        raise AssertionError("some opponent leads one step nearer")


def _at_once(problem: StabilityProblem, side: MoverView, state: int) -> Find:
    space = problem.game.space
    choices = {k: _choices_at(problem.movers[k], state, len(space)) for k in side.opponents}
    teams = [
        team for team in disjoint_teams(problem, side) if all(len(choices[k].targets) for k in team)
    ]

    def deterrence(start: int) -> Deterrence:
        for team in teams:
            joint = [choices[k] for k in team]
            _, codes = joint_moves(side, space, np.array([state]), np.array([start]), joint)
            places = np.searchsorted(space.codes, codes)
            places[places == len(space)] = 0
            for row in np.flatnonzero(space.codes[places] == codes):
                member = _unwilling(side, state, int(places[row]))
                if member is not None:
                    replies = _replies(problem, team, joint, side, state, start, int(codes[row]))
                    return Deterrence(start, replies, int(places[row]), member)
        return Deterrence(start)

    return deterrence


def _choices_at(side: MoverView, state: int, size: int) -> Choices:
    targets = targets_improving(side, state)
    heads = np.zeros(size + 1, dtype=np.int64)
    heads[state + 1 :] = len(targets)
    return Choices(side, heads, targets)


def _replies(
    problem: StabilityProblem,
    team: tuple[int, ...],
    joint: list[Choices],
    side: MoverView,
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
            _, codes = joint_moves(side, space, np.array([state]), np.array([start]), fixed)
            if code in codes:
                break
    return tuple(
        Reply(problem.game.movers[k].key, int(choice.targets[0]))
        for k, choice in zip(team, fixed, strict=True)
    )


_FINDERS: Mapping[str, Callable[[StabilityProblem, MoverView, int], Find]] = MappingProxyType(
    {
        "nash": _never,
        "gmr": _by_moves,
        "smr": _by_moves_unanswered,
        "seq": _by_improvements,
        "sim": _at_once,
    }
)
