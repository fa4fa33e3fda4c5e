"""What answers depend on, in sentences and a table."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from foedus.case.links import JudgementNames, grounded, judgement_name
from foedus.case.model import Case, Judgement
from foedus.case.problems import listed
from foedus.document import Block, Cell, Column, Explanation, Point, Points, Sentence, Table, number
from foedus.evidence.ablation import MOVED, NUDGE
from foedus.evidence.neutral import SetNeutral
from foedus.forecasting.estimates import from_mean, percent

if TYPE_CHECKING:
    from foedus.evidence.ablation import LeaveOneOut
    from foedus.evidence.movements import By, Effect, Movement, UnitLeftOut

TOLD = 5
"""So many units are told in sentences, and so many answers where a case has no hypotheses."""

FEW = 5
"""Of more items than this the rest are only counted."""

FEW_DRAWS = 100
"""Fewer draws than this tell little, and that is said."""

CLAIM = 90
"""A claim longer than this is cut in a table."""


def leave_one_out_blocks(result: LeaveOneOut) -> tuple[Block, ...]:
    """The first units in sentences, what it means, and all units that move something."""
    if not result.units_left_out:
        text = "The case has no item of evidence and no poll: there is nothing to leave out."
        return (Sentence(text, strong=True),)
    top = result.top(TOLD)
    if not top:
        what = "item of evidence or poll" if result.units == "items" else "origin"
        text = f"No answer moves by half a point or more, whichever {what} is left out."
        return (Sentence(text, strong=True), *_few_draws(result), _means())
    points = tuple(Point(unit_told(result, unit)) for unit in top)
    return (
        Sentence(_opening(result), strong=True),
        *_few_draws(result),
        Points(points, ordered=True),
        *_by_answer(result),
        _means(),
        _table(result, _telling(result)),
        *_unmoved(result),
    )


def main_blocks(result: LeaveOneOut) -> tuple[Block, ...]:
    """The same with the units that move most in a table, and without sentences on each."""
    top = result.top(TOLD)
    if not top:
        return leave_one_out_blocks(result)
    opening = Sentence(_opening(result), strong=True)
    rest = (_means(), *_unmoved(result))
    return (opening, *_few_draws(result), _table(result, top, draws=False), *rest)


def remaining_blocks(result: LeaveOneOut) -> tuple[Block, ...]:
    """What :func:`main_blocks` leaves out: those units in sentences, and a table of the others."""
    points = tuple(Point(unit_told(result, unit)) for unit in result.top(TOLD))
    told: tuple[Block, ...] = (Points(points, ordered=True),) if points else ()
    others = _telling(result)[TOLD:]
    return (*told, replace(_table(result, others), note=None)) if others else told


def _telling(result: LeaveOneOut) -> tuple[UnitLeftOut, ...]:
    """The units that move something, those that move it most first."""
    return result.top(len(result.units_left_out))


def unit_explained(result: LeaveOneOut, unit: UnitLeftOut) -> Explanation:
    """What one unit is, what falls with it by each reading, and where the answers move."""
    blocks: list[Block] = [Sentence(unit_told(result, unit), strong=True)]
    blocks.append(Points(tuple(Point(_source(result.case, name)) for name in unit.items)))
    alone, any_ = unit.effects["alone"], unit.effects["any"]
    blocks += _reading(result, alone, "What has no other reason falls with it")
    if any_.without.key == alone.without.key and any_.without.fallen == alone.without.fallen:
        blocks.append(Sentence("Nothing rests on it beside other reasons.", "muted"))
    else:
        blocks += _reading(result, any_, "If all that rests on it in part fell too")
    return Explanation(tuple(blocks))


def unit_told(result: LeaveOneOut, unit: UnitLeftOut) -> str:
    """In a sentence or two, where the answer would move that moves most if this were false."""
    alone, any_ = unit.effects["alone"], unit.effects["any"]
    head = _if(result, unit)
    moves = "no answer would move" if alone.still else "hardly any answer would move"
    if alone.largest is None or (any_.still and alone.still):
        return f"{head}, no answer would move."
    if any_.tells and not alone.tells:
        then = _answer(result, any_)
        return f"{head}, {moves} unless what rests on it in part fell too: then {then}"
    if not alone.tells:
        return f"{head}, {moves}, by either reading."
    text = f"{head}, {_answer(result, alone)}"
    more = any_.movements[alone.largest.answer]
    there = _percent(more, 1)
    if there != _percent(alone.largest, 1):
        text += f" With all that rests on it in part gone too, it would be {there}."
    return text


def _opening(result: LeaveOneOut) -> str:
    named = tuple(dict.fromkeys(each.name for each in result.depends_on()))
    what = "item of evidence or poll" if result.units == "items" else "origin"
    if not named:
        return f"No answer depends on one {what} that has no other beside it."
    return (
        f"Answers depend on single {_plural(what)}: {listed(named, 'and')}. Left out by itself, "
        f"each moves some answer by {100 * MOVED:g} points or more, or by {100 * NUDGE:g} or more "
        "into another probability word."
    )


def _plural(what: str) -> str:
    return "items of evidence or polls" if what.startswith("item") else f"{what}s"


def _by_answer(result: LeaveOneOut) -> Iterator[Block]:
    """For each answer the unit that moves it most: one that is small moves by few points."""
    points = []
    for answer in _answers(result):
        best = result.mover(answer)
        if best is None:
            continue
        effect = best.effects["alone"]
        each = effect.movements[answer]
        moved = _from_to(each)
        by = "all views pooled" if each.by == "pooled" else "inside view"
        name = result.case.arrangements[answer].name
        points.append(Point(f"“{name}”: {best.name}, {moved} ({by}; {effect.draws:,} draws)"))
    if points:
        yield Sentence("What moves each answer most when left out by itself:")
        yield Points(tuple(points))


def _few_draws(result: LeaveOneOut) -> Iterator[Sentence]:
    if result.draws < FEW_DRAWS:
        draws = "1 draw" if result.draws == 1 else f"{result.draws} draws"
        yield Sentence(f"So few draws ({draws}) tell little of what moves an answer.", "muted")


def _means() -> Sentence:
    return Sentence(
        "To leave out an item is to take it out of the case with all that has no other reason; "
        "what is left without a reason is set to a neutral value, not to its contrary.",
        "muted",
    )


def _if(result: LeaveOneOut, unit: UnitLeftOut) -> str:
    if result.units == "origins" and len(unit.items) > 1:
        few = unit.items if len(unit.items) <= FEW else unit.items[: FEW - 1]
        more = len(unit.items) - len(few)
        items = listed((*few, f"{more} more") if more else few, "and")
        return f"If all that comes from “{unit.name}” ({items}) were false"
    name = unit.items[0]
    case = result.case
    if name in case.polls:
        return f"If the poll {name} told nothing"
    claim = case.evidence[name].claim.rstrip(".")
    return f"If “{claim}” ({name}) were false"


def _answer(result: LeaveOneOut, effect: Effect) -> str:
    """The answer that moves most, from where to where, with where its numbers come from."""
    most = effect.largest
    if most is None:
        return "no answer would move."
    name = f"“{result.case.arrangements[most.answer].name}”"
    origin = f"inside view; {effect.draws:,} draws"
    if most.by == "pooled":
        inside = _from_to(most, "inside")
        origin = f"all views pooled; inside view {inside}; {effect.draws:,} draws"
    return f"{name} would move {_from_to(most)} ({origin})."


STAYS = 5e-4
"""A probability that moves by less than this, half a tenth of a point, is said to stay."""


def _from_to(each: Movement, by: By | None = None) -> str:
    """From where to where the headline moves, or the answer by one view."""
    before, after = each.headline if by in (None, each.by) else (each.before, each.after)
    told = [_percent(each, k, by) for k in (0, 1)]
    if before == after or (told[0] == told[1] and abs(after - before) < STAYS):
        return f"stays at {told[0]}"
    if told[0] == told[1]:
        way = "up" if after > before else "down"
        return f"{way} by {abs(100 * (after - before)):.2g} points from {told[0]}"
    return f"from {told[0]} to {told[1]}"


def _percent(each: Movement, after: int, by: By | None = None) -> str:
    """The headline before (0) or after (1), with no more digits than the inside view's bear."""
    p = (each.headline if by in (None, each.by) else (each.before, each.after))[after]
    told = from_mean(p, 0.0 if math.isnan(each.error) else each.error)
    return "0%" if p == 0 else percent(told.p, told.low, told.high)


