"""Which nodes lead to which, and what the rate of each way there depends on.

Clocks that share items may ring together, as one. Which of the clocks of a node can, depends on the
sets of items that run there alone (a *setting*): it is worked out once for each setting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from threading import Lock
from types import ModuleType

import numpy as np

from foedus.game.moves import mixed
from foedus.game.space import Indexes
from foedus.preferences.sample import Floats
from foedus.process.agreement import BEST, Clocks, spread
from foedus.process.clocks import Component, components_of
from foedus.process.families import Bits


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Which nodes lead to which, by row: at the rate of one clock, with the chance ``share``.

    Rows of one node stand together, nodes ascending. ``component`` (rows,) numbers the component of
    each row's clock, -1 for a meeting; ``clock`` the clock within it; ``draw`` the draw of the
    row's node. ``compiled`` are the loops to solve with.
    """

    node: Indexes
    target: Indexes
    share: Floats
    component: Indexes
    clock: Indexes
    draw: Indexes
    components: Sequence[Component]
    compiled: ModuleType | None


def codes_of(sets: Bits, head: Indexes, compiled: ModuleType | None = None) -> Bits:
    """A number of 64 bits for each node, by which settings are told apart; (nodes,).

    ``sets`` (clocks,) are the sets of items, those of one node together from its ``head`` on.
    """
    if compiled is not None:
        found: Bits = compiled.settings(sets, head)
        return found
    place = np.arange(len(sets)) - np.repeat(head, np.diff(head, append=len(sets)))
    each = mixed(mixed(place.astype(np.uint64) + np.uint64(1)) ^ sets)
    return np.asarray(np.add.reduceat(each, head))


MOST_SETTINGS = 1 << 14
"""So many settings are kept before all are forgotten."""


class Settings:
    """The settings met so far: what rings as one in each, one ring after the other.

    A setting is the sets of items of a node's clocks in their order (0 for a meeting). What rings
    in it follows from these alone, in whatever case or draw it is met.
    """

    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        self.components: list[Component] = []
        self._component: dict[Component, int] = {}
        self._codes: Bits = np.zeros(0, dtype=np.uint64)
        self._order = np.zeros(0, dtype=np.intp)
        self._new: tuple[list[int], ...] = ([], [], [], [], [])
        self.tables: tuple[Indexes, ...] = tuple(
            np.array(each, dtype=np.intp) for each in ([0], [], [], [0], [])
        )
        """By setting where its rings begin; by ring component, clock and first column; columns.

        Both beginnings have one entry more; a column is a place among the node's clocks.
        """

    def numbers(self, sets: Bits, head: Indexes, compiled: ModuleType | None = None) -> Indexes:
        """The number of each node's setting; (nodes,).

        ``sets`` (clocks,) are the sets of items, those of one node together from its ``head`` on.
        """
        if not len(head):
            return head
        size = np.diff(head, append=len(sets))
        codes = codes_of(sets, head, compiled)
        number = self._looked_up(codes)
        if len(self._codes) > MOST_SETTINGS and (number < 0).any():
            self._forget()
            number = self._looked_up(codes)
        new, example = np.unique(codes[number < 0], return_index=True)
        for node in np.flatnonzero(number < 0)[example]:
            self._add(sets[head[node] : head[node] + size[node]])
        if len(new):
            place = np.searchsorted(self._codes, new)
            numbers = len(self._codes) + np.arange(len(new))
            self._codes = np.insert(self._codes, place, new)
            self._order = np.insert(self._order, place, numbers)
            self._join()
            number = self._looked_up(codes)
        return number

    def _looked_up(self, codes: Bits) -> Indexes:
        """The number of the setting with each code, -1 where there is none."""
        if not len(self._codes):
            return np.full(len(codes), -1, dtype=np.intp)
        place = np.minimum(np.searchsorted(self._codes, codes), len(self._codes) - 1)
        return np.where(self._codes[place] == codes, self._order[place], -1)

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
        self._new[0].append(len(self.tables[1]) + len(self._new[1]))

    def _ring(self, component: int, clock: int, columns: list[int]) -> None:
        _, components, clocks, column_ends, all_columns = self._new
        components.append(component)
        clocks.append(clock)
        all_columns.extend(columns)
        column_ends.append(len(self.tables[4]) + len(all_columns))

    def _join(self) -> None:
        """Add what is new to the tables."""
        pairs = zip(self.tables, self._new, strict=True)
        self.tables = tuple(np.concatenate([old, np.array(new, np.intp)]) for old, new in pairs)
        self._new = ([], [], [], [], [])


_MET = Settings()
_LOCK = Lock()


def rates_of(
    clocks: Clocks, target: Indexes, draw: Indexes, compiled: ModuleType | None = None
) -> Rates:
    """The rates of running clocks.

    ``target`` (options,) is the node that each option leads to, ``draw`` (nodes,) each node's draw;
    ``compiled`` are the loops to use.
    """
    head = np.flatnonzero(np.diff(clocks.node, prepend=-1))
    with _LOCK:
        number = _MET.numbers(clocks.items, head, compiled)
        first, component, clock, column_first, columns = _MET.tables
        known = _MET.components
    if compiled is not None:
        at, ring, option, share = compiled.rings(
            head, clocks.mean, clocks.first, number, first, column_first, columns
        )
        node = clocks.node[head[at]]
        met, number = _met(known, component[ring])
        return Rates(node, target[option], share, number, clock[ring], draw[node], met, compiled)
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
    met, number = _met(known, component[ring[row]])
    which_clock = clock[ring[row]]
    return Rates(node, target[option], share, number, which_clock, draw[node], met, compiled)


def _met(known: Sequence[Component], component: Indexes) -> tuple[list[Component], Indexes]:
    """The components that rows are of, and by row their numbers among these, -1 for a meeting."""
    seen = np.zeros(len(known) + 1, dtype=bool)
    seen[component] = True
    seen[-1] = False
    number = np.cumsum(seen) - 1
    number[-1] = -1
    return [known[k] for k in np.flatnonzero(seen).tolist()], number[component]


def together(rates: Rates) -> Rates:
    """The same, with the meetings that lead from a node to the same target as one way.

    Coalitions that meet each for themselves often want the same.
    """
    meeting = rates.component < 0
    order = np.lexsort((rates.target, ~meeting, rates.node))
    keys = [each[order] for each in (rates.node, rates.target, meeting)]
    new = ~meeting[order]
    new[:1] = True
    new[1:] |= np.any([key[1:] != key[:-1] for key in keys], axis=0)
    starts = np.flatnonzero(new)
    share = np.add.reduceat(rates.share[order], starts) if len(starts) else rates.share
    row = order[starts]
    names = ("node", "target", "component", "clock", "draw")
    return replace(rates, share=share, **{name: getattr(rates, name)[row] for name in names})
