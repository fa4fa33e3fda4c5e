"""Compiled loops: a reconsideration of what is agreed, what rings then, and a step of the chain.

They do what functions elsewhere do in passes, each of which names its loop. Imported only where
numba is installed. What is compiled is kept beside this file, or with the user's other caches where
that folder cannot be written to.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process.agreement import BEST
from foedus.process.changes import Bits
from foedus.process.worths import TOLERANCE

Short = npt.NDArray[np.uint32]
"""Indexes in few bytes, for what is passed through again and again."""

ROW, FALLS = np.uint8(127), np.uint8(128)
SPREAD = np.uint64(0x9E3779B97F4A7C15)
LEAST = float(np.nextafter(TOLERANCE, 1.0))
MOST_TERMS = 1_000_000

SMALL = 1e-14
"""Terms of a step's series that are smaller than this share of the largest value are left out."""


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiled once and kept; once a run where there is no folder to keep it in."""
    try:
        return njit(cache=True)(function)  # type: ignore[no-any-return]
    except RuntimeError:
        return njit(function)  # type: ignore[no-any-return]


def _part_does(
    value: Floats,
    agree: Mask,
    target: Short,
    first: Short,
    member: npt.NDArray[np.uint8],
    parts: Short,
    whole: int,
) -> bool:
    """Whether one of the proposals ``parts`` is agreed and gives its members as much as a whole."""
    for part in parts:
        if not agree[part]:
            continue
        content = True
        for at in range(first[part], first[part + 1]):
            row = member[at] & ROW
            if value[target[part], row] < value[whole, row] - TOLERANCE:
                content = False
                break
        if content:
            return True
    return False


part_does = compiled(_part_does)


def _agreed(
    value: Floats,
    pair: Short,
    node: Short,
    target: Short,
    first: Short,
    member: npt.NDArray[np.uint8],
    part_first: Short,
    part: Short,
) -> tuple[Indexes, Floats]:
    """As :meth:`~.proposals.Proposals.agreed`; the names are those of its fields.

    A member that agrees already where it does not lose has the bit ``FALLS``.
    """
    agree = np.empty(len(pair), dtype=np.bool_)
    number = 0
    for k in range(len(pair)):
        agrees, here, there = True, node[k], target[k]
        for at in range(first[k], first[k + 1]):
            row = member[at] & ROW
            least = -TOLERANCE if member[at] & FALLS else LEAST
            if value[there, row] - value[here, row] < least:
                agrees = False
                break
        agree[k] = agrees
        number += agrees
    kept = np.empty(number, dtype=np.intp)
    mean = np.empty(number)
    found = 0
    for k in range(len(pair)):
        if not agree[k]:
            continue
        parts = part[part_first[pair[k]] : part_first[pair[k] + 1]]
        if part_does(value, agree, target, first, member, parts, target[k]):
            continue
        total = 0.0
        for at in range(first[k], first[k + 1]):
            row = member[at] & ROW
            gain = value[target[k], row] - value[node[k], row]
            total += log(gain) if gain > 0.0 else -np.inf
        kept[found] = k
        mean[found] = exp(total / (first[k + 1] - first[k]))
        found += 1
    return kept[:found].copy(), mean[:found].copy()


agreed = compiled(_agreed)


def _clocks(
    clock: Indexes, pair: Indexes, mean: Floats
) -> tuple[Indexes, Floats, Indexes, Indexes]:
    """As :func:`~.agreement.clocks_of`: where clocks start, best means, first options, options."""
    number = 0
    for k in range(len(clock)):
        number += k == 0 or clock[k] != clock[k - 1]
    starts = np.empty(number + 1, dtype=np.intp)
    place = 0
    for k in range(len(clock)):
        if k == 0 or clock[k] != clock[k - 1]:
            starts[place] = k
            place += 1
    starts[number] = len(clock)
    best = np.empty(number)
    first = np.empty(number + 1, dtype=np.intp)
    options = np.empty(len(clock), dtype=np.intp)
    found = 0
    for c in range(number):
        first[c] = found
        best[c] = mean[starts[c]]
        for k in range(starts[c] + 1, starts[c + 1]):
            best[c] = max(best[c], mean[k])
        for k in range(starts[c], starts[c + 1]):
            again = found > first[c] and options[found - 1] == pair[k]
            if mean[k] >= best[c] - BEST and not again:
                options[found] = pair[k]
                found += 1
    first[number] = found
    return starts[:number], best, first, options[:found].copy()


clocks = compiled(_clocks)


def _mixed(bits: np.uint64) -> np.uint64:
    """As the function of that name in :mod:`~.rates`."""
    bits = (bits ^ (bits >> np.uint64(31))) * SPREAD
    return bits ^ (bits >> np.uint64(29))


mixed = compiled(_mixed)


def _settings(sets: Bits, head: Indexes) -> Bits:
    """As :func:`~.rates.codes_of`."""
    codes = np.zeros(len(head), dtype=np.uint64)
    for n in range(len(head)):
        end = head[n + 1] if n + 1 < len(head) else len(sets)
        for k in range(head[n], end):
            codes[n] += mixed(mixed(np.uint64(k - head[n] + 1)) ^ sets[k])
    return codes


settings = compiled(_settings)


def _rings(
    head: Indexes,
    mean: Floats,
    option_first: Indexes,
    number: Indexes,
    first: Indexes,
    column_first: Indexes,
    columns: Indexes,
) -> tuple[Indexes, Indexes, Indexes, Floats]:
    """As :func:`~.rates.rates_of`: by row its node (a place in ``head``), ring, option, share."""
    rows = 0
    for fill in (False, True):
        if fill:
            node = np.empty(rows, dtype=np.intp)
            which = np.empty(rows, dtype=np.intp)
            option = np.empty(rows, dtype=np.intp)
            share = np.empty(rows)
            rows = 0
        for n in range(len(head)):
            for ring in range(first[number[n]], first[number[n] + 1]):
                best, options = -1.0, 0
                for c in range(column_first[ring], column_first[ring + 1]):
                    best = max(best, mean[head[n] + columns[c]])
                for c in range(column_first[ring], column_first[ring + 1]):
                    k = head[n] + columns[c]
                    if mean[k] >= best - BEST:
                        if fill:
                            for each in range(option_first[k], option_first[k + 1]):
                                at = rows + options + each - option_first[k]
                                node[at], which[at], option[at] = n, ring, each
                        options += option_first[k + 1] - option_first[k]
                if fill:
                    share[rows : rows + options] = 1.0 / options
                rows += options
    return node, which, option, share


rings = compiled(_rings)


def _powers(varying: Floats, sizes: Floats, k: int, least: float) -> int:
    """How many powers of time still count in term k, after terms of such ``sizes`` (circular)."""
    powers = min(len(varying), k)
    while powers and varying[powers - 1] * sizes[(k - powers) % len(sizes)] < least:
        powers -= 1
    return powers


powers_of = compiled(_powers)


def _backward(
    x: Floats,
    first: Short,
    target: Short,
    rate: Floats,
    stays: Floats,
    varying_node: Short,
    varying_target: Short,
    varying: Floats,
    events: float,
) -> Floats:
    """What values ``x`` (nodes, 4) become going back one step of the chain.

    Node n leads to ``target[first[n]:first[n + 1]]`` at a rate that does not change, and
    ``varying_node`` to ``varying_target`` at one that is a polynomial: ``varying`` (powers, ways).
    Four values go side by side, since processors can do that at once.
    """
    nodes, powers = len(x), len(varying)
    terms = np.zeros((powers + 1, nodes, 4))
    terms[0] = x * exp(-events)
    total: Floats = terms[0].copy()
    largest = max(np.abs(x).max(), 1e-300) if x.size else 1e-300
    sizes = np.zeros(powers + 1)
    sizes[0] = largest * exp(-events)
    most = np.array([np.abs(each).max() if len(each) else 0.0 for each in varying])
    for k in range(1, MOST_TERMS):
        last, new = terms[(k - 1) % (powers + 1)], terms[k % (powers + 1)]
        for n in range(nodes):
            s0, s1 = stays[n] * last[n, 0], stays[n] * last[n, 1]
            s2, s3 = stays[n] * last[n, 2], stays[n] * last[n, 3]
            for way in range(first[n], first[n + 1]):
                r, to = rate[way], target[way]
                s0 += r * last[to, 0]
                s1 += r * last[to, 1]
                s2 += r * last[to, 2]
                s3 += r * last[to, 3]
            new[n, 0], new[n, 1], new[n, 2], new[n, 3] = s0, s1, s2, s3
        for power in range(powers_of(most, sizes, k, 1e-3 * SMALL * largest)):
            before, rates = terms[(k - 1 - power) % (powers + 1)], varying[power]
            for way in range(len(varying_node)):
                r, n, to = rates[way], varying_node[way], varying_target[way]
                new[n, 0] += r * (before[to, 0] - before[n, 0])
                new[n, 1] += r * (before[to, 1] - before[n, 1])
                new[n, 2] += r * (before[to, 2] - before[n, 2])
                new[n, 3] += r * (before[to, 3] - before[n, 3])
        greatest = 0.0
        for n in range(nodes):
            for a in range(4):
                value = new[n, a] / k
                new[n, a] = value
                total[n, a] += value
                greatest = max(greatest, abs(value))
        sizes[k % (powers + 1)] = greatest
        if k > events and k > powers and greatest < SMALL * largest:
            break
    return total


backward = compiled(_backward)


def _forward(
    x: Floats,
    first: Short,
    target: Short,
    rate: Floats,
    stays: Floats,
    varying_node: Short,
    varying_target: Short,
    varying: Floats,
    events: float,
) -> Floats:
    """What chances ``x`` (nodes,) become going forward one step; the rest as for `backward`."""
    nodes, powers = len(x), len(varying)
    terms = np.zeros((powers + 1, nodes))
    terms[0] = x * exp(-events)
    total: Floats = terms[0].copy()
    largest = max(np.abs(x).max(), 1e-300) if x.size else 1e-300
    sizes = np.zeros(powers + 1)
    sizes[0] = largest * exp(-events)
    most = np.array([np.abs(each).max() if len(each) else 0.0 for each in varying])
    for k in range(1, MOST_TERMS):
        last, new = terms[(k - 1) % (powers + 1)], terms[k % (powers + 1)]
        new[:] = stays * last
        for n in range(nodes):
            if last[n] != 0.0:
                for way in range(first[n], first[n + 1]):
                    new[target[way]] += rate[way] * last[n]
        for power in range(powers_of(most, sizes, k, 1e-3 * SMALL * largest)):
            before, rates = terms[(k - 1 - power) % (powers + 1)], varying[power]
            for way in range(len(varying_node)):
                moved = rates[way] * before[varying_node[way]]
                new[varying_target[way]] += moved
                new[varying_node[way]] -= moved
        greatest = 0.0
        for n in range(nodes):
            new[n] /= k
            total[n] += new[n]
            greatest = max(greatest, abs(new[n]))
        sizes[k % (powers + 1)] = greatest
        if k > events and k > powers and greatest < SMALL * largest:
            break
    return total


forward = compiled(_forward)
