"""The command that sets two cases beside each other: ``diff``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from foedus.cli.foresight import progress, sensible
from foedus.cli.options import AsJson, Effort, NoForecast, tell_notices, with_effort
from foedus.cli.output import tell_answer, tell_beside
from foedus.cli.values import part_of_one


@with_effort(1_000)
def diff(
    old: Annotated[
        str,
        typer.Argument(
            metavar="OLD", help="A case file, or a file that foedus imports.", show_default=False
        ),
    ],
    new: Annotated[
        str,
        typer.Argument(metavar="NEW", help="The case beside it.", show_default=False),
    ],
    *,
    effort: Effort,
    share: Annotated[
        float,
        typer.Option(
            "--share",
            metavar="P",
            parser=part_of_one(with_one=True),
            help="The smallest set of differences is sought that accounts for this share (0 to 1).",
        ),
    ] = 0.8,
    no_forecast: NoForecast = False,
    as_json: AsJson = False,
) -> None:
    """Say what differs between two cases, and what each difference does to the answers."""
    texts = _read(old), _read(new)
    from foedus.sensitivity.comparing.solve import compare

    with sensible("<options>"), progress(quiet=effort.quiet) as told:
        found = compare(
            texts[0],
            texts[1],
            draws=0 if no_forecast else effort.draws,
            seed=effort.seed,
            workers=effort.processes,
            share=share,
            progress=told,
            names=(old, new),
        )
    tell_answer(found, as_json=as_json)


def _read(path: str) -> str | Mapping[str, Any]:
    """The text of a case file, or the plain data that another program's file is imported as."""
    from foedus.case.reading import parse_case
    from foedus.loading import imported, text_of_case

    text = text_of_case(path)
    if text is not None:
        tell_notices(parse_case(text, path))
        return text
    data, notices = imported(path)
    tell_beside(f"{path}: note: {notice}" for notice in notices)
    return data
