"""Where each answer moves when evidence is left out, as data; see `foedus.evidence.ablation`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from foedus.evidence.left_out import READINGS, CaseWithout, Reading
from foedus.forecasting.estimates import Z
from foedus.result import data_of

By = Literal["pooled", "inside"]

LEAST = 0.005
"""Movements smaller than this are not told: they would not show in whole points."""

NOTHING = 1e-6
"""A probability that moves by less than this stays: pooling may enlarge what rounding leaves."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One answer before and after: a hypothesis, or an arrangement where there are none.

    ``before`` and ``after`` are the inside view: how likely it is reached, over the same draws;
    ``se`` is the standard error of their paired difference, ``error`` the larger of those of the
    two, all of computing alone. ``pooled_before`` and ``pooled_after`` are the answer of all views,
    ``pooled_se`` the standard error of their paired difference; None where nothing is pooled.
    """

    answer: str
    before: float
    after: float
    se: float
    error: float
    pooled_before: float | None = None
    pooled_after: float | None = None
    pooled_se: float | None = None

    @property
    def by(self) -> By:
        """Which answer is the headline: the pooled one where there is one."""
        return "inside" if self.pooled_before is None else "pooled"

    @property
    def headline(self) -> tuple[float, float]:
        """The headline before and after."""
        if self.pooled_before is None or self.pooled_after is None:
            return self.before, self.after
        return self.pooled_before, self.pooled_after

    @property
    def change(self) -> float:
        """By how much the headline moves."""
        before, after = self.headline
        return after - before

    @property
    def beyond_error(self) -> bool:
        """Whether the headline moves by more than computing error."""
        se = self.se if self.pooled_se is None else self.pooled_se
        return abs(self.change) > max(Z * se, NOTHING)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "inside": {"before": self.before, "after": self.after, "se": self.se},
            "pooled": None
            if self.pooled_before is None
            else {
                "before": self.pooled_before,
                "after": self.pooled_after,
                "se": self.pooled_se,
            },
        }


@dataclass(frozen=True, slots=True, eq=False)
class Effect:
    """What leaving out a unit does by one reading: what falls, and where each answer moves.

    ``draws`` are those behind the movements. Where ``still``, nothing moves by construction.
    """

    without: CaseWithout
    draws: int
    movements: Mapping[str, Movement]

    @property
    def still(self) -> bool:
        """Whether nothing that an answer is computed from is other than before."""
        return not any(self.without.key)

    @property
    def largest(self) -> Movement | None:
        """The largest movement of the headline, of those beyond computing error if any is.

        None in a case without arrangements.
        """
        return max(
            self.movements.values(), key=lambda m: (m.beyond_error, abs(m.change)), default=None
        )

    @property
    def telling(self) -> float:
        """The size of the largest movement that is more than computing error; 0 for none."""
        return max((abs(m.change) for m in self.movements.values() if m.beyond_error), default=0.0)

    @property
    def tells(self) -> bool:
        """Whether some answer moves by half a point or more, and beyond computing error."""
        return self.telling >= LEAST

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            **self.without.to_dict(),
            **data_of(self, "draws moves_nothing=still answers=movements"),
        }


@dataclass(frozen=True, slots=True, eq=False)
class UnitLeftOut:
    """One unit left out: an item, or all items of one origin; by each reading."""

    name: str
    items: tuple[str, ...]
    effects: Mapping[Reading, Effect]

    @property
    def rank(self) -> tuple[float, ...]:
        """The largest movements beyond computing error, ``alone`` first.

        They are taken to whole points first, so that less than half a point by ``alone`` does not
        come before much by ``any``.
        """
        sizes = tuple(self.effects[reading].telling for reading in READINGS)
        return (*(round(size, 2) for size in sizes), *sizes)

    @property
    def tells(self) -> bool:
        """Whether it moves an answer by half a point or more, by either reading."""
        return any(effect.tells for effect in self.effects.values())

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        effects = {reading: effect.to_dict() for reading, effect in self.effects.items()}
        return {"name": self.name, "items": list(self.items), "readings": effects}


@dataclass(frozen=True, slots=True)
class Dependence:
    """An answer that depends on a unit.

    ``words`` are the probability words before and after when they differ, else None.
    """

    name: str
    answer: str
    by: By
    before: float
    after: float
    draws: int
    words: tuple[str, str] | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "name answer by before after draws words")
