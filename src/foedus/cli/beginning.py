"""The command that begins a case: ``new``."""

from __future__ import annotations

from shlex import quote
from typing import Annotated, Any

import typer

from foedus.case.problems import CaseError, Problem, listed, nearest, shown
from foedus.cli.options import Force
from foedus.cli.output import Output, tell
from foedus.starters import PLAINEST, ids, questions, starter


def _kind(given: Any) -> str:
    """The id of a kind of question. Raises CaseError."""
    kind = str(given).strip().lower()
    if kind not in ids():
        problem = Problem(f"no kind {shown(kind)}", None, listed(ids()), nearest(kind, ids()))
        raise CaseError([problem], "--kind")
    return kind


def new(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="The case file to write; - prints it.", show_default=False
        ),
    ],
    kind: Annotated[
        Any,
        typer.Option(
            "--kind",
            metavar="KIND",
            parser=_kind,
            help=f"What kind of question it is: {listed(ids())}. Without it the kinds are listed, "
            f"and the plainest, {PLAINEST}, is written.",
            show_default=False,
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Begin a case: write a short commented one, of the kind of your question, to be changed."""
    from foedus.reporting.beginning import kinds_blocks, next_steps_blocks

    to = Output(file, "FILE", [], replace=force, as_json=False)
    to.write(starter(kind or PLAINEST))
    if not to.printed:
        listing = () if kind else kinds_blocks(questions(), PLAINEST)
        tell((*listing, *next_steps_blocks(quote(file))))
