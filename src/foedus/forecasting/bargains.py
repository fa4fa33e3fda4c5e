"""Each coalition's best improvement from a state, in many draws at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from foedus.forecasting.options import PlayoutOptions
from foedus.forecasting.ranges import Floats
from foedus.game.movers import mover_of
from foedus.game.moves import Moves
from foedus.game.space import Indexes, Mask, Space
from foedus.preferences import SampledPreferences
from foedus.preferences.games import Game, unions_of

MOST_COALITIONS = 255
"""With more different unions of movers, the movers alone bargain, and the forecast says so."""

SAME = 1e-9
"""Joint gains that differ by less than this part of the greater count as equal."""

CELLS = 1 << 22
"""About how many pairs of draw and target are scored together."""

NONE = -1


def coalitions_of(game: Game, bargainers: str) -> tuple[Moves, ...]:
    """The moves of those who bargain: all unions of movers, or the movers alone."""
    parts = [frozenset(mover.members) for mover in game.movers]
    found = unions_of(parts, game.case.actors, MOST_COALITIONS)
    if bargainers == "movers" or found is None:
        return game.moves
    known = {frozenset(moves.mover.members): moves for moves in game.moves}
    return tuple(
        known[members] if members in known else Moves(game.space, mover_of(game.case, members))
        for members in found
    )


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """A coalition's moves from one state, in the order in which ties are broken.

    ``states`` (t,); targets that no member can tell apart form a class: ``kind`` (t,) numbers it,
    ``first`` (classes,) is its first target, in rising order.
    """

    states: Indexes
    kind: Indexes
    first: Indexes


@dataclass(eq=False)
class Bargaining:
    """Coalitions choosing their best improvements in one block of draws.

    ``positions`` (states, issues) holds position numbers. With ``in_ranks``, a coalition with an
    ordinal member multiplies gains in ranks instead of falling back. Targets, ranks and ranges are
    worked out once.
    """

    space: Space
    coalitions: tuple[Moves, ...]
    sights: Mapping[str, SampledPreferences]
    options: PlayoutOptions
    positions: npt.NDArray[np.int64]
    in_ranks: bool = False
    _targets: dict[tuple[int, int], Targets] = field(default_factory=dict)
    _ranked: dict[str, SampledPreferences] = field(default_factory=dict)
    _spans: dict[tuple[str, bool], Floats] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        game: Game,
        coalitions: tuple[Moves, ...],
        sights: Mapping[str, SampledPreferences],
        options: PlayoutOptions | None = None,
        *,
        in_ranks: bool = False,
    ) -> Bargaining:
        """Set up a block's bargaining."""
        at = positions_of(game.space)
        return cls(game.space, coalitions, sights, options or PlayoutOptions(), at, in_ranks)

    @property
    def size(self) -> int:
        """How many draws the block has."""
        return len(next(iter(self.sights.values())).values)

    def ranked(self, actor: str) -> SampledPreferences:
        """An actor's sight in ranks."""
        if actor not in self._ranked:
            self._ranked[actor] = self.sights[actor].ranked()
        return self._ranked[actor]

    def span(self, actor: str, *, in_ranks: bool = False) -> Floats:
        """An actor's range over the settled states, in its unit or in ranks; shape (n,)."""
        key = (actor, in_ranks)
        if key not in self._spans:
            sight = self.ranked(actor) if in_ranks else self.sights[actor]
            classes = np.unique(sight.classes[self.space.settled])
            self._spans[key] = np.ptp(sight.values[:, classes], axis=1)
        return self._spans[key]

    def members(self, coalition: int) -> list[SampledPreferences]:
        """How the members of a coalition see the states, in their order."""
        return [self.sights[actor] for actor in self.coalitions[coalition].mover.members]

    def targets(self, coalition: int, state: int) -> Targets:
        """The coalition's moves from a state."""
        key = (coalition, state)
        if key not in self._targets:
            self._targets[key] = self._found(coalition, state)
        return self._targets[key]

    def _found(self, coalition: int, state: int) -> Targets:
        moves = self.coalitions[coalition]
        states = moves.targets(state) if moves.mover.relations else np.zeros(0, dtype=np.intp)
        match self.options.ties:
            case "fewest":
                states = states[np.argsort(self.space.changes(state, states), kind="stable")]
            case "highest":
                states = states[::-1]
            case "lowest":
                pass
        if not len(states):
            return Targets(states, states, states)
        seen = np.stack([sight.classes[states] for sight in self.members(coalition)])
        _, first, kind = np.unique(seen, axis=1, return_index=True, return_inverse=True)
        rank = np.empty(len(first), dtype=np.intp)
        rank[np.argsort(first)] = np.arange(len(first))
        return Targets(states, rank[kind.ravel()], np.sort(first))

    def best(
        self, coalition: int, state: int, draws: Indexes, allowed: Mask | None = None
    ) -> Indexes:
        """The coalition's best improvement from ``state`` in each of ``draws``; -1 for none; (d,).

        ``allowed`` (d, t) says which of the coalition's ``targets`` it may choose from; without it,
        all.
        """
        targets = self.targets(coalition, state)
        chosen = np.full(len(draws), NONE, dtype=np.intp)
        if not len(targets.states):
            return chosen
        step = max(1, CELLS // len(targets.states))
        for begin in range(0, len(draws), step):
            part = slice(begin, begin + step)
            scores = self._scores(coalition, state, targets, draws[part])
            if allowed is None:
                place, some = self._first(coalition, scores)
                place = targets.first[place]
            else:
                full = np.where(allowed[part], scores[:, targets.kind], -np.inf)
                place, some = self._first(coalition, full)
            chosen[part] = np.where(some, targets.states[place], NONE)
        return chosen

    def _first(self, coalition: int, scores: Floats) -> tuple[Indexes, Mask]:
        """The first of the greatest scores in each row, and whether there is any."""
        greatest = scores.max(axis=1)
        some = greatest > -np.inf
        # A product of k gains may differ by k parts where their geometric mean differs by one.
        slack = SAME * len(self.coalitions[coalition].mover.members)
        bound = np.where(some, greatest - slack * np.abs(greatest), 0.0)
        return (scores >= bound[:, None]).argmax(axis=1), np.asarray(some)

    def improving(self, coalition: int, state: int, draws: Indexes) -> Mask:
        """Which of the coalition's ``targets`` are improvements in each draw; (d, t)."""
        targets = self.targets(coalition, state)
        scores = self._scores(coalition, state, targets, draws)
        return np.asarray(scores[:, targets.kind] > -np.inf)

    def _scores(
        self, coalition: int, state: int, targets: Targets, draws: Indexes
    ) -> npt.NDArray[np.float64]:
        """How good each class of targets is to the coalition; -inf where no improvement; (d, k)."""
        examples = targets.states[targets.first]
        passed = np.ones((len(draws), len(examples)), dtype=bool)
        ordinary = []
        for sight in self.members(coalition):
            values = sight.values[np.ix_(draws, sight.classes[examples])]
            if sight.electorate:
                passed &= values == 1.0
            else:
                gains = values - sight.at(draws, np.full(len(draws), state))[:, None]
                passed &= gains > 0
                ordinary.append((sight, gains))
        ordinal = any(sight.kind == "ordinal" for sight, _ in ordinary)
        if ordinal and self.in_ranks:
            scores = self._product_of_ranks([s for s, _ in ordinary], state, examples, draws)
        elif ordinal or self.options.deal == "fallback":
            scores = -_worst_rank([gains for _, gains in ordinary], passed)
        elif self.options.deal == "egalitarian":
            scores = np.full(passed.shape, np.inf)
            for sight, gains in ordinary:
                span = self.span(sight.actor.id)[draws][:, None]
                np.minimum(scores, gains / np.where(span > 0, span, 1.0), out=scores)
        else:
            scores = np.ones(passed.shape)
            for _, gains in ordinary:
                scores *= gains
        return np.where(passed, scores, -np.inf)

    def _product_of_ranks(
        self, members: Sequence[SampledPreferences], state: int, examples: Indexes, draws: Indexes
    ) -> Floats:
        """The product of the members' gains in ranks; (d, k)."""
        scores = np.ones((len(draws), len(examples)))
        for sight in members:
            ranks = self.ranked(sight.actor.id).values
            before = ranks[draws, sight.classes[state]]
            scores *= ranks[np.ix_(draws, sight.classes[examples])] - before[:, None]
        return scores


def positions_of(space: Space) -> npt.NDArray[np.int64]:
    """The position numbers of all states; shape (states, issues)."""
    columns = [space.reader.column(k) for k in range(len(space.radix.issues))]
    return np.stack(columns, axis=1).astype(np.int64)


def _worst_rank(gains: list[Floats], passed: Mask) -> Floats:
    """The worst rank that any member gives a target among the improvements; (d, k).

    Ranks count from 1, best first; equal values share a rank, without gaps. It is the depth to
    which all must go down their lists before they meet in the target [Brams2001].
    """
    worst = np.zeros(passed.shape)
    for gain in gains:
        among = np.where(passed, gain, -np.inf)
        order = np.argsort(-among, axis=1, kind="stable")
        ordered = np.take_along_axis(among, order, axis=1)
        steps = np.ones(passed.shape)
        steps[:, 1:] += np.cumsum(ordered[:, 1:] != ordered[:, :-1], axis=1)
        ranks = np.empty(passed.shape)
        np.put_along_axis(ranks, order, steps, axis=1)
        np.maximum(worst, ranks, out=worst)
    return worst
