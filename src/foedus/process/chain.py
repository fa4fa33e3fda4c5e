"""The chain: many nodes (a state in one draw), the rates between them, and its exact solution.

Between two times at which an item begins to run or becomes ready of itself, rates are smooth. Each
such stretch is cut into steps, in each of which the rates that vary are taken as polynomials of
time, and the linear system is solved by uniformization: what stays is counted as an event like any
other, so that all terms of the series are positive and it loses no digits however long the step. A
step is so short that no node is left more than ``EXITS`` times in it on average, and that no item
that waits beside others is ready more than ``READIES`` times.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import count, pairwise
from math import ceil, comb, exp
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from foedus.game.space import Indexes
from foedus.preferences.sample import Floats
from foedus.process import fast
from foedus.process.chances import as_chances
from foedus.process.clocks import Component
from foedus.process.rates import Rates
from foedus.process.timing import Timing

EXITS = 200.0
READIES = 1.0
DEGREE = 6
"""Rates that vary are polynomials of this degree within a step."""

ASKED = 4
"""Every so many terms it is asked whether the rest may be left out."""

MORE_TERMS = 20
"""So many terms the series of a step has about, besides one for each event."""

ROOM = 4
SMALL = 1e-14
NEGLIGIBLE = 1e-12
"""A power of time that adds less than this to any rate within a step is left out."""

_NODES = 0.5 - 0.5 * np.cos(np.pi * (np.arange(DEGREE + 1) + 0.5) / (DEGREE + 1))
_FIT = np.linalg.inv(np.vander(_NODES, increasing=True))
_MIRRORED = np.array(
    [[comb(k, j) * (-1.0) ** j for j in range(DEGREE + 1)] for k in range(DEGREE + 1)]
)
"""By row k the polynomial (1 - tau) ** k."""


class Steady(NamedTuple):
    """Ways that lead on at rates that do not change within a stretch, in the order of nodes.

    ``draw`` is that of the node; ``rate`` is per day.
    """

    node: Indexes
    target: Indexes
    draw: Indexes
    rate: Floats


def polynomials(
    component: Component, timing: Timing, draws: Indexes, start: Floats, length: Floats, steps: int
) -> Floats:
    """The rates of a component's clocks from ``start`` on (n,), in draws (n,), for whole steps.

    As polynomials of the time passed within a step, in steps: (clocks, n, steps, powers).
    """
    tau = (np.arange(steps)[:, None] + _NODES) / steps
    length = length[:, None, None]
    waits = timing.waits(draws, component.items, start[:, None, None] + length * tau)
    return np.asarray((component.rates(*waits) * (length / steps)) @ _FIT.T)


class Stretch:
    """One stretch of time without jumps, in which the same clocks run; draws may differ in it.

    ``start`` and ``end`` (draws,) are in days. ``fitted`` gives the `polynomials` of a component
    (clocks, powers) where they are known beforehand for the one draw and a single step. ``steady``
    are ways besides those of clocks.
    """

    def __init__(
        self,
        rates: Rates,
        timing: Timing,
        nodes: int,
        start: Floats,
        end: Floats,
        fitted: Callable[[Component], Floats] | None = None,
        steady: Steady | None = None,
    ) -> None:
        self._fitted = fitted
        self._nodes = nodes
        self._rates = rates
        self._timing = timing
        self._start = start
        self._length = end - start
        # An item that waits beside nothing rings at a rate that does not change, as meetings do.
        alone = [c.items[0] if len(c.items) == 1 else -1 for c in rates.components]
        item = np.array([*alone, -1], dtype=np.intp)[rates.component]
        meeting = rates.component < 0
        fixed = np.flatnonzero(meeting | (item >= 0))
        self._rows = np.flatnonzero(~meeting & (item < 0))
        begun = timing.lead[rates.draw, item] <= start[rates.draw] if timing.lead.size else meeting
        hazard = timing.hazard[rates.draw, item] if timing.lead.size else 0.0
        rate = np.where(meeting, timing.meetings, np.where(begun, hazard, 0.0))
        rate *= rates.share * self._length[rates.draw]
        self._fixed = rates.node[fixed], rates.target[fixed], rate[fixed]
        if steady is not None and len(steady.node):
            added = steady.node, steady.target, steady.rate * self._length[steady.draw]
            both = [np.concatenate(pair) for pair in zip(self._fixed, added, strict=True)]
            order = np.argsort(both[0], kind="stable")
            self._fixed = both[0][order], both[1][order], both[2][order]
        self._leaving = np.bincount(self._fixed[0], self._fixed[2], nodes)
        ready = self._readies(rates)
        exits = float((self._leaving + ready).max(initial=0.0))
        self.steps = max(1, ceil(exits / EXITS), ceil(float(ready.max(initial=0.0)) / READIES))
        self._events = exits / self.steps
        work = self.steps * (self._events + MORE_TERMS) * (nodes + len(rates.node))
        self._loops = fast.loops(int(work)) if rates.compiled is None else rates.compiled

    @property
    def ways(self) -> int:
        """How many ways there are that clocks lead along."""
        return len(self._rates.node)

    def _readies(self, rates: Rates) -> Floats:
        """By node: how many of the items that wait beside others are ready at most; (nodes,)."""
        waits = np.zeros((len(rates.components) + 1, self._timing.hazard.shape[1]))
        for number, component in enumerate(rates.components):
            if len(component.items) > 1:
                waits[number, list(component.items)] = 1.0
        per_draw = self._timing.hazard @ waits.T * self._length[:, None]
        # The rows of one component stand together among those of a node: it counts once.
        node, component_ = rates.node[self._rows], rates.component[self._rows]
        once = np.ones(len(node), dtype=bool)
        once[1:] = (node[1:] != node[:-1]) | (component_[1:] != component_[:-1])
        ready = per_draw[rates.draw[self._rows[once]], component_[once]]
        return np.asarray(np.bincount(node[once], ready, self._nodes), dtype=np.float64)

    @cached_property
    def _coefficients(self) -> tuple[Floats, Indexes, Indexes]:
        """The varying rates as polynomials, (steps, powers, met, clocks), for a whole step.

        With, by varying row, its place among what is met and its clock.
        """
        rates, rows = self._rates, self._rows
        draws = len(self._length)
        every = rates.component[rows] * draws + rates.draw[rows]
        seen = np.zeros(len(rates.components) * draws, dtype=bool)
        seen[every] = True
        met, place = np.flatnonzero(seen), (np.cumsum(seen) - 1)[every]
        component, draw = np.divmod(met, draws)
        most = int(rates.clock[rows].max(initial=0)) + 1
        table = np.zeros((self.steps, DEGREE + 1, len(met), most))
        begin = np.flatnonzero(np.diff(component, prepend=-1))
        for first, last in pairwise([*begin, len(met)]):
            each, here = rates.components[component[first]], draw[first:last]
            if self._fitted is not None and self.steps == 1:
                fitted = self._fitted(each)[:, None, None]
            else:
                span = self._start[here], self._length[here]
                fitted = polynomials(each, self._timing, here, *span, self.steps)
            table[:, :, first:last, : len(fitted)] = fitted.transpose(2, 3, 1, 0)
        return table, place, rates.clock[rows]

    def _layout(self, powers: int, *, back: bool) -> tuple[Indexes, Indexes, Indexes]:
        """Where the numbers of a matrix go: (their order, columns, where rows end)."""
        rates, nodes = self._rates, self._nodes
        every = np.arange(nodes)
        node, target = rates.node[self._rows], rates.target[self._rows]
        row = np.concatenate([self._fixed[0], every, *[node] * (2 * powers)])
        column = np.concatenate([self._fixed[1], every, *[target, node] * powers])
        if not back:
            row, column = column, row
        power = np.repeat(np.arange(powers), 2 * len(node))
        column[len(column) - len(power) :] += power * nodes
        order = np.argsort(row, kind="stable")
        ends = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=nodes))])
        return order, column[order].astype(np.int32), ends.astype(np.int32)

    def _varying(self, *, back: bool) -> Iterator[Floats]:
        """By step, in the order of solving: the rates that vary, by powers of time passed.

        (powers, ways); ``back`` is for going backwards.
        """
        table, place, clock = self._coefficients
        share = self._rates.share[self._rows]
        for each in _reversed(table) if back else table:
            large = np.abs(each).max(axis=(1, 2), initial=0.0) > NEGLIGIBLE
            powers = int(np.flatnonzero(large).max(initial=0)) + 1
            yield each[:powers, place, clock] * share

    @property
    def _stays(self) -> Floats:
        """What of the events of a step is none, while no rate varies; (nodes,)."""
        return self._events - self._leaving / self.steps

    def _matrices(self, *, back: bool) -> Iterator[csr_array]:
        """By step, in the order of solving: (nodes, powers * nodes), by powers of time passed.

        ``back`` gives what values become going backwards, otherwise what chances become.
        """
        layouts: dict[int, tuple[Indexes, Indexes, Indexes]] = {}
        fixed = np.concatenate([self._fixed[2] / self.steps, self._stays])
        for varying in self._varying(back=back):
            powers = len(varying)
            if powers not in layouts:
                layouts[powers] = self._layout(powers, back=back)
            order, index, ends = layouts[powers]
            both = varying[:, None] * [[1.0], [-1.0]]
            data = np.concatenate([fixed, both.ravel()])[order]
            yield csr_array((data, index, ends), shape=(self._nodes, powers * self._nodes))

    @cached_property
    def _in_few_bytes(self) -> tuple[npt.NDArray[np.generic], ...]:
        """What compiled loops take before the rates that vary."""
        rates, every = self._rates, np.arange(self._nodes + 1)
        return (
            np.searchsorted(self._fixed[0], every).astype(np.uint32),
            self._fixed[1].astype(np.uint32),
            self._fixed[2] / self.steps,
            self._stays,
            rates.node[self._rows].astype(np.uint32),
            rates.target[self._rows].astype(np.uint32),
        )

    def _compiled(
        self, loop: Callable[..., Floats], parts: list[Floats], *, back: bool
    ) -> list[Floats]:
        """All steps by a compiled loop, of each of some parts."""
        fixed = self._in_few_bytes
        for varying in self._varying(back=back):
            for k in range(len(parts)):
                parts[k] = loop(parts[k], *fixed, varying, self._events)
        return parts

    def forward(self, chances: Floats) -> Floats:
        """Chances (nodes,) at the stretch's end from those at its start."""
        compiled = self._loops
        if compiled is not None:
            return self._compiled(compiled.forward, [chances], back=False)[0]
        for matrix in self._matrices(back=False):
            chances = _advanced(chances, matrix, self._events)
        return chances

    def backward(self, values: Floats) -> Floats:
        """Expected values (nodes, ...) at the stretch's start from those at its end."""
        compiled = self._loops
        if compiled is not None:
            table = values.reshape(self._nodes, -1)
            width = table.shape[1]
            parts = []
            for first in range(0, width, 4):
                part = np.zeros((self._nodes, 4))
                part[:, : min(4, width - first)] = table[:, first : first + 4]
                parts.append(part)
            found = np.concatenate(self._compiled(compiled.backward, parts, back=True), axis=1)
            return np.ascontiguousarray(found[:, :width]).reshape(values.shape)
        for matrix in self._matrices(back=True):
            values = _advanced(values, matrix, self._events)
        return values


