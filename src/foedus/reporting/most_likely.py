"""The process solved once at the most likely judgements, for a reader."""

from __future__ import annotations

from foedus.document import Block, Cell, Column, Point, Points, Sentence, Table
from foedus.forecasting.estimates import percent
from foedus.forecasting.most_likely import MostLikely
from foedus.reporting.acceptance import rounded

ENDS = 5
"""So many of the states that may stand at the end are told."""


def most_likely_blocks(m: MostLikely) -> tuple[Block, ...]:
    """What is reached with what chance, where things end, and what each actor expects."""
    actors = "that look no further" if m.behaviour == "myopic" else "that look ahead"
    lead = (
        f"At the most likely judgements, with {m.behaviour} actors ({actors}). No range is drawn: "
        "these are not the forecast, but what its middle comes to."
    )
    rows = tuple(
        (Cell(m.case.arrangements[name].name), Cell(percent(p)))
        for name, p in sorted(m.reached.items(), key=lambda pair: -pair[1])
    )
    columns = (Column("arrangement"), Column("reached", True))
    space, today = m.process.game.space, m.process.today
    ends = tuple(
        Point(f"{percent(p)}: {space.describe(state, apart_from=today) or 'the status quo'}")
        for state, p in m.ends[:ENDS]
    )
    expects = tuple(
        Point(f"{m.case.actors[actor].name}: {rounded(value)}") for actor, value in m.value.items()
    )
    return (
        Sentence(lead),
        Table("How likely each arrangement is", columns, rows),
        Sentence("Where things stand right before the deadline, by what differs from now:"),
        Points(ends),
        Sentence("What each actor expects at the end, on its own scale:"),
        Points(expects),
    )
