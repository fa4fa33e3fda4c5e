"""What each mover has chosen in each state, and what it would rather choose: one bit each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from foedus.equilibria.fast import loops
from foedus.equilibria.improvements import Improvements
from foedus.game.moves import Moves
from foedus.game.space import Indexes, Space
from foedus.preferences import View

MOST_CHOICES = 1 << 12
"""A mover with more choices of positions than this is left to the plain search."""

MOST_BYTES = 1 << 30
"""So much may be held on what all movers would improve to."""


class Improver(Protocol):
    """A mover with what it would improve to."""

    @property
    def moves(self) -> Moves:
        """Its moves."""
        ...

    @property
    def views(self) -> Sequence[View]:
        """How its members see the states."""
        ...

    @property
    def improvements(self) -> Improvements:
        """Its improvements."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """What the movers of a problem have chosen in each state, and what they would choose instead.

    A mover's *choice* is its position in each of its issues, numbered in mixed radix (its first
    issue varies fastest). ``places`` (n, movers) is the number of what each has chosen; ``rows``
    (n, bytes) has for each mover, from byte ``heads`` (movers + 1,) on, a bit for each choice that
    would be an improvement of its.
    """

    places: npt.NDArray[np.uint16]
    rows: npt.NDArray[np.uint8]
    heads: Indexes

    @classmethod
    def of(cls, movers: Sequence[Improver], space: Space) -> Choices | None:
        """Collect the improvements of all movers.

        None where they are too many, or few enough for a plain search; and without numba.
        """
        compiled = loops("compiled_choices", len(space) * len(movers))
        sizes = [ways(space, mover) for mover in movers]
        heads = np.cumsum([0, *((size + 7) // 8 for size in sizes)]).astype(np.intp)
        too_many = max(sizes, default=1) > MOST_CHOICES
        if compiled is None or too_many or int(heads[-1]) * len(space) > MOST_BYTES:
            return None
        places = np.zeros((len(space), len(movers)), dtype=np.uint16)
        rows = np.zeros((len(space), int(heads[-1])), dtype=np.uint8)
        for number, (mover, first) in enumerate(zip(movers, heads.tolist(), strict=False)):
            place, weight = np.zeros(len(space), dtype=np.uint16), 1
            for k in mover.moves.mover.relations:
                place += space.reader.column(k).astype(np.uint16) * np.uint16(weight)
                weight *= len(space.radix.issues[k].positions)
            places[:, number] = place
            moves = mover.moves
            judges = [view.levels for view in mover.views if not view.electorate]
            if not moves.clique or not judges or not moves.mover.relations:
                for origins, targets in mover.improvements.pairs():
                    compiled.mark_pairs(rows, first, place, origins, targets)
                continue
            passed = np.ones(len(space), dtype=bool)
            for view in mover.views:
                if view.electorate:
                    passed &= view.levels == 1
            compiled.mark_cells(
                rows,
                first,
                place,
                np.stack(judges).astype(np.int32),
                passed,
                moves.order_by_cell.astype(np.int32),
                moves.cell_starts + moves.cell_sizes,
                int(moves.cell_sizes.max()),
            )
        return cls(places, rows, heads)


def ways(space: Space, mover: Improver) -> int:
    """How many choices of positions there are in the issues of a mover."""
    size = 1
    for k in mover.moves.mover.relations:
        size *= len(space.radix.issues[k].positions)
    return size
