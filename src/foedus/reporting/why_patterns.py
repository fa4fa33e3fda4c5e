"""Why a pattern of states, named or not, is possible or not, who brings it about, if it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from foedus.case.model import Arrangement, Rule, Statement
from foedus.case.problems import listed
from foedus.document import Block, Point, Points, Section, Sentence
from foedus.equilibria.solve import Stability, stability, terms
from foedus.equilibria.witness import Verdict
from foedus.game.listed import TooManyMoves
from foedus.game.naming import mover_name, state_told, today_told
from foedus.game.space import Mask, smallest_conflict
from foedus.preferences.games import Game
from foedus.process.holding import Holding, acceptance_if_known, holding
from foedus.process.makers import TooManyCoalitions, makers_of
from foedus.reporting.holding import leaving_told, terms_told
from foedus.reporting.why_states import FEW, MANY, verdict_data, verdict_point
from foedus.result import data_of

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
            **data_of(self, "arrangement=arrangement.id name=arrangement.name concept"),
            "holding": self.held.to_dict()[self.arrangement.id],
            "verdicts": [verdict_data(self.game, each) for each in self.verdicts],
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
        if not self.pattern.settled.any():
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


SHOWN = 5
"""So many of the stable states that satisfy a statement are shown."""


@dataclass(frozen=True, slots=True, eq=False)
class PatternWhy:
    """What a game says of a statement.

    ``standing`` (n,) are the states that satisfy it as they stand, ``settled`` (n,) the settled
    ones among them. Where there is none, ``conflict`` is a smallest set of rules that leaves none,
    or None when the issues involved are too many to find out. ``nearest`` is the index of the one
    with the fewest changes from today (settled ones first), and ``makers`` are the smallest
    coalitions that can bring about a settled one by moves from today: None when the case names no
    today, or too many of them would have to be looked at. ``holding`` (n,) are the equilibria under
    ``concept``, or the states where ``mover`` is stable; None where that was not asked.
    """

    game: Game
    statement: Statement
    standing: Mask
    settled: Mask
    conflict: tuple[Rule, ...] | None
    nearest: int | None
    makers: tuple[tuple[str, ...], ...] | None
    concept: str
    mover: str | None
    holding: Mask | None

    @property
    def possible(self) -> bool:
        """Whether any feasible state satisfies the statement."""
        return bool(self.standing.any())

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain data; states are told by their numbers, from 1."""
        told: dict[str, Any] = {
            "what": "statement",
            "statement": self.statement.text,
            "possible": self.possible,
            "states": int(self.standing.sum()),
            "settled": int(self.settled.sum()),
        }
        if not self.possible:
            told["excluded_by"] = (
                None if self.conflict is None else list(map(_rule_data, self.conflict))
            )
            return told
        if self.nearest is not None:
            told["nearest"] = {
                "id": self.nearest + 1,
                "positions": self.game.space.positions(self.nearest),
            }
        told["makers"] = None if self.makers is None else [list(group) for group in self.makers]
        if self.holding is not None:
            found = np.flatnonzero(self.settled & self.holding) + 1
            told |= {"concept": self.concept, "mover": self.mover, "stable": found.tolist()}
            told |= terms(self.game)
        return told

    def blocks(self) -> tuple[Block, ...]:
        """The answer for a reader."""
        if not self.possible:
            return excluded_blocks(f"`{self.statement.text}`", self.conflict)
        return (self._how_many(), *self._example(), *self._who(), *self._holds())

    def _how_many(self) -> Sentence:
        space = self.game.space
        text = (
            f"`{self.statement.text}` is possible: {int(self.standing.sum()):,} of "
            f"{len(space):,} states satisfy it"
        )
        if space.settled.all():
            return Sentence(f"{text}.", strong=True)
        if not self.settled.any():
            return Sentence(f"{text}, but none of them outlasts the deadline.", strong=True)
        return Sentence(f"{text}; {int(self.settled.sum()):,} of these are settled.", strong=True)

    def _example(self) -> list[Block]:
        space = self.game.space
        if self.nearest is None:
            return []
        if self.nearest == space.today:
            return [Sentence(f"It is satisfied by {today_told(self.game.case)}.")]
        if space.today is None:
            return [Sentence(f"An example: {state_told(space, self.nearest, None)}.")]
        told = state_told(space, self.nearest, space.today)
        return [Sentence(f"Nearest to {today_told(self.game.case)}: {told}, all else as it is.")]

    def _who(self) -> list[Block]:
        if self.makers is None:
            text = "there are too many coalitions to work it out"
            if self.game.space.today is None:
                text = "no possible state is known as the status quo"
            return [Sentence(f"Who could bring it about is not shown: {text}.")]
        if not self.settled.any():
            return []
        if not self.makers:
            return [Sentence("Nobody has the rights to bring it about from the status quo.", "bad")]
        if not self.makers[0]:
            return [Sentence("It comes about if nobody does anything.")]
        names = [mover_name(self.game.case, "+".join(group)) for group in self.makers]
        text = "Who can bring it about by moves from the status quo (whether they want to is "
        text += "another matter)"
        return [Sentence(f"{text}:"), Points(tuple(map(Point, names)))]

    def _holds(self) -> list[Block]:
        if self.holding is None or not self.settled.any():
            return []
        count, total = int((self.settled & self.holding).sum()), int(self.settled.sum())
        who = (
            mover_name(self.game.case, self.mover) if self.mover else "everybody who can move away"
        )
        text = f"In {count:,} of its {total:,} settled states {who} would stay"
        text += f" ({self.concept.upper()})"
        if not count:
            return [Sentence(f"{text}."), *terms_told(self.game)]
        space = self.game.space
        found = np.flatnonzero(self.settled & self.holding)[:SHOWN].tolist()
        points = [Point(state_told(space, index, space.today)) for index in found]
        if count > SHOWN:
            points.append(Point(f"and {count - SHOWN:,} more", tone="muted"))
        return [Sentence(f"{text}:"), Points(tuple(points)), *terms_told(self.game)]


