"""The command that forecasts ordered issues from stances: ``bargain``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from foedus.case.problems import CaseError, Problem
from foedus.cli.options import AsJson, Force, tell_notices
from foedus.cli.output import Output, tell, tell_answer, tell_json
from foedus.cli.values import names_in, refuse_twice

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from foedus.bargaining.issue import OrderedIssue
    from foedus.bargaining.results import Bargain
    from foedus.bargaining.tables.tidy import Beside
    from foedus.case.model import Case

CASE_SUFFIXES = (".yaml", ".yml")


def _model(name: Any) -> str:
    """The name of a model, ``best`` or ``all``. Raises CaseError."""
    from foedus.bargaining.solve import models_asked
    from foedus.case.problems import UnknownName

    try:
        models_asked(str(name))
    except UnknownName as error:
        raise CaseError([Problem(str(error))], "--model") from None
    return str(name)


def _reading(text: Any) -> tuple[str, str, str]:
    """A model, an option and its value in ``challenge.Q=0.5``. Raises CaseError."""
    from foedus.bargaining.registry import model_named
    from foedus.case.problems import UnknownName

    name, _, value = str(text).partition("=")
    model, _, option = name.partition(".")
    try:
        if not value or not option:
            expected = "MODEL.OPTION=VALUE, such as challenge.Q=0.5"
            raise CaseError([Problem(f"{str(text)!r} sets nothing", None, expected)], "--set")
        model_named(model).chosen({option: value})
    except (UnknownName, ValueError) as error:
        if isinstance(error, CaseError):
            raise
        raise CaseError([Problem(str(error))], "--set") from None
    return model, option, value


def _form(name: Any) -> str:
    """The name of a form of tables. Raises CaseError."""
    from foedus.bargaining.tables.registry import NAMES

    if str(name) not in NAMES:
        names_in(str(name), NAMES, "form of table", "--from")
        raise CaseError([Problem("one form of table is needed")], "--from")
    return str(name)


def _to(name: Any) -> str:
    """The form that ``--to`` writes. Raises CaseError."""
    try:
        return _form(name)
    except CaseError as error:
        raise CaseError(error.problems, "--to") from None


def _scale(text: Any) -> tuple[float, float]:
    """The two ends of a scale in ``0,100``. Raises CaseError."""
    ends = [_number(part) for part in str(text).split(",")]
    if len(ends) != 2 or not ends[0] < ends[1]:
        expected = "two numbers, the lower one first, such as 0,100"
        raise CaseError([Problem(f"no scale {str(text)!r}", None, expected)], "--scale")
    return ends[0], ends[1]


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return float("nan")
    return value if abs(value) < 1e300 else float("nan")


def bargain(
    case: Annotated[
        str,
        typer.Argument(
            metavar="CASE",
            help="A case with ordered issues and stances (.yaml), or a table of stances.",
            show_default=False,
        ),
    ],
    model: Annotated[
        Any,
        typer.Option("--model", metavar="NAME", parser=_model, help="A model, `best` or `all`."),
    ] = "best",
    issues: Annotated[
        str | None,
        typer.Option(
            "--issues",
            metavar="FILE",
            help="A table of the issues: periods, scales, reference points.",
            show_default=False,
        ),
    ] = None,
    capabilities: Annotated[
        str | None,
        typer.Option(
            "--capabilities",
            metavar="FILE",
            help="A table of the actors' capabilities, by period where they change.",
            show_default=False,
        ),
    ] = None,
    lisbon: Annotated[
        str | None,
        typer.Option(
            "--lisbon",
            metavar="PERIOD",
            help="The period whose capabilities count from 1 November 2014 on. [default: nice]",
            show_default=False,
        ),
    ] = None,
    scale: Annotated[
        Any,
        typer.Option(
            "--scale",
            metavar="LOW,HIGH",
            parser=_scale,
            help="The scale of issues of which the table says none. [default: 0,100]",
            show_default=False,
        ),
    ] = "0,100",
    settings: Annotated[
        list[Any] | None,
        typer.Option(
            "--set",
            metavar="MODEL.OPTION=VALUE",
            parser=_reading,
            help="Another reading of a model, such as challenge.Q=0.5; may be given several times.",
            show_default=False,
        ),
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option(
            "--explain",
            metavar="ISSUE",
            help="Say of one issue who pulled where and how much, and the rounds that it went.",
            show_default=False,
        ),
    ] = None,
    form: Annotated[
        Any,
        typer.Option(
            "--from",
            metavar="FORM",
            parser=_form,
            help="The form of the table: csv, ktab-csv, ktab-xml, decide or xlsx. [default: told "
            "by the file]",
            show_default=False,
        ),
    ] = None,
    to: Annotated[
        Any,
        typer.Option(
            "--to",
            metavar="FORM",
            parser=_to,
            help="Write the stances in this form instead, to --output or the terminal.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="Write the stances to this file instead, in the form of --to or of its suffix.",
            show_default=False,
        ),
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Forecast ordered issues from stances: where each ends up, how sure that is, and why."""
    refuse_twice((f"{name}.{option}" for name, option, _ in settings or ()), "--set")
    of_tables = {"--issues": issues, "--capabilities": capabilities, "--lisbon": lisbon}
    given = {option: value for option, value in of_tables.items() if value is not None}
    inputs = [case, *(path for path in (issues, capabilities) if path)]
    target = None
    if to is not None or output is not None:
        target = Output(
            "-" if output is None else output, "--output", inputs, replace=force, as_json=as_json
        )
        to = to or _form_of(str(output))
    options: dict[str, dict[str, object]] = {}
    for name, option, value in settings or ():
        options.setdefault(name, {})[option] = value
    held: Any
    if _is_case(case, form):
        held = _case(case, {**given, **({} if form is None else {"--from": form})}, explain)
    else:
        from foedus.bargaining.tables.registry import read_stances

        tables = _beside(issues, capabilities, lisbon or "nice", scale)
        held = read_stances(Path(case), form, tables if given else None, scale)
    if target is not None:
        target.write(_written(held, str(to)))
        return
    from foedus.bargaining.solve import bargain as solve

    found = solve(held, model, options)
    if explain is not None:
        _explain(found, explain, as_json=as_json)
    elif as_json:
        tell_json(found.to_dict()["predictions"])
    else:
        tell_answer(found, as_json=False)


