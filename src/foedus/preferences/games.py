"""A case made computable: its space, its movers with their moves, and how each actor sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from foedus.case.by_name import ByName
from foedus.case.model import Case
from foedus.case.problems import UnknownName
from foedus.game.checking import checked
from foedus.game.day_rights import DayRights
from foedus.game.listed import ListedMoves
from foedus.game.movers import Mover
from foedus.game.moves import Moves
from foedus.game.product import ProductMoves
from foedus.game.space import Space
from foedus.preferences import View, views_of


@dataclass(frozen=True, slots=True, eq=False)
class Game:
    """What every analysis starts from.

    ``moves`` holds one entry a mover, by size and then in the order of the case's actors: under
    ``rights`` on one day, where they depend on it. ``views`` maps the id of every actor that has
    preferences to how it sees the states. ``asked`` is the day where one was asked for.
    """

    case: Case
    space: Space
    moves: tuple[Moves, ...]
    views: Mapping[str, View]
    rights: DayRights
    asked: date | None = None

    def __post_init__(self) -> None:
        """Have an unknown actor told with the nearest that there is."""
        object.__setattr__(self, "views", ByName("view of actor", self.views))

    @property
    def movers(self) -> tuple[Mover, ...]:
        """The movers, in the order of ``moves``."""
        return tuple(moves.mover for moves in self.moves)

    @property
    def day(self) -> date | None:
        """The day on which rights are as they are here; None where they are so on every day."""
        return self.asked or (self.rights.day if self.rights.dated else None)

    def members(self, mover: Mover) -> list[View]:
        """How the members of a mover see the states, in their order."""
        return [self.views[actor] for actor in mover.members]

    def opponents(self, mover: Mover) -> list[int]:
        """The indexes of the movers that share no member with this one."""
        apart = frozenset(mover.members).isdisjoint
        return [k for k, moves in enumerate(self.moves) if apart(moves.mover.members)]

    def mover_index(self, key: str) -> int:
        """The index of the mover with these members, joined by ``+`` in any order.

        Raises KeyError, naming the movers there are, when there is none.
        """
        wanted = set(key.replace(" ", "").split("+"))
        for k, moves in enumerate(self.moves):
            if set(moves.mover.members) == wanted:
                return k
        raise UnknownName("mover", key, [mover.key for mover in self.movers])


def unions_of(
    parts: Iterable[frozenset[str]], actors: Iterable[str], most: int
) -> list[frozenset[str]] | None:
    """All different unions of one part or more, by size, then in the order of ``actors``.

    None when there are more than ``most``.

    >>> ab, c = frozenset("ab"), frozenset("c")
    >>> [sorted(union) for union in unions_of([ab, c], "abc", most=5)]
    [['c'], ['a', 'b'], ['a', 'b', 'c']]
    """
    found: set[frozenset[str]] = set()
    for part in parts:
        found |= {part, *(part | other for other in found)}
        if len(found) > most:
            return None
    place = {actor: k for k, actor in enumerate(actors)}
    return sorted(found, key=lambda union: (len(union), sorted(place[a] for a in union)))


def game_of(case: Case | Game, on: date | None = None) -> Game:
    """Build the game of a case, with the rights as they are ``on`` a day (None: on ``as_of``).

    Of a game given, that game, with its rights on the day if one is asked for. Raises CaseError
    with all that ``game.checking`` finds wrong.
    """
    if isinstance(case, Game):
        return case if on in (None, case.asked) else game_of(case.case, on)
    rights, movers = checked(case, on)
    moves = tuple(moves_of(rights, mover) for mover in movers)
    return Game(case, rights.space, moves, views_of(rights.space), rights, on)


def moves_of(rights: DayRights, mover: Mover) -> Moves:
    """The moves of a mover: a product over its issues, where its rights are such."""
    if mover.listed:
        return ListedMoves(rights, mover)
    return ProductMoves(rights.space, mover)
