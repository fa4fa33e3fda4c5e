"""Commands on evidence: ``evidence ach``, ``evidence bayes``, ``evidence audit``."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from foedus.case.aliases import with_old_names
from foedus.case.problems import CaseError, Problem, listed, nearest, notice_lines, shown
from foedus.case.spelling import as_known
from foedus.cli.commands import Command, Commands
from foedus.cli.foresight import at_work, forecast_in, sensible
from foedus.cli.options import AsJson, CaseFile, Effort, Force, case_in, count, with_effort
from foedus.cli.output import (
    FOUND,
    Output,
    tell,
    tell_answer,
    tell_beside,
    tell_json,
    tell_problems,
)
from foedus.cli.values import names_in, numbers_in

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from foedus.case.model import Case
    from foedus.evidence.ablation import LeaveOneOut
    from foedus.evidence.analysts import Analysts
    from foedus.evidence.audit_findings import Finding
    from foedus.evidence.competing import Ach
    from foedus.evidence.scoring import Marks


def _kinds_in(text: Any) -> tuple[str, ...]:
    """The findings named in ``stale,unused``. Raises CaseError."""
    from foedus.evidence.audit import FAIL_ON

    return names_in(text, FAIL_ON, "finding", "--fail-on")


@with_effort(1_000, told="For --leave-out: forecast so often.")
def audit(
    case: CaseFile,
    *,
    fail_on: Annotated[
        Any,
        typer.Option(
            "--fail-on",
            metavar="LIST",
            parser=_kinds_in,
            help="Exit with 1 when such findings stand: criteria joined by commas, or error, "
            "warning or any.",
            show_default=False,
        ),
    ] = None,
    leave_out: Annotated[
        Literal["none", "items", "origins"],
        typer.Option(
            "--leave-out",
            help="Leave out each item, or all of each origin, and say how far the answers move.",
        ),
    ] = "none",
    effort: Effort,
    stale_after: Annotated[
        int, count("--stale-after", "YEARS", 1, "Reports and polls older are stale.", 1_000)
    ] = 5,
    as_json: AsJson = False,
) -> None:
    """Look for weak spots: what names no reason, source, grade or date, and what depends on one."""
    read = case_in(case)
    from foedus.evidence.audit import audit as solve

    found = solve(read, stale_after)
    ablation = None
    if leave_out != "none":
        ablation = _leave_one_out_of(read, leave_out, effort)
    if as_json:
        without = {"leave_one_out": ablation.to_dict() if ablation else None}
        tell_json({**found.to_dict(), **with_old_names(without, leave_one_out="strikes")})
    else:
        from foedus.document import Section

        depends = (Section("What the answers depend on", ablation.blocks()),) if ablation else ()
        tell([*found.blocks(), *depends])
    if failing := found.failing(fail_on or ()):
        problems = [Problem(_failing_told(each), each.place) for each in failing]
        tell_problems(CaseError(problems, read.file))
        raise typer.Exit(FOUND)


def _failing_told(finding: Finding) -> str:
    return ": ".join(part for part in (finding.kind, finding.name, finding.message) if part)


def _leave_one_out_of(
    case: Case, units: Literal["items", "origins"], effort: Effort
) -> LeaveOneOut:
    """Leave evidence out of a case, and show how far it is. Raises CaseError, `MissingExtra`."""
    from foedus.evidence.ablation import leave_one_out

    with sensible(case.file), at_work(effort) as crew:
        return leave_one_out(case, units=units, draws=effort.draws, seed=effort.seed, workers=crew)


app = typer.Typer(
    name="evidence",
    help="Ask on what evidence the answers stand, and how well.",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


# --- competing hypotheses -----------------------------------------------------------------------


@app.command("ach", cls=Command)
def ach(
    case: CaseFile,
    scoring: Annotated[
        Literal["heuer", "parc", "open-synthesis"],
        typer.Option("--scoring", help="How marks are counted."),
    ] = "heuer",
    weights: Annotated[
        Literal["grades", "equal"],
        typer.Option("--weights", help="Whether an item weighs by its Admiralty grade."),
    ] = "grades",
    origins: Annotated[
        Literal["once", "each"],
        typer.Option("--origins", help="Whether items of one origin count as one."),
    ] = "once",
    marks: Annotated[
        list[str] | None,
        typer.Option(
            "--marks",
            metavar="FILE",
            help="Marks (CSV) to take instead of the case's own; of several analysts, given "
            "several times, they are compared.",
            show_default=False,
        ),
    ] = None,
    csv: Annotated[
        str | None,
        typer.Option(
            "--csv",
            metavar="OUT",
            help="Write the matrix as CSV for analysts to fill in; - prints it.",
            show_default=False,
        ),
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Analyse competing hypotheses: what has least evidence against it, and how surely."""
    inputs = [case, *(marks or ())]
    output = (
        Output(csv, "--csv", inputs, replace=force, as_json=as_json) if csv is not None else None
    )
    read = case_in(case)
    from foedus.evidence.analysts import compare_analysts
    from foedus.evidence.competing import ach as solve
    from foedus.evidence.marks_csv import ach_csv

    given = _marks_in(marks or (), read)
    found: Ach | Analysts
    with sensible(read.file):
        if len(given) > 1:
            found = compare_analysts(read, given, scoring, weights, origins)
            used: Marks | None = found.consensus.matrix.marks
        else:
            used = next(iter(given.values()), None)
            found = solve(read, used, scoring, weights, origins)
    if output is not None:
        text = ach_csv(read, used)
        # What is piped on gets the ends of lines of this system.
        output.write(text.replace("\r\n", "\n") if output.printed else text)
        if output.printed:
            return
    tell_answer(found, as_json=as_json)


