"""What farsighted actors agree to each time they reconsider.

Which changes there are, who could make them, which parts could do instead and which clock each
would run stays the same from one reconsideration to the next; only what actors expect moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process.agreement import (
    Agreed,
    Clocks,
    any_agrees,
    best_of,
    clocks_of,
    running,
    spread,
)
from foedus.process.change_table import Changes
from foedus.process.families import Bits
from foedus.process.rules import Rules
from foedus.process.worths import TOLERANCE

if TYPE_CHECKING:
    from foedus.process.rechecked import Rechecked

Short = npt.NDArray[np.uint32]
"""Indexes in few bytes: there are many changes."""

LEAST = float(np.nextafter(TOLERANCE, 1.0))
"""The least gain; one that gains from what a state falls to may lose up to ``TOLERANCE``."""


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The changes from some states, by pair (node, change), those of one node together.

    ``node`` and ``target`` count the states; ``allowed`` (pairs,) says which changes may be made.
    """

    node: Indexes
    target: Indexes
    change: Indexes
    allowed: Mask


@dataclass(frozen=True, eq=False)
class Layout:
    """Some of the pairs, those of one clock together, within it by pair.

    By row: ``node``, ``target`` and ``family``; ``items`` those its clock waits for
    (bits), ``issues`` those it alters, and ``clock``, ascending. The rows of the proper parts of
    row k are ``part[part_first[k]:part_first[k + 1]]``.
    """

    rules: Rules
    node: Short
    target: Short
    family: Short
    issues: Bits
    items: Bits
    clock: Short
    part_first: Indexes
    part: Short


def possible(rules: Rules, pairs: Pairs, passes: Mask) -> Indexes:
    """The pairs that may be made and that electorates do not vote down, whatever others expect.

    ``passes`` (electorates, nodes) says where each electorate agrees to go.
    """
    most = _votes(rules, passes, pairs.target) | np.bitwise_or.reduce(rules.members.ordinary)
    some = any_agrees(rules.families, rules.changes.family[pairs.change], most)
    return np.flatnonzero(some & pairs.allowed)


def _votes(rules: Rules, passes: Mask, target: Indexes | Short) -> Bits:
    """The electorates that agree to go to each target, as bits; (targets,)."""
    yes = np.zeros(len(target), dtype=np.uint64)
    for row, bit in enumerate(rules.members.electorates):
        yes |= np.where(passes[row, target], bit, np.uint64(0))
    return yes


def layout_of(
    rules: Rules, pairs: Pairs, kept: Indexes, place: Indexes, ready: np.uint64
) -> Layout:
    """Lay out the pairs ``kept``; ``place`` (nodes,) numbers their nodes and targets anew.

    The items ``ready`` (bits) no longer have to be waited for.
    """
    changes = rules.changes
    change = pairs.change[kept]
    items, issues = changes.items[change] & ~ready, changes.issues[change]
    quick = items == 0
    kind = np.where(quick, issues, items)
    order = np.lexsort((kept, kind, quick, pairs.node[kept]))
    pair = kept[order]
    keys = [pairs.node[pair], quick[order], kind[order]]
    new = np.ones(len(order), dtype=bool)
    new[1:] = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    part_first, part = _parts(changes, pairs, pair)
    return Layout(
        rules,
        place[keys[0]].astype(np.uint32),
        place[pairs.target[pair]].astype(np.uint32),
        changes.family[pairs.change[pair]].astype(np.uint32),
        issues[order],
        items[order],
        (np.cumsum(new) - 1).astype(np.uint32),
        part_first,
        part.astype(np.uint32),
    )


def _parts(changes: Changes, pairs: Pairs, pair: Indexes) -> tuple[Indexes, Indexes]:
    """The rows of the proper parts of each row, as (first, rows); ``pair`` is by row."""
    place = np.full(len(pairs.node), -1, dtype=np.intp)
    place[pair] = np.arange(len(pair))
    change = pairs.change[pair]
    row, at = spread(changes.part_first[change], changes.part_first[change + 1])
    part = place[pair[row] + changes.part[at] - change[row]]
    row, part = row[part >= 0], part[part >= 0]
    return np.searchsorted(row, np.arange(len(pair) + 1)), part


