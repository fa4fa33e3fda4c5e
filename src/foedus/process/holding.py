"""What would hold: the equilibria of a game, and how far each arrangement's states are among them.

An arrangement *holds* when what its best form reverts to at the deadline is an equilibrium; what
share of its settled states are equilibria stands beside that.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.document import Block
from foedus.equilibria.solve import Stability
from foedus.game.space import Indexes
from foedus.preferences.games import Game
from foedus.result import Result, shown

if TYPE_CHECKING:
    from foedus.process.acceptance import Acceptance
    from foedus.process.model import Behaviour


@dataclass(frozen=True, slots=True)
class Hold:
    """How far one arrangement would hold.

    ``settled`` counts its settled states, ``stable`` the equilibria among them by concept.
    ``form`` is the index of what its best form reverts to, None where nobody can bring it about or
    no form is known; ``leaving`` names by concept the movers who would leave it, empty without one.
    """

    arrangement: str
    settled: int
    stable: Mapping[str, int]
    form: int | None
    leaving: Mapping[str, tuple[str, ...]]

    def holds(self, concept: str) -> bool | None:
        """Whether the best form is an equilibrium; None where no form is known."""
        return None if self.form is None else not self.leaving[concept]


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
                "form": None if hold.form is None else hold.form + 1,
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


def solvable(game: Game) -> bool:
    """Whether the case says all that the process needs: today, as of when, and until when."""
    case = game.case
    if case.as_of is None or case.deadline is None or game.space.today is None:
        return False
    return case.deadline > case.as_of


def acceptance_if_known(
    game: Game, behaviour: Behaviour = "myopic", only: Collection[str] | None = None
) -> Acceptance | None:
    """Who accepts what, of all arrangements or ``only`` some; None where that cannot be solved.

    That is so of a case that lacks a state of today, or one of its dates.
    """
    dates = game.case.as_of, game.case.deadline
    if game.space.today is None or (dates != (None, None) and not solvable(game)):
        return None
    from foedus.process.acceptance import acceptance

    return acceptance(game, behaviour, only=only)


def holding(solved: Stability, accepted: Acceptance | None = None) -> Holding:
    """Put each arrangement, by its best form in ``accepted`` if given, against the equilibria."""
    space = solved.game.space
    masks = {concept: solved.holds(concept) for concept in solved.concepts}
    found = {}
    for name in solved.game.case.arrangements:
        inside = space.matches(name) & space.settled
        finding = accepted.findings.get(name) if accepted is not None else None
        best = finding.form if finding is not None else None
        form = None if best is None else int(space.fall[best.state])
        found[name] = Hold(
            name,
            int(inside.sum()),
            {concept: int((inside & mask).sum()) for concept, mask in masks.items()},
            form,
            {} if form is None else _leaving(solved, form),
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
