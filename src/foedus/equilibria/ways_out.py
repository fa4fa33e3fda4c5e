"""Groups that may answer a sanction, for all states at once: SMR of large groups, compiled.

A group H at s is deterred from s1 when its opponents reach from s1 a cell of H in which nothing is
better than s for all of it. Which states a cell offers no way out are those at or above one of its
*limits*: the least levels, of all members together, that nothing in the cell passes. Opponents who
may undo what they do reach from s1 just those states that lead back to it; so states s1 are taken
together by the set of cells that such a component touches, most often one set for a whole cell. Of
all limits of the set's cells the least are kept, and s is held against these, in order of the
levels of the first member. So nothing is looked at pair by pair in a cell unless almost every state
of it leads the opponents to another set of cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foedus.equilibria.fast import loops
from foedus.equilibria.problem import MoverView, Step, worst_reached
from foedus.game.moves import Moves, Small, Values, mixed, numbered, ranges
from foedus.game.space import Indexes, Mask

MEMBERS = 3
"""Of so many members that must all gain, at most, the limits are found."""


@dataclass(frozen=True, slots=True, eq=False)
class ReachedCells:
    """Which sets of cells are reached: ``number`` (n,) names the set of each state.

    The cells of a set are ``cells`` from ``heads`` (sets + 1,) on, in order.
    """

    number: Small
    heads: Indexes
    cells: Indexes

    @classmethod
    def of(cls, component: Values, cell: Small) -> ReachedCells:
        """The sets of cells that components touch; ``component`` and ``cell`` (n,) are numbers."""
        place, many = numbered(component), int(cell.max()) + 1
        of, cells = np.divmod(np.unique(place.astype(np.int64) * many + cell), many)
        starts = np.flatnonzero(np.diff(of, prepend=-1))
        counts = np.diff(starts, append=len(of))
        # A sum of mixed numbers tells sets apart; whether those it takes for one are is looked at.
        each = mixed(mixed(cells.astype(np.uint64) + np.uint64(1)))
        sums = np.add.reduceat(each, starts)
        _, first, same = np.unique(sums, return_index=True, return_inverse=True)
        like = first[same.ravel()]
        alike = np.flatnonzero(counts == counts[like])
        theirs, own = (ranges(starts[some], counts[alike]) for some in (like[alike], alike))
        heads = np.cumsum(counts[alike]) - counts[alike]
        equal = np.zeros(len(counts), dtype=bool)
        equal[alike] = np.logical_and.reduceat(cells[theirs] == cells[own], heads)
        like = np.where(equal, like, np.arange(len(like)))
        kept, number = np.unique(like, return_inverse=True)
        return cls(
            number.ravel().astype(np.int32)[place],
            np.concatenate([[0], np.cumsum(counts[kept])]).astype(np.intp),
            cells[ranges(starts[kept], counts[kept])].astype(np.intp),
        )


def left_for_good(
    mover: MoverView, opponents: Sequence[Moves], steps: Sequence[Step]
) -> Mask | None:
    """Return where a group has an improvement from which every sanction has a way out; (n,).

    ``steps`` gives, for each opponent, the least value among a state and its moves from there. None
    where that is to be found otherwise: without numba, for few states, for more than ``MEMBERS``
    that must gain, and where the mover or an opponent has changes that cannot be undone.
    """
    moves, n = mover.moves, len(mover.moves.space)
    judges = [view.levels for view in mover.views if not view.electorate]
    if len(judges) > MEMBERS or not all(each.clique for each in (moves, *opponents)):
        return None
    # Each state of a cell may come up in each pass that the plain search makes.
    compiled = loops("compiled_ways_out", n * int(moves.cell_sizes.max()))
    if compiled is None:
        return None
    passed = np.ones(n, dtype=bool)
    for view in mover.views:
        if view.electorate:
            passed &= view.levels == 1
    own = np.zeros((MEMBERS, n), dtype=np.int32)
    own[MEMBERS - len(judges) :] = judges
    looked = own.copy()
    looked[: MEMBERS - len(judges)] = 1
    reached = ReachedCells.of(worst_reached(np.arange(n), steps), moves.cell)
    order, ends = moves.order_by_cell, moves.cell_starts + moves.cell_sizes
    most = n if len(judges) == MEMBERS else 0
    limits = compiled.limits_of_cells(
        looked, passed, order, ends, int(moves.cell_sizes.max()), most
    )
    in_order = reached.number[order]
    alone = np.equal(
        *(each.reduceat(in_order, moves.cell_starts) for each in (np.minimum, np.maximum))
    )
    found = np.zeros(n, dtype=bool)
    compiled.left(
        own,
        looked,
        passed,
        order,
        moves.cell_starts,
        ends,
        *limits,
        reached.number,
        reached.heads,
        reached.cells,
        alone,
        mover.improvements.some().copy(),
        found,
    )
    return found
