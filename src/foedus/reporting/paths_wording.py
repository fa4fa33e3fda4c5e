"""The turns of phrase that the parts of a path share."""

from __future__ import annotations

from foedus.document import number
from foedus.preferences.games import Game
from foedus.process.paths.route import Answer, Step


def counted(count: int, thing: str) -> str:
    """A number with its noun.

    >>> counted(1, "step"), counted(3, "step")
    ('1 step', '3 steps')
    """
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def changes(game: Game, step: Step) -> str:
    """What a step changes, in the labels of the positions."""
    return game.space.describe(step.target, apart_from=step.origin)


def refusal_told(game: Game, answer: Answer) -> str:
    """Who refuses, and by how much, in its own units."""
    name = game.case.actors[answer.actor].name
    if answer.threshold is not None:
        return f"{name} ({number(answer.after)}% in favour, {number(answer.threshold)}% needed)"
    if answer.short == 0:
        return f"{name} (neither gains nor loses)"
    size = number(answer.short)
    if answer.kind == "utility":
        return f"{name} ({size} {'point' if answer.short == 1 else 'points'} lost)"
    return f"{name} ({size} {'rank' if answer.short == 1 else 'ranks'} lost)"
