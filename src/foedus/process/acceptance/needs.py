"""What a blocker would need: the value that one judgement of its own would have to have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import copysign

from foedus.case.model import Judgement, Support, SupportItem, Worth, WorthItem
from foedus.game.space import Mask
from foedus.preferences import differences, view_of
from foedus.preferences.games import Game
from foedus.process.acceptance.nodeal import NoDeal, Play
from foedus.process.acceptance.vetoes import Effect, Need

TRIED_STATES = 1 << 14
"""In spaces of more states than this it is not tried whether no deal would stay the same."""

BEYOND = 1e-6
"""How far beyond its bound a judgement is put when it is tried, as a part of the actor's range."""


def with_needs(play: Play, effect: Effect, no_deal: NoDeal, state: int, matching: Mask) -> Effect:
    """Add to what a form (``state``) gives a blocker the judgements that would each turn it.

    The form and no deal stay what they are, and all other judgements too; those least far out of
    their range come first. For those within their range it is tried, by playing again with
    ``matching`` (n,) barred, whether no deal does stay what it is. Nothing is added for an actor
    who does not block, nor for ordinal ones, whose order hangs on no number.
    """
    found = sorted(_needs(play.game, effect, no_deal.state, state), key=lambda need: need.stretch)
    if len(play.game.space) <= TRIED_STATES:
        found = [_tried(play, need, no_deal, matching) if need.within else need for need in found]
    return replace(effect, needs=tuple(found))


def _needs(game: Game, effect: Effect, no_deal: int, state: int) -> Iterator[Need]:
    if effect.shortfall is None:
        return
    if effect.threshold is not None:
        share = counting_share(game, effect.actor, state)
        if share is not None:
            yield Need(effect.actor, share[0], True, effect.threshold, share[1], True)
    elif effect.kind == "utility":
        for each in differences(game.space, effect.actor, no_deal, state):
            if each.judgement is not None:
                now = each.judgement.mode
                # What holds in the form alone adds its value; what ends there takes it away.
                more = copysign(1.0, each.change) == copysign(1.0, now)
                bound = now + effect.shortfall if more else now - effect.shortfall
                yield Need(effect.actor, each.item, more, bound, each.judgement)


def _tried(play: Play, need: Need, no_deal: NoDeal, matching: Mask) -> Need:
    """Play no deal again with the one judgement at its bound, just beyond it for a worth."""
    game, preference = play.game, play.game.case.preferences[need.actor]
    beyond = 0.0
    if not need.share:
        beyond = BEYOND * play.yardsticks[need.actor].value_range * (1 if need.more else -1)
    tried = need.bound + beyond
    value = Judgement(tried, tried, tried)
    match preference:
        case Worth():
            items = tuple(_worth(item, need.item, value) for item in preference.items)
            view = view_of(game.space, game.case.actors[need.actor], Worth(items))
        case Support():
            shares = tuple(_share(item, need.item, value) for item in preference.items)
            view = view_of(game.space, game.case.actors[need.actor], Support(shares))
        case _:
            return need
    other = play.seen_by(view).without(matching)
    return replace(need, no_deal_stays=other.state == no_deal.state)


def _worth(item: WorthItem, name: str, value: Judgement) -> WorthItem:
    return replace(item, value=value) if item.id == name else item


def _share(item: SupportItem, name: str, value: Judgement) -> SupportItem:
    return replace(item, share=value) if item.id == name else item


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
