"""Compiled loops: what farsighted actors agree to, looked at again where expectations moved.

An answer depends on what actors expect at a node and at those that its changes lead to. Where none
of this has moved, it stands.
"""

from __future__ import annotations

from math import exp, log
from typing import NamedTuple

import numpy as np

from foedus.game.space import Indexes, Mask
from foedus.jit import jitted
from foedus.preferences.sample import Floats
from foedus.process.agreement import BEST
from foedus.process.compiled_chain import Short
from foedus.process.compiled_families import one_of
from foedus.process.families import Bits
from foedus.process.worths import TOLERANCE

LEAST = float(np.nextafter(TOLERANCE, 1.0))

LOW = 1e-150
"""Products of gains below this are kept as logarithms, lest they vanish."""


class Rows(NamedTuple):
    """The rows of a :class:`~.proposals.Layout`, by its names; ``first`` (nodes + 1,) by node."""

    first: Indexes
    target: Short
    family: Short
    part_first: Indexes
    part: Short


class Whose(NamedTuple):
    """Who may make the changes, by the names of :class:`~.families.Families`."""

    asked: Indexes
    alone: Mask
    masks: Bits
    suffices: Mask
    within: tuple[Indexes, Indexes]


def _mean(value: Floats, here: int, there: int, mask: np.uint64) -> float:
    """The geometric mean of the gains of the ordinary members of a coalition."""
    product, logs, members = 1.0, 0.0, 0
    for actor in range(value.shape[1]):
        if mask >> np.uint64(actor) & np.uint64(1):
            gain = value[there, actor] - value[here, actor]
            if gain <= 0.0:
                return 0.0
            product *= gain
            members += 1
            if product < LOW:
                logs += log(product)
                product = 1.0
    return product if members == 1 and logs == 0.0 else exp((logs + log(product)) / members)


mean_of = jitted(_mean)


def _answers(
    value: Floats,
    node: int,
    begin: int,
    end: int,
    target: Short,
    family: Short,
    passes: Bits,
    falls: Bits,
    asked: Indexes,
    alone: Mask,
    agree: Bits,
) -> None:
    """Who agrees to the rows of a node, of those asked, as bits into ``agree`` (rows,).

    Where all must agree and one does not, nobody counts as agreeing.
    """
    for k in range(begin, end):
        of, to, falling, who = family[k], target[k], falls[k], passes[k]
        for slot in range(asked.shape[1]):
            actor = asked[of, slot]
            if actor < 0:
                break
            bit = np.uint64(1) << np.uint64(actor)
            if actor < value.shape[1]:
                gain = value[to, actor] - value[node, actor]
                if gain >= LEAST or (gain >= -TOLERANCE and falling & bit):
                    who |= bit
            if alone[of] and not who & bit:
                who = np.uint64(0)
                break
        agree[k] = who


def _left_of(
    value: Floats,
    begin: int,
    end: int,
    target: Short,
    family: Short,
    part_first: Indexes,
    part: Short,
    asked: Indexes,
    masks: Bits,
    sets: Mask,
    agree: Bits,
    left: Mask,
) -> bool:
    """Note in ``left`` (rows,) which rows of a node are agreed and left after parts first.

    Whether others are than before. A part does instead where it gives as much to all of a coalition
    that agrees to it.
    """
    changed, table = False, sets.shape[1] > 0
    every = np.uint64(sets.shape[1] - 1)
    for k in range(begin, end):
        of, who = family[k], agree[k]
        now = sets[of, who & every] if table else one_of(masks, of, who)
        if now:
            to = target[k]
            for at in range(part_first[k], part_first[k + 1]):
                p = part[at]
                of, instead, content = family[p], target[p], agree[p]
                if not (sets[of, content & every] if table else one_of(masks, of, content)):
                    continue
                for slot in range(asked.shape[1]):
                    actor = asked[of, slot]
                    if actor < 0:
                        break
                    if actor < value.shape[1] and (
                        value[instead, actor] < value[to, actor] - TOLERANCE
                    ):
                        content &= ~(np.uint64(1) << np.uint64(actor))
                if sets[of, content & every] if table else one_of(masks, of, content):
                    now = False
                    break
        changed |= now != left[k]
        left[k] = now
    return changed


