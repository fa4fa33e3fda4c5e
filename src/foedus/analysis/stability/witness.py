"""Why a mover is stable or not in a state: each improvement, and the reply that deters it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from foedus.analysis.stability.arena import Arena, Side
from foedus.analysis.stability.simultaneous import Choices, disjoint_teams, joint_moves
from foedus.preferences import improves
from foedus.space import Indexes

Reach = Callable[[int, int], Indexes]


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


def verdict(arena: Arena, state: int, mover: int, concept: str) -> Verdict:
    """Find, by search from the definition, what deters each improvement of a mover from a state.

    ``state`` and ``mover`` are indexes; improvements come best first for the first member. Raises
    KeyError for an unknown concept.
    """
    finders: dict[str, Callable[[Arena, Side, int, int], Deterrence]] = {
        "nash": lambda arena, side, state, s1: Deterrence(s1),
        "gmr": _by_moves,
        "smr": _by_moves_unanswered,
        "seq": _by_improvements,
        "sim": _at_once,
    }
    find = finders[concept]
    side = arena.sides[mover]
    found = targets_improving(side, state)
    best = np.argsort(-side.views[0].values[found], kind="stable")
    return Verdict(
        state,
        side.moves.mover.key,
        concept,
        tuple(find(arena, side, state, int(s1)) for s1 in found[best]),
    )


def targets_improving(side: Side, state: int) -> Indexes:
    """The indexes of the states to which the mover would improve from ``state``."""
    targets = side.moves.targets(state)
    return np.asarray(targets[improves(list(side.views), np.full(len(targets), state), targets)])


def _unwilling(side: Side, state: int, target: int) -> str | None:
    """A member for whom ``target`` is not better than ``state``; None when it is for all."""
    for view in side.views:
        if not bool(view.agrees(state, target)):
            return view.actor.id
    return None


def _by_moves(arena: Arena, side: Side, state: int, start: int) -> Deterrence:
    return _searched(arena, side, state, start, lambda k, s: arena.sides[k].moves.targets(s))


def _by_improvements(arena: Arena, side: Side, state: int, start: int) -> Deterrence:
    return _searched(arena, side, state, start, lambda k, s: targets_improving(arena.sides[k], s))


def _by_moves_unanswered(arena: Arena, side: Side, state: int, start: int) -> Deterrence:
    def unanswered(target: int) -> bool:
        answers = side.moves.targets(target)
        return not improves(list(side.views), np.full(len(answers), state), answers).any()

    return _searched(
        arena, side, state, start, lambda k, s: arena.sides[k].moves.targets(s), unanswered
    )


def _searched(
    arena: Arena,
    side: Side,
    state: int,
    start: int,
    reach: Reach,
    counts: Callable[[int], bool] = lambda target: True,
) -> Deterrence:
    """Breadth first from ``start`` over the opponents' moves, to the first sanction that counts."""
    came: dict[int, tuple[int, int]] = {start: (-1, -1)}
    waiting = [start]
    for here in waiting:
        for opponent in side.opponents:
            for there in reach(opponent, here):
                target = int(there)
                if target in came:
                    continue
                came[target] = (here, opponent)
                waiting.append(target)
                member = _unwilling(side, state, target)
                if member is not None and counts(target):
                    replies = tuple(_trail(arena, came, target))
                    return Deterrence(start, replies, target, member)
    return Deterrence(start)


def _trail(arena: Arena, came: dict[int, tuple[int, int]], end: int) -> Iterator[Reply]:
    steps: list[Reply] = []
    while came[end][1] >= 0:
        before, opponent = came[end]
        steps.append(Reply(arena.game.movers[opponent].key, end))
        end = before
    yield from reversed(steps)


def _at_once(arena: Arena, side: Side, state: int, start: int) -> Deterrence:
    space = arena.game.space
    for team in disjoint_teams(arena, side):
        joint = [_choices_at(arena.sides[k], state, len(space)) for k in team]
        if not all(len(choice.targets) for choice in joint):
            continue
        _, codes = joint_moves(side, space, np.array([state]), np.array([start]), joint)
        places = np.searchsorted(space.codes, codes)
        places[places == len(space)] = 0
        for row in np.flatnonzero(space.codes[places] == codes):
            member = _unwilling(side, state, int(places[row]))
            if member is not None:
                replies = _replies(arena, team, joint, side, state, start, int(codes[row]))
                return Deterrence(start, replies, int(places[row]), member)
    return Deterrence(start)


def _choices_at(side: Side, state: int, size: int) -> Choices:
    targets = targets_improving(side, state)
    heads = np.zeros(size + 1, dtype=np.int64)
    heads[state + 1 :] = len(targets)
    return Choices(side, heads, targets)


def _replies(
    arena: Arena,
    team: tuple[int, ...],
    joint: list[Choices],
    side: Side,
    state: int,
    start: int,
    code: int,
) -> tuple[Reply, ...]:
    """Which improvement of each opponent of the team takes part in the joint move to ``code``."""
    space = arena.game.space
    fixed = list(joint)
    for number, choice in enumerate(joint):
        for target in choice.targets:
            heads = np.zeros(len(space) + 1, dtype=np.int64)
            heads[state + 1 :] = 1
            fixed[number] = Choices(choice.side, heads, np.array([target]))
            _, codes = joint_moves(side, space, np.array([state]), np.array([start]), fixed)
            if code in codes:
                break
    return tuple(
        Reply(arena.game.movers[k].key, int(choice.targets[0]))
        for k, choice in zip(team, fixed, strict=True)
    )
