"""Compiled loops: a step of the chain, backward and forward. See :mod:`~.compiled`."""

from __future__ import annotations

from math import exp

import numpy as np
import numpy.typing as npt

from foedus.jit import jitted
from foedus.preferences.sample import Floats

Short = npt.NDArray[np.uint32]
"""Indexes in few bytes, for what is passed through again and again."""

MOST_TERMS = 1_000_000

SMALL = 1e-14
"""Terms of a step's series that are smaller than this share of the largest value are left out."""


def _powers(varying: Floats, sizes: Floats, k: int) -> int:
    """How many powers of time still count in term k, after terms of such ``sizes`` (circular).

    Measured by the term before, not by the values: where a step has many events, the first terms
    are minute, and all others grow from them.
    """
    least = 1e-3 * SMALL * sizes[(k - 1) % len(sizes)]
    powers = min(len(varying), k)
    while powers and varying[powers - 1] * sizes[(k - powers) % len(sizes)] < least:
        powers -= 1
    return powers


def _sizes(x: Floats, varying: Floats, events: float) -> tuple[float, Floats, Floats]:
    """The largest value, the sizes of the latest terms (circular), and of each power of time."""
    largest = max(np.abs(x).max(), 1e-300) if x.size else 1e-300
    sizes = np.zeros(len(varying) + 1)
    sizes[0] = largest * exp(-events)
    most = np.array([np.abs(each).max() if len(each) else 0.0 for each in varying])
    return largest, sizes, most


powers_of, sizes_of = jitted(_powers), jitted(_sizes)


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
    largest, sizes, most = sizes_of(x, varying, events)
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
        for power in range(powers_of(most, sizes, k)):
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


backward = jitted(_backward)


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
    largest, sizes, most = sizes_of(x, varying, events)
    for k in range(1, MOST_TERMS):
        last, new = terms[(k - 1) % (powers + 1)], terms[k % (powers + 1)]
        new[:] = stays * last
        for n in range(nodes):
            if last[n] != 0.0:
                for way in range(first[n], first[n + 1]):
                    new[target[way]] += rate[way] * last[n]
        for power in range(powers_of(most, sizes, k)):
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


forward = jitted(_forward)
