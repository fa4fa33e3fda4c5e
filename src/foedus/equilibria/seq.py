"""Sequential stability, SEQ [Fang1993]: each improvement is punished credibly.

The opponents move by improvements of their own only.
"""

from __future__ import annotations

from functools import partial

from foedus.equilibria.concept import Concept
from foedus.equilibria.sequences import SequenceSolver

CONCEPT = Concept(
    name="Sequential stability (SEQ)",
    meaning="whatever improvement it makes, the others, improving their own lot, leave it no "
    "better",
    definition="as GMR, but the opponents move by improvements of their own only",
    source="[Fang1993]",
    undeterred="no improvements of the others lead from there to a state no better for it than "
    "this one",
    solver=partial(SequenceSolver, improving=True, answered=False),
)
