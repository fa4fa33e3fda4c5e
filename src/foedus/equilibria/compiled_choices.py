"""Compiled loops over what movers would rather choose: see :mod:`foedus.equilibria.choices`.

Imported only where numba is installed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from foedus.game.moves import Small
from foedus.game.space import Indexes, Mask
from foedus.jit import jitted

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.uint16]

PAIRED = 64
"""In cells of up to so many states each is compared with each."""


def _mark_sorted(
    rows: Bytes, first: int, places: Places, levels: Small, passed: Mask, states: Small
) -> None:
    """Set the bits of the ``states`` of one large cell; the rest is as in :func:`_mark_cells`.

    By each member in turn they come from the best down, and what has come before is better.
    """
    size, width = len(states), 0
    for state in states:
        width = max(width, (places[state] >> 3) + 1)
    better, level = np.empty(width, dtype=np.uint8), np.empty(size, dtype=np.int32)
    for member in range(len(levels)):
        better[:] = 0
        for k in range(size):
            level[k] = levels[member, states[k]]
        order = np.argsort(level)
        last = size
        while last > 0:
            alike = last
            while last > 0 and level[order[last - 1]] == level[order[alike - 1]]:
                last -= 1
                row = rows[states[order[last]], first : first + width]
                for byte in range(width):
                    row[byte] = better[byte] & (row[byte] | np.uint8(255 * (member == 0)))
            for k in range(last, alike):
                state = states[order[k]]
                place = places[state]
                better[place >> 3] |= np.uint8(passed[state]) << np.uint8(place & 7)


mark_sorted = jitted(_mark_sorted)


def _mark_cells(
    rows: Bytes,
    first: int,
    places: Places,
    levels: Small,
    passed: Mask,
    order: Small,
    ends: Indexes,
    widest: int,
) -> None:
    """Set a bit for each improvement of a mover whose every change within a cell is open.

    ``rows`` (n, bytes), the mover's from ``first`` on; ``places`` (n,) the number of what the mover
    has chosen; ``levels`` (members, n); ``order`` (n,) the states by cell; ``ends`` (cells,);
    ``widest`` the number of states in the largest cell. The mover's bits are not set before.
    """
    members = len(levels)
    level = np.empty((members, widest), dtype=np.int32)
    byte = np.empty(widest, dtype=np.intp)
    bit = np.empty(widest, dtype=np.uint8)
    begin = 0
    for end in ends:
        size = end - begin
        if size > PAIRED:
            mark_sorted(rows, first, places, levels, passed, order[begin:end])
            begin = end
            continue
        for a in range(size):
            state = order[begin + a]
            place = places[state]
            byte[a] = first + (place >> 3)
            bit[a] = np.uint8(passed[state]) << np.uint8(place & 7)
            for member in range(members):
                level[member, a] = levels[member, state]
        for a in range(size):
            row = rows[order[begin + a]]
            for b in range(size):
                better = level[0, b] > level[0, a]
                for member in range(1, members):
                    better &= level[member, b] > level[member, a]
                row[byte[b]] |= bit[b] * np.uint8(better)
        begin = end


def _mark_pairs(
    rows: Bytes, first: int, places: Places, origins: Indexes, targets: Indexes
) -> None:
    """Set a bit for each of some improvements; as :func:`_mark_cells`."""
    for k in range(len(origins)):
        place = places[targets[k]]
        rows[origins[k], first + (place >> 3)] |= np.uint8(1) << np.uint8(place & 7)


mark_cells, mark_pairs = jitted(_mark_cells), jitted(_mark_pairs)
