"""How one actor sees the states at one value of each judgement, and the predicate ``agrees``.

Actors judge a state by what it falls to at the deadline. Each actor gets *levels* over the states:
whole numbers from 0, the worst; higher is better, ties are equal. An electorate's level is 1 where
its support reaches its threshold and 0 elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from foedus.case.model import Actor
from foedus.document import number
from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats

Levels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """How one actor sees the states.

    ``standing`` (n,) values each state as if it lasted: a utility for ``worth``, a level for an
    ordinal actor, the support in per cent for an electorate. ``values`` (n,) are those of what the
    state falls to, and ``levels`` (n,) their dense ranks. ``threshold`` is in per cent, of an
    electorate only. In a view of one draw among many ``standing`` is ``values`` again.
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

    def compared(self, origin: int, target: int) -> str:
        """Whether the actor agrees to go from one state to another, and by how much, as text."""
        agrees = bool(self.agrees(origin, target))
        before, after = float(self.values[origin]), float(self.values[target])
        name = self.actor.name
        if self.electorate:
            word = "would agree" if agrees else "would refuse"
            text = f"{name}: {word}, with {number(after)}% in favour"
            return f"{text} and {number(self.threshold or 0)}% needed"
        word = (
            "better off" if agrees else "worse off" if after < before else "no better and no worse"
        )
        if self.kind == "utility":
            size = f" by {number(abs(after - before))}" if after != before else ""
            scale = f"from {number(before)} to {number(after)} on its own scale"
            return f"{name}: {word}{size} ({scale})"
        text = f"{name}: {word}"
        if after != before:
            text += f" (rank {number(before + 1)} to {number(after + 1)}, counted from its worst)"
        return text


def improves(views: list[View], origin: int | Indexes, target: int | Indexes) -> Mask:
    """Whether all of these actors agree to go from ``origin`` to ``target``; shapes broadcast."""
    agreed = views[0].agrees(origin, target)
    for view in views[1:]:
        agreed = agreed & view.agrees(origin, target)
    return np.asarray(agreed)
