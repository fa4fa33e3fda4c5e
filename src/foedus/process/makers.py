"""Who has the rights to what: the smallest unions of movers that reach each settled state."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foedus.case.problems import CaseError, Problem
from foedus.game.listed import TooManyMoves
from foedus.game.moves import Moves
from foedus.game.space import Indexes, Mask
from foedus.preferences.games import Game, unions_of

COALITION_LIMIT = 1 << 12
"""More coalitions than this are refused."""

CELL_LIMIT = 1 << 31
"""More coalitions times states than this are refused: two bits are kept for each."""

Packed = npt.NDArray[np.uint8]


class TooManyCoalitions(CaseError):
    """So many unions of movers that what each can bring about is not worked out."""


@dataclass(frozen=True, slots=True, eq=False)
class Maker:
    """A coalition and the settled states (indexes, ascending) of which it is a smallest maker.

    ``members`` are in the order of the case's actors; the empty coalition makes today's fall.
    """

    members: tuple[str, ...]
    states: Indexes


@dataclass(frozen=True, slots=True, eq=False)
class Makers:
    """All makers, smaller coalitions first and then in the order of the case's actors.

    ``by_mover`` holds for each mover of the game the states, settled or not, that it reaches from
    today by moves of its own parts; each of shape (n,).
    """

    all: tuple[Maker, ...]
    by_mover: tuple[Mask, ...]

    def of(self, wanted: Mask) -> tuple[tuple[str, ...], ...]:
        """The smallest coalitions that make one of the ``wanted`` settled states (n,)."""
        able = [maker.members for maker in self.all if wanted[maker.states].any()]
        return tuple(c for c in able if not any(set(other) < set(c) for other in able))


def makers_of(game: Game, today: int) -> Makers:
    """Work out for every coalition which settled states it, and nothing smaller, makes from today.

    A coalition is a union of movers; its parts are the movers it contains. Raises
    TooManyCoalitions past ``COALITION_LIMIT``, or past ``CELL_LIMIT`` coalitions times states.
    """
    size = len(game.space)
    able = [moves for moves in game.moves if moves.mover.relations]
    unions = _unions(game, [frozenset(moves.mover.members) for moves in able])
    nothing = np.zeros(size, dtype=bool)
    nothing[today] = True
    reached: dict[frozenset[str], Packed] = {frozenset(): np.packbits(nothing)}
    made: dict[frozenset[str], Packed] = {frozenset(): np.packbits(_fallen(game, nothing))}
    makers = [Maker((), game.space.fall[[today]])]
    for union in unions:
        parts = [moves for moves in able if union.issuperset(moves.mover.members)]
        # A smaller coalition lacks some member, and so is part of all that can do without it.
        smaller = {
            frozenset().union(*(m.mover.members for m in parts if a not in m.mover.members))
            for a in union
        }
        start = np.bitwise_or.reduce([reached[part] for part in smaller])
        found = _closed(parts, _unpacked(start, size))
        mine = _fallen(game, found)
        before = _unpacked(np.bitwise_or.reduce([made[part] for part in smaller]), size)
        reached[union], made[union] = np.packbits(found), np.packbits(mine)
        fresh = np.flatnonzero(mine & ~before)
        if len(fresh):
            makers.append(Maker(tuple(a for a in game.case.actors if a in union), fresh))
    by_mover = tuple(_unpacked(reached[_able_part(able, moves)], size) for moves in game.moves)
    return Makers(tuple(makers), by_mover)


def _unions(game: Game, movers: list[frozenset[str]]) -> list[frozenset[str]]:
    """All unions of one mover or more, by size, then in the order of the case's actors."""
    most = min(COALITION_LIMIT, CELL_LIMIT // len(game.space))
    found = unions_of(movers, game.case.actors, most)
    if found is None:
        message = (
            f"too many coalitions: the unions of {len(movers)} movers come to more than "
            f"{most:,}, the most that are worked out over {len(game.space):,} states"
        )
        expected = "fewer actors with rights of their own, or several taken as one"
        place = game.case.place(("actors",))
        raise TooManyCoalitions([Problem(message, place, expected)], game.case.file)
    return found


def _able_part(able: list[Moves], moves: Moves) -> frozenset[str]:
    """The union of the movers contained in this one that have moves at all."""
    members = set(moves.mover.members)
    return frozenset().union(
        *(part.mover.members for part in able if members.issuperset(part.mover.members))
    )


def _closed(parts: list[Moves], found: Mask) -> Mask:
    """The states that moves of these parts, one after another, reach from those found."""
    count = int(found.sum())
    while True:
        for moves in parts:
            found = moves.reached(found)
        before, count = count, int(found.sum())
        if count == before:
            return found


def _fallen(game: Game, states: Mask) -> Mask:
    """What these states fall to; shape (n,)."""
    fallen = np.zeros(len(states), dtype=bool)
    fallen[game.space.fall[states]] = True
    return fallen


def _unpacked(packed: Packed, size: int) -> Mask:
    return np.unpackbits(packed, count=size).astype(bool)


def makers_by_arrangement(game: Game) -> dict[str, tuple[tuple[str, ...], ...]] | None:
    """The smallest coalitions with the rights to each arrangement, one move after another.

    None for a case without a possible today, or with too many coalitions or moves to look at.
    """
    if game.space.today is None:
        return None
    try:
        made = makers_of(game, game.space.today)
    except (TooManyCoalitions, TooManyMoves):
        return None
    settled = game.space.settled
    return {name: made.of(game.space.matches(name) & settled) for name in game.case.arrangements}
