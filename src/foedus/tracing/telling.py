"""The judgements of one actor that tell two states apart, as edges of the web."""

from __future__ import annotations

from typing import assert_never

from foedus.case.links import judgement_name
from foedus.case.model import Preference, Priorities, Ranking, Stances, Support, Worth
from foedus.document import number
from foedus.preferences import Difference, differences
from foedus.preferences.games import Game
from foedus.tracing.web import Edge


def telling(game: Game, actor: str, origin: int, target: int) -> list[Edge]:
    """What tells ``target`` from ``origin`` for an actor, most telling first.

    Both, indexes of states, are judged by what they fall to. Of an electorate it is the support
    that counts in ``target``, and the threshold; of wished positions, those on the issues that
    differ.
    """
    case = game.case
    preference = case.preferences[actor]
    match preference:
        case Support():
            return _support(game, actor, preference, target)
        case Stances():
            return _stances(game, preference, origin, target)
        case Worth() | Priorities() | Ranking():
            found = differences(game.space, actor, origin, target)
            return [_edge(game, actor, preference, d, k == 0) for k, d in enumerate(found)]
        case _:
            assert_never(preference)


def _edge(
    game: Game, actor: str, preference: Preference, difference: Difference, first: bool
) -> Edge:
    if isinstance(preference, Ranking):
        places = "place" if abs(difference.change) == 1 else "places"
        way = "higher" if difference.change > 0 else "lower"
        at = difference.item or "matches no line of it"
        told = f"{number(abs(difference.change))} {places} {way}: {at}"
        return Edge(f"preferences.{actor}.ranking", told)
    if isinstance(preference, Priorities):
        wish = next(i for i, w in enumerate(preference.items) if w.id == difference.item)
        name = judgement_name(game.case, ("preferences", actor, "priorities", wish))
        met = "met" if difference.change > 0 else "no longer met"
        return Edge(name, f"{met}, and this decides" if first else met)
    assert difference.judgement is not None  # noqa: S101 - every worth has one
    name = judgement_name(game.case, difference.judgement.path)
    sign = "+" if difference.change >= 0 else ""
    word = "now holds" if difference.change == difference.judgement.mode else "no longer holds"
    return Edge(name, f"{sign}{number(difference.change)}: {word}")


def _support(game: Game, actor: str, support: Support, target: int) -> list[Edge]:
    fallen = int(game.space.fall[target])
    for item in support.items:
        if item.when is None or game.space.holds(item.when.tree)[fallen]:
            name = judgement_name(game.case, item.share.path)
            edges = [Edge(name, f"{number(item.share.mode)}% in favour")]
            threshold = game.case.actors[actor].threshold
            if threshold is not None:
                needed = f"{number(threshold.mode)}% needed"
                edges.append(Edge(judgement_name(game.case, threshold.path), needed))
            return edges
    return []


def _stances(game: Game, stances: Stances, origin: int, target: int) -> list[Edge]:
    space = game.space
    before, after = (space.positions(int(space.fall[state])) for state in (origin, target))
    edges = []
    for stance in stances.items:
        if before[stance.issue] != after[stance.issue]:
            note = f"{before[stance.issue]} to {after[stance.issue]}"
            for judgement in (stance.position, stance.salience):
                edges.append(Edge(judgement_name(game.case, judgement.path), note))
    return edges


def moved(game: Game, members: tuple[str, ...], origin: int, target: int) -> list[Edge]:
    """What makes the members of a mover go from one state to another."""
    return [
        Edge(edge.name, f"{game.case.actors[actor].name}: {edge.note}")
        for actor in members
        for edge in telling(game, actor, origin, target)
    ]
