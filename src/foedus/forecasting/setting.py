"""What all blocks of a forecast share: the game, who bargains, the forms of each arrangement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from foedus.case.model import Case
from foedus.case.problems import CaseError, Problem
from foedus.forecasting.bargains import Bargaining, coalitions_of
from foedus.forecasting.consent import Consents, Forms, between_movers, consents
from foedus.forecasting.options import PlayoutOptions
from foedus.forecasting.playout import Outcomes, play
from foedus.forecasting.ranges import Floats
from foedus.forecasting.streams import DrawBlock
from foedus.forecasting.waits import Items, Waits
from foedus.game.moves import Moves
from foedus.preferences import SampledPreferences, sampled_preferences
from foedus.preferences.games import Game, game_of
from foedus.process.makers import makers_of

MOMENTS = 24
"""At so many times, evenly spread from today to the deadline, the course is noted."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A forecast's setting as data: what another process needs to build it.

    ``pace_off`` names the records whose changes are made at once.
    """

    case: Case
    options: PlayoutOptions = field(default_factory=PlayoutOptions)
    pace_off: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """A plan worked out. ``matching`` maps each arrangement to what falls into it; (states,)."""

    plan: Plan
    game: Game
    coalitions: tuple[Moves, ...]
    items: Items
    today: int
    days: float
    times: Floats
    matching: Mapping[str, npt.NDArray[np.bool_]]

    @classmethod
    def of(cls, plan: Plan) -> Setting:
        """Work out a plan. Raises CaseError for a case without today, as_of or deadline."""
        game = game_of(plan.case)
        days = float(days_left(plan.case))
        today = game.space.today
        if today is None:
            raise _missing(plan.case, "today", "the state from which the process starts")
        return cls(
            plan,
            game,
            coalitions_of(game, plan.options.bargainers),
            Items.of(plan.case, plan.pace_off),
            today,
            days,
            np.linspace(0.0, days, MOMENTS + 1)[1:],
            {name: game.space.matches(name) for name in plan.case.arrangements},
        )

    def sights(self, block: DrawBlock) -> dict[str, SampledPreferences]:
        """How every actor sees the states in a block."""
        return sampled_preferences(self.game.space, block)

    def played(self, block: DrawBlock, sights: Mapping[str, SampledPreferences]) -> Outcomes:
        """Play a block to the deadline."""
        bargaining = Bargaining.of(self.game, self.coalitions, sights, self.plan.options)
        waits = Waits.drawn(self.plan.case, self.items, block)
        return play(bargaining, waits, self.today, self.days, self.times)

    def consents(
        self, sights: Mapping[str, SampledPreferences], arrangements: Sequence[str]
    ) -> dict[str, Consents]:
        """Judge the consent to each arrangement in every draw of a block."""
        makers = makers_of(self.game, self.today)
        bargaining = between_movers(self.game, sights)
        return {
            name: consents(bargaining, Forms.of(self.game, makers, name, self.today), self.today)
            for name in arrangements
        }


def days_left(case: Case) -> int:
    """The days from ``as_of`` to the deadline.

    Raises CaseError when either is missing, or the deadline is not after ``as_of``.
    """
    if case.as_of is None:
        raise _missing(case, "as_of", "the day on which the forecast begins")
    if case.deadline is None:
        raise _missing(case, "deadline", "the day on which it ends")
    days = (case.deadline - case.as_of).days
    if days <= 0:
        message = f"the deadline {case.deadline} is not after as_of, {case.as_of}"
        raise CaseError([Problem(message, case.place(("deadline",)))], case.file)
    return days


def _missing(case: Case, key: str, what: str) -> CaseError:
    message = f"a forecast needs `{key}`, {what}"
    return CaseError([Problem(message, case.place((key,)))], case.file)