def _marks_in(files: Sequence[str], case: Case) -> dict[str, Marks]:
    """The marks in some CSV files by analyst. Raises CaseError."""
    from foedus.case.files import read_text_file
    from foedus.evidence.marks_csv import marks_file

    found: dict[str, Marks] = {}
    for file in files:
        try:
            read = marks_file(read_text_file(Path(file), "a CSV file of marks"), case, file)
        except CaseError as error:
            if any(problem.place for problem in error.problems):
                raise
            problems = [replace(p, message=f"{file}: {p.message}") for p in error.problems]
            raise CaseError(problems, "--marks") from None
        tell_beside(notice_lines(read.notices, file))
        for analyst, marks in read.by_analyst.items():
            if analyst in found:
                expected = "each analyst's marks in one file, under a name of its own"
                message = f"{file}: marks of {shown(analyst)} are given twice"
                raise CaseError([Problem(message, None, expected)], "--marks")
            found[analyst] = marks
    if files and not found:
        message = f"{files[0]}: no item of evidence is marked"
        raise CaseError([Problem(message, None, "a row")], "--marks")
    return found


# --- weighing -----------------------------------------------------------------------------------


@app.command("bayes", cls=Command)
@with_effort(
    0,
    least=0,
    told="Forecast with so many draws, to compare the evidence with the inside view.",
)
def bayes(
    case: CaseFile,
    prior: Annotated[
        str,
        typer.Option(
            "--prior",
            metavar="PRIOR",
            help="What is held before the evidence: flat (equal chances), outside (the reference "
            "classes), or a chance for each hypothesis, such as free-bridge=0.2,one-town=0.3; "
            "`other` takes the rest.",
        ),
    ] = "flat",
    *,
    effort: Effort,
    as_json: AsJson = False,
) -> None:
    """Weigh the likelihoods of the evidence, and say whether that agrees with the other views."""
    read = case_in(case)
    from foedus.evidence.competing import ach as competing
    from foedus.evidence.concordance import concordance
    from foedus.evidence.updating import bayes as solve

    stated = prior_in(prior, read)
    inside = _inside(read, effort)
    with sensible(read.file):
        found = solve(read, stated, inside, effort.seed)
        agreed = concordance(read, competing(read), found, inside)
    if as_json:
        told = {**found.to_dict(), "inside_draws": effort.draws, "concordance": agreed.to_dict()}
        tell_json(told)
        return
    from foedus.document import Section

    tell([*found.blocks(), Section("Do the views agree?", agreed.blocks())])


def _inside(case: Case, effort: Effort) -> Mapping[str, float] | None:
    """The inside view of the hypotheses by a forecast; None where no draws are asked for."""
    if not effort.draws or not case.hypotheses:
        return None
    with at_work(effort) as crew:
        views = forecast_in(case, effort, crew, stability_draws=0, varied=False).views
    return None if views is None else {h: share.p for h, share in views.inside.items()}


def prior_in(text: str, case: Case) -> str | dict[str, float]:
    """A prior in ``flat``, ``outside`` or ``h=0.2,other=0.8``. Raises CaseError.

    Every hypothesis of the case is named; ``other``, where it is not, takes what is left to one.
    """
    if text in ("flat", "outside"):
        return text
    from foedus.forecasting.outside import OTHER

    known = (*case.hypotheses, OTHER)
    if text.strip() and "=" not in text:
        expected = "flat, outside, or a chance for each hypothesis"
        guess = nearest(text, ("flat", "outside"))
        raise CaseError([Problem(f"no prior {shown(text)}", None, expected, guess)], "--prior")
    typed = numbers_in(text, 0, 1, "chance", "--prior")
    given = {as_known(name, known): chance for name, chance in typed.items()}
    problems = [
        Problem(f"no hypothesis {shown(name)}", None, listed(known), nearest(name, known))
        for name in given
        if name not in known
    ]
    missing = [name for name in case.hypotheses if name not in given]
    if not problems and missing:
        problems.append(Problem(f"no chance is given for {listed(missing, 'and')}"))
    if not problems:
        whole = sum(given.values())
        if OTHER not in given:
            given[OTHER] = max(0.0, 1 - whole)
        if not math.isclose(sum(given.values()), 1, abs_tol=1e-6):
            problems.append(Problem(f"the chances sum to {whole:g}", None, "a sum of 1"))
    if problems:
        raise CaseError(problems, "--prior")
    return {name: given[name] for name in known}


app.command("audit", cls=Command)(audit)