# --- what falls -------------------------------------------------------------------------------


def _source(case: Case, name: str) -> str:
    if name in case.polls:
        poll = case.polls[name]
        return f"{name}: a poll ({poll.source or 'no source named'})"
    item = case.evidence[name]
    stated = f"{item.kind}, {item.grade}" if item.grade else item.kind
    return f"{name}: {stated}; {item.source or 'no source named'}"


def _reading(result: LeaveOneOut, effect: Effect, heading: str) -> Iterator[Block]:
    case, gone = result.case, effect.without
    inferences = [n for n in gone.fallen if n not in gone.names]
    points = [Point(f"the inference “{case.evidence[n].claim}” ({n})") for n in inferences]
    points += [Point(neutral_told(case, each)) for each in gone.neutral]
    names = JudgementNames(case)
    called = {each.name: names(each.path) for each in grounded(case)}
    points += [
        Point(f"{called.get(name, name)}: rests on nothing now, and is kept", tone="warn")
        for name in gone.kept
    ]
    points += [
        Point(f"{name}: the rule rests on nothing now, and stays", tone="warn")
        for name in gone.rules_standing
    ]
    yield Sentence(f"{heading}:" if points else f"{heading}: nothing does.")
    if points:
        yield Points(tuple(points))
    if effect.still:
        yield Sentence("No answer is computed from any of this: none moves.", "muted")
        return
    yield Points(tuple(Point(_moved(result, each, effect)) for each in effect.movements.values()))


