"""Commands on evidence: ``evidence ach``, ``evidence bayes``, ``evidence audit``."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from foedus.case.problems import CaseError, Problem, listed, nearest, notice_lines, shown
from foedus.case.spelling import as_known
from foedus.cli import auditing
from foedus.cli.foresight import (
    Effort,
    Quiet,
    Seed,
    WorkerCount,
    forecast_in,
    sensible,
)
from foedus.cli.options import AsJson, CaseFile, case_in
from foedus.cli.output import tell, tell_beside, tell_json, tell_text
from foedus.render.extra import needs
from foedus.whole_files import CannotWrite, refuse_no_file, write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from foedus.case.model import Case
    from foedus.evidence.analysts import Analysts
    from foedus.evidence.competing import Ach
    from foedus.evidence.matrix import Marks

STDOUT = "-"
"""Instead of a file's name: standard output."""


app = typer.Typer(
    name="evidence",
    help="Ask on what evidence the answers stand, and how well.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

InsideDraws = Annotated[
    int,
    typer.Option(
        "--draws",
        metavar="N",
        min=0,
        help="Forecast with so many draws, to compare the evidence with the inside view.",
    ),
]


# --- competing hypotheses -----------------------------------------------------------------------


@app.command("ach")
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
    force: Annotated[
        bool, typer.Option("--force", metavar="", help="Write over a CSV that is there.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Analyse competing hypotheses: what has least evidence against it, and how surely."""
    _refuse_csv(csv, force=force, as_json=as_json)
    read = case_in(case)
    with needs("forecast", "The analysis of competing hypotheses"):
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
    if csv is not None:
        _write_csv(csv, ach_csv(read, used))
    if csv == STDOUT:
        return
    if as_json:
        tell_json(found.to_dict())
    else:
        tell(found.blocks())


def _refuse_csv(csv: str | None, *, force: bool, as_json: bool) -> None:
    """Refuse, before any work, a CSV file that cannot or should not be written."""
    if csv is None:
        return
    if csv == STDOUT:
        if as_json:
            raise CaseError([Problem("`--csv -` and `--json` would print two answers")], "--csv")
        return
    if refuse_no_file(csv).exists() and not force:
        raise CannotWrite(f"{csv} is there already; --force writes over it")


def _write_csv(csv: str, text: str) -> None:
    if csv == STDOUT:
        tell_text(text.replace("\r\n", "\n"))  # what is piped on gets the ends of this system
        return
    write_whole(csv, text)
    tell_beside([f"written: {csv}"])


def _marks_in(files: Sequence[str], case: Case) -> dict[str, Marks]:
    """The marks in some CSV files by analyst. Raises CaseError."""
    from foedus.case.files import read_text_file
    from foedus.evidence.marks_csv import marks_file

    found: dict[str, Marks] = {}
    for file in files:
        read = marks_file(read_text_file(Path(file), "a CSV file of marks"), case, file)
        tell_beside(notice_lines(read.notices, file))
        for analyst, marks in read.by_analyst.items():
            if analyst in found:
                expected = "each analyst's marks in one file, under a name of its own"
                problem = Problem(f"marks of {shown(analyst)} are given twice", None, expected)
                raise CaseError([problem], file)
            found[analyst] = marks
    if files and not found:
        raise CaseError([Problem("no item of evidence is marked", None, "a row")], files[0])
    return found


# --- weighing -----------------------------------------------------------------------------------


@app.command("bayes")
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
    draws: InsideDraws = 0,
    seed: Seed = 1,
    workers: WorkerCount = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Weigh the likelihoods of the evidence, and say whether that agrees with the other views."""
    read = case_in(case)
    with needs("forecast", "The weighing of evidence"):
        from foedus.evidence.competing import ach as competing
        from foedus.evidence.concordance import concordance
        from foedus.evidence.updating import bayes as solve

    stated = prior_in(prior, read)
    inside = _inside(read, Effort(draws, seed, workers, 0, 0, quiet))
    with sensible(read.file):
        found = solve(read, stated, inside, seed)
        agreed = concordance(read, competing(read), found, inside)
    if as_json:
        told = {**found.to_dict(), "inside_draws": draws, "concordance": agreed.to_dict()}
        tell_json(told)
        return
    from foedus.document import Section

    tell([*found.blocks(), Section("Do the views agree?", agreed.blocks())])


def _inside(case: Case, effort: Effort) -> Mapping[str, float] | None:
    """The inside view of the hypotheses by a forecast; None where no draws are asked for."""
    if not effort.draws or not case.hypotheses:
        return None
    views = forecast_in(case, effort).views
    return None if views is None else {h: share.p for h, share in views.inside.items()}


def prior_in(text: str, case: Case) -> str | dict[str, float]:
    """A prior in ``flat``, ``outside`` or ``h=0.2,other=0.8``. Raises CaseError.

    Every hypothesis of the case is named; ``other``, where it is not, takes what is left to one.
    """
    if text in ("flat", "outside"):
        return text
    from foedus.forecasting.outside import OTHER

    known = (*case.hypotheses, OTHER)
    given: dict[str, float] = {}
    problems = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, sign, value = (piece.strip() for piece in part.partition("="))
        name = as_known(name, known)
        chance = _chance(value)
        if name not in known:
            expected = listed(known) if sign else "flat, outside, or a chance for each hypothesis"
            guess = nearest(name, known if sign else ("flat", "outside"))
            what = "hypothesis" if sign else "prior"
            problems.append(Problem(f"no {what} {shown(name)}", None, expected, guess))
        elif name in given:
            problems.append(Problem(f"{shown(name)} is given twice"))
        elif chance is None:
            problems.append(Problem(f"{shown(part)} gives no chance", None, "a number from 0 to 1"))
        else:
            given[name] = chance
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


def _chance(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= 1 else None


app.command("audit")(auditing.audit)
