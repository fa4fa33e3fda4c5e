"""What commands that look ahead share: the forecast they start from, and how far it is."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from foedus.case.problems import CaseError, Problem
from foedus.cli.options import Effort
from foedus.equilibria.registry import STANDARD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from foedus.case.model import Case
    from foedus.forecasting.results import Forecast
    from foedus.forecasting.workers import Progress, Workers
    from foedus.process.model import ProcessOptions


def forecast_in(
    case: Case,
    effort: Effort,
    crew: Workers,
    *,
    stability_draws: int | None = None,
    farsighted_draws: int | None = None,
    varied: bool = True,
    options: ProcessOptions | None = None,
    concept: str = STANDARD,
    weights: Mapping[str, float] | None = None,
) -> Forecast:
    """Forecast a case that is read, by those who do the work. Raises CaseError."""
    from foedus.forecasting.solve import forecast

    with sensible(case.file):
        return forecast(
            case,
            draws=effort.draws,
            seed=effort.seed,
            workers=crew,
            stability_draws=stability_draws,
            farsighted_draws=farsighted_draws,
            varied=varied,
            options=options,
            concept=concept,
            weights=weights,
        )


@contextmanager
def at_work(effort: Effort) -> Iterator[Workers]:
    """Those who do a command's work; how far they are is shown. Raises `MissingExtra`."""
    from foedus.hiring import hired

    with (
        progress(quiet=effort.quiet) as told,
        hired(effort.processes, effort.scheduler, told) as crew,
    ):
        yield crew


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
    """How far long work is, on standard error: a bar, or a line a stage where it is no terminal."""
    if quiet:
        yield None
        return
    if not sys.stderr.isatty():
        yield _by_lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task("", total=None)

        def told(what: str, done: int, whole: int) -> None:
            bars.update(bar, description=what, completed=done, total=whole)

        yield told


PATIENCE = 5.0
"""Work that is done within so many seconds says nothing of itself."""


def _by_lines() -> Progress:
    """Says each stage once, when it begins, as soon as the work has taken a while."""
    told: list[str] = []
    since = time.monotonic()

    def begun(what: str, done: int, whole: int) -> None:
        if what not in told and (not whole or time.monotonic() - since >= PATIENCE):
            told.append(what)
            line = f"{what} ({whole:,})" if whole else what
            print(line, file=sys.stderr, flush=True)  # noqa: T201

    return begun
