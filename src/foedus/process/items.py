"""Items: what a change has to wait for, an issue with the record that paces it and what it takes.

Whatever the position moved to, one issue with one record and one duration is one item, so that a
second name for a position, or a longer list of options, speeds nothing. A change within an issue
that waits for nothing is *quick*.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foedus.case.model import Case, Issue, Judgement
from foedus.case.problems import CaseError, Problem

MOST_ITEMS = 62
"""So many items, and so many issues, are told apart by one whole number."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to wait for: ``record`` is None where only ``takes`` passes."""

    issue: str
    record: str | None
    takes: Judgement | None


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """The items of a case.

    ``of_change[k]`` (positions, positions) numbers the item that a change within issue k waits
    for, -1 for a quick one.
    """

    all: tuple[Item, ...]
    of_change: tuple[npt.NDArray[np.intp], ...]

    def __len__(self) -> int:
        return len(self.all)


def items_of(case: Case, pace_off: frozenset[str] = frozenset()) -> Items:
    """The items of a case; a change whose record is in ``pace_off`` waits for what it takes alone.

    Raises CaseError for more than ``MOST_ITEMS`` items or issues.
    """
    numbers: dict[tuple[object, ...], int] = {}
    found: list[Item] = []
    tables = []
    for issue in case.issues.values():
        table = np.full((len(issue.positions), len(issue.positions)), -1, dtype=np.intp)
        for a, origin in enumerate(issue.positions):
            for b, target in enumerate(issue.positions):
                if a == b:
                    continue
                item = _item(case, issue, (origin.id, target.id), pace_off)
                if item is not None:
                    table[a, b] = numbers.setdefault(_key(item), len(found))
                    if table[a, b] == len(found):
                        found.append(item)
        tables.append(table)
    if max(len(found), len(case.issues)) > MOST_ITEMS:
        raise CaseError([_too_many(case, len(found))], case.file)
    return Items(tuple(found), tuple(tables))


def _item(
    case: Case, issue: Issue, change: tuple[str, str], pace_off: frozenset[str]
) -> Item | None:
    record = issue.pace.of(*change)
    if record is not None and (record in pace_off or record not in case.records):
        record = None
    takes = issue.takes_of(*change)
    if takes is not None and takes.high <= 0:
        takes = None
    return None if record is None and takes is None else Item(issue.id, record, takes)


def _key(item: Item) -> tuple[object, ...]:
    """Equal for what is the same wait: a sure duration counts by its days, not by its entry."""
    takes = item.takes
    duration = None if takes is None else (takes.mode if takes.sure else takes.path)
    return item.issue, item.record, duration


def _too_many(case: Case, items: int) -> Problem:
    return Problem(
        f"too many for the process: {len(case.issues)} issues, {items} things to wait for",
        case.place(("issues",)),
        expected=f"at most {MOST_ITEMS} of each",
    )
