"""A forecast in words, tables and pictures: every number with where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

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
)
from foedus.forecasting.assessment import Likelihood
from foedus.forecasting.estimates import Probability, percent, percents
from foedus.forecasting.options import REASONS

if TYPE_CHECKING:
    from foedus.forecasting.results import Forecast


def forecast_blocks(f: Forecast) -> tuple[Block, ...]:
    """The forecast for a reader: the answer first, then what it is made of."""
    sections = [
        Section("Arrangement by arrangement", (_arrangements(f),), "forecast-arrangements"),
        Section("The views, and pooled", tuple(_views(f)), "forecast-views"),
        Section("How far the ways of playing move it", tuple(_ways(f)), "forecast-range"),
        Section("When", tuple(_course(f)), "forecast-course"),
        Section("Pace", _pace(f), "forecast-pace"),
        Section("Issue by issue", (_issues(f),), "forecast-issues"),
        Section("How it was reckoned", tuple(_method(f)), "forecast-method"),
    ]
    return (*answer_blocks(f), *sections)


def answer_blocks(f: Forecast) -> tuple[Block, ...]:
    """The hypotheses, each in a sentence of likelihood; without hypotheses, the arrangements."""
    chosen = f.case.hypotheses or tuple(f.estimates)
    sentences = [likelihood_of(f, name).sentence() for name in chosen]
    points = Points(tuple(Point(text) for text in sentences))
    return (Sentence(_basis(f)), points)


def likelihood_of(f: Forecast, name: str) -> Likelihood:
    """How likely an arrangement is: pooled where it is a hypothesis, else by the inside view.

    The range covers the computing error, the ways of playing, the views and their weights.
    """
    own = f.estimates[name].reached
    ways = f.model_range(name)
    low, high = min(own.low, ways.low), max(own.high, ways.high)
    p, origin = own.p, f"{f.draws:,} draws and {len(f.variants) + 1} ways of playing them"
    if f.views is not None and name in f.case.hypotheses:
        pooled = f.views.pooled
        if len(pooled.views) > 1:
            share = pooled.pooled[name]
            lighter, heavier = pooled.over_weights(name)
            p = share.p
            low, high = min(share.low, lighter), max(share.high, heavier)
            origin = f"the {_listed(list(pooled.views))} views pooled"
    claim = f"what stands at the deadline is “{f.case.arrangements[name].name}”"
    return Likelihood(claim, p, low, high, origin, f.case.words)


def explained(f: Forecast, name: str) -> Explanation:
    """Where one arrangement's number comes from."""
    estimate, ways = f.estimates[name], f.model_range(name)
    told: list[Block] = [Sentence(likelihood_of(f, name).sentence(), strong=True)]
    points = [
        Point(
            f"Inside view: reached in {_draws(estimate.reached, f.draws)}; computing error "
            f"{percents(estimate.reached.low, estimate.reached.high)}."
        ),
        Point(
            f"The ways of playing give {percents(ways.low, ways.high)}: least with "
            f"{ways.lowest}, most with {ways.highest}."
        ),
    ]
    if estimate.reached_and_holds is not None and estimate.acceptable is not None:
        points += [
            Point(
                f"Reached, and what is reached would hold ({f.concept}): "
                f"{_figure(estimate.reached_and_holds)}."
            ),
            Point(
                f"Its package has the consent of all who are asked: {_figure(estimate.acceptable)}."
            ),
            Point(
                "Its package would hold: "
                + ", ".join(f"{c} {_figure(p)}" for c, p in estimate.holds.items())
                + "."
            ),
        ]
    told.append(Points(tuple(points)))
    if f.views is not None and name in f.case.hypotheses:
        told += f.views.pooled.explain(name).blocks
        if f.views.outside.speaks:
            told += f.views.outside.explain(name).blocks
        if f.views.evidence.speaks:
            told += f.views.evidence.explain(name).blocks
    return Explanation(tuple(told))


def _basis(f: Forecast) -> str:
    return (
        f"From today ({f.case.as_of}) to the deadline ({f.case.deadline}), by the judgements in "
        f"this case, each drawn {f.draws:,} times from its range (seed {f.seed})."
    )


