"""Numbers of likelihood in the web, from a forecast; and what moves them most, first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from foedus.case.links import judgement_name
from foedus.case.model import Case
from foedus.forecasting.combined import Combined
from foedus.forecasting.estimates import Share, percent, percents
from foedus.forecasting.results import Forecast
from foedus.forecasting.solve import forecast
from foedus.forecasting.workers import Progress, Workers
from foedus.sensitivity.drivers import Driver, drivers
from foedus.sensitivity.inputs import ends_told
from foedus.tracing.likely import (
    EVIDENCE,
    OUTSIDE,
    POOLED,
    PROCESS,
    REACHED,
    UPDATES,
    VIEWS,
    weight_told,
)
from foedus.tracing.web import Edge, Web, answer_name

ENOUGH = 100
"""With fewer draws it is not told what moves an answer."""

LEADING = 3
"""So many inputs are named before the process as a whole, if they stand out from chance."""


def with_figures(
    web: Web,
    case: Case,
    arrangement: str,
    draws: int,
    seed: int,
    workers: int | Workers,
    progress: Progress | None = None,
) -> None:
    """Put the numbers of one arrangement in, and what the process uses in the order of its pull.

    Raises CaseError for a case that cannot be solved.
    """
    found = forecast(
        case,
        draws=draws,
        seed=seed,
        workers=workers,
        stability_draws=0,
        varied=False,
        progress=progress,
    )
    reached = found.estimates[arrangement].reached
    where = f"in {draws:,} draws from seed {seed}"
    if reached.p == 0:
        text = f"{REACHED}: 0% {where}, in which no way leads to it"
    else:
        figure = percent(reached.p, reached.low, reached.high)
        error = percents(reached.low, reached.high)
        text = f"{REACHED}: {figure} ({error} by Monte Carlo error alone), {where}"
    _say(web, answer_name(arrangement, "reached"), text, reached.to_dict())
    if found.views is not None and arrangement in case.hypotheses:
        _say_views(web, found.views, arrangement)
    if draws >= ENOUGH:
        _in_order(web, found, arrangement)


def _say(web: Web, name: str, text: str, value: Mapping[str, Any]) -> None:
    web.things[name] = replace(web.things[name], text=text, value=dict(value))


def _say_views(web: Web, views: Combined, name: str) -> None:
    if views.outside.speaks:
        outside = views.outside.shares[name]
        _say(web, answer_name(name, "outside"), f"{OUTSIDE}: {_share(outside)}", outside.to_dict())
    if views.evidence.speaks:
        ratio = views.evidence.ratios[name]
        told = f"{EVIDENCE}: its odds times {ratio.ratio:.2g}"
        _say(web, answer_name(name, "evidence"), told, ratio.to_dict())
    pooled = views.pooled.pooled[name]
    told = f"{POOLED} ({', '.join(views.pooled.views)}): {_share(pooled)}"
    _say(web, answer_name(name, "pooled"), told, pooled.to_dict())
    weights = views.pooled.weights
    edges = [
        Edge(answer_name(name, answer), weight_told(weights[view]))
        for view, answer in VIEWS.items()
        if view in weights
    ]
    if views.evidence.speaks:
        edges.append(Edge(answer_name(name, "evidence"), UPDATES))
    web.relink(answer_name(name, "pooled"), edges)


def _share(share: Share) -> str:
    if share.p == share.high == 0:
        return "0%"
    return f"{percent(share.p, share.low, share.high)} ({percents(share.low, share.high)})"


def _in_order(web: Web, found: Forecast, arrangement: str) -> None:
    """Put first what moves the answer most; what does not vary stays in the order of the case."""
    uses = {edge.name for edge in web.below[PROCESS]}
    measured: dict[str, Edge] = {}
    for driver in drivers(found, arrangement, actor_draws=1).drivers:
        if driver.input.record is not None:
            names = [f"records.{driver.input.record}"]
        else:
            names = [judgement_name(found.case, j.path) for j in driver.input.judgements]
        for name in names:
            if name in uses and name not in measured:
                measured[name] = Edge(name, _pull(driver))
    others = [edge for edge in web.below[PROCESS] if edge.name not in measured]
    web.relink(PROCESS, [*measured.values(), *others])
    leading = [edge for edge in measured.values() if edge.note][:LEADING]
    web.relink(answer_name(arrangement, "reached"), [*leading, Edge(PROCESS)])


def _pull(driver: Driver) -> str:
    """How far an input moves the answer; empty where that may be chance."""
    if not driver.telling:
        return ""
    low, high = (percent(min(max(p, 0.0), 1.0)) for p in (driver.at_low, driver.at_high))
    if low == high:
        return ""
    least, most = (end.partition(" (")[0] for end in ends_told(driver.input))
    moved = driver.input
    what = "it" if moved.whole else f"“{moved.group}”" if moved.group else "what is its own"
    return f"reached with {low} where {what} is {least}, with {high} where {what} is {most}"
