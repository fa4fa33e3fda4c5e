"""The sections of the report, in the order in which a reader asks: one list, a function each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from foedus.document import Block, Points, Section, Sentence
from foedus.equilibria.registry import STANDARD
from foedus.reporting.acceptance import answer, arrangement_table
from foedus.reporting.case_arrangements import arrangements_blocks
from foedus.reporting.case_evidence import left_out_blocks
from foedus.reporting.case_judgements import judgements_blocks
from foedus.reporting.case_summary import structure_blocks
from foedus.reporting.evidence_section import grounding_blocks
from foedus.reporting.findings import Findings
from foedus.reporting.forecast import remaining_blocks
from foedus.reporting.holding import leaving_told
from foedus.reporting.tracing import traced_section
from foedus.reporting.why_patterns import form_verdicts
from foedus.reporting.why_states import FEW, verdict_point

Sections = tuple[Section, ...]
Told = Callable[[Findings], Sections]


def answers(found: Findings) -> tuple[Block, ...]:
    """The answer: on each hypothesis, or on all arrangements where the case names none."""
    game, accepted = found.game, found.accepted
    if accepted is None:
        return ()
    opening = _sentences(accepted.blocks())
    if not game.case.hypotheses:
        return tuple(opening)
    told: list[Block] = []
    for name in game.case.hypotheses:
        finding = accepted[name]
        told.append(Sentence(answer(game, finding), strong=True))
        if finding.form is not None:
            told.append(leaving_told(found.held, name, STANDARD, names=False))
    return (*told, *(Sentence(block.text) for block in opening[:1]))


def likely(found: Findings) -> Sections:
    """The forecast part by part, and the answer of acceptance that it takes the place of."""
    if found.ahead is None:
        return (Section("How likely", (Sentence(found.silent, "muted"),)),) if found.silent else ()
    ahead = found.ahead
    sections = [
        Section("How likely", (*remaining_blocks(ahead.forecast), *ahead.sections()), "how-likely")
    ]
    if lead := answers(found):
        sections.append(Section("In short: the veto players, and what would be stable", lead))
    return tuple(sections)


def accepted(found: Findings) -> Sections:
    """What is possible, who would say no, and what follows from it."""
    if found.accepted is None:
        return (Section("Arrangements", arrangements_blocks(found.game)),)
    blocks = found.accepted.blocks()
    parts = tuple(block for block in blocks if not isinstance(block, Section))
    sections = tuple(block for block in blocks if isinstance(block, Section))
    return (
        Section("What is possible", arrangement_table(found.accepted)),
        Section("Veto players", parts, "veto-players"),
        *sections,
    )


def stable(found: Findings) -> Sections:
    """What would hold, and why the best forms of the hypotheses would or would not."""
    reasons: list[Block] = []
    game, held = found.game, found.held
    for name in game.case.hypotheses:
        if held.holds[name].form is None:
            continue
        verdicts = form_verdicts(found.solved, held, name, STANDARD)
        points = tuple(verdict_point(game, each, FEW) for each in verdicts)
        told: tuple[Block, ...] = (leaving_told(held, name, STANDARD),)
        told += (Points(points),) if points else ()
        reasons.append(Section(game.case.arrangements[name].name, told))
    return (Section("What would be stable, and why", (*held.blocks(), *reasons)),)


def wanted(found: Findings) -> Sections:
    """What the actors are taken to want."""
    blocks = judgements_blocks(found.game.case)
    return (Section("What the actors are taken to want", blocks),)


def evidence(found: Findings) -> Sections:
    """On what evidence it all stands."""
    blocks = grounding_blocks(found.game.case, found.inside, found.ablation)
    return (Section("Evidence", blocks, "evidence"),)


def traced(found: Findings) -> Sections:
    """By which path each number can be traced."""
    blocks = traced_section(found.game)
    return (Section("Where each number comes from", blocks, "traced"),) if blocks else ()


def left_out(found: Findings) -> Sections:
    """What the case leaves out."""
    return (Section("What the case leaves out", left_out_blocks(found.game.case)),)


def the_case(found: Findings) -> Sections:
    """What the case says: its notes, actors, issues and rules."""
    case = found.game.case
    told = [case.note, f"Source: {case.source}" if case.source else None]
    told += [f"Line {n.place.line}: {n.message}" if n.place else n.message for n in case.notices]
    notes = [Sentence(text) for text in told if text]
    return (Section("The case", (*notes, *structure_blocks(found.game))),)


def each_arrangement(found: Findings) -> Sections:
    """Each arrangement, down to the judgements."""
    if found.accepted is None or not found.accepted.findings:
        return ()
    parts = tuple(
        Section(finding.arrangement.name, found.accepted.explain(name).blocks)
        for name, finding in found.accepted.findings.items()
    )
    return (Section("Each arrangement, down to the judgements", parts),)


def module(name: str) -> Told:
    """The section of a module beside this one, which is imported when the report is made."""

    def told(found: Findings) -> Sections:
        section: Told = import_module(f"foedus.reporting.{name}").section
        return section(found)

    return told


SECTIONS: tuple[Told, ...] = (
    module("questions"),
    likely,
    accepted,
    module("paths"),
    module("calendar"),
    module("needed"),
    evidence,
    left_out,
)
"""What stands behind the brief, in this order; a new section is one file with a ``section``, and
one line here."""

APPENDIX: tuple[Told, ...] = (stable, wanted, traced, the_case, each_arrangement)
"""What is looked up: states and concepts, judgements, where numbers come from, the case."""


def _sentences(blocks: Sequence[Block]) -> list[Sentence]:
    """The sentences with which the blocks open."""
    found = []
    for block in blocks:
        if not isinstance(block, Sentence):
            break
        found.append(block)
    return found