answers, left_of = jitted(_answers), jitted(_left_of)


def _look_again(
    value: Floats,
    moved: Mask,
    rows: Rows,
    passes: Bits,
    falls: Bits,
    whose: Whose,
    agree: Bits,
    left: Mask,
) -> bool:
    """Bring ``agree`` and ``left`` up to date where expectations have ``moved`` (nodes,).

    Whether other rows are left than before. ``value`` (nodes, ordinary actors) is what actors
    expect; ``passes`` and ``falls`` as for :class:`~.proposals.Proposals`. The functions for the
    rows of a node are called once for each, since to hand arrays over takes as long as some rows.
    """
    first, target, family, part_first, part = rows
    asked, alone, masks, sets, _ = whose
    changed = False
    for n in range(len(first) - 1):
        begin, end = first[n], first[n + 1]
        due = moved[n]
        for k in range(begin, end):
            if due:
                break
            due = moved[target[k]]
        if not due:
            continue
        answers(value, n, begin, end, target, family, passes, falls, asked, alone, agree)
        changed |= left_of(
            value,
            begin,
            end,
            target,
            family,
            part_first,
            part,
            asked,
            masks,
            sets,
            agree,
            left,
        )
    return changed


look_again = jitted(_look_again)


def _means(
    value: Floats,
    rows: Indexes,
    node: Short,
    target: Short,
    family: Short,
    whose: Whose,
    agree: Bits,
    needed: Mask,
    by_coalition: bool,
) -> tuple[Indexes, Floats, Bits]:
    """As `~.proposals.Proposals.agreed`, of the ``rows`` that are left.

    The mean is 1 where it is not ``needed`` (len(rows),).
    """
    _, _, masks, sets, (first, columns) = whose
    every = np.uint64(sets.shape[1] - 1)
    room = len(rows) * (masks.shape[1] if by_coalition else 1)
    kept, mean = np.empty(room, dtype=np.intp), np.empty(room)
    coalition = np.zeros(room, dtype=np.uint64)
    found = 0
    for place in range(len(rows)):
        k = rows[place]
        best = 0.0 if needed[place] else 1.0
        if needed[place]:
            begin, end = 0, len(columns)
            if sets.shape[1]:
                at = family[k] * sets.shape[1] + np.intp(agree[k] & every)
                begin, end = first[at], first[at + 1]
            for column in range(begin, end):
                mask = masks[family[k], columns[column]]
                if agree[k] & mask == mask:
                    each = mean_of(value, node[k], target[k], mask)
                    best = max(best, each)
                    if by_coalition:
                        kept[found], mean[found], coalition[found] = k, each, mask
                        found += 1
        if not by_coalition:
            kept[found], mean[found] = k, best
            found += 1
    return kept[:found].copy(), mean[:found].copy(), coalition[:found].copy()


means = jitted(_means)


def _contested(rows: Indexes, node: Short, clock: Short, items: Bits) -> Mask:
    """Which of the ``rows`` that are left are not alone on their clock, or may ring with others.

    Those of timed clocks may, where their node has several.
    """
    found = np.zeros(len(rows), dtype=np.bool_)
    begin = 0
    while begin < len(rows):
        end, timed, last = begin, 0, begin
        while end < len(rows) and node[rows[end]] == node[rows[begin]]:
            new = end == begin or clock[rows[end]] != clock[rows[last]]
            if new and items[rows[end]]:
                timed += 1
            if not new:
                found[end] = found[end - 1] = True
            last = end
            end += 1
        if timed > 1:
            for k in range(begin, end):
                if items[rows[k]]:
                    found[k] = True
        begin = end
    return found


contested = jitted(_contested)


def _alike(node: Indexes, items: Bits, one: Floats, other: Floats) -> bool:
    """Whether by either means (clocks,) the same timed clocks of a node win against the same."""
    begin = 0
    for k in range(len(node)):
        if node[k] != node[begin]:
            begin = k
        if items[k]:
            for j in range(begin, k):
                if items[j] and (
                    (one[k] >= one[j] - BEST) != (other[k] >= other[j] - BEST)
                    or (one[j] >= one[k] - BEST) != (other[j] >= other[k] - BEST)
                ):
                    return False
    return True


alike = jitted(_alike)
