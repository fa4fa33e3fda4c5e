"""What farsighted actors agree to from one reconsideration to the next.

What is known of the answers is kept, and the changes of a node are looked at again only where
expectations at it, or at what they lead to, have moved. Where the same changes are agreed as
before, and nothing is to be chosen among them, the clocks are those of before, and so are rates.
Imported only where numba is installed; what :class:`~.proposals.Proposals` does without, on all
changes each time, has the same answers.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process import compiled
from foedus.process import compiled_farsighted as loops
from foedus.process.agreement import Agreed, Clocks, clocks_of
from foedus.process.families import Bits, Families

Short = npt.NDArray[np.uint32]


class Rechecked:
    """The answers to proposals, by row of their layout; see :class:`~.proposals.Layout`.

    ``ends`` are the layout's node, target and family, ``parts`` its first part and parts, ``waits``
    its clock and items; ``given`` are what passes and what falls to more. There are so many nodes.
    """

    def __init__(
        self,
        ends: tuple[Short, Short, Short],
        parts: tuple[Indexes, Short],
        waits: tuple[Short, Bits],
        given: tuple[Bits, Bits],
        families: Families,
        nodes: int,
    ) -> None:
        self._node, target, family = ends
        first = np.searchsorted(self._node, np.arange(nodes + 1))
        self._rows = loops.Rows(first, target, family, *parts)
        self._clock, self._items = waits
        self._given = given
        each = families
        self._whose = loops.Whose(each.asked, each.alone, each.masks, each.suffices, each.within)
        self._agree = np.zeros(len(self._node), dtype=np.uint64)
        self._left = np.zeros(len(self._node), dtype=bool)
        self._last: Floats | None = None
        self._clocks: Clocks | None = None

    def _look(self, value: Floats) -> bool:
        """Whether other changes are agreed and left than when last looked at."""
        last, self._last = self._last, value
        every = np.ones(len(value), dtype=bool)
        moved = every if last is None else (value != last).any(axis=1)
        given = self._rows, *self._given, self._whose, self._agree, self._left
        return bool(loops.look_again(value, moved, *given))

    def agreed(self, value: Floats, *, by_coalition: bool) -> Agreed:
        """As :meth:`~.proposals.Proposals.agreed`; ``value`` is (nodes, ordinary actors)."""
        self._look(value)
        rows = np.flatnonzero(self._left)
        return self._means(value, rows, np.ones(len(rows), dtype=bool), by_coalition)

    def _means(self, value: Floats, rows: Indexes, needed: Mask, by_coalition: bool) -> Agreed:
        r = self._rows
        given = self._node, r.target, r.family, self._whose, self._agree
        return Agreed(*loops.means(value, rows, *given, needed, by_coalition))

    def clocks(self, value: Floats) -> Clocks:
        """The clocks that run; the same object where they would lead to the same.

        Means are worked out only where something is chosen by them, and otherwise 1.
        """
        changed = self._look(value) or self._clocks is None
        rows = np.flatnonzero(self._left)
        needed = loops.contested(rows, self._node, self._clock, self._items)
        before = self._clocks
        if before is not None and not changed and not needed.any():
            return before
        agreed = self._means(value, rows, needed, by_coalition=False)
        row = agreed.pair
        node = self._node[row].astype(np.intp)
        found = clocks_of(
            self._clock[row].astype(np.intp), node, self._items[row], row, agreed.mean, compiled
        )
        if before is not None and _same(found, before):
            return before
        self._clocks = found
        return found


def _same(one: Clocks, other: Clocks) -> bool:
    """Whether clocks lead to the same, and the same ones win where several ring together."""
    options = np.array_equal(one.option, other.option) and np.array_equal(one.first, other.first)
    return options and bool(loops.alike(one.node, one.items, one.mean, other.mean))