def _is_case(path: str, form: str | None) -> bool:
    """Whether a file is a case, by its suffix or as one that is imported."""
    from foedus.case.importers.registry import importer_for

    if Path(path).suffix.lower() in CASE_SUFFIXES:
        return True
    return form is None and importer_for(Path(path)) is not None


def _case(path: str, for_tables: Mapping[str, str], explain: str | None) -> Case:
    """A case whose issues are forecast. Raises CaseError."""
    from foedus.case.problems import UnknownName
    from foedus.loading import read

    for option in for_tables:
        message = f"it goes with a table of stances, and {path} is a case"
        raise CaseError([Problem(message)], option)
    case = read(path)
    tell_notices(case)
    if explain is not None and explain not in case.issues:
        raise CaseError([Problem(str(UnknownName("issue", explain, case.issues)))], "--explain")
    return case


def _beside(
    issues: str | None, capabilities: str | None, after_2014: str, scale: tuple[float, float]
) -> Beside:
    """What the tables of issues and capabilities say. Raises CaseError."""
    from foedus.bargaining.tables.tidy import Beside, capability_table, issue_facts
    from foedus.case.files import read_text_file

    facts = strong = None
    if issues is not None:
        facts = issue_facts(read_text_file(Path(issues), "a table of issues"), issues, scale)
    if capabilities is not None:
        text = read_text_file(Path(capabilities), "a table of capabilities")
        strong = capability_table(text, capabilities)
    return Beside(facts, strong, after_2014, scale)


def _form_of(output: str) -> str:
    """The form of table that the suffix of a file asks for; the plain one for others."""
    suffixes = {".csv": "csv", ".txt": "decide", ".xml": "ktab-xml", ".xlsx": "xlsx"}
    return suffixes.get(Path(output).suffix.lower(), "csv")


def _written(held: Case | Sequence[OrderedIssue], to: str) -> str | bytes:
    """The stances of a case or a table in a form of tables. Raises CaseError."""
    from foedus.bargaining.of_case import ordered_issues
    from foedus.bargaining.tables.registry import stances_format
    from foedus.case.model import Case

    if isinstance(held, Case):
        held = ordered_issues(held)
    try:
        return stances_format(to).write(held)
    except ValueError as error:
        if isinstance(error, CaseError):
            raise
        raise CaseError([Problem(str(error))], "--to") from None


def _explain(found: Bargain, issue: str, *, as_json: bool) -> None:
    from foedus.case.problems import UnknownName

    try:
        if as_json:
            tell_json(_pulls_data(found, issue))
        else:
            tell(found.explain(issue).blocks)
    except UnknownName as error:
        raise CaseError([Problem(str(error))], "--explain") from None


def _pulls_data(found: Bargain, issue: str) -> list[dict[str, Any]]:
    from dataclasses import asdict

    from foedus.bargaining.solve import pulls

    return [
        {**each.to_dict(), "pulls": [asdict(pull) for pull in pulls(found, each)]}
        for each in found.of(issue)
    ]
