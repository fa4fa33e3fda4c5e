"""Bargaining on ordered issues: where each ends up, how sure that is, and who pulled where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from foedus.bargaining.registry import MODELS
from foedus.bargaining.solve import BEST, pulls
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
    percent,
)

if TYPE_CHECKING:
    from foedus.bargaining.model import Move, Round
    from foedus.bargaining.results import Bargain, Prediction, Pull

MOST_PULLING = 2
"""So many actors are named on either side in a table; an explanation has all."""

MOST_MOVES = 12
"""So many moves of a round are told; the rest are counted."""

REMARKS = {
    "nobody-cares": "Nobody with a capability cares about it: all saliences count alike.",
    "no-reference": "It has no reference point: no agreement counts as worse than any.",
    "no-gain": "No point is a gain for all over the reference point, which is the answer.",
}
"""What is told of a remark."""


def model_title(name: str) -> str:
    """What a model's answer is, in words."""
    if name == BEST:
        return "the distribution that fits real decisions best"
    return MODELS[name].title


def bargain_blocks(result: Bargain) -> tuple[Block, ...]:
    """Where each issue ends up by each model, and what pulls it there."""
    first = result.predictions[0]
    if len(result.predictions) == 1:
        blocks: list[Block] = [Sentence(_told(first), strong=True)]
    else:
        issues = len({id(each.issue) for each in result.predictions})
        count = f"{issues:,} issues" if issues > 1 else f"“{_name(first)}”"
        by = (
            listed(result.models[:1], "and")
            if len(result.models) == 1
            else (f"{len(result.models)} models")
        )
        blocks = [Sentence(f"{count}, forecast by {by}.", strong=True)]
    blocks.append(_forecasts(result))
    if first.names:
        blocks += [_nearest(each) for each in result.predictions if each.model == first.model]
    seen = {each.remark: each for each in result.predictions if each.remark}
    if seen:
        told = [
            Point(f"{listed(_names_with(result, remark), 'and')}: {REMARKS[remark]}")
            for remark in seen
        ]
        blocks.append(Points(tuple(told)))
    return tuple(blocks)


def _names_with(result: Bargain, remark: str) -> list[str]:
    """The issues with a remark, with the models where these differ, at most five."""
    found = dict.fromkeys(
        f"{each.issue.issue} ({each.model})" if len(result.models) > 1 else each.issue.issue
        for each in result.predictions
        if each.remark == remark
    )
    names = list(found)
    return names if len(names) <= 5 else [*names[:5], f"{len(names) - 5:,} more"]


def _called(result: Bargain, actor: str) -> str:
    return result.called.get(actor, actor)


def _name(prediction: Prediction) -> str:
    return prediction.issue.title or prediction.issue.issue


def place_told(value: float) -> str:
    """A place on a scale, to four digits."""
    return number(float(f"{value:.4g}"))


def _told(prediction: Prediction) -> str:
    """One issue's forecast in a sentence."""
    low, high = prediction.interval()
    at = place_told(prediction.point)
    by = "" if prediction.model == BEST else f" by the model “{prediction.model}”"
    told = f"“{_name(prediction)}” is forecast at {at}{by}, on a scale from "
    told += f"{place_told(prediction.issue.low)} to {place_told(prediction.issue.high)}; "
    return f"{told}with a chance of 80% it ends from {place_told(low)} to {place_told(high)}."


def _forecasts(result: Bargain) -> Table:
    several = len(result.models) > 1
    rows = []
    for each in result.predictions:
        low, high = each.interval()
        lowest, highest = each.spread.at_ends()
        rows.append(
            (
                Cell(_name(each), note=each.issue.issue if each.issue.title else None),
                *((Cell(each.model),) if several else ()),
                Cell(place_told(each.point)),
                Cell(f"{place_told(low)} to {place_told(high)}"),
                Cell(percent(lowest)),
                Cell(percent(highest)),
                *(
                    ()
                    if several
                    else (Cell(_side(result, each, up=True)), Cell(_side(result, each, up=False)))
                ),
            )
        )
    columns = (
        Column("issue"),
        *((Column("model"),) if several else ()),
        Column("forecast", True),
        Column("80% between", True),
        Column("at the low end", True),
        Column("at the high end", True),
        *(() if several else (Column("pulled up by"), Column("pulled down by"))),
    )
    note = "; ".join(f"{name}: {model_title(name)}" for name in result.models) + "."
    if not several:
        note += " Pulls: capability times salience, times the distance from the forecast."
    return Table("Where each issue ends up", columns, tuple(rows), note)


