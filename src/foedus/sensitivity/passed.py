"""The changes of judgements found by which a chance passes another, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from foedus.case.model import Case
from foedus.document import Explanation
from foedus.forecasting.estimates import Probability
from foedus.process.model import Process
from foedus.result import Result, data_of, explained
from foedus.sensitivity.adjusting import is_pace
from foedus.sensitivity.changes import Change, with_changes
from foedus.sensitivity.turned import size_of


@dataclass(frozen=True, slots=True)
class Passing:
    """Changes with which the chance passes: one judgement's, or a few that move together.

    ``half_ranges`` is how far each moves at most, in halves of its own range; ``chance`` is the
    probability then, from all draws.
    """

    changes: tuple[Change, ...]
    half_ranges: float
    chance: Probability

    @property
    def size(self) -> float:
        """The sum of all moves, in halves of their ranges."""
        return size_of(self.changes)

    @property
    def within(self) -> bool:
        """Whether every changed judgement stays within its range; its edge is not beyond."""
        return all(change.within for change in self.changes)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "half_ranges size within_ranges=within changes p=chance")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Shift(Result):
    """What would have to be judged otherwise for an arrangement's chance to pass ``target``.

    ``base`` is the chance as things are judged, from so many ``draws``. ``ways`` are the changes
    found, those within the judged ranges first, then the smallest; each has been solved again on
    the same random numbers. Where there is none, ``reason`` says why.
    """

    process: Process
    answer: str
    target: float
    draws: int
    seed: int
    base: Probability
    ways: tuple[Passing, ...]
    reason: str = ""

    @property
    def case(self) -> Case:
        """The case as it is judged."""
        return self.process.case

    @property
    def found(self) -> bool:
        """Whether some change does it."""
        return bool(self.ways)

    @property
    def rising(self) -> bool:
        """Whether the chance has to rise (or else to fall) to the target."""
        return self.target > self.base.p

    def changed_case(self, way: int = 0) -> Case:
        """The case with one way's changes made; a pace's, which no judgement holds, are not."""
        changes = self.ways[way].changes
        return with_changes(self.case, [c for c in changes if not is_pace(c.before)])

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "answer target draws seed base found ways reason")

    def explain(self) -> Explanation:
        """The ways found, and the judgements they move."""
        return explained(self)
