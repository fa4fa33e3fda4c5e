"""The command that asks several judges of one case: ``judges``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foedus.case.problems import CaseError, Problem
from foedus.cli.changing import setting
from foedus.cli.foresight import progress, sensible
from foedus.cli.options import (
    AsJson,
    CaseFile,
    Effort,
    Force,
    NoForecast,
    case_in,
    tell_notices,
    with_effort,
)
from foedus.cli.output import Output, tell, tell_answer, tell_json
from foedus.cli.values import refuse_twice

if TYPE_CHECKING:
    from foedus.case.edit import Value


def _judge(name: Any) -> str:
    """The name of a judge. Raises CaseError."""
    from foedus.case.judge_files import judge_name

    return judge_name(str(name))


@with_effort()
def judges(
    case: CaseFile,
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE]...",
            help="The judges' files; without any, those beside the case: NAME.judge-ANNA.yaml.",
            show_default=False,
        ),
    ] = None,
    *,
    effort: Effort,
    no_forecast: NoForecast = False,
    questions: Annotated[
        bool,
        typer.Option(
            "--questions",
            metavar="",
            help="Ask instead: every judgement as a question, with its scale and its reasons.",
        ),
    ] = False,
    judge: Annotated[
        Any,
        typer.Option(
            "--as",
            metavar="NAME",
            parser=_judge,
            help="Write instead a judge's file beside the case, with what --set says.",
            show_default=False,
        ),
    ] = None,
    settings: Annotated[
        list[Any] | None,
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            parser=setting,
            help="With --as: what this judge judges otherwise, such as "
            "preferences.north.worth.toll-income=40; may be given several times.",
            show_default=False,
        ),
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Say where several judges of one case differ, and whether the answer depends on it."""
    if judge is None and settings:
        raise CaseError([Problem("it is given without `--as`: whose is it?")], "--set")
    if judge is not None:
        _write(case, judge, settings or [], force=force)
    elif questions:
        _ask(case, as_json=as_json)
    else:
        _compare(case, files or [], effort, forecast=not no_forecast, as_json=as_json)


def _compare(case: str, files: list[str], effort: Effort, *, forecast: bool, as_json: bool) -> None:
    from foedus.case.reading import parse_case
    from foedus.several_judges import files_of, own_text
    from foedus.several_judges import judges as compared

    first = parse_case(own_text(case), case)
    tell_notices(first)
    named = files_of(case, files)
    for path in map(str, named.values()):
        tell_notices(parse_case(own_text(path), path), known=first.notices)
    with sensible(case), progress(quiet=effort.quiet) as told:
        found = compared(
            case,
            named,
            draws=effort.draws if forecast else 0,
            seed=effort.seed,
            workers=effort.processes,
            scheduler=effort.scheduler,
            progress=told,
        )
    tell_answer(found, as_json=as_json)


def _ask(case: str, *, as_json: bool) -> None:
    """Print every judgement of a case as a question."""
    from foedus.reporting.elicited import question_blocks, questions_about

    asked = questions_about(case_in(case))
    if as_json:
        tell_json({"questions": [each.to_dict() for each in asked]})
    else:
        tell(tuple(block for each in asked for block in question_blocks(each)))


def _write(case: str, judge: str, settings: list[tuple[str, Value]], *, force: bool) -> None:
    """Write what a judge judges otherwise into a file beside the case."""
    from foedus.case.judge_files import judge_path
    from foedus.case.reading import parse_case
    from foedus.sensitivity.judging.texts import judge_text
    from foedus.several_judges import own_text

    refuse_twice((name for name, _ in settings), "--set")
    text = own_text(case)
    first = case_in(case)
    path = judge_path(case, judge)
    to = Output(str(path), "--as", [case], replace=force, as_json=False)
    try:
        written = judge_text(text, judge, settings, case)
    except CaseError as error:
        # Lines and columns would be those of a text that nobody has seen.
        raise CaseError([replace(p, place=None) for p in error.problems], "--set") from None
    to.write(written)
    tell_notices(parse_case(written, str(path)), known=first.notices)
