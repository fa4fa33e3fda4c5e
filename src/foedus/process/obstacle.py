"""What bars an arrangement that no changes bring about: rules, or rights that nobody has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from foedus.case.model import Issue
from foedus.game.space import Mask, StatementReader
from foedus.preferences.games import Game

Bar = Literal["final", "never-back", "provisional", "nobody", "not-alone"]


@dataclass(frozen=True, slots=True)
class Barred:
    """A change that is wanting, and what bars it.

    ``bar``: ``final``, nothing leaves ``origin``; ``never-back``, the issue is never changed back
    to ``target``; ``provisional``, nobody may move into ``target``; ``nobody``, the right is
    nobody's there; ``not-alone``, somebody has it, but this change by itself breaks the rules with
    the indexes ``rules``. ``right`` is the text of the right.
    """

    issue: str
    origin: str
    target: str
    bar: Bar
    right: str
    rules: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Where changes end before an arrangement.

    ``wanted`` is the index of the state of the arrangement with the fewest changes from today (then
    the lowest number); ``nearest`` that of the state within reach with the fewest changes from it
    (then the lowest number); ``barred`` are the changes from the one to the other.
    """

    wanted: int
    nearest: int
    barred: tuple[Barred, ...]


def obstacle(game: Game, inside: Mask, reached: Mask, start: int) -> Obstacle:
    """Say what bars the states ``inside`` (n,) from those ``reached`` (n,); both have some."""
    space = game.space
    states = np.flatnonzero(inside)
    wanted = int(states[np.argmin(space.changes(start, states))])
    states = np.flatnonzero(reached)
    nearest = int(states[np.argmin(space.changes(wanted, states))])
    origin, target = space.positions(nearest), space.positions(wanted)
    return Obstacle(
        wanted,
        nearest,
        tuple(
            _barred(game, nearest, issue, origin[issue.id], target[issue.id])
            for issue in game.case.issues.values()
            if origin[issue.id] != target[issue.id]
        ),
    )


def _barred(game: Game, nearest: int, issue: Issue, origin: str, target: str) -> Barred:
    right = issue.decided_by.of(origin, target)
    counting = game.rights.in_state(right, nearest)
    bar: Bar = "not-alone"
    rules: tuple[int, ...] = ()
    if origin in issue.final:
        bar = "final"
    elif target in issue.never_back_to:
        bar = "never-back"
    elif target in issue.falls:
        bar = "provisional"
    elif counting is None or not counting.right.movers:
        bar = "nobody"
    else:
        rules = _broken(game, nearest, issue, target)
    return Barred(issue.id, origin, target, bar, right.text, rules)


def _broken(game: Game, state: int, issue: Issue, target: str) -> tuple[int, ...]:
    """The rules that a state breaks when this one issue is set otherwise."""
    space, case = game.space, game.case
    place = list(case.issues).index(issue.id)
    now = int(space.reader.column(place)[state])
    step = (issue.number(target) - now) * space.radix.weights[place]
    reader = StatementReader(case, space.radix, space.codes[[state]] + step)
    return tuple(
        number for number, rule in enumerate(case.rules) if not reader.holds(rule.statement.tree)[0]
    )
