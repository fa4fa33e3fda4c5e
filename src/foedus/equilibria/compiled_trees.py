"""Compiled loops over trees of levels: see :mod:`foedus.equilibria.trees`.

Imported only where numba is installed. A node is the places from ``low`` to before ``high`` of the
order; one of more than twice ``LEAF`` is cut in half. What a node holds is noted under its middle,
divided by four: parts have ``LEAF`` places at least, so that no two nodes have one number. A cell
that is not cut has none.
"""

from __future__ import annotations

import numpy as np

from foedus.game.moves import Small, Values
from foedus.game.space import Indexes
from foedus.jit import jitted

LEAF = 8
"""Twice so many places at most are looked at one by one."""


def _interleaved(cell: Small, ranks: Small, bits: int, cut: int) -> Values:
    """One number for each state: its cell, then the bits of its ranks in turn, the highest first.

    ``ranks`` (judges, n) lose their lowest ``cut`` bits; ``bits`` of each are left.
    """
    judges, n = ranks.shape
    keys = np.empty(n, dtype=np.int64)
    for state in range(n):
        key = np.int64(cell[state])
        for bit in range(bits - 1, -1, -1):
            for judge in range(judges):
                key = 2 * key + (ranks[judge, state] >> (bit + cut) & 1)
        keys[state] = key
    return keys


interleaved = jitted(_interleaved)


def _note(
    low: int,
    high: int,
    levels: Small,
    values: Small,
    tops: Small,
    bottoms: Small,
    leasts: Small,
) -> None:
    """Note of one node what :func:`_noted` does, of its halves if it is cut, else of its places."""
    here, whole = (low + high) >> 3, high - low > 2 * LEAF
    middle = (low + high) >> 1
    left, right = (low + middle) >> 3, (middle + high) >> 3
    for judge in range(len(levels)):
        if whole:
            tops[judge, here] = max(tops[judge, left], tops[judge, right])
            bottoms[judge, here] = min(bottoms[judge, left], bottoms[judge, right])
        else:
            tops[judge, here] = levels[judge, low:high].max()
            bottoms[judge, here] = levels[judge, low:high].min()
    leasts[here] = min(leasts[left], leasts[right]) if whole else values[low:high].min()


note = jitted(_note)


def _noted(
    levels: Small,
    values: Small,
    ends: Indexes,
    widest: int,
    tops: Small,
    bottoms: Small,
    leasts: Small,
) -> None:
    """Note for each node of each cell its greatest and least levels, and its least value.

    ``levels`` (judges, n) and ``values`` (n,) stand in the order of the tree; ``ends`` (cells,) say
    where the cells end, ``widest`` how many states the largest holds. ``tops`` and ``bottoms``
    (judges, nodes) and ``leasts`` (nodes,) are written to.
    """
    nodes = np.empty((widest + 2, 2), dtype=np.int64)
    begin = 0
    for end in ends:
        nodes[0, 0], nodes[0, 1] = begin, end
        count, seen = int(end - begin > 2 * LEAF), 0
        while seen < count:  # each node comes after what it is a part of
            low, high = nodes[seen, 0], nodes[seen, 1]
            seen += 1
            if high - low > 2 * LEAF:
                middle = (low + high) >> 1
                nodes[count, 0], nodes[count, 1] = low, middle
                nodes[count + 1, 0], nodes[count + 1, 1] = middle, high
                count += 2
        for part in range(count - 1, -1, -1):
            note(nodes[part, 0], nodes[part, 1], levels, values, tops, bottoms, leasts)
        begin = end


noted = jitted(_noted)


def _above(levels: Small, place: int, bound: Small) -> bool:
    """Whether all levels there are above the bounds."""
    for judge in range(len(bound)):  # noqa: SIM110 (compiled, this is what it should be)
        if levels[judge, place] <= bound[judge]:
            return False
    return True


above = jitted(_above, inline=True)


def _least_in(
    begin: int,
    end: int,
    best: int,
    bound: Small,
    levels: Small,
    values: Small,
    tops: Small,
    bottoms: Small,
    leasts: Small,
    stack: Values,
) -> int:
    """The least value in one cell above the bounds in all levels, or ``best`` if that is less."""
    whole, depth = end - begin > 2 * LEAF, 1
    stack[0, 0], stack[0, 1] = begin, end
    while depth:
        depth -= 1
        low, high = stack[depth, 0], stack[depth, 1]
        here = (low + high) >> 3
        if whole and (leasts[here] >= best or not above(tops, here, bound)):
            continue
        if whole and above(bottoms, here, bound):
            best = leasts[here]
        elif high - low > 2 * LEAF:
            middle = (low + high) >> 1
            stack[depth, 0], stack[depth, 1] = low, middle
            stack[depth + 1, 0], stack[depth + 1, 1] = middle, high
            depth += 2
        else:
            for place in range(low, high):
                if values[place] < best and above(levels, place, bound):
                    best = values[place]
    return best


least_in = jitted(_least_in)


def _lowered(
    found: Values,
    states: Indexes,
    cells: Indexes,
    own: Small,
    starts: Indexes,
    ends: Indexes,
    levels: Small,
    values: Small,
    tops: Small,
    bottoms: Small,
    leasts: Small,
) -> None:
    """Lower what is ``found`` (n,) for states to the least value above all their own levels.

    ``states`` and ``cells`` (q,) say which and where; ``own`` (judges, n) are levels by state.
    """
    judges = len(own)
    bound = np.empty(judges, dtype=np.int32)
    stack = np.empty((130, 2), dtype=np.int64)
    for question in range(len(states)):
        state, cell = states[question], cells[question]
        for judge in range(judges):
            bound[judge] = own[judge, state]
        found[state] = least_in(
            starts[cell],
            ends[cell],
            found[state],
            bound,
            levels,
            values,
            tops,
            bottoms,
            leasts,
            stack,
        )


lowered = jitted(_lowered)
