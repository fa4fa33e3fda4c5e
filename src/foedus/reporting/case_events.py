"""What the world does in a case: its events, when each happens and what it sets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, assert_never

from foedus.case.model import Case, ChanceBy, Event, OnDay, Outcome, Rate
from foedus.document import Block, Cell, Column, Table
from foedus.tracing.grounds import ranged


def event_counts(case: Case) -> str:
    """How many events there are of each kind, and those on a day in their order."""
    events = case.events.values()
    at_rate = sum(isinstance(event.timing, Rate) for event in events)
    by_chance = sum(isinstance(event.timing, ChanceBy) for event in events)
    told = [f"{at_rate:,} at a rate"] if at_rate else []
    told += [f"{by_chance:,} with a chance until a day"] if by_chance else []
    dated = [f"{event.id} on {day}" for day, event in _dated(case)]
    return ", ".join([*told, *dated])


def event_data(event: Event) -> dict[str, Any]:
    """An event as plain data: its kind, its day if it has one, and the issues that it may set."""
    told: dict[str, Any] = {"sets": sorted(event.sets)}
    match event.timing:
        case Rate():
            return {"kind": "rate", **told}
        case ChanceBy(by):
            return {"kind": "chance", "day": by.isoformat(), **told}
        case OnDay(day):
            return {"kind": "day", "day": day.isoformat(), **told}
        case _:
            assert_never(event.timing)


def event_blocks(case: Case) -> tuple[Block, ...]:
    """A table of the events, those on a day last and in their order; none where there are none."""
    dated = [event for _, event in _dated(case)]
    others = [event for event in case.events.values() if event not in dated]
    rows = tuple(
        (
            Cell(event.name, note=event.note),
            Cell(_time(case, event)),
            Cell("; ".join(_outcomes(case, event))),
        )
        for event in (*others, *dated)
    )
    columns = (Column("event"), Column("when it happens"), Column("what it sets"))
    return (Table("What the world does", columns, rows),) if rows else ()


def _dated(case: Case) -> list[tuple[str, Event]]:
    """The events on a day, with it, in their order."""
    timings = ((event.timing, event) for event in case.events.values())
    found = [(timing.day, event) for timing, event in timings if isinstance(timing, OnDay)]
    return [(str(day), event) for day, event in sorted(found, key=lambda each: each[0])]


def _time(case: Case, event: Event) -> str:
    """When an event happens, and under which condition in the words of the file."""
    match event.timing:
        case Rate(a_year):
            told, last = f"at any time, {ranged(a_year)} times a year", None
        case ChanceBy(by, value):
            told, last = f"by {by}, with a chance of {ranged(value)}", None
        case OnDay(day):
            told, last = f"on {day}", day
        case _:
            assert_never(event.timing)
    if last is not None and case.deadline is not None and last > case.deadline:
        told += ", after the deadline: it plays no part"
    return told if event.when is None else f"{told}, if {event.when.text}"


def _outcomes(case: Case, event: Event) -> Iterator[str]:
    """Each way it may turn out: its name, its share and what it sets."""
    for outcome in event.outcomes:
        if len(event.outcomes) == 1:
            yield _sets(case, outcome)
        else:
            share = "the rest" if outcome.share is None else ranged(outcome.share)
            head = f"{outcome.name} ({share})" if outcome.name else share
            yield f"{head}: {_sets(case, outcome)}"


def _sets(case: Case, outcome: Outcome) -> str:
    told = []
    for name, position in outcome.sets.items():
        issue = case.issues[name]
        told.append(f"{issue.name} becomes {issue.positions[issue.number(position)].label}")
    return ", ".join(told) or "nothing changes"
