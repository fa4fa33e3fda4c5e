"""Commands that look ahead: ``forecast``, ``drivers``, ``signposts``, ``observe``, ``paths``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from foedus.case.problems import CaseError, Problem, nearest
from foedus.cli.concepts import ONE_OF, refuse_unknown
from foedus.cli.foresight import (
    Draws,
    Effort,
    Quiet,
    RangeDraws,
    Seed,
    StabilityDraws,
    WorkerCount,
    forecast_of,
    progress,
    sensible,
    weights_in,
)
from foedus.cli.options import AsJson, CaseFile, game_in
from foedus.cli.output import tell, tell_json
from foedus.equilibria.registry import STANDARD
from foedus.forecasting.options import PlayoutOptions

if TYPE_CHECKING:
    from foedus.forecasting.results import Forecast

DRAWS = 10_000
STABILITY_DRAWS = RANGE_DRAWS = 2_000

FEW = 1
"""So many draws are played otherwise where no range is told."""

Answer = Annotated[
    str | None,
    typer.Argument(
        metavar="[ANSWER]",
        help="An arrangement's id; without one, every hypothesis.",
        show_default=False,
    ),
]


def forecast(
    case: CaseFile,
    draws: Draws = DRAWS,
    seed: Seed = 1,
    workers: WorkerCount = None,
    stability_draws: StabilityDraws = STABILITY_DRAWS,
    range_draws: RangeDraws = RANGE_DRAWS,
    concept: Annotated[
        str,
        typer.Option(
            "--concept",
            metavar="CONCEPT",
            help=f"What it means that the state reached holds: {ONE_OF}.",
        ),
    ] = STANDARD,
    weights: Annotated[
        str | None,
        typer.Option(
            "--weights",
            metavar="LIST",
            help="Weights of the views in the pool, such as inside=2,outside=1,evidence=1; views "
            "not named have none. [default: equal]",
            show_default=False,
        ),
    ] = None,
    bargainers: Annotated[
        Literal["coalitions", "movers"], typer.Option("--bargainers", help="Who bargains.")
    ] = "coalitions",
    deal: Annotated[
        Literal["nash", "fallback", "egalitarian"],
        typer.Option("--deal", help="Which of its improvements a coalition pursues."),
    ] = "nash",
    ties: Annotated[
        Literal["fewest", "lowest", "highest"],
        typer.Option("--ties", help="Which of equally good deals is taken."),
    ] = "fewest",
    conflict: Annotated[
        Literal["better", "soonest"],
        typer.Option("--conflict", help="Which of two deals that conflict an actor pursues."),
    ] = "better",
    waiting: Annotated[
        Literal["parallel", "sequence"],
        typer.Option("--waiting", help="Whether items are settled beside each other."),
    ] = "parallel",
    order: Annotated[
        Literal["file", "reverse"],
        typer.Option("--order", help="In which order actors are asked where order matters."),
    ] = "file",
    cycle: Annotated[
        Literal["next-best", "stand-still"],
        typer.Option("--cycle", help="What a mover does that would go round in a circle."),
    ] = "next-best",
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Say how likely each hypothesis is at the deadline, why, and what to watch for."""
    refuse_unknown([concept], "--concept")
    options = PlayoutOptions(bargainers, deal, ties, conflict, waiting, order, cycle)
    effort = Effort(draws, seed, workers, stability_draws, range_draws, quiet)
    found = forecast_of(case, effort, options=options, concept=concept, weights=weights_in(weights))
    if as_json:
        tell_json(found.to_dict())
        return
    from foedus.reporting.outlook import outlook

    with progress(quiet=quiet) as told:
        seen = outlook(found, workers=effort.processes, progress=told)
    tell(seen.blocks())


def drivers(
    case: CaseFile,
    answer: Answer = None,
    draws: Draws = DRAWS,
    seed: Seed = 1,
    workers: WorkerCount = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Say which judgements an answer hangs on, one by one and an actor's together."""
    effort = Effort(draws, seed, workers, 0, FEW, quiet)
    found = _forecast_for(case, answer, effort)
    from foedus.sensitivity.drivers import drivers as solve

    names = _answers(found, answer)
    with sensible(case), progress(quiet=quiet) as told:
        each = {n: solve(found, n, workers=effort.processes, progress=told) for n in names}
    if as_json:
        tell_json({name: result.to_dict() for name, result in each.items()})
        return
    from foedus.document import Section

    for name, result in each.items():
        tell([Section(found.case.arrangements[name].name, result.blocks())])


def signposts(
    case: CaseFile,
    answer: Answer = None,
    most: Annotated[
        int, typer.Option("--most", metavar="N", min=1, help="So many of a kind are told.")
    ] = 5,
    draws: Draws = DRAWS,
    seed: Seed = 1,
    workers: WorkerCount = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Say what to watch for: the moves by a date that would shift the answer most."""
    effort = Effort(draws, seed, workers, 0, FEW, quiet)
    found = _forecast_for(case, answer, effort)
    from foedus.sensitivity.signposts import signposts as solve

    with sensible(case):
        seen = solve(found, answer, most=most)
    if as_json:
        tell_json(seen.to_dict())
    else:
        tell(seen.blocks())


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
    draws: Draws = DRAWS,
    seed: Seed = 1,
    workers: WorkerCount = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Weigh the forecast anew by what has been observed."""
    found = forecast_of(case, Effort(draws, seed, workers, 0, FEW, quiet))
    from foedus.sensitivity.observation import observe as solve

    with sensible("<observation>"):
        seen = solve(found, observations)
    if as_json:
        tell_json(seen.to_dict())
    else:
        tell(seen.blocks())


def paths(
    case: CaseFile,
    arrangement: Annotated[
        str | None,
        typer.Argument(
            metavar="[ARRANGEMENT]", help="One arrangement, step by step.", show_default=False
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say how each arrangement can be come to from today, or who blocks the way."""
    game = game_in(case)
    if arrangement is not None:
        _known(arrangement, game.case.arrangements, game.case.file)
    from foedus.process.paths.solve import paths as solve

    found = solve(game)
    if as_json:
        data = found.to_dict()
        tell_json(data if arrangement is None else data["arrangements"][arrangement])
    else:
        tell(found.blocks() if arrangement is None else found.explain(arrangement).blocks)


def _forecast_for(path: str, answer: str | None, effort: Effort) -> Forecast:
    """A forecast, once it is sure that the answer asked about is there."""
    if answer is not None:
        from foedus.loading import read

        case = read(path)
        _known(answer, case.arrangements, case.file)
    return forecast_of(path, effort)


def _answers(found: Forecast, answer: str | None) -> tuple[str, ...]:
    if answer is not None:
        return (answer,)
    return found.case.hypotheses or tuple(found.case.arrangements)


def _known(name: str, names: Any, file: str) -> None:
    if name not in names:
        problem = Problem(f"no arrangement '{name}'", nearest=nearest(name, names))
        raise CaseError([problem], file)
