"""The smallest change for a blocker to agree, in sentences and a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import Block, Cell, Column, Explanation, Point, Points, Sentence, Table, number
from foedus.sensitivity.changes import Change
from foedus.sensitivity.naming import judgement_told

if TYPE_CHECKING:
    from foedus.sensitivity.turned import Turning


def turning_blocks(turning: Turning) -> tuple[Block, ...]:
    """The answer and a table of the changes.

    A change that makes the arrangement worth more comes before a smaller one that does not.
    """
    blocks: list[Block] = [Sentence(answer_told(turning), strong=True)]
    if turning.instead is not None:
        blocks = [*turning_blocks(turning.instead), Sentence(_smaller_told(turning))]
    if turning.changes:
        blocks.append(_table(turning))
    points = tuple(Point(text) for text in _remarks(turning))
    return (*blocks, Points(points)) if points else tuple(blocks)


def turning_explained(turning: Turning) -> Explanation:
    """The answer, then each change with what the judgement rests on."""
    changes = tuple(
        Point(
            change_told(turning, change),
            (Point(f"it rests on: {listed(change.before.because, 'and') or 'no reason given'}"),),
        )
        for change in turning.changes
    )
    remarks = tuple(Point(text) for text in _remarks(turning))
    points = (*changes, *remarks)
    opening = Sentence(answer_told(turning), strong=True)
    told: tuple[Block, ...] = (opening, Points(points)) if points else (opening,)
    if turning.instead is not None:
        smaller = Sentence(_smaller_told(turning))
        told = (*turning_explained(turning.instead).blocks, smaller, *told[1:])
    return Explanation(told)


def _smaller_told(turning: Turning) -> str:
    """What brings in a change that comes after another, since it leans on the BATNA."""
    size = number(round(turning.size, 2))
    return (
        f"A smaller change, of {size} times half the judged range, works by making the BATNA worse."
    )


def answer_told(turning: Turning) -> str:
    """The answer in a sentence."""
    case = turning.game.case
    name = case.arrangements[turning.arrangement].name
    who = "All who are asked" if turning.blocker is None else case.actors[turning.blocker].name
    agree = "agree" if turning.blocker is None else "agrees"
    if not turning.needed:
        if turning.blocker is None:
            return f"“{name}” is acceptable as it is judged."
        return f"{who} does not stand in the way of “{name}” as it is judged."
    if not turning.found:
        none = f"No change of numbers was found by which {_lower(who)} would agree to “{name}”."
        return f"{none} {turning.reason}"
    size = number(round(turning.size, 2))
    if turning.measure == "sum":
        amount = f"judgements that move by {size} times half the judged range in all"
    else:
        amount = f"judgements of which none moves by more than {size} times half the judged range"
    where = "all within their ranges" if turning.within else "beyond the ranges judged"
    return f"{who} {agree} to “{name}” with {amount}, {where}."


def change_told(turning: Turning, change: Change) -> str:
    """One change in a sentence."""
    before, after = number(change.before.mode), _value_told(change)
    what = judgement_told(turning.game.case, change.before)
    within = "within" if change.within else "beyond"
    span = f"{number(change.before.low)} to {number(change.before.high)}"
    if change.before.sure:
        return f"{what}: {after} and not {before}, which was judged sure"
    return f"{what}: {after} and not {before}, {within} its range of {span}"


def _value_told(change: Change) -> str:
    """The value after a change; one that hardly moves is told as just above or below."""
    after, before = round(change.after.mode, 2), change.before.mode
    if after == round(before, 2):
        return f"just {'above' if change.half_ranges > 0 else 'below'} {number(before)}"
    return number(after)


def _table(turning: Turning) -> Table:
    case = turning.game.case
    rows = tuple(
        (
            Cell(judgement_told(case, change.before), note=change.name),
            Cell(f"{number(change.before.mode)}"),
            Cell(f"{number(change.before.low)} to {number(change.before.high)}"),
            Cell(_value_told(change), "plain" if change.within else "warn"),
            Cell(number(round(change.half_ranges, 2))),
        )
        for change in turning.changes
    )
    columns = (
        Column("judgement"),
        Column("now", True),
        Column("range"),
        Column("would have to be", True),
        Column("half-ranges", True),
    )
    return Table("What would have to be judged otherwise", columns, rows)


def _remarks(turning: Turning) -> Iterator[str]:
    game, case = turning.game, turning.game.case
    if turning.changes and turning.form is not None and turning.after is not None:
        apart = turning.after.no_deal
        told = game.space.describe(turning.form.state, apart_from=apart)
        yield f"The best form is then, against what comes about without it: {told}."
        yield "Solved again with the change, " + _after_told(turning)
        if turning.worsening:
            yield _worsening_told(turning)
        if turning.no_deal_moved and turning.before is not None:
            then = game.space.describe(apart, apart_from=turning.before.no_deal)
            yield f"The change makes the BATNA another ({then})."
        if not turning.smallest:
            least = number(round(turning.at_least, 2))
            yield (
                "A smaller change is not ruled out: any that leaves the BATNA as it is measures "
                f"{least} at least."
            )
    for wish in turning.wishes:
        name = case.actors[wish.actor].name
        verb = "had" if wish.held else "had not"
        now = f", judged {number(wish.judged.mode)}" if wish.judged else ""
        yield f"{name} would agree if it {verb} the wish “{wish.item}” ({wish.statement}){now}."


def _worsening_told(turning: Turning) -> str:
    """Which changes do not make the arrangement worth more."""
    case = turning.game.case
    whose = "somebody" if turning.blocker is None else case.actors[turning.blocker].name
    worse = f"making worse what {whose} has without it, its BATNA, not the arrangement better"
    if len(turning.worsening) == len(turning.changes):
        return f"This works only by {worse}."
    named = {change.name: change for change in turning.changes}
    names = listed((judgement_told(case, named[n].before) for n in turning.worsening), "and")
    return (
        f"Of these, {names} {'works' if len(turning.worsening) == 1 else 'work'} only by {worse}."
    )


def _after_told(turning: Turning) -> str:
    after = turning.after
    assert after is not None  # noqa: S101 - told of changes found
    if not after.refusing:
        return "everybody asked agrees."
    names = listed((turning.game.case.actors[a].name for a in after.refusing), "and")
    verb = "does" if turning.blocker is None else "still do"
    if len(after.refusing) == 1:
        verb = "still does"
    return f"{names} {verb} not."


def _lower(text: str) -> str:
    return text[0].lower() + text[1:] if text.startswith("All who") else text
