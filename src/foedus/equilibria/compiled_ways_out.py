"""Compiled loops over a group's ways out of its cells: see :mod:`foedus.equilibria.ways_out`.

Imported only where numba is installed. Levels have three rows: those of fewer members are filled up
by rows in which any target is above any origin.
"""

from __future__ import annotations

import numpy as np

from foedus.game.moves import Small
from foedus.game.space import Indexes, Mask
from foedus.jit import jitted

BEYOND = np.iinfo(np.int32).max


def _upto(numbers: Small, many: int, number: int) -> int:
    """How many of the first ``many`` numbers, which rise, are no greater than one."""
    low, high = 0, many
    while low < high:
        middle = (low + high) >> 1
        if numbers[middle] <= number:
            low = middle + 1
        else:
            high = middle
    return low


upto = jitted(_upto)


def _copied(rows: Small, k: int, target: Small, to: int) -> None:
    """Copy one column of three rows."""
    target[0, to], target[1, to], target[2, to] = rows[0, k], rows[1, k], rows[2, k]


copied = jitted(_copied, inline=True)


def _put_step(ys: Small, zs: Small, steps: int, begin: int, end: int, y: int, z: int) -> int:
    """Put one step of a staircase in the place of those from ``begin`` to before ``end``.

    Returns how many steps there are then.
    """
    shift = begin + 1 - end
    if shift < 0:
        for step in range(end, steps):
            ys[step + shift], zs[step + shift] = ys[step], zs[step]
    elif shift > 0:
        for step in range(steps, begin, -1):
            ys[step], zs[step] = ys[step - 1], zs[step - 1]
    ys[begin], zs[begin] = y, z
    return steps + shift


put_step = jitted(_put_step)


def _note_corner(found: Small, count: int, x: int, ys: Small, zs: Small, steps: int, k: int) -> int:
    """Note corner ``k`` of a staircase with a first level; returns its third level."""
    found[0, count] = x
    found[1, count] = ys[k - 1] if k else 0
    found[2, count] = zs[k] if k < steps else 0
    return int(found[2, count])


note_corner = jitted(_note_corner, inline=True)


def _limits(
    levels: Small, many: int, most: int, ys: Small, zs: Small, found: Small, count: int
) -> tuple[Small, int]:
    """Add the least rows that none of ``many`` columns of ``levels`` passes, all three at once.

    A row is passed by no column just where it is at no place less than one of these. Columns are
    taken from the greatest first level down; ``ys`` and ``zs`` (many + 1,) hold the greatest second
    and third levels of those taken, as a staircase. A corner of it goes when a column passes it,
    and was a limit for all that do not pass the first level of that column. Of such, those above
    ``most`` are left out. Returns ``found`` (3, some), with more room if needed, and how many.
    """
    if count + 3 * many + 2 > found.shape[1]:
        larger = np.empty((3, 2 * (count + 3 * many + 2)), dtype=np.int32)
        for k in range(count):
            copied(found, k, larger, k)
        found = larger
    keys = np.empty(many, dtype=np.int64)
    for k in range(many):
        keys[k] = (np.int64(BEYOND - levels[0, k]) << 32) + levels[1, k]
    steps = np.intp(0)
    for k in np.argsort(keys):
        x, y, z = levels[0, k], levels[1, k], levels[2, k]
        at = upto(ys, steps, y - 1)
        if at < steps and zs[at] >= z:
            continue
        begin = at
        while begin > 0 and zs[begin - 1] <= z:
            begin -= 1
        if x <= most:
            for corner in range(begin, at + 1):
                # One whose third level is not passed stays.
                count += note_corner(found, count, x, ys, zs, steps, corner) < z
        steps = put_step(ys, zs, steps, begin, at + (at < steps and ys[at] == y), y, z)
    for corner in range(steps + 1):
        note_corner(found, count, 0, ys, zs, steps, corner)
        count += 1
    return found, count


limits = jitted(_limits)


def _least_up_to(tree: Small, place: int) -> int:
    """The least of what stands at the first ``place`` places of a Fenwick tree."""
    least = BEYOND
    while place > 0:
        least = min(least, tree[place])
        place &= place - 1
    return least


least_up_to = jitted(_least_up_to, inline=True)


def _lower(tree: Small, place: int, value: int) -> None:
    """Lower a place of a Fenwick tree, counted from 1, to a value."""
    while place < len(tree):
        tree[place] = min(tree[place], value)
        place += place & -place


lower = jitted(_lower, inline=True)


def _sorted_row(numbers: Small) -> Small:
    """Some numbers in order."""
    return numbers[np.argsort(numbers.astype(np.int64))]


sorted_row = jitted(_sorted_row)


def _least_rows(rows: Small) -> Small:
    """The columns of ``rows`` (3, m) with none before at or below them in all, by the first level.

    Of columns with one first level some may be kept that others are below.
    """
    ladder, many = sorted_row(rows[1]), rows.shape[1]
    tree = np.full(many + 1, BEYOND, dtype=np.int32)
    kept, count = np.empty_like(rows), 0
    for k in np.argsort(rows[0].astype(np.int64)):
        place = upto(ladder, many, rows[1, k])
        if least_up_to(tree, place) > rows[2, k]:
            lower(tree, place, rows[2, k])
            copied(rows, k, kept, count)
            count += 1
    return kept[:, :count].copy()


least_rows = jitted(_least_rows)


