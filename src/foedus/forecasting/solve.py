"""The forecast of a case: the process solved in many draws, varied, and pooled with other views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from immutabledict import immutabledict

from foedus.case.fingerprint import case_hash
from foedus.case.model import Case
from foedus.case.problems import UnknownName
from foedus.equilibria.registry import CONCEPTS, STANDARD
from foedus.forecasting.combined import Combined, combined_views, refuse_weights
from foedus.forecasting.cost import MOMENTS, Cost, cost_of
from foedus.forecasting.estimates import over_draws
from foedus.forecasting.happenings import event_effects, jumps_of, with_jumps
from foedus.forecasting.headline import (
    exclusive,
    headline_options,
    refuse_without_preferences,
    solved_in,
)
from foedus.forecasting.inside import InsideView
from foedus.forecasting.options import (
    AS_JUDGED,
    FARSIGHTED,
    HALVED_CALENDAR,
    Way,
    ways_of,
)
from foedus.forecasting.outside import OTHER
from foedus.forecasting.paces import paces_of
from foedus.forecasting.pieces import (
    Few,
    Pulled,
    Solved,
    Stable,
    StableDraws,
    farsighted_draws,
    joined,
    stable_draws,
    stable_in_all,
)
from foedus.forecasting.plan import Plan
from foedus.forecasting.results import Departures, Estimate, Forecast, Pull, Ways
from foedus.forecasting.streams import draw_blocks
from foedus.forecasting.variants import Variant
from foedus.forecasting.workers import Progress, Workers, shared_out
from foedus.process.chances import as_chances
from foedus.process.model import Process, ProcessOptions
from foedus.process.present import present

DRAWS = 1_000
STABILITY_SHARE = FARSIGHTED_SHARE = 10
"""One in so many draws is asked about stability, and solved for farsighted actors."""

HALVED_SHARE = 20
"""In one of so many farsighted draws actors reconsider twice as often, too."""

PATIENT = 1_200.0
"""Farsighted actors are solved for about so many seconds of one core, if nothing else is asked."""

VARIANTS = 10
"""About so many variants are solved, the headline included."""

LONG = 10.0
"""Work of more seconds of one core than this is announced."""

SLICE = 10
"""So many draws at a time are asked about stability, or solved for farsighted actors."""


def forecast(
    case: Case,
    *,
    draws: int = DRAWS,
    seed: int = 1,
    workers: int | Workers = 1,
    stability_draws: int | None = None,
    farsighted_draws: int | None = None,
    varied: bool = True,
    options: ProcessOptions | None = None,
    concept: str = STANDARD,
    weights: Mapping[str, float] | None = None,
    progress: Progress | None = None,
) -> Forecast:
    """Forecast a case: how likely each arrangement and hypothesis is at the deadline, and why.

    The process is solved in so many ``draws`` of the judgements (``docs/process.md``); whether what
    is reached is stable by ``concept`` is asked in the first ``stability_draws`` (a tenth). Unless
    ``varied`` is off, every variant of the process is solved too, that of farsighted actors in the
    first ``farsighted_draws`` (a tenth; fewer in a case so large that it would take too long).
    ``weights`` are those of the views ``inside`` and ``outside`` in the pool.
    So many ``workers`` processes share the work, or those that are there already
    (:func:`~.workers.shared_out`); the answer does not depend on it. ``progress`` is told what is
    being done.

    Raises CaseError for a case that lacks ``as_of``, ``deadline`` or ``today``, or cannot be
    solved; ValueError for numbers, names or weights that make no sense.
    """
    _sensible(draws, stability_draws or 0, farsighted_draws or 0, concept)
    if weights is not None:
        refuse_weights(weights)
    base = headline_options(options)
    with shared_out(workers, progress) as crew:
        process = crew.process(Plan(case, base))
        refuse_without_preferences(process)
        cost = cost_of(process)
        if stability_draws is None:
            stability_draws = -(-draws // STABILITY_SHARE)
        if farsighted_draws is None:
            fitting = max(1, int(PATIENT / max(cost.farsighted(1), 1e-6)))
            farsighted_draws = min(-(-draws // FARSIGHTED_SHARE), fitting)
        if varied:
            _announce(crew, cost, draws, farsighted_draws)
        times = np.linspace(0.0, process.days, MOMENTS + 1)[1:]
        moments = with_jumps(process, times)
        at = tuple(moments.tolist())
        whole = solved_in(crew, Plan(case, base), draws, seed, at, "solving the process")
        stable = _stable(crew, Plan(case, base), min(draws, stability_draws), seed, concept)
        plain = Plan(case, replace(base, left_out=0.0))
        judged = solved_in(crew, plain, draws, seed, (), "solving it as judged")
        ways = _vary(crew, process, judged, draws, seed, min(draws, farsighted_draws), varied)
    return Forecast(
        process,
        case_hash(case),
        draws,
        seed,
        len(stable.left),
        concept,
        _estimates(process, whole, judged, stable),
        immutabledict(
            {
                issue.id: immutabledict(
                    {
                        position.id: over_draws(whole.positions[k][:, place], case.words)
                        for place, position in enumerate(issue.positions)
                    }
                )
                for k, issue in enumerate(case.issues.values())
            }
        ),
        times,
        whole.course[np.searchsorted(moments, times)],
        whole.reached,
        ways,
        _views(case, whole, judged, seed, weights),
        paces_of(case),
        _departures(case, stable),
        present(process).unexplained,
        events=event_effects(process),
        jumps=jumps_of(process, moments, whole.course),
    )


def _announce(crew: Workers, cost: Cost, draws: int, farsighted: int) -> None:
    """Say about how long the work will take, where that is long."""
    seconds = cost.headline(draws) + (VARIANTS - 1) * cost.myopic(draws)
    seconds += cost.farsighted(min(draws, farsighted))
    if seconds >= LONG:
        crew.tell(f"about {seconds:,.0f} s of one core; {cost.states:,} states", 0, 0)


def _sensible(draws: int, stability: int, farsighted: int, concept: str) -> None:
    """Raise ValueError for what cannot be asked for."""
    if draws < 1:
        raise ValueError(f"{draws} draws: at least one is needed")
    if stability < 0:
        raise ValueError(f"{stability} stability draws: 0 or more")
    if farsighted < 0:
        raise ValueError(f"{farsighted} farsighted draws: 0 or more")
    if concept not in CONCEPTS:
        raise UnknownName("concept", concept, CONCEPTS)


def _few(draws: int, seed: int) -> list[Few]:
    """The first draws, some at a time."""
    return [
        Few(block, range(begin, min(begin + SLICE, block.size)))
        for block in draw_blocks(draws, seed)
        for begin in range(0, block.size, SLICE)
    ]


def _stable(crew: Workers, plan: Plan, draws: int, seed: int, concept: str) -> Stable:
    if not draws:
        return Stable(np.zeros((0, len(plan.case.arrangements))), np.zeros(0), {})
    pieces = [StableDraws(few, concept) for few in _few(draws, seed)]
    return stable_in_all(crew.run("asking what is stable", plan, stable_draws, pieces))


def _vary(
    crew: Workers,
    process: Process,
    judged: Solved,
    draws: int,
    seed: int,
    farsighted: int,
    varied: bool,
) -> Ways:
    """Solve every variant, on the same random numbers."""
    case, base = process.case, process.options
    if not varied:
        return Ways((), 0)
    paces = tuple(dict.fromkeys(item.record for item in process.items.all if item.record))
    found = []
    for way in ways_of(paces, base.meetings, base.least_gain):
        if way.name == AS_JUDGED:
            found.append(_variant(case, way, judged))
        elif not way.farsighted:
            plan = Plan(case, replace(base, **dict(way.changed)))  # type: ignore[arg-type]
            what = f"solving the variants ({way.name})"
            found.append(_variant(case, way, solved_in(crew, plan, draws, seed, (), what)))
    if farsighted:
        found += _farsighted(crew, process, farsighted, seed)
    return Ways(tuple(found), farsighted)


def _farsighted(crew: Workers, process: Process, draws: int, seed: int) -> list[Variant]:
    """Farsighted actors, and how much it moves them to reconsider twice as often."""
    case, base = process.case, process.options
    what = "solving for farsighted actors"
    whole = joined(crew.run(what, Plan(case, base), farsighted_draws, _few(draws, seed)))
    found = [_variant(case, Way(FARSIGHTED), whole)]
    few = max(1, draws // HALVED_SHARE)
    often = Plan(case, replace(base, calendar=base.calendar / 2))
    halved = joined(
        crew.run(f"{what}, reconsidering twice as often", often, farsighted_draws, _few(few, seed))
    )
    moved = (halved.reached - whole.reached[:few]).mean(axis=0)
    reached = np.clip(whole.reached.mean(axis=0) + moved, 0.0, 1.0)
    shares = dict(zip(case.arrangements, reached.tolist(), strict=True))
    found.append(Variant(HALVED_CALENDAR, immutabledict(shares)))
    return found


def _variant(case: Case, way: Way, solved: Solved) -> Variant:
    means = solved.reached.mean(axis=0).tolist()
    return Variant(way.name, immutabledict(zip(case.arrangements, means, strict=True)))


def _estimates(
    process: Process, whole: Solved, judged: Solved, stable: Stable
) -> Mapping[str, Estimate]:
    words = process.case.words
    return immutabledict(
        {
            name: Estimate(
                name,
                over_draws(whole.reached[:, k], words),
                over_draws(judged.reached[:, k], words),
                over_draws(stable.reached[:, k], words) if len(stable.left) else None,
            )
            for k, name in enumerate(process.case.arrangements)
        }
    )


def _departures(case: Case, stable: Stable) -> Departures:
    draws = len(stable.left)
    pulls = [
        Pull(*pull, float(as_chances(p / draws)), _slow(case, pull))
        for pull, p in stable.pulls.items()
        if draws
    ]
    pulls.sort(key=lambda pull: (-pull.share, pull.mover, pull.issue, pull.origin, pull.target))
    return Departures(draws, float(stable.left.mean()) if draws else 0.0, tuple(pulls))


def _slow(case: Case, pull: Pulled) -> bool:
    return not case.issues[pull.issue].is_quick(pull.origin, pull.target)


def _views(
    case: Case, whole: Solved, judged: Solved, seed: int, weights: Mapping[str, float] | None
) -> Combined | None:
    """The views and their pool over the hypotheses and ``other``; None without hypotheses."""
    if not case.hypotheses:
        return None
    names = (*case.hypotheses, OTHER)
    return combined_views(
        case,
        InsideView.of_draws(names, exclusive(case, judged.reached), exclusive(case, whole.reached)),
        seed,
        weights,
    )
