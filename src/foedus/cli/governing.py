"""The command on governments: ``coalition``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foedus.case.problems import CaseError, Problem
from foedus.cli.options import AsJson, Force, case_in
from foedus.cli.output import Output, tell, tell_answer, tell_beside, tell_json
from foedus.cli.values import whole_number

if TYPE_CHECKING:
    from foedus.coalition.opportunity import Opportunity

TABLES = (".csv", ".xlsx", ".tsv", ".txt")
MOST_SEATS = 1_000_000


def coalition(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILES",
            help="A table of parties (CSV or XLSX), or a CASE; or the tables of many chambers: "
            "opportunities, parties, history, pairs.",
            show_default=False,
        ),
    ],
    *,
    majority: Annotated[
        int | None,
        typer.Option(
            "--majority",
            metavar="N",
            parser=whole_number(1, MOST_SEATS),
            help="So many seats suffice. [default: more than half of all]",
            show_default=False,
        ),
    ] = None,
    most: Annotated[
        int,
        typer.Option(
            "--list",
            metavar="N",
            parser=whole_number(1, 200),
            help="List so many coalitions with --json, and the likeliest of them in --case.",
        ),
    ] = 200,
    case: Annotated[
        str | None,
        typer.Option(
            "--case",
            metavar="FILE",
            help="Write a case file of the chamber: rights, worths and the caretaker.",
            show_default=False,
        ),
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Say which coalitions are likely to govern, who would refuse each, and why."""
    to = None if case is None else Output(case, "--case", files, replace=force, as_json=as_json)
    if len(files) == 1 and Path(files[0]).suffix.casefold() in TABLES:
        _one(files[0], majority, most, to, as_json=as_json)
        return
    model = case_in(files[0]) if len(files) == 1 else None
    for given, option in ((majority, "--majority"), (case, "--case")):
        if given is not None:
            raise CaseError([Problem("it is for one table of parties")], option)
    if model is None:
        _many(files, most, as_json=as_json)
    else:
        from foedus.coalition.from_case import governments_of

        tell_answer(governments_of(model), as_json=as_json)


def _many(files: list[str], most: int, *, as_json: bool) -> None:
    from foedus.coalition.opportunities import read_opportunities
    from foedus.coalition.solve import distribution

    found = [distribution(each, most) for each in read_opportunities(files)]
    if as_json:
        tell_json(found)
    else:
        from foedus.reporting.many_governments import many_blocks

        tell(many_blocks(found))


def _one(file: str, majority: int | None, most: int, to: Output | None, *, as_json: bool) -> None:
    from foedus.coalition.analyst import read_chamber
    from foedus.coalition.solve import governments

    read = read_chamber(file, majority)
    if to is not None:
        to.write(_case_text(read.opportunity, most))
        if to.printed:
            return
    found = governments(read.opportunity, most, columns=read.columns, notes=read.notes)
    tell_answer(found, as_json=as_json)


def _case_text(chamber: Opportunity, most: int) -> str:
    from datetime import date

    from foedus.case.writing import case_yaml
    from foedus.coalition.as_case import MOST_IN_CASE, case_data

    every = 2 ** len(chamber.parties) - 1
    listed = min(most, MOST_IN_CASE)
    if listed < every:
        tell_beside([f"--case: the likeliest {listed} of {every:,} coalitions stand in the case"])
    data: dict[str, Any] = case_data(chamber, date.today(), listed)
    return case_yaml(data)
