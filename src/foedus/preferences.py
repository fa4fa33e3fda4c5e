"""Preferences over the feasible states: utilities, levels, and the one predicate ``agrees``.

Actors judge a state by what it falls to at the deadline. Each actor gets *levels* over the states:
whole numbers from 0, the worst; higher is better, ties are equal. An electorate's level is 1 where
its support reaches its threshold and 0 elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from foedus.case.model import (
    Actor,
    And,
    Case,
    Expression,
    In,
    Preference,
    Priorities,
    Ranking,
    Stances,
    Support,
    Worth,
)
from foedus.game.space import Indexes, Mask, Space

Levels = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
DEFAULT_THRESHOLD = 50.0
"""What an electorate without a threshold needs (per cent)."""

AT_THRESHOLD = 1e-9
"""A share is at its threshold when it lacks no more than this (percentage points)."""

SURE_FROM = 0.5
"""A priority that is held with at least this chance counts when nothing is drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """How one actor sees the states.

    ``standing`` (n,) values each state as if it lasted: a utility for ``worth``, a level for an
    ordinal actor, the support in per cent for an electorate. ``values`` (n,) are those of what the
    state falls to, and ``levels`` (n,) their dense ranks. ``threshold`` is in per cent, of an
    electorate only.
    """

    actor: Actor
    kind: Literal["utility", "ordinal", "support"]
    standing: Floats
    values: Floats
    levels: Levels
    threshold: float | None = None

    @property
    def electorate(self) -> bool:
        """Whether the actor only passes or fails a state."""
        return self.kind == "support"

    def agrees(self, origin: int | Indexes, target: int | Indexes) -> npt.NDArray[np.bool_]:
        """Whether the actor agrees to go from ``origin`` to ``target``; shapes broadcast.

        An ordinary actor agrees when the target is better for it; an electorate when its support
        for the target reaches its threshold, whatever the origin. The relation is transitive.
        """
        if self.electorate:
            return np.broadcast_arrays(self.levels[target] == 1, self.levels[origin])[0]
        return np.asarray(self.levels[target] > self.levels[origin])


def view_of(space: Space, actor: Actor, preference: Preference) -> View:
    """Evaluate one actor's preference over a space, at the most likely values.

    Raises NotImplementedError for stances, which later bargaining models will read.
    """
    return _view(space, actor, preference, _SingleStates(space))


def _view(space: Space, actor: Actor, preference: Preference, singles: _SingleStates) -> View:
    match preference:
        case Worth():
            standing = _utilities(space, preference)
            return _judged(space, actor, "utility", standing, _dense(_rounded(standing)))
        case Priorities():
            levels = _prioritised(space, preference)
            return _judged(space, actor, "ordinal", levels.astype(float), levels)
        case Ranking():
            levels = _ranked(space, preference, singles)
            return _judged(space, actor, "ordinal", levels.astype(float), levels)
        case Support():
            shares = _shares(space, preference)
            threshold = actor.threshold.mode if actor.threshold else DEFAULT_THRESHOLD
            passes = (shares >= threshold - AT_THRESHOLD).astype(np.int64)
            return _judged(space, actor, "support", shares, passes, threshold)
        case Stances():
            raise NotImplementedError("stances are not yet supported")


def views_of(space: Space) -> dict[str, View]:
    """Evaluate every actor that has preferences, stances apart, in the order of the actors."""
    case = space.case
    singles = _SingleStates(space)
    return {
        actor.id: _view(space, actor, case.preferences[actor.id], singles)
        for actor in case.actors.values()
        if actor.id in case.preferences and not isinstance(case.preferences[actor.id], Stances)
    }


def _judged(
    space: Space,
    actor: Actor,
    kind: Literal["utility", "ordinal", "support"],
    standing: Floats,
    levels: Levels,
    threshold: float | None = None,
) -> View:
    fallen = levels[space.fall]
    if kind != "support":
        fallen = _dense(fallen)
    return View(actor, kind, standing, standing[space.fall], fallen, threshold)


def _dense(values: npt.NDArray[np.generic]) -> Levels:
    _, dense = np.unique(values, return_inverse=True)
    return np.asarray(dense, dtype=np.int64)


def _rounded(values: Floats) -> Floats:
    """Values with the noise of float addition taken off, so that equal sums tie."""
    largest = float(np.abs(values).max(initial=0.0))
    if largest == 0.0:
        return values
    return np.asarray(np.round(values, 10 - int(np.floor(np.log10(largest)))) + 0.0)


def _utilities(space: Space, worth: Worth) -> Floats:
    total = np.zeros(len(space))
    for item in worth.items:
        total += item.value.mode * space.holds(item.when.tree)
    return total


