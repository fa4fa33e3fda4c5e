"""How movers and states are called where a result is told."""

from __future__ import annotations

from foedus.case.model import Case
from foedus.case.problems import listed
from foedus.game.space import Space


def mover_name(case: Case, key: str) -> str:
    """The names of a mover's members: ``North Town and South Town together``."""
    names = [case.actors[actor].name for actor in key.split("+")]
    return f"{listed(names, 'and')} together" if len(names) > 1 else names[0]


def today_told(case: Case) -> str:
    """What the status quo is called: also where the case does not say, and it is taken so."""
    said = "the status quo"
    return said if case.today else f"{said}, taken as the first position of every issue"


def state_told(space: Space, index: int, apart_from: int | None) -> str:
    """A state by the positions in which it differs from another, with its number to ask for."""
    told = "the same" if index == apart_from else space.describe(index, apart_from=apart_from)
    told = "the status quo" if index == apart_from == space.today else told
    return f"{told} (state {index + 1:,})"
