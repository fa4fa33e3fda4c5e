"""Nash stability [Fang1993]: the mover has no improvement."""

from __future__ import annotations

import numpy as np

from foedus.equilibria.concept import Concept, Find
from foedus.equilibria.problem import MoverView, StabilityProblem
from foedus.equilibria.witness import Deterrence
from foedus.game.space import Indexes, Mask


class NashSolver:
    """Nothing deters a mover from an improvement."""

    def __init__(self, problem: StabilityProblem, mover: MoverView) -> None:
        self._mover = mover

    def stable(self) -> Mask:
        """Where the mover has no improvement; shape (n,)."""
        return ~self._mover.improvements.some()

    def deterred(self, state: int, targets: Indexes) -> Mask:
        """Never; shape of ``targets``."""
        return np.zeros(len(targets), dtype=bool)

    def witness(self, state: int) -> Find:
        """There is none."""
        return Deterrence


CONCEPT = Concept(
    name="Nash stability",
    meaning="it has no improvement",
    definition="never: it is stable only where it has no improvement",
    source="[Fang1993]",
    undeterred="this concept asks for no more than an improvement",
    solver=NashSolver,
)
