"""Acceptance in many draws at once: no deal, package and consent of each arrangement.

Of the playout, by turns: each arrangement against what comes about without it. Every
draw has preferences of its own, and draws that go the same way are taken together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foedus.forecasting.bargains import CELLS, NONE, SAME, Bargaining
from foedus.forecasting.ranges import Floats
from foedus.game.space import Indexes, Mask
from foedus.preferences import SampledPreferences
from foedus.preferences.games import Game
from foedus.process.makers import Makers


@dataclass(frozen=True, slots=True, eq=False)
class Forms:
    """The pairs (t, C) of one arrangement, in the order in which ties are broken.

    ``states`` (p,); ``maker`` (p,) is the place of C in ``coalitions``. ``matching`` (states,) says
    what falls into the arrangement, ``turns`` which movers do not sit out. ``by_itself`` is the
    bare fall where that matches, so that nobody is asked; else -1.
    """

    states: Indexes
    maker: Indexes
    coalitions: tuple[tuple[str, ...], ...]
    matching: Mask
    turns: tuple[int, ...]
    by_itself: int

    @classmethod
    def of(cls, game: Game, makers: Makers, arrangement: str, today: int) -> Forms:
        """Work out the forms of an arrangement from today (an index)."""
        space = game.space
        matching = space.matches(arrangement)
        bare_fall = int(space.fall[today])
        wanted = matching & space.settled
        chosen = [(k, maker.states[wanted[maker.states]]) for k, maker in enumerate(makers.all)]
        states = np.concatenate([part for _, part in chosen])
        maker = np.repeat([k for k, _ in chosen], [len(part) for _, part in chosen])
        order = np.lexsort((maker, states, space.changes(bare_fall, states)))
        turns = tuple(
            k
            for k, (reached, moves) in enumerate(zip(makers.by_mover, game.moves, strict=True))
            if moves.mover.relations and not (reached & matching).any()
        )
        coalitions = tuple(maker.members for maker in makers.all)
        by_itself = bare_fall if matching[bare_fall] else NONE
        return cls(states[order], maker[order], coalitions, matching, turns, by_itself)


@dataclass(frozen=True, slots=True, eq=False)
class Consents:
    """What comes of one arrangement in n draws.

    ``no_deal`` (n,) and ``package`` (n,) are states, -1 where nobody makes the arrangement;
    ``acceptable`` (n,) says whether the package passes.
    """

    no_deal: Indexes
    package: Indexes
    acceptable: Mask


def consents(bargaining: Bargaining, forms: Forms, today: int) -> Consents:
    """Judge an arrangement in every draw of a block.

    ``bargaining`` is of the game's movers, with gains multiplied (:func:`between_movers`).
    """
    n = bargaining.size
    if forms.by_itself != NONE:
        alone = np.full(n, forms.by_itself, dtype=np.intp)
        return Consents(alone, alone, np.ones(n, dtype=bool))
    if not len(forms.states):
        nowhere = np.full(n, NONE, dtype=np.intp)
        return Consents(nowhere, nowhere, np.zeros(n, dtype=bool))
    ends = np.empty(n, dtype=np.intp)
    for draws, end in no_deals(bargaining, forms, today):
        ends[draws] = end
    package = np.empty(n, dtype=np.intp)
    acceptable = np.empty(n, dtype=bool)
    step = max(1, CELLS // len(forms.states))
    for begin in range(0, n, step):
        part = np.arange(begin, min(begin + step, n))
        package[part], acceptable[part] = _packages(bargaining, forms, part, ends[part])
    return Consents(ends, package, acceptable)


def no_deals(bargaining: Bargaining, forms: Forms, today: int) -> Iterator[tuple[Indexes, int]]:
    """Play without the arrangement; yield the draws that end alike, and where: what it falls to."""
    everyone = np.arange(bargaining.size)
    waiting: list[tuple[Indexes, int, int, int, tuple[int, ...]]] = [
        (everyone, today, 0, 0, (today,))
    ]
    while waiting:
        draws, here, turn, idle, visited = waiting.pop()
        if idle >= len(forms.turns):
            yield draws, int(bargaining.space.fall[here])
            continue
        mover = forms.turns[turn % len(forms.turns)]
        targets = bargaining.targets(mover, here).states
        open_ = ~forms.matching[targets] & ~np.isin(targets, visited)
        allowed = np.broadcast_to(open_, (len(draws), len(targets)))
        chosen = bargaining.best(mover, here, draws, allowed)
        for target in np.unique(chosen):
            same = draws[chosen == target]
            if target == NONE:
                waiting.append((same, here, turn + 1, idle + 1, visited))
            else:
                there = int(target)
                waiting.append((same, there, turn + 1, 0, (*visited, there)))


def _packages(
    bargaining: Bargaining, forms: Forms, draws: Indexes, no_deal: Indexes
) -> tuple[Indexes, Mask]:
    """The package of each draw, and whether it passes; both (d,)."""
    refusing = np.zeros((len(draws), len(forms.states)), dtype=np.intp)
    joint = np.zeros(refusing.shape)
    for maker in np.unique(forms.maker):
        rows = np.flatnonzero(forms.maker == maker)
        members = [bargaining.sights[actor] for actor in forms.coalitions[maker]]
        refusing[:, rows], joint[:, rows] = _judged(
            bargaining, members, draws, no_deal, forms.states[rows]
        )
    fewest = refusing.min(axis=1)
    passes = fewest == 0
    kept = refusing == fewest[:, None]
    among = np.where(kept, joint, -np.inf)
    bound = among.max(axis=1) * (1.0 - SAME)
    kept &= ~passes[:, None] | (among >= bound[:, None])
    return forms.states[kept.argmax(axis=1)], passes


def _judged(
    bargaining: Bargaining,
    members: Sequence[SampledPreferences],
    draws: Indexes,
    no_deal: Indexes,
    states: Indexes,
) -> tuple[Indexes, Floats]:
    """How many members refuse each form, and their joint gain by it; both (d, states)."""
    refusing = np.zeros((len(draws), len(states)), dtype=np.intp)
    ordinary = [sight for sight in members if not sight.electorate]
    in_ranks = any(sight.kind == "ordinal" for sight in ordinary)
    joint = np.ones(refusing.shape)
    for sight in members:
        values = sight.values[np.ix_(draws, sight.classes[states])]
        if sight.electorate:
            refusing += values < 1.0
            continue
        gains = values - sight.at(draws, no_deal)[:, None]
        refusing += gains <= 0
        if in_ranks:
            ranked = bargaining.ranked(sight.actor.id)
            gains = ranked.values[np.ix_(draws, sight.classes[states])]
            gains = gains - ranked.at(draws, no_deal)[:, None]
        span = bargaining.span(sight.actor.id, in_ranks=in_ranks)[draws][:, None]
        joint *= np.clip(gains, 0.0, None) / np.where(span > 0, span, 1.0)
    return refusing, np.asarray(joint ** (1.0 / max(len(ordinary), 1)))


def between_movers(game: Game, sights: Mapping[str, SampledPreferences]) -> Bargaining:
    """The bargaining of a game's movers as acceptance has it: products, in ranks if need be."""
    return Bargaining.of(game, game.moves, sights, in_ranks=True)
