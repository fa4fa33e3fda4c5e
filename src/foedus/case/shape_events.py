# ruff: noqa: RUF009 - `entry` declares a key, as dataclasses.field does
"""The form of what the world does; see :mod:`foedus.case.shape`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from foedus.case.entries import Entry, Shape, entry
from foedus.case.judged import BECAUSE, Judged
from foedus.case.judgement import Judgement, Role
from foedus.case.kinds import Day, ListOf, MapOf
from foedus.case.shape_keys import BECAUSE_DOC, NOTE_DOC, POSITION, REFS, REFS_DOC, STATEMENT, TEXT

SETS = MapOf(POSITION, "a map of issues and positions", ids=False)


@dataclass(frozen=True)
class RateShape(Shape):
    """How often an event happens."""

    a_year: Judgement | None = entry(
        Judged(Role.EVENT_RATE), "how many times a year, on average", required=True
    )


@dataclass(frozen=True)
class ChanceShape(Shape):
    """How likely an event is to happen by a day."""

    by: date | None = entry(Day(), "the last day on which it may happen", required=True)
    value: Judgement | None = entry(
        Judged(Role.EVENT_CHANCE),
        "the chance that it happens by then, if `when` holds until then",
        required=True,
    )


@dataclass(frozen=True)
class BranchShape(Shape):
    """One way in which an event may turn out."""

    name: str | None = entry(TEXT, "what it is called")
    share: Judgement | None = entry(
        Judged(Role.EVENT_SHARE), "its chance, if the event happens; the last may lack it"
    )
    sets: dict[str, Any] | None = entry(SETS, "what it sets, beside what the event sets")


@dataclass(frozen=True)
class EventShape(Shape):
    """Something that happens without anyone's consent: by rate, by chance, or on a day."""

    name: str | None = entry(TEXT, "its name; the id, if absent")
    when: Any = entry(STATEMENT, "where it may happen; everywhere, if absent")
    sets: dict[str, Any] | None = entry(SETS, "the positions that issues then take")
    rate: RateShape | None = entry(Entry(RateShape), "it may happen at any time, at this rate")
    chance: ChanceShape | None = entry(Entry(ChanceShape), "it may happen until a day")
    day: date | None = entry(Day(), "it happens on this day")
    one_of: list[BranchShape | None] | None = entry(
        ListOf(Entry(BranchShape), "a list of branches"), "the ways in which it may turn out"
    )
    because: list[str | None] | None = entry(BECAUSE, BECAUSE_DOC)
    note: str | None = entry(TEXT, NOTE_DOC)
    refs: list[str | None] | None = entry(REFS, REFS_DOC)


TIMINGS = ("rate", "chance", "day")
"""The keys of an event of which exactly one must stand."""
