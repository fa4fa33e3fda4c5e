"""General metarationality, GMR [Fang1993]: each improvement can be punished.

The opponents may move in any legal sequence, also to their own cost.
"""

from __future__ import annotations

from functools import partial

from foedus.equilibria.concept import Concept
from foedus.equilibria.sequences import SequenceSolver

CONCEPT = Concept(
    name="General metarationality (GMR)",
    meaning="whatever improvement it makes, the others can, by any moves, leave it no better",
    definition="its opponents can reach from s1, by a legal sequence of moves, a state that is not "
    "better than s for some member of H",
    source="[Fang1993]",
    undeterred="no moves of the others lead from there to a state no better for it than this one",
    solver=partial(SequenceSolver, improving=False, answered=False),
)
