"""What may be a slip in a case, for a reader and as data."""

from __future__ import annotations

from typing import Any

from foedus.case.model import Case
from foedus.case.problems import listed
from foedus.document import Block, Point, Points, Section, Sentence, Tone
from foedus.reporting.slip_sentences import TELLERS, Told, Words
from foedus.slips.search import Slips
from foedus.slips.slip import Slip

MOST_SHOWN = 12
"""So many slips are shown; the rest are counted. The data hold all."""


def slip_told(case: Case, slip: Slip) -> Told:
    """One slip in words."""
    return TELLERS[slip.kind](Words(case, slip))


def slips_data(case: Case, slips: Slips) -> dict[str, Any]:
    """The slips as plain data, with their sentences."""
    found = [{**slip.to_dict(), **slip_told(case, slip)._asdict()} for slip in slips.found]
    return {**slips.to_dict(), "found": found}


def slips_blocks(case: Case, slips: Slips) -> tuple[Block, ...]:
    """The most serious slips, what was not looked for, and how many more there are."""
    blocks: list[Block] = []
    if slips.found:
        points = [_point(case, slip) for slip in slips.found[:MOST_SHOWN]]
        if (more := len(slips.found) - MOST_SHOWN) > 0:
            points.append(Point(f"and {more:,} more (all of them: --json)", tone="muted"))
        blocks.append(Points(tuple(points)))
    if slips.skipped:
        text = (
            "Not looked for, as the case has no status quo or too many states to follow all its "
            "changes: "
            f"{listed((kind.replace('-', ' ') for kind in slips.skipped), 'and')}."
        )
        blocks.append(Sentence(text, "muted"))
    if not blocks:
        return (Sentence("No modelling slips were found.", "muted"),)
    return (Section("What may be a slip", tuple(blocks), id="slips"),)


def _point(case: Case, slip: Slip) -> Point:
    told = slip_told(case, slip)
    where = f"line {slip.place.line}, " if slip.place else ""
    tone: Tone = "warn" if slip.severity == "warning" else "muted"
    return Point(f"{where}{slip.name}: {told.text}", (Point(told.advice, tone="muted"),), tone)
