"""Whether the model explains the present, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import Block, Points, Sentence
from foedus.game.naming import mover_name
from foedus.preferences.games import Game
from foedus.process.paths.present import Unrest, Urge
from foedus.reporting.comparing_states import comparison
from foedus.reporting.paths_wording import changes

if TYPE_CHECKING:
    from foedus.process.paths.solve import Paths


def present_told(paths: Paths) -> tuple[Block, ...]:
    """The warning where the model does not explain the present; otherwise what explains it."""
    if not paths.present:
        return (Sentence("Yes: as things stand nobody who can act would gain by acting.", "good"),)
    blocks: list[Block] = []
    for unrest in sorted(paths.present, key=lambda one: not one.unexplained):
        blocks += _unrest(paths, unrest)
    return tuple(blocks)


def _unrest(paths: Paths, unrest: Unrest) -> list[Block]:
    game = paths.game
    name = mover_name(game.case, unrest.mover)
    if not unrest.urges:
        text = f"{name} would leave today, but nothing that they want is settled at once: what "
        return [Sentence(f"{text}explains the present is the time that it takes.", "muted")]
    blocks: list[Block] = []
    for urge in unrest.urges:
        lead = f"{name} would gain at once: {changes(game, urge.step)}."
        if urge.choices > 1:
            lead += f" (It is the smallest of {urge.choices:,} such moves.)"
        text, warns = _reading(game, urge, seq=unrest.seq)
        blocks.append(Sentence(f"{lead} {text}", "warn" if warns else "plain"))
        step = urge.step
        members = (comparison(game, a.actor, step.origin, step.target) for a in step.answers)
        blocks.append(Points(tuple(members)))
    return blocks


def _reading(game: Game, urge: Urge, *, seq: bool) -> tuple[str, bool]:
    """What a quick gain says of the model, and whether that is a warning."""
    if seq:
        return (
            "What may hold them back is what others would then do in their own interest: today is "
            "sequentially stable for them.",
            False,
        )
    if not urge.lasting:
        return (
            "Not all would gain if today lasted: the gain comes from the reversion point at the "
            "deadline. So the deadline can explain why it has not been done before.",
            False,
        )
    if game.case.as_of is None:
        return (
            "The case has no dates: if today is where the conflict begins, this is what comes "
            "next; if it has lasted, a judgement is wrong, or the case must say what has changed.",
            False,
        )
    text = (
        "By the judgements of the case they would gain even if today lasted, and it takes no time, "
        "so it could have been done long ago. The model does not explain the present: a judgement "
        "is wrong, or the case must say what has changed."
    )
    if urge.unpriced:
        names = listed((game.case.actors[actor].name for actor in urge.unpriced), "and")
        text += (
            f" Look there first: no judgement of {names} makes today, while it lasts, worth more "
            "than what it reverts to. What today's expiring position is worth to them while it "
            "lasts is not in the case."
        )
    return text, True
