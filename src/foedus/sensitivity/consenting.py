"""One arrangement put to those who make it, again and again, as judgements are changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from foedus.case.model import Case
from foedus.case.problems import CaseError, Problem, nearest
from foedus.game.space import Mask
from foedus.preferences import view_of
from foedus.preferences.games import Game
from foedus.process.acceptance.coalitions import Makers, makers_of
from foedus.process.acceptance.nodeal import Play
from foedus.process.acceptance.packages import Choice, candidates, package


@dataclass(frozen=True, slots=True)
class Consent:
    """What acceptance says of an arrangement: no deal (an index), the package, and who refuses."""

    no_deal: int
    package: Choice

    @property
    def refusing(self) -> tuple[str, ...]:
        """The members asked who do not agree."""
        return self.package.refusing


@dataclass(frozen=True, slots=True)
class Form:
    """A state of the arrangement (an index) and a smallest coalition that makes it."""

    state: int
    coalition: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """An arrangement of a game, with what does not depend on any judgement.

    ``matching`` and ``wanted`` (states,) say which states fall into it, and which settled states
    match. ``forms`` are the pairs of state and coalition, plainest first.
    """

    game: Game
    arrangement: str
    today: int
    bare_fall: int
    makers: Makers
    matching: Mask
    wanted: Mask
    forms: tuple[Form, ...]
    order: str

    @classmethod
    def of(cls, game: Game, arrangement: str, order: str = "file") -> Question:
        """Set the question. Raises CaseError for an unknown arrangement or a case without today."""
        case, space = game.case, game.space
        if arrangement not in case.arrangements:
            guess = nearest(arrangement, case.arrangements)
            problem = Problem(f"no arrangement {arrangement!r}", nearest=guess)
            raise CaseError([problem], case.file)
        today = space.today
        if today is None:
            message = "the case does not say where things stand today, or today is impossible"
            raise CaseError([Problem(message, case.place(("today",)))], case.file)
        makers = makers_of(game, today)
        matching = space.matches(arrangement)
        wanted = matching & space.settled
        bare_fall = int(space.fall[today])
        pairs = [
            (int(change), int(state), k)
            for k, maker in enumerate(makers.all)
            for state, change in _changes(game, bare_fall, maker.states[wanted[maker.states]])
        ]
        forms = tuple(Form(state, makers.all[k].members) for _, state, k in sorted(pairs))
        return cls(game, arrangement, today, bare_fall, makers, matching, wanted, forms, order)

    def answer(self, game: Game | None = None) -> Consent:
        """Solve acceptance of the arrangement, in a game that differs in judgements alone.

        Raises ValueError where nobody makes the arrangement.
        """
        asked = game or self.game
        play = Play(asked, self.makers, self.today, self.order)
        no_deal = play.without(self.matching).state
        found = candidates(
            asked.space, self.makers, play.yardsticks, self.wanted, no_deal, self.bare_fall
        )
        if not found:
            raise ValueError(f"nobody makes the arrangement '{self.arrangement}'")
        return Consent(no_deal, package(found))


def _changes(game: Game, fall: int, states: np.ndarray) -> Iterable[tuple[int, int]]:
    if not len(states):
        return ()
    return zip(states.tolist(), game.space.changes(fall, states).tolist(), strict=True)


def seen_otherwise(game: Game, case: Case) -> Game:
    """The game of a case that differs from the game's own in the judgements of actors alone."""
    views = dict(game.views)
    for name in views:
        actor, preference = case.actors[name], case.preferences[name]
        if (actor, preference) != (game.case.actors[name], game.case.preferences[name]):
            views[name] = view_of(game.space, actor, preference)
    return replace(game, case=case, views=views)
