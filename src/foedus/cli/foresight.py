"""What commands that look ahead share: their options, the forecast they start from, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from foedus.case.problems import CaseError, Problem, listed, nearest, shown
from foedus.cli.options import case_in
from foedus.forecasting.options import PlayoutOptions
from foedus.render.extra import MissingExtra, needs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foedus.case.model import Case
    from foedus.forecasting.results import Forecast
    from foedus.forecasting.workers import Progress
    from foedus.game import Game
    from foedus.outlook import Outlook

VIEWS = ("inside", "outside", "evidence")

Draws = Annotated[
    int,
    typer.Option("--draws", metavar="N", min=1, help="So many times the judgements are drawn."),
]
Seed = Annotated[
    int,
    typer.Option(
        "--seed", metavar="K", min=0, help="Where the random numbers start: same seed, same answer."
    ),
]
WorkerCount = Annotated[
    int | None,
    typer.Option(
        "--workers",
        metavar="W",
        min=1,
        help="So many processes share the work; the answer is the same. [default: all cores]",
        show_default=False,
    ),
]
StabilityDraws = Annotated[
    int,
    typer.Option(
        "--stability-draws",
        metavar="M",
        min=0,
        help="In so many draws, the first, it is judged who consents and what holds.",
    ),
]
RangeDraws = Annotated[
    int,
    typer.Option(
        "--range-draws",
        metavar="R",
        min=1,
        help="On so many draws, the first, every other way of playing is tried.",
    ),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", metavar="", help="Show no progress on standard error.")
]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much work a forecast may be, and where its random numbers start."""

    draws: int
    seed: int
    workers: int | None = None
    stability_draws: int | None = None
    range_draws: int | None = None
    quiet: bool = False

    @property
    def processes(self) -> int:
        """How many processes share the work."""
        return self.workers or cores()


def forecast_of(
    path: str,
    effort: Effort,
    *,
    options: PlayoutOptions | None = None,
    concept: str = "seq",
    weights: Mapping[str, float] | None = None,
) -> Forecast:
    """Read a case, forecast it, and show how far it is. Raises CaseError and `MissingExtra`."""
    return forecast_in(case_in(path), effort, options=options, concept=concept, weights=weights)


def forecast_in(
    case: Case,
    effort: Effort,
    *,
    options: PlayoutOptions | None = None,
    concept: str = "seq",
    weights: Mapping[str, float] | None = None,
) -> Forecast:
    """Forecast a case that is read, and show how far it is. Raises CaseError, `MissingExtra`."""
    with needs("forecast", "A forecast"):
        from foedus.forecasting.solve import RANGE_DRAWS, STABILITY_DRAWS, forecast

    def either(asked: int | None, default: int) -> int:
        return default if asked is None else asked

    with sensible(case.file), progress(quiet=effort.quiet) as told:
        return forecast(
            case,
            draws=effort.draws,
            seed=effort.seed,
            workers=effort.processes,
            stability_draws=either(effort.stability_draws, STABILITY_DRAWS),
            range_draws=either(effort.range_draws, RANGE_DRAWS),
            options=options,
            concept=concept,
            weights=weights,
            progress=told,
        )


def outlook_if_possible(game: Game, effort: Effort) -> tuple[Outlook | None, str]:
    """The forecast with what it hangs on; where there can be none, why not."""
    case = game.case
    lacks = [
        name
        for name, value in (
            ("as_of", case.as_of),
            ("deadline", case.deadline),
            ("today", game.space.today),
        )
        if value is None
    ]
    if lacks:
        names = listed((f"`{name}`" for name in lacks), "and")
        return None, f"There is no forecast: the case does not say {names}."
    try:
        found = forecast_in(case, effort)
    except MissingExtra as error:
        return None, f"There is no forecast: {error}."
    from foedus.outlook import outlook

    with progress(quiet=effort.quiet) as told:
        return outlook(found, workers=effort.processes, progress=told), ""


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def sensible(where: str) -> Iterator[None]:
    """Turn what makes no sense to an analysis (ValueError, KeyError) into a CaseError."""
    try:
        yield
    except KeyError as error:
        raise CaseError([Problem(str(error.args[0]))], where) from error
    except ValueError as error:
        if isinstance(error, CaseError):
            raise
        raise CaseError([Problem(str(error))], where) from error


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Progress | None]:
    """A bar for each piece of long work, on standard error; none where that is no terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task("", total=None)

        def told(what: str, done: int, whole: int) -> None:
            bars.update(bar, description=what, completed=done, total=whole)

        yield told


def weights_in(text: str | None) -> dict[str, float] | None:
    """The weights of the views in ``inside=1,outside=2``; those not named have none.

    Raises CaseError.
    """
    if text is None:
        return None
    given = dict.fromkeys(VIEWS, 0.0)
    problems = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, value = (piece.strip() for piece in part.partition("="))
        try:
            weight = float(value)
        except ValueError:
            weight = -1.0
        if name not in VIEWS:
            problems.append(
                Problem(f"no view {shown(name)}", None, listed(VIEWS), nearest(name, VIEWS))
            )
        elif not 0 <= weight < float("inf"):
            problems.append(Problem(f"{shown(part)} gives no weight", None, "a number from 0"))
        else:
            given[name] = weight
    if not problems and not any(given.values()):
        problems.append(Problem("no view has a weight", None, "such as inside=1,outside=1"))
    if problems:
        raise CaseError(problems, "--weights")
    return given
