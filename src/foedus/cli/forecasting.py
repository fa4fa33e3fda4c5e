"""Commands that look ahead: ``forecast``, ``drivers``, ``indicators``, ``observe``, ``paths``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from foedus.case.problems import CaseError, Problem, listed, nearest, shown
from foedus.cli.foresight import at_work, forecast_in, sensible
from foedus.cli.options import (
    AsJson,
    CaseFile,
    ConceptId,
    Effort,
    case_in,
    count,
    game_in,
    with_effort,
)
from foedus.cli.output import tell, tell_answer, tell_json
from foedus.cli.values import numbers_in, positive, share
from foedus.equilibria.registry import STANDARD
from foedus.forecasting.options import INSTEAD_OF_WEIGHT, VIEWS

if TYPE_CHECKING:
    from foedus.case.model import Case
    from foedus.forecasting.results import Forecast
    from foedus.forecasting.workers import Workers
    from foedus.process.model import Behaviour, ProcessOptions

HEAVIEST = 1e9
"""No view weighs more."""

Answer = Annotated[
    str | None,
    typer.Argument(
        metavar="[ANSWER]",
        help="An arrangement's id; without one, every hypothesis.",
        show_default=False,
    ),
]


def weights_in(text: Any) -> dict[str, float]:
    """The weights of the views in ``inside=1,outside=2``; those not named have none.

    Raises CaseError.
    """
    given = numbers_in(text, 0, HEAVIEST, "weight", "--weights")
    if "evidence" in given:
        raise CaseError([Problem(INSTEAD_OF_WEIGHT)], "--weights")
    problems = [
        Problem(f"no view {shown(name)}", None, listed(VIEWS), nearest(name, VIEWS))
        for name in given
        if name not in VIEWS
    ]
    if not problems and not any(given.values()):
        problems.append(Problem("no view has a weight", None, "such as inside=1,outside=1"))
    if problems:
        raise CaseError(problems, "--weights")
    return {view: given.get(view, 0.0) for view in VIEWS}


@with_effort()
def forecast(
    case: CaseFile,
    *,
    effort: Effort,
    most_likely: Annotated[
        bool,
        typer.Option(
            "--most-likely", metavar="", help="Draw nothing: solve the most likely judgements once."
        ),
    ] = False,
    behaviour: Annotated[
        Literal["myopic", "farsighted"] | None,
        typer.Option(
            "--behaviour",
            help="With --most-likely: whether actors look ahead. [default: myopic]",
            show_default=False,
        ),
    ] = None,
    stability_draws: Annotated[
        int | None,
        count(
            "--stability-draws",
            "M",
            0,
            "In so many draws it is asked what is stable. [default: a tenth]",
        ),
    ] = None,
    farsighted_draws: Annotated[
        int | None,
        count(
            "--farsighted-draws",
            "R",
            0,
            "So many draws are solved for farsighted actors. [default: a tenth]",
        ),
    ] = None,
    concept: Annotated[
        ConceptId, typer.Option("--concept", help="What it means that the state reached is stable.")
    ] = STANDARD,
    weights: Annotated[
        Any,
        typer.Option(
            "--weights",
            metavar="LIST",
            parser=weights_in,
            help="Weights of the views in the pool, such as inside=2,outside=1; a view not named "
            "has none. [default: equal]",
            show_default=False,
        ),
    ] = None,
    meetings: Annotated[
        float,
        typer.Option("--meetings", metavar="Q", parser=positive, help="So many meetings a year."),
    ] = 12.0,
    least_gain: Annotated[
        float,
        typer.Option(
            "--least-gain",
            metavar="E",
            parser=share,
            help="Smaller gains, as shares of an actor's range, move nobody.",
        ),
    ] = 0.005,
    reach: Annotated[
        int, count("--reach", "K", 1, "Changes of up to so many issues are looked at.", 4)
    ] = 2,
    confidence: Annotated[
        bool,
        typer.Option(
            "--confidence",
            metavar="",
            help="Leave out each item and judgement in turn, to say what the answer depends on.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say how likely each hypothesis is at the deadline, why, and what to watch for."""
    from foedus.evidence.alternatives import with_alternatives
    from foedus.process.model import ProcessOptions

    options = ProcessOptions(meetings=meetings, least_gain=least_gain, reach=reach)
    read = case_in(case)
    if behaviour is not None and not most_likely:
        problem = Problem("needs --most-likely: a forecast shows both behaviours")
        raise CaseError([problem], "--behaviour")
    if most_likely:
        _tell_most_likely(read, behaviour or "myopic", options, as_json=as_json)
        return
    if weights is not None:
        _refuse_silent_views(read, weights)
    with at_work(effort) as crew:
        found = forecast_in(
            read,
            effort,
            crew,
            stability_draws=stability_draws,
            farsighted_draws=farsighted_draws,
            options=options,
            concept=concept,
            weights=weights,
        )
        if confidence:
            found = with_alternatives(found, workers=crew)
        if not as_json:
            from foedus.reporting.outlook import outlook

            seen = outlook(found, workers=crew)
    if as_json:
        tell_json(found.to_dict())
    else:
        tell(seen.blocks())


