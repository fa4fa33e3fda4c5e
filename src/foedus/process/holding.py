"""What would hold: the equilibria of a game, and how far each arrangement's states are among them.

An arrangement *holds* when its package, the form that those who make it would choose, is an
equilibrium; what share of its settled states are equilibria stands beside that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from foedus.document import Block
from foedus.equilibria.solve import Stability
from foedus.game.space import Indexes
from foedus.preferences.games import Game
from foedus.process.acceptance.coalitions import TooManyCoalitions
from foedus.process.acceptance.solve import Acceptance, acceptance
from foedus.result import Result, shown


@dataclass(frozen=True, slots=True)
class Hold:
    """How far one arrangement would hold.

    ``settled`` counts its settled states, ``stable`` the equilibria among them by concept.
    ``package`` is the index of its package, None where nobody makes it or no package is known;
    ``leaving`` names by concept the movers who would leave the package, and is empty without one.
    """

    arrangement: str
    settled: int
    stable: Mapping[str, int]
    package: int | None
    leaving: Mapping[str, tuple[str, ...]]

    def holds(self, concept: str) -> bool | None:
        """Whether the package is an equilibrium; None where no package is known."""
        return None if self.package is None else not self.leaving[concept]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Holding(Result):
    """The equilibria of a game, and each arrangement against them, in the order of the file."""

    solved: Stability
    holds: Mapping[str, Hold]

    def blocks(self, limit: int | None = None) -> tuple[Block, ...]:
        """How many equilibria there are, what holds of each arrangement, ``limit`` equilibria."""
        return shown(self, limit)

    def to_dict(self) -> dict[str, Any]:
        """The arrangements as plain data; states are told by their numbers, from 1."""
        return {
            name: {
                "settled": hold.settled,
                "stable": dict(hold.stable),
                "package": None if hold.package is None else hold.package + 1,
                "holds": {concept: hold.holds(concept) for concept in self.solved.concepts},
                "leaving": {concept: list(movers) for concept, movers in hold.leaving.items()},
            }
            for name, hold in self.holds.items()
        }

    def _union(self) -> Indexes:
        """The indexes of the states that are equilibria under some concept solved for."""
        found = self.solved.game.space.settled & False
        for concept in self.solved.concepts:
            found |= self.solved.holds(concept)
        return np.flatnonzero(found)


def acceptance_if_known(game: Game) -> Acceptance | None:
    """Who accepts what; None for a case without a today, or with too many coalitions to look at."""
    if game.space.today is None:
        return None
    try:
        return acceptance(game)
    except TooManyCoalitions:
        return None


def holding(solved: Stability, accepted: Acceptance | None = None) -> Holding:
    """Put each arrangement against the equilibria; packages are those of ``accepted``, if given."""
    space = solved.game.space
    masks = {concept: solved.holds(concept) for concept in solved.concepts}
    found = {}
    for name in solved.game.case.arrangements:
        inside = space.matches(name) & space.settled
        form = accepted[name].package if accepted is not None else None
        package = None if form is None else form.choice.state
        found[name] = Hold(
            name,
            int(inside.sum()),
            {concept: int((inside & mask).sum()) for concept, mask in masks.items()},
            package,
            {} if package is None else _leaving(solved, package),
        )
    return Holding(solved, found)


def _leaving(solved: Stability, state: int) -> dict[str, tuple[str, ...]]:
    """The movers who would leave a state, by concept."""
    movers = solved.game.movers
    return {
        concept: tuple(
            mover.key for mover, mask in zip(movers, masks, strict=True) if not mask[state]
        )
        for concept, masks in solved.stable.items()
    }
