"""Why an arrangement would or would not be agreed to, and whether it would hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from foedus.case.model import Arrangement
from foedus.document import Block, Points, Section, Sentence
from foedus.equilibria.solve import Stability, stability
from foedus.equilibria.witness import Verdict
from foedus.preferences.games import Game
from foedus.process.holding import Holding, acceptance_if_known, holding
from foedus.reporting.holding import leaving_told, terms_told
from foedus.reporting.why_patterns import PatternWhy, excluded_blocks, pattern_why
from foedus.reporting.why_states import FEW, MANY, verdict_data, verdict_point

if TYPE_CHECKING:
    from foedus.process.acceptance import Acceptance
    from foedus.process.model import Behaviour

SIDE_BY_SIDE = 400
"""In spaces of more states than this one behaviour alone is solved: farsighted actors take long."""


@dataclass(frozen=True, slots=True, eq=False)
class ArrangementWhy:
    """An arrangement: who would say no to it, and whether it would hold.

    ``accepted`` is None where that is not known; ``other`` is the same under the other behaviour,
    where both are shown. ``verdicts`` are those of the movers asked for in its best form: of all
    that would leave it, or of the one mover asked for.
    """

    game: Game
    arrangement: Arrangement
    pattern: PatternWhy
    accepted: Acceptance | None
    held: Holding
    concept: str
    verdicts: tuple[Verdict, ...]
    other: Acceptance | None = None

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain data; states are told by their numbers, from 1."""
        told = {
            **self.pattern.to_dict(),
            "what": "arrangement",
            "arrangement": self.arrangement.id,
            "name": self.arrangement.name,
            "concept": self.concept,
            "holding": self.held.to_dict()[self.arrangement.id],
            "verdicts": [verdict_data(each) for each in self.verdicts],
        }
        if self.accepted is not None:
            for each in filter(None, (self.accepted, self.other)):
                key = "acceptance" if each is self.accepted else each.behaviour
                told[key] = each.to_dict()["arrangements"][self.arrangement.id]
        return told

    def blocks(self) -> tuple[Block, ...]:
        """The answer for a reader."""
        name = self.arrangement.name
        if not self.pattern.possible:
            return excluded_blocks(name, self.pattern.conflict)
        if self.accepted is None:
            return (Sentence(name, strong=True), *self.pattern.blocks(), *self._holds())
        explained = self.accepted.explain(self.arrangement.id).blocks
        if self.other is not None:
            from foedus.reporting.acceptance_explained import behaviours_blocks

            both = sorted(
                (self.accepted, self.other), key=lambda each: each.behaviour == "farsighted"
            )
            told = behaviours_blocks(both[0], both[1], self.arrangement.id)
            explained = (*explained, Section("If actors look ahead", told))
        if not self.pattern.lasting.any():
            return explained
        return (
            *explained,
            Section("Would it be stable?", self._holds()),
        )

    def _holds(self) -> tuple[Block, ...]:
        told: list[Block] = [leaving_told(self.held, self.arrangement.id, self.concept)]
        if self.verdicts:
            most = MANY if len(self.verdicts) == 1 else FEW
            points = (verdict_point(self.game, each, most) for each in self.verdicts)
            told.append(Points(tuple(points)))
        return (*told, *terms_told(self.game))


def arrangement_why(
    game: Game,
    arrangement: str,
    mover: str | None,
    concept: str,
    behaviour: Behaviour = "myopic",
) -> ArrangementWhy:
    """Work out why a named arrangement would or would not come about, and hold."""
    named = game.case.arrangements[arrangement]
    solved = stability(game, [concept])
    accepted = acceptance_if_known(game, behaviour, [arrangement])
    other: Acceptance | None = None
    if len(game.space) <= SIDE_BY_SIDE and accepted is not None:
        contrary: Behaviour = "myopic" if behaviour == "farsighted" else "farsighted"
        other = acceptance_if_known(game, contrary, [arrangement])
    held = holding(solved, accepted)
    return ArrangementWhy(
        game,
        named,
        pattern_why(game, named.when, solved, mover, concept),
        accepted,
        held,
        concept,
        form_verdicts(solved, held, arrangement, concept, mover),
        other,
    )


def form_verdicts(
    solved: Stability, held: Holding, arrangement: str, concept: str, mover: str | None = None
) -> tuple[Verdict, ...]:
    """Why the movers who would leave an arrangement's best form would; or one mover asked for.

    Empty where it has no form. ``concept`` is one that was solved for.
    """
    hold = held.holds[arrangement]
    if hold.form is None:
        return ()
    asked = hold.leaving[concept] if mover is None else (mover,)
    return tuple(solved.verdict(hold.form + 1, key, concept) for key in asked)