def _tell_most_likely(
    case: Case, behaviour: Behaviour, options: ProcessOptions, *, as_json: bool
) -> None:
    from foedus.forecasting.most_likely import most_likely

    with sensible(case.file):
        found = most_likely(case, behaviour, options)
    tell_answer(found, as_json=as_json)


@with_effort()
def drivers(
    case: CaseFile,
    answer: Answer = None,
    *,
    effort: Effort,
    as_json: AsJson = False,
) -> None:
    """Say which judgements an answer depends on: one by one, an actor's together, in pairs."""
    read = _read(case, answer)
    from foedus.sensitivity.drivers import drivers as solve

    with sensible(case), at_work(effort) as crew:
        found = _few_varied(read, effort, crew)
        names = _answers(found, answer)
        each = {name: solve(found, name, workers=crew) for name in names}
    if as_json:
        tell_json({name: result.to_dict() for name, result in each.items()})
        return
    from foedus.document import Section

    for name, result in each.items():
        tell([Section(found.case.arrangements[name].name, result.blocks())])


@with_effort()
def indicators(
    case: CaseFile,
    answer: Answer = None,
    most: Annotated[int, count("--most", "N", 1, "So many of a kind are shown.")] = 5,
    *,
    effort: Effort,
    as_json: AsJson = False,
) -> None:
    """Say what to watch for: what, seen or not seen by a date, would shift the answer most."""
    read = _read(case, answer)
    from foedus.sensitivity.indicators import indicators as solve

    with sensible(case), at_work(effort) as crew:
        found = _few_varied(read, effort, crew)
        seen = solve(found, answer, most=most, workers=crew)
    tell_answer(seen, as_json=as_json)


@with_effort()
def observe(
    case: CaseFile,
    observations: Annotated[
        list[str],
        typer.Argument(
            metavar="'STATEMENT by DATE'...",
            help="What was observed, such as 'bridge = wide by 2021-06-30'.",
            show_default=False,
        ),
    ],
    *,
    effort: Effort,
    as_json: AsJson = False,
) -> None:
    """Update the forecast by what has come about, or has not, by a date."""
    read = case_in(case)
    from foedus.sensitivity.observation import observe as solve
    from foedus.sensitivity.observation import read_observations

    with sensible("<observation>"):
        read_observations(read, observations)  # before the work
    with sensible("<observation>"), at_work(effort) as crew:
        found = _few_varied(read, effort, crew)
        seen = solve(found, observations, workers=crew)
    tell_answer(seen, as_json=as_json)


def paths(
    case: CaseFile,
    arrangement: Annotated[
        str | None,
        typer.Argument(
            metavar="[ARRANGEMENT]", help="One arrangement, step by step.", show_default=False
        ),
    ] = None,
    behaviour: Annotated[
        Literal["myopic", "farsighted"],
        typer.Option(
            "--behaviour", help="With farsighted, how likely farsighted actors reach it as well."
        ),
    ] = "myopic",
    as_json: AsJson = False,
) -> None:
    """Say how each arrangement is reached from today, how soon, or who refuses it."""
    game = game_in(case)
    if arrangement is not None:
        _known(arrangement, game.case.arrangements, game.case.file)

    from foedus.process.paths import ways_from_today

    found = ways_from_today(game, behaviour)
    if as_json:
        data = found.to_dict()
        tell_json(data if arrangement is None else data["arrangements"][arrangement])
    else:
        tell(found.blocks() if arrangement is None else found.explain(arrangement).blocks)


def _read(path: str, answer: str | None) -> Case:
    """A case in which the answer asked about is there."""
    case = case_in(path)
    if answer is not None:
        _known(answer, case.arrangements, case.file)
    return case


def _few_varied(case: Case, effort: Effort, crew: Workers) -> Forecast:
    """A forecast for what needs neither stability nor a range."""
    return forecast_in(case, effort, crew, stability_draws=0, varied=False)


def _refuse_silent_views(case: Case, weights: dict[str, float]) -> None:
    """Refuse a weight for a view that has nothing to go by in this case. Raises CaseError."""
    from foedus.forecasting.combined import silent_views

    problems = [
        Problem(
            f"the case has nothing for the view {shown(view)} to go by", None, "no weight for it"
        )
        for view in silent_views(case)
        if weights[view]
    ]
    if problems:
        raise CaseError(problems, "--weights")


def _answers(found: Forecast, answer: str | None) -> tuple[str, ...]:
    if answer is not None:
        return (answer,)
    return found.case.hypotheses or tuple(found.case.arrangements)


def _known(name: str, names: Any, file: str) -> None:
    if name not in names:
        problem = Problem(f"no arrangement '{name}'", nearest=nearest(name, names))
        raise CaseError([problem], file)
