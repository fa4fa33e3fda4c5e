"""The stability concepts by id: adding one is one module and one entry here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from foedus.equilibria.concepts import (
    general_metarational,
    nash,
    sequential,
    symmetric_metarational,
)
from foedus.equilibria.problem import MoverView, StabilityProblem
from foedus.equilibria.simultaneous import simultaneous
from foedus.space import Mask


@dataclass(frozen=True, slots=True)
class Concept:
    """A stability concept: its id, its name, what stability means under it, and its solver.

    ``solve`` returns for each mover of the problem where it is stable; each of shape (n,).
    """

    id: str
    name: str
    meaning: str
    solve: Callable[[StabilityProblem], Sequence[Mask]]


def _each(
    stable: Callable[[StabilityProblem, MoverView], Mask],
) -> Callable[[StabilityProblem], Sequence[Mask]]:
    return lambda problem: [stable(problem, side) for side in problem.movers]


CONCEPTS: Mapping[str, Concept] = MappingProxyType(
    {
        concept.id: concept
        for concept in (
            Concept("nash", "Nash stability", "it has no improvement", _each(nash)),
            Concept(
                "gmr",
                "General metarationality (GMR)",
                "whatever improvement it makes, the others can, by any moves, leave it no better",
                _each(general_metarational),
            ),
            Concept(
                "smr",
                "Symmetric metarationality (SMR)",
                "as GMR, and it could not answer its way out",
                _each(symmetric_metarational),
            ),
            Concept(
                "seq",
                "Sequential stability (SEQ)",
                "whatever improvement it makes, the others, improving their own lot, leave it "
                "no better",
                _each(sequential),
            ),
            Concept(
                "sim",
                "Simultaneous stability (SIM)",
                "whatever improvement it makes, improvements the others make at the same moment "
                "leave it no better",
                simultaneous,
            ),
        )
    }
)
