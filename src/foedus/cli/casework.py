"""Commands about a case itself: check, space, arrangements, import, upgrade and schema."""

from __future__ import annotations

from codecs import BOM_UTF8
from pathlib import Path
from typing import Annotated, Any

import typer

from foedus.case.problems import CaseError, Problem
from foedus.cli.options import AsJson, CaseFile, Force, Seed, game_in, tell_notices
from foedus.cli.output import (
    FOUND,
    Output,
    tell,
    tell_answer,
    tell_beside,
    tell_json,
    tell_problems,
    tell_text,
)
from foedus.cli.values import names_in, whole_number


def _slips_in(text: Any) -> tuple[str, ...]:
    """The slips named in ``unusable-right,quarrel``. Raises CaseError."""
    from foedus.slips.search import FAIL_ON

    return names_in(text, FAIL_ON, "slip", "--fail-on")


def check(
    case: CaseFile,
    fail_on: Annotated[
        Any,
        typer.Option(
            "--fail-on",
            metavar="LIST",
            parser=_slips_in,
            help="Exit with 1 when there may be such slips: kinds joined by commas, or warning or "
            "any.",
            show_default=False,
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a case, sum up what it holds, and say what may be a slip."""
    from foedus.reporting.case_summary import check_of
    from foedus.reporting.slips import slip_told

    try:
        found = check_of(game_in(case))
    except CaseError as error:
        if as_json:
            tell_json(_problems_data(error))
        raise
    tell_answer(found, as_json=as_json)
    if failing := found.slips.failing(fail_on or ()):
        problems = [
            Problem(f"{each.kind}: {each.name}: {slip_told(found.case, each).text}", each.place)
            for each in failing
        ]
        tell_problems(CaseError(problems, found.case.file))
        raise typer.Exit(FOUND)


def space(
    case: CaseFile,
    sample: Annotated[
        int,
        typer.Option(
            "--sample",
            metavar="N",
            parser=whole_number(0, 1_000_000),
            help="Draw so many of the states at random, all equally likely.",
        ),
    ] = 0,
    seed: Seed = 1,
    as_json: AsJson = False,
) -> None:
    """Count the states that the rules allow without listing them, and draw some of them."""
    from foedus.game.space.counting import counted_space
    from foedus.loading import read

    found = read(case)
    tell_notices(found)
    tell_answer(counted_space(found, sample, seed), as_json=as_json)


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
    from foedus.process.makers import makers_by_arrangement
    from foedus.reporting.case_arrangements import arrangements_blocks, arrangements_data

    makers = makers_by_arrangement(game)
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


def upgrade(
    case: CaseFile,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write to this file, or print with -, and leave CASE as it is.",
            show_default=False,
        ),
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Rewrite a case file in today's words, in place; comments, order and layout stay."""
    from foedus.case.places import Place
    from foedus.case.upgrade import upgraded
    from foedus.loading import text_of_case
    from foedus.whole_files import write_whole

    to = None
    if output is not None:
        to = Output(output, "--output", [case], replace=force, as_json=as_json)
    text = text_of_case(case)
    if text is None:
        problem = Problem("this is no case file", None, "one; `foedus import` makes a case of it")
        raise CaseError([problem], case)
    mark = "\ufeff" if Path(case).read_bytes().startswith(BOM_UTF8) else ""
    found = upgraded(mark + text, case)
    start = Place(0, 0)
    told = [(c.place or start, c.message) for c in found.changes]
    tell_beside(f"{case}:{place.line}:{place.column}: {message}" for place, message in told)
    if not found.changes:
        tell_beside([f"{case}: nothing to change"])
    if to is not None:
        to.write(found.text)
    elif found.changes:
        write_whole(case, found.text)
        tell_beside([f"written: {case}"])
    if as_json:
        changes = [{"line": p.line, "column": p.column, "change": message} for p, message in told]
        tell_json({"file": output or case, "changes": changes})


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
