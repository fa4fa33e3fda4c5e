"""Where the values of judgements come from: many draws at once, or the most likely, once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import numpy.typing as npt

from foedus.case.judgement import Judgement
from foedus.case.model import Poll
from foedus.game.space import Mask

Floats = npt.NDArray[np.float64]

SURE_FROM = 0.5
"""A priority that is held with at least this chance counts when nothing is drawn."""


class Sample(Protocol):
    """So many draws of every judgement."""

    @property
    def size(self) -> int:
        """How many draws there are, n."""
        ...

    def values(self, judgement: Judgement) -> Floats:
        """What a judgement is in each draw, in its unit; shape (n,)."""
        ...

    def so(self, held: Judgement) -> Mask:
        """Whether something held with a judged probability is so in each draw; shape (n,)."""
        ...

    def share(self, share: Judgement, polls: Mapping[str, Poll]) -> Floats:
        """A share in per cent in each draw, with the error of the poll it is; shape (n,)."""
        ...


class MostLikely:
    """The one draw in which every judgement is at its most likely value."""

    @property
    def size(self) -> int:
        """One draw."""
        return 1

    def values(self, judgement: Judgement) -> Floats:
        """The most likely value; shape (1,)."""
        return np.array([judgement.mode], dtype=np.float64)

    def so(self, held: Judgement) -> Mask:
        """Whether it is held at evens or better; shape (1,)."""
        return np.array([held.mode >= SURE_FROM])

    def share(self, share: Judgement, polls: Mapping[str, Poll]) -> Floats:
        """The most likely share in per cent; shape (1,)."""
        return self.values(share)


MOST_LIKELY = MostLikely()
