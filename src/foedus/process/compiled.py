"""Compiled loops: a reconsideration of what is agreed, and what rings then.

They do what functions elsewhere do in passes, each of which names its loop. Imported only where
numba is installed.
"""

from __future__ import annotations

from math import exp, log

import numpy as np

from foedus.game.space import Indexes, Mask
from foedus.jit import jitted
from foedus.preferences.sample import Floats
from foedus.process.agreement import BEST
from foedus.process.compiled_chain import Short
from foedus.process.compiled_chain import backward as backward
from foedus.process.compiled_chain import forward as forward
from foedus.process.families import Bits
from foedus.process.worths import TOLERANCE

SPREAD = np.uint64(0x9E3779B97F4A7C15)
LEAST = float(np.nextafter(TOLERANCE, 1.0))

LOW = 1e-150
"""Products of gains below this are kept as logarithms, lest they vanish."""


def _suffices(masks: Bits, sets: Mask, family: int, agree: np.uint64) -> bool:
    """Whether some coalition agrees; ``sets`` as :attr:`~.families.Families.suffices`."""
    if sets.shape[1]:
        return bool(sets[family, agree & np.uint64(sets.shape[1] - 1)])
    for column in range(masks.shape[1]):
        if agree & masks[family, column] == masks[family, column]:
            return True
    return False


def _among(
    within: tuple[Indexes, Indexes], sets: Mask, family: int, agree: np.uint64
) -> tuple[int, int]:
    """From where to where in the columns of ``within`` the coalitions that agree are found.

    ``within`` as :attr:`~.families.Families.within`; where it has all, others are there too.
    """
    first, columns = within
    if not sets.shape[1]:
        return 0, len(columns)
    place = family * sets.shape[1] + int(agree & np.uint64(sets.shape[1] - 1))
    return first[place], first[place + 1]


suffices, among = jitted(_suffices), jitted(_among)


def _who(value: Floats, short: tuple[Short, ...], passes: Bits, falls: Bits) -> Bits:
    """Who agrees to each row, whether or not it is asked.

    Without branches: which way they go cannot be foreseen, and that costs more than they save.
    """
    node, target = short[:2]
    agree = passes.copy()
    for k in range(len(node)):
        here, there, falling = node[k], target[k], falls[k]
        bits = np.uint64(0)
        for actor in range(value.shape[1]):
            gain = value[there, actor] - value[here, actor]
            falls_to_more = (falling >> np.uint64(actor)) & np.uint64(1)
            yes = np.uint64(gain >= LEAST) | (np.uint64(gain >= -TOLERANCE) & falls_to_more)
            bits |= yes << np.uint64(actor)
        agree[k] |= bits
    return agree


def _content(value: Floats, instead: int, whole: int, agree: np.uint64) -> np.uint64:
    """Who of those that agree to a part has as much of it as of the whole."""
    for actor in range(value.shape[1]):
        if value[instead, actor] < value[whole, actor] - TOLERANCE:
            agree &= ~(np.uint64(1) << np.uint64(actor))
    return agree


def _mean(value: Floats, here: int, there: int, mask: np.uint64) -> float:
    """The geometric mean of the gains of the ordinary members of a coalition."""
    product, logs, members = 1.0, 0.0, 0
    for actor in range(value.shape[1]):
        if mask >> np.uint64(actor) & np.uint64(1):
            gain = value[there, actor] - value[here, actor]
            if gain <= 0.0:
                return 0.0
            product *= gain
            members += 1
            if product < LOW:
                logs += log(product)
                product = 1.0
    return product if members == 1 and logs == 0.0 else exp((logs + log(product)) / members)


who, content, mean_of = jitted(_who), jitted(_content), jitted(_mean)


def _left(value: Floats, short: tuple[Short, ...], agree: Bits, masks: Bits, sets: Mask) -> Indexes:
    """The rows that are agreed and left after parts first."""
    _, target, family, part_first, part = short
    some = np.empty(len(family), dtype=np.bool_)
    for row in range(len(family)):
        some[row] = suffices(masks, sets, family[row], agree[row])
    left = some.copy()
    for k in np.flatnonzero(some):
        for at in range(part_first[k], part_first[k + 1]):
            p = part[at]
            if some[p] and suffices(
                masks, sets, family[p], content(value, target[p], target[k], agree[p])
            ):
                left[k] = False
                break
    return np.flatnonzero(left)


left_of = jitted(_left)


def _agreed(
    value: Floats,
    short: tuple[Short, ...],
    passes: Bits,
    falls: Bits,
    families: tuple[Bits, Mask, tuple[Indexes, Indexes]],
    by_coalition: bool,
) -> tuple[Indexes, Floats, Bits]:
    """As :meth:`~.proposals.Proposals.agreed`; the names are those of its fields.

    ``value`` is (nodes, ordinary actors); ``families`` are ``masks``, ``suffices`` and ``within``
    of :class:`~.families.Families`.
    """
    node, target, family = short[:3]
    masks, sets, within = families
    agree = who(value, short, passes, falls)
    left = left_of(value, short, agree, masks, sets)
    room = len(left) * (masks.shape[1] if by_coalition else 1)
    kept, mean = np.empty(room, dtype=np.intp), np.empty(room)
    coalition = np.zeros(room, dtype=np.uint64)
    found = 0
    for k in left:
        best = 0.0
        begin, end = among(within, sets, family[k], agree[k])
        for column in within[1][begin:end]:
            mask = masks[family[k], column]
            if agree[k] & mask == mask:
                each = mean_of(value, node[k], target[k], mask)
                best = max(best, each)
                if by_coalition:
                    kept[found], mean[found], coalition[found] = k, each, mask
                    found += 1
        if not by_coalition:
            kept[found], mean[found] = k, best
            found += 1
    return kept[:found].copy(), mean[:found].copy(), coalition[:found].copy()


agreed = jitted(_agreed)


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
