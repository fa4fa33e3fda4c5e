"""The likeliest way of myopic actors into some states: which states, with what chance, and when.

A way is a sequence of states from today, one agreed change or event after another, that ends where
it first enters the states wanted. Its chance is that it is gone and that one is in them at the
deadline, so that all ways together have the chance of being there. It is exact: the chain is
unrolled along the way. Of the ways that begin alike none is likelier than all of them together, so
that the likeliest is found by carrying on the beginning with the greatest chance.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import pairwise

import numpy as np

from foedus.game.space import Indexes, Mask, Space
from foedus.preferences.sample import Floats
from foedus.process.chances import as_chances
from foedus.process.explored import Explored, Ways
from foedus.process.myopic import Myopic
from foedus.process.timing import Schedule, Timing

MOST_LOOKED_AT = 100
"""So many beginnings are carried on; after that, only the likeliest of those at hand."""

FINEST = 4.0
"""The shortest part of the time over which waits are summed, in days, beside a jump."""

Name = tuple[tuple[str, str], ...]

_GAUSS, _WEIGHTS = np.polynomial.legendre.leggauss(4)


@dataclass(frozen=True, slots=True)
class LikelyWay:
    """The likeliest way: its ``states`` from today on, and its ``chance``.

    ``days`` (states - 1,) are the expected days of each step given that the way is gone and one is
    there at the deadline. ``sure`` is False when too many ways were to be compared, so that a
    likelier one may have been overlooked.
    """

    states: tuple[int, ...]
    chance: float
    days: tuple[float, ...]
    sure: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Chain:
    """The ways among the nodes from which the states wanted can be entered.

    ``first`` (nodes + 1,) is where the ways of each node begin; the ``target`` of one that leads
    elsewhere is -1.
    """

    state: Indexes
    inside: Mask
    first: Indexes
    ways: Ways

    def next_to(self, node: int) -> list[int]:
        """The nodes that a way leads to."""
        here = self.ways.target[self.first[node] : self.first[node + 1]]
        return [int(t) for t in np.unique(here[here >= 0])]


class LikeliestWays:
    """Looks for likeliest ways in the chain of one draw."""

    def __init__(self, chain: Myopic, space: Space, today: int) -> None:
        self._space = space
        self._explored, self._timing = chain.explored, chain.timing
        self._schedule = chain.schedule
        self._today = int(chain.explored.number[0, today])
        start = np.zeros(chain.nodes)
        start[self._today] = 1.0
        self._end = chain.end(start)
        self._came = came(chain.explored, chain.timing, chain.schedule)

    def chance(self, inside: Mask) -> float:
        """The chance that one is in some of the states (mask over the space) at the deadline."""
        return float(as_chances(self._end[inside[self._explored.state]].sum()))

    def to(self, inside: Mask) -> LikelyWay | None:
        """The likeliest way into some states; None where none leads. No steps if today is inside.

        The states of the way are of the space, today first.
        """
        chain, today = self._among(inside)
        for path, chance, sure in self._search(chain, today):
            states = tuple(int(s) for s in chain.state[path])
            return LikelyWay(states, chance, self._days(chain, path, chance), sure)
        return None

    def each_to(self, inside: Mask) -> Iterator[tuple[tuple[int, ...], float]]:
        """All ways into some states, likeliest first, with their chances; there may be no end."""
        chain, today = self._among(inside)
        for path, chance, _ in self._search(chain, today):
            yield tuple(int(s) for s in chain.state[path]), chance

    def _search(self, chain: _Chain, today: int) -> Iterator[tuple[list[int], float, bool]]:
        """Paths, likeliest first, with their chances and whether none can have been overlooked."""
        if today < 0:
            return
        if chain.inside[today]:
            yield [today], self._chances(chain, [], [today])[0], True
            return
        names = [name_of(self._space, int(state)) for state in chain.state]
        waiting: list[tuple[float, list[Name], list[int]]] = [(-1.0, [], [today])]
        looked_at = 0
        while waiting:
            least, named, path = heappop(waiting)
            if chain.inside[path[-1]]:
                yield path, -least, looked_at <= MOST_LOOKED_AT
                continue
            looked_at += 1
            if looked_at > MOST_LOOKED_AT:
                waiting.clear()
            ahead = chain.next_to(path[-1])
            chances = self._chances(chain, path, ahead) if ahead else []
            for node, chance in zip(ahead, chances, strict=True):
                if chance > 0.0:
                    # Equal but for rounding: names decide, whatever their order in the file.
                    rank = float(f"{-chance:.9e}")
                    heappush(waiting, (rank, [*named, names[node]], [*path, node]))

    def how(self, origin: int, target: int) -> tuple[int | None, int | None]:
        """By what one gets from a state to the next of a way: a season's change, a happening.

        The first season in which some clock brings the change, None where none does; and of the
        happenings that lead there the most frequent, None where none does.
        """
        ways, state = self._explored.ways, self._explored.state
        rows = self._came[state[ways.node[self._came]] == origin]
        rows = rows[state[ways.target[rows]] == target]
        seasons, events = ways.season[rows], ways.event[rows]
        seasons, events = seasons[events < 0], np.unique(events[events >= 0])
        often = self._timing.events[0, events]
        return (
            int(seasons.min()) if len(seasons) else None,
            int(events[np.argmax(often)]) if len(events) else None,
        )

    # --- the chain unrolled ---------------------------------------------------------------

    def _among(self, inside: Mask) -> tuple[_Chain, int]:
        """The part of the chain that matters for some states, and today's node in it, or -1."""
        e = self._explored
        known = inside[e.state]
        wanted = known.copy()
        node, target = e.ways.node[self._came], e.ways.target[self._came]
        while True:
            more = wanted.copy()
            more[node[wanted[target]]] = True
            if (more == wanted).all():
                break
            wanted = more
        kept = np.flatnonzero(wanted)
        place = np.full(len(e.state), -1, dtype=np.intp)
        place[kept] = np.arange(len(kept))
        rows = np.flatnonzero(wanted[e.ways.node])
        node, target = place[e.ways.node[rows]], e.ways.target[rows]
        chain = _Chain(
            e.state[kept],
            known[kept],
            np.searchsorted(node, np.arange(len(kept) + 1)),
            e.ways.leading(rows, node, np.where(target >= 0, place[target], -1)),
        )
        return chain, int(place[self._today])

    def _unrolled(
        self, chain: _Chain, path: Sequence[int], ends: Sequence[int], schedule: Schedule
    ) -> tuple[Myopic, Indexes]:
        """The chain along a path and, from each of ``ends``, which may come next, as it is.

        Returns it with the node at which each end begins. What leaves the path is lost.
        """
        size, last = len(chain.state), len(path) + len(ends) * len(chain.state)
        begins = len(path) + np.arange(len(ends)) * size
        rows, node, target = [], [], []
        every = chain.ways.target
        for k, here in enumerate(path):
            own = np.arange(chain.first[here], chain.first[here + 1])
            onward = np.full(size + 1, last, dtype=np.intp)
            if k + 1 < len(path):
                onward[path[k + 1]] = k + 1
            else:
                onward[list(ends)] = begins + np.array(ends)
            rows.append(own)
            node.append(np.full(len(own), k))
            target.append(onward[chain.ways.target[own]])
        for begin in begins:
            rows.append(np.arange(len(every)))
            node.append(begin + np.repeat(np.arange(size), np.diff(chain.first)))
            target.append(np.where(every >= 0, begin + every, last))
        row = np.concatenate(rows)
        state = np.concatenate([chain.state[list(path)], np.tile(chain.state, len(ends)), [-1]])
        explored = Explored(
            np.zeros(last + 1, dtype=np.intp),
            state.astype(np.intp),
            chain.ways.leading(row, np.concatenate(node), np.concatenate(target)),
            np.zeros((1, 0), dtype=np.int32),
        )
        return Myopic(explored, self._timing, schedule), begins + np.array(ends)

    def _chances(self, chain: _Chain, path: Sequence[int], ends: Sequence[int]) -> list[float]:
        """By end: the chance to go the path, then there, and to be inside at the deadline."""
        unrolled, first = self._unrolled(chain, path, ends, self._schedule)
        start = np.zeros(unrolled.nodes)
        start[0 if path else first[0]] = 1.0
        end = unrolled.end(start)
        size = len(chain.state)
        copies = end[len(path) : len(path) + size * len(ends)].reshape(len(ends), size)
        return [float(each) for each in as_chances(copies[:, chain.inside].sum(axis=1))]

    def _days(self, chain: _Chain, path: Sequence[int], chance: float) -> tuple[float, ...]:
        """The expected days of each step, given that the way is gone.

        The chance that a step is still to come at t, and the way is gone in the end, is summed over
        the time: chances from today, times those of the end as seen from t.
        """
        steps = len(path) - 1
        if not steps:
            return ()
        moments, weights = _moments(self._schedule.ends[:, 0])
        schedule = Schedule.of(self._timing, moments)
        unrolled, _ = self._unrolled(chain, path[:-1], path[-1:], schedule)
        start = np.zeros(unrolled.nodes)
        start[0] = 1.0
        before = np.array(unrolled.forward(start))[:, :steps]
        value = np.zeros(unrolled.nodes)
        value[steps : steps + len(chain.state)] = chain.inside
        after = np.zeros_like(before)
        for k, (stretch, jump) in reversed(list(enumerate(unrolled.stretches))):
            after[k] = value[:steps]
            value = stretch.backward(value if jump is None else jump @ value)
        at = np.searchsorted(schedule.ends[:, 0], moments)
        there = (before[at] * after[at]).T @ weights / chance
        return tuple(float(each) for each in there)


