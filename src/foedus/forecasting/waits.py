"""How long each change takes: items, their waiting times, and the memory of what has run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foedus.case.model import Case
from foedus.forecasting.ranges import Floats
from foedus.forecasting.streams import DrawBlock
from foedus.game.space import Indexes, Mask
from foedus.process.pace import DAYS_A_YEAR, hazard_of

ATTEMPTS = 8
"""So many waiting times are drawn for each item; taken up more often, they come round again."""


@dataclass(frozen=True, slots=True, eq=False)
class Items:
    """The changes that may be made within issues: an item is an issue and a position to move to.

    ``first[k] + b`` numbers the item "issue k to position b". ``pace[k]`` (positions, positions)
    holds for each change the number of its record in ``records``, -1 without one; ``lead[k]`` says
    whether the issue takes time by itself. ``quick[k]`` are the changes that take none.
    """

    first: npt.NDArray[np.intp]
    issue: npt.NDArray[np.intp]
    records: tuple[str, ...]
    pace: tuple[npt.NDArray[np.intp], ...]
    lead: tuple[bool, ...]
    quick: tuple[Mask, ...]

    def __len__(self) -> int:
        return len(self.issue)

    @classmethod
    def of(cls, case: Case, pace_off: frozenset[str] = frozenset()) -> Items:
        """The items of a case; a change whose record is in ``pace_off`` is made at once."""
        records = tuple(name for name in case.records if name not in pace_off)
        number = {name: k for k, name in enumerate(records)}
        first: list[int] = []
        owner: list[int] = []
        pace, lead, quick = [], [], []
        for k, issue in enumerate(case.issues.values()):
            first.append(len(owner))
            owner += [k] * len(issue.positions)
            names = [[issue.pace.of(a.id, b.id) for b in issue.positions] for a in issue.positions]
            of_change = np.array(
                [[number.get(name or "", -1) for name in row] for row in names],
                dtype=np.intp,
            )
            takes = issue.takes is not None and issue.takes.high > 0
            pace.append(of_change)
            lead.append(takes)
            quick.append((of_change < 0) & (not takes))
        return cls(
            np.array(first, dtype=np.intp),
            np.array(owner, dtype=np.intp),
            records,
            tuple(pace),
            tuple(lead),
            tuple(quick),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Waits:
    """The waiting times of a block of n draws, in days.

    ``unit`` (n, items, ATTEMPTS) are exponentials of mean 1; ``hazards[record]`` (n,) are rates a
    day; ``takes[k]`` (n,) is what an issue takes by itself, None for nothing.
    """

    items: Items
    unit: Floats
    hazards: Mapping[str, Floats]
    takes: tuple[Floats | None, ...]

    @classmethod
    def drawn(cls, case: Case, items: Items, block: DrawBlock) -> Waits:
        """The waiting times of a block; each item, record and issue has a stream of its own."""
        unit = np.empty((block.size, len(items), ATTEMPTS))
        for k, issue in enumerate(case.issues.values()):
            for b, position in enumerate(issue.positions):
                generator = block.generator(f"wait {issue.id} = {position.id}")
                unit[:, items.first[k] + b] = generator.exponential(size=(block.size, ATTEMPTS))
        hazards = {
            name: hazard_of(case.records[name]).at(block.uniforms(f"pace {name}")) / DAYS_A_YEAR
            for name in items.records
        }
        takes = tuple(
            None if issue.takes is None else block.values(issue.takes)
            for issue in case.issues.values()
        )
        return cls(items, unit, hazards, takes)

    def duration(
        self, draws: Indexes, issue: int, origins: Indexes, targets: Indexes, attempts: Indexes
    ) -> Floats:
        """How long a change of one issue takes when it is taken up for the k-th time; (d,)."""
        total = np.zeros(len(draws))
        takes = self.takes[issue]
        if takes is not None:
            total += takes[draws]
        pace = self.items.pace[issue][origins, targets]
        item = self.items.first[issue] + targets
        for number, record in enumerate(self.items.records):
            here = pace == number
            if here.any():
                wait = self.unit[draws[here], item[here], attempts[here] % ATTEMPTS]
                total[here] += wait / self.hazards[record][draws[here]]
        return total


@dataclass(eq=False)
class Memory:
    """What has run so far: ``run`` (n, items) in days, ``attempt`` (n, items) counted from 0."""

    run: Floats
    attempt: npt.NDArray[np.intp]

    @classmethod
    def fresh(cls, draws: int, items: int) -> Memory:
        """Nothing has run yet."""
        return cls(np.zeros((draws, items)), np.zeros((draws, items), dtype=np.intp))

    def drop(self, draws: Indexes, which: Mask) -> None:
        """Items (d, items) start anew: done, or no longer wanted."""
        row, item = np.nonzero(which)
        self.run[draws[row], item] = 0.0
        self.attempt[draws[row], item] += 1


def items_of(
    items: Items, positions: npt.NDArray[np.int64], origin: Indexes, target: Indexes
) -> Mask:
    """The items of a move, pair by pair; (d, items); none where ``target`` is -1."""
    there = np.where(target >= 0, target, origin)
    changed = positions[there] != positions[origin]
    found = np.zeros((len(origin), len(items)), dtype=bool)
    row, issue = np.nonzero(changed)
    found[row, items.first[issue] + positions[there[row], issue]] = True
    return found


def item_left(
    waits: Waits,
    memory: Memory,
    positions: npt.NDArray[np.int64],
    draws: Indexes,
    origins: Indexes,
    wanted: Mask,
) -> tuple[Floats, npt.NDArray[np.intp]]:
    """What each wanted item (d, items) still needs, and the record that paces it (-1: none)."""
    items = waits.items
    left = np.zeros(wanted.shape)
    paced = np.full(wanted.shape, -1, dtype=np.intp)
    for k in range(len(items.first)):
        last = items.first[k + 1] if k + 1 < len(items.first) else len(items)
        row, target = np.nonzero(wanted[:, items.first[k] : last])
        if not len(row):
            continue
        item = items.first[k] + target
        origin = positions[origins[row], k]
        chosen = draws[row]
        whole = waits.duration(chosen, k, origin, target, memory.attempt[chosen, item])
        left[row, item] = np.maximum(whole - memory.run[chosen, item], 0.0)
        paced[row, item] = items.pace[k][origin, target]
    return left, paced


def needed(
    wanted: Mask, left: Floats, paced: npt.NDArray[np.intp], records: int, waiting: str
) -> Floats:
    """How long candidates need, holding ``wanted`` (d, items) each; (d,)."""
    if waiting == "parallel":
        return np.asarray(np.where(wanted, left, 0.0).max(axis=1, initial=0.0))
    longest = np.where(wanted & (paced < 0), left, 0.0).max(axis=1, initial=0.0)
    for record in range(records):
        total = np.where(wanted & (paced == record), left, 0.0).sum(axis=1)
        longest = np.maximum(longest, total)
    return np.asarray(longest)


def progress(
    wanted: Mask,
    left: Floats,
    paced: npt.NDArray[np.intp],
    records: int,
    waiting: str,
    passed: Floats,
) -> Floats:
    """How far a candidate's items run while ``passed`` (d,) days go by; (d, items)."""
    whole = np.where(wanted, passed[:, None], 0.0)
    if waiting == "parallel":
        return whole
    for record in range(records):
        queue = wanted & (paced == record)
        lengths = np.where(queue, left, 0.0)
        before = np.cumsum(lengths, axis=1) - lengths
        share = np.clip(passed[:, None] - before, 0.0, lengths)
        whole = np.where(queue, share, whole)
    return whole
