"""The tables and pictures of a forecast."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from foedus.document import (
    Block,
    Cell,
    Column,
    Line,
    Lines,
    Point,
    Points,
    Sentence,
    Table,
    Tone,
)
from foedus.forecasting.estimates import Probability, percent, percents, step_for
from foedus.forecasting.options import REASONS
from foedus.reporting.assessment import support_told
from foedus.reporting.views import combined_blocks

if TYPE_CHECKING:
    from foedus.forecasting.assessment import Confidence
    from foedus.forecasting.results import Estimate, Forecast

SLIGHT = 0.005
"""Positions less likely than this are left out, and issues that stay but for this are named."""


def figure(p: Probability) -> str:
    """A probability with as many digits as its computing error allows."""
    return percent(p.p, p.low, p.high)


def graded(f: Forecast, name: str, p: float) -> str:
    """A share of an arrangement with as many digits as its whole range allows."""
    low, high = _whole_range(f, name)
    return percent(p, p, min(1.0, p + (high - low))) if p else figure_of_none(f)


def figure_of_none(f: Forecast) -> str:
    """What is told of something that happened in none of the draws for the range."""
    return f"0 of {f.range_draws:,}"


def variants_told(f: Forecast, name: str) -> str:
    """The range over the model variants, no finer than the Monte Carlo error allows."""
    own, ways = f.reached(name), f.model_range(name)
    return percents(ways.low, ways.high, max(own.high - own.p, own.p - own.low))


def _whole_range(f: Forecast, name: str) -> tuple[float, float]:
    own, ways = f.estimates[name].reached, f.model_range(name)
    return min(own.low, ways.low), max(own.high, ways.high)


# --- arrangements -----------------------------------------------------------------------------


def arrangement_blocks(f: Forecast) -> tuple[Block, ...]:
    """A table of what is reached, and in a sentence each what never is."""
    seen = [n for n in f.estimates if f.estimates[n].reached.p or f.model_range(n).high]
    never = [n for n in f.estimates if n not in seen]
    blocks: list[Block] = []
    if seen:
        blocks.append(_reached(f, sorted(seen, key=lambda n: -f.estimates[n].reached.p)))
    if never:
        blocks += _never(f, never)
    return tuple(blocks)


def _reached(f: Forecast, names: Sequence[str]) -> Table:
    columns = (
        Column("arrangement"),
        Column("reached", True),
        Column("other model variants", True),
        Column("reached and stable", True),
        Column("acceptable", True),
        Column("best form stable", True),
    )
    note = (
        f"Reached: from {f.draws:,} draws, with the Monte Carlo error below. The last three: from "
        f"{f.stability_draws:,}; stable is meant by {f.concept}, and a best form is "
        "the form of the "
        "arrangement that its decisive coalition would choose."
    )
    rows = tuple(_reached_row(f, name, f.estimates[name]) for name in names)
    return Table("How likely each arrangement is, by the inside view", columns, rows, note)


def _reached_row(f: Forecast, name: str, e: Estimate) -> tuple[Cell, ...]:
    return (
        Cell(f.case.arrangements[name].name, note=e.reached.word),
        Cell(
            percent(e.reached.p, *_whole_range(f, name)),
            note=percents(e.reached.low, e.reached.high),
        ),
        Cell(variants_told(f, name)),
        _cell(e.reached_and_holds),
        _cell(e.acceptable),
        _cell(e.holds.get(f.concept)),
    )


def _never(f: Forecast, names: Sequence[str]) -> Iterator[Block]:
    """What no draw reached, grouped by whether all who are asked would consent."""
    most = percent(f.estimates[names[0]].reached.p, 0.0, f.estimates[names[0]].reached.high)
    yield Sentence(
        f"Reached in no draw of any variant (each {most} by Monte Carlo error alone, "
        "which is not to say "
        "that it cannot happen):"
    )
    wanted = [n for n in names if (p := f.estimates[n].acceptable) and p.p > 0]
    refused = [n for n in names if n not in wanted]
    points = [
        Point(
            f"{f.case.arrangements[n].name}: all who are asked would consent in "
            f"{figure(f.estimates[n].acceptable)}"  # type: ignore[arg-type]
        )
        for n in wanted
    ]
    if refused:
        why = "" if f.stability_draws == 0 else "refused by somebody in every draw judged: "
        points.append(Point(why + "; ".join(f.case.arrangements[n].name for n in refused)))
    yield Points(tuple(points))


# --- views, ways, course ----------------------------------------------------------------------


def view_blocks(f: Forecast) -> tuple[Block, ...]:
    """The views side by side and pooled, then each by itself; hypotheses by their names."""
    if f.views is None:
        return (Sentence("The case names no hypotheses, so there is nothing to pool.", "muted"),)
    names = {name: f.case.arrangements[name].name for name in f.case.hypotheses}
    names["other"] = "anything else"
    return tuple(_with_names(names, block) for block in combined_blocks(f.views, names))


def _with_names(names: Mapping[str, str], block: Block) -> Block:
    if not isinstance(block, Table):
        return block
    rows = tuple((replace(r[0], text=names.get(r[0].text, r[0].text)), *r[1:]) for r in block.rows)
    return replace(block, rows=rows)


def way_blocks(f: Forecast, names: Sequence[str]) -> tuple[Block, ...]:
    """How far each hypothesis moves, and under which way of playing; then all of them."""
    points = []
    for name in names:
        ways, title = f.model_range(name), f.case.arrangements[name].name
        if ways.high == 0:
            points.append(Point(f"{title}: reached by none of them."))
        elif ways.low == ways.high:
            points.append(Point(f"{title}: none moves it from {graded(f, name, ways.low)}."))
        else:
            points.append(
                Point(
                    f"{title}: from {graded(f, name, ways.low)} ({ways.lowest}) to "
                    f"{graded(f, name, ways.high)} ({ways.highest})."
                )
            )
    columns = (
        Column("model variant"),
        *(Column(f.case.arrangements[n].name, True) for n in names),
    )
    rows = tuple(
        (Cell(way.option), *(Cell(graded(f, n, way.reached[n])) for n in names))
        for way in (f.base, *f.variants)
    )
    note = (
        f"Each on the first {f.range_draws:,} draws, with the same random numbers. "
        "A pace that is off makes its changes at once: where slowness may have been "
        "unwillingness, the truth lies between."
    )
    lead = (
        "This is the model's own error: it does not shrink with more draws, and is apart from the "
        "Monte Carlo error."
    )
    table = Table("Reached, when one option is chosen otherwise", columns, rows, note)
    return (Sentence(lead), Points(tuple(points)), table)


def course_lines(f: Forecast, names: Sequence[str]) -> Lines:
    """How likely each would be if the deadline came earlier, by the inside view."""
    as_of = f.case.as_of
    assert as_of is not None  # noqa: S101 - a forecast has it
    days = f.setting.times.tolist()
    places = tuple(str(as_of + timedelta(days=round(day))) for day in days)
    order = list(f.estimates)
    lines = []
    for name in names:
        low, high = _whole_range(f, name)
        values = f.course[:, order.index(name)].tolist()
        shown = tuple(_rounded(p, high - low) for p in values)
        lines.append(Line(f.case.arrangements[name].name, shown))
    return Lines(
        "How likely each is, if the deadline came earlier",
        "if the deadline were",
        "per cent",
        places,
        tuple(lines),
        f"By the inside view, from {f.draws:,} draws.",
    )


def _rounded(p: float, width: float) -> float:
    """A probability in per cent, to the step that a range of this width allows."""
    step = step_for(p, p, min(1.0, p + width)) if p else 1.0
    return round(100 * math.floor(p / step + 0.5) * step, 6)


# --- issues -----------------------------------------------------------------------------------


def issue_blocks(f: Forecast) -> tuple[Block, ...]:
    """The issues that may end otherwise than today stands; the others in a sentence."""
    rows, stays = [], []
    today = f.setting.game.space.positions(f.setting.today)
    for issue in f.case.issues.values():
        chances = f.positions[issue.id]
        here = today[issue.id]
        if chances[here].p >= 1 - SLIGHT:
            stays.append(issue.name)
            continue
        for place, position in enumerate(p for p in issue.positions if chances[p.id].p >= SLIGHT):
            tone: Tone = "muted" if position.id == here else "plain"
            head = Cell(issue.name if place == 0 else "", note=None)
            text = f"{position.label} (as today)" if position.id == here else position.label
            rows.append((head, Cell(text, tone), _cell(chances[position.id])))
    columns = (Column("issue"), Column("position"), Column("at the deadline", True))
    blocks: list[Block] = []
    if rows:
        note = f"From {f.draws:,} draws. Positions in under {percent(SLIGHT)} of them are left out."
        title = "Where each issue stands at the deadline, by the inside view"
        blocks.append(Table(title, columns, tuple(rows), note))
    if stays:
        blocks.append(
            Sentence(f"As today in over {percent(1 - SLIGHT)} of the draws: {'; '.join(stays)}.")
        )
    return tuple(blocks)


# --- confidence and method --------------------------------------------------------------------


def confidence_table(f: Forecast, found: Mapping[str, Confidence]) -> Table:
    """How far each answer can be trusted, and what moves it most."""
    tones: dict[str | None, Tone] = {"high": "good", "low": "bad"}
    columns = (
        Column("answer"),
        Column("confidence"),
        Column("moved most by"),
        Column("from", True),
        Column("to", True),
        Column("words moved", True),
        Column("views apart, in words", True),
    )
    rows = []
    for name, c in found.items():
        most = c.most
        moved = [Cell("nothing"), Cell(""), Cell(""), Cell("0")]
        if most is not None:
            ends = (Cell(percent(most.before)), Cell(percent(most.after)))
            moved = [Cell(most.name), *ends, Cell(str(most.words))]
        level = Cell(c.level or "not judged", tones.get(c.level, "plain"))
        apart = Cell(str(c.views_apart) if len(c.views) > 1 else "one view")
        rows.append((Cell(f.case.arrangements[name].name), level, *moved, apart))
    tried = max((c.tried for c in found.values()), default=0)
    note = (
        f"{tried} changes were tried on each. Low: one moves the answer by two words of the scale "
        "or more, or the views differ by more than two. Moderate: one moves it by one word. High: "
        "none does."
    )
    told = support_told(next(iter(found.values()))) if found else ""
    if told:
        note += f" Shown only, for it decides nothing: {told}."
    return Table("Confidence, and what the answer depends on", columns, tuple(rows), note)


def method_blocks(f: Forecast) -> tuple[Block, ...]:
    """What must be known to reckon it again."""
    options = tuple(
        Point(f"{name}: {getattr(f.options, name)} (the default, because {why})")
        if getattr(f.options, name) == getattr(type(f.options)(), name)
        else Point(
            f"{name}: {getattr(f.options, name)} (chosen; the default is "
            f"{getattr(type(f.options)(), name)}, because {why})"
        )
        for name, why in REASONS.items()
    )
    return (
        Points(
            (
                Point(f"Case {f.case_hash[:12]}, {f.draws:,} draws, seed {f.seed}."),
                Point(f"{f.moves:.1f} moves a draw; cycles in {percent(f.cycling)} of the draws."),
                Point("Process:", options),
            )
        ),
    )


def _cell(p: Probability | None) -> Cell:
    if p is None:
        return Cell("not computed", "muted")
    return Cell(figure(p), note=percents(p.low, p.high))
