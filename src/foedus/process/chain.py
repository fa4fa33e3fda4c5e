"""The chain: many nodes (a state in one draw), the rates between them, and its exact solution.

Between two times at which an item begins to run or becomes ready of itself, rates are smooth. Each
such stretch is cut into steps, in each of which the rates that vary are taken as polynomials of
time, and the linear system is solved by its Taylor series to the last digit. A step is so short
that no node is left more than ``EXITS`` times in it on average, and that no item that waits beside
others is ready more than ``READIES`` times.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process.agreement import BEST, Clocks
from foedus.process.clocks import Component, components_of

EXITS = 3.0
READIES = 0.5
DEGREE = 4
"""Rates that vary are polynomials of this degree within a step."""

MOST_TERMS = 200
SMALL = 1e-16

_NODES = 0.5 - 0.5 * np.cos(np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1))
_FIT = np.linalg.inv(np.vander(_NODES, increasing=True))


@dataclass(frozen=True, slots=True, eq=False)
class Timing:
    """When items are ready, in B draws: by draw and item, per day and in days.

    ``hazard`` (B, items) is 0 for an item without a record; ``lead`` is what it takes first.
    ``meetings`` is the rate of a meeting clock a day; ``days`` the horizon.
    """

    hazard: Floats
    lead: Floats
    recorded: Mask
    meetings: float
    days: float

    def log_survival(self, draws: Indexes, items: Sequence[int], times: Floats) -> Floats:
        """log(1 - F_i) at ``times`` (draws, ...) before any jump of the item; (items, ...)."""
        found = np.empty((len(items), *times.shape))
        for row, item in enumerate(items):
            lead = self.lead[draws, item].reshape(-1, *(1,) * (times.ndim - 1))
            hazard = self.hazard[draws, item].reshape(-1, *(1,) * (times.ndim - 1))
            found[row] = -hazard * np.maximum(times - lead, 0.0)
        return found

    def hazards(self, draws: Indexes, items: Sequence[int], times: Floats) -> Floats:
        """The hazards of items that have begun by ``times`` (draws, ...); (items, ...)."""
        found = np.empty((len(items), *times.shape))
        for row, item in enumerate(items):
            lead = self.lead[draws, item].reshape(-1, *(1,) * (times.ndim - 1))
            hazard = self.hazard[draws, item].reshape(-1, *(1,) * (times.ndim - 1))
            found[row] = np.where(times >= lead, hazard, 0.0)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Rates:
    """Which nodes lead to which, by row: at the rate of one clock, with the chance ``share``.

    ``component`` (rows,) numbers the component of each row's clock, -1 for a meeting; ``clock`` the
    clock within it; ``draw`` the draw of the row's node.
    """

    node: Indexes
    target: Indexes
    share: Floats
    component: Indexes
    clock: Indexes
    draw: Indexes
    components: tuple[Component, ...]


def rates_of(clocks: Clocks, target: Indexes, draw: Indexes) -> Rates:
    """The rates of running clocks.

    ``target`` (options,) is the node that each option leads to, ``draw`` (nodes,) each node's draw.
    """
    number = np.diff(clocks.first)
    timed = np.flatnonzero(clocks.items > 0)
    sharing = _sharing(clocks, timed)
    components: dict[Component, int] = {}
    alone = np.full(len(clocks.node), -1, dtype=np.intp)
    simple = timed[~sharing]
    different, back = np.unique(clocks.items[simple], return_inverse=True)
    ids = [components.setdefault(Component((int(d),)), len(components)) for d in different]
    alone[simple] = np.array(ids, dtype=np.intp)[back] if ids else 0
    shared = np.zeros(len(clocks.node), dtype=bool)
    shared[timed[sharing]] = True
    option = np.repeat(np.arange(len(clocks.node)), number)
    kept = ~shared[option]
    node = clocks.node[option[kept]]
    parts: list[tuple[npt.NDArray[np.generic], ...]] = [
        (
            node,
            target[kept],
            1.0 / number[option[kept]],
            alone[option[kept]],
            np.zeros(len(node), dtype=np.intp),
        )
    ]
    if shared.any():
        parts.append(_shared(clocks, target, np.flatnonzero(shared), components))
    node, to, share, component, clock = (
        np.concatenate([part[k] for part in parts]) for k in range(5)
    )
    return Rates(node, to, share, component, clock, draw[node], tuple(components))


def _sharing(clocks: Clocks, timed: Indexes) -> Mask:
    """Which of the timed clocks run at a node where sets share items; (len(timed),)."""
    if not len(timed):
        return np.zeros(0, dtype=bool)
    heads = np.flatnonzero(np.diff(clocks.node[timed], prepend=-1))
    count = np.diff(heads, append=len(timed))
    seen = clocks.items[timed[heads]].copy()
    clash = np.zeros(len(heads), dtype=bool)
    for k in range(1, int(count.max())):
        rows = np.flatnonzero(count > k)
        items = clocks.items[timed[heads[rows] + k]]
        clash[rows] |= (seen[rows] & items) > 0
        seen[rows] |= items
    return np.repeat(clash, count)


def _shared(
    clocks: Clocks, target: Indexes, shared: Indexes, components: dict[Component, int]
) -> tuple[npt.NDArray[np.generic], ...]:
    """The rows of nodes where sets share items: (node, target, share, component, clock)."""
    heads = np.flatnonzero(np.diff(clocks.node[shared], prepend=-1))
    count = np.diff(heads, append=len(shared))
    table = np.full((len(heads), int(count.max())), -1, dtype=np.intp)
    table[
        np.repeat(np.arange(len(heads)), count), np.arange(len(shared)) - np.repeat(heads, count)
    ] = shared
    sets = np.where(table >= 0, clocks.items[table], np.uint64(0))
    families, family = np.unique(sets, axis=0, return_inverse=True)
    family = family.reshape(-1)
    found: list[tuple[npt.NDArray[np.generic], ...]] = []
    for number, row in enumerate(families):
        mine = table[family == number]
        column = {int(each): k for k, each in enumerate(row) if each}
        for component in components_of(list(column)):
            place = components.setdefault(component, len(components))
            for k, ringing in enumerate(component.clocks):
                some = mine[:, [column[each] for each in ringing]]
                origin, option, share = _best_together(clocks, some)
                found.append(
                    (
                        clocks.node[mine[origin, 0]],
                        target[option],
                        share,
                        np.full(len(option), place),
                        np.full(len(option), k),
                    )
                )
    return tuple(np.concatenate([piece[k] for piece in found]) for k in range(5))


def _best_together(clocks: Clocks, some: Indexes) -> tuple[Indexes, Indexes, Floats]:
    """What clocks that ring as one bring: by option the row of ``some``, the option, its share.

    ``some`` (rows, k) holds the clocks of one node in each row.
    """
    mean = clocks.mean[some]
    row, column = np.nonzero(mean >= mean.max(axis=1, keepdims=True) - BEST)
    clock = some[row, column]
    number = clocks.first[clock + 1] - clocks.first[clock]
    before = np.cumsum(number) - number
    option = np.arange(int(number.sum())) + np.repeat(clocks.first[clock] - before, number)
    origin = np.repeat(row, number)
    share = 1.0 / np.bincount(origin, minlength=len(some))[origin]
    return origin, option, share


def best_options(clocks: Clocks, some: Sequence[int]) -> list[int]:
    """The options of clocks of one node that ring as one, with the greatest mean."""
    best = max(clocks.mean[k] for k in some)
    return [
        option
        for k in some
        if clocks.mean[k] >= best - BEST
        for option in range(clocks.first[k], clocks.first[k + 1])
    ]


class Stretch:
    """One stretch of time without jumps, in which the same clocks run; draws may differ in it.

    ``start`` and ``end`` (draws,) are in days.
    """

    def __init__(self, rates: Rates, timing: Timing, nodes: int, start: Floats, end: Floats):
        self._nodes = nodes
        self._length = end - start
        self._start = start
        self._timing = timing
        self._components = rates.components
        constant = self._constant(rates)
        varying = ~constant
        steady = rates.share * self._steady(rates) * self._length[rates.draw]
        fixed = steady[constant]
        node, to = rates.node[constant], rates.target[constant]
        leaving = np.bincount(node, fixed, nodes)
        self._fixed = csr_array(
            (
                np.concatenate([fixed, -leaving]),
                (np.concatenate([node, np.arange(nodes)]), np.concatenate([to, np.arange(nodes)])),
            ),
            shape=(nodes, nodes),
        )
        self._fixed_back = csr_array(self._fixed.T)
        self._rows = np.flatnonzero(varying)
        self._rates = rates
        exits = float(leaving.max(initial=0.0))
        readies = 0.0
        if len(self._rows):
            bound = np.zeros(nodes)
            hazards = timing.hazard.sum(axis=1) * self._length
            bound[rates.node[self._rows]] = hazards[rates.draw[self._rows]]
            readies = float(bound.max())
            exits = float((leaving + bound).max())
            count = len(self._rows)
            ones = np.ones(count)
            share = rates.share[self._rows]
            index = np.arange(count)
            node, to = rates.node[self._rows], rates.target[self._rows]
            shape = (count, nodes)
            self._pick = csr_array((ones, (index, node)), shape=shape)
            self._step = csr_array(
                (
                    np.concatenate([share, -share]),
                    (np.concatenate([index, index]), np.concatenate([to, node])),
                ),
                shape=shape,
            )
            self._pick_back = csr_array(self._pick.T)
            self._step_back = csr_array(self._step.T)
        self.steps = max(1, ceil(exits / EXITS), ceil(readies / READIES))

    def _constant(self, rates: Rates) -> Mask:
        """Rows of meetings, and of single items that wait beside nothing."""
        single = np.array([len(c.items) == 1 for c in rates.components] + [True], dtype=bool)
        return np.asarray(single[rates.component])

    def _steady(self, rates: Rates) -> Floats:
        """The constant rates by row, a day; 0 for the varying."""
        item = np.array(
            [c.items[0] if len(c.items) == 1 else -1 for c in rates.components] + [-1],
            dtype=np.intp,
        )[rates.component]
        found = np.zeros(len(rates.node))
        found[rates.component < 0] = self._timing.meetings
        rows = np.flatnonzero(item >= 0)
        draw = rates.draw[rows]
        begun = self._timing.lead[draw, item[rows]] <= self._start[draw]
        found[rows] = np.where(begun, self._timing.hazard[draw, item[rows]], 0.0)
        return found

    def _coefficients(self) -> npt.NDArray[np.float64]:
        """The varying rates as polynomials: (steps, DEGREE + 1, varying rows), for a whole step."""
        rates, rows = self._rates, self._rows
        found = np.zeros((self.steps, DEGREE + 1, len(rows)))
        component = rates.component[rows]
        for number in np.unique(component):
            here = np.flatnonzero(component == number)
            draws, place = np.unique(rates.draw[rows[here]], return_inverse=True)
            tau = (np.arange(self.steps)[:, None] + _NODES) / self.steps
            times = self._start[draws, None, None] + self._length[draws, None, None] * tau
            items = self._components[number].items
            values = self._components[number].rates(
                self._timing.log_survival(draws, items, times),
                self._timing.hazards(draws, items, times),
            )
            values *= self._length[draws, None, None] / self.steps
            fitted = values @ _FIT.T
            found[:, :, here] = np.moveaxis(fitted[rates.clock[rows[here]], place], 0, 2)
        return found

    def _advance(
        self, x: Floats, matrix: csr_array, coefficients: Floats | None, back: bool
    ) -> Floats:
        """One step of the Taylor series."""
        terms = [x]
        picked: list[Floats] = []
        total = x.copy()
        largest = max(float(np.abs(x).max(initial=0.0)), 1e-300)
        for k in range(MOST_TERMS):
            term = np.asarray(matrix @ terms[-1])
            if coefficients is not None:
                first, second = (
                    (self._step, self._pick_back) if back else (self._pick, self._step_back)
                )
                picked.append(np.asarray(first @ terms[-1]))
                flow = sum(
                    coefficients[j][(...,) + (None,) * (x.ndim - 1)] * picked[k - j]
                    for j in range(min(k, DEGREE) + 1)
                )
                term = term + second @ flow
            term = term / (k + 1)
            terms.append(term)
            if coefficients is None:
                terms = terms[-1:]
            total += term
            if k > DEGREE and float(np.abs(term).max(initial=0.0)) < SMALL * largest:
                return total
        return total

    def forward(self, chances: Floats) -> Floats:
        """Chances (nodes,) at the stretch's end from those at its start."""
        matrix = csr_array(self._fixed_back / self.steps)
        varying = self._coefficients() if len(self._rows) else None
        for step in range(self.steps):
            chances = self._advance(
                chances, matrix, None if varying is None else varying[step], back=False
            )
        return chances

    def backward(self, values: Floats) -> Floats:
        """Expected values (nodes, ...) at the stretch's start from those at its end."""
        matrix = csr_array(self._fixed / self.steps)
        varying = self._coefficients() if len(self._rows) else None
        for step in reversed(range(self.steps)):
            coefficients = None
            if varying is not None:
                coefficients = _reversed(varying[step])
            values = self._advance(values, matrix, coefficients, back=True)
        return values


