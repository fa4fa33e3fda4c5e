"""The command that answers many cases, or many what-ifs, in one table: ``batch``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from foedus.case.problems import CaseError, Problem
from foedus.cli.foresight import progress, sensible
from foedus.cli.options import AsJson, Effort, Force, with_effort
from foedus.cli.output import Output, tell, tell_json

FORMS = (".csv", ".xlsx")


@with_effort()
def batch(
    given: Annotated[
        str,
        typer.Argument(
            metavar="FOLDER|TABLE",
            help="A folder of cases; or a table of what-ifs (CSV or XLSX): a column for each value "
            "that is set, a row for each what-if.",
            show_default=False,
        ),
    ],
    output: Annotated[
        str,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The table to write, one row an answer (.csv or .xlsx); - prints it as CSV.",
            show_default=False,
        ),
    ],
    case: Annotated[
        str | None,
        typer.Option(
            "--case",
            metavar="CASE|FOLDER",
            help="The case that the what-ifs are of, or a folder of cases, each with all of them.",
            show_default=False,
        ),
    ] = None,
    grid: Annotated[
        bool,
        typer.Option("--grid", metavar="", help="Ask every combination of the columns' values."),
    ] = False,
    *,
    effort: Effort,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Answer many cases or many what-ifs in one table; a run that was ended goes on from there."""
    from foedus.many_cases import batch as solve

    if case == "":
        raise CaseError([Problem("it names no file", expected="a case, or a folder")], "--case")
    inputs = [given, *([case] if case else [])]
    to = Output(output, "--output", inputs, replace=force, as_json=as_json)
    form = Path(output).suffix.casefold()
    if not to.printed and form not in FORMS:
        problem = Problem("it has no ending known here", expected=", ".join(FORMS))
        raise CaseError([problem], "--output")
    with sensible(given), progress(quiet=effort.quiet) as told:
        found = solve(
            given,
            case,
            grid=grid,
            draws=effort.draws,
            seed=effort.seed,
            workers=effort.processes,
            scheduler=effort.scheduler,
            progress=told,
        )
    from foedus.sheets.rows import csv_text, workbook

    if form == ".xlsx":
        to.write(workbook("answers", found.columns, found.table(), "--output"))
    else:
        to.write(csv_text(found.columns, found.table()))
    if as_json:
        tell_json({"file": output, **found.to_dict()})
    elif not to.printed:
        tell(found.blocks())
