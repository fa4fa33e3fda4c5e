"""Which nodes lead to which, and what the rate of each way there depends on.

Clocks that share items may ring together, as one. Which of the clocks of a node can, depends on the
sets of items that run there alone (a *setting*): it is worked out once for each setting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from foedus.game.space import Indexes
from foedus.preferences.sample import Floats
from foedus.process.agreement import BEST, Clocks, spread
from foedus.process.changes import Bits
from foedus.process.clocks import Component, components_of


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Which nodes lead to which, by row: at the rate of one clock, with the chance ``share``.

    Rows of one node stand together, nodes ascending. ``component`` (rows,) numbers the component of
    each row's clock, -1 for a meeting; ``clock`` the clock within it; ``draw`` the draw of the
    row's node.
    """

    node: Indexes
    target: Indexes
    share: Floats
    component: Indexes
    clock: Indexes
    draw: Indexes
    components: Sequence[Component]


class Settings:
    """The settings met so far: what rings as one in each, one ring after the other.

    A setting is the sets of items of a node's clocks in their order (0 for a meeting).
    """

    def __init__(self) -> None:
        self.components: list[Component] = []
        self._component: dict[Component, int] = {}
        self._setting: dict[bytes, int] = {}
        self._rings: list[tuple[int, int, int]] = []
        self._columns: list[int] = []
        self._first: list[int] = [0]
        self._tables: tuple[Indexes, ...] = ()

    def numbers(self, settings: list[bytes]) -> Indexes:
        """The numbers of settings, each given as the bytes of its sets."""
        for setting in dict.fromkeys(settings):
            if setting not in self._setting:
                self._setting[setting] = len(self._setting)
                self._add(np.frombuffer(setting, dtype=np.uint64))
                self._tables = ()
        return np.array([self._setting[setting] for setting in settings], dtype=np.intp)

    def _add(self, sets: Bits) -> None:
        column = {int(each): k for k, each in enumerate(sets) if each}
        for k, each in enumerate(sets):
            if not each:
                self._ring(-1, 0, [k])
        for component in components_of(list(column)):
            if component not in self._component:
                self._component[component] = len(self.components)
                self.components.append(component)
            place = self._component[component]
            for clock, ringing in enumerate(self.components[place].clocks):
                self._ring(place, clock, [column[each] for each in ringing])
        self._first.append(len(self._rings))

    def _ring(self, component: int, clock: int, columns: list[int]) -> None:
        self._rings.append((component, clock, len(self._columns)))
        self._columns.extend(columns)

    @property
    def tables(self) -> tuple[Indexes, ...]:
        """By setting where its rings begin; by ring its component, clock and first column; columns.

        Both beginnings have one entry more; a column is a place among the node's clocks.
        """
        if not self._tables:
            rings = np.array([*self._rings, (0, 0, len(self._columns))], dtype=np.intp)
            first = np.array(self._first, dtype=np.intp)
            columns = np.array(self._columns, dtype=np.intp)
            self._tables = (first, rings[:, 0], rings[:, 1], rings[:, 2], columns)
        return self._tables


def rates_of(clocks: Clocks, target: Indexes, draw: Indexes, settings: Settings) -> Rates:
    """The rates of running clocks.

    ``target`` (options,) is the node that each option leads to, ``draw`` (nodes,) each node's draw.
    """
    head = np.flatnonzero(np.diff(clocks.node, prepend=-1))
    sets = clocks.items.tobytes()
    cuts = (8 * np.append(head, len(clocks.node))).tolist()
    number = settings.numbers([sets[a:b] for a, b in pairwise(cuts)])
    first, component, clock, column_first, columns = settings.tables
    at, ring = spread(first[number], first[number + 1])
    which, column = spread(column_first[ring], column_first[ring + 1])
    rung = head[at[which]] + columns[column]
    # Of all that rings as one the best is taken, or one of the equally good.
    mean = clocks.mean[rung]
    begin = np.flatnonzero(np.diff(which, prepend=-1))
    best = np.maximum.reduceat(mean, begin) if len(begin) else mean
    kept = np.flatnonzero(mean >= best[which] - BEST)
    row, option = spread(clocks.first[rung[kept]], clocks.first[rung[kept] + 1])
    row = which[kept][row]
    share = 1.0 / np.bincount(row, minlength=len(ring))[row]
    node = clocks.node[head[at[row]]]
    return Rates(
        node,
        target[option],
        share,
        component[ring[row]],
        clock[ring[row]],
        draw[node],
        settings.components,
    )
