"""Symmetric metarationality, SMR [Fang1993]: punished, and no way out of it.

As GMR, but the mover may answer: a sanction from which it still has a move to a state that every
member prefers to the origin does not count.
"""

from __future__ import annotations

from functools import partial

from foedus.equilibria.concept import Concept
from foedus.equilibria.sequences import SequenceSolver

CONCEPT = Concept(
    name="Symmetric metarationality (SMR)",
    meaning="as GMR, and it could not answer its way out",
    definition="as GMR, and from that state H has no move to a state to which, from s, every "
    "member would agree",
    source="[Fang1993]",
    undeterred="wherever the others could lead it, it is better off than here, or can still get to "
    "a state where it is",
    solver=partial(SequenceSolver, improving=False, answered=True),
    besides="the mover cannot answer its way out",
)