def pattern_why(
    game: Game, statement: Statement, stability: Stability | None, mover: str | None, concept: str
) -> PatternWhy:
    """Work out what a game says of a statement; without ``stability``, not whether it holds."""
    space = game.space
    standing = space.holds(statement.tree)
    settled = standing & space.settled
    conflict = None if standing.any() else smallest_conflict(game.case, statement.tree)
    holding = None
    if stability is not None:
        holding = stability.holds(concept)
        if mover is not None:
            holding = stability.stable[concept][game.mover_index(mover)]
    return PatternWhy(
        game,
        statement,
        standing,
        settled,
        conflict,
        _nearest(game, settled if settled.any() else standing),
        _makers(game, settled),
        concept,
        mover,
        holding,
    )


def _makers(game: Game, wanted: Mask) -> tuple[tuple[str, ...], ...] | None:
    """The smallest coalitions that make one of the ``wanted`` settled states from today; (n,)."""
    if game.space.today is None:
        return None
    try:
        return makers_of(game, game.space.today).of(wanted)
    except (TooManyCoalitions, TooManyMoves):
        return None


def _nearest(game: Game, mask: Mask) -> int | None:
    """The index among the mask with the fewest changes from today, then the lowest."""
    found = np.flatnonzero(mask)
    if not len(found):
        return None
    today = game.space.today
    if today is None:
        return int(found[0])
    if mask[today]:
        return today
    return int(found[np.argmin(game.space.changes(today, found))])


def excluded_blocks(what: str, conflict: tuple[Rule, ...] | None) -> tuple[Block, ...]:
    """Tell that no state is possible, and the rules that leave none."""
    if conflict is None:
        text = f"{what} is impossible: the rules leave no state for it. They involve too many "
        return (Sentence(f"{text}issues at once to name a smallest set of them.", strong=True),)
    if not conflict:
        return (Sentence(f"{what} is impossible: it contradicts itself.", strong=True),)
    count = (
        "one rule of the case leaves"
        if len(conflict) == 1
        else f"{len(conflict)} rules of the case together leave"
    )
    return (
        Sentence(f"{what} is impossible: {count} no state for it.", strong=True),
        Points(tuple(map(_rule_point, conflict))),
    )


def _rule_point(rule: Rule) -> Point:
    below = [Point(f"rule: {rule.statement.text}")]
    if rule.because:
        below.append(Point(f"because of {listed(rule.because, 'and')}"))
    return Point(rule.why, tuple(below))


def _rule_data(rule: Rule) -> dict[str, Any]:
    return {"rule": rule.statement.text, "why": rule.why, "because": list(rule.because)}
