"""Who would still move from the states reached: why a state at the deadline does not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from foedus.case.model import Case
from foedus.equilibria.problem import StabilityProblem
from foedus.equilibria.selected import undeterred_at
from foedus.forecasting.blocks import BlockResult
from foedus.forecasting.setting import Plan, Setting
from foedus.forecasting.stability_in_draws import game_in_draw
from foedus.forecasting.streams import DrawBlock
from foedus.forecasting.workers import Workers
from foedus.game.space import Indexes

LOOKED = 200
"""In so many draws, the first, it is looked at who would still move."""

SLICE = 50

Wanted = tuple[str, str, str, str]
"""A change that a mover wants: the mover, the issue, and the positions from and to."""


@dataclass(frozen=True, slots=True)
class Pull:
    """A change that a mover would still make at the end.

    ``draws`` counts the draws in which it would; ``slow`` says that the change takes its time, so
    that it may be under way and unfinished.
    """

    mover: str
    issue: str
    origin: str
    target: str
    draws: int
    slow: bool

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "mover": self.mover,
            "issue": self.issue,
            "from": self.origin,
            "to": self.target,
            "draws": self.draws,
            "slow": self.slow,
        }


@dataclass(frozen=True, slots=True)
class Leaving:
    """Of ``draws`` draws, how many end in a state that somebody would leave, and for what.

    ``pulls`` count, for each mover, the best of its improvements that nothing deters; the most
    frequent first.
    """

    draws: int
    left: int
    pulls: tuple[Pull, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "draws": self.draws,
            "left": self.left,
            "pulls": [pull.to_dict() for pull in self.pulls],
        }


class _Ends(NamedTuple):
    """Some draws of a block and where they end; (rows,)."""

    block: DrawBlock
    rows: range
    states: Indexes
    concept: str


def leaving(
    crew: Workers, plan: Plan, played: Sequence[BlockResult], judged: int, concept: str
) -> Leaving:
    """Look, in the first of the draws judged, at who would leave the state reached.

    ``concept`` is one of the registry's; its deterrence counts.
    """
    pieces = []
    for result in played:
        if result.detail is None:
            continue
        few = max(0, min(result.block.size, min(judged, LOOKED) - result.block.first))
        ends = result.detail.reached[:few].astype(np.intp)
        for begin in range(0, few, SLICE):
            rows = range(begin, min(begin + SLICE, few))
            pieces.append(_Ends(result.block, rows, ends[rows.start : rows.stop], concept))
    found = crew.run("asking who would go on", plan, _wanted, pieces)
    wanted = [each for piece in found for each in piece]
    counts = Counter(change for each in wanted for change in each)
    pulls = [Pull(*change, n, _slow(plan.case, change)) for change, n in counts.items()]
    pulls.sort(key=lambda p: (-p.draws, p.mover, p.issue, p.origin, p.target))
    return Leaving(len(wanted), sum(bool(each) for each in wanted), tuple(pulls))


def _slow(case: Case, change: Wanted) -> bool:
    return not case.issues[change[1]].is_quick(*change[2:])


def _wanted(setting: Setting, ends: _Ends) -> list[set[Wanted]]:
    """For each draw, the changes that movers would still make."""
    sights = setting.sights(ends.block)
    space = setting.game.space
    found = []
    for draw, state in zip(ends.rows, ends.states.tolist(), strict=True):
        arena = StabilityProblem.of(game_in_draw(setting.game, sights, draw))
        wanted: set[Wanted] = set()
        for side, targets in zip(
            arena.movers, undeterred_at(arena, state, ends.concept), strict=True
        ):
            if not len(targets):
                continue
            best = int(targets[np.argmax(side.views[0].values[targets])])
            for place, issue in enumerate(space.radix.issues):
                column = space.reader.column(place)
                here, there = int(column[state]), int(column[best])
                if here != there:
                    ids = issue.positions
                    wanted.add((side.moves.mover.key, issue.id, ids[here].id, ids[there].id))
        found.append(wanted)
    return found
