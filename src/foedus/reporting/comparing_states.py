"""How one actor compares two states, told judgement by judgement."""

from __future__ import annotations

from foedus.case.model import Judgement, Preference, Priorities, Support, Worth
from foedus.document import Point, Tone, number
from foedus.preferences import Difference, differences
from foedus.preferences.games import Game


def comparison(game: Game, actor: str, origin: int, target: int) -> Point:
    """Tell whether an actor agrees to go from one state to another, and by which judgements.

    Both, given by index, are judged by what they fall to. Raises KeyError for an actor without
    preferences.
    """
    view = game.views[actor]
    agrees = bool(view.agrees(origin, target))
    worse = bool(view.values[target] < view.values[origin])
    preference = game.case.preferences[actor]
    text = view.compared(origin, target)
    if view.electorate:
        return Point(text, _shares(game, preference, target), "good" if agrees else "bad")
    tone: Tone = "good" if agrees else "bad" if worse else "plain"
    found = differences(game.space, actor, origin, target)
    if view.kind == "utility":
        return Point(text, tuple(_worth(preference, d) for d in found), tone)
    return Point(text, tuple(_wish(preference, d, k == 0) for k, d in enumerate(found)), tone)


def _shares(game: Game, preference: Preference, target: int) -> tuple[Point, ...]:
    """The judgement that sets an electorate's support for the target."""
    if not isinstance(preference, Support):
        return ()
    fallen = int(game.space.fall[target])
    for item in preference.items:
        if item.when is None or game.space.holds(item.when.tree)[fallen]:
            share = item.share
            text = f"{item.id}: {number(share.mode)}%{_range(share)}{_because(share.because)}"
            return (Point(text),)
    return ()


def _worth(preference: Preference, found: Difference) -> Point:
    """One ``worth`` item that comes to hold, or ceases to."""
    sign = "+" if found.change >= 0 else ""
    text = f"{sign}{number(found.change)}: {found.item}"
    if isinstance(preference, Worth) and found.judgement is not None:
        (item,) = (item for item in preference.items if item.id == found.item)
        word = "now holds" if found.change == item.value.mode else "no longer holds"
        text += f" {word}{_range(item.value)}{_because(item.value.because)}"
    return Point(text)


def _wish(preference: Preference, found: Difference, first: bool) -> Point:
    """One priority that is met or no longer met, or the tier of a ranking that counts."""
    if not isinstance(preference, Priorities):
        tiers = f"{number(abs(found.change))} {'places' if abs(found.change) != 1 else 'place'}"
        way = "higher" if found.change > 0 else "lower"
        return Point(f"{tiers} {way} in its ranking: {found.item or 'matches no line of it'}")
    (wish,) = (item for item in preference.items if item.id == found.item)
    text = f"{wish.id} ({wish.when.text}): {'met' if found.change > 0 else 'no longer met'}"
    if first:
        text += ", and this decides: it is the most important wish that differs"
    return Point(text + _because(wish.because))


def _range(judgement: Judgement) -> str:
    """The range that was judged, in words; nothing for a number that was sure."""
    if judgement.sure:
        return ""
    return f", judged {number(judgement.low)} to {number(judgement.high)}"


def _because(ids: tuple[str, ...]) -> str:
    return f" [{', '.join(ids)}]" if ids else ""
