"""The report's section on what is possible, by who would have to agree."""

from __future__ import annotations

from foedus.document import Block, Cell, Column, Section, Sentence, Table
from foedus.preferences.games import Game
from foedus.process.acceptance import Acceptance, Finding
from foedus.reporting.acceptance import SHOWN, excluded, from_told, named
from foedus.reporting.case_arrangements import arrangements_blocks
from foedus.reporting.findings import Findings

LISTING = "possible-arrangements"
"""The anchor of the part that lists the arrangements."""


def section(found: Findings) -> tuple[Section, ...]:
    """How many arrangements are possible, and who can make which; then each by itself."""
    if found.accepted is None:
        return (Section("Arrangements", arrangements_blocks(found.game)),)
    return (Section("What is possible", _blocks(found.accepted)),)


def _blocks(accepted: Acceptance) -> tuple[Block, ...]:
    game, findings = accepted.game, tuple(accepted.findings.values())
    total, settled = len(game.space), int(game.space.settled.sum())
    told = f"{total:,} states are possible"
    if settled != total:
        told += f", {settled:,} of them settled: with nothing that lapses at the deadline"
    if not findings:
        return (Sentence(f"{told}. The case names no arrangements."),)
    possible = sum(finding.consent.status != "impossible" for finding in findings)
    able = sum(finding.form is not None for finding in findings)
    opening = (
        f"{told}. Of {len(findings)} arrangements {possible} can come about under the rules, and "
        f"{able} of these lie within somebody’s rights."
    )
    listing = Section("Each arrangement, with its states", (_listing(findings),), LISTING)
    return (Sentence(opening), _by_makers(game, findings), listing)


def _by_makers(game: Game, findings: tuple[Finding, ...]) -> Table:
    """Who must agree, with all the arrangements for which they must."""
    groups: dict[str, list[str]] = {}
    for finding in findings:
        groups.setdefault(_made_by(game, finding), []).append(finding.arrangement.name)
    rows = tuple((Cell(who), Cell("; ".join(names))) for who, names in groups.items())
    return Table("", (Column("who can make it"), Column("arrangements")), rows)


def _listing(findings: tuple[Finding, ...]) -> Table:
    rows = tuple(
        (
            Cell(finding.arrangement.name, note=finding.arrangement.id),
            Cell(f"{finding.states:,}", "plain" if finding.states else "warn"),
            Cell(finding.arrangement.when.text),
        )
        for finding in findings
    )
    columns = (Column("arrangement"), Column("settled states", True), Column("when"))
    return Table("", columns, rows)


def _made_by(game: Game, finding: Finding) -> str:
    match finding.consent.status:
        case "impossible":
            return "—" if finding.lapses else excluded(finding)
        case "nobody":
            return "nobody has the right"
        case "by itself":
            return "it comes by itself"
        case "in stages":
            return "several, one after the other"
        case "by events":
            return "nobody: events bring it"
        case _:
            return "; or ".join(_coalitions(game, finding)) + from_told(finding)


def _coalitions(game: Game, finding: Finding) -> list[str]:
    """The smallest coalitions that can make some form, as texts, long lists cut."""
    found = {each.coalition for form in finding.consent.forms for each in form.asked}
    least = [c for c in found if not any(set(other) < set(c) for other in found)]
    order = list(game.case.actors)
    least.sort(key=lambda c: (len(c), [order.index(actor) for actor in c]))
    told = [named(game, c) for c in least[:SHOWN]]
    return told + ([f"{len(least) - SHOWN:,} others"] if len(least) > SHOWN else [])
