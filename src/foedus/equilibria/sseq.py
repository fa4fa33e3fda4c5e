"""Symmetric sequential stability, SSEQ [Rego2017]: punished credibly, and no way out of it.

As SEQ, the opponents move by improvements of their own only; as SMR, a sanction counts only when
the mover has no move from it to what it prefers to the origin. A group is read as under SMR: it has
a way out when one move of it leads to a state to which, from the origin, every member would agree.
"""

from __future__ import annotations

from functools import partial

from foedus.equilibria.concept import Concept
from foedus.equilibria.sequences import SequenceSolver

CONCEPT = Concept(
    name="Symmetric sequential stability (SSEQ)",
    meaning="as SEQ, and it could not answer its way out",
    definition="as SEQ, and from that state H has no move to a state to which, from s, every "
    "member would agree",
    source="[Rego2017]",
    undeterred="wherever improvements of the others could lead it, it is better off than here, or "
    "can still get to a state where it is",
    solver=partial(SequenceSolver, improving=True, answered=True),
    besides="the mover cannot answer its way out",
)