@dataclass(frozen=True, eq=False)
class Proposals:
    """What is asked in one draw at so many ``nodes``, by row of the layout.

    ``passes`` are the electorates that agree to its target, and ``falls`` the ordinary actors that
    gain from what it falls to, as bits.
    """

    layout: Layout
    nodes: int
    passes: Bits
    falls: Bits

    def clocks(self, value: Floats, compiled: ModuleType | None = None) -> Clocks:
        """The clocks that run when actors expect ``value``, their options by row of the layout.

        The rest as for :meth:`agreed`. Where their options are as they were the last time, they may
        be the same object; means by which nothing is chosen may then be of any size.
        """
        layout = self.layout
        if compiled is not None and not layout.rules.by_coalition:
            return self._rechecked.clocks(np.ascontiguousarray(value.T))
        agreed = self.agreed(value, compiled)
        row = agreed.pair
        node, items = layout.node[row].astype(np.intp), layout.items[row]
        if layout.rules.by_coalition:
            return running(node, items, layout.issues[row], agreed, compiled)
        return clocks_of(layout.clock[row].astype(np.intp), node, items, row, agreed.mean, compiled)

    @cached_property
    def _rechecked(self) -> Rechecked:
        """The answers as the compiled loops keep them."""
        from foedus.process.rechecked import Rechecked

        layout, families = self.layout, self.layout.rules.families
        ends = layout.node, layout.target, layout.family
        waits = layout.clock, layout.items
        parts = layout.part_first, layout.part
        given = self.passes, self.falls
        return Rechecked(ends, parts, waits, given, families, self.nodes)

    def agreed(self, value: Floats, compiled: ModuleType | None = None) -> Agreed:
        """The rows that are agreed and left after parts first, with their mean gains.

        ``value`` (ordinary actors, nodes) is what actors expect, an array that does not change
        after; ``compiled`` are the loops to use.
        """
        rules = self.layout.rules
        if compiled is not None:
            by_node = np.ascontiguousarray(value.T)
            return self._rechecked.agreed(by_node, by_coalition=rules.by_coalition)
        value = np.ascontiguousarray(value)
        node, target = self.layout.node, self.layout.target
        family = self.layout.family.astype(np.intp)
        agree = self.passes.copy()
        for row, bit in enumerate(rules.members.ordinary):
            least = np.where(self.falls & bit, -TOLERANCE, LEAST)
            gains = value[row, target] - value[row, node] >= least
            agree |= np.where(gains, bit, np.uint64(0))
        some = any_agrees(rules.families, family, agree)
        kept = np.flatnonzero(some)
        kept = kept[~self._parts_do(value, agree, some, kept)]
        return best_of(
            rules.families,
            family[kept],
            kept,
            agree[kept],
            lambda row: value[:, target[row]] - value[:, node[row]],
            by_coalition=rules.by_coalition,
        )

    def _parts_do(self, value: Floats, agree: Bits, some: Mask, kept: Indexes) -> Mask:
        """Which rows have an agreed part that gives all who agree to it as much; (len(kept),)."""
        layout, members = self.layout, self.layout.rules.members
        which, at = spread(layout.part_first[kept], layout.part_first[kept + 1])
        part = layout.part[at]
        which, part = which[some[part]], part[some[part]]
        whole, instead = layout.target[kept[which]], layout.target[part]
        content = np.full(len(part), np.bitwise_or.reduce(members.electorates), dtype=np.uint64)
        for row, bit in enumerate(members.ordinary):
            as_much = value[row, instead] >= value[row, whole] - TOLERANCE
            content |= np.where(as_much, bit, np.uint64(0))
        families = layout.rules.families
        found = np.zeros(len(kept), dtype=bool)
        found[
            which[any_agrees(families, layout.family[part].astype(np.intp), agree[part] & content)]
        ] = True
        return found


def proposals_of(layout: Layout, passes: Mask, fallen: Floats) -> Proposals:
    """The proposals of one draw.

    ``passes`` (electorates, nodes) says where each electorate agrees to go; ``fallen`` (ordinary
    actors, nodes) is the worth of what states fall to.
    """
    falls = np.zeros(len(layout.node), dtype=np.uint64)
    for row, bit in enumerate(layout.rules.members.ordinary):
        gains = fallen[row, layout.target] - fallen[row, layout.node] > TOLERANCE
        falls |= np.where(gains, bit, np.uint64(0))
    votes = _votes(layout.rules, passes, layout.target)
    return Proposals(layout, fallen.shape[1], votes, falls)
