"""The veto map: what a form of an arrangement gives each actor, who is asked, and who blocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from foedus.case.model import Judgement
from foedus.game.space import Space
from foedus.preferences import View
from foedus.preferences.games import Game
from foedus.process.acceptance.gains import shortfalls
from foedus.process.acceptance.packages import Choice

Change = Literal["gains", "loses", "indifferent", "approves", "disapproves"]


@dataclass(frozen=True, slots=True)
class Need:
    """One judgement which, changed alone, makes a blocker agree to a form.

    It would have to be more than ``bound`` (``more``; for an electorate's share, that much at
    least), or less. ``judgement`` is how it is judged now. ``stretch`` is the change as a multiple
    of the way from the most likely value to that end of the range: over 1 is beyond it. Within the
    range, ``no_deal_stays`` says whether no deal would still be the same; None where that was not
    tried.
    """

    actor: str
    item: str
    more: bool
    bound: float
    judgement: Judgement
    share: bool = False
    no_deal_stays: bool | None = None

    @property
    def stretch(self) -> float:
        """How far the bound is, in parts of the range on that side; infinite without a range."""
        end = self.judgement.high if self.more else self.judgement.low
        room = abs(end - self.judgement.mode)
        return abs(self.bound - self.judgement.mode) / room if room else float("inf")

    @property
    def within(self) -> bool:
        """Whether the judgement's range reaches far enough."""
        return self.stretch < 1 or (self.share and self.stretch == 1)


@dataclass(frozen=True, slots=True)
class Points:
    """One actor's values at the three points of comparison, in its own units."""

    today: float
    bare_fall: float
    no_deal: float


@dataclass(frozen=True, slots=True)
class Effect:
    """What a form of an arrangement gives one actor, against no deal.

    ``value`` and ``at`` are utilities, ranks (from 0, the worst) or per cent in support, by
    ``kind``. ``blocks`` is whether the actor is asked and does not agree, and ``shortfall`` what
    is lacking then: for a utility more than that much; ranks up to the first that is better than
    no deal; percentage points up to the ``threshold``. ``needs`` are the judgements that would each
    make it agree, those least far out of their range first.
    """

    actor: str
    kind: Literal["utility", "ordinal", "support"]
    change: Change
    asked: bool
    value: float
    at: Points
    threshold: float | None = None
    shortfall: float | None = None
    needs: tuple[Need, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether the actor agrees to go from no deal to this form."""
        return self.change in ("gains", "approves")

    @property
    def blocks(self) -> bool:
        """Whether the actor is asked and does not agree."""
        return self.asked and not self.agrees

    @property
    def against_today(self) -> float:
        """The gain against today as it stands; for an electorate, in support."""
        return self.value - self.at.today

    @property
    def against_bare_fall(self) -> float:
        """The gain against what today falls to by itself; for an electorate, in support."""
        return self.value - self.at.bare_fall

    @property
    def against_no_deal(self) -> float:
        """The gain against no deal, which counts; for an electorate, in support."""
        return self.value - self.at.no_deal


def effects(game: Game, choice: Choice, today: int, no_deal: int) -> tuple[Effect, ...]:
    """Return what a form gives every actor that has preferences, in the order of the actors."""
    return tuple(
        effect(
            game.space,
            view,
            choice.state,
            today=today,
            no_deal=no_deal,
            asked=view.actor.id in choice.coalition,
        )
        for view in game.views.values()
    )


def effect(
    space: Space, view: View, state: int, *, today: int, no_deal: int, asked: bool
) -> Effect:
    """Return what a form (the index of its state) gives one actor, against no deal."""
    change = _change(view, no_deal, state)
    shortfall = None
    if asked and change not in ("gains", "approves"):
        shortfall = float(shortfalls(view, no_deal, np.array([state]))[0])
    values = view.levels if view.kind == "ordinal" else view.values
    points = Points(_standing(space, view, today), float(values[today]), float(values[no_deal]))
    value = float(values[state])
    return Effect(view.actor.id, view.kind, change, asked, value, points, view.threshold, shortfall)


def _change(view: View, origin: int, target: int) -> Change:
    if view.electorate:
        return "approves" if view.agrees(origin, target) else "disapproves"
    step = int(view.levels[target]) - int(view.levels[origin])
    return "gains" if step > 0 else "loses" if step < 0 else "indifferent"


def _standing(space: Space, view: View, today: int) -> float:
    """An actor's value of today as it stands: as if what is provisional lasted.

    An ordinal actor's rank is among those of what states fall to; half-way where it is none.
    """
    if view.kind != "ordinal":
        return float(view.standing[today])
    ranks = np.unique(view.standing[space.settled])
    below = int(np.searchsorted(ranks, view.standing[today]))
    known = below < len(ranks) and ranks[below] == view.standing[today]
    return float(below) if known else below - 0.5