def _arrangements(f: Forecast) -> Table:
    columns = (
        Column("arrangement"),
        Column("reached", True),
        Column("in words"),
        Column("reached and holds", True),
        Column("acceptable", True),
        Column("package holds", True),
        Column("ways of playing", True),
    )
    rows = []
    for name, e in f.estimates.items():
        ways = f.model_range(name)
        low, high = min(e.reached.low, ways.low), max(e.reached.high, ways.high)
        error = f"{percents(e.reached.low, e.reached.high)} by computing"
        rows.append(
            (
                Cell(f.case.arrangements[name].name),
                Cell(percent(e.reached.p, low, high), note=error),
                Cell(e.reached.word),
                _cell(e.reached_and_holds),
                _cell(e.acceptable),
                _cell(e.holds.get(f.concept)),
                Cell(percents(ways.low, ways.high)),
            )
        )
    note = (
        f"Reached: from {f.draws:,} draws. The others: from {f.stability_draws:,}; holds is "
        f"meant by {f.concept}. The last column is the range over the named ways of playing."
    )
    return Table("How likely each arrangement is, by the inside view", columns, tuple(rows), note)


def _views(f: Forecast) -> Iterator[Block]:
    if f.views is None:
        yield Sentence("The case names no hypotheses, so there is nothing to pool.", "muted")
        return
    yield from f.views.pooled.blocks()
    yield from f.views.outside.blocks()
    yield from f.views.evidence.blocks()


def _ways(f: Forecast) -> Iterator[Block]:
    chosen = f.case.hypotheses or tuple(f.estimates)
    columns = (Column("way of playing"), *(Column(_name(f, n), True) for n in chosen))
    rows = tuple(
        (Cell(way.option), *(Cell(percent(way.reached[n])) for n in chosen))
        for way in (f.base, *f.variants)
    )
    note = (
        f"Each on the first {f.range_draws:,} draws, with the same random numbers. "
        "A pace that is off makes its changes at once: where slowness may have been "
        "unwillingness, the truth lies between."
    )
    yield Table("Reached, when one option is chosen otherwise", columns, rows, note)
    options = f.options
    yield Points(
        tuple(
            Point(f"{name}: {getattr(options, name)}", (Point(f"the default, because {why}"),))
            for name, why in REASONS.items()
        )
    )


def _course(f: Forecast) -> Iterator[Block]:
    chosen = f.case.hypotheses or tuple(f.estimates)
    order = list(f.estimates)
    columns = (Column("if the deadline were"), *(Column(_name(f, n), True) for n in chosen))
    rows = []
    for moment, row in zip(f.setting.times.tolist(), f.course, strict=True):
        assert f.case.as_of is not None  # noqa: S101 - a forecast has it
        day = f.case.as_of + timedelta(days=round(moment))
        rows.append((Cell(str(day)), *(Cell(percent(row[order.index(n)])) for n in chosen)))
    yield Table("How likely each is, if the deadline came earlier", columns, tuple(rows))


def _pace(f: Forecast) -> tuple[Block, ...]:
    blocks = f.paces.blocks()
    return blocks or (Sentence("The case has no record of pace.", "muted"),)


def _issues(f: Forecast) -> Table:
    columns = (Column("issue"), Column("position"), Column("at the deadline", True))
    rows = []
    for issue in f.case.issues.values():
        for position in issue.positions:
            p = f.positions[issue.id][position.id]
            rows.append((Cell(issue.name), Cell(position.label), _cell(p)))
    return Table(
        "Where each issue stands at the deadline, by the inside view", columns, tuple(rows)
    )


def _method(f: Forecast) -> Iterator[Block]:
    yield Points(
        (
            Point(f"Case {f.case_hash[:12]}, {f.draws:,} draws, seed {f.seed}."),
            Point(f"Played by: {f.options.told}."),
            Point(f"{f.moves:.1f} moves a draw; cycles in {percent(f.cycling)} of the draws."),
            *(
                [Point(f"{percent(f.stopped)} of the draws were cut short.", tone="warn")]
                if f.stopped
                else []
            ),
        )
    )


def _name(f: Forecast, name: str) -> str:
    return f.case.arrangements[name].name


def _figure(p: Probability) -> str:
    return percent(p.p, p.low, p.high)


def _cell(p: Probability | None) -> Cell:
    if p is None:
        return Cell("not computed", "muted")
    return Cell(_figure(p), note=percents(p.low, p.high))


def _draws(p: Probability, draws: int) -> str:
    return f"{round(p.p * draws):,} of {draws:,} draws"


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
