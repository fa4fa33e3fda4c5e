"""When things may happen: the clocks of draws, and the stretches in which nothing new begins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process.world import NOTHING, World


@dataclass(frozen=True, slots=True, eq=False)
class Timing:
    """When items are ready, in B draws: by draw and item, per day and in days.

    ``hazard`` (B, items) is 0 for an item without a record; ``lead`` is what it takes first.
    ``meetings`` is the rate of a meeting clock a day; ``days`` the horizon. ``events`` (B,
    happenings of the ``world``) says how often a day each happens, or with what chance on its day.
    A season begins at each of ``seasons``, in days, the first at 0.
    """

    hazard: Floats
    lead: Floats
    recorded: Mask
    meetings: float
    days: float
    world: World = NOTHING
    events: Floats = field(default_factory=lambda: np.zeros((1, 0)))
    seasons: Floats = field(default_factory=lambda: np.zeros(1))

    @property
    def cuts(self) -> Floats:
        """The days before the end on which the world or the season changes."""
        happens = self.events.any(axis=0)
        every = np.concatenate([self.world.day[happens], self.world.until[happens], self.seasons])
        return every[(every > 0) & (every < self.days)]

    def season(self, times: Floats) -> Indexes:
        """The season in which each time is; its first moment belongs to it."""
        return np.asarray(np.searchsorted(self.seasons, times, side="right") - 1)

    def some(self, draws: slice) -> Timing:
        """Those of some draws."""
        return replace(
            self, hazard=self.hazard[draws], lead=self.lead[draws], events=self.events[draws]
        )

    def waits(self, draws: Indexes, items: Sequence[int], times: Floats) -> tuple[Floats, Floats]:
        """log(1 - F_i) at ``times`` (draws, ...) before any jump, and the hazards; (items, ...).

        The hazard of an item that has not begun by then is 0.
        """
        place = draws, np.array(items, dtype=np.intp)[:, None]
        shape = (len(items), len(draws), *(1,) * (times.ndim - 1))
        lead, hazard = self.lead[place].reshape(shape), self.hazard[place].reshape(shape)
        return -hazard * np.maximum(times - lead, 0.0), np.where(times >= lead, hazard, 0.0)


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """When the chain changes, by draw: stretches end at ``ends`` (stretches, draws), in days.

    ``ready`` (stretches, draws) are the items (bits) that have become ready of themselves before
    the stretch; ``jumping`` those that do at its end.
    """

    ends: Floats
    ready: npt.NDArray[np.uint64]
    jumping: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, timing: Timing, moments: Floats) -> Schedule:
        """Stretches end where an item begins or becomes ready, at ``moments`` and at the end.

        So they do where the world or the season changes.
        """
        draws, items = timing.lead.shape
        leads = np.where(timing.lead <= timing.days, timing.lead, timing.days)
        fixed = np.concatenate([moments, timing.cuts, [timing.days]])
        fixed = np.broadcast_to(fixed, (draws, len(fixed)))
        ends = np.sort(np.concatenate([leads, fixed], axis=1), axis=1)
        most = max(len(np.unique(row)) for row in ends)
        table = np.full((draws, most), timing.days)
        for draw in range(draws):
            times = np.unique(ends[draw])
            table[draw, most - len(times) :] = times
            table[draw, : most - len(times)] = 0.0
        jumping = np.zeros((most, draws), dtype=np.uint64)
        jumps = ~timing.recorded & (timing.lead <= timing.days)
        for item in range(items):
            waiting = np.flatnonzero(jumps[:, item])
            last = (
                most
                - 1
                - np.argmax(table[waiting, ::-1] == timing.lead[waiting, item, None], axis=1)
            )
            jumping[last, waiting] |= np.uint64(1 << item)
        before = np.zeros_like(jumping)
        before[1:] = np.bitwise_or.accumulate(jumping, axis=0)[:-1]
        return cls(table.T, before, jumping)

    def stretch_until(self, moment: float) -> Indexes:
        """By draw: the last stretch that ends at a moment, which is one of the ends; (draws,)."""
        last = len(self.ends) - 1
        return np.asarray(last - np.argmax(self.ends[::-1] == moment, axis=0))