def neutral_told(case: Case, each: SetNeutral) -> str:
    """What was set neutral or left out, from what to what."""
    name = judgement_name(case, each.path)
    match each.what:
        case "record":
            record = case.records[str(each.path[1])]
            return (
                f"{name}: nothing observed, the prior alone, and not {record.done} done of "
                f"{record.agreed}"
            )
        case "reference class" | "transfer" | "likelihood":
            return f"{name}: left out"
        case "wish":
            return f"{name}: held at evens, and not for sure"
        case _:
            unit = "%" if each.after is not None and each.after.unit == "per cent" else ""
            return f"{name}: {_value(each.after, unit)}, and not {_value(each.before, unit)}"


def _value(judgement: Judgement | None, unit: str) -> str:
    if judgement is None:
        return "nothing"
    if judgement.word is not None:
        return f"“{judgement.word}”"
    if judgement.sure:
        return f"{number(judgement.mode)}{unit}"
    low, mode, high = (number(x) for x in (judgement.low, judgement.mode, judgement.high))
    return f"{mode}{unit} ({low} to {high})"


def _moved(result: LeaveOneOut, each: Movement, effect: Effect) -> str:
    name = result.case.arrangements[each.answer].name
    inside = f"inside view {_from_to(each, 'inside')}"
    if each.by == "pooled":
        pooled = f"all views pooled {_from_to(each)}"
        return f"“{name}”: {pooled}; {inside}; {effect.draws:,} draws"
    return f"“{name}”: {inside}; {effect.draws:,} draws"


# --- the table --------------------------------------------------------------------------------


