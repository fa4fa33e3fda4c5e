"""The ways to the arrangements that matter, as a tree that grows from today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from foedus.document import Branch, Tone, Tree
from foedus.preferences.games import Game
from foedus.reporting.paths_wording import changes, counted, makers, refused_by

if TYPE_CHECKING:
    from foedus.process.paths import Paths, Way
    from foedus.process.steps import Step

MOST_DRAWN = 12
"""More arrangements than this are not drawn; the table has them all."""


@dataclass(slots=True)
class _Node:
    """A step being drawn (None: today), the arrangements it comes to, and the steps after it."""

    step: Step | None
    reached: list[str] = field(default_factory=list)
    after: dict[int, _Node] = field(default_factory=dict)


def tree(paths: Paths) -> Tree:
    """Draw today, what it reverts to, and the ways to the arrangements that matter.

    Those are the hypotheses, then what is come to by agreed changes, then the others, in the order
    of the file, at most ``MOST_DRAWN`` of them.
    """
    ways = _drawn(paths)
    root = _Node(None)
    for way in ways[:MOST_DRAWN]:
        node = root
        for step in way.steps:
            node = node.after.setdefault(step.target, _Node(step))
        node.reached.append(paths.case.arrangements[way.arrangement].name)
    note = "A broken arrow is a step that somebody refuses."
    if len(ways) > MOST_DRAWN:
        left = counted(len(ways) - MOST_DRAWN, "arrangement")
        note += f" Not drawn, but in the table below: {left}."
    return Tree("Ways from today", _today(paths, root), note)


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
        f"by {makers(game, step)}",
        tone,
        refused,
        tuple(node.reached),
        _branches(game, list(node.after.values())),
    )


def _branches(game: Game, nodes: Sequence[_Node]) -> tuple[Branch, ...]:
    return tuple(_branch(game, node) for node in sorted(nodes, key=_agreed_first))
