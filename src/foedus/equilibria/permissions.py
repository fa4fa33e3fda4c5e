"""By which rights a mover makes a move, issue by issue."""

from __future__ import annotations

from dataclasses import dataclass

from foedus.game.movers import Mover
from foedus.preferences.games import Game


@dataclass(frozen=True, slots=True)
class Change:
    """What a move changes in one issue, and the right that allows it.

    ``origin`` and ``target`` are position ids. ``right`` is the text of the right that counts for
    this change; ``holders`` are the smallest sets of actors, all within the mover, that have it.
    """

    issue: str
    origin: str
    target: str
    right: str
    holders: tuple[tuple[str, ...], ...]


def changes_of(game: Game, mover: Mover, origin: int, target: int) -> tuple[Change, ...]:
    """Return what a mover changes in one step between two states, in the order of the issues.

    ``origin`` and ``target`` are indexes; rights are those in the state left. Raises ValueError
    when it has no right to one of the changes.
    """
    found = []
    before, after = game.space.positions(origin), game.space.positions(target)
    for issue in game.case.issues.values():
        a, b = before[issue.id], after[issue.id]
        if a == b:
            continue
        entry = game.rights.in_state(issue.decided_by.of(a, b), origin)
        holders = tuple(
            tuple(actor for actor in mover.members if actor in holder)
            for holder in (entry.right.movers if entry is not None else ())
            if holder <= set(mover.members)
        )
        if entry is None or not holders or issue.barred(a, b):
            raise ValueError(f"{mover.key} may not change {issue.id} from {a} to {b}")
        found.append(Change(issue.id, a, b, entry.text, holders))
    return tuple(found)