def _table(result: LeaveOneOut, units: Sequence[UnitLeftOut], *, draws: bool = True) -> Table:
    answers = _answers(result)
    case = result.case
    rows = tuple(
        (
            Cell(unit.name, note=_short(case, unit)),
            Cell(_falling(case, unit)),
            *(_cell(unit, answer) for answer in answers),
            *((Cell(f"{unit.effects['alone'].draws:,}"),) if draws else ()),
        )
        for unit in units
    )
    columns = (
        Column("left out"),
        Column("falls with it"),
        *(Column(case.arrangements[name].name, True) for name in answers),
        *((Column("draws", True),) if draws else ()),
    )
    pooled = any(m.by == "pooled" for s in result.units_left_out[:1] for m in _of(s).values())
    passes = (
        f" All were first left out with {result.first_draws:,} draws, and the {result.full} that "
        f"moved most with {result.draws:,}."
        if result.first_draws < result.draws
        else ""
    )
    note = (
        f"{'All views pooled' if pooled else 'The inside view'}, as judged and with the item "
        "left out; in brackets, where it would go if all that rests on it in part fell too. Same "
        f"random numbers, seed {result.seed}.{passes}"
    )
    return Table("If it were false", columns, rows, note)


def _of(unit: UnitLeftOut) -> dict[str, Movement]:
    return dict(unit.effects["alone"].movements)


def _answers(result: LeaveOneOut) -> tuple[str, ...]:
    """The answers that have a column: all hypotheses, else the arrangements that move most."""
    if result.case.hypotheses:
        return result.answers

    def size(name: str) -> float:
        return max(
            abs(effect.movements[name].change)
            for unit in result.units_left_out
            for effect in unit.effects.values()
        )

    best = sorted(result.answers, key=size, reverse=True)[:TOLD]
    return tuple(name for name in result.answers if name in best)


def _cell(unit: UnitLeftOut, answer: str) -> Cell:
    alone, any_ = (unit.effects[reading] for reading in ("alone", "any"))
    each, more = alone.movements[answer], any_.movements[answer]
    before, after = _percent(each, 0), _percent(each, 1)
    text = before if before == after else f"{before} → {after}"
    there = _percent(more, 1)
    if there != after:
        text += f" (→ {there})"
    return Cell(text, "plain" if each.beyond_error or more.beyond_error else "muted")


def _short(case: Case, unit: UnitLeftOut) -> str:
    if len(unit.items) > 1:
        return ", ".join(unit.items)
    name = unit.items[0]
    if name in case.polls:
        return case.polls[name].source or "a poll"
    item = case.evidence[name]
    claim = item.claim if len(item.claim) <= CLAIM else f"{item.claim[: CLAIM - 1]}…"
    return f"{claim} ({item.source})" if item.source else claim


def _falling(case: Case, unit: UnitLeftOut) -> str:
    gone = unit.effects["alone"].without
    counts: dict[str, int] = {}
    inferences = len(gone.fallen) - len(gone.names)
    if inferences:
        counts["inference"] = inferences
    for each in gone.neutral:
        counts[each.what] = counts.get(each.what, 0) + 1
    weighed = sum(
        len(case.evidence[name].likelihood) for name in gone.fallen if name in case.evidence
    )
    if weighed:
        counts["likelihood"] = counts.get("likelihood", 0) + weighed
    return listed([_counted(n, what) for what, n in counts.items()], "and") if counts else "nothing"


def _counted(count: int, what: str) -> str:
    plural = {"wish": "wishes", "reference class": "reference classes"}.get(what, f"{what}s")
    return f"1 {what}" if count == 1 else f"{count} {plural}"


def _unmoved(result: LeaveOneOut) -> Iterator[Sentence]:
    still = [s for s in result.units_left_out if all(e.still for e in s.effects.values())]
    little = [s for s in result.units_left_out if not s.tells and s not in still]
    whole = len(result.units_left_out)
    if little:
        yield Sentence(
            f"{len(little)} more of the {whole} move no answer by half a point and by more than "
            "Monte Carlo error.",
            "muted",
        )
    if still:
        yield Sentence(
            f"{len(still)} of the {whole} move nothing by either reading, for no answer is "
            "computed from what rests on them, or what does was neutral before.",
            "muted",
        )
