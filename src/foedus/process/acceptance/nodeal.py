"""No deal: what comes about from today without an arrangement, as its own makers sit out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from foedus.game.moves import Moves
from foedus.game.space import Indexes, Mask
from foedus.preferences import View, improves
from foedus.preferences.games import Game
from foedus.process.acceptance.coalitions import Makers
from foedus.process.acceptance.gains import Yardstick, greatest, joint_gain

ORDERS: Mapping[str, Callable[[Sequence[int]], list[int]]] = MappingProxyType(
    {"file": list, "reverse": lambda turns: list(reversed(turns))}
)
"""In which order movers take turns, by name: by size and then as in the file, or backwards."""


@dataclass(frozen=True, slots=True)
class Step:
    """A move made: by whom (member ids joined by ``+``), from which state to which (indexes)."""

    mover: str
    origin: int
    target: int


@dataclass(frozen=True, slots=True)
class RefusedReturn:
    """A mover's best improvement that was not made, since it leads back to a state visited.

    The moves made from that state to where the mover stood are ``steps[first:last]`` of no deal.
    """

    mover: str
    origin: int
    target: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class NoDeal:
    """What happens without an arrangement.

    ``end`` is where play rests and ``state`` what that falls to (indexes). ``sitting_out`` are the
    movers that make the arrangement by themselves. It is *settled* when no return was refused.
    """

    state: int
    end: int
    sitting_out: tuple[str, ...]
    steps: tuple[Step, ...]
    refused: tuple[RefusedReturn, ...]

    def cycle(self, refused: RefusedReturn) -> tuple[Step, ...]:
        """The moves made from the state returned to, to where the mover stood."""
        return self.steps[refused.first : refused.last]

    @property
    def settled(self) -> bool:
        """Whether nobody wished to go back to a state already visited."""
        return not self.refused


class Play:
    """Plays a case from today, as often as asked; what the plays have in common is kept."""

    def __init__(self, game: Game, makers: Makers, today: int, order: str = "file") -> None:
        """Prepare. Raises ValueError for an order that is none of ``ORDERS``."""
        if order not in ORDERS:
            raise ValueError(f"no order {order!r}; there are: {', '.join(ORDERS)}")
        self.game = game
        self.order = order
        self.makers = makers
        self.today = today
        self.turns = ORDERS[order](range(len(game.moves)))
        self.yardsticks = {a: Yardstick.of(game.space, v) for a, v in game.views.items()}

    def seen_by(self, view: View) -> Play:
        """The same play with one actor's view of the states exchanged."""
        views = {**self.game.views, view.actor.id: view}
        return Play(replace(self.game, views=views), self.makers, self.today, self.order)

    def without(self, matching: Mask) -> NoDeal:
        """Play from today without an arrangement; ``matching`` (n,): which states fall into it."""
        moves = self.game.moves
        makes = [bool((reached & matching).any()) for reached in self.makers.by_mover]
        turns = [k for k in self.turns if not makes[k] and moves[k].mover.relations]
        here, idle = self.today, 0
        visited = np.zeros(len(matching), dtype=bool)
        visited[here] = True
        when = {here: 0}
        steps: list[Step] = []
        refused: dict[tuple[str, int, int], RefusedReturn] = {}
        turn = 0
        while turns and idle < len(turns):
            mover = moves[turns[turn % len(turns)]]
            turn += 1
            back, best = self._best(mover, here, matching, visited)
            if back is not None:
                key = mover.mover.key
                returned = RefusedReturn(key, here, back, when[back], len(steps))
                refused.setdefault((key, here, back), returned)
            if best is None:
                idle += 1
                continue
            steps.append(Step(mover.mover.key, here, best))
            here, idle = best, 0
            visited[here] = True
            when[here] = len(steps)
        return NoDeal(
            int(self.game.space.fall[here]),
            here,
            tuple(m.mover.key for m, made in zip(moves, makes, strict=True) if made),
            tuple(steps),
            tuple(refused.values()),
        )

    def _best(
        self, moves: Moves, here: int, barred: Mask, visited: Mask
    ) -> tuple[int | None, int | None]:
        """The mover's best improvement, if it would be a return, and the best that is none."""
        targets = moves.targets(here)
        targets = targets[~barred[targets]]
        targets = targets[improves(self.game.members(moves.mover), here, targets)]
        if not len(targets):
            return None, None
        first = self._first(moves, here, targets)
        if not visited[first]:
            return None, first
        left = targets[~visited[targets]]
        return first, (self._first(moves, here, left) if len(left) else None)

    def _first(self, moves: Moves, here: int, targets: Indexes) -> int:
        """The greatest joint gain; ties: fewest issues changed, then the lowest number."""
        gains = joint_gain([self.yardsticks[a] for a in moves.mover.members], here, targets)
        tied = targets[greatest(gains)]
        return int(tied[np.argmin(self.game.space.changes(here, tied))])
