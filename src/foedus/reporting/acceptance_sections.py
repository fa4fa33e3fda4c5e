"""The parts of a report that follow the veto map: no deal, what blockers lack, gains, payments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from foedus.case.problems import listed
from foedus.document import (
    Block,
    Cell,
    Column,
    Point,
    Points,
    Section,
    Sentence,
    Table,
    Tone,
    number,
)
from foedus.preferences.games import Game
from foedus.process.acceptance.results import Finding
from foedus.process.acceptance.vetoes import Effect
from foedus.reporting.acceptance import no_deal_told
from foedus.reporting.acceptance_wording import (
    because,
    cut,
    lacking,
    needed_told,
    ranged,
    signed,
)


def later_sections(
    game: Game, findings: Sequence[Finding], dominated_by: Mapping[str, tuple[str, ...]]
) -> Iterator[Block]:
    """Yield what stands below the veto map and the table of arrangements."""
    yield Section(
        "What happens without a deal",
        (Points(tuple(_no_deals(game, findings))),),
        "no-deal",
    )
    blocked = [finding for finding in findings if finding.status == "blocked"]
    if blocked:
        lead = Sentence(
            "For each arrangement that is blocked: what the actor lacks in the form that the "
            "fewest refuse, what it lacks in the form that suits it best, and which single "
            "judgement of its own would make it agree to that form if it were different, the BATNA "
            "and all other judgements staying as they are."
        )
        yield Section(
            "What each actor would need",
            (lead, Points(tuple(_wanting(game, blocked)))),
            "needs",
        )
    yield Section("Gains against three points", (_gains(game, findings),), "gains")
    best = [game.case.arrangements[a].name for a, better in dominated_by.items() if not better]
    yield Sentence(
        "Of what can be made, no other arrangement’s form is better for some who decide and worse "
        "for none of them than: " + listed((f"“{name}”" for name in best), "and") + "."
    )
    if game.case.transfers:
        yield _transfers(game)


def _no_deals(game: Game, findings: Sequence[Finding]) -> Iterator[Point]:
    """Each course that no deal takes, told once, with the arrangements it is no deal of."""
    courses: dict[Point, list[str]] = {}
    for finding in findings:
        if finding.no_deal is not None:
            told = no_deal_told(game, finding.no_deal)
            courses.setdefault(told, []).append(finding.arrangement.name)
    for told, names in courses.items():
        whose = Point("The BATNA of " + cut([f"“{name}”" for name in names]) + ".")
        yield Point(told.text, (whose, *told.points), told.tone)


def _wanting(game: Game, blocked: Sequence[Finding]) -> Iterator[Point]:
    """By actor: each arrangement that it blocks, with what it lacks and what would make it up."""
    for actor in game.views:
        lines: dict[str, list[str]] = {}
        for finding in blocked:
            told = _wanted(game, finding, actor)
            if told is not None:
                lines.setdefault(told, []).append(f"“{finding.arrangement.name}”")
        if lines:
            points = tuple(Point(f"{cut(names)}: it {told}") for told, names in lines.items())
            yield Point(game.case.actors[actor].name, points)


def _wanted(game: Game, finding: Finding, actor: str) -> str | None:
    """What an actor lacks in a blocked arrangement, in a sentence; None if it does not block."""
    if finding.package is None or finding.no_deal is None:
        return None
    effect = finding.package.effect(actor)
    if effect.shortfall is None:
        return None
    told = f"lacks {lacking(effect)}"
    stubborn = finding.stubborn(actor)
    if stubborn is None:
        told += "; in some other form it would agree"
    else:
        least = lacking(stubborn.effect)
        same = stubborn.effect.shortfall == effect.shortfall
        told += "; in no form less" if same else f"; in the form that suits it best, {least}"
        effect = stubborn.effect
    within = [need for need in effect.needs if need.within]
    if within:
        return f"{told}. Alone enough: {'; or '.join(needed_told(need) for need in within)}."
    if effect.needs:
        least = needed_told(effect.needs[0])
        return f"{told}. No single judgement is enough within its range; {least} is."
    return f"{told}."


def _gains(game: Game, findings: Sequence[Finding]) -> Table:
    deciding = {actor for mover in game.movers for actor in mover.members}
    actors = [actor for actor in game.views if actor in deciding]
    columns = (
        Column("arrangement"),
        *(
            Column(f"{game.case.actors[actor].name} ({_unit(game, actor)})", True)
            for actor in actors
        ),
    )
    rows = tuple(
        (
            Cell(finding.arrangement.name),
            *(_gain(finding.package.effect(actor)) for actor in actors),
        )
        for finding in findings
        if finding.package
    )
    return Table(
        "What the form gives those who decide, against the BATNA",
        columns,
        rows,
        "In each actor’s own units, never to be compared across. Below: against today as it "
        "stands, and against what it reverts to if nobody acts. Only the BATNA counts "
        "for consent. Of "
        "an electorate: the share in favour, which counts against its threshold.",
    )


def _gain(effect: Effect) -> Cell:
    tone: Tone = "muted" if not effect.asked else "bad" if effect.blocks else "good"
    if effect.threshold is not None:
        text = f"{number(effect.value)}%"
        at = effect.at
        note = f"of {number(effect.threshold)}%; today {number(at.today)}%"
        if at.bare_fall != at.today:
            note += f", its fall {number(at.bare_fall)}%"
        return Cell(text, tone, note)
    today, fall = signed(effect.against_today), signed(effect.against_bare_fall)
    return Cell(signed(effect.against_no_deal), tone, f"today {today}, its fall {fall}")


def _unit(game: Game, actor: str) -> str:
    return {"utility": "points", "ordinal": "ranks", "support": "in favour"}[game.views[actor].kind]


def _transfers(game: Game) -> Table:
    rows = tuple(
        (
            Cell(transfer.id),
            Cell(transfer.unit),
            Cell(ranged(transfer.most), note=because(transfer.most).removeprefix(", ") or None),
            Cell(
                "; ".join(
                    f"{game.case.actors[actor].name} {ranged(worth)}"
                    for actor, worth in transfer.worth.items()
                )
            ),
        )
        for transfer in game.case.transfers.values()
    )
    columns = (
        Column("what"),
        Column("unit"),
        Column("at most"),
        Column("a unit is worth, in points"),
    )
    note = "Payments are not counted here: no answer above rests on one."
    return Table("What could be paid", columns, rows, note)
