"""The tables and pictures of a forecast."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
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
from foedus.forecasting.results import HEADLINE
from foedus.reporting.assessment import support_told
from foedus.reporting.views import side_by_side

if TYPE_CHECKING:
    from foedus.forecasting.assessment import Confidence
    from foedus.forecasting.results import Estimate, Forecast

UNHEARD = 0.0005
"""What no variant makes as likely as this is named in a sentence."""

SLIGHT = 0.005
"""Positions less likely than this are left out, and issues that stay but for this are named."""


def figure(p: Probability) -> str:
    """A probability with as many digits as its computing error allows."""
    return percent(p.p, p.low, p.high)


def graded(f: Forecast, name: str, p: float) -> str:
    """A share of an arrangement with as many digits as its whole range allows."""
    low, high = _whole_range(f, name)
    return percent(p, p, min(1.0, p + (high - low))) if p else "no way"


def variants_told(f: Forecast, name: str) -> str:
    """The range over the model variants, no finer than the Monte Carlo error allows."""
    own, ways = f.reached(name), f.model_range(name)
    return percents(ways.low, ways.high, max(own.high - own.p, own.p - own.low))


def _whole_range(f: Forecast, name: str) -> tuple[float, float]:
    own, ways = f.estimates[name].reached, f.model_range(name)
    return min(own.low, ways.low), max(own.high, ways.high)


# --- arrangements -----------------------------------------------------------------------------


def arrangement_blocks(f: Forecast) -> tuple[Block, ...]:
    """A table of what may be reached, and in a sentence what the model leaves no way to."""
    seen = [n for n in f.estimates if f.model_range(n).high > UNHEARD]
    never = [n for n in f.estimates if n not in seen]
    blocks: list[Block] = []
    if seen:
        blocks.append(_reached(f, sorted(seen, key=lambda n: -f.estimates[n].reached.p)))
    if never:
        names = "; ".join(f.case.arrangements[n].name for n in never)
        blocks.append(
            Sentence(
                f"Reached with a chance of less than {percent(UNHEARD)} in every variant: {names}. "
                "Who would say no to each is shown with its consent."
            )
        )
    return tuple(blocks)


def _reached(f: Forecast, names: Sequence[str]) -> Table:
    columns = (
        Column("arrangement"),
        Column("reached", True),
        Column("as judged", True),
        Column("model variants", True),
        Column("reached and stable", True),
    )
    note = (
        f"Reached: over {f.draws:,} draws, with what the case leaves out, and the Monte Carlo "
        f"error below. As judged: with nothing left out. Stable is meant by {f.concept}, over "
        f"{f.stability_draws:,} draws."
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
        _cell(e.judged),
        Cell(variants_told(f, name)),
        _cell(e.reached_and_stable),
    )


# --- views, ways, course ----------------------------------------------------------------------


def view_blocks(f: Forecast) -> tuple[Block, ...]:
    """The views side by side and pooled, then each by itself; hypotheses by their names."""
    if f.views is None:
        return (Sentence("The case names no hypotheses, so there is nothing to pool.", "muted"),)
    return (*pool_blocks(f), *source_blocks(f))


def pool_blocks(f: Forecast) -> tuple[Block, ...]:
    """The views side by side and pooled; nothing for a case without hypotheses."""
    if f.views is None:
        return ()
    names = _hypotheses(f)
    return tuple(_with_names(names, block) for block in side_by_side(f.views, names))


def source_blocks(f: Forecast) -> tuple[Block, ...]:
    """Where the outside view and the evidence come from; nothing without hypotheses."""
    if f.views is None:
        return ()
    told = (*f.views.outside.blocks(), *f.views.evidence.blocks())
    return tuple(_with_names(_hypotheses(f), block) for block in told)


def _hypotheses(f: Forecast) -> dict[str, str]:
    names = {name: f.case.arrangements[name].name for name in f.case.hypotheses}
    return {**names, "other": "anything else"}


def _with_names(names: Mapping[str, str], block: Block) -> Block:
    if not isinstance(block, Table):
        return block
    rows = tuple((replace(r[0], text=names.get(r[0].text, r[0].text)), *r[1:]) for r in block.rows)
    return replace(block, rows=rows)


def way_blocks(f: Forecast, names: Sequence[str]) -> tuple[Block, ...]:
    """How far each hypothesis moves, and under which variant; then all of them."""
    return (*way_points(f, names), way_table(f, names))


def way_points(f: Forecast, names: Sequence[str]) -> tuple[Block, ...]:
    """How far each hypothesis moves, and under which variant of the model."""
    points = []
    for name in names:
        ways, title = f.model_range(name), f.case.arrangements[name].name
        if ways.high == 0:
            points.append(Point(f"{title}: none of them leaves a way to it."))
        elif ways.low == ways.high:
            points.append(Point(f"{title}: none moves it from {graded(f, name, ways.low)}."))
        else:
            points.append(
                Point(
                    f"{title}: from {graded(f, name, ways.low)} ({ways.lowest}) to "
                    f"{graded(f, name, ways.high)} ({ways.highest})."
                )
            )
    lead = (
        "This is the model's own error: it does not shrink with more draws, and is apart from the "
        "Monte Carlo error."
    )
    return (Sentence(lead), Points(tuple(points)))


def way_table(f: Forecast, names: Sequence[str]) -> Table:
    """Each hypothesis under every variant of the model."""
    columns = (
        Column("model variant"),
        *(Column(f.case.arrangements[n].name, True) for n in names),
    )
    chosen = {name: estimate.reached.p for name, estimate in f.estimates.items()}
    told = {HEADLINE: chosen, **{way.option: way.reached for way in f.variants}}
    rows = tuple(
        (Cell(option), *(Cell(graded(f, n, reached[n])) for n in names))
        for option, reached in told.items()
    )
    note = (
        f"All on the same draws, {f.draws:,} of them; farsighted actors on the first "
        f"{f.ways.farsighted_draws:,}. A pace that is off makes its changes at once: where "
        "slowness may have been unwillingness, the truth lies between."
    )
    return Table("Reached, when one option is chosen otherwise", columns, rows, note)


def course_lines(f: Forecast, names: Sequence[str]) -> Lines:
    """How likely each would be if the deadline came earlier, by the inside view."""
    as_of = f.case.as_of
    assert as_of is not None  # noqa: S101 - a forecast has it
    days = f.times.tolist()
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
    today = f.process.game.space.positions(f.process.today)
    for issue in f.case.issues.values():
        chances = f.positions[issue.id]
        here = today[issue.id]
        if chances[here].p >= 1 - SLIGHT:
            stays.append(issue.name)
            continue
        for place, position in enumerate(p for p in issue.positions if chances[p.id].p >= SLIGHT):
            tone: Tone = "muted" if position.id == here else "plain"
            head = Cell(issue.name if place == 0 else "", note=None)
            text = f"{position.label} (as now)" if position.id == here else position.label
            rows.append((head, Cell(text, tone), _cell(chances[position.id])))
    columns = (Column("issue"), Column("position"), Column("at the deadline", True))
    blocks: list[Block] = []
    if rows:
        note = (
            f"Over {f.draws:,} draws. Positions with a chance under {percent(SLIGHT)} are left out."
        )
        title = "Where each issue stands at the deadline, by the inside view"
        blocks.append(Table(title, columns, tuple(rows), note))
    if stays:
        blocks.append(
            Sentence(
                f"As they stand now, with a chance over {percent(1 - SLIGHT)}: {'; '.join(stays)}."
            )
        )
    return tuple(blocks)


# --- confidence and method --------------------------------------------------------------------


def confidence_table(
    f: Forecast, found: Mapping[str, Confidence], *, support: bool = True
) -> Table:
    """How far each answer can be trusted, and what moves it most.

    ``support`` says too how many judgements rest on evidence.
    """
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
    told = support_told(next(iter(found.values()))) if found and support else ""
    if told:
        note += f" Shown only, for it decides nothing: {told}."
    return Table("Confidence, and what the answer depends on", columns, tuple(rows), note)


def method_blocks(f: Forecast) -> tuple[Block, ...]:
    """What must be known to compute it again."""
    o = f.options
    looked, every = f.process.rules.looked_at(f.process.today)
    told = (
        f"Meetings: {o.meetings:g} a year for each set of issues that can be altered quickly.",
        f"Least gain: {percent(o.least_gain)} of an actor's range of worth.",
        f"Changes of up to {o.reach} issues at once, and larger ones whose parts are impossible: "
        f"{looked:,} of the {every:,} that rights allow today. The rest can come step by step.",
        f"Left out: every worth of a position moved by {percent(o.left_out)} of the actor's range.",
        f"Farsighted actors reconsider every {o.calendar:g} days.",
    )
    return (
        Points(
            (
                Point(f"Case {f.case_hash[:12]}, {f.draws:,} draws, seed {f.seed}."),
                Point("Process:", tuple(Point(text) for text in told)),
            )
        ),
    )


def _cell(p: Probability | None) -> Cell:
    if p is None:
        return Cell("not computed", "muted")
    return Cell(figure(p), note=percents(p.low, p.high))
