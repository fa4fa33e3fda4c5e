"""Commands about a case itself: ``check``, ``arrangements``, ``import`` and ``schema``."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from foedus.case.problems import CaseError, Problem
from foedus.cli.options import AsJson, CaseFile, Force, game_in
from foedus.cli.output import Output, tell, tell_answer, tell_beside, tell_json, tell_text


def check(case: CaseFile, as_json: AsJson = False) -> None:
    """Check a case, and sum up what it holds."""
    try:
        game = game_in(case)
    except CaseError as error:
        if as_json:
            tell_json(_problems_data(error))
        raise
    from foedus.reporting.case_summary import Check

    tell_answer(Check(game), as_json=as_json)


def _problems_data(error: CaseError) -> dict[str, Any]:
    return {
        "ok": False,
        "file": error.file,
        "problems": [
            {
                "line": problem.place.line if problem.place else None,
                "column": problem.place.column if problem.place else None,
                "message": problem.message,
                "expected": problem.expected,
                "nearest": problem.nearest,
            }
            for problem in error.problems
        ],
        "notices": list(map(str, error.notices)),
    }


def arrangements(case: CaseFile, as_json: AsJson = False) -> None:
    """List the arrangements: which are possible, who can make them, which rules exclude others."""
    game = game_in(case)
    from foedus.process.holding import acceptance_if_known
    from foedus.reporting.case_arrangements import arrangements_blocks, arrangements_data

    accepted = acceptance_if_known(game)
    makers = None if accepted is None else {a: accepted[a].makers for a in game.case.arrangements}
    if as_json:
        tell_json(arrangements_data(game, makers))
    else:
        tell(arrangements_blocks(game, makers))


def _format_named(name: Any) -> str:
    """The name of a format. Raises CaseError."""
    from foedus.case.importers.registry import importer_named

    return importer_named(str(name), "--from").name


def _formats(wanted: bool) -> None:
    if wanted:
        from foedus.reporting.formats import formats_blocks

        tell(formats_blocks())
        raise typer.Exit


def import_(
    file: Annotated[
        str,
        typer.Argument(metavar="FILE", help="A file of another program.", show_default=False),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="CASE",
            help="The case file to write, whole or not at all; without it, or with -, the case "
            "is printed.",
            show_default=False,
        ),
    ] = None,
    force: Force = False,
    name: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="NAME",
            parser=_format_named,
            help="The format of the file, where its suffix and its content do not tell.",
            show_default=False,
        ),
    ] = None,
    formats: Annotated[
        bool,
        typer.Option(
            "--formats",
            metavar="",
            help="List the formats: what a case has of each, and what is left out.",
            callback=_formats,
            is_eager=True,
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a case file of another program's file."""
    from foedus.case.writing import case_yaml
    from foedus.loading import imported

    to = None
    if output is not None:
        to = Output(output, "--output", [file], replace=force, as_json=as_json)
    data, notices = imported(file, name)
    text = _readable(case_yaml(data), file)
    tell_beside(f"{file}: note: {notice}" for notice in notices)
    if to is not None:
        to.write(text)
    if as_json:
        tell_json({"file": output, "case": dict(data), "notices": list(notices)})
    elif output is None:
        tell_text(text)


def schema() -> None:
    """Print the JSON Schema of case files, for editors."""
    from foedus.case.schema import json_schema

    tell_json(json_schema(), indent=2)


def _readable(text: str, file: str) -> str:
    """The text of a case made of ``file``, once it is sure that it can be read again."""
    from foedus.case.reading import parse_case
    from foedus.preferences.games import game_of

    try:
        game_of(parse_case(text, "<case>"))
    except CaseError as error:
        raise CaseError(
            [Problem(f"as a case file it could not be used: {p.text}") for p in error.problems],
            file,
        ) from None
    return text
