"""The report's part on evidence: how well it is sourced, what depends on it, what it says alone.

The audit, what would move if an item were false, the analysis of competing hypotheses, the weight
of evidence, and whether these agree with the inside view; then the items themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from foedus.case.model import Case
from foedus.document import Block, Section, Sentence
from foedus.evidence.audit import audit
from foedus.reporting.case_evidence import evidence_blocks
from foedus.reporting.competing import agreement_blocks, matrix_blocks, verdict_blocks
from foedus.reporting.leave_one_out import main_blocks, remaining_blocks

if TYPE_CHECKING:
    from foedus.evidence.ablation import LeaveOneOut
    from foedus.evidence.competing import Ach
    from foedus.evidence.updating import Bayes

ABLATION = "evidence-depends-on"
"""The anchor of the part that says what would move if an item were false."""

AUDIT, MOVES, MATRIX = "evidence-audit", "evidence-moves", "evidence-matrix"
"""The anchors of what the audit found, of what else moves, and of the marks item by item."""

ITEMS = "evidence-items"
"""The anchor of the part that lists the items."""


def grounding_blocks(
    case: Case, inside: Mapping[str, float] | None = None, ablation: LeaveOneOut | None = None
) -> tuple[Block, ...]:
    """Everything on the evidence of a case, the audit's score card first.

    ``inside`` is the probability of each hypothesis and ``other`` in the inside view, ``ablation``
    what moves when items are left out; without a forecast there is neither. Raises CaseError where
    the likelihoods of the evidence leave no hypothesis possible.
    """
    return (
        *_audited(case),
        *_ablation(ablation),
        *_weighed(case, inside),
        Section("The evidence, item by item", evidence_blocks(case), ITEMS),
    )


def _audited(case: Case) -> Iterator[Block]:
    """The verdict; then, in a part of its own, the score card and what was found."""
    found = audit(case)
    if not any(row.looked_at for row in found.card):
        return
    blocks = found.blocks()
    yield from (block for block in blocks if isinstance(block, Sentence))
    inner = tuple(block for block in blocks if not isinstance(block, Sentence))
    yield Section("What the audit found", inner, AUDIT)


def _ablation(ablation: LeaveOneOut | None) -> Iterator[Section]:
    if ablation is None or not ablation.units_left_out:
        return
    count = len(ablation.top(5))
    title = {0: "If an item were false", 1: "The item that matters most"}.get(
        count, f"The {_NUMBERS.get(count, 'five')} items that matter most"
    )
    yield Section(title, main_blocks(ablation), ABLATION)
    if rest := remaining_blocks(ablation):
        yield Section("What moves without single items", rest, MOVES)


_NUMBERS = {2: "two", 3: "three", 4: "four"}


def _weighed(case: Case, inside: Mapping[str, float] | None) -> Iterator[Section]:
    """Competing hypotheses, the weight of evidence, and whether the views agree."""
    if not case.hypotheses or not any(e.marks or e.likelihood for e in case.evidence.values()):
        return
    from foedus.evidence.competing import ach
    from foedus.evidence.concordance import concordance
    from foedus.evidence.updating import bayes

    competing: Ach = ach(case)
    weight: Bayes = bayes(case, inside=inside)
    if competing.matrix.items:
        yield Section("Competing hypotheses", verdict_blocks(competing))
        yield Section("Evidence against each hypothesis", matrix_blocks(competing), MATRIX)
    if weight.speaks:
        yield Section("The weight of evidence", weight.blocks())
    agreed = concordance(case, competing, weight, inside)
    if agreed.pairings:
        yield Section("Do the views agree?", agreement_blocks(agreed))
