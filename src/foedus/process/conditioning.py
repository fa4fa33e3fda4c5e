"""The chain given what has been seen: exact in every draw, whatever its chance.

An event is that what stands comes to satisfy a statement at some time up to a date, or that it
never does. For several, each node is split by which of the statements have been satisfied on the
way to it; on its date each event keeps the part that agrees with it, and the chain goes on from
there. For one event that has not come about, its states need only be made absorbing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process.chances import as_chances
from foedus.process.explored import Explored
from foedus.process.myopic import Myopic
from foedus.process.timing import Schedule

MOST_EVENTS = 4
"""So many events are looked at together: the chain is as many times larger as 2 to this power."""


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """What stands comes to be among ``states`` (states,) at some time up to ``by`` days from today.

    ``never``: the event is that it does not. ``by`` is one of the moments of the schedule.
    """

    states: Mask
    by: float
    never: bool = False


def given(chain: Myopic, start: int, events: Sequence[Event]) -> Floats:
    """The chance of all events and of each end, (nodes,), from the state ``start`` in every draw.

    Summed over the nodes of a draw it is the chance of the events. Raises ValueError for more than
    ``MOST_EVENTS``.
    """
    if len(events) > MOST_EVENTS:
        raise ValueError(f"{len(events)} observations: at most {MOST_EVENTS} at a time")
    explored = chain.explored
    hits = np.zeros((chain.nodes, len(events)), dtype=bool)
    for k, event in enumerate(events):
        hits[:, k] = event.states[explored.state]
    split, node, flags = _split(explored, hits)
    asked = [
        (_flag(flags, k) ^ event.never, chain.schedule.stretch_until(event.by))
        for k, event in enumerate(events)
    ]
    now = np.zeros(len(node))
    now[split.number[:, start]] = 1.0
    course = Myopic(split, chain.timing, chain.schedule).onward(now)
    for k, now in enumerate(course):
        for so, last in asked:
            now[~so & (last[split.draw] == k)] = 0.0
    return as_chances(np.bincount(node, now, chain.nodes))


def unseen(chain: Myopic, start: int, states: Mask, moments: Sequence[float]) -> list[Floats]:
    """The chance that ``states`` (states,) have not been met by each moment; (nodes,) each."""
    explored = chain.explored
    inside = states[explored.state]
    kept = np.flatnonzero(~inside[explored.ways.node])
    stopped = replace(explored, ways=explored.ways.some(kept))
    chances = np.zeros(chain.nodes)
    chances[explored.number[:, start]] = 1.0
    last = [chain.schedule.stretch_until(moment)[explored.draw] for moment in moments]
    found = [np.zeros(chain.nodes) for _ in moments]
    schedule = _until(chain.schedule, max((int(until.max()) for until in last), default=-1))
    for k, now in enumerate(Myopic(stopped, chain.timing, schedule).onward(chances)):
        for at, until in zip(found, last, strict=True):
            here = (until == k) & ~inside
            at[here] = now[here]
    return found


def expected_at(chain: Myopic, values: Floats, moments: Sequence[float]) -> list[Floats]:
    """What nodes are worth at each moment, from what they are worth at the end; (nodes, ...)."""
    last = [chain.schedule.stretch_until(moment)[chain.explored.draw] for moment in moments]
    found = [np.zeros_like(values) for _ in moments]
    for k, (stretch, jump) in reversed(list(enumerate(chain.stretches))):
        for at, until in zip(found, last, strict=True):
            at[until == k] = values[until == k]
        if jump is not None:
            values = jump @ values
        values = stretch.backward(values)
    return found


def _until(schedule: Schedule, last: int) -> Schedule:
    """A schedule without the stretches after one."""
    kept = slice(last + 1)
    return Schedule(schedule.ends[kept], schedule.ready[kept], schedule.jumping[kept])


def _flag(flags: Indexes, k: int) -> Mask:
    return np.asarray((flags >> k & 1) == 1)


def _split(explored: Explored, hits: Mask) -> tuple[Explored, Indexes, Indexes]:
    """Nodes split by which statements have been satisfied so far: with the node and the flags.

    ``hits`` (nodes, events) says which statements each node satisfies itself.
    """
    own = hits @ (1 << np.arange(hits.shape[1]))
    every = np.arange(1 << hits.shape[1])
    possible = (every & own[:, None]) == own[:, None]
    copy = np.cumsum(possible).reshape(possible.shape) - 1
    node, flags = np.nonzero(possible)
    row, flag = np.nonzero(possible[explored.ways.node])
    origin = copy[explored.ways.node[row], flag]
    order = np.argsort(origin, kind="stable")
    row, flag, origin = row[order], flag[order], origin[order]
    target = explored.ways.target[row]
    onward = np.where(target >= 0, copy[target, flag | own[target]], -1)
    first = copy[explored.number, own[explored.number]]
    split = Explored(
        explored.draw[node],
        explored.state[node],
        explored.ways.leading(row, origin, onward),
        np.where(explored.number >= 0, first, -1).astype(np.int32),
    )
    return split, node, flags