def name_of(space: Space, state: int) -> Name:
    """What a state is called, by issue and position, whatever the order of the file."""
    return tuple(sorted(space.positions(state).items()))


def came(explored: Explored, timing: Timing, schedule: Schedule) -> Indexes:
    """Which ways some clock, or the world, brings at some time; the numbers, ascending."""
    chain = Myopic(explored, timing, schedule)
    found = [np.flatnonzero(explored.ways.event >= 0)]
    for season in range(len(timing.seasons)):
        for ready in np.unique(schedule.ready, axis=0):
            clocks, _ = chain.clocks(ready, np.full(len(ready), season))
            found.append(clocks.option)
    return np.unique(np.concatenate(found))


def _moments(ends: Floats) -> tuple[Floats, Floats]:
    """Days at which to look and how much each counts: dense beside jumps, for sums over time."""
    moments, weights = [], []
    for begin, end in pairwise([0.0, *ends.tolist()]):
        half, edges = (end - begin) / 2, [0.0]
        while edges[-1] + FINEST * 2 ** (len(edges) - 1) < half:
            edges.append(edges[-1] + FINEST * 2 ** (len(edges) - 1))
        there = np.array(sorted({*edges, half, *(end - begin - each for each in edges)}))
        length = np.diff(there)[:, None]
        moments.append((begin + there[:-1, None] + (_GAUSS + 1) / 2 * length).ravel())
        weights.append((_WEIGHTS / 2 * length).ravel())
    return np.concatenate(moments), np.concatenate(weights)