def _reversed(coefficients: Floats) -> Floats:
    """The polynomials of 1 - tau instead of tau; (DEGREE + 1, rows)."""
    powers = np.zeros((DEGREE + 1, DEGREE + 1))
    row = np.array([1.0])
    for k in range(DEGREE + 1):
        powers[k, : len(row)] = row
        row = np.convolve(row, [1.0, -1.0])
    return np.asarray(powers.T @ coefficients)


def jump_of(
    clocks: Clocks,
    target: Indexes,
    draw: Indexes,
    jumping: npt.NDArray[np.uint64],
    timing: Timing,
    at: Floats,
) -> csr_array | None:
    """What happens when the items ``jumping`` (bits, by draw) become ready, as chances (n, n).

    Sets are ready jointly, given that none was before, and ring in random order; a set that no
    longer has an agreed change when its turn comes leaves no trace. None where nothing rings.
    """
    concerned = np.flatnonzero((clocks.items & jumping[draw[clocks.node]]) > 0)
    if not len(concerned):
        return None
    place = np.searchsorted(clocks.node, np.arange(len(draw) + 1))

    def sets_at(node: int) -> dict[int, int]:
        here = range(place[node], place[node + 1])
        return {int(clocks.items[k]): k for k in here if clocks.items[k] > 0}

    rows: list[tuple[int, int, float]] = []
    touched = np.unique(clocks.node[concerned])
    for node in touched:
        jump = int(jumping[draw[node]])
        ready: list[tuple[tuple[int, ...], float]] = [((), 1.0)]
        for component in components_of(sorted(sets_at(int(node)))):
            if not any(each & jump for each in component.sets):
                continue
            d = np.array([draw[node]])
            survival = timing.log_survival(d, component.items, at[d])[:, 0]
            for row, item in enumerate(component.items):
                if jump >> item & 1:
                    survival[row] = 0.0
            ways = component.ready_at_jump(survival, jump)
            ready = [(a + b, p * q) for a, p in ready for b, q in ways]
        for sets, chance in ready:
            for end, share in _rung(int(node), frozenset(sets), sets_at, clocks, target).items():
                rows.append((int(node), end, chance * share))
    rest = np.setdiff1d(np.arange(len(draw)), touched)
    node_, to, chance_ = (np.array(column) for column in zip(*rows, strict=True))
    return csr_array(
        (
            np.concatenate([chance_, np.ones(len(rest))]),
            (np.concatenate([node_, rest]), np.concatenate([to, rest])),
        ),
        shape=(len(draw), len(draw)),
    )


def _rung(
    node: int,
    sets: frozenset[int],
    sets_at: Callable[[int], dict[int, int]],
    clocks: Clocks,
    target: Indexes,
) -> dict[int, float]:
    """Where one is when these sets have rung in random order, with the chances."""
    if not sets:
        return {node: 1.0}
    found: dict[int, float] = {}
    there = sets_at(node)
    for first in sets:
        ends = [node]
        if first in there:
            ends = [int(target[option]) for option in best_options(clocks, [there[first]])]
        for end in ends:
            for last, chance in _rung(end, sets - {first}, sets_at, clocks, target).items():
                found[last] = found.get(last, 0.0) + chance / (len(sets) * len(ends))
    return found
