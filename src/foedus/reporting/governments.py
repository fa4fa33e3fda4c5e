"""Likely governments for a reader: how likely each is, who would refuse it, and why."""

from __future__ import annotations

from collections.abc import Iterator

from foedus.case.problems import listed
from foedus.coalition.results import AskedParty, Governments, PossibleGovernment
from foedus.document import (
    Block,
    Cell,
    Column,
    Explanation,
    Point,
    Points,
    Section,
    Sentence,
    Table,
    percent,
)

SHOWN = 10
"""So many coalitions stand in the table."""

EXPLAINED = 3
"""So many of them are explained below it."""

WORDS = {
    "office": "office",
    "distance": "distance to the farthest partner",
    "short": "seats short of a majority",
    "needed": "nobody can be spared",
    "surplus": "more parties than needed, where that is usual",
    "again": "the same parties go on",
    "overlap": "it is near to those who govern now",
    "pair": "governed with these partners before",
    "swing": "seats won or lost",
    "premier": "the prime minister's party is in it",
    "alone": "a single party, where that is usual",
    "support": "support without office",
}
"""What each part of a worth is called; parts of a case's own are shown by their ids."""


def governments_blocks(result: Governments) -> tuple[Block, ...]:
    """The bottom line, the likeliest coalitions, why, and each party's chances."""
    blocks: list[Block] = [Sentence(_bottom_line(result), strong=True)]
    if result.columns:
        read = listed(
            (f"“{given}” as {name.replace('_', ' ')}" for name, given in result.columns.items()),
            "and",
        )
        blocks.append(Sentence(f"Columns: {read}.", "muted"))
    blocks += [Sentence(f"{note[:1].upper()}{note[1:]}.", "muted") for note in result.notes]
    blocks.append(_coalitions(result))
    why = tuple(
        Point(_head(each), tuple(map(_asked_point, each.asked)))
        for each in result.listed[:EXPLAINED]
    )
    blocks.append(Section("Who would agree, and why", (Points(why),)))
    blocks.append(_parties(result))
    return tuple(blocks)


def governments_explained(result: Governments, each: PossibleGovernment) -> Explanation:
    """Who is asked for a coalition, how likely each agrees, and what that comes from."""
    return Explanation((Sentence(_head(each)), Points(tuple(map(_asked_point, each.asked)))))


def _bottom_line(result: Governments) -> str:
    first, *others = result.listed
    told = f"The likeliest government is {first.name}, with {percent(first.p)}"
    if others:
        told += f"; next is {others[0].name}, with {percent(others[0].p)}"
    return f"{told}."


def _coalitions(result: Governments) -> Table:
    ranged = any(each.low is not None for each in result.listed)
    rows = []
    for each in result.listed[:SHOWN]:
        refusing = [party for party in each.asked if party.refuses]
        weakest = min(each.asked, key=lambda party: party.agrees)
        rows.append(
            (
                Cell(each.name, note=_kind(each)),
                Cell(percent(each.p)),
                *([Cell(_range(each))] if ranged else []),
                Cell(
                    listed((party.name for party in refusing), "and") or "nobody",
                    "bad" if refusing else "plain",
                ),
                Cell(f"{weakest.name}, {percent(weakest.agrees)}"),
            )
        )
    columns = (
        Column("coalition"),
        Column("chance", True),
        *([Column("range", True)] if ranged else []),
        Column("would refuse"),
        Column("least willing, and how likely it agrees"),
    )
    shown = sum(each.p for each in result.listed[:SHOWN])
    more = len(result.listed[SHOWN:]) + result.others
    notes = [f"{more:,} other coalitions share {percent(1 - shown)}."] if more else []
    if ranged:
        notes.append(
            "Range: as one weight is moved by its error, or one party by the experts' spread."
        )
    note = " ".join(notes) or None
    return Table("The likeliest coalitions", columns, tuple(rows), note)


def _range(each: PossibleGovernment) -> str:
    if each.low is None or each.high is None:
        return ""
    return f"{percent(each.low)} to {percent(each.high)}"


def _kind(each: PossibleGovernment) -> str:
    outside = [party.name for party in each.asked if party.outside]
    if outside:
        return f"a minority, supported by {listed(outside, 'and')}"
    return "a majority" if each.majority else "a minority that nobody can lift to a majority"


def _head(each: PossibleGovernment) -> str:
    return f"{each.name}: {percent(each.p)}, {_kind(each)}"


def _asked_point(party: AskedParty) -> Point:
    role = " (from outside)" if party.outside else ""
    verb = "would rather refuse" if party.refuses else "would rather agree"
    told = f"{party.name}{role} {verb}: agrees with {percent(party.agrees)}"
    return Point(told, tuple(map(Point, _reasons(party))), "bad" if party.refuses else "plain")


def _reasons(party: AskedParty) -> Iterator[str]:
    """What speaks for and against, in tenths of a logit, the weightiest first."""
    for name, value in sorted(party.reasons.items(), key=lambda pair: -abs(pair[1])):
        sign = "+" if value > 0 else "−"
        yield f"{sign}{abs(10 * value):.1f} {WORDS.get(name, name)}"


def _parties(result: Governments) -> Table:
    columns = [Column("party"), Column("in the government", True)]
    if result.premier:
        columns.append(Column("has the prime minister", True))
    order = sorted(result.names, key=lambda party: -result.included[party])
    rows = tuple(
        (
            Cell(result.names[party]),
            Cell(percent(result.included[party])),
            *([Cell(percent(result.premier[party]))] if result.premier else []),
        )
        for party in order
    )
    note = (
        "Points above are tenths of a logit: at 0 a party agrees with 50%, at 10 with 73%, "
        "at 20 with 88%."
    )
    return Table("Each party", tuple(columns), rows, note)
