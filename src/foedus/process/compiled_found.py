"""Compiled loops: what is found to be agreed, written down one after the other."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from foedus.game.space import Indexes, Mask
from foedus.jit import jitted
from foedus.preferences.sample import Floats
from foedus.process.families import Bits


class Found(NamedTuple):
    """By agreed change: its node, the change, its mean, its coalition, whether a clock brings it.

    There may be room for more.
    """

    node: Indexes
    change: Indexes
    mean: Floats
    coalition: Bits
    came: Mask


def _with_room(found: Found, number: int) -> Found:
    """What is found so far, with room for so many."""
    more = max(number - len(found.node), len(found.node))
    if number <= len(found.node):
        return found
    return Found(
        np.concatenate((found.node, np.empty(more, dtype=np.intp))),
        np.concatenate((found.change, np.empty(more, dtype=np.intp))),
        np.concatenate((found.mean, np.empty(more))),
        np.concatenate((found.coalition, np.zeros(more, dtype=np.uint64))),
        np.concatenate((found.came, np.zeros(more, dtype=np.bool_))),
    )


def _only_brought(found: Found, start: int, number: int) -> int:
    """Keep from ``start`` on only what a clock brings; how many there are then."""
    node, change, mean, coalition, came = found
    kept = start
    for k in range(start, number):
        if came[k]:
            node[kept], change[kept], mean[kept] = node[k], change[k], mean[k]
            coalition[kept], came[kept] = coalition[k], True
            kept += 1
    came[kept:number] = False
    return kept


with_room, only_brought = jitted(_with_room), jitted(_only_brought)
