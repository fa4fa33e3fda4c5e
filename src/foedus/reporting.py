"""The report on a case: what every analysis found, in the order in which a reader asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from foedus.analysis.acceptance.solve import Acceptance
from foedus.analysis.acceptance.told import answer
from foedus.analysis.holding import Holding, acceptance_if_known, holding
from foedus.analysis.stability.solve import Stability, stability
from foedus.analysis.why.arrangements import package_verdicts
from foedus.analysis.why.states import FEW, verdict_point
from foedus.case.model import Case
from foedus.casebook.arrangements import arrangements_blocks
from foedus.casebook.grounds import evidence_blocks, left_out_blocks
from foedus.casebook.judgements import judgements_blocks
from foedus.casebook.structure import structure_blocks
from foedus.document import Block, Points, Section, Sentence
from foedus.game import Game, game_of

CONCEPT = "seq"
"""The stability concept in whose terms the report says what would hold."""


@dataclass(frozen=True, slots=True)
class Report:
    """A report as blocks: ``lead`` is the answer, ``facts`` are short names and values.

    ``foedus.render.html.page`` takes each part under its own name.
    """

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    lead: tuple[Block, ...]
    blocks: tuple[Block, ...]


def report(case: Case | Game) -> Report:
    """Compose the report on a case: all analyses, at the most likely values of the judgements.

    Raises CaseError when no state is possible, or the analyses would need too much.
    """
    game = game_of(case) if isinstance(case, Case) else case
    accepted = acceptance_if_known(game)
    solved = stability(game)
    held = holding(solved, accepted)
    return Report(
        game.case.title,
        game.case.question or "",
        _facts(game),
        _lead(game, accepted, held),
        (
            *_accepted(game, accepted),
            _held(solved, held),
            Section("What the actors are taken to want", judgements_blocks(game.case)),
            Section("Evidence", evidence_blocks(game.case)),
            Section("What the case leaves out", left_out_blocks(game.case)),
            Section("The case", (*_notes(game.case), *structure_blocks(game))),
            *_each(accepted),
        ),
    )


def _facts(game: Game) -> tuple[tuple[str, str], ...]:
    case = game.case
    facts = [
        ("As of", case.as_of.isoformat() if case.as_of else ""),
        ("Deadline", case.deadline.isoformat() if case.deadline else ""),
        ("States that are possible", f"{len(game.space):,}"),
        ("Case", case.file),
    ]
    return tuple((name, value) for name, value in facts if value)


def _lead(game: Game, accepted: Acceptance | None, held: Holding) -> tuple[Block, ...]:
    """The answer: on each hypothesis, or on all arrangements where the case names none."""
    if accepted is None:
        return ()
    opening = _sentences(accepted.blocks())
    if not game.case.hypotheses:
        return tuple(opening)
    told: list[Block] = []
    for name in game.case.hypotheses:
        finding = accepted[name]
        told.append(Sentence(answer(game, finding), strong=True))
        if finding.package is not None:
            told.append(held.leaving_told(name, CONCEPT, names=False))
    return (*told, *(Sentence(block.text) for block in opening[:1]))


def _sentences(blocks: Sequence[Block]) -> list[Sentence]:
    """The sentences with which the blocks open."""
    found = []
    for block in blocks:
        if not isinstance(block, Sentence):
            break
        found.append(block)
    return found


def _accepted(game: Game, accepted: Acceptance | None) -> tuple[Section, ...]:
    if accepted is None:
        return (Section("Arrangements", arrangements_blocks(game)),)
    blocks = accepted.blocks()
    parts = tuple(block for block in blocks if not isinstance(block, Section))
    sections = tuple(block for block in blocks if isinstance(block, Section))
    return (
        Section("What is possible", accepted.arrangements_blocks()),
        Section("Who would say no", parts),
        *sections,
    )


def _held(solved: Stability, held: Holding) -> Section:
    """What would hold, and why the packages of the hypotheses would or would not."""
    reasons: list[Block] = []
    case = solved.game.case
    for name in case.hypotheses:
        if held.holds[name].package is None:
            continue
        verdicts = package_verdicts(solved, held, name, CONCEPT)
        points = tuple(verdict_point(solved.game, each, FEW) for each in verdicts)
        told: tuple[Block, ...] = (held.leaving_told(name, CONCEPT),)
        told += (Points(points),) if points else ()
        reasons.append(Section(case.arrangements[name].name, told))
    return Section("What would hold, and why", (*held.blocks(), *reasons))


def _each(accepted: Acceptance | None) -> tuple[Section, ...]:
    if accepted is None or not accepted.findings:
        return ()
    parts = tuple(
        Section(finding.arrangement.name, accepted.explain(name).blocks)
        for name, finding in accepted.findings.items()
    )
    return (Section("Each arrangement, down to the judgements", parts),)


def _notes(case: Case) -> list[Block]:
    told = [case.note, f"Source: {case.source}" if case.source else None, *case.notices]
    return [Sentence(text) for text in told if text]