def counts_for_sure(held: float | None) -> bool:
    """Whether a priority counts when nothing is drawn: always, or held at evens or better."""
    return held is None or held >= SURE_FROM


def _prioritised(space: Space, priorities: Priorities) -> Levels:
    """Option prioritising [Peng1997]: lexicographic, the first priority outweighs all after it."""
    levels = np.zeros(len(space), dtype=np.int64)
    span = 1
    for item in reversed(priorities.items):
        if not counts_for_sure(item.held.mode if item.held else None):
            continue
        levels += space.holds(item.when.tree) * np.int64(span)
        span *= 2
        if span >= 1 << 61:  # any number of priorities: compress before the weights overflow
            levels = _dense(levels)
            span = int(levels.max()) + 1
    return _dense(levels)


def _ranked(space: Space, ranking: Ranking, singles: _SingleStates) -> Levels:
    """The first tier that a state matches counts; states that match none come last."""
    tier = np.full(len(space), len(ranking.tiers), dtype=np.int64)
    codes: list[int] = []
    numbers: list[int] = []
    for number, statements in enumerate(ranking.tiers):
        for statement in statements:
            code = singles.code(statement.tree)
            if code is None:
                matched = space.holds(statement.tree)
                tier[matched] = np.minimum(tier[matched], number)
            else:
                codes.append(code)
                numbers.append(number)
    spelt = np.array(codes, dtype=np.int64)
    places = np.searchsorted(space.codes, spelt)
    places[places == len(space)] = 0
    feasible = space.codes[places] == spelt
    np.minimum.at(tier, places[feasible], np.array(numbers, dtype=np.int64)[feasible])
    return _dense(-tier)


class _SingleStates:
    """Reads statements that spell out one state in full, as rankings of imported files do.

    Such a file may hold a million of them, over few shared trees and parts: each is read once. They
    are known by identity, so they must outlive the reader.
    """

    def __init__(self, space: Space) -> None:
        self._issues = {issue.id: k for k, issue in enumerate(space.radix.issues)}
        self._radix = space.radix
        self._parts: dict[int, tuple[int, int]] = {}
        self._codes: dict[int, int | None] = {}

    def code(self, tree: Expression) -> int | None:
        """The code of the one state the statement is true of; None if it has another form."""
        key = id(tree)
        if key not in self._codes:
            self._codes[key] = self._read(tree)
        return self._codes[key]

    def _read(self, tree: Expression) -> int | None:
        if not isinstance(tree, And) or len(tree.parts) != len(self._issues):
            return None
        known, code, named = self._parts, 0, 0
        for part in tree.parts:
            found = known.get(id(part)) or self._part(part)
            named |= found[0]
            code += found[1]
        return code if named == (1 << len(self._issues)) - 1 else None

    def _part(self, part: Expression) -> tuple[int, int]:
        """A bit for the issue that the part settles (0: none), and its share of the code."""
        found = (0, 0)
        if isinstance(part, In) and len(part.positions) == 1:
            k = self._issues[part.issue]
            (position,) = part.positions
            found = (1 << k, self._radix.weights[k] * self._radix.issues[k].number(position))
        self._parts[id(part)] = found
        return found


def _shares(space: Space, support: Support) -> Floats:
    shares = np.zeros(len(space))
    open_: Mask = np.ones(len(space), dtype=bool)
    for item in support.items:
        matched = open_ if item.when is None else open_ & space.holds(item.when.tree)
        shares[matched] = item.share.mode
        open_ = open_ & ~matched
    return shares


def improves(views: list[View], origin: int | Indexes, target: int | Indexes) -> Mask:
    """Whether all of these actors agree to go from ``origin`` to ``target``; shapes broadcast."""
    agreed = views[0].agrees(origin, target)
    for view in views[1:]:
        agreed = agreed & view.agrees(origin, target)
    return np.asarray(agreed)


def reasons(space: Space, case: Case, actor: str, index: int) -> list[tuple[str, float | None]]:
    """Return the ids of the judgements that hold for an actor in a state as it stands, with values.

    The value is that of a ``worth`` item or the share of the support item that counts; None for a
    priority or a tier.
    """
    preference = case.preferences[actor]
    held: list[tuple[str, float | None]] = []
    match preference:
        case Worth():
            for item in preference.items:
                if space.holds(item.when.tree)[index]:
                    held.append((item.id, item.value.mode))
        case Priorities():
            held += [(p.id, None) for p in preference.items if space.holds(p.when.tree)[index]]
        case Support():
            for choice in preference.items:
                if choice.when is None or space.holds(choice.when.tree)[index]:
                    return [(choice.id, choice.share.mode)]
        case Ranking() | Stances():
            pass
    return held
