"""A forecast given an observation, in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import (
    Block,
    Cell,
    Column,
    Explanation,
    Point,
    Points,
    Sentence,
    Table,
    number,
    possessive,
)
from foedus.forecasting.estimates import Share, percent, percents
from foedus.reporting.figures import figure, figure_cell, moved
from foedus.sensitivity.inputs import input_told
from foedus.sensitivity.measured import answer_name

if TYPE_CHECKING:
    from foedus.case.model import Case
    from foedus.sensitivity.leanings import Leaning, LeftOut
    from foedus.sensitivity.observation import Change, Observation, Observed

TELLING = 0.02
"""Of a shift smaller than this it is not said what it comes of."""

FEW_DRAWS = 30
"""Where the weighted draws are worth fewer than this, the reader is warned."""


def observed_blocks(result: Observed) -> tuple[Block, ...]:
    """What was observed, the answers in sentences, what makes them move, then tables."""
    blocks: list[Block] = [*_observed(result)]
    case = result.forecast.case
    chosen = case.hypotheses or tuple(case.arrangements)
    if chosen:
        points = [Point(change_sentence(result, name), _parts(result, name)) for name in chosen]
        blocks.append(Points(tuple(points)))
    blocks += [*_overturned(result), *_judgements(result)]
    return (*blocks, _arrangements(result), *_pooled(result))


def change_sentence(result: Observed, name: str) -> str:
    """What the observation makes of one answer."""
    case, change = result.forecast.case, result.changes[name]
    text = f"{answer_name(case, name)} {moved(change.before, change.after)} by the inside view"
    if result.before is None or result.after is None or name not in result.after.inside:
        return f"{text}."
    if not result.after.more_than_inside:
        return f"{text}, the only view there is."
    before, after = result.before.pooled.pooled[name], result.after.pooled.pooled[name]
    start, end = _share(before), _share(after)
    pooled = f"it stays at {end}" if start == end else f"from {start} to {end}"
    return f"{text}; all views pooled, {pooled}."


def observed_explained(result: Observed, name: str) -> Explanation:
    """What the observation makes of one answer, and how it was computed."""
    change = result.changes[name]
    points = (
        Point(
            f"Before: {figure(change.before)}, Monte Carlo error "
            f"{percents(change.before.low, change.before.high)}."
        ),
        Point(
            f"After: {figure(change.after)}, Monte Carlo error "
            f"{percents(change.after.low, change.after.high)}."
        ),
        Point(_what_moves(change)),
    )
    return Explanation(
        (Sentence(change_sentence(result, name), strong=True), Points(points), *_observed(result))
    )


def observation_told(observation: Observation) -> str:
    """An observation as a clause."""
    text, day = observation.statement.text, observation.day
    if observation.never:
        return f"`{text}` holds all along up to {day}"
    return f"`{text}` comes to hold by {day}"


def _observed(result: Observed) -> Iterator[Block]:
    told = listed([observation_told(o) for o in result.observations], "and")
    yield Sentence(f"Observed: {told}.", strong=True)
    if result.sure:
        yield Sentence("This was sure to be so: it tells nothing.")
        return
    p = result.probability
    yield Sentence(
        f"Before, this had a chance of {figure(p)} (Monte Carlo error {percents(p.low, p.high)}). "
        f"What follows is exact in each of {len(result.weights):,} draws, each weighted by the "
        "chance that it gave to this."
    )
    if result.rare:
        text = (
            f"This was all but ruled out (about {p.p:.0e}). When it is so all the same, doubt the "
            "case before you trust what follows."
        )
        yield Sentence(text, "warn")
    if not result.as_judged:
        text = (
            "By the judgements as they stand this cannot be: it becomes possible by what the case "
            "leaves out alone."
        )
        yield Sentence(text, "warn")
    if result.worth < min(FEW_DRAWS, len(result.weights) / 2):
        text = (
            f"The weighted draws are worth no more than {number(round(result.worth, 1))} equal "
            "ones, so that the Monte Carlo error is rough. More draws would help."
        )
        yield Sentence(text, "warn")


def _parts(result: Observed, name: str) -> tuple[Point, ...]:
    change = result.changes[name]
    if abs(change.after.p - change.before.p) < TELLING:
        return ()
    return (Point(_what_moves(change)),)


def _what_moves(change: Change) -> str:
    """How much of a shift is learned, and how much comes of time."""
    return (
        f"Of the shift of {_points(change.after.p - change.before.p)}, "
        f"{_points(change.passed)} come of time that has passed and of going on from what was "
        f"observed, {_points(change.learned)} of what it tells of the judgements."
    )


def _overturned(result: Observed) -> Iterator[Block]:
    """Whether another hypothesis is now the likeliest, and what makes it so."""
    if result.before is None or result.after is None:
        return
    case = result.forecast.case
    before, after = result.before.pooled.pooled, result.after.pooled.pooled
    first = max(before, key=lambda h: before[h].p)
    now = max(after, key=lambda h: after[h].p)
    if first == now:
        return
    change = result.changes[now]
    if abs(change.passed) >= abs(change.learned):
        why = "more by the time that has passed and what was observed than by what is learned"
        if learned := _most_learned(result):
            why += f", which is above all of {learned}"
    elif learned := _most_learned(result):
        why = f"mostly by what is learned, above all of {learned}"
    else:
        why = "mostly by what is learned, of no single judgement more than chance would make"
    text = (
        f"This overturns the forecast: {answer_name(case, now)} is now the likeliest, no longer "
        f"{answer_name(case, first)}. It does so {why}."
    )
    yield Sentence(text, "warn")


def _most_learned(result: Observed) -> str | None:
    """What moves furthest, in standard deviations: a judgement, or what the case leaves out."""
    found = [
        (abs(one.deviations), input_told(result.forecast.case, one.input))
        for one in result.leanings[:1]
    ]
    found += [
        (abs(each.deviations), _left_out_told(result.forecast.case, each))
        for each in result.left_out[:1]
    ]
    return max(found)[1] if found else None


def _arrangements(result: Observed) -> Table:
    case = result.forecast.case
    columns = (
        Column("arrangement"),
        Column("before", True),
        Column("after", True),
        Column("shift by time", True),
        Column("shift by learning", True),
    )
    shown = {n: c for n, c in result.changes.items() if c.before.p or c.after.p}
    rows = tuple(
        (
            Cell(answer_name(case, name).strip("“”")),
            figure_cell(change.before),
            figure_cell(change.after),
            Cell(_points(change.passed)),
            Cell(_points(change.learned)),
        )
        for name, change in shown.items()
    )
    note = "Small figures are the Monte Carlo error."
    if (never := len(result.changes) - len(shown)) > 0:
        note += f" Left out: {never} that have no chance in any draw."
    return Table("Reached, by the inside view, before and after", columns, rows, note)


def _pooled(result: Observed) -> Iterator[Block]:
    before, after = result.before, result.after
    if before is None or after is None or not after.more_than_inside:
        return
    case = result.forecast.case
    names = list(after.pooled.views)
    columns = (
        Column("hypothesis"),
        *(Column(f"{name}, after", True) for name in names),
        Column("pooled before", True),
        Column("pooled after", True),
    )
    rows = tuple(
        (
            Cell(answer_name(case, h).strip("“”")),
            *(_share_cell(after.pooled.views[name][h]) for name in names),
            _share_cell(before.pooled.pooled[h]),
            _share_cell(after.pooled.pooled[h]),
        )
        for h in after.inside
    )
    note = (
        "The observation changes the inside view. The counts of the reference classes and the "
        "likelihoods of the evidence stay, so what was observed should not be among them; a "
        "hypothesis without a class takes its share of the rest as the inside view divides it."
    )
    yield Table("The views, and pooled, before and after", columns, rows, note)


def _judgements(result: Observed) -> Iterator[Block]:
    if result.sure:
        return
    case = result.forecast.case
    if not result.leanings and not result.left_out:
        text = "No judgement stands otherwise given this, by more than chance."
        yield Sentence(text, "muted")
        return
    yield Sentence("What it tells of the judgements, and of what the case leaves out:")
    told = [leaning_sentence(case, each) for each in result.leanings]
    for each in result.left_out:
        what = _left_out_told(case, each)
        way = "higher" if each.deviations > 0 else "lower"
        told.append(
            f"{what[0].upper()}{what[1:]} stands {way}, by {abs(each.deviations):.1f} standard "
            "deviations."
        )
    yield Points(tuple(Point(text) for text in told))


def _left_out_told(case: Case, each: LeftOut) -> str:
    issue, _, position = each.position.partition(" = ")
    label = case.issues[issue].positions[case.issues[issue].number(position)].label
    whose = possessive(case.actors[each.actor].name)
    return f"what the case leaves out of {whose} worth of “{case.issues[issue].name}: {label}”"


def leaning_sentence(case: Case, leaning: Leaning) -> str:
    """How an input stands given what was observed."""
    each = leaning.input
    what = input_told(case, each)
    what = what[0].upper() + what[1:]
    up = leaning.after > leaning.before
    by = f", {abs(leaning.deviations):.1f} standard deviations"
    if each.held:
        return (
            f"{what} is held with probability {_whole(leaning.after)}, against "
            f"{_whole(leaning.before)}{by}."
        )
    if leaning.values is not None:
        start, end = (number(float(f"{value:.3g}")) for value in leaning.values)
        return f"{what} is {'higher' if up else 'lower'}: {end} on the mean, against {start}{by}."
    if each.record is not None:
        verb = f"is {'faster' if up else 'slower'}"
    else:
        verb = f"{'stand' if each.whole else 'stands'} {'higher' if up else 'lower'}"
    return (
        f"{what} {verb}: at the {_whole(leaning.after)} point of the range on the mean, against "
        f"{_whole(leaning.before)}{by}."
    )


def _points(shift: float) -> str:
    value = round(100 * shift, 1 if abs(shift) < 0.1 else None)
    return f"{value or 0:+g} points" if value else "0 points"


def _whole(p: float) -> str:
    return f"{round(100 * p)}%"


def _share(share: Share) -> str:
    return percent(share.p, share.low, share.high)


def _share_cell(share: Share) -> Cell:
    return Cell(_share(share), note=percents(share.low, share.high))
