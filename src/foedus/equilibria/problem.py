"""What the stability concepts work on, and the fixpoint that most of them come down to.

A mover's moves compose (two in a row are one, and two improvements one improvement), so what its
opponents reach by legal sequences is plain reachability, and the worst that they can do to a member
``a`` of the mover, starting anywhere, is one fixpoint over the states::

    V(s) = min(cost(s), min over opponents k and their moves s -> t of V(t))
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from foedus.equilibria.choices import Choices
from foedus.equilibria.improvements import Improvements, improvements_of
from foedus.game.listed import listed
from foedus.game.moves import Moves, Values, ranges
from foedus.game.space import Indexes, Mask
from foedus.preferences import View, improves
from foedus.preferences.games import Game

Step = Callable[[Values], Values]


PAIRS = 1 << 26
"""More improvements of one mover than this are not listed."""

COMPARED = 1 << 26
"""So many pairs of kinds of states are compared to count them beforehand."""


class TooLarge(Exception):
    """A space too large for a stability concept."""


@dataclass(frozen=True, eq=False)
class MoverView:
    """One mover of a game: its moves, how its members see the states, its improvements.

    ``opponents`` are the indexes of the movers that share no member with it.
    """

    moves: Moves
    views: tuple[View, ...]
    improvements: Improvements
    opponents: tuple[int, ...]

    @cached_property
    def listed(self) -> tuple[Indexes, Indexes]:
        """All its improvements as (origins, targets), by origin. Raises TooLarge past ``PAIRS``."""
        origins, targets, count = [np.zeros(0, dtype=np.intp)], [np.zeros(0, dtype=np.intp)], 0
        if self._counted_if_soon() > PAIRS:
            raise self._too_many()
        for some, others in self.improvements.pairs():
            count += len(some)
            if count > PAIRS:
                raise self._too_many()
            origins.append(some.astype(np.intp, copy=False))
            targets.append(others.astype(np.intp, copy=False))
        before, after = np.concatenate(origins), np.concatenate(targets)
        if (before[1:] < before[:-1]).any():
            order = np.argsort(before, kind="stable")
            before, after = before[order], after[order]
        return before, after

    def _too_many(self) -> TooLarge:
        return TooLarge(
            f"simultaneous stability would look at more than {PAIRS:,} improvements of "
            f"{self.moves.mover.key}; leave `sim` out of the concepts"
        )

    def _counted_if_soon(self) -> float:
        """How many improvements there are; 0 where they are few, or listed as soon as counted.

        States of one cell that all members see alike are counted as one.
        """
        moves = self.moves
        judged = any(not view.electorate for view in self.views)
        if not (judged and moves.clique) or moves.number_of_pairs <= PAIRS:
            return 0
        seen = np.stack([moves.cell, *(view.levels for view in self.views)])
        _, alike, many = np.unique(seen, axis=1, return_index=True, return_counts=True)
        cell, size = np.unique(moves.cell[alike], return_inverse=True, return_counts=True)[1:]
        if (size.astype(float) ** 2).sum() > COMPARED:
            return 0
        first = np.cumsum(size) - size
        origin = np.repeat(np.arange(len(alike)), size[cell])
        target = ranges(first[cell], size[cell])
        better = improves(list(self.views), alike[origin], alike[target])
        return float((many[origin][better] * many[target][better].astype(float)).sum())

    def improving(self, state: int) -> Indexes:
        """The indexes of the states to which the mover would improve from ``state``."""
        return self.improving_from(np.array([state]))[0]

    def improving_from(self, states: Indexes) -> list[Indexes]:
        """The same for some states, each in order of number."""
        found: list[Indexes] = [np.zeros(0, dtype=np.intp)] * len(states)
        for places, targets, open_ in self.moves.targets_from(states):
            for view in self.views:
                open_ = open_ & view.agrees(states[places, None], targets[None])
            for place, row in zip(places.tolist(), open_, strict=True):
                found[place] = targets[row]
        return found

    def bounds(self, states: int | Indexes) -> list[int | Values]:
        """For each member, the level up to which it does not agree to go there from ``states``."""
        return [0 if view.electorate else view.levels[states] for view in self.views]

    def refused(self, state: int) -> Mask:
        """Which states are not better than ``state`` for some member; shape (n,)."""
        everywhere = np.arange(len(self.moves.space))
        return ~improves(list(self.views), np.full(len(everywhere), state), everywhere)

    def unwilling(self, state: int, target: int) -> str | None:
        """A member for whom ``target`` is not better than ``state``; None when it is for all."""
        for view in self.views:
            if not bool(view.agrees(state, target)):
                return view.actor.id
        return None


@dataclass(frozen=True, eq=False)
class StabilityProblem:
    """All movers of a game, ready for the concepts."""

    game: Game
    movers: tuple[MoverView, ...]

    @classmethod
    def of(cls, game: Game) -> StabilityProblem:
        """Work out every mover's improvements and opponents. Raises TooManyMoves."""
        listed(game.moves)
        return cls(
            game,
            tuple(
                MoverView(
                    moves,
                    tuple(game.members(moves.mover)),
                    improvements_of(moves, game.members(moves.mover)),
                    tuple(game.opponents(moves.mover)),
                )
                for moves in game.moves
            ),
        )

    @cached_property
    def choices(self) -> Choices | None:
        """What the movers would choose instead, for a compiled search; see :class:`Choices`."""
        return Choices.of(self.movers, self.game.space)


def worst_reached(cost: Values, steps: Sequence[Step]) -> Values:
    """Return the least cost that the steps, one after another, reach from each state; shape (n,).

    The least fixpoint V of V(s) = min(cost(s), min over steps of V of where they lead).
    """
    value = cost
    idle = 0
    while idle < len(steps):
        for step in steps:
            lower = np.minimum(value, step(value))
            # A step repeated at once adds nothing (moves compose), so a change counts as its own.
            idle = idle + 1 if np.array_equal(lower, value) else 1
            value = lower
            if idle >= len(steps):
                break
    return value
