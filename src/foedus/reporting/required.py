"""What it would take for all who are asked to be better off with an arrangement, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.document import Block, Cell, Column, Explanation, Sentence, Table, number
from foedus.reporting.acceptance import answer, named, share
from foedus.sensitivity.naming import judgement_told

if TYPE_CHECKING:
    from foedus.case.judgement import Judgement
    from foedus.sensitivity.required import Need, Requirement


def required_blocks(result: Requirement) -> tuple[Block, ...]:
    """The answer as it is judged, what each would need, and all at once."""
    game, finding = result.before.game, result.finding
    opening = Sentence(answer(game, finding), strong=True)
    if not result.needs:
        text = "All who are asked are better off as it is judged: nothing has to change."
        if finding.status not in ("acceptable", "blocked"):
            text = "Nobody is asked for a form of it in which a judgement could be changed."
        return (opening, Sentence(text))
    return (opening, *(_table(result, actor) for actor in result.needs), _together(result))


def required_explained(result: Requirement) -> Explanation:
    """The same as an explanation."""
    return Explanation(required_blocks(result))


def _table(result: Requirement, actor: str) -> Block:
    name = result.before.game.case.actors[actor].name
    found = result.needs[actor]
    if not found:
        return Sentence(f"{name}: no single judgement of its own within reach would do.", "warn")
    columns = (Column("judgement"), Column("now"), Column("then"), Column("half-ranges", True))
    rows = tuple(_row(result, need, k) for need in found for k in range(len(need.changes)))
    note = "Any one of these alone would do; the process was solved again with each."
    return Table(f"What would make {name} better off with it", columns, rows, note)


def _row(result: Requirement, need: Need, k: int) -> tuple[Cell, ...]:
    change = need.changes[k]
    return (
        Cell(judgement_told(result.before.game.case, change.before), note=change.name),
        Cell(_ranged(change.before)),
        Cell(_ranged(change.after), "plain" if change.within else "warn"),
        Cell(number(round(change.half_ranges, 2))),
    )


def _ranged(judgement: Judgement) -> str:
    low, mode, high = (
        number(round(value, 2)) for value in (judgement.low, judgement.mode, judgement.high)
    )
    return mode if judgement.sure else f"{mode} ({low} to {high})"


def _together(result: Requirement) -> Sentence:
    if result.after is None:
        without = [actor for actor, found in result.needs.items() if not found]
        who = named(result.before.game, without)
        return Sentence(
            f"No change of single judgements makes all better off: none does for {who}."
        )
    after = result.after[result.arrangement]
    then, now = share(after.chance), share(result.finding.chance)
    chance = f"it would hold at the deadline with {then}, and holds with {now} as it is judged"
    if result.found:
        return Sentence(
            f"With the first of each together, all would be better off; {chance}.", "good"
        )
    who = named(result.before.game, after.worse_off)
    return Sentence(
        f"With the first of each together, {who} would still not be better off; {chance}.", "bad"
    )
