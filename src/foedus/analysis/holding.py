"""What would hold: the equilibria of a game, and how far each arrangement's states are among them.

An arrangement *holds* when its package, the form that those who make it would choose, is an
equilibrium; what share of its settled states are equilibria stands beside that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from foedus.analysis.acceptance.coalitions import TooManyCoalitions
from foedus.analysis.acceptance.solve import Acceptance, acceptance
from foedus.analysis.naming import mover_name
from foedus.document import Block, Cell, Column, Sentence, Table, Tone
from foedus.equilibria.registry import CONCEPTS
from foedus.equilibria.solve import Stability
from foedus.game import Game
from foedus.space import Indexes

SHOWN = 20
"""How many equilibria are spelled out for a reader unless more are asked for."""


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


@dataclass(frozen=True, slots=True, eq=False)
class Holding:
    """The equilibria of a game, and each arrangement against them, in the order of the file."""

    solved: Stability
    holds: Mapping[str, Hold]

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

    def blocks(self, limit: int = SHOWN) -> tuple[Block, ...]:
        """How many equilibria there are, what holds of each arrangement, and ``limit`` of them."""
        return (self._counts(), *self.arrangements_blocks(), *self._equilibria(limit))

    def arrangements_blocks(self) -> tuple[Block, ...]:
        """What holds of each arrangement, as a table; nothing for a case without any."""
        if not self.holds:
            return ()
        concepts = self.solved.concepts
        packages = any(hold.package is not None for hold in self.holds.values())
        head = [Column("arrangement"), Column("settled states", True)]
        note = "Counted are the settled states of each arrangement that are equilibria."
        if packages:
            note += (
                " ✓ and ✗: the package, the form its makers would choose, is one of them or not."
            )
        table = Table(
            "What would hold, by arrangement",
            (*head, *(Column(concept.upper(), True) for concept in concepts)),
            tuple(
                (
                    Cell(self.solved.game.case.arrangements[name].name),
                    Cell(f"{hold.settled:,}"),
                    *(
                        Cell(f"{hold.stable[concept]:,}", _tone(hold.holds(concept)))
                        for concept in concepts
                    ),
                )
                for name, hold in self.holds.items()
            ),
            note,
        )
        return (table,)

    def leaving_told(self, arrangement: str, concept: str, *, names: bool = True) -> Sentence:
        """Whether an arrangement's package holds; ``names``: and who would leave it."""
        hold = self.holds[arrangement]
        game = self.solved.game
        share = f"{hold.stable[concept]:,} of its {hold.settled:,} settled states are equilibria"
        if hold.package is None:
            return Sentence(f"{share} ({concept.upper()}).")
        where = f"The form its makers would choose (state {hold.package + 1:,})"
        if not hold.leaving[concept]:
            return Sentence(f"{where} would hold ({concept.upper()}); {share}.", "good")
        text = f"{where} would not hold ({concept.upper()}); {share}."
        if names:
            who = "; ".join(mover_name(game, mover) for mover in hold.leaving[concept])
            text += f" Who would leave it: {who}."
        return Sentence(text, "bad")

    def _counts(self) -> Table:
        space = self.solved.game.space
        rows = []
        for concept in self.solved.concepts:
            told = CONCEPTS[concept]
            count = len(self.solved.equilibria(concept))
            rows.append((Cell(told.name), Cell(f"{count:,}"), Cell(told.meaning)))
        return Table(
            f"Equilibria among {int(space.settled.sum()):,} settled states",
            (Column("concept"), Column("equilibria", True), Column("a mover stays when")),
            tuple(rows),
            "An equilibrium is a state that every mover would stay in.",
        )

    def _equilibria(self, limit: int) -> tuple[Block, ...]:
        found = self._union()
        if not len(found):
            return (Sentence("No settled state is an equilibrium.", "warn"),)
        space = self.solved.game.space
        masks = {concept: self.solved.holds(concept) for concept in self.solved.concepts}
        rows = []
        for index in found[:limit]:
            under = [concept.upper() for concept, mask in masks.items() if mask[index]]
            all_ = len(under) == len(masks)
            rows.append(
                (
                    Cell(f"{index + 1:,}"),
                    Cell(space.describe(int(index), apart_from=space.today) or "as today"),
                    Cell("all" if all_ and len(under) > 1 else " ".join(under)),
                )
            )
        column = "positions" if space.today is None else "what differs from today"
        more = len(found) - len(rows)
        note = f"{more:,} more are not shown." if more else None
        head = (Column("state"), Column(column), Column("under"))
        return (Table("The equilibria", head, tuple(rows), note),)

    def _union(self) -> Indexes:
        """The indexes of the states that are equilibria under some concept solved for."""
        found = self.solved.game.space.settled & False
        for concept in self.solved.concepts:
            found |= self.solved.holds(concept)
        return np.flatnonzero(found)


def _tone(holds: bool | None) -> Tone:
    return "plain" if holds is None else "good" if holds else "bad"


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
