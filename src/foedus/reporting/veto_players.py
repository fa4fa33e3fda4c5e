"""The report's sections on who would say no, and on what would be stable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foedus.document import Block, Cell, Column, Points, Section, Sentence, Table
from foedus.equilibria.registry import CONCEPTS, STANDARD
from foedus.game.naming import mover_name
from foedus.process.acceptance import Acceptance, Finding
from foedus.reporting.acceptance import (
    OPENINGS,
    WORDS,
    basis,
    forms_table,
    gain_cell,
    refusal_cell,
    rounded,
)
from foedus.reporting.findings import Findings
from foedus.reporting.forecast_tables import graded
from foedus.reporting.parting import leading_to

FORMS = "veto-forms"
"""The anchor of the part that gives the best form of each arrangement."""

READ = (
    "A number is what an actor expects from the best form if it is kept, less what it expects if "
    "it never comes, on a scale of its own; of an electorate it is the share in favour. Marked is "
    "what each does when it is asked: ✓ agrees, ✗ refuses, ! refuses in that part of the time. "
    "What is grey is not asked of it."
)


def section(found: Findings) -> tuple[Section, ...]:
    """Who gains by each arrangement and who refuses it, in one table; then what would be stable."""
    if found.accepted is None:
        return ()
    findings = tuple(found.accepted.findings.values())
    if not findings:
        nobody = Sentence("The case names no arrangements, so there is nobody to ask.")
        return (Section("Veto players", (nobody,), "veto-players"),)
    best = (forms_table(found.game, findings),)
    forms = Section("The best form of each arrangement", best, FORMS)
    # Without hypotheses the answer before it says on what it is asked.
    on = basis(found.accepted) if found.game.case.hypotheses else ()
    blocks: tuple[Block, ...] = (*on, _table(found, found.accepted), forms)
    return (Section("Veto players", blocks, "veto-players"), *_stable(found))


def _table(found: Findings, accepted: Acceptance) -> Table:
    """A row an arrangement, those that all would agree to first."""
    game = accepted.game
    findings = sorted(accepted.findings.values(), key=lambda f: list(OPENINGS).index(f.status))
    deciding = {actor for mover in game.movers for actor in mover.members}
    actors = [actor for actor in game.case.actors if actor in deciding]
    f = found.ahead.forecast if found.ahead is not None else None
    columns = (
        Column("arrangement"),
        Column("answer"),
        *((Column("comes about", True),) if f is not None else ()),
        *(Column(game.case.actors[actor].name, True) for actor in actors),
    )
    rows = []
    for finding in findings:
        name, (word, tone) = finding.arrangement.id, WORDS[finding.status]
        chance = () if f is None else (Cell(graded(f, name, f.estimates[name].reached.p)),)
        cells = (_cell(accepted, finding, actor) for actor in actors)
        rows.append((Cell(finding.arrangement.name), Cell(word, tone), *chance, *cells))
    return Table("Who gains by each arrangement, and who refuses it", columns, tuple(rows), READ)


def _cell(accepted: Acceptance, finding: Finding, actor: str) -> Cell:
    """What an actor gains, marked by what it does when it is asked."""
    says, gain = refusal_cell(finding, actor), gain_cell(accepted, finding, actor)
    votes = finding.best.electorates if finding.best is not None else {}
    text = f"{rounded(votes[actor][0])}%" if actor in votes else gain.text
    part = f"refuses in {says.text}" if says.tone == "warn" else None
    return Cell("" if text == says.text else text, says.tone, part)


def _stable(found: Findings) -> Iterator[Section]:
    """Whether the best form of each hypothesis would hold; not where the answer has said it."""
    held, case = found.held, found.game.case
    if found.ahead is None:
        return
    rows = []
    for name in case.hypotheses:
        hold = held.holds[name]
        if hold.form is not None:
            leaving = hold.leaving[STANDARD]
            who = "; ".join(mover_name(case, mover) for mover in _smallest(leaving)) or "nobody"
            stable = Cell("no", "bad") if leaving else Cell("yes", "good")
            counts = Cell(f"{hold.stable[STANDARD]:,} of {hold.settled:,}")
            rows.append((Cell(case.arrangements[name].name), stable, Cell(who), counts))
    if rows:
        heads = ("hypothesis", "its best form is stable", "who would leave it")
        columns = (*map(Column, heads), Column("stable, of its settled states", True))
        note = f"By {STANDARD.upper()}. A mover stays when {CONCEPTS[STANDARD].meaning}."
        more = leading_to(Section("What would be stable, and why", (), "stable"))
        table = Table("", columns, tuple(rows), note)
        yield Section("What would be stable", (table, Points((more,))))


def _smallest(movers: Sequence[str]) -> list[str]:
    """The movers of which no part is another one among them."""
    members = {mover: frozenset(mover.split("+")) for mover in movers}
    return [m for m in movers if not any(members[other] < members[m] for other in movers)]
