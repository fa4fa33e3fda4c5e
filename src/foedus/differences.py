"""What makes one state better or worse than another for an actor, judgement by judgement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from foedus.case.model import (
    Judgement,
    Priorities,
    Ranking,
    Stances,
    Statement,
    Support,
    SupportItem,
    Worth,
)
from foedus.document import number
from foedus.game.space import StatementReader
from foedus.games import Game
from foedus.preferences import counts_for_sure

Unit = Literal["points", "priority", "tiers", "per cent"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One judgement that tells two states apart.

    ``item`` is the id of a ``worth``, ``priorities`` or ``support`` item, or the text of the
    statement of a ``ranking`` that counts in the target (empty: it matches none). ``change`` is in
    ``unit``: points of the actor's own scale; plus or minus one for a priority that is met or no
    longer met; tiers risen; per cent of an electorate. ``judgement`` is None where the case gives
    no number.
    """

    item: str
    change: float
    unit: Unit
    judgement: Judgement | None = None


def differences(game: Game, actor: str, origin: int, target: int) -> tuple[Difference, ...]:
    """Return the judgements by which ``target`` differs from ``origin`` for an actor.

    ``origin`` and ``target`` are indexes of states; both are judged by what they fall to, at the
    most likely values. Changes of ``worth`` come greatest first (ties in file order) and add up to
    the difference of the utilities; met and missed priorities come in the order of their
    importance. Empty when no judgement tells the two apart. Raises KeyError for an actor without
    preferences.
    """
    space = game.space
    fallen = space.fall[np.array([origin, target])]
    # Only the two states are read, so that a ranking of many single states costs little.
    pair = StatementReader(game.case, space.radix, space.codes[fallen])
    preference = game.case.preferences[actor]
    match preference:
        case Worth():
            changes = [
                Difference(item.id, sign * item.value.mode, "points", item.value)
                for item in preference.items
                if (sign := _change(pair, item.when))
            ]
            return tuple(sorted(changes, key=lambda d: -abs(d.change)))
        case Priorities():
            return tuple(
                Difference(item.id, float(sign), "priority", item.held)
                for item in preference.items
                if counts_for_sure(item.held.mode if item.held else None)
                and (sign := _change(pair, item.when))
            )
        case Ranking():
            return _risen(pair, preference)
        case Support():
            return _supported(pair, preference)
        case Stances():
            return ()


def compared(game: Game, actor: str, origin: int, target: int) -> str:
    """Whether an actor agrees to go from one state to another, and by how much, in a sentence.

    Both, given by index, are judged by what they fall to. Raises KeyError for an actor without
    preferences.
    """
    view = game.views[actor]
    agrees = bool(view.agrees(origin, target))
    before, after = float(view.values[origin]), float(view.values[target])
    name = view.actor.name
    if view.electorate:
        word = "would agree" if agrees else "would refuse"
        text = f"{name}: {word}, with {number(after)}% in favour"
        return f"{text} and {number(view.threshold or 0)}% needed"
    word = "better off" if agrees else "worse off" if after < before else "no better and no worse"
    if view.kind == "utility":
        size = f" by {number(abs(after - before))}" if after != before else ""
        return f"{name}: {word}{size} (from {number(before)} to {number(after)} on its own scale)"
    text = f"{name}: {word}"
    if after != before:
        text += f" (rank {number(before + 1)} to {number(after + 1)}, counted from its worst)"
    return text


def _change(pair: StatementReader, statement: Statement) -> int:
    """Plus one where the statement comes to hold, minus one where it ceases to."""
    before, after = pair.holds(statement.tree)
    return int(after) - int(before)


def _risen(pair: StatementReader, ranking: Ranking) -> tuple[Difference, ...]:
    (before, _), (after, statement) = (_tier(pair, ranking, place) for place in (0, 1))
    if before == after:
        return ()
    return (Difference(statement.text if statement else "", float(before - after), "tiers"),)


def _tier(pair: StatementReader, ranking: Ranking, place: int) -> tuple[int, Statement | None]:
    """The first tier that a state matches, and the statement that it matches there."""
    for tier, statements in enumerate(ranking.tiers):
        for statement in statements:
            if pair.holds(statement.tree)[place]:
                return tier, statement
    return len(ranking.tiers), None


def _supported(pair: StatementReader, support: Support) -> tuple[Difference, ...]:
    before, after = (_counting(pair, support, place) for place in (0, 1))
    change = after.share.mode - before.share.mode
    if before is after or change == 0:
        return ()
    return (Difference(after.id, change, "per cent", after.share),)


def _counting(pair: StatementReader, support: Support, place: int) -> SupportItem:
    """The first item that a state matches; the last has no statement and always counts."""
    for item in support.items:
        if item.when is None or pair.holds(item.when.tree)[place]:
            return item
    raise AssertionError("the last item of a support list is the default")
