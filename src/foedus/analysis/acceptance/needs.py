"""What a blocker would need: the value that one judgement of its own would have to have."""

from __future__ import annotations

from dataclasses import dataclass
from math import copysign

from foedus.analysis.acceptance.vetoes import Effect
from foedus.case.model import Judgement, Support, Worth
from foedus.differences import differences
from foedus.game import Game


@dataclass(frozen=True, slots=True)
class Need:
    """One judgement which, changed alone, makes a blocker agree to a form.

    It would have to be more than ``bound`` (``more``; for an electorate's share, that much at
    least), or less. ``judgement`` is how it is judged now. ``stretch`` is the change as a multiple
    of the way from the most likely value to that end of the range: over 1 is beyond it.
    """

    actor: str
    item: str
    more: bool
    bound: float
    judgement: Judgement
    share: bool = False

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


def needs(game: Game, effect: Effect, no_deal: int, state: int) -> tuple[Need, ...]:
    """Return the judgements that would each suffice, those least far out of their range first.

    The form (``state``) and no deal stay what they are, and all other judgements too. Empty for an
    actor who does not block, and for ordinal ones, whose order hangs on no number.
    """
    if effect.shortfall is None:
        return ()
    preference = game.case.preferences[effect.actor]
    if isinstance(preference, Support):
        share = counting_share(game, effect.actor, state)
        if share is None or effect.threshold is None:
            return ()
        return (Need(effect.actor, share[0], True, effect.threshold, share[1], True),)
    if not isinstance(preference, Worth):
        return ()
    found = []
    for each in differences(game, effect.actor, no_deal, state):
        if each.judgement is None:
            continue
        now = each.judgement.mode
        # A statement that holds in the form alone adds its value; one that ends takes it away.
        more = copysign(1.0, each.change) == copysign(1.0, now)
        bound = now + effect.shortfall if more else now - effect.shortfall
        found.append(Need(effect.actor, each.item, more, bound, each.judgement))
    return tuple(sorted(found, key=lambda need: need.stretch))


def counting_share(game: Game, electorate: str, state: int) -> tuple[str, Judgement] | None:
    """Return the item of support that counts in a state: its id and share; None without one."""
    preference = game.case.preferences.get(electorate)
    if not isinstance(preference, Support):
        return None
    fallen = int(game.space.fall[state])
    for item in preference.items:
        if item.when is None or game.space.holds(item.when.tree)[fallen]:
            return item.id, item.share
    return None
