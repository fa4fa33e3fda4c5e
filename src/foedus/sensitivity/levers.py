"""Which judgements may be moved, and what moving them does to how actors judge two states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from foedus.case.judgement import Judgement, Role
from foedus.case.links import judgements_of
from foedus.forecasting.ranges import Floats
from foedus.forecasting.streams import stream_of
from foedus.game.space import Indexes
from foedus.preferences import DEFAULT_THRESHOLD, kind_of
from foedus.preferences.games import Game
from foedus.sensitivity.changes import Change, half_range, shifted

MOVABLE = frozenset({Role.WORTH, Role.SUPPORT, Role.THRESHOLD})
"""What a lever may move: by these actors' values are linear."""

SAME = 1e-9
"""Shares that lack less than this (percentage points) are at their threshold."""

MARGIN = 1e-6
"""By how much an actor must be better off to count as agreeing, as a part of its value range."""

SHARE_MARGIN = 1e-6
"""By how much a share is put over its threshold, in percentage points."""


@dataclass(frozen=True, slots=True)
class Lever:
    """Judgements that are moved together: those of one ``with:`` group, or one by itself.

    ``units`` are their half-ranges, each in its judgement's unit; ``least`` to ``most`` is how far
    the lever can be moved, in half-ranges, before one of them meets the bounds of its unit.
    """

    key: str
    judgements: tuple[Judgement, ...]
    units: tuple[float, ...]
    least: float
    most: float

    def changes(self, moved: float) -> tuple[Change, ...]:
        """What moving the lever by so many half-ranges makes of its judgements."""
        return tuple(
            Change(judgement, shifted(judgement, moved * unit), moved)
            for judgement, unit in zip(self.judgements, self.units, strict=True)
            if unit
        )


def levers_of(
    game: Game, actors: Iterable[str], sure_unit: float | None = None
) -> tuple[Lever, ...]:
    """The levers that move something of how these actors judge states, in the order of the case.

    Worth and support and thresholds can be moved; a judgement without a range only by
    ``sure_unit``, where one is given. A lever moves its whole group, other actors' judgements too.
    """
    wanted = set(actors)
    grouped: dict[str, list[Judgement]] = {}
    for judgement in judgements_of(game.case):
        if judgement.role in MOVABLE:
            grouped.setdefault(stream_of(judgement), []).append(judgement)
    found = [lever_of(key, members, sure_unit) for key, members in grouped.items()]
    return tuple(
        lever
        for lever in found
        if any(
            unit and judgement.owner in wanted
            for judgement, unit in zip(lever.judgements, lever.units, strict=True)
        )
    )


def lever_of(key: str, members: Sequence[Judgement], sure_unit: float | None = None) -> Lever:
    """The lever that moves these judgements together."""
    units = tuple(half_range(judgement, sure_unit) for judgement in members)
    rooms = [
        ((j.bounds.least - j.mode) / unit, (j.bounds.most - j.mode) / unit)
        for j, unit in zip(members, units, strict=True)
        if unit
    ]
    least = max((low for low, _ in rooms), default=0.0)
    most = min((high for _, high in rooms), default=0.0)
    return Lever(key, tuple(members), units, least, most)


@dataclass(frozen=True, slots=True, eq=False)
class Pull:
    """What an actor judges of the states (s,), and how each lever moves it.

    ``values`` (s,) are in the actor's unit: a utility, or the support less the threshold.
    ``by`` (s, levers) is how much a lever moved upwards by one half-range adds. ``margin`` is what
    counts as more. For an ordinal actor ``by`` is all zero and ``values`` are levels.
    """

    electorate: bool
    values: Floats
    by: Floats
    margin: float

    def lacking(self, origin: int, states: Indexes) -> tuple[Floats, Floats]:
        """What is lacking to agree from ``origin`` (k,), and what each lever adds; (k, levers).

        Nothing is lacking where the first is 0 or less.
        """
        if self.electorate:
            gain, by = self.values[states], self.by[states]
        else:
            gain = self.values[states] - self.values[origin]
            by = self.by[states] - self.by[origin]
        agrees = gain >= -SAME if self.electorate else gain > SAME * self.margin
        lacking = self.margin - gain
        return np.where(agrees, np.minimum(lacking, 0.0), lacking), by


def pulls_of(game: Game, levers: Sequence[Lever]) -> Mapping[str, Pull]:
    """The pulls on every actor that has preferences, over all states of the game."""
    place = {
        judgement.path: (k, unit)
        for k, lever in enumerate(levers)
        for judgement, unit in zip(lever.judgements, lever.units, strict=True)
    }
    return {actor: _pull(game, actor, place, len(levers)) for actor in game.views}


def _pull(
    game: Game, actor: str, place: Mapping[tuple[str | int, ...], tuple[int, float]], count: int
) -> Pull:
    space, view = game.space, game.views[actor]
    by = np.zeros((len(space), count))
    for judgement, counts in kind_of(game.case.preferences[actor]).parts(space):
        if judgement.path in place:
            k, unit = place[judgement.path]
            by[:, k] += unit * counts[space.fall]
    match view.kind:
        case "utility":
            return Pull(False, view.values, by, MARGIN * (float(np.ptp(view.values)) or 1.0))
        case "support":
            threshold = view.threshold if view.threshold is not None else DEFAULT_THRESHOLD
            limit = view.actor.threshold
            if limit is not None and limit.path in place:
                k, unit = place[limit.path]
                by[:, k] -= unit
            return Pull(True, view.values - threshold, by, SHARE_MARGIN)
        case "ordinal":
            return Pull(False, view.levels.astype(float), by, 0.5)
