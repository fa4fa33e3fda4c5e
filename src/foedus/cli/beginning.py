"""The command that begins a case: ``new``."""

from __future__ import annotations

from shlex import quote
from typing import Annotated, Any

import typer

from foedus.case.problems import CaseError, Problem, listed, nearest, shown
from foedus.cli.options import Force
from foedus.cli.output import Output, tell


def _kind(given: Any) -> str:
    """The id of a kind of question. Raises CaseError."""
    from foedus.starters import kinds

    kind, known = str(given).strip().lower(), kinds()
    if kind not in known:
        problem = Problem(f"no kind {shown(kind)}", None, listed(known), nearest(kind, known))
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
            help="What kind of question it is. Without it, the kinds are listed, and the plainest "
            "is written.",
            show_default=False,
        ),
    ] = None,
    force: Force = False,
) -> None:
    """Begin a case: write a short commented one, of the kind of your question, to be changed."""
    from foedus.reporting.beginning import kinds_blocks, next_steps_blocks
    from foedus.starters import PLAINEST, kinds, starter

    to = Output(file, "FILE", [], replace=force, as_json=False)
    to.write(starter(kind or PLAINEST))
    if not to.printed:
        listing = () if kind else kinds_blocks(kinds(), PLAINEST)
        tell((*listing, *next_steps_blocks(quote(file))))
