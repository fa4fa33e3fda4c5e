"""How far each state is from today, layer by layer: by moves, by improvements, by refused steps.

A layer is a mask over the states. From one layer to the next one pass over each mover's fibres is
enough, so nothing here grows with the square of the number of states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foedus.equilibria.problem import MoverView
from foedus.game.space import Mask

Counts = npt.NDArray[np.int64]
Step = Callable[[Mask], Mask]
"""The states one step from any of the marked ones; masks of shape (n,)."""


def moved(mover: MoverView) -> Step:
    """The step by any move of a mover. What it gives includes where it began."""
    return mover.moves.reached


def improved(mover: MoverView) -> Step:
    """The step by an improvement of a mover: all its members agree."""
    return mover.improvements.reached


def fewest_steps(
    steps: Iterable[Step], size: int, start: int, wanted: Sequence[Mask] = ()
) -> Counts:
    """Return how many steps each state is from ``start``, -1 where they do not lead; shape (n,).

    With ``wanted`` sets of states, ends once some state of each has been reached.
    """
    every = list(steps)
    count = np.full(size, -1, dtype=np.int64)
    fresh = np.zeros(size, dtype=bool)
    fresh[start] = True
    layer = 0
    while fresh.any():
        count[fresh] = layer
        if wanted and all((count[mask] >= 0).any() for mask in wanted):
            break
        ahead = np.zeros(size, dtype=bool)
        for step in every:
            ahead |= step(fresh)
        fresh = ahead & (count < 0)
        layer += 1
    return count


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """The easiest way from today to each state: fewest refused steps, then fewest steps.

    A step is refused when some member of the mover that makes it does not agree. ``refused`` (n,)
    and ``steps`` (n,) count the steps of the easiest way; -1 where no moves lead. ``moves`` (n,)
    counts the steps of the shortest way by moves, whoever refuses.
    """

    refused: Counts
    steps: Counts
    moves: Counts

    def improving(self) -> Counts:
        """The steps of the shortest way on which nobody refuses, -1 where there is none; (n,)."""
        return np.where(self.refused == 0, self.steps, -1)


def distances(movers: Sequence[MoverView], size: int, start: int) -> Distances:
    """Find the easiest way from ``start`` to each of ``size`` states, in lexicographic order.

    All states reached with r refused steps are found, by number of steps, before any that needs
    r + 1: Dijkstra's algorithm over pairs (refused, steps), a layer at a time.
    """
    acting = [side for side in movers if side.moves.mover.relations]
    by_moves, by_improvements = [moved(s) for s in acting], [improved(s) for s in acting]
    refused = np.full(size, -1, dtype=np.int64)
    steps = np.full(size, -1, dtype=np.int64)
    seed = np.zeros(size, dtype=bool)
    seed[start] = True
    waiting = {0: seed}
    level = 0
    while waiting:
        while waiting:
            count = min(waiting)
            fresh = waiting.pop(count) & (refused < 0)
            if fresh.any():
                refused[fresh], steps[fresh] = level, count
                _await(waiting, count + 1, fresh, by_improvements)
        for count in np.unique(steps[refused == level]):
            here = (refused == level) & (steps == count)
            _await(waiting, int(count) + 1, here, by_moves)
        waiting = {c: mask & (refused < 0) for c, mask in waiting.items()}
        waiting = {c: mask for c, mask in waiting.items() if mask.any()}
        level += 1
    return Distances(refused, steps, fewest_steps(by_moves, size, start))


def _await(waiting: dict[int, Mask], count: int, origins: Mask, steps: Sequence[Step]) -> None:
    """Mark what the steps reach from the origins as waiting to be reached in ``count`` steps."""
    ahead = waiting.setdefault(count, np.zeros(len(origins), dtype=bool))
    for step in steps:
        ahead |= step(origins)
