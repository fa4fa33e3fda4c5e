"""What it would take for an arrangement to be acceptable, in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from foedus.case.judgement import Role
from foedus.case.model import Case
from foedus.case.problems import listed
from foedus.document import (
    Block,
    Cell,
    Column,
    Explanation,
    Point,
    Points,
    Section,
    Sentence,
    Table,
    number,
)
from foedus.forecasting.estimates import percent
from foedus.sensitivity.adjusting import Change
from foedus.sensitivity.inputs import judgement_told
from foedus.sensitivity.taking import WhatItTakes
from foedus.sensitivity.turning import refusing_in

if TYPE_CHECKING:
    from foedus.sensitivity.adjusting import Change
    from foedus.sensitivity.passing import Passing, Shift
    from foedus.sensitivity.payments import Offer, Payment, Payments
    from foedus.sensitivity.turning import Turn, Turning


def payments_blocks(result: Payments) -> tuple[Block, ...]:
    """Of each transfer: what it takes, whom it turns, and who would no longer gain."""
    if not result.case.transfers:
        return (Sentence("The case names no transfers, so nothing can be paid.", "muted"),)
    if not refusing_in(result.before):
        return (Sentence("Nobody who is asked refuses, so nothing has to be paid.", "muted"),)
    blocks: list[Block] = []
    for offer in result.offers:
        blocks.append(Sentence(_offer_told(result, offer), strong=True))
        if points := tuple(Point(text) for text in _points(result, offer)):
            blocks.append(Points(points))
    return tuple(blocks)


def payments_explained(result: Payments) -> Explanation:
    """The same as an explanation."""
    return Explanation(payments_blocks(result))


def _offer_told(result: Payments, offer: Offer) -> str:
    name, unit, best = offer.transfer.id, offer.transfer.unit, offer.best
    if best is None:
        return f"Paying {name} turns nobody who refuses."
    amount = f"more than {_amount(best.amount)} of {name} ({unit})"
    if not best.refusing:
        return f"All agree if {amount} is paid."
    refuse = f"{_names(result, best.refusing)} would refuse"
    if not best.turned:
        return f"No payment of {name} is enough: with {amount} {refuse}."
    return f"For {_names(result, best.turned)} to agree it takes {amount}; {refuse} all the same."


def _points(result: Payments, offer: Offer) -> Iterator[str]:
    for actor, price in offer.prices.items():
        yield f"The best form: more than {_amount(price)} for {_names(result, [actor])} to agree."
    best = offer.best
    if best is None:
        return
    if best.lost:
        yield f"{_names(result, best.lost)} would agree but for what is paid."
    yield from _payers(result, offer, best)
    if best.amount >= offer.most:
        yield f"{MOST_PAID} {_amount(offer.most)}, which is not enough."
    else:
        yield f"{MOST_PAID} {_amount(offer.most)}."


def _payers(result: Payments, offer: Offer, best: Payment) -> Iterator[str]:
    for actor, (without, paid) in best.gains.items():
        if paid < without and actor not in best.refusing:
            who = _names(result, [actor])
            yield f"Left to {who}: {_amount(paid)} points of {_amount(without)} gained."


def _names(result: Payments, actors: Iterable[str]) -> str:
    return listed((result.case.actors[a].name for a in actors), "and")


def _amount(value: float) -> str:
    return number(round(value, 2))


MOST_PAID = "The most that can be paid is"
"""So begins what is said of a transfer, whatever it would buy."""

OF_THE_WORLD = frozenset({Role.EVENT_RATE, Role.EVENT_CHANCE, Role.EVENT_SHARE})
"""Judgements of these roles are about the world, and nobody's to give."""

THE_WORLD = (
    "How often an event happens, how likely it is and how it turns out are judgements about the "
    "world: nobody can grant them."
)


Row = tuple[Cell, ...]


def of_the_world(change: Change) -> bool:
    """Whether it is a judgement about an event, which nobody can grant."""
    return change.before.role in OF_THE_WORLD


def turning_blocks(turning: Turning) -> tuple[Block, ...]:
    """The answer and a table of the changes, those that only worsen a BATNA last."""
    lead = Sentence(answer_told(turning), strong=True)
    if not turning.turns:
        return (lead,)
    points = tuple(Point(text) for text in turning_remarks(turning))
    table = _table(turning)
    return (lead, table, Points(points)) if points else (lead, table)


