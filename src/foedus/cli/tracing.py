"""The command ``trace``: from a number to its sources, and from a source to what depends on it."""

from __future__ import annotations

from typing import Annotated

import typer

from foedus.cli.foresight import at_work, sensible
from foedus.cli.options import AsJson, CaseFile, Effort, game_in, with_effort
from foedus.cli.output import tell_answer
from foedus.cli.values import whole_number


@with_effort(
    500, least=0, told="So many draws for the numbers of likelihood; 0 shows no such number."
)
def trace(
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
    *,
    effort: Effort,
    depth: Annotated[
        int | None,
        typer.Option(
            "--depth",
            metavar="N",
            parser=whole_number(1, 1_000),
            help="Go so many levels deep. [default: as suits what is asked]",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Trace a number down to the sources that carry it, or a source up to what depends on it."""
    game = game_in(case)
    if path is None:
        from foedus.reporting.tracing import listing

        tell_answer(listing(game), as_json=as_json)
        return
    from foedus.tracing.solve import why as solve

    with sensible(game.case.file), at_work(effort) as crew:
        found = solve(game, path, draws=effort.draws, seed=effort.seed, workers=crew, depth=depth)
    tell_answer(found, as_json=as_json)
