"""What events do to a forecast, in words: which matter, how likely each is, where the course jumps.

What is shown of one event holds at the most likely judgements; jumps are by the inside view.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import Block, Cell, Column, Sentence, Table
from foedus.reporting.case_events import time_told
from foedus.reporting.paths_picture import chance_told

if TYPE_CHECKING:
    from foedus.forecasting.happenings import EventEffect
    from foedus.forecasting.results import Forecast

MATTERS = 0.05
"""An event that moves an answer by less is not told beside the answer."""

SLIGHT = 5e-4
"""An event that moves all answers by less does nothing that one could read off."""


def events_told(f: Forecast) -> tuple[Block, ...]:
    """Which events matter to the answers, the most first; nothing where none does."""
    heavy = [each for each in f.events if _weight(each) >= MATTERS]
    heavy.sort(key=lambda each: -_weight(each))
    if not heavy:
        return ()
    told = listed((f"{_named(f, each)} ({_moved(f, each)})" for each in heavy[:3]), "and")
    text = (
        f"What the world does matters, whoever wants it. At the most likely judgements: {told}. "
        "Nobody is asked for it."
    )
    return (Sentence(text),)


def event_effect_blocks(f: Forecast) -> tuple[Block, ...]:
    """A table of the events: when, how likely, and what would be different without each."""
    if not f.events:
        return ()
    rows = tuple(
        (
            Cell(f.case.events[each.event].name),
            Cell(time_told(f.case, f.case.events[each.event])),
            Cell(chance_told(each.chance)),
            Cell(_moved(f, each) if _weight(each) >= SLIGHT else "nothing"),
        )
        for each in f.events
    )
    columns = (
        Column("event"),
        Column("when it happens"),
        Column("changes something by the deadline", numeric=True),
        Column("what it moves most"),
    )
    note = (
        "At the most likely judgements, with myopic actors. An event counts when it sets "
        "something, at least once. Without it: the same process in which it never happens."
    )
    return (Table("Each event, and the answer without it", columns, rows, note),)


def jump_blocks(f: Forecast, names: Sequence[str]) -> tuple[Block, ...]:
    """How likely each would be at a deadline right before and on the day of each dated event."""
    if not f.jumps:
        return ()
    rows = tuple(
        (
            Cell(str(jump.day), note=listed((f.case.events[e].name for e in jump.events), "and")),
            *(Cell(f"{chance_told(jump.before[n])} → {chance_told(jump.on[n])}") for n in names),
        )
        for jump in f.jumps
    )
    columns = (
        Column("day"),
        *(Column(f.case.arrangements[name].name, numeric=True) for name in names),
    )
    note = "If the deadline were the day before, and on the day, by the inside view."
    return (Table("On the days of events", columns, rows, note),)


def _weight(each: EventEffect) -> float:
    name = each.moved
    return 0.0 if name is None else abs(each.reached[name] - each.without[name])


def _named(f: Forecast, each: EventEffect) -> str:
    return f"“{f.case.events[each.event].name}”"


def _moved(f: Forecast, each: EventEffect) -> str:
    """What an event moves most, and from where to where."""
    name = each.moved
    if name is None:
        return "nothing"
    there, without = chance_told(each.reached[name]), chance_told(each.without[name])
    return f"“{f.case.arrangements[name].name}” {there}, without it {without}"
