"""What a case may know: nothing from after ``as_of``, the day of which it speaks.

Evidence and polls of a later day stay in the case, so that they can be named and shown, but they
are nobody's reasons, and carry no marks and no likelihoods. A record that runs on is cut.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from immutabledict import immutabledict

from foedus.case.kinds import REASONS
from foedus.case.model import Case, Evidence, Path, Poll, Record
from foedus.case.progress import Reading


def late_ids(data: Mapping[str, Any]) -> frozenset[str]:
    """The ids of the evidence and polls in a file's data that are dated after its ``as_of``."""
    as_of = _day(data.get("as_of"))
    if as_of is None:
        return frozenset()
    found = set()
    for section in REASONS:
        entries = data.get(section)
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            day = _day(entry.get("date")) if isinstance(entry, dict) else None
            if day is not None and day > as_of:
                found.add(str(name))
    return frozenset(found)


def _day(value: Any) -> date | None:
    if isinstance(value, date):
        return value
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def is_late(case: Case, item: Evidence | Poll) -> bool:
    """Whether an item or a poll is of after ``as_of``."""
    return case.as_of is not None and item.date is not None and item.date > case.as_of


def known_evidence(item: Evidence, as_of: date | None, reading: Reading) -> Evidence:
    """The item as ``as_of`` has it: bare, and told so, if it is of a later day."""
    if as_of is None or item.date is None or item.date <= as_of:
        return item
    _tell(item.kind, item.id, item.date, as_of, ("evidence", item.id), reading)
    return replace(item, marks=immutabledict(), likelihood=immutabledict())


def known_poll(poll: Poll, as_of: date | None, reading: Reading) -> Poll:
    """The poll, and told if it is of after ``as_of``."""
    if as_of is not None and poll.date is not None and poll.date > as_of:
        _tell("poll", poll.id, poll.date, as_of, ("polls", poll.id), reading)
    return poll


def _tell(kind: str, name: str, day: date, as_of: date, path: Path, reading: Reading) -> None:
    message = f"the {kind} {name!r} is of {day}, after as_of ({as_of}): it is not used"
    reading.notice(message, (*path, "date"))


def known_record(record: Record, as_of: date | None, reading: Reading) -> Record:
    """The record cut at ``as_of``, and told so; a problem where it cannot be cut.

    What was done by ``as_of`` is known only if all that was done is dated. A record with problems
    of its own is left.
    """
    path: Path = ("records", record.id)
    since, until = record.since, record.until
    if as_of is None or since is None or until is None or not since < until or until <= as_of:
        return record
    runs = f"the record {record.id!r} runs until {until}, after as_of ({as_of})"
    if since >= as_of:
        message = f"the record {record.id!r} begins on {since}, not before as_of ({as_of})"
        reading.problem(message, (*path, "since"), expected="what was known on that day")
        return record
    if record.done is None or record.agreed is None:
        return record
    undated = record.done - len(record.done_on)
    if undated > 0:
        some = f"{undated} dates are missing" if undated > 1 else "1 date is missing"
        some = "no date is given" if undated == record.done else some
        message = (
            f"{runs}, and {some} of what was done: how much of it was done by then is not known"
        )
        expected = "`until` no later than as_of, or every date of what was done in `done_on`"
        reading.problem(message, (*path, "until"), expected=expected)
        return record
    kept = tuple(day for day in record.done_on if day <= as_of)
    told = f"{runs}: it is counted to that day, with {len(kept)} done"
    if len(kept) < record.done:
        told += f" and not {record.done}"
    reading.notice(told, (*path, "until"))
    return replace(record, until=as_of, done=len(kept), done_on=kept, written_until=until)
