"""The command that sets two cases beside each other: ``diff``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from foedus.cli.foresight import Draws, Effort, Quiet, Seed, WorkerCount, progress, sensible
from foedus.cli.options import AsJson, tell_notices
from foedus.cli.output import tell, tell_beside, tell_json
from foedus.render.extra import needs


def diff(
    old: Annotated[
        str,
        typer.Argument(metavar="OLD", help="A case file, or a .gmcr file.", show_default=False),
    ],
    new: Annotated[
        str,
        typer.Argument(metavar="NEW", help="The case beside it.", show_default=False),
    ],
    draws: Draws = 1_000,
    seed: Seed = 1,
    workers: WorkerCount = None,
    share: Annotated[
        float,
        typer.Option(
            "--share",
            metavar="P",
            help="The smallest set of differences is sought that accounts for this share (0 to 1).",
        ),
    ] = 0.8,
    no_forecast: Annotated[
        bool, typer.Option("--no-forecast", metavar="", help="Say what differs, and no more.")
    ] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Say what differs between two cases, and what each difference does to the answers."""
    texts = _read(old), _read(new)
    with needs("forecast", "A comparison"):
        from foedus.sensitivity.comparing.solve import compare

    effort = Effort(draws, seed, workers, quiet=quiet)
    with sensible("<options>"), progress(quiet=quiet) as told:
        found = compare(
            texts[0],
            texts[1],
            draws=0 if no_forecast else draws,
            seed=seed,
            workers=effort.processes,
            share=share,
            progress=told,
            names=(old, new),
        )
    if as_json:
        tell_json(found.to_dict())
    else:
        tell(found.blocks())


def _read(path: str) -> str | Mapping[str, Any]:
    """The text of a case file, or the plain data that a graph model is imported as."""
    from foedus.case.files import read_text_file
    from foedus.case.gmcr import SIZE_LIMIT, gmcr_data
    from foedus.case.reading import parse_case
    from foedus.case.strict_json import read_json

    if Path(path).suffix.lower() != ".gmcr":
        text = read_text_file(Path(path))
        tell_notices(parse_case(text, path))
        return text
    data, notices = gmcr_data(
        read_json(path, limit=SIZE_LIMIT), title=Path(path).stem or "Graph model", file=path
    )
    tell_beside(f"{path}: note: {notice}" for notice in notices)
    return data
