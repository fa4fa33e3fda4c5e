"""The section of the report on what it would take for what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from foedus.document import Section
from foedus.preferences.games import Game
from foedus.reporting.findings import Findings

if TYPE_CHECKING:
    from foedus.sensitivity.taking import WhatItTakes

ALSO = 3
"""Of so many arrangements that are no hypotheses it is said what they would take."""


def section(found: Findings) -> tuple[Section, ...]:
    """What it would take for what is refused: the hypotheses, then what one actor alone blocks."""
    if found.accepted is None:
        return ()
    case = found.game.case
    refused = {
        name: finding.package.choice.refusing
        for name, finding in found.accepted.findings.items()
        if finding.package is not None and finding.package.choice.refusing
    }
    chosen = [name for name in case.hypotheses if name in refused]
    others = [name for name in refused if name not in chosen]
    chosen += [name for name in others if len(refused[name]) == 1][:ALSO]
    if not chosen:
        return ()
    with_scipy = _what_it_takes()
    if with_scipy is None:
        return ()
    parts = tuple(
        Section(case.arrangements[name].name, with_scipy(found.game, name).blocks())
        for name in chosen
    )
    return (Section("What it would take", parts),)


def _what_it_takes() -> Callable[[Game, str], WhatItTakes] | None:
    """The analysis that needs the extra `forecast`; None where that is not installed."""
    try:
        from foedus.sensitivity.taking import what_it_takes
    except ModuleNotFoundError:
        return None
    return what_it_takes
