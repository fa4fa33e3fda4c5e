"""Why a pattern of states is possible or not: the rules in its way, or who can bring it about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from foedus.case.model import Rule, Statement
from foedus.case.problems import listed
from foedus.document import Block, Point, Points, Sentence
from foedus.equilibria.solve import Stability, terms
from foedus.game.naming import mover_name, state_told, today_told
from foedus.game.space import Mask, smallest_conflict
from foedus.preferences.games import Game
from foedus.process.makers import TooManyCoalitions, makers_of
from foedus.reporting.holding import terms_told


@dataclass(frozen=True, slots=True, eq=False)
class PatternWhy:
    """What a game says of a statement.

    ``standing`` (n,) are the states that satisfy it as they stand, ``lasting`` (n,) the settled
    ones among them. Where there is none, ``conflict`` is a smallest set of rules that leaves none,
    or None when the issues involved are too many to find out. ``nearest`` is the index of the one
    with the fewest changes from today (lasting ones first), and ``makers`` are the smallest
    coalitions that can bring about a lasting one by moves from today: None when the case names no
    today, or too many of them would have to be looked at. ``holding`` (n,) are the equilibria under
    ``concept``, or the states where ``mover`` is stable; None where that was not asked.
    """

    game: Game
    statement: Statement
    standing: Mask
    lasting: Mask
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
            "settled": int(self.lasting.sum()),
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
            found = np.flatnonzero(self.lasting & self.holding) + 1
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
        if not self.lasting.any():
            return Sentence(f"{text}, but none of them outlasts the deadline.", strong=True)
        return Sentence(f"{text}; {int(self.lasting.sum()):,} of these are settled.", strong=True)

    def _example(self) -> list[Block]:
        space = self.game.space
        if self.nearest is None:
            return []
        if self.nearest == space.today:
            return [
                Sentence(f"{today_told(self.game.case)} satisfies it.".replace("the", "The", 1))
            ]
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
        if not self.lasting.any():
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
        if self.holding is None or not self.lasting.any():
            return []
        count, total = int((self.lasting & self.holding).sum()), int(self.lasting.sum())
        who = (
            mover_name(self.game.case, self.mover) if self.mover else "everybody who can move away"
        )
        text = f"In {count:,} of its {total:,} settled states {who} would stay"
        numbers = _few(self.lasting & self.holding)
        return [
            Sentence(f"{text} ({self.concept.upper()}){numbers}."),
            *terms_told(self.game),
        ]


def pattern_why(
    game: Game, statement: Statement, stability: Stability | None, mover: str | None, concept: str
) -> PatternWhy:
    """Work out what a game says of a statement; without ``stability``, not whether it holds."""
    space = game.space
    standing = space.holds(statement.tree)
    lasting = standing & space.settled
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
        lasting,
        conflict,
        _nearest(game, lasting if lasting.any() else standing),
        _makers(game, lasting),
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
    except TooManyCoalitions:
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


def _few(mask: Mask) -> str:
    """The first numbers of the states of a mask, in brackets."""
    found = (np.flatnonzero(mask[:]) + 1).tolist()
    if not found:
        return ""
    told = ", ".join(f"{number:,}" for number in found[:10])
    more = f" and {len(found) - 10:,} more" if len(found) > 10 else ""
    return f": {told}{more}"
