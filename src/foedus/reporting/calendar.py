"""The calendar of a case: what happens on which day, and who decides under which condition."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from foedus.case.model import AnyRight, Case, ChanceBy, ConditionalRight, Event, Issue, OnDay
from foedus.document import Block, Cell, Column, Section, Table
from foedus.reporting.case_events import outcomes_told
from foedus.reporting.findings import Findings

Dated = tuple[date, int, str]
"""A day, the order of what happens on it, and what that is."""


def section(found: Findings) -> tuple[Section, ...]:
    """The section of the report; none for a case in which nothing is dated or conditional."""
    blocks = calendar_blocks(found.game.case)
    title = "The calendar: what happens when, and who decides"
    return (Section(title, blocks, "calendar"),) if blocks else ()


def calendar_blocks(case: Case) -> tuple[Block, ...]:
    """The days that matter in their order, and the rights that depend on state or day."""
    days, rights = sorted(_dated(case)), tuple(_deciding(case))
    blocks: list[Block] = []
    if days:
        blocks.append(_days(case, days))
    if rights:
        columns = (Column("change"), Column("who decides"), Column("if"), Column("when"))
        note = "The first line of a change that counts is the right; where none does, it is nobody."
        blocks.append(Table("Who decides, and when", columns, rights, note))
    return tuple(blocks)


def _days(case: Case, days: list[Dated]) -> Table:
    ends = []
    if case.as_of is not None:
        ends.append((case.as_of, -1, "The case speaks of this day."))
    if case.deadline is not None:
        told = "The deadline. Expiring positions revert, after the events of the day."
        ends.append((case.deadline, 4, told))
    rows = tuple((Cell(str(day)), Cell(what)) for day, _, what in sorted([*days, *ends]))
    late = case.deadline is not None and days[-1][0] > case.deadline
    note = "What comes after the deadline plays no part." if late else None
    return Table("The days that matter", (Column("day"), Column("what")), rows, note)


def _dated(case: Case) -> Iterator[Dated]:
    for event in case.events.values():
        match event.timing:
            case OnDay(day):
                yield day, 1, f"“{event.name}”: {_turns_out(case, event)}."
            case ChanceBy(by, _):
                yield by, 3, f"The last day on which “{event.name}” may happen."
            case _:
                pass
    for issue in case.issues.values():
        for change, right in _conditional(issue):
            for entry in right.entries:
                who = entry.right.text
                under = "" if entry.when is None else f", if {entry.when.text}"
                if entry.since is not None:
                    yield entry.since, 0, f"{change} begins to be decided by: {who}{under}."
                if entry.until is not None:
                    yield entry.until, 2, f"{change} is decided for the last day by: {who}{under}."


def _turns_out(case: Case, event: Event) -> str:
    told = "; ".join(outcomes_told(case, event))
    return told if event.when is None else f"{told}, if {event.when.text}"


def _deciding(case: Case) -> Iterator[tuple[Cell, ...]]:
    for issue in case.issues.values():
        for change, right in _conditional(issue):
            for k, entry in enumerate(right.entries):
                since = "" if entry.since is None else f"from {entry.since}"
                until = "" if entry.until is None else f"until {entry.until}"
                yield (
                    Cell("" if k else change),
                    Cell(entry.right.text),
                    Cell("always" if entry.when is None else entry.when.text),
                    Cell(" ".join(filter(None, (since, until))) or "all the time"),
                )


def _conditional(issue: Issue) -> Iterator[tuple[str, ConditionalRight]]:
    """The rights over an issue that depend on state or day, each with the change in words."""
    labels = {position.id: position.label for position in issue.positions}
    rights: list[tuple[str, AnyRight]] = [(issue.name, issue.decided_by.default)]
    rights += [(f"{issue.name}: {labels[to]}", right) for to, right in issue.decided_by.to.items()]
    rights += [
        (f"{issue.name}: from {labels[a]} to {labels[b]}", right)
        for (a, b), right in issue.decided_by.changes.items()
    ]
    for change, right in rights:
        if isinstance(right, ConditionalRight):
            yield change, right