def turning_explained(turning: Turning) -> Explanation:
    """The answer, then each change with what the judgement rests on."""
    points = tuple(
        Point(
            change_told(turning, change),
            (Point(f"it rests on: {listed(change.before.because, 'and') or 'no reason given'}"),),
        )
        for turn in turning.turns
        for change in turn.changes
    )
    lead = Sentence(answer_told(turning), strong=True)
    remarks = tuple(Point(text) for text in turning_remarks(turning))
    told: tuple[Block, ...] = (Points((*points, *remarks)),) if points or remarks else ()
    return Explanation((lead, *told))


def answer_told(turning: Turning) -> str:
    """The answer in a sentence."""
    case = turning.case
    name = case.arrangements[turning.arrangement].name
    who = "all who are asked" if turning.blocker is None else case.actors[turning.blocker].name
    if not turning.needed:
        if turning.before.status == "by itself":
            return f"“{name}” is so today: nobody has to agree to it."
        if turning.blocker is not None:
            return f"As it is judged, {who} would not refuse “{name}”."
        return f"“{name}” is acceptable as it is judged: a form exists that all asked agree to."
    if not turning.turns:
        none = f"No change was found by which {who} would agree to “{name}”."
        return f"{none} {turning.reason}"
    turn = turning.turns[0]
    what = listed((change_told(turning, c) for c in turn.changes), "and")
    if turning.around:
        return f"Others can be asked for “{name}” instead of {who}: it takes {what}."
    last = "; it works only by making the BATNA worse" if turn.worsening else ""
    return f"For {who} to agree to “{name}” it takes {what}{last}."


def change_told(turning: Turning, change: Change) -> str:
    """One change in a sentence."""
    what = judgement_told(turning.case, change.before)
    within = "within" if change.within else "beyond"
    span = f"{number(change.before.low)} to {number(change.before.high)}"
    now = number(change.before.mode)
    return f"{what} at {_value_told(change)} and not {now} ({within} its range of {span})"


def _value_told(change: Change) -> str:
    """The value after a change; one that hardly moves is told as just above or below."""
    after, before = round(change.after.mode, 2), change.before.mode
    if after == round(before, 2):
        return f"just {'above' if change.half_ranges > 0 else 'below'} {number(before)}"
    return number(after)


def _table(turning: Turning) -> Table:
    note = "" if turning.blocker is None else "Each row, with what is joined to it, is enough."
    heads = ("would have to be", "then")
    return _changes_table(turning.case, _turns(turning), heads, _value_told, number, note)


def _turns(turning: Turning) -> list[tuple[tuple[Change, ...], str]]:
    return [(turn.changes, _after_told(turning, turn)) for turn in turning.turns]


def turning_rows(turning: Turning) -> Iterator[Row]:
    """A row for each judgement that turns somebody: now, as it would have to be, what is then."""
    for now, span, then, half_ranges, after in _change_rows(
        turning.case, _turns(turning), _value_told, number
    ):
        beyond = f"; {then.note}" if then.note else ""
        yield now, span, replace(then, note=f"{half_ranges.text} half-ranges{beyond}"), after


TURNING_COLUMNS = (
    Column("judgement"),
    Column("now"),
    Column("would have to be", True),
    Column("then"),
)
"""The columns of :func:`turning_rows`."""


def _changes_table(
    case: Case,
    ways: Sequence[tuple[Sequence[Change], str]],
    heads: tuple[str, str],
    then: Callable[[Change], str],
    told: Callable[[float], str],
    note: str,
    *,
    numbers: bool = False,
) -> Table:
    """The changes of each way, with what it comes to; ``heads`` are those of what is then.

    ``then`` gives a judgement's new value, ``told`` the numbers of the one it has; ``numbers`` says
    that what a way comes to is a number.
    """
    rows = tuple(_change_rows(case, ways, then, told))
    if any(of_the_world(change) for changes, _ in ways for change in changes):
        note = f"{note} {THE_WORLD}".lstrip()
    columns = (
        Column("judgement"),
        Column("now"),
        Column(heads[0], True),
        Column("half-ranges", True),
        Column(heads[1], numbers),
    )
    return Table("What would have to be judged otherwise", columns, rows, note)


