"""Compiled loops: which coalitions agree."""

from __future__ import annotations

import numpy as np

from foedus.game.space import Indexes, Mask
from foedus.jit import jitted
from foedus.process.families import Bits


def _one_of(masks: Bits, family: int, agree: np.uint64) -> bool:
    """Whether some coalition of a family is among those who agree."""
    for column in range(masks.shape[1]):
        if agree & masks[family, column] == masks[family, column]:
            return True
    return False


one_of = jitted(_one_of)


def _suffices(masks: Bits, sets: Mask, family: int, agree: np.uint64) -> bool:
    """Whether some coalition agrees; ``sets`` as :attr:`~.families.Families.suffices`.

    What it comes to for many actors stands apart, so that the rest is done where it is asked.
    """
    if sets.shape[1]:
        return bool(sets[family, agree & np.uint64(sets.shape[1] - 1)])
    return bool(one_of(masks, family, agree))


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
