"""Does the model explain the present? Who would leave today, and could have done so long ago."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from foedus.case.model import Issue
from foedus.equilibria.problem import StabilityProblem
from foedus.equilibria.registry import CONCEPTS, STANDARD
from foedus.game.space import Indexes, Mask
from foedus.preferences import AT_THRESHOLD, View
from foedus.process.paths.route import Step, step_of


@dataclass(frozen=True, slots=True)
class Urge:
    """An improvement from today that a mover could have made quickly, long ago.

    ``lasting``: every member would gain even if today stood still, by how it values today and the
    other state as they stand; otherwise some gain comes only from what today falls to, and is the
    greater the nearer the deadline. ``unpriced`` are the members for whom today, as it stands, is
    worth no more than what it falls to, though they differ: nothing in their judgements holds them
    back until the deadline. ``choices`` counts the improvements of this kind, of which ``step`` has
    the fewest changes (ties: the greatest gain of the first member, then the lowest number).
    """

    step: Step
    lasting: bool
    unpriced: tuple[str, ...]
    choices: int


@dataclass(frozen=True, slots=True)
class Unrest:
    """A mover for whom today is not stable.

    ``seq`` says whether it is sequentially stable all the same: the others' replies would deter it.
    ``urges`` are quick improvements, those that would last first; with none, what it wants takes
    time, and the present is explained by that.
    """

    mover: str
    seq: bool
    urges: tuple[Urge, ...]

    @property
    def unexplained(self) -> bool:
        """Whether the model leaves open why the mover has not acted long ago.

        That is, it would gain by a quick move even if today lasted, and is not deterred from it.
        """
        return not self.seq and any(urge.lasting for urge in self.urges)


def present(arena: StabilityProblem, start: int) -> tuple[Unrest, ...]:
    """List the movers for whom today is not Nash stable, in order.

    An improvement counts as one of a mover only when no part of it, a mover itself, could make it.
    """
    found = []
    for place, side in enumerate(arena.movers):
        targets = _own_improvements(arena, place, start)
        if len(targets):
            quick = targets[at_once(arena, start, targets)]
            solver = CONCEPTS[STANDARD].solver(arena, side)
            stable = bool(solver.deterred(start, side.improving(start)).all())
            found.append(Unrest(side.moves.mover.key, stable, _urges(arena, place, start, quick)))
    return tuple(found)


def _own_improvements(arena: StabilityProblem, place: int, start: int) -> Indexes:
    """The mover's improvements that need all of its members."""
    side = arena.movers[place]
    targets = side.moves.targets(start)
    for view in side.views:
        targets = targets[view.agrees(start, targets)]
    members = set(side.moves.mover.members)
    for other in arena.movers:
        if set(other.moves.mover.members) < members:
            targets = np.setdiff1d(targets, other.moves.targets(start))
    return targets


def at_once(arena: StabilityProblem, start: int, targets: Indexes) -> Mask:
    """Which moves from ``start`` change only issues that are settled at once; shape of ``targets``.

    Settled at once: without a pace, or with the pace ``at-once``, and without time that it takes.
    """
    space = arena.game.space
    quick = np.ones(len(targets), dtype=bool)
    for place, issue in enumerate(space.radix.issues):
        column = space.reader.column(place)
        open_ = np.array(
            [_quickly(issue, int(column[start]), other) for other in range(len(issue.positions))]
        )
        quick &= open_[column[targets]]
    return quick


def _quickly(issue: Issue, origin: int, target: int) -> bool:
    if origin == target:
        return True
    return issue.is_quick(issue.positions[origin].id, issue.positions[target].id)


def _urges(arena: StabilityProblem, place: int, start: int, quick: Indexes) -> tuple[Urge, ...]:
    side, space = arena.movers[place], arena.game.space
    lasting = np.ones(len(quick), dtype=bool)
    for view in side.views:
        lasting &= _agrees_standing(view, start, quick)
    unpriced = tuple(view.actor.id for view in side.views if _unpriced(view, space.fall, start))
    urges = []
    for kind in (True, False):
        group = quick[lasting == kind]
        if len(group):
            gain = side.views[0].values[group]
            best = group[np.lexsort((group, -gain, space.changes(start, group)))[0]]
            step = step_of(arena, place, start, int(best))
            urges.append(Urge(step, kind, unpriced, len(group)))
    return tuple(urges)


def _agrees_standing(view: View, start: int, targets: Indexes) -> Mask:
    """Whether an actor would agree to each move if states were judged as they stand."""
    if view.electorate:
        return np.asarray(view.standing[targets] >= (view.threshold or 0.0) - AT_THRESHOLD)
    noise = 1e-9 * float(np.abs(view.standing).max(initial=0.0))
    return np.asarray(view.standing[targets] > view.standing[start] + noise)


def _unpriced(view: View, fall: Indexes, start: int) -> bool:
    if view.electorate or fall[start] == start:
        return False
    noise = 1e-9 * float(np.abs(view.standing).max(initial=0.0))
    return bool(view.standing[start] <= view.standing[fall[start]] + noise)