Passage = tuple[Stretch, csr_array | None]
"""A stretch with the jump at its end."""


def passed_through(passages: Iterable[Passage], chances: Floats) -> Iterator[Floats]:
    """Chances (nodes,) at the end of each stretch, after its jump, from those at the start."""
    for stretch, jump in passages:
        chances = stretch.forward(chances)
        if jump is not None:
            chances = jump.T @ chances
        chances = as_chances(chances)
        yield chances


def passed_back(passages: Iterable[Passage], values: Floats) -> Floats:
    """Expected values (nodes, ...) at the start, from those after the last stretch and its jump.

    ``passages`` come the last first.
    """
    for stretch, jump in passages:
        if jump is not None:
            values = jump @ values
        values = stretch.backward(values)
    return values


def _advanced(x: Floats, matrix: csr_array, events: float) -> Floats:
    """One step: the series over how many of ``events`` (on average) there are.

    ``matrix`` (n, powers * n) stands for powers of time, staying included.
    """
    nodes, width = matrix.shape
    # The last terms stand in a row, the latest first, with room for others before them.
    terms = np.zeros((width + ROOM * nodes, *x.shape[1:]))
    latest = ROOM * nodes
    terms[latest : latest + nodes] = x * exp(-events)
    total = terms[latest : latest + nodes].copy()
    largest = max(float(np.abs(x).max(initial=0.0)), 1e-300)
    for k in count(1):
        term = matrix @ terms[latest : latest + width]
        term /= k
        total += term
        late = k > events and k * nodes > width and k % ASKED == 0
        if late and max(term.max(), -term.min()) < SMALL * largest:
            break
        if not latest:
            terms[ROOM * nodes :] = terms[:width].copy()
            latest = ROOM * nodes
        latest -= nodes
        terms[latest : latest + nodes] = term
    return total


def _reversed(coefficients: Floats) -> Floats:
    """The polynomials (steps, powers, ...) of 1 - tau instead of tau, the last step first."""
    size = coefficients.shape[1]
    return np.asarray(np.einsum("kj,skab->sjab", _MIRRORED[:size, :size], coefficients[::-1]))