def _change_rows(
    case: Case,
    ways: Iterable[tuple[Iterable[Change], str]],
    then: Callable[[Change], str],
    told: Callable[[float], str],
) -> Iterator[Row]:
    """A row for each change of each way; what a way comes to stands in its first."""
    for changes, after in ways:
        for k, change in enumerate(changes):
            before = change.before
            low, mode, high = (told(value) for value in (before.low, before.mode, before.high))
            yield (
                Cell(("and " if k else "") + judgement_told(case, before), note=change.name),
                Cell(f"{mode} ({low} to {high})"),
                Cell(
                    then(change),
                    "plain" if change.within else "warn",
                    note="" if change.within else "beyond the range judged",
                ),
                Cell(number(round(change.half_ranges, 2))),
                Cell(after if not k else ""),
            )


def _after_told(turning: Turning, turn: Turn) -> str:
    refuse = refusing_in(turn.after)
    worse = "; only by a worse BATNA" if turn.worsening else ""
    if not refuse:
        return f"all agree{worse}"
    names = listed((turning.case.actors[a].name for a in refuse), "and")
    return f"{names} would still refuse{worse}"


def turning_remarks(turning: Turning) -> list[str]:
    """What must be said of the changes found."""
    if not any(turn.worsening for turn in turning.turns):
        return []
    whose = "somebody" if turning.blocker is None else turning.case.actors[turning.blocker].name
    return [
        f"What works only by a worse BATNA makes worse what {whose} expects without the "
        "arrangement, and the arrangement itself no better."
    ]


def shift_blocks(shift: Shift) -> tuple[Block, ...]:
    """The answer, and a table of the ways found."""
    lead = Sentence(shift_told(shift), strong=True)
    return (lead, _ways(shift)) if shift.ways else (lead,)


def shift_explained(shift: Shift) -> Explanation:
    """The same as an explanation."""
    return Explanation(shift_blocks(shift))


def shift_told(shift: Shift) -> str:
    """The answer in a sentence or two."""
    name = shift.case.arrangements[shift.answer].name
    now, target = percent(round(shift.base.p, 3)), percent(shift.target)
    lead = f"“{name}” comes about with {now} as it is judged."
    way = "rise" if shift.rising else "fall"
    if not shift.ways:
        return f"{lead} No change was found by which that would {way} to {target}. {shift.reason}"
    best = shift.ways[0]
    what = listed((_changed(shift, c) for c in best.changes), "and")
    return f"{lead} For it to {way} to {target} it takes {what}{_where(best)}."


def _changed(shift: Shift, change: Change) -> str:
    """One judgement with its new value."""
    what = judgement_told(shift.case, change.before)
    return f"{what} at {_number(change.after.mode)} and not {_number(change.before.mode)}"


def _where(way: Passing) -> str:
    if way.within:
        return ", within what is judged possible"
    return ", beyond the range judged"


def _ways(shift: Shift) -> Table:
    note = (
        f"Each way by itself is enough, and was solved again in the same {shift.draws:,} draws, "
        f"seed {shift.seed}. A judgement moves with its whole range."
    )
    ways = [(way.changes, percent(round(way.chance.p, 3))) for way in shift.ways]
    heads = ("then", "chance then")
    return _changes_table(
        shift.case, ways, heads, lambda c: _number(c.after.mode), _number, note, numbers=True
    )


def _number(value: float) -> str:
    return number(round(value, 2) if abs(value) >= 1 else float(f"{value:.2g}"))


def _heading(turning: Turning, blocker: str) -> str:
    return f"Without {blocker}" if turning.around else f"For {blocker} to agree"


def taking_blocks(result: WhatItTakes) -> tuple[Block, ...]:
    """For a reader: payments, each blocker, and all together."""
    if not result.together.needed or not result.blockers:
        return result.together.blocks()
    actors = result.case.actors
    parts = [Section("What would have to be paid", result.payments.blocks(), "take-payments")]
    parts += [
        Section(_heading(each, actors[each.blocker].name), each.blocks(), f"take-{each.blocker}")
        for each in result.blockers
        if each.blocker is not None
    ]
    parts.append(Section("For all who are asked to agree", result.together.blocks(), "take-all"))
    return tuple(parts)
