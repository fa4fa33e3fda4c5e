"""Compiled loops: a reconsideration of what is agreed, and what rings then.

They do what functions elsewhere do in passes, each of which names its loop. Imported only where
numba is installed.
"""

from __future__ import annotations

import numpy as np

from foedus.game.moves import SPREAD
from foedus.game.space import Indexes
from foedus.jit import jitted
from foedus.preferences.sample import Floats
from foedus.process.agreement import BEST
from foedus.process.compiled_chain import backward as backward
from foedus.process.compiled_chain import forward as forward
from foedus.process.families import Bits


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


clocks = jitted(_clocks)


def _mixed(bits: np.uint64) -> np.uint64:
    """As the function of that name in :mod:`~.rates`."""
    bits = (bits ^ (bits >> np.uint64(31))) * SPREAD
    return bits ^ (bits >> np.uint64(29))


mixed = jitted(_mixed)


def _settings(sets: Bits, head: Indexes) -> Bits:
    """As :func:`~.rates.codes_of`."""
    codes = np.zeros(len(head), dtype=np.uint64)
    for n in range(len(head)):
        end = head[n + 1] if n + 1 < len(head) else len(sets)
        for k in range(head[n], end):
            codes[n] += mixed(mixed(np.uint64(k - head[n] + 1)) ^ sets[k])
    return codes


settings = jitted(_settings)


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


rings = jitted(_rings)
