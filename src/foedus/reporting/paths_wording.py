"""The turns of phrase that the parts of a path share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import number
from foedus.forecasting.estimates import percent
from foedus.game.naming import mover_name
from foedus.preferences.games import Game

if TYPE_CHECKING:
    from foedus.process.steps import Refusal, Step


NEAR = 1e-9
"""What comes out closer to 0 or 1 is that, but for rounding."""


def counted(count: int, thing: str) -> str:
    """A number with its noun.

    >>> counted(1, "step"), counted(3, "step")
    ('1 step', '3 steps')
    """
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def time_told(days: float) -> str:
    """A time in the unit that suits its length.

    >>> time_told(0.4), time_told(29.7), time_told(400), time_told(3000)
    ('less than a day', '30 days', '13 months', '8 years')
    """
    if days < 0.5:
        return "less than a day"
    if days < 90:
        return counted(round(days), "day")
    if days < 2 * 365.25:
        return counted(round(days / 365.25 * 12), "month")
    return counted(round(days / 365.25), "year")


def chance_told(p: float) -> str:
    """A computed probability in whole per cents; one under 1% keeps a digit.

    >>> chance_told(0.5431), chance_told(0.9999), chance_told(1.0), chance_told(0.0)
    ('54%', 'over 99%', '100%', '0%')
    """
    if not NEAR < p < 1 - NEAR:
        return "0%" if p < 0.5 else "100%"
    if p > 0.99:
        return "over 99%"
    return percent(p, p - 0.005, p + 0.005) if p >= 0.01 else percent(p)


def changes(game: Game, step: Step) -> str:
    """What a step changes, in the labels of the positions."""
    return game.space.describe(step.target, apart_from=step.origin)


def makers(game: Game, step: Step) -> str:
    """Who makes a step."""
    return mover_name(game.case, step.by)


def refused_by(game: Game, step: Step) -> str:
    """Who refuses a step, and by how much; empty where nobody does."""
    return listed((_refusal_told(game, each) for each in step.refusals), "and")


def _refusal_told(game: Game, refusal: Refusal) -> str:
    """Who refuses, and by how much, in its own units."""
    name = game.case.actors[refusal.actor].name
    if refusal.threshold is not None:
        share = f"{number(refusal.share or 0.0)}% in favour"
        return f"{name} ({share}, {number(refusal.threshold)}% needed)"
    gain = refusal.gain or 0.0
    unit = "point" if game.views[refusal.actor].kind == "utility" else "rank"
    size = f"{number(abs(gain))} {unit}{'' if abs(gain) == 1 else 's'}"
    if gain > 0:
        least = number(refusal.least or 0.0)
        return f"{name} (gains {size}, no more than the {least} that would move it)"
    return f"{name} ({size} lost)" if gain < 0 else f"{name} (neither gains nor loses)"
