"""Compiled loops that sift many improvements at once: see :mod:`foedus.equilibria.at_once`.

Imported only where numba is installed. A fibre is the codes that differ only by what the mover H
can change. Its sieve holds, for each member and each step of its levels there, one bit for each
code: whether its level is above the step.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from foedus.game.moves import Small
from foedus.jit import jitted

Bytes = npt.NDArray[np.uint8]


def _make_sieve(levels: Small, apart: int, steps: Small, sieve: Bytes) -> None:
    """Fill in the sieve of one member.

    ``levels`` (fibres, choices); ``steps`` (fibres, some) the levels at every ``apart`` places from
    the lowest, one below all first; ``sieve`` (fibres, some, bytes) holds zeros.
    """
    fibres, some, width = sieve.shape
    above = np.empty(width, dtype=np.uint8)
    for fibre in range(fibres):
        order = np.argsort(levels[fibre])
        above[:] = 255
        steps[fibre, 0] = -1
        place = 0
        for step in range(some):
            if step:
                steps[fibre, step] = levels[fibre, order[step * apart - 1]]
            # What equals the step is not above it.
            while place < len(order) and levels[fibre, order[place]] <= steps[fibre, step]:
                above[order[place] >> 3] &= ~(np.uint8(1) << np.uint8(order[place] & 7))
                place += 1
            for byte in range(width):
                sieve[fibre, step, byte] = above[byte]


make_sieve = jitted(_make_sieve)


def _sift(steps: Small, sieve: Bytes, fibre: int, bound: Small, left: Bytes) -> bool:
    """Leave of the bits those that may be above the bounds of all members in one fibre.

    ``steps`` (members, fibres, some) and ``sieve`` (members, fibres, some, bytes); ``left``
    (bytes,) is written to. Returns whether any are left.
    """
    any_left = np.uint8(0)
    for member in range(len(bound)):
        low, high = 0, steps.shape[2]  # the last step that is not above the bound
        while high - low > 1:
            middle = (low + high) >> 1
            if steps[member, fibre, middle] <= bound[member]:
                low = middle
            else:
                high = middle
        above, any_left = sieve[member, fibre, low], np.uint8(0)
        for byte in range(len(left)):
            left[byte] &= above[byte]
            any_left |= left[byte]
    return bool(any_left)


sift = jitted(_sift)
