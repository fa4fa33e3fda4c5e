"""One block of a forecast: played, judged and counted; small enough to go between processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foedus.forecasting.bargains import NONE
from foedus.forecasting.playout import Outcomes
from foedus.forecasting.setting import Setting
from foedus.forecasting.streams import DrawBlock
from foedus.game.space import Indexes, Mask
from foedus.preferences import SampledPreferences

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Consented:
    """Consent in m draws: ``acceptable`` (m, arrangements), ``package`` (m, arrangements).

    A package is the index of a state, -1 where nobody makes the arrangement.
    """

    acceptable: Mask
    package: Indexes


@dataclass(frozen=True, slots=True, eq=False)
class Detail:
    """What signposts and sensitivity need of n draws.

    ``reached`` (n,) is the state at the end; ``first_done`` (n, items) the day on which each item
    was first done; ``since`` (n, moves + 1) and ``states`` (n, moves + 1) the way: the state from
    each day on, padded with infinite days and -1.
    """

    reached: npt.NDArray[np.int32]
    first_done: npt.NDArray[np.float32]
    since: npt.NDArray[np.float32]
    states: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class BlockResult:
    """What one block came to.

    ``reached`` (arrangements,) counts the draws that end in each; ``positions`` holds for each
    issue the count of each position at the end; ``course`` (times, arrangements) counts the draws
    that would end in each if the deadline came at that time; ``cycling``, ``stopped`` and ``moves``
    count draws that met a cycle, draws cut short, and moves made.
    """

    block: DrawBlock
    reached: Counts
    positions: tuple[Counts, ...]
    course: Counts
    cycling: int
    stopped: int
    moves: int
    detail: Detail | None = None
    consented: Consented | None = None


def block_result(
    setting: Setting, block: DrawBlock, *, detailed: int = 0, judged: int = 0
) -> BlockResult:
    """Play a block; keep details of its first draws, and judge consent in its first draws.

    ``detailed`` and ``judged`` say in how many.
    """
    sights = setting.sights(block)
    outcomes = setting.played(block, sights)
    matching = np.stack(list(setting.matching.values()), axis=1) if setting.matching else None
    space = setting.game.space
    at_end = outcomes.reached
    reached = np.zeros(0, dtype=np.int64)
    course = np.zeros((len(setting.times), 0), dtype=np.int64)
    if matching is not None:
        reached = matching[at_end].sum(axis=0)
        course = matching[outcomes.course].sum(axis=0)
    positions = tuple(
        np.bincount(space.reader.column(k)[at_end], minlength=len(issue.positions))
        for k, issue in enumerate(space.radix.issues)
    )
    consented = None
    if judged:
        few = DrawBlock(block.number, block.first, judged, block.seed)
        seen = sights if judged == block.size else setting.sights(few)
        consented = _consented(setting, seen, judged)
    return BlockResult(
        block,
        reached,
        positions,
        course,
        int((outcomes.cycles > 0).sum()),
        int(outcomes.stopped.sum()),
        int(outcomes.moves.sum()),
        _detail(setting, outcomes, detailed) if detailed else None,
        consented,
    )


def _consented(setting: Setting, sights: Mapping[str, SampledPreferences], draws: int) -> Consented:
    names = list(setting.matching)
    found = setting.consents(sights, names)
    acceptable = [found[name].acceptable for name in names]
    package = [found[name].package for name in names]
    shape = (draws, len(names))
    return Consented(
        np.stack(acceptable, axis=1) if names else np.zeros(shape, dtype=bool),
        np.stack(package, axis=1) if names else np.zeros(shape, dtype=np.intp),
    )


def _detail(setting: Setting, outcomes: Outcomes, size: int) -> Detail:
    """The way of the first draws, from the moves that were made."""
    most = int(outcomes.moves.max(initial=0)) + 1 + len(setting.game.case.actors)
    since = np.full((size, most), np.inf)
    states = np.full((size, most), NONE, dtype=np.int32)
    since[:, 0], states[:, 0] = 0.0, setting.today
    count = np.ones(size, dtype=np.intp)
    for draws, _, state, day in outcomes.trail:
        few = draws < size
        row = draws[few]
        since[row, count[row]], states[row, count[row]] = day[few], state[few]
        count[row] += 1
    width = int(count.max(initial=1))
    return Detail(
        outcomes.reached[:size].astype(np.int32),
        outcomes.first_done[:size].astype(np.float32),
        since[:, :width].astype(np.float32),
        states[:, :width],
    )