def _reaching(rows: Small, asked: Small) -> Mask:
    """Which columns of ``asked`` (3, q) are at or above some column of ``rows`` in all; (q,).

    ``rows`` (3, m) come by their first level.
    """
    ladder, many = sorted_row(rows[1]), rows.shape[1]
    tree = np.full(many + 1, BEYOND, dtype=np.int32)
    found = np.zeros(asked.shape[1], dtype=np.bool_)
    seen = 0
    for q in np.argsort(asked[0].astype(np.int64)):
        while seen < many and rows[0, seen] <= asked[0, q]:
            lower(tree, upto(ladder, many, rows[1, seen]), rows[2, seen])
            seen += 1
        found[q] = least_up_to(tree, upto(ladder, many, asked[1, q])) <= asked[2, q]
    return found


reaching = jitted(_reaching)


def _limits_of_cells(
    looked: Small, passed: Mask, order: Small, ends: Indexes, widest: int, most: int
) -> tuple[Small, Indexes]:
    """The limits of each cell: what, if a state is at or above it, the cell is no way out for it.

    ``looked`` (3, n) are the levels of targets, ``passed`` (n,) which states may be one at all;
    ``order`` (n,) the states by cell, ``ends`` (cells,) where the cells end, ``widest`` how many
    states the largest holds; ``most`` as in :func:`_limits`. Returns the limits (3, at least so
    many), cell by cell, and from where on those of each stand (cells + 1,).
    """
    ys, zs = np.empty(widest + 1, dtype=np.int32), np.empty(widest + 1, dtype=np.int32)
    levels = np.empty((3, widest), dtype=np.int32)
    found, count = np.empty((3, len(order)), dtype=np.int32), np.intp(0)
    heads = np.zeros(len(ends) + 1, dtype=np.intp)
    begin = 0
    for cell in range(len(ends)):
        many = np.intp(0)
        for place in range(begin, ends[cell]):
            state = order[place]
            copied(looked, state, levels, many)
            many += passed[state]
        found, count = limits(levels, many, most, ys, zs, found, count)
        heads[cell + 1] = count
        begin = ends[cell]
    return found, heads


limits_of_cells = jitted(_limits_of_cells)


def _asked(
    cells: Indexes, order: Small, starts: Indexes, ends: Indexes, asking: Mask, heads: Indexes
) -> Small:
    """The states of some cells that are ``asking`` (n,), cell by cell.

    ``heads`` (more than cells,) is written to: from where on those of each cell stand.
    """
    count = 0
    for cell in cells:
        count += ends[cell] - starts[cell]
    states, count = np.empty(count, dtype=np.int32), 0
    for k in range(len(cells)):
        for place in range(starts[cells[k]], ends[cells[k]]):
            states[count] = order[place]
            count += asking[order[place]]
        heads[k + 1] = count
    return states[:count]


asked_in = jitted(_asked)


def _limits_in(cells: Indexes, limit: Small, heads: Indexes) -> Small:
    """The least of the limits of some cells; as :func:`_limits_of_cells` gives them."""
    count = 0
    for cell in cells:
        count += heads[cell + 1] - heads[cell]
    rows, count = np.empty((3, count), dtype=np.int32), 0
    for cell in cells:
        for k in range(heads[cell], heads[cell + 1]):
            copied(limit, k, rows, count)
            count += 1
    return least_rows(rows)  # type: ignore[no-any-return]


limits_in = jitted(_limits_in)


def _improve(own: Small, states: Small, looked: Small, targets: Small) -> Mask:
    """Which ``states`` (q,) are below one of the ``targets`` (some,) in all levels; (q,)."""
    turn = own.shape[1] + 1
    rows = np.empty((3, len(targets)), dtype=np.int32)
    asked = np.empty((3, len(states)), dtype=np.int32)
    for level in range(3):
        for k in range(len(targets)):
            rows[level, k] = turn - looked[level, targets[k]]
        for k in range(len(states)):
            asked[level, k] = turn - own[level, states[k]] - 1
    return reaching(least_rows(rows), asked)  # type: ignore[no-any-return]


improve = jitted(_improve)


def _left(
    own: Small,
    looked: Small,
    passed: Mask,
    order: Small,
    starts: Indexes,
    ends: Indexes,
    limit: Small,
    limit_heads: Indexes,
    set_of: Small,
    set_heads: Indexes,
    set_cells: Indexes,
    alone: Mask,
    open_: Mask,
    found: Mask,
) -> None:
    """Note which ``open_`` states have an improvement from which every sanction has a way out.

    What the opponents reach from an improvement touches one set of cells: ``set_of`` (n,) names it,
    its cells are ``set_cells`` from ``set_heads`` on. ``alone`` (cells,) says in which cells all
    states have one set. ``own`` and ``looked`` (3, n) are the levels of origins and of targets;
    ``limit`` and ``limit_heads`` those of :func:`_limits_of_cells`. ``found`` (n,) is written to,
    and what is found is not ``open_`` any more.
    """
    heads = np.zeros(len(ends) + 1, dtype=np.intp)
    for number in range(len(set_heads) - 1):
        cells = set_cells[set_heads[number] : set_heads[number + 1]]
        states = asked_in(cells, order, starts, ends, open_, heads)
        if len(states) == 0:
            continue
        asked = np.empty((3, len(states)), dtype=np.int32)
        for k in range(len(states)):
            copied(own, states[k], asked, k)
        caught = reaching(limits_in(cells, limit, limit_heads), asked)
        for k in range(len(cells)):
            some, cell = states[heads[k] : heads[k + 1]], cells[k]
            free = ~caught[heads[k] : heads[k + 1]]
            if not alone[cell] and free.any():
                inside = order[starts[cell] : ends[cell]]
                inside = inside[passed[inside] & (set_of[inside] == number)]
                free &= improve(own, some, looked, inside)
            for place in range(len(some)):
                found[some[place]] |= free[place]
                open_[some[place]] &= not free[place]


left = jitted(_left)
