"""What it would take for the hypotheses by which somebody who is asked would lose."""

from __future__ import annotations

from foedus.document import Section
from foedus.reporting.findings import Findings


def section(found: Findings) -> tuple[Section, ...]:
    """What it would take for each hypothesis by which somebody who is asked would not gain."""
    if found.accepted is None:
        return ()
    case = found.game.case
    chosen = [name for name in case.hypotheses if found.accepted[name].worse_off]
    if not chosen:
        return ()
    from foedus.sensitivity.taking import what_it_takes

    process = found.process
    parts = tuple(
        Section(case.arrangements[name].name, what_it_takes(process, name).blocks())
        for name in chosen
    )
    return (Section("What it would take", parts),)
