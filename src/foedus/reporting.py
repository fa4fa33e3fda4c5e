"""The report on a case: what every analysis found, in the order in which a reader asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from foedus.analysis.acceptance.solve import Acceptance
from foedus.analysis.acceptance.told import answer
from foedus.analysis.holding import Holding, acceptance_if_known, holding
from foedus.analysis.paths.solve import paths
from foedus.analysis.stability.solve import Stability, stability
from foedus.analysis.why.arrangements import package_verdicts
from foedus.analysis.why.states import FEW, verdict_point
from foedus.case.model import Case
from foedus.casebook.arrangements import arrangements_blocks
from foedus.casebook.grounds import left_out_blocks
from foedus.casebook.judgements import judgements_blocks
from foedus.casebook.structure import structure_blocks
from foedus.document import Block, Points, Section, Sentence
from foedus.game import Game, game_of
from foedus.grounding import HANGING, ITEMS, grounding_blocks
from foedus.tracing.listing import traced_section

if TYPE_CHECKING:
    from foedus.evidence.hanging import Strikes
    from foedus.outlook import Outlook
    from foedus.sensitivity.taking import WhatItTakes

CONCEPT = "seq"
"""The stability concept in whose terms the report says what would hold."""


OPEN = ("forecast-drivers", "forecast-signposts", HANGING, ITEMS)
"""Of the sections within sections, these are open from the first."""

LATER = ("no-deal", "gains", "traced")
"""Of the parts of the report, these (by id) are closed at first."""

ALSO = 3
"""Of so many arrangements that are no hypotheses it is said what they would take."""


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


def report(
    case: Case | Game,
    ahead: Outlook | None = None,
    silent: str = "",
    hanging: Strikes | None = None,
) -> Report:
    """Compose the report on a case: all analyses, at the most likely values of the judgements.

    ``ahead`` is the forecast with what it hangs on, which draws them from their ranges; without it
    ``silent`` says why there is none. ``hanging`` is what moves when items of evidence are struck.
    Raises CaseError when no state is possible, or the analyses would need too much, or the
    likelihoods of the evidence leave no hypothesis possible.
    """
    game = game_of(case) if isinstance(case, Case) else case
    accepted = acceptance_if_known(game)
    solved = stability(game)
    held = holding(solved, accepted)
    return Report(
        game.case.title,
        game.case.question or "",
        _facts(game),
        ahead.lead() if ahead else _lead(game, accepted, held),
        folded(
            *_ahead(game, accepted, held, ahead, silent),
            *_accepted(game, accepted),
            _held(solved, held),
            *_ways(game, accepted),
            *_taking(game, accepted),
            Section("What the actors are taken to want", judgements_blocks(game.case)),
            Section("Evidence", grounding_blocks(game.case, _inside(ahead), hanging)),
            *_traced(game),
            Section("What the case leaves out", left_out_blocks(game.case)),
            Section("The case", (*_notes(game.case), *structure_blocks(game))),
            *_each(accepted),
        ),
    )


def _traced(game: Game) -> tuple[Section, ...]:
    blocks = traced_section(game)
    return (Section("Where each number comes from", blocks, "traced"),) if blocks else ()


def folded(*sections: Section) -> tuple[Section, ...]:
    """The sections, what a reader asks for later being closed at first."""
    return tuple(
        replace(section, blocks=_inner(section), folded=section.id in LATER) for section in sections
    )


def _inner(section: Section) -> tuple[Block, ...]:
    return tuple(
        replace(block, folded=block.id not in OPEN) if isinstance(block, Section) else block
        for block in section.blocks
    )


def _inside(ahead: Outlook | None) -> dict[str, float] | None:
    """The inside view of the hypotheses; None without a forecast."""
    views = ahead.forecast.views if ahead else None
    return {h: share.p for h, share in views.inside.items()} if views else None


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


def _ahead(
    game: Game,
    accepted: Acceptance | None,
    held: Holding,
    ahead: Outlook | None,
    silent: str,
) -> tuple[Section, ...]:
    """The forecast part by part, and the answer of acceptance that it takes the place of."""
    if ahead is None:
        return (Section("How likely", (Sentence(silent, "muted"),)),) if silent else ()
    sections = [Section("How likely", ahead.blocks())]
    if lead := _lead(game, accepted, held):
        sections.append(Section("In short: who would say no, and what would hold", lead))
    return tuple(sections)


def _ways(game: Game, accepted: Acceptance | None) -> tuple[Section, ...]:
    if accepted is None:
        return ()
    return (Section("Can one get there from today", paths(game).blocks()),)


def _taking(game: Game, accepted: Acceptance | None) -> tuple[Section, ...]:
    """What it would take for what is refused: the hypotheses, then what one actor alone blocks."""
    if accepted is None:
        return ()
    refused = {
        name: finding.package.choice.refusing
        for name, finding in accepted.findings.items()
        if finding.package is not None and finding.package.choice.refusing
    }
    chosen = [name for name in game.case.hypotheses if name in refused]
    others = [name for name in refused if name not in chosen]
    chosen += [name for name in others if len(refused[name]) == 1][:ALSO]
    if not chosen:
        return ()
    with_scipy = _what_it_takes()
    if with_scipy is None:
        return ()
    parts = tuple(
        Section(game.case.arrangements[name].name, with_scipy(game, name).blocks())
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
    told = [case.note, f"Source: {case.source}" if case.source else None]
    told += [f"Line {n.place.line}: {n.message}" if n.place else n.message for n in case.notices]
    return [Sentence(text) for text in told if text]
