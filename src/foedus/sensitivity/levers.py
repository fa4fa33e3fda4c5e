"""Which judgements may be moved, and how far."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from foedus.case.judgement import Judgement, Role
from foedus.case.links import judgements_of
from foedus.forecasting.streams import stream_of
from foedus.preferences.games import Game
from foedus.sensitivity.changes import Change, half_range, shifted

MOVABLE = frozenset({Role.WORTH, Role.SUPPORT, Role.THRESHOLD})
"""What a lever may move: by these actors' values are linear."""


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
