"""What it would take for the hypotheses by which somebody who is asked would lose."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import Block, Cell, Column, Point, Points, Section, Sentence, Table
from foedus.reporting.findings import Findings
from foedus.reporting.taking import (
    MOST_PAID,
    THE_WORLD,
    TURNING_COLUMNS,
    answer_told,
    of_the_world,
    turning_remarks,
    turning_rows,
)

if TYPE_CHECKING:
    from foedus.sensitivity.taking import WhatItTakes
    from foedus.sensitivity.turning import Turning

ENOUGH = "Each row, with what is joined to it, is enough for what is named on its left."


def section(found: Findings) -> tuple[Section, ...]:
    """What it would take for each hypothesis by which somebody who is asked would not gain."""
    if found.accepted is None:
        return ()
    case = found.game.case
    chosen = [name for name in case.hypotheses if found.accepted[name].worse_off]
    if not chosen:
        return ()
    from foedus.sensitivity.taking import what_it_takes

    process = found.process
    results = {case.arrangements[name].name: what_it_takes(process, name) for name in chosen}
    return (Section("What it would take", tuple(_blocks(results))),)


def _blocks(results: dict[str, WhatItTakes]) -> Iterator[Block]:
    """What would have to be paid, then a table of judgements for each arrangement."""
    yield from _paid(results)
    turnings = {name: _turnings(result) for name, result in results.items()}
    every = [turning for each in turnings.values() for turning in each]
    if any(turning.turns for turning in every):
        world = any(of_the_world(c) for t in every for turn in t.turns for c in turn.changes)
        yield Sentence(f"{ENOUGH} {THE_WORLD}" if world else ENOUGH)
    for name, asked in turnings.items():
        if rows := tuple(row for turning in asked for row in _rows(turning)):
            columns = (Column("so that there agrees"), *TURNING_COLUMNS)
            yield Table(f"Judged otherwise: {name}", columns, rows)
    told = [answer_told(turning) for turning in every if not turning.turns]
    told += dict.fromkeys(text for turning in every for text in turning_remarks(turning))
    if told:
        yield Points(tuple(map(Point, told)))


def _paid(results: dict[str, WhatItTakes]) -> Iterator[Points]:
    """What is said of payments, once for all the arrangements of which it is said."""
    alike: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    limits: set[str] = set()
    for name, result in results.items():
        if result.together.needed and result.blockers:
            told = [b.text for b in result.payments.blocks() if isinstance(b, Sentence)]
            inner = [b.points for b in result.payments.blocks() if isinstance(b, Points)]
            every = tuple(point.text for points in inner for point in points)
            more = tuple(text for text in every if text not in limits)
            limits |= {text for text in more if text.startswith(MOST_PAID)}
            alike.setdefault((" ".join(told), more), []).append(f"“{name}”")
    points = tuple(
        Point(f"{listed(names, 'and')}: {told}", tuple(map(Point, more)))
        for (told, more), names in alike.items()
    )
    if points:
        yield Points(points)


def _turnings(result: WhatItTakes) -> list[Turning]:
    """Each who refuses, and all together where that takes another change than those."""
    together = result.together
    if not together.needed or not result.blockers:
        return [together]
    shown = [turn.changes for each in result.blockers for turn in each.turns]
    new = not together.turns or any(turn.changes not in shown for turn in together.turns)
    return [*result.blockers, *([together] if new else [])]


def _rows(turning: Turning) -> Iterator[tuple[Cell, ...]]:
    """The changes that turn somebody, whose name stands at the first."""
    actors = turning.case.actors
    who = "all who are asked" if turning.blocker is None else actors[turning.blocker].name
    who = f"others, without {who}" if turning.around else who
    for k, row in enumerate(turning_rows(turning)):
        yield (Cell("" if k else who), *row)
