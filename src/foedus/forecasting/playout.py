"""The playout: every draw of a block played from today to the deadline; see docs/playout.md."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foedus.forecasting.bargains import NONE, Bargaining
from foedus.forecasting.pursuit import Pursuit
from foedus.forecasting.ranges import Floats
from foedus.forecasting.waits import Memory, Waits, item_left, items_of, needed, progress
from foedus.game.space import Indexes, Mask

MOST_MOVES = 500
"""After so many moves a draw is stopped where it stands."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """Where n draws end, and on what way.

    ``reached`` (n,) is the state after the fall and the last answers. ``course`` (n, times) is the
    state at each of the times asked for, before any fall. ``first_done`` (n, items) is the day on
    which each item was first done, infinite if never; a last answer counts at the deadline.
    ``cycles`` (n,) counts cycles met, ``stopped`` (n,) marks draws cut short, ``moves`` (n,) counts
    moves. ``trail`` lists the moves made, step by step, as arrays (draws, coalition, state, day).
    """

    reached: Indexes
    course: Indexes
    first_done: Floats
    cycles: npt.NDArray[np.intp]
    stopped: Mask
    moves: npt.NDArray[np.intp]
    trail: tuple[tuple[Indexes, Indexes, Indexes, Floats], ...]


def play(bargaining: Bargaining, waits: Waits, today: int, days: float, times: Floats) -> Outcomes:
    """Play the draws of a block from ``today`` for ``days`` days.

    ``times`` (ascending, in days) says when the course is noted.
    """
    return _Playing(bargaining, waits, today, days, times).played()


class _Playing:
    """One block being played."""

    def __init__(
        self, bargaining: Bargaining, waits: Waits, today: int, days: float, times: Floats
    ) -> None:
        self.bargaining, self.waits, self.days, self.times = bargaining, waits, days, times
        self.options = bargaining.options
        self.pursuit = Pursuit(bargaining, self.needs)
        n, items = len(waits.unit), len(waits.items)
        self.state = np.full(n, today, dtype=np.intp)
        self.time = np.zeros(n)
        self.memory = Memory.fresh(n, items)
        self.visited = np.full((n, 1), today, dtype=np.intp)
        self.frozen = np.zeros(n, dtype=bool)
        self.course = np.full((n, len(times)), NONE, dtype=np.intp)
        self.first_done = np.full((n, items), np.inf)
        self.cycles = np.zeros(n, dtype=np.intp)
        self.moves = np.zeros(n, dtype=np.intp)
        self.trail: list[tuple[Indexes, Indexes, Indexes, Floats]] = []

    def played(self) -> Outcomes:
        """Play to the end."""
        active = np.arange(len(self.state))
        while len(active):
            active = self.step(active)
        self.course = np.where(self.course == NONE, self.state[:, None], self.course)
        stopped = self.moves >= MOST_MOVES
        self.state = self.bargaining.space.fall[self.state]
        self.last_answers()
        return Outcomes(
            self.state,
            self.course,
            self.first_done,
            self.cycles,
            stopped,
            self.moves,
            tuple(self.trail),
        )

    def step(self, active: Indexes) -> Indexes:
        """Let one move happen in each active draw; give the draws that go on."""
        accepted = self.accepted(active)
        going = (accepted != NONE).any(axis=1)
        active, accepted = active[going], accepted[going]
        if not len(active):
            return active
        wanted = self.wanted_items(active, accepted)
        union = np.asarray(wanted.any(axis=1))
        self.memory.drop(active, (self.memory.run[active] > 0) & ~union)
        left, paced = self.left(active, self.state[active], union)
        records, waiting = len(self.waits.items.records), self.options.waiting
        need = np.full(accepted.shape, np.inf)
        for c in range(accepted.shape[1]):
            rows = np.flatnonzero(accepted[:, c] != NONE)
            if len(rows):
                need[rows, c] = needed(wanted[rows, c], left[rows], paced[rows], records, waiting)
        winner = self.first_to_finish(need)
        passed = need[np.arange(len(active)), winner]
        in_time = self.time[active] + passed <= self.days
        active, winner, passed = active[in_time], winner[in_time], passed[in_time]
        wanted, left = wanted[in_time], left[in_time]
        paced, accepted = paced[in_time], accepted[in_time]
        if not len(active):
            return active
        run = np.zeros(left.shape)
        for c in range(accepted.shape[1]):
            rows = np.flatnonzero(accepted[:, c] != NONE)
            if len(rows):
                done = progress(
                    wanted[rows, c], left[rows], paced[rows], records, waiting, passed[rows]
                )
                run[rows] = np.maximum(run[rows], done)
        self.memory.run[active] += run
        each = np.arange(len(active))
        self.memory.drop(active, wanted[each, winner])
        self.happen(active, winner, accepted[each, winner], passed)
        return active[self.moves[active] < MOST_MOVES]

    def happen(self, active: Indexes, winner: Indexes, target: Indexes, passed: Floats) -> None:
        """The winners' moves are made."""
        origin, since = self.state[active], self.time[active]
        now = since + passed
        if len(self.times):
            noted = (self.times >= since[:, None]) & (self.times < now[:, None])
            row, moment = np.nonzero(noted)
            self.course[active[row], moment] = origin[row]
        self.time[active] = now
        self.note_items(active, origin, target, now)
        self.state[active] = target
        self.moves[active] += 1
        self.trail.append((active, winner, target, now))
        quick = self.quick(origin, target)
        self.visited[active[~quick]] = NONE
        self.frozen[active[~quick]] = False
        self.visit(active, target)

    def note_items(self, active: Indexes, origin: Indexes, target: Indexes, now: Floats) -> None:
        """Keep when each item was first done."""
        items = items_of(self.waits.items, self.bargaining.positions, origin, target)
        row, item = np.nonzero(items)
        before = self.first_done[active[row], item]
        self.first_done[active[row], item] = np.minimum(before, now[row])

    def visit(self, active: Indexes, target: Indexes) -> None:
        """Add the target to the states of the present run."""
        free = self.visited[active] == NONE
        if not free.any(axis=1).all():
            more = np.full((len(self.visited), 4), NONE, dtype=np.intp)
            self.visited = np.concatenate([self.visited, more], axis=1)
            free = self.visited[active] == NONE
        self.visited[active, free.argmax(axis=1)] = target

    # --- what is wanted ---

    def accepted(self, active: Indexes) -> Indexes:
        """The accepted candidates, cycles left aside by the rule; (active, coalitions)."""
        states = self.state[active]
        still = self.options.cycle == "stand-still"
        barred = self.barred_when_frozen if still and self.frozen[active].any() else None
        accepted = self.pursuit.accepted(active, states, barred)
        cycling = np.zeros(len(active), dtype=bool)
        for c in range(accepted.shape[1]):
            rows = np.flatnonzero(accepted[:, c] != NONE)
            target = accepted[rows, c]
            back = (self.visited[active[rows]] == target[:, None]).any(axis=1)
            back &= self.quick(states[rows], target)
            cycling[rows[back]] = True
        if cycling.any():
            again = active[cycling]
            self.cycles[again] += 1
            self.frozen[again] = still
            rule = self.barred_when_frozen if still else self.barred_when_visited
            accepted[cycling] = self.pursuit.accepted(again, states[cycling], rule)
        return accepted

    def barred_when_visited(self, state: int, draws: Indexes, targets: Indexes) -> Mask:
        """Quick moves back to a state of the present run."""
        quick = self.quick(np.full(len(targets), state), targets)
        visited = (self.visited[draws][:, :, None] == targets[None, None, :]).any(axis=1)
        return np.asarray(visited & quick)

    def barred_when_frozen(self, state: int, draws: Indexes, targets: Indexes) -> Mask:
        """All quick moves, in draws that stand still."""
        quick = self.quick(np.full(len(targets), state), targets)
        return np.asarray(self.frozen[draws][:, None] & quick)

    def quick(self, origin: Indexes, target: Indexes) -> Mask:
        """Whether moves change quick issues alone, pair by pair; (d,)."""
        at = self.bargaining.positions
        found = np.ones(len(origin), dtype=bool)
        for k, quick in enumerate(self.waits.items.quick):
            here, there = at[origin, k], at[target, k]
            found &= (here == there) | quick[here, there]
        return found

    # --- time ---

    def wanted_items(self, active: Indexes, accepted: Indexes) -> npt.NDArray[np.bool_]:
        """The items of every accepted candidate; (active, coalitions, items)."""
        at, origin = self.bargaining.positions, self.state[active]
        columns = [
            items_of(self.waits.items, at, origin, accepted[:, c]) for c in range(accepted.shape[1])
        ]
        return np.stack(columns, axis=1)

    def left(
        self, draws: Indexes, origins: Indexes, wanted: Mask
    ) -> tuple[Floats, npt.NDArray[np.intp]]:
        """What wanted items still need; see :func:`foedus.forecasting.waits.item_left`."""
        return item_left(self.waits, self.memory, self.bargaining.positions, draws, origins, wanted)

    def needs(self, draws: Indexes, origins: Indexes, targets: Indexes) -> Floats:
        """How long moves still need, triple by triple; (d,)."""
        wanted = items_of(self.waits.items, self.bargaining.positions, origins, targets)
        left, paced = self.left(draws, origins, wanted)
        records = len(self.waits.items.records)
        return needed(wanted, left, paced, records, self.options.waiting)

    def first_to_finish(self, need: Floats) -> Indexes:
        """Which candidate happens: the one that needs least, of several the first in order."""
        if self.options.order == "file":
            return np.asarray(need.argmin(axis=1))
        return np.asarray(need.shape[1] - 1 - need[:, ::-1].argmin(axis=1))

    # --- the end ---

    def last_answers(self) -> None:
        """After the fall, every mover of one actor may make one quick move."""
        for c, moves in enumerate(self.bargaining.coalitions):
            if len(moves.mover.members) > 1:
                continue
            standing = self.state.copy()  # one move each: who has answered does not answer again
            for state in np.unique(standing):
                here = np.flatnonzero(standing == state)
                targets = self.bargaining.targets(c, int(state)).states
                if not len(targets):
                    continue
                quick = self.quick(np.full(len(targets), state), targets)
                if not quick.any():
                    continue
                allowed = np.broadcast_to(quick, (len(here), len(targets)))
                chosen = self.bargaining.best(c, int(state), here, allowed)
                moved = here[chosen != NONE]
                target = chosen[chosen != NONE]
                now = np.full(len(moved), self.days)
                self.note_items(moved, np.full(len(moved), state), target, now)
                self.trail.append((moved, np.full(len(moved), c), target, now))
                self.state[moved] = target
