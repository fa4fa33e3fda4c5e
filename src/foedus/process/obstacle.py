"""What bars an arrangement that no changes bring about: rules, or rights that nobody has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from foedus.case.model import AnyRight, Entitlement, Issue
from foedus.game.space import Mask, Space, StatementReader
from foedus.process.model import Process

Bar = Literal[
    "final", "never-back", "provisional", "nobody", "not-yet", "no-longer", "elsewhere",
    "not-then", "not-alone",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Barred:
    """A change that is wanting, and what bars it.

    ``bar``: ``final``, nothing leaves ``origin``; ``never-back``, the issue is never changed back
    to ``target``; ``provisional``, nobody may move into ``target``; ``nobody``, the right is
    nobody's; ``not-yet``, a right to it begins after the deadline only; ``no-longer``, it has ended
    before today; ``elsewhere``, it counts only under conditions that do not hold where changes end;
    ``not-then``, somebody has the right, but on days on which one has not come so far;
    ``not-alone``, somebody has it, but this change by itself breaks the rules with the indexes
    ``rules``. ``right`` is the text of the right.
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


def obstacle(process: Process, inside: Mask, reached: Mask) -> Obstacle:
    """Say what bars the states ``inside`` (n,) from those ``reached`` (n,); both have some."""
    space = process.game.space
    states = np.flatnonzero(inside)
    wanted = int(states[np.argmin(space.changes(process.today, states))])
    states = np.flatnonzero(reached)
    nearest = int(states[np.argmin(space.changes(wanted, states))])
    origin, target = space.positions(nearest), space.positions(wanted)
    return Obstacle(
        wanted,
        nearest,
        tuple(
            _barred(process, nearest, issue, origin[issue.id], target[issue.id])
            for issue in process.case.issues.values()
            if origin[issue.id] != target[issue.id]
        ),
    )


def _barred(process: Process, nearest: int, issue: Issue, origin: str, target: str) -> Barred:
    right = issue.decided_by.of(origin, target)
    bar: Bar
    rules: tuple[int, ...] = ()
    if origin in issue.final:
        bar = "final"
    elif target in issue.never_back_to:
        bar = "never-back"
    elif target in issue.falls:
        bar = "provisional"
    elif _somebody(process, nearest, issue, target):
        rules = _broken(process.game.space, nearest, issue, target)
        bar = "not-alone" if rules else "not-then"
    else:
        bar = _wanting(process, nearest, right)
    return Barred(issue.id, origin, target, bar, right.text, rules)


def _somebody(process: Process, state: int, issue: Issue, target: str) -> bool:
    """Whether somebody has the right to a change from a state in some season."""
    place, position = list(process.case.issues).index(issue.id), issue.number(target)
    here = np.array([state])
    return any(
        rules.finder.rights(place, here, position)[0] >= 0 for rules in process.seasons.rules
    )


def _wanting(process: Process, state: int, right: AnyRight) -> Bar:
    """Why nobody has a right from a state until the deadline."""
    entries = [entry for entry in right.entries if entry.right.movers]
    here = [entry for entry in entries if _holds(process.game.space, state, entry)]
    as_of, deadline = process.case.as_of, process.case.deadline
    if deadline is not None and any(e.since is not None and e.since > deadline for e in here):
        return "not-yet"
    if as_of is not None and any(e.until is not None and e.until < as_of for e in here):
        return "no-longer"
    return "elsewhere" if len(here) < len(entries) else "nobody"


def _holds(space: Space, state: int, entry: Entitlement) -> bool:
    return entry.when is None or bool(space.holds(entry.when.tree)[state])


def _broken(space: Space, state: int, issue: Issue, target: str) -> tuple[int, ...]:
    """The rules that a state breaks when this one issue is set otherwise."""
    case = space.case
    place = list(case.issues).index(issue.id)
    now = int(space.reader.column(place)[state])
    step = (issue.number(target) - now) * space.radix.weights[place]
    reader = StatementReader(case, space.radix, space.codes[[state]] + step)
    return tuple(
        number for number, rule in enumerate(case.rules) if not reader.holds(rule.statement.tree)[0]
    )
