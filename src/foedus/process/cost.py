"""What solving a process will cost, told before the work.

The seconds are rough: a constant of one machine for each pair of a state that comes about and a
change from it, measured by ``benchmarks/bench_process.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from foedus.process.drawn import MOST_LIKELY_PROCESS
from foedus.process.model import Process

LOOKED = 40
"""The changes of so many states, evenly spread, are counted."""

FINDING = 1.5e-6
ASKING = 1.0e-6
RECONSIDERING = 1.2e-7
"""Seconds to find a change, to ask about it in a draw, and to reconsider it once."""


@dataclass(frozen=True, slots=True)
class Cost:
    """How large a process is, and about how many seconds of one core a part of the work takes.

    ``states`` are all feasible ones, ``met`` those that come about at the most likely judgements,
    ``changes`` about how many there are from a state; ``reconsidered`` how often farsighted actors
    reconsider.
    """

    states: int
    met: int
    changes: float
    reconsidered: int

    def myopic(self, draws: int) -> float:
        """Seconds for so many draws of myopic actors."""
        return self.met * self.changes * (FINDING + ASKING * draws)

    def farsighted(self, draws: int) -> float:
        """Seconds for so many draws of farsighted actors."""
        pairs = self.states * self.changes
        return pairs * (FINDING + RECONSIDERING * self.reconsidered * draws)


def cost_of(process: Process) -> Cost:
    """Look at a few states, and at what comes about at the most likely judgements."""
    space = process.game.space
    few = np.unique(np.linspace(0, len(space) - 1, LOOKED).astype(np.intp))
    _, _, change = process.rules.changes_at(few)
    chain = process.myopic(process.drawn(MOST_LIKELY_PROCESS))
    days = process.days / process.options.calendar
    return Cost(len(space), chain.nodes, len(change) / len(few), ceil(days))
