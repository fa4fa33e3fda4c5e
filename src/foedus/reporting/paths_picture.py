"""A way to an arrangement: its steps in words, and the ways that matter as a tree from today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import Branch, Tone, Tree, number
from foedus.forecasting.estimates import percent
from foedus.game.naming import mover_name
from foedus.preferences.games import Game
from foedus.reporting.case_events import happening_told

if TYPE_CHECKING:
    from foedus.process.paths import Paths, Way
    from foedus.process.steps import Refusal, Step


NEAR = 1e-9
"""What comes out closer to 0 or 1 is that, but for rounding."""


def counted(count: int, thing: str) -> str:
    """A number with its noun.

    >>> counted(1, "step"), counted(3, "step")
    ('1 step', '3 steps')
    """
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def time_told(days: float) -> str:
    """A time in the unit that suits its length.

    >>> time_told(0.4), time_told(29.7), time_told(400), time_told(3000)
    ('less than a day', '30 days', '13 months', '8 years')
    """
    if days < 0.5:
        return "less than a day"
    if days < 90:
        return counted(round(days), "day")
    if days < 2 * 365.25:
        return counted(round(days / 365.25 * 12), "month")
    return counted(round(days / 365.25), "year")


def chance_told(p: float) -> str:
    """A computed probability in whole per cents; one under 1% keeps a digit.

    >>> chance_told(0.5431), chance_told(0.9999), chance_told(1.0), chance_told(0.0)
    ('54%', 'over 99%', '100%', '0%')
    """
    if not NEAR < p < 1 - NEAR:
        return "0%" if p < 0.5 else "100%"
    if p > 0.99:
        return "over 99%"
    return percent(p, p - 0.005, p + 0.005) if p >= 0.01 else percent(p)


def changes(game: Game, step: Step) -> str:
    """What a step changes, in the labels of the positions."""
    return game.space.describe(step.target, apart_from=step.origin)


def makers(game: Game, step: Step) -> str:
    """Who makes a step, or which event."""
    event = "" if step.happening is None else f"the event {happening_told(step.happening)}"
    if not step.coalition:
        return event
    who = mover_name(game.case, step.by)
    return f"{who}, or {event}" if event else who


def right_told(step: Step) -> str:
    """From when and until when the makers of a step have the right; empty if from now to the end.

    It begins with a comma.
    """
    told = "" if step.since is None else f", from {step.since}"
    return told if step.until is None else f"{told}, until {step.until}"


def refused_by(game: Game, step: Step) -> str:
    """Who refuses a step, and by how much; empty where nobody does."""
    return listed((_refusal_told(game, each) for each in step.refusals), "and")


def _refusal_told(game: Game, refusal: Refusal) -> str:
    """Who refuses, and by how much, in its own units."""
    name = game.case.actors[refusal.actor].name
    if refusal.threshold is not None:
        share = f"{number(refusal.share or 0.0)}% in favour"
        return f"{name} ({share}, {number(refusal.threshold)}% needed)"
    gain = refusal.gain or 0.0
    unit = "point" if game.views[refusal.actor].kind == "utility" else "rank"
    size = f"{number(abs(gain))} {unit}{'' if abs(gain) == 1 else 's'}"
    if gain > 0:
        least = number(refusal.least or 0.0)
        return f"{name} (gains {size}, no more than the {least} that would move it)"
    return f"{name} ({size} lost)" if gain < 0 else f"{name} (neither gains nor loses)"


MOST_DRAWN = 12
"""More arrangements than this are not drawn; the table has them all."""


@dataclass(slots=True)
class _Node:
    """A step being drawn (None: today), the arrangements it comes to, and the steps after it."""

    step: Step | None
    reached: list[str] = field(default_factory=list)
    after: dict[int, _Node] = field(default_factory=dict)


def tree(paths: Paths, most: int = MOST_DRAWN, *, key: bool = True) -> Tree:
    """Draw today, what it reverts to, and the ways to the arrangements that matter.

    Those are the hypotheses, then what is come to by agreed changes, then the others, in the order
    of the file, at most ``most`` of them. ``key`` says how its arrows are read.
    """
    ways = _drawn(paths)
    root = _Node(None)
    for way in ways[:most]:
        node = root
        for step in way.steps:
            node = node.after.setdefault(step.target, _Node(step))
        node.reached.append(paths.case.arrangements[way.arrangement].name)
    told = []
    if key:
        told.append("A broken arrow is a step that somebody refuses.")
        if any(step.happening for way in ways for step in way.steps):
            told.append("An event asks nobody.")
    if len(ways) > most == MOST_DRAWN:
        left = counted(len(ways) - most, "arrangement")
        told.append(f"Not drawn, but in the table below: {left}.")
    return Tree("Ways from today", _today(paths, root), " ".join(told) or None)


def _drawn(paths: Paths) -> list[Way]:
    hypotheses = paths.case.hypotheses

    def weight(way: Way) -> tuple[bool, bool]:
        return way.arrangement not in hypotheses, way.status != "open"

    return sorted((way for way in paths.ways.values() if way.steps), key=weight)


def _today(paths: Paths, root: _Node) -> Branch:
    game, space = paths.game, paths.game.space
    standing = [
        game.case.arrangements[way.arrangement].name
        for way in paths.ways.values()
        if way.status == "standing"
    ]
    after = sorted(root.after.values(), key=_agreed_first)
    branches = [_branch(game, node) for node in after]
    if space.settled[paths.today]:
        return Branch("Today", reached=tuple(standing), branches=tuple(branches))
    end = space.describe(int(space.fall[paths.today]), apart_from=paths.today)
    fall = Branch(end, "if nobody moves, at the deadline", "muted", reached=tuple(standing))
    return Branch("Today", branches=(fall, *branches))


def _agreed_first(node: _Node) -> bool:
    return bool(node.step and node.step.refusals)


def _branch(game: Game, node: _Node) -> Branch:
    step = node.step
    if step is None:
        raise AssertionError("only today is reached by no step")
    refused = refused_by(game, step)
    tone: Tone = "bad" if refused else "good" if node.reached else "plain"
    return Branch(
        changes(game, step),
        f"by {makers(game, step)}{right_told(step)}",
        tone,
        refused,
        tuple(node.reached),
        _branches(game, list(node.after.values())),
    )


def _branches(game: Game, nodes: Sequence[_Node]) -> tuple[Branch, ...]:
    return tuple(_branch(game, node) for node in sorted(nodes, key=_agreed_first))
