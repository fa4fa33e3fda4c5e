"""One ordered issue: who wants what on its scale, how much they care, and how strong they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class OrderedIssue:
    """The stances of ``n`` actors on one issue.

    ``capability`` (n,) is on any scale from 0 on, ``salience`` (n,) likewise, ``position`` (n,)
    within the scale from ``low`` to ``high``. ``reference`` is what holds without a decision, on
    the same scale; None where nobody knows. ``full_salience`` is that of who cares as much as one
    can: 1 or 100 by habit. Raises ValueError that names all that is wrong.
    """

    issue: str
    actors: tuple[str, ...]
    capability: Floats
    position: Floats
    salience: Floats
    low: float = 0.0
    high: float = 100.0
    reference: float | None = None
    proposal: str = ""
    title: str = ""
    full_salience: float = 100.0

    def __post_init__(self) -> None:
        for name in ("capability", "position", "salience"):
            object.__setattr__(self, name, np.asarray(getattr(self, name), dtype=np.float64))
        if wrong := list(self._wrong()):
            raise ValueError(f"issue {self.issue!r}: {'; '.join(wrong)}")

    def _wrong(self) -> Sequence[str]:
        n = len(self.actors)
        if n == 0:
            return ["no actor has a position"]
        columns = {k: getattr(self, k) for k in ("capability", "position", "salience")}
        wrong = [f"{k} is not one number an actor" for k, v in columns.items() if v.shape != (n,)]
        if len(set(self.actors)) < n:
            wrong.append("an actor stands in it twice")
        if not (np.isfinite([self.low, self.high]).all() and self.low < self.high):
            wrong.append(f"its scale goes from {self.low:g} to {self.high:g}")
        elif self.reference is not None and not self.low <= self.reference <= self.high:
            wrong.append(f"the reference point {self.reference:g} is off the scale")
        if wrong:
            return wrong
        for name, values in columns.items():
            low, high = (self.low, self.high) if name == "position" else (0.0, np.inf)
            for actor, value in zip(self.actors, values, strict=True):
                if not (np.isfinite(value) and low <= value <= high):
                    wrong.append(f"{name} of {actor!r} is {value:g}")
        if not (np.isfinite(self.full_salience) and self.full_salience > 0):
            wrong.append(f"the full salience is {self.full_salience:g}")
        return wrong

    @property
    def width(self) -> float:
        """How long the scale is."""
        return self.high - self.low

    @property
    def weight(self) -> Floats:
        """Each actor's share (n,) of all capability times salience; sums to 1.

        Where nobody with capability cares, capabilities alone; where those are 0 too, all alike.
        """
        for values in (_scaled(self.salience) * _scaled(self.capability), _scaled(self.capability)):
            if (total := float(values.sum())) > 0:
                return values / total
        return np.full(len(self.actors), 1.0 / len(self.actors))

    @property
    def nobody_cares(self) -> bool:
        """Whether the weights had to be taken from elsewhere than capability times salience."""
        return not bool(((self.capability > 0) & (self.salience > 0)).any())

    @property
    def resistance(self) -> Floats:
        """Saliences (n,) as chances of resisting, from 0 to 1."""
        return np.minimum(self.salience / self.full_salience, 1.0)

    @property
    def compromise(self) -> float:
        """The mean of the positions, weighted by capability times salience."""
        return inside(self, float(self.weight @ self.position))

    def without(self, actor: int) -> OrderedIssue:
        """The same issue as if this actor (by number) had no stance. There must be another."""
        keep = np.arange(len(self.actors)) != actor
        return self.of(keep)

    def of(self, keep: npt.NDArray[np.bool_]) -> OrderedIssue:
        """The same issue with some of its actors alone; ``keep`` (n,) has one at least."""
        chosen: dict[str, Any] = {
            k: getattr(self, k)[keep] for k in ("capability", "position", "salience")
        }
        names = tuple(name for name, kept in zip(self.actors, keep, strict=True) if kept)
        return replace(self, actors=names, **chosen)

    def mirrored(self) -> OrderedIssue:
        """The same issue with its scale turned round: position p becomes low + high - p."""
        back = self.low + self.high
        reference = None if self.reference is None else back - self.reference
        return replace(self, position=back - self.position, reference=reference)


def _scaled(values: Floats) -> Floats:
    """Values with 1 as the largest, so that no product of them overflows."""
    most = float(values.max())
    return values / most if most > 0 else values


def inside(issue: OrderedIssue, point: float) -> float:
    """A point, put back where rounding has left the span of the positions."""
    return float(min(max(point, issue.position.min()), issue.position.max()))
