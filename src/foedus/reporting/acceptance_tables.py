"""Acceptance for a report: the answer, the veto map, the table of arrangements, what is lacking."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from foedus.case.problems import listed
from foedus.document import Block, Cell, Column, Grid, Sentence, Table, Tone
from foedus.preferences.games import Game
from foedus.process.acceptance.results import Finding
from foedus.process.acceptance.solve import Acceptance
from foedus.process.acceptance.vetoes import Effect
from foedus.reporting.acceptance import answer, excluded, makers
from foedus.reporting.acceptance_sections import later_sections
from foedus.reporting.acceptance_wording import change, labels, lacking

WORDS: Mapping[str, tuple[str, Tone]] = {
    "acceptable": ("acceptable", "good"),
    "blocked": ("blocked", "bad"),
    "impossible": ("impossible", "warn"),
    "lapses": ("cannot outlast the deadline", "warn"),
    "no-right": ("nobody has the right", "warn"),
}


def acceptance_blocks(accepted: Acceptance) -> tuple[Block, ...]:
    """The answer, the veto map, a table of the arrangements, and what blockers would need."""
    game, findings = accepted.game, tuple(accepted.findings.values())
    if not findings:
        return (Sentence("The case names no arrangements, so there is nobody to ask."),)
    blocks: list[Block] = list(_opening(findings))
    if any(finding.package for finding in findings):
        blocks += [_veto_map(game, findings), _table(game, findings)]
        blocks += later_sections(game, findings, accepted.dominated_by)
    else:
        blocks.append(_table(game, findings))
    return tuple(blocks)


def arrangement_table(accepted: Acceptance) -> tuple[Block, ...]:
    """What is possible and who makes it, or which rules stand against it."""
    game, findings = accepted.game, tuple(accepted.findings.values())
    total, settled = len(game.space), int(game.space.settled.sum())
    told = f"{total:,} states are possible"
    if settled != total:
        told += f", {settled:,} of them settled: with nothing that lapses at the deadline"
    if not findings:
        return (Sentence(f"{told}. The case names no arrangements."),)
    possible = sum(finding.possible for finding in findings)
    made = sum(finding.package is not None for finding in findings)
    opening = (
        f"{told}. Of {len(findings)} arrangements {possible} can come about under the rules, and "
        f"{made} of these lie within somebody's rights."
    )
    rows = tuple(
        (
            Cell(finding.arrangement.name, note=f"`{finding.arrangement.when.text}`"),
            Cell(f"{finding.states:,}", "plain" if finding.possible else "warn"),
            Cell(f"{finding.made:,}"),
            Cell(_made_by(game, finding)),
        )
        for finding in findings
    )
    columns = (
        Column("arrangement"),
        Column("settled states", True),
        Column("that can be made", True),
        Column("who makes it, or why nobody can"),
    )
    return (Sentence(opening, strong=True), Table("Arrangements", columns, rows))


def _made_by(game: Game, finding: Finding) -> str:
    if finding.status == "impossible":
        return excluded(game, finding)
    if finding.status == "lapses":
        return "Only states that revert to others at the deadline match."
    return makers(game, finding)


def _opening(findings: Sequence[Finding]) -> Iterator[Sentence]:
    groups: dict[str, list[str]] = {}
    for finding in findings:
        groups.setdefault(finding.status, []).append(finding.arrangement.name)
    accepted = groups.get("acceptable", [])
    if accepted:
        told = listed((f"“{name}”" for name in accepted), "and")
        lead = f"Of {len(findings)} arrangements, {len(accepted)} would be agreed to by all who"
        yield Sentence(f"{lead} must be asked: {told}.", strong=True)
    else:
        yield Sentence("No arrangement would be agreed to by all who must be asked.", strong=True)
    for status, lead in (
        ("blocked", "Somebody who must be asked would refuse"),
        ("no-right", "Nobody has the right to bring about"),
        ("lapses", "Could not outlast the deadline:"),
        ("impossible", "Excluded by the rules:"),
    ):
        if status in groups:
            told = listed((f"“{name}”" for name in groups[status]), "and")
            yield Sentence(f"{lead} {told}.")
    yield Sentence(
        "Everybody compares the form that could pass, or comes nearest to it, with the BATNA: what "
        "would come about without the arrangement, while those who could make it by themselves "
        "sit out. The numbers are each actor's own and are not compared with one another.",
        "muted",
    )


def _veto_map(game: Game, findings: Sequence[Finding]) -> Grid:
    shown = [finding for finding in findings if finding.package is not None]
    actors = list(game.views)
    rows = [
        tuple(_veto(finding.package.effect(actor)) for actor in actors)
        for finding in shown
        if finding.package
    ]
    return Grid(
        "Veto players",
        tuple(finding.arrangement.name for finding in shown),
        tuple(game.case.actors[actor].name for actor in actors),
        tuple(rows),
        (
            (Cell("gains", "good"), "is asked and has more than without it: agrees"),
            (Cell("approves", "good"), "an electorate that is asked and reaches its threshold"),
            (Cell("loses", "bad"), "is asked and has less than without it: blocks"),
            (Cell("indifferent", "bad"), "is asked and has no reason to agree: blocks"),
            (Cell("disapproves", "bad"), "an electorate that is asked and falls short: blocks"),
            (Cell("not asked", "muted"), "need not be asked, whatever it gains or loses"),
        ),
        "arrangement",
        "Against the BATNA of each arrangement, in the form that passes or comes nearest to it.",
    )


def _veto(effect: Effect) -> Cell:
    if not effect.asked:
        return Cell(f"not asked ({effect.change})", "muted", change(effect))
    note = f"lacking: {lacking(effect)}" if effect.blocks else change(effect)
    return Cell(effect.change, "bad" if effect.blocks else "good", note)


def _table(game: Game, findings: Sequence[Finding]) -> Table:
    columns = (
        Column("arrangement"),
        Column("answer"),
        Column("its form, as changed from today"),
        Column("who is asked, and what blockers lack"),
        Column("the BATNA"),
    )
    rows = tuple(_row(game, finding) for finding in findings)
    note = "The BATNA is given by the number of its state; what these are is shown below."
    made = any(finding.no_deal for finding in findings)
    return Table("The arrangements", columns, rows, note if made else None)


def _row(game: Game, finding: Finding) -> tuple[Cell, ...]:
    word, tone = WORDS[finding.status]
    name, verdict = Cell(finding.arrangement.name), Cell(word, tone)
    form, no_deal = finding.package, finding.no_deal
    if form is None or no_deal is None:
        why = answer(game, finding).removeprefix(f"{finding.arrangement.name}: ")
        return (name, verdict, Cell(why), Cell("—"), Cell("—"))
    if not finding.needs_consent:
        verdict = Cell(word, tone, "needs no consent: the status quo reverts to it")
    asked = [
        game.case.actors[effect.actor].name
        + (f" (lacks {lacking(effect)})" if effect.blocks else "")
        for effect in form.effects
        if effect.asked
    ]
    return (
        name,
        verdict,
        Cell(labels(game, form.choice.state), note=f"state {form.choice.state + 1:,}"),
        Cell("; ".join(asked) or "nobody"),
        Cell(f"state {no_deal.state + 1:,}", note=None if no_deal.settled else "not settled"),
    )
