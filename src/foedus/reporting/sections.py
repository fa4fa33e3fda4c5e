"""The sections of the report, in the order in which a reader asks: one list, a function each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from foedus.document import Block, Points, Section, Sentence
from foedus.equilibria.registry import STANDARD
from foedus.reporting.acceptance import answer
from foedus.reporting.case_evidence import left_out_blocks
from foedus.reporting.case_judgements import judgements_blocks
from foedus.reporting.case_summary import structure_blocks
from foedus.reporting.evidence_section import grounding_blocks
from foedus.reporting.findings import Findings
from foedus.reporting.holding import leaving_told
from foedus.reporting.tracing import traced_section
from foedus.reporting.why_patterns import form_verdicts
from foedus.reporting.why_states import FEW, verdict_point

FEW_LEFT_OUT = 8
"""More than this that a case leaves out is looked up."""

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


def stable(found: Findings) -> Sections:
    """What would hold, and by which moves the best forms of the hypotheses are left, or not."""
    reasons: list[Block] = []
    game, held = found.game, found.held
    for name in game.case.hypotheses:
        if held.holds[name].form is None:
            continue
        verdicts = form_verdicts(found.solved, held, name, STANDARD)
        points = tuple(verdict_point(game, each, FEW) for each in verdicts)
        if points:
            reasons.append(Section(game.case.arrangements[name].name, (Points(points),)))
    return (Section("What would be stable, and why", (*held.blocks(), *reasons), "stable"),)


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
    """What the case leaves out; of much, how much, with the list in a part of its own."""
    blocks, count = left_out_blocks(found.game.case), len(found.game.case.left_out)
    if count > FEW_LEFT_OUT:
        told = Sentence(f"The case names {count} things that it leaves out, each with its reason.")
        blocks = (told, Section("What is left out, and why", blocks, "left-out"))
    return (Section("What the case leaves out", blocks),)


def the_case(found: Findings) -> Sections:
    """What the case says: its notes, actors, issues and rules."""
    case = found.game.case
    source = f"Source: {case.source}" if case.source and found.ahead is None else None
    told = [case.note, source]  # the brief has named the source
    told += [f"Line {n.place.line}: {n.message}" if n.place else n.message for n in case.notices]
    notes = [Sentence(text) for text in told if text]
    return (Section("The case", (*notes, *structure_blocks(found.game))),)


def each_arrangement(found: Findings) -> Sections:
    """Each arrangement, down to the judgements."""
    if found.accepted is None or not found.accepted.findings:
        return ()
    # The answer to a hypothesis begins a report without a forecast: it is not said again.
    said = found.game.case.hypotheses if found.ahead is None else ()
    parts = tuple(
        Section(finding.arrangement.name, blocks)
        for name, finding in found.accepted.findings.items()
        if (blocks := found.accepted.explain(name).blocks[name in said :])
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
    module("likely"),
    module("possible"),
    module("veto_players"),
    module("from_today"),
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
