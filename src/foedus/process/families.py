"""Which coalitions changes belong to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from foedus.game.space import Indexes, Mask

Bits = npt.NDArray[np.uint64]
"""Sets, each as one whole number."""

NOBODY = np.uint64(1) << np.uint64(63)
"""The members of a coalition that does not exist: they never all agree."""

TABLE = 14
"""For up to so many actors it is written down for each set of them whether it suffices."""


@dataclass(frozen=True, eq=False)
class Families:
    """Which coalitions changes belong to: ``masks`` (families, most) holds sets of actors as bits.

    A family with fewer coalitions than others is filled up with ``NOBODY``.
    """

    masks: Bits
    members: npt.NDArray[np.bool_]
    """(ordinary actors, families, most): who of the ordinary actors is in each coalition."""

    asked: Indexes
    """(families, most actors): the numbers of all actors in some coalition, then -1."""

    alone: Mask
    """(families,): whether there is one coalition only."""

    @cached_property
    def suffices(self) -> Mask:
        """Whether a coalition is among each set of actors: (families, sets); no sets for many."""
        every = np.bitwise_or.reduce(np.where(self.masks != NOBODY, self.masks, np.uint64(0)), None)
        actors = int(every).bit_length()
        found = np.zeros((len(self.masks), 1 << actors if actors <= TABLE else 0), dtype=bool)
        sets = np.arange(found.shape[1], dtype=np.uint64)
        if len(sets):
            for row, masks in enumerate(self.masks):
                for mask in masks[masks != NOBODY]:
                    found[row] |= (sets & mask) == mask
        return found

    @cached_property
    def within(self) -> tuple[Indexes, Indexes]:
        """Which coalitions are among each set of actors, as (first, columns).

        Family f and the set s have ``columns[first[k]:first[k + 1]]`` with k = f * sets + s; no
        first, and all columns, for many actors.
        """
        sets = self.suffices.shape[1]
        if not sets:
            return np.zeros(0, dtype=np.intp), np.arange(self.masks.shape[1])
        every = np.arange(sets, dtype=np.uint64)[:, None]
        found = [np.nonzero((every & masks) == masks) for masks in self.masks]
        number = np.concatenate([np.bincount(rows, minlength=sets) for rows, _ in found])
        return np.append(0, np.cumsum(number)), np.concatenate([columns for _, columns in found])
