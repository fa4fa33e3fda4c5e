"""The judgements of a case: what each actor is taken to want, with ranges and reasons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from foedus.case.model import (
    Actor,
    Case,
    Judgement,
    Priorities,
    Ranking,
    Stances,
    Support,
    Worth,
)
from foedus.case.problems import listed
from foedus.document import (
    Block,
    Cell,
    Column,
    Point,
    Points,
    Range,
    Ranges,
    Section,
    Sentence,
    Table,
    number,
)
from foedus.preferences import DEFAULT_THRESHOLD, counts_for_sure
from foedus.sensitivity.inputs import moves_told


def judgements_blocks(case: Case) -> tuple[Block, ...]:
    """One section an actor that has preferences, then what can be paid."""
    sections = tuple(
        Section(actor.name, (*_note(actor), *_wants(case, actor)))
        for actor in case.actors.values()
        if actor.id in case.preferences
    )
    return (
        Sentence(
            "Every number here is somebody's judgement: low, most likely and high, where there is "
            "a 5% chance each of less and of more. Points are on each actor's own scale and are "
            "not compared between actors."
        ),
        *sections,
        *_transfers(case),
    )


def reasons(judgement: Judgement) -> str:
    """What a judgement rests on and the note on it, as one text; may be empty."""
    parts = []
    if judgement.because:
        parts.append(f"because of {listed(judgement.because, 'and')}")
    if judgement.word:
        parts.append(f"given as “{judgement.word}”")
    if judgement.together:
        parts.append(moves_told(judgement.together))
    if judgement.note:
        parts.append(judgement.note)
    return "; ".join(parts)


def _note(actor: Actor) -> tuple[Block, ...]:
    return (Sentence(actor.note, "muted"),) if actor.note else ()


def _wants(case: Case, actor: Actor) -> Iterator[Block]:
    preference = case.preferences[actor.id]
    match preference:
        case Worth():
            ranges = tuple(_range(item.id, item.when.text, item.value) for item in preference.items)
            yield Ranges("What counts, and how much", "points", ranges, ((0.0, "nothing"),))
        case Support():
            ranges = tuple(
                _range(item.id, item.when.text if item.when else "in all else", item.share)
                for item in preference.items
            )
            share = actor.threshold.mode if actor.threshold else DEFAULT_THRESHOLD
            yield Ranges(
                "How many would approve; the first that applies counts",
                "%",
                ranges,
                ((share, f"{number(share)}% needed"),),
            )
        case Priorities():
            yield Sentence("What it wants, most important first; each outweighs all below it.")
            points = (
                _wish(item.id, item.when.text, item.probability, item.because, item.note)
                for item in preference.items
            )
            yield Points(tuple(points), ordered=True)
        case Ranking():
            yield Sentence("What it prefers, best first; all else comes last.")
            lines = (" or ".join(s.text for s in tier) for tier in preference.tiers)
            yield Points(tuple(map(Point, lines)), ordered=True)
        case Stances():
            rows = tuple(
                (
                    Cell(case.issues[item.issue].name),
                    Cell(_ranged(item.position), note=reasons(item.position) or None),
                    Cell(_ranged(item.salience), note=reasons(item.salience) or None),
                )
                for item in preference.items
            )
            columns = (Column("issue"), Column("position", True), Column("salience", True))
            yield Table("Where it stands, and how much it cares", columns, rows)
        case _:
            assert_never(preference)


def _range(name: str, when: str, judgement: Judgement) -> Range:
    why = reasons(judgement)
    note = f"{when}; {why}" if why else when
    return Range(name, judgement.low, judgement.mode, judgement.high, note=note)


def _wish(
    name: str, when: str, held: Judgement | None, because: tuple[str, ...], note: str | None
) -> Point:
    below = []
    if held is not None:
        counts = "counted" if counts_for_sure(held.mode) else "not counted: held at less than evens"
        word = f"“{held.word}”: " if held.word else ""
        moves = f"; {moves_told(held.together)}" if held.together else ""
        below.append(Point(f"{word}held with a chance of {_ranged(held)}, {counts}{moves}"))
    if because:
        below.append(Point(f"because of {listed(because, 'and')}"))
    if note:
        below.append(Point(note))
    return Point(f"{name}: {when}", tuple(below))


def _ranged(judgement: Judgement) -> str:
    if judgement.sure:
        return number(judgement.mode)
    return f"{number(judgement.mode)} ({number(judgement.low)} to {number(judgement.high)})"


def _transfers(case: Case) -> tuple[Block, ...]:
    if not case.transfers:
        return ()
    rows = []
    for transfer in case.transfers.values():
        worth = "; ".join(
            ", ".join(filter(None, (f"{case.actors[a].name} {_ranged(value)}", reasons(value))))
            for a, value in transfer.worth.items()
        )
        rows.append(
            (
                Cell(transfer.id, note=transfer.note),
                Cell(transfer.unit),
                Cell(_ranged(transfer.most), note=reasons(transfer.most) or None),
                Cell(worth),
            )
        )
    columns = (
        Column("transfer"),
        Column("unit"),
        Column("at most", True),
        Column("what one unit is worth"),
    )
    return (Section("What can be paid", (Table("", columns, tuple(rows)),)),)
