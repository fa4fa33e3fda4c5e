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
)
from foedus.forecasting.estimates import Share, percent, percents
from foedus.reporting.figures import figure, figure_cell, moved
from foedus.sensitivity.moments import answer_name
from foedus.sensitivity.naming import input_told

if TYPE_CHECKING:
    from foedus.case.model import Case
    from foedus.sensitivity.leanings import Leaning
    from foedus.sensitivity.observation import Observed


def observed_blocks(result: Observed) -> tuple[Block, ...]:
    """What remains, the answers in sentences, then tables."""
    blocks: list[Block] = [*_remains(result)]
    chosen = result.forecast.case.hypotheses or tuple(result.forecast.case.arrangements)
    if chosen:
        blocks.append(Points(tuple(Point(change_sentence(result, name)) for name in chosen)))
    blocks += [_arrangements(result), *_pooled(result), *_judgements(result)]
    return tuple(blocks)


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
    """What the observation makes of one answer, and how it was reckoned."""
    change = result.changes[name]
    before = round(change.before.p * result.draws)
    after = round(change.after.p * result.left)
    points = (
        Point(
            f"Before: it is reached in {before:,} of {result.draws:,} draws; Monte Carlo error "
            f"{percents(change.before.low, change.before.high)}."
        ),
        Point(
            f"After: in {after:,} of the {result.left:,} that remain; Monte Carlo error "
            f"{percents(change.after.low, change.after.high)}."
        ),
    )
    return Explanation(
        (Sentence(change_sentence(result, name), strong=True), Points(points), *_remains(result))
    )


def _remains(result: Observed) -> Iterator[Block]:
    told = listed(
        [f"`{o.statement.text}` at the end of {o.day}" for o in result.observations], "and"
    )
    yield Sentence(f"Observed: {told}.", strong=True)
    share = f"{result.left:,} of {result.draws:,} draws"
    if result.left == result.draws:
        yield Sentence(f"It is so in every one of {result.draws:,} draws: it tells nothing.")
        return
    text = f"It is so in {share} ({figure(result.probability)}); what follows is from these."
    if result.forecast.draws > result.draws:
        text += (
            f" Of {result.forecast.draws:,} draws the way was kept in the first {result.draws:,}."
        )
    yield Sentence(text)
    if result.few:
        text = (
            f"Only {result.left} draws remain: the figures after it are rough, and nothing is said "
            "of the judgements. More draws would help."
        )
        yield Sentence(text, "warn")


def _arrangements(result: Observed) -> Table:
    case = result.forecast.case
    columns = (Column("arrangement"), Column("before", True), Column("after", True))
    shown = {n: c for n, c in result.changes.items() if c.before.p or c.after.p}
    rows = tuple(
        (
            Cell(answer_name(case, name).strip("“”")),
            figure_cell(change.before),
            figure_cell(change.after),
        )
        for name, change in shown.items()
    )
    note = (
        f"Before: {result.draws:,} draws. After: {result.left:,}. Small figures are the computing "
        "error."
    )
    if (never := len(result.changes) - len(shown)) > 0:
        note += f" Left out: {never} that came about in none of the draws."
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
    if result.few or result.left == result.draws:
        return
    case = result.forecast.case
    if not result.leanings:
        text = "No judgement stands otherwise in the draws that remain, by more than chance."
        yield Sentence(text, "muted")
        return
    yield Sentence("What it tells of the judgements, in the draws that remain:")
    yield Points(tuple(Point(leaning_sentence(case, each)) for each in result.leanings))


def leaning_sentence(case: Case, leaning: Leaning) -> str:
    """How an input stands in the draws that remain."""
    each = leaning.input
    what = input_told(case, each)
    what = what[0].upper() + what[1:]
    up = leaning.after > leaning.before
    if each.held:
        return (
            f"{what} is held in {_whole(leaning.after)} of them, against {_whole(leaning.before)}."
        )
    if leaning.values is not None:
        start, end = (number(float(f"{value:.3g}")) for value in leaning.values)
        return f"{what} is {'higher' if up else 'lower'}: {end} on the mean, against {start}."
    if each.record is not None:
        verb = f"is {'faster' if up else 'slower'}"
    else:
        verb = f"stand {'higher' if up else 'lower'}"
    return (
        f"{what} {verb}: at the {_whole(leaning.after)} point of the range on the mean, against "
        f"{_whole(leaning.before)}."
    )


def _whole(p: float) -> str:
    return f"{round(100 * p)}%"


def _share(share: Share) -> str:
    return percent(share.p, share.low, share.high)


def _share_cell(share: Share) -> Cell:
    return Cell(_share(share), note=percents(share.low, share.high))
