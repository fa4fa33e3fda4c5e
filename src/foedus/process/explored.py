"""The nodes that come about for myopic actors, and the ways on from each: changes and events."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from foedus.game.space import Indexes
from foedus.preferences.sample import Floats
from foedus.process.agreement import Agreed
from foedus.process.families import Bits
from foedus.process.looking import Forbidden, agreed_at
from foedus.process.seasons import Seasons
from foedus.process.timing import Timing
from foedus.process.worths import Worths


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """Ways on from nodes, those of one node together, nodes ascending.

    By way: its ``node``; ``target``, the node it leads to, -1 for one that does not come about;
    ``event``, the happening, or -1 for an agreed change. Of an agreed change: the ``issues`` it
    alters, the ``items`` it waits for, the ``mean`` and ``coalition`` as `~.agreement.Agreed` has
    them, and the ``season`` in which it is one.
    """

    node: Indexes
    target: Indexes
    event: Indexes
    issues: Bits
    items: Bits
    mean: Floats
    coalition: Bits
    season: Indexes

    def some(self, rows: Indexes) -> Ways:
        """Those of some rows, in their order."""
        return Ways(*(getattr(self, each.name)[rows] for each in fields(self)))

    def leading(self, rows: Indexes, node: Indexes, target: Indexes) -> Ways:
        """The same as some, from other nodes to others."""
        rest = (getattr(self, each.name)[rows] for each in fields(self)[2:])
        return Ways(node, target, *rest)

    def agreed(self, rows: Indexes) -> Agreed:
        """The agreed changes among some rows, numbered by their rows."""
        return Agreed(rows, self.mean[rows], self.coalition[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Explored:
    """The nodes that come about, each a state in one draw, and the ways on from them.

    ``draw`` and ``state`` (nodes,).
    """

    draw: Indexes
    state: Indexes
    ways: Ways
    number: npt.NDArray[np.int32]
    """(draws, states): the node of each state, -1 where it does not come about."""


def explore(
    seasons: Seasons,
    worths: Worths,
    timing: Timing,
    starts: Indexes,
    ready: npt.NDArray[np.uint64],
    *,
    forbidden: Forbidden | None = None,
    all_agreed: bool = False,
) -> Explored:
    """All nodes that come about in some regime from ``starts`` (states), in every draw.

    ``ready`` (regimes, draws) are the items that no longer have to be waited for. ``forbidden``
    deletes the moves into a set of states (mask, True) or out of it (mask, False). Ways that no
    clock brings are among them only with ``all_agreed``.
    """
    draws, states = worths.draws, len(seasons.rules[0].space)
    number = np.full((draws, states), -1, dtype=np.int32)
    draw = np.repeat(np.arange(draws), len(starts))
    state = np.tile(starts, draws)
    number[draw, state] = np.arange(len(draw))
    all_draw, all_state = [draw], [state]
    found: list[Ways] = []
    leads: list[Indexes] = []
    count = len(draw)
    # There may be as many changes from every state as from the first.
    work = seasons.rules[0].changes_from(state) * (states // len(starts))
    while len(draw):
        node = number[draw, state].astype(np.intp)
        to_draw, to_state = [], []
        for season, rules in enumerate(seasons.rules):
            agreed = agreed_at(
                rules, worths, draw, state, ready, forbidden, work, all_agreed=all_agreed
            )
            row, came = agreed.row, agreed.row[agreed.came]
            target = rules.changes.target[agreed.change]
            found.append(
                Ways(
                    node[row],
                    target,
                    np.full(len(row), -1),
                    rules.changes.issues[agreed.change],
                    rules.changes.items[agreed.change],
                    agreed.mean,
                    agreed.coalition,
                    np.full(len(row), season),
                )
            )
            leads.append(draw[row])
            to_draw.append(draw[came])
            to_state.append(target[agreed.came])
        for happening in range(len(timing.world)):
            row = np.flatnonzero(
                timing.world.leads(happening, state) & (timing.events[draw, happening] > 0)
            )
            found.append(_events(node[row], timing.world.target[happening, state[row]], happening))
            leads.append(draw[row])
            to_draw.append(draw[row])
            to_state.append(found[-1].target)
        new_draw, new_state = np.concatenate(to_draw), np.concatenate(to_state)
        new = number[new_draw, new_state] < 0
        key = np.unique(new_draw[new] * states + new_state[new])
        draw, state = np.divmod(key, states)
        number[draw, state] = count + np.arange(len(key))
        count += len(key)
        all_draw.append(draw)
        all_state.append(state)
    ways = Ways(*(np.concatenate([getattr(w, f.name) for w in found]) for f in fields(Ways)))
    target = number[np.concatenate(leads), ways.target].astype(np.intp)
    every = np.arange(len(target))
    if len(seasons.rules) + len(timing.world) > 1:  # otherwise they are found in that order
        every = np.argsort(ways.node, kind="stable")
    ways = ways.leading(every, ways.node[every], target[every])
    return Explored(np.concatenate(all_draw), np.concatenate(all_state), ways, number)


def _events(node: Indexes, target: Indexes, happening: int) -> Ways:
    """The ways of one happening."""
    none = np.zeros(len(node), dtype=np.uint64)
    which, every = np.full(len(node), happening), np.full(len(node), -1)
    return Ways(node, target, which, none, none, np.zeros(len(node)), none, every)
