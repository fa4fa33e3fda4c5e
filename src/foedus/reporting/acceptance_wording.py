"""How actors, states, gains and judgements are worded where acceptance tells its results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from foedus.case.model import Judgement
from foedus.case.problems import listed
from foedus.document import number
from foedus.preferences.games import Game
from foedus.process.acceptance.vetoes import Effect, Need

SHOWN = 6
"""How many of several alike are told one by one."""


def cut(texts: Sequence[str]) -> str:
    """Several texts as a list, long ones cut."""
    if len(texts) <= SHOWN + 1:
        return listed(texts, "and")
    return f"{', '.join(texts[:SHOWN])} and {len(texts) - SHOWN} others"


def named(game: Game, actors: Iterable[str], last: str = "and") -> str:
    """The names of actors as a list in a sentence; ``nobody`` for none."""
    return listed((game.case.actors[actor].name for actor in actors), last) or "nobody"


def told_makers(game: Game, makers: Sequence[tuple[str, ...]]) -> str:
    """Who makes something: coalitions as a list, long ones cut."""
    told = ["; or ".join(named(game, maker) for maker in makers[:SHOWN] if maker)]
    if len(makers) > SHOWN:
        told.append(f"; or {len(makers) - SHOWN:,} others")
    return "".join(told)


def state(game: Game, index: int, apart_from: int | None = None) -> str:
    """A state by its number and its positions, or those in which it differs from another."""
    told = game.space.describe(index, apart_from=apart_from)
    if told:
        return f"state {index + 1:,}: {told}"
    return f"state {index + 1:,}" + ("" if apart_from is None else ", nothing changed")


def labels(game: Game, index: int) -> str:
    """The positions, without the names of their issues, in which a state differs from today."""
    space, today = game.space, game.space.today
    told = []
    for k, issue in enumerate(space.radix.issues):
        column = space.reader.column(k)
        if today is None or column[index] != column[today]:
            told.append(issue.positions[int(column[index])].label)
    return "; ".join(told) or "as today"


def ranged(judgement: Judgement) -> str:
    """A judgement with its range: ``−35 (−52 to −20)``."""
    if judgement.sure:
        return number(judgement.mode)
    return f"{number(judgement.mode)} ({number(judgement.low)} to {number(judgement.high)})"


def because(judgement: Judgement | None) -> str:
    """What a judgement rests on, as the end of a sentence."""
    return (
        f", because of {listed(judgement.because, 'and')}"
        if judgement and judgement.because
        else ""
    )


def units(effect: Effect, amount: float) -> str:
    """An amount in an actor's own units: ``3 points``, ``1 rank``, ``12 percentage points``."""
    unit = {"utility": "point", "ordinal": "rank", "support": "percentage point"}[effect.kind]
    return f"{number(amount)} {unit}{'' if amount == 1 else 's'}"


def signed(amount: float) -> str:
    """A gain or loss with its sign."""
    return f"+{number(amount)}" if amount > 0 else number(amount)


def change(effect: Effect) -> str:
    """What an actor gets against no deal: ``loses 5 points``, ``approves (55% of 50%)``."""
    if effect.threshold is not None:
        share, threshold = number(effect.value), number(effect.threshold)
        return f"{effect.change} ({share}% in favour, {threshold}% needed)"
    size = abs(effect.against_no_deal)
    return f"{effect.change} {units(effect, size)}" if size else "neither gains nor loses"


def lacking(effect: Effect) -> str:
    """A blocker's shortfall as what it would have to get; empty for one who does not block."""
    if effect.shortfall is None:
        return ""
    if effect.kind == "utility":
        if effect.shortfall == 0:
            return "any gain at all"
        return f"more than {units(effect, effect.shortfall)}"
    return units(effect, effect.shortfall)


def needed_told(need: Need) -> str:
    """What one judgement would have to be: ``own-state less than 4 (judged 60, 40 to 80)``."""
    word = "at least" if need.share else "more than" if need.more else "less than"
    now = number(need.judgement.mode)
    if not need.judgement.sure:
        now += f", {number(need.judgement.low)} to {number(need.judgement.high)}"
    told = f"{need.item} {word} {number(need.bound)} (judged {now})"
    return (
        f"{told}, though the BATNA would then be another" if need.no_deal_stays is False else told
    )
