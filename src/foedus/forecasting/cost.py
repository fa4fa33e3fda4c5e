"""What solving a process will cost, told before the work.

The seconds are rough. A few draws are explored, and what is to be done in them is counted; each
kind of work has its constant, of one machine, fitted to the cases of this project and its starters.
What many coalitions add to the variant in which each meets by itself is not counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from math import ceil

import numpy as np

from foedus.forecasting.streams import BLOCK, draw_blocks
from foedus.process.model import HELD, Drawn, Process
from foedus.process.scene import Scene, ground_of

MOMENTS = 24
"""At so many times, evenly spread from today to the deadline, the course is noted."""

SAMPLED = 20
"""So many draws are explored."""

AT_ONCE = 4
"""So many at a time: for so few, in most cases, nothing that is compiled need be loaded."""

MANY = 1 << 15
"""Once so many states have come about in them, no more draws are."""

LOOKED = 40
"""The changes of so many states, evenly spread, are counted."""

SOME, ENOUGH = 4, 1 << 17
"""So many states at a time, and no more of them once there are so many changes."""

FEW_CHANGES = 1 << 18
"""So many changes at most are all found beforehand, to see which electorates vote down."""

SCENES = 5
"""In so many draws."""

PIECE = 7.1e-3
JUMP = 7e-3
ASKING = 8e-8
PASSING = 9e-8
WORTH = 9e-8
"""Seconds to solve some draws together, and for each jump in them; and in each draw, to ask about
a change, to pass along a way in a stretch of time, and to work out what a state is worth to one."""

FINDING = 1.5e-6
ROUND = 9e-4
RECONSIDERING = 5e-8
"""Seconds to find a change; for farsighted actors to reconsider at all, and one change."""


@dataclass(frozen=True, slots=True)
class Cost:
    """How large a process is, and about how many seconds of one core a part of the work takes.

    ``states`` are all feasible ones. In a draw, on average, ``met`` states come about; from them
    ``asked`` changes are asked about, in all seasons, and ``ways`` are found to lead on. ``worths``
    are those of states to actors, ``stretches`` and ``jumps`` what time is cut into and by.
    ``changes`` is about how many there are from all states, ``open_changes`` how many of them may
    come about in a draw for farsighted actors, who reconsider ``reconsidered`` times.
    """

    states: int
    met: int
    asked: float
    ways: float
    worths: int
    stretches: int
    jumps: int
    changes: float
    open_changes: float
    reconsidered: int

    def headline(self, draws: int) -> float:
        """Seconds for so many draws of myopic actors with the course."""
        return self.myopic(draws, MOMENTS)

    def myopic(self, draws: int, moments: int = 0) -> float:
        """Seconds for so many draws of myopic actors, looked at on so many days before the end."""
        piece = max(1, min(draws, BLOCK, HELD // max(1, self.worths)))
        each = (
            ASKING * self.asked
            + PASSING * self.ways * (self.stretches + moments)
            + WORTH * self.worths
        )
        return draws * each + ceil(draws / piece) * (PIECE + JUMP * self.jumps)

    def farsighted(self, draws: int) -> float:
        """Seconds for so many draws of farsighted actors."""
        rounds = self.reconsidered * draws
        return self.changes * FINDING + rounds * (ROUND + RECONSIDERING * self.open_changes)


def cost_of(process: Process) -> Cost:
    """Look at a few states, and at what comes about in a few draws.

    Raises CaseError for a case that is too large for the process.
    """
    changes = changes_of(process)
    draws = nodes = ways = asked = 0
    block = next(draw_blocks(SAMPLED, seed=1))
    some = (range(first, first + AT_ONCE) for first in range(0, SAMPLED, AT_ONCE))
    parts = chain.from_iterable(process.parts(block, rows=rows) for rows in some)
    scenes = None
    for drawn in parts:
        scenes = scenes or drawn
        explored = process.myopic(drawn).explored
        draws += drawn.draws
        nodes += len(explored.state)
        ways += len(explored.ways.node)
        asked += sum(rules.changes_from(explored.state) for rules in process.seasons.rules)
        if nodes > MANY:
            break
    space = process.game.space
    return Cost(
        len(space),
        round(nodes / draws),
        asked / draws,
        ways / draws,
        len(process.game.views) * len(space),
        len(drawn.schedule.ends),
        int((drawn.schedule.jumping != 0).any(axis=1).sum()),
        changes,
        _open_changes(process, scenes or drawn) if changes <= FEW_CHANGES else changes,
        ceil(process.days / process.options.calendar),
    )


def changes_of(process: Process) -> float:
    """About how many changes there are from all states: a few are looked at."""
    states = len(process.game.space)
    few = np.unique(np.linspace(0, states - 1, LOOKED).astype(np.intp))
    found = looked = 0
    for some in np.split(few, range(SOME, len(few), SOME)):
        found += process.rules.changes_from(some)
        looked += len(some)
        if found > ENOUGH:
            break
    return found / looked * states


def _open_changes(process: Process, drawn: Drawn) -> float:
    """How many changes may come about in a draw and a season for farsighted actors, on average."""
    ground = ground_of(process.seasons, process.world, np.array([process.today]), None)
    draws = range(min(SCENES, drawn.draws))
    scenes = [Scene(ground, drawn.worths, draw, everywhere=False) for draw in draws]
    return sum(scene.changes for scene in scenes) / len(draws)
