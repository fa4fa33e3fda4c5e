"""What each answer would be without one item of evidence, or one judgement: for confidence.

Every item and poll is left out by the reading ``alone`` (:mod:`~foedus.evidence.left_out`), and
every judgement that the process uses is put at its neutral value (:mod:`~foedus.evidence.neutral`);
the process is solved again in the first draws of the forecast, on the same random numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from immutabledict import immutabledict

from foedus.case.altered import with_judgements
from foedus.case.links import judgement_name, judgements_of
from foedus.case.model import Case, Path
from foedus.evidence.left_out import without
from foedus.evidence.neutral import neutral_values
from foedus.forecasting.combined import combined_views
from foedus.forecasting.headline import Other, exclusive, reached_in
from foedus.forecasting.inside import InsideView, Mean
from foedus.forecasting.outside import OTHER
from foedus.forecasting.plan import Plan
from foedus.forecasting.results import Forecast
from foedus.forecasting.workers import Progress, Workers, shared_out
from foedus.preferences.sample import Floats

DRAWS = 250

NEUTRAL = " at its neutral value"
"""What follows the name of a judgement that is put at its neutral value."""

Key = tuple[frozenset[Path], frozenset[str]]


def leave_one_out_answers(
    forecast: Forecast,
    *,
    draws: int = DRAWS,
    workers: int | Workers = 1,
    progress: Progress | None = None,
) -> Mapping[str, Mapping[str, float]]:
    """The answers of a forecast without each item, and with each judgement neutral, by its name.

    An answer is on an arrangement or, where there are hypotheses, on ``other``: pooled for the
    exclusive set, else by the inside view. It is the forecast's own, moved by what the change does
    in the first ``draws``, so that no difference is one between draws. What leads to the same case
    is solved once; what changes nothing that an answer is computed from has the forecast's answer.
    So many ``workers`` processes share the work. Raises ValueError for fewer than one draw.
    """
    draws = min(draws, forecast.draws)
    cases: dict[Key, Case] = {}
    named: dict[str, Key] = {}
    for name, key, case in _changed(forecast.case):
        named[name] = key
        if any(key):
            cases.setdefault(key, case)
    plan = Plan(forecast.case, forecast.options)
    with shared_out(workers, progress) as crew:
        pieces = [Other(case, draws, forecast.seed) for case in cases.values()]
        what = "leaving out one thing after the other"
        reached = crew.run(what, plan, reached_in, pieces)
    found = {
        key: _answers(forecast, case, rows)
        for (key, case), rows in zip(cases.items(), reached, strict=True)
    }
    found[frozenset(), frozenset()] = _answers(forecast, forecast.case, forecast.answers[:draws])
    return immutabledict({name: found[key] for name, key in named.items()})


def with_alternatives(
    forecast: Forecast,
    *,
    draws: int = DRAWS,
    workers: int | Workers = 1,
    progress: Progress | None = None,
) -> Forecast:
    """The forecast with what its answers would be without each thing; see the function above."""
    without = leave_one_out_answers(forecast, draws=draws, workers=workers, progress=progress)
    return replace(forecast, without=without)


def _changed(case: Case) -> Iterator[tuple[str, Key, Case]]:
    """What is left out or put at its neutral value: its name, what differs, and the case then."""
    for item in (*case.evidence, *case.polls):
        left = without(case, [item])
        yield f"without {item}", left.key, left.case
    values = neutral_values(case)
    for judgement in judgements_of(case):
        if not judgement.played or judgement.path not in values:
            continue
        after = values[judgement.path]
        same = (judgement.low, judgement.mode, judgement.high) == (
            after.low,
            after.mode,
            after.high,
        )
        key: Key = (frozenset() if same else frozenset([judgement.path]), frozenset())
        name = f"{judgement_name(case, judgement.path)}{NEUTRAL}"
        yield name, key, with_judgements(case, {judgement.path: after})


def _answers(forecast: Forecast, case: Case, reached: Floats) -> Mapping[str, float]:
    """The answers of a changed case, of which the first draws are ``reached``."""
    moved = (reached - forecast.answers[: len(reached)]).mean(axis=0)
    inside = np.clip(forecast.answers.mean(axis=0) + moved, 0.0, 1.0)
    found = dict(zip(case.arrangements, inside.tolist(), strict=True))
    if case.hypotheses:
        mean = Mean.exact(exclusive(case, inside[None])[0])
        view = InsideView((*case.hypotheses, OTHER), mean)
        pooled = combined_views(case, view, forecast.seed).pooled.pooled
        found |= {name: share.p for name, share in pooled.items()}
    return immutabledict(found)