def _side(result: Bargain, prediction: Prediction, *, up: bool) -> str:
    """Who pulls most to one side of the forecast."""
    issue = prediction.issue
    force = issue.weight * (issue.position - prediction.point)
    order = (-force if up else force).argsort(kind="stable")
    names = [
        _called(result, issue.actors[k]) for k in order if (force[k] > 0) == up and force[k] != 0
    ]
    shown = names[:MOST_PULLING]
    if more := len(names) - len(shown):
        shown.append(f"{more} more")
    return listed(shown, "and") if shown else "nobody"


def _nearest(prediction: Prediction) -> Table:
    """How likely the outcome is nearest to each position of an issue in a case."""
    rows = tuple(
        (Cell(prediction.names[at]), Cell(place_told(at)), Cell(percent(p)))
        for at, p in prediction.nearest().items()
    )
    columns = Column("position"), Column("on the scale", True), Column("nearest", True)
    return Table(f"“{_name(prediction)}”: the nearest position", columns, rows)


# --- why ------------------------------------------------------------------------------------------


def bargain_explained(result: Bargain, asked: Sequence[Prediction]) -> Explanation:
    """Of one issue: who pulled where and how much by each model, and the rounds that it went."""
    several = len(asked) > 1
    blocks: list[Block] = []
    for each in asked:
        inner: list[Block] = [Sentence(_told(each), strong=True)]
        if each.remark:
            inner.append(Sentence(REMARKS[each.remark]))
        inner.append(_pulls(result, pulls(result, each)))
        if each.settled.chances:
            inner.append(_chances(each))
        if len(each.settled.rounds) > 1:
            inner.append(Section("Round by round", tuple(_rounds(result, each.settled.rounds))))
        blocks += [Section(each.model, tuple(inner))] if several else inner
    return Explanation(tuple(blocks))


def _pulls(result: Bargain, found: Sequence[Pull]) -> Table:
    rows = tuple(
        (
            Cell(_called(result, each.actor)),
            Cell(place_told(each.position)),
            Cell(percent(each.weight)),
            Cell(_signed(each.force)),
            Cell("nobody else" if each.shift is None else _signed(each.shift)),
        )
        for each in found
    )
    columns = (
        Column("actor"),
        Column("wants", True),
        Column("weight", True),
        Column("pull", True),
        Column("moves the forecast by", True),
    )
    note = (
        "Weight: the share of all capability times salience. Pull: weight times the distance from "
        "the forecast. The last column: what the forecast is higher by than without this actor."
    )
    return Table("Who pulls where", columns, rows, note)


def _signed(value: float) -> str:
    told = place_told(value)
    return f"+{told}" if value > 0 else told


def _chances(prediction: Prediction) -> Table:
    chances = prediction.settled.chances or {}
    rows = tuple((Cell(place_told(at)), Cell(percent(p))) for at, p in chances.items())
    columns = Column("position held"), Column("chance", True)
    return Table("How the positions fare in pairwise contests", columns, rows)


def _rounds(result: Bargain, rounds: Sequence[Round]) -> Iterator[Block]:
    columns = Column("round"), Column("weighted mean", True), Column("weighted median", True)
    rows = tuple(
        (Cell(str(k)), Cell(place_told(each.mean)), Cell(place_told(each.median)))
        for k, each in enumerate(rounds)
    )
    yield Table("After each round", columns, rows)
    points = []
    for k, each in enumerate(rounds):
        if each.moves:
            told = [Point(_move_told(result, move)) for move in each.moves[:MOST_MOVES]]
            if (more := len(each.moves) - MOST_MOVES) > 0:
                told.append(Point(f"and {more:,} more"))
            points.append(Point(f"round {k}", tuple(told)))
    yield Points(tuple(points))


KINDS = {
    "confrontation": "loses a confrontation with",
    "compromise": "compromises with",
    "capitulation": "gives in to",
    "exchange": "trades with",
}


def _move_told(result: Bargain, move: Move) -> str:
    ends = f"from {place_told(move.origin)} to {place_told(move.target)}"
    names = _called(result, move.actor), _called(result, move.partner)
    return f"{names[0]} {KINDS[move.kind]} {names[1]}, and goes {ends}"
