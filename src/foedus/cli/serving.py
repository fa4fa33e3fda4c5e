"""The command that opens the workbench: ``serve``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foedus.case.problems import CaseError, Problem
from foedus.cli.options import WorkerCount
from foedus.cli.output import tell_text
from foedus.cli.values import MOST_PORT, address, whole_number
from foedus.machine import cores
from foedus.render.extra import needs


def serve(
    opened: Annotated[
        str,
        typer.Argument(
            metavar="CASE|FOLDER",
            help="A case file, or a folder of them; an empty one opens on how to begin.",
        ),
    ] = ".",
    host: Annotated[
        str,
        typer.Option(
            "--host",
            metavar="ADDRESS",
            parser=address,
            help="Where it is found. Elsewhere than on this machine a token is demanded.",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int | None,
        typer.Option(
            "--port",
            metavar="N",
            parser=whole_number(0, MOST_PORT),
            help="The port; 0 takes any that is free. [default: 8642, or any that is free]",
            show_default=False,
        ),
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", metavar="", help="Open no browser.")
    ] = False,
    workers: WorkerCount = None,
) -> None:
    """Open the workbench in the browser: argue with a case, and edit it, on this machine."""
    with needs("workbench", "The workbench"):
        from foedus.web.serving import CannotServe
        from foedus.web.serving import serve as start
    from foedus.web.store import NotHere

    try:
        start(
            Path(opened),
            host=host,
            port=port,
            workers=workers or cores(),
            browser=not no_browser,
            tell=lambda line: tell_text(f"{line}\n"),
        )
    except NotHere as error:
        raise CaseError([Problem(str(error))], opened) from None
    except CannotServe as error:
        raise CaseError([Problem(str(error))], error.option) from None
