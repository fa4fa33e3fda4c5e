"""What ``foedus`` offers in Python: one function a question, asked of a case or of a file.

Each takes a `Case` or the path of a file, and hands on to the analysis that answers. Those that
look at a forecast (:func:`drivers`, :func:`indicators`, :func:`observe`) take a forecast too, or
make one of the case. What needs an optional part of foedus imports it when it is asked.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from foedus.equilibria.registry import DEFAULTS, STANDARD
from foedus.loading import Given, game_from, text_of_case

if TYPE_CHECKING:
    from datetime import date

    from foedus.case.edit import Value
    from foedus.document import Explanation
    from foedus.equilibria.solve import Stability
    from foedus.evidence.audit import Audit
    from foedus.evidence.competing import Ach
    from foedus.evidence.scoring import Marks, OriginRule, Weighting
    from foedus.evidence.updating import Bayes
    from foedus.forecasting.results import Forecast
    from foedus.forecasting.workers import Progress, Workers
    from foedus.process.acceptance import Acceptance
    from foedus.process.model import Behaviour, ProcessOptions
    from foedus.process.paths import Paths
    from foedus.reporting.case_summary import Check
    from foedus.sensitivity.drivers import Drivers
    from foedus.sensitivity.indicators import Indicators
    from foedus.sensitivity.observation import Observed
    from foedus.sensitivity.otherwise import WhatIf
    from foedus.sensitivity.passing import Shift
    from foedus.sensitivity.taking import WhatItTakes
    from foedus.tracing.solve import Trace

# --- the case and its structure -----------------------------------------------------------------


def check(case: Given) -> Check:
    """Check a case, and sum up what it holds; ``notices`` are what its reader should be told.

    ``slips`` are what may be modelling slips: rights that nobody can use, statements that never
    hold, and so on. Raises CaseError with everything that is wrong.
    """
    from foedus.reporting.case_summary import check_of

    return check_of(game_from(case))


def acceptance(case: Given, behaviour: Behaviour = "myopic") -> Acceptance:
    """Say who is better and worse off with each arrangement, and who says no when asked.

    ``behaviour`` is what actors go by: ``myopic`` (what they would have if nothing else happened)
    or ``farsighted`` (what they expect at the deadline). Raises CaseError for a case without the
    status quo, ``as_of`` or deadline, ValueError for an unknown behaviour, MissingExtra without
    the extra ``forecast``.
    """
    game = game_from(case)
    from foedus.process.acceptance import acceptance as solve

    return solve(game, behaviour)


def stability(case: Given, concepts: Sequence[str] = DEFAULTS, on: date | None = None) -> Stability:
    """Find the states that would hold, by each of the concepts (ids of stability concepts).

    Rights are those ``on`` a day (``as_of``); events play no part. Raises CaseError for a case that
    has no states or too many, or too many moves under rights by state; ValueError for an unknown
    concept.
    """
    from foedus.equilibria.solve import stability as solve

    return solve(game_from(case, on), concepts)


def paths(case: Given, *, behaviour: Behaviour = "myopic") -> Paths:
    """Find the likeliest way from the status quo to each arrangement, or who refuses it first.

    With ``behaviour="farsighted"`` the chances of farsighted actors stand beside. Raises CaseError
    for a case without the status quo, ``as_of`` or a deadline; MissingExtra without the extra
    ``forecast``.
    """
    game = game_from(case)
    from foedus.process.paths import ways_from_today

    return ways_from_today(game, behaviour)


def explain(
    case: Given,
    what: str | int,
    mover: str | None = None,
    concept: str = STANDARD,
    behaviour: Behaviour = "myopic",
    on: date | None = None,
) -> Explanation:
    """Say why: of an arrangement (its id), a state (its number) or a statement.

    ``mover`` (ids of actors joined by ``+``) asks about one mover alone, ``concept`` is the id of a
    stability concept, ``behaviour`` what actors go by (:func:`acceptance`); whether it would be
    stable is asked with the rights ``on`` a day (``as_of``). Raises CaseError for what is not
    known, with the nearest known one.
    """
    from foedus.reporting.asking import explain as solve

    return solve(game_from(case, on), what, mover, concept, behaviour)


def trace(
    case: Given,
    path: str,
    *,
    draws: int = 500,
    seed: int = 1,
    workers: int = 1,
    scheduler: str | None = None,
    depth: int | None = None,
    progress: Progress | None = None,
) -> Trace:
    """Trace a number down to the sources that carry it, or a source up to what depends on it.

    ``path`` names an answer, a judgement, an item or a source; with 0 ``draws`` a likelihood is
    told without its number. Raises CaseError for an unknown path, with the nearest known one.
    """
    game = game_from(case)
    from foedus.hiring import hired
    from foedus.tracing.solve import why

    with hired(workers, scheduler, progress) as crew:
        return why(game, path, draws=draws, seed=seed, workers=crew, depth=depth)


# --- the forecast and what changes it -----------------------------------------------------------


def forecast(
    case: Given,
    *,
    draws: int = 1_000,
    seed: int = 1,
    workers: int = 1,
    scheduler: str | None = None,
    stability_draws: int | None = None,
    farsighted_draws: int | None = None,
    varied: bool = True,
    options: ProcessOptions | None = None,
    concept: str = STANDARD,
    weights: Mapping[str, float] | None = None,
    progress: Progress | None = None,
) -> Forecast:
    """Say how likely each arrangement and hypothesis is at the deadline, and why.

    The process is solved in ``draws`` draws with the random numbers of ``seed``, by so many
    ``workers`` processes, or those of the Dask ``scheduler`` at an address such as
    ``tcp://HOST:8786``, on which the answer does not depend. In the first ``stability_draws`` (a
    tenth) it is asked what is stable by ``concept``; the variants of the process are solved too,
    unless ``varied`` is off, for farsighted actors in the first ``farsighted_draws`` (a tenth).
    ``weights`` are of the views ``inside`` and ``outside`` in the pool. ``progress`` is told what
    is being done.

    Raises CaseError for a case without ``as_of``, ``deadline`` or status quo; ValueError for
    numbers, names or weights that make no sense.
    """
    game = game_from(case)
    from foedus.forecasting.solve import forecast as solve
    from foedus.hiring import hired

    with hired(workers, scheduler, progress) as crew:
        return solve(
            game.case,
            draws=draws,
            seed=seed,
            workers=crew,
            stability_draws=stability_draws,
            farsighted_draws=farsighted_draws,
            varied=varied,
            options=options,
            concept=concept,
            weights=weights,
        )


def drivers(
    case: Given | Forecast,
    arrangement: str,
    *,
    draws: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    actor_draws: int = 250,
    progress: Progress | None = None,
) -> Drivers:
    """Say which judgements the chance of reaching an arrangement depends on.

    Of a case a forecast is made first, with ``draws`` (1,000) and ``seed`` (1); a forecast has its
    own. All of one actor's judgements are drawn anew in ``actor_draws`` of them. Raises as
    :func:`forecast` does; ValueError for an unknown arrangement, too few draws, and draws or a
    seed beside a forecast.
    """
    from foedus.hiring import hired
    from foedus.sensitivity.drivers import drivers as solve

    with hired(workers, scheduler, progress) as crew:
        made = _forecast_of(case, draws, seed, crew)
        return solve(made, arrangement, actor_draws=actor_draws, workers=crew)


def indicators(
    case: Given | Forecast,
    answer: str | None = None,
    *,
    most: int = 5,
    dates: Sequence[date] | None = None,
    draws: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Indicators:
    """Say what to watch for: what, seen or not seen by a date, would shift the answer most.

    ``answer`` is an arrangement; without one, all hypotheses are asked about. ``most`` of a kind
    are told, by ``dates`` if given; they are solved in the first 250 draws of the forecast. That is
    made or given as for :func:`drivers`. Raises CaseError for an unknown arrangement or a date out
    of the span.
    """
    from foedus.hiring import hired
    from foedus.sensitivity.indicators import indicators as solve

    with hired(workers, scheduler, progress) as crew:
        made = _forecast_of(case, draws, seed, crew)
        return solve(made, answer, most=most, dates=dates, workers=crew)


def observe(
    case: Given | Forecast,
    observations: str | Sequence[str],
    *,
    draws: int | None = None,
    seed: int | None = None,
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> Observed:
    """Update a forecast by what has been observed: ``STATEMENT by DATE``, one or several.

    ``not (STATEMENT) by DATE``: it has not come to hold till then. The forecast is made or given as
    for :func:`drivers`. Raises CaseError for an observation that cannot be understood, or cannot
    be; ValueError for none, or more than four.
    """
    from foedus.hiring import hired
    from foedus.sensitivity.observation import observe as solve

    with hired(workers, scheduler, progress) as crew:
        made = _forecast_of(case, draws, seed, crew)
        return solve(made, observations, workers=crew)


def require(
    case: Given,
    arrangement: str,
    *,
    until: float | None = None,
    question: Literal["reached", "acceptable"] = "reached",
    draws: int = 250,
    seed: int = 1,
    progress: Progress | None = None,
) -> WhatItTakes | Shift:
    """Say what it would take: the payments, and the smallest changes of judgements.

    With ``until`` (a probability): which changes would make the arrangement's chance of being
    ``reached`` pass it, solved in so many ``draws``. That it is ``acceptable`` is asked at the most
    likely judgements, as without ``until``. Raises CaseError for a case that cannot be solved,
    KeyError for an unknown arrangement, ValueError for numbers that make no sense.
    """
    game = game_from(case)
    from foedus.sensitivity.passing import smallest_shift
    from foedus.sensitivity.taking import what_it_takes

    if until is None or question == "acceptable":
        return what_it_takes(game, arrangement)
    return smallest_shift(game.case, arrangement, until, draws=draws, seed=seed, progress=progress)


def whatif(
    case: Given,
    settings: Mapping[str, Value] | Sequence[tuple[str, Value]],
    *,
    draws: int = 1_000,
    seed: int = 1,
    workers: int = 1,
    scheduler: str | None = None,
    options: ProcessOptions | None = None,
    progress: Progress | None = None,
) -> WhatIf:
    """Forecast a case as it is and with some values set otherwise, on the same random numbers.

    ``settings`` map names to a number, ``[low, most likely, high]`` or a probability word. Of a
    `Case` judgements can be set; of a path also records, polls and dates. Raises CaseError for a
    name that cannot be set, with the nearest, and for a value that makes no case; ValueError for no
    settings.
    """
    text = text_of_case(case) if isinstance(case, str | os.PathLike) else None
    game = game_from(case)
    from foedus.hiring import hired
    from foedus.sensitivity.otherwise import whatif as solve

    pairs = settings.items() if isinstance(settings, Mapping) else settings
    with hired(workers, scheduler, progress) as crew:
        return solve(
            text or game.case,
            tuple(pairs),
            draws=draws,
            seed=seed,
            options=options,
            workers=crew,
            file=game.case.file,
        )


# --- evidence -----------------------------------------------------------------------------------


def audit(case: Given, stale_after: int = 5) -> Audit:
    """Look for weak spots in what a case rests on; reports older than ``stale_after`` years count.

    Raises ValueError for ``stale_after`` below 1.
    """
    from foedus.evidence.audit import audit as solve

    return solve(game_from(case).case, stale_after)


def ach(
    case: Given,
    marks: Marks | None = None,
    *,
    scoring: str = "heuer",
    weights: Weighting = "grades",
    origins: OriginRule = "once",
) -> Ach:
    """Analyse competing hypotheses by a case's marks, or by ``marks`` instead of them.

    Raises CaseError for a case without hypotheses; ValueError for an unknown scoring, weights or
    origins, and for marks of unknown items or hypotheses.
    """
    game = game_from(case)
    from foedus.evidence.competing import ach as solve

    return solve(game.case, marks, scoring, weights, origins)


def bayes(
    case: Given,
    prior: Mapping[str, float] | str | None = None,
    *,
    inside: Mapping[str, float] | None = None,
    seed: int = 1,
) -> Bayes:
    """Weigh the likelihoods of a case's evidence, from a prior.

    ``prior`` is ``flat`` (or None), ``outside`` (the reference classes), or a probability for each
    hypothesis and ``other``. ``inside`` shares what the reference classes leave. Raises CaseError
    for a case without hypotheses, ValueError for another prior.
    """
    game = game_from(case)
    from foedus.evidence.updating import bayes as solve

    return solve(game.case, prior, inside, seed)


def _forecast_of(
    case: Given | Forecast,
    draws: int | None,
    seed: int | None,
    crew: Workers,
) -> Forecast:
    """The forecast given, or that of the case given."""
    from foedus.forecasting.results import Forecast
    from foedus.forecasting.solve import DRAWS
    from foedus.forecasting.solve import forecast as solve

    if not isinstance(case, Forecast):
        return solve(
            game_from(case).case,
            draws=DRAWS if draws is None else draws,
            seed=1 if seed is None else seed,
            workers=crew,
            stability_draws=0,
            varied=False,
        )
    if draws is not None or seed is not None:
        raise ValueError("a forecast has its own draws and seed: give them where it is made")
    return case
