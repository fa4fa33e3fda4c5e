"""What a stability concept is: its texts, and for one mover what it asks and finds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from foedus.equilibria.problem import MoverView, StabilityProblem
from foedus.equilibria.witness import Deterrence
from foedus.game.space import Indexes, Mask

Find = Callable[[int], Deterrence]
"""What follows an improvement of a mover, to the state with this index, from a given state."""


class Solver(Protocol):
    """A concept asked of one mover of a problem with n states."""

    def stable(self) -> Mask:
        """Where the mover is deterred from each improvement it has; shape (n,).

        Raises TooLarge when that would take too much.
        """
        ...

    def deterred(self, state: int, targets: Indexes) -> Mask:
        """Whether it is deterred from its improvements (t,) from a state; shape (t,).

        ``state`` and ``targets`` are indexes.
        """
        ...

    def witness(self, state: int) -> Find:
        """Prepare to tell, by search from the definition, what deters improvements from a state."""
        ...


@dataclass(frozen=True, slots=True)
class Concept:
    """A stability concept.

    ``name`` and ``meaning`` tell users what it is ("a mover stays when ..."); ``definition`` says
    in full when a mover H is deterred from an improvement from s to s1, after ``source``, a key of
    the bibliography. ``undeterred`` tells that nothing deters; ``besides`` is what a sanction is,
    besides no better than the origin. ``at_once``: the others reply at the moment of the
    improvement, from the same state, instead of afterwards.
    """

    name: str
    meaning: str
    definition: str
    source: str
    undeterred: str
    solver: Callable[[StabilityProblem, MoverView], Solver]
    besides: str = ""
    at_once: bool = False
