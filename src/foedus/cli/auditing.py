"""The command ``evidence audit``, with evidence left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from foedus.case.aliases import with_old_names
from foedus.case.problems import CaseError, Problem
from foedus.cli.foresight import progress, sensible
from foedus.cli.options import AsJson, CaseFile, Effort, case_in, count, with_effort
from foedus.cli.output import FOUND, tell, tell_json, tell_problems
from foedus.cli.values import names_in

if TYPE_CHECKING:
    from foedus.case.model import Case
    from foedus.evidence.ablation import LeaveOneOut
    from foedus.evidence.audit_findings import Finding


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
    """Look for weak spots: what names no reason, source, grade or date, and what hangs on one."""
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

        hangs = (Section("What the answers depend on", ablation.blocks()),) if ablation else ()
        tell([*found.blocks(), *hangs])
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

    with sensible(case.file), progress(quiet=effort.quiet) as told:
        return leave_one_out(
            case,
            units=units,
            draws=effort.draws,
            seed=effort.seed,
            workers=effort.processes,
            progress=told,
        )
