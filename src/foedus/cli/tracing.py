"""The command ``why``: from a number to what carries it, and from a source to what hangs on it."""

from __future__ import annotations

from typing import Annotated

import typer

from foedus.cli.foresight import Quiet, Seed, WorkerCount, cores, progress, sensible
from foedus.cli.options import AsJson, CaseFile, game_in
from foedus.cli.output import tell, tell_json
from foedus.render.extra import needs


def why(
    case: CaseFile,
    path: Annotated[
        str | None,
        typer.Argument(
            metavar="PATH",
            help="What to trace: an arrangement or one of its answers, a judgement, a rule, an "
            "item of evidence, a source. Without it, what can be traced is listed.",
            show_default=False,
        ),
    ] = None,
    draws: Annotated[
        int,
        typer.Option(
            "--draws",
            metavar="N",
            min=0,
            help="So many draws for the numbers of likelihood; 0 tells no such number.",
        ),
    ] = 500,
    seed: Seed = 1,
    workers: WorkerCount = None,
    depth: Annotated[
        int | None,
        typer.Option(
            "--depth",
            metavar="N",
            min=1,
            help="Go so many levels deep. [default: as suits what is asked]",
            show_default=False,
        ),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Trace a number down to the sources that carry it, or a source up to what hangs on it."""
    game = game_in(case)
    if path is None:
        from foedus.reporting.trace_listing import listing

        known = listing(game)
        if as_json:
            tell_json(known.to_dict())
        else:
            tell(known.blocks())
        return
    from foedus.tracing.solve import why as trace

    with (
        needs("forecast", "A number of likelihood"),
        sensible(game.case.file),
        progress(quiet=quiet) as told,
    ):
        found = trace(
            game,
            path,
            draws=draws,
            seed=seed,
            workers=workers or cores(),
            depth=depth,
            progress=told,
        )
    if as_json:
        tell_json(found.to_dict())
    else:
        tell(found.blocks())
