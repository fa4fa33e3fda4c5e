"""What farsighted actors are asked each time they reconsider.

A *proposal* puts one change from one state to one of the coalitions that could make it. Which
there are, who is in them, which parts could do instead and which clock each would run stays the
same from one reconsideration to the next; only what actors expect moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from types import ModuleType

import numpy as np
import numpy.typing as npt

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process.agreement import Clocks, Members, clocks_of, spread
from foedus.process.changes import NOBODY, Bits
from foedus.process.rules import Rules
from foedus.process.worths import TOLERANCE


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The changes from some states, by pair (node, change), those of one node together.

    ``node`` and ``target`` count the states; ``deleted`` (pairs,) says which changes nobody may
    make.
    """

    node: Indexes
    target: Indexes
    change: Indexes
    family: Indexes
    issues: Bits
    items: Bits
    deleted: Mask | None


@dataclass(frozen=True, eq=False)
class Proposals:
    """All proposals of one draw, those of one clock together, within it by pair.

    By proposal: ``pair``, ``node``, ``target``, ``items`` (those its clock waits for, as bits) and
    ``clock``, ascending. The ordinary members of proposal k are ``member[first[k]:first[k + 1]]``
    (rows of what actors expect); each agrees when it gains at least its ``least``. What proposes a
    proper part of pair p is ``part[part_first[p]:part_first[p + 1]]``.
    """

    nodes: int
    pair: Indexes
    node: Indexes
    target: Indexes
    items: Bits
    clock: Indexes
    first: Indexes
    member: Indexes
    least: Floats
    part_first: Indexes
    part: Indexes

    def clocks(self, value: Floats, compiled: ModuleType | None = None) -> Clocks:
        """The clocks that run when actors expect ``value``; as for :meth:`agreed`."""
        kept, mean = self.agreed(value, compiled)
        return clocks_of(
            self.clock[kept],
            self.node[kept],
            self.items[kept],
            self.pair[kept],
            mean,
            compiled,
        )

    @cached_property
    def _rounds(self) -> list[tuple[Indexes, Indexes, Indexes, Floats]]:
        """For the k-th members: (whose, place of the worth after, of that before, least)."""
        found = []
        number = np.diff(self.first)
        for k in range(int(number.max(initial=0))):
            proposal = np.flatnonzero(number > k)
            at = self.first[proposal] + k
            base = self.member[at] * self.nodes
            found.append(
                (proposal, base + self.target[proposal], base + self.node[proposal], self.least[at])
            )
        return found

    @cached_property
    def _wholes(self) -> Indexes:
        """The pair whose part each entry of ``part`` is."""
        return np.repeat(np.arange(len(self.part_first) - 1), np.diff(self.part_first))

    @cached_property
    def _target_of_pair(self) -> Indexes:
        found = np.zeros(len(self.part_first) - 1, dtype=np.intp)
        found[self.pair] = self.target
        return found

    def agreed(self, value: Floats, compiled: ModuleType | None = None) -> tuple[Indexes, Floats]:
        """The proposals that are agreed and left after parts first, with their mean gains.

        ``value`` (ordinary actors, nodes) is what actors expect; ``compiled`` are the loops to use.
        """
        if compiled is None:
            return self._agreed(value.ravel())
        found: tuple[Indexes, Floats] = compiled.agreed(np.ascontiguousarray(value.T), *self._short)
        return found

    @cached_property
    def _short(self) -> tuple[npt.NDArray[np.generic], ...]:
        """What the compiled loop passes through, in few bytes."""
        every = (self.pair, self.node, self.target, self.first)
        short = [each.astype(np.uint32) for each in every]
        member = self.member.astype(np.uint8) | np.where(self.least < 0, 128, 0).astype(np.uint8)
        return (*short, member, self.part_first.astype(np.uint32), self.part.astype(np.uint32))

    def _agreed(self, flat: Floats) -> tuple[Indexes, Floats]:
        agree = np.ones(len(self.pair), dtype=bool)
        for k, (proposal, after, before, least) in enumerate(self._rounds):
            if k == 0:  # everybody is asked
                agree = flat[after] - flat[before] >= least
                continue
            row = np.flatnonzero(agree[proposal])
            agree[proposal[row]] = flat[after[row]] - flat[before[row]] >= least[row]
        kept = np.flatnonzero(agree)
        kept = kept[~self._parts_do(flat, agree)[self.pair[kept]]]
        number = np.diff(self.first)[kept]
        logs = np.zeros(len(kept))
        for k in range(int(number.max(initial=0))):
            row = np.flatnonzero(number > k)
            base = self.member[self.first[kept[row]] + k] * self.nodes
            gain = flat[base + self.target[kept[row]]] - flat[base + self.node[kept[row]]]
            with np.errstate(divide="ignore"):
                logs[row] += np.log(np.maximum(gain, 0.0))
        return kept, np.exp(logs / number)

    def _parts_do(self, flat: Floats, agree: Mask) -> Mask:
        """Which pairs have an agreed part that gives all who agree to it as much; (pairs,)."""
        some = np.zeros(len(self.part_first) - 1, dtype=bool)
        some[self.pair[agree]] = True
        row = np.flatnonzero(agree[self.part])
        row = row[some[self._wholes[row]]]
        proposal, whole = self.part[row], self._wholes[row]
        number = np.diff(self.first)[proposal]
        k = 0
        going = np.arange(len(row))
        content = np.ones(len(row), dtype=bool)
        while len(going):
            base = self.member[self.first[proposal[going]] + k] * self.nodes
            part = flat[base + self.target[proposal[going]]]
            content[going] = part >= flat[base + self._target_of_pair[whole[going]]] - TOLERANCE
            k += 1
            going = going[content[going] & (number[going] > k)]
        found = np.zeros(len(some), dtype=bool)
        found[whole[content]] = True
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """The proposals of some pairs in all draws; the names are those of `Proposals`.

    ``mask`` (proposals,) are the coalitions as bits. ``proposal`` is whose each ``member`` is, and
    ``whole`` the pair whose part each entry of ``part`` is.
    """

    pairs: int
    pair: Indexes
    node: Indexes
    target: Indexes
    items: Bits
    clock: Indexes
    mask: Bits
    proposal: Indexes
    member: Indexes
    whole: Indexes
    part: Indexes


def layout_of(rules: Rules, pairs: Pairs, ready: np.uint64) -> Layout:
    """Lay out all proposals; the items ``ready`` (bits) no longer have to be waited for."""
    families = rules.families
    masks = families.masks[pairs.family]
    possible = masks != NOBODY
    if pairs.deleted is not None:
        possible[pairs.deleted] = False
    pair, column = np.nonzero(possible)
    items = pairs.items[pair] & ~ready
    quick = items == 0
    kind = np.where(quick, pairs.issues[pair], items)
    # Whoever wants it, a set of items is ready once: only meetings are told apart by coalition.
    coalition = np.where(quick & rules.by_coalition, masks[pair, column], np.uint64(0))
    order = np.lexsort((pair, coalition, kind, quick, pairs.node[pair]))
    pair, column, items = pair[order], column[order], items[order]
    keys = (pairs.node[pair], quick[order], kind[order], coalition[order])
    new = np.ones(len(pair), dtype=bool)
    new[1:] = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    inside = families.members[:, pairs.family[pair], column].T
    proposal, member = np.nonzero(inside)
    return Layout(
        len(pairs.node),
        pair,
        pairs.node[pair],
        pairs.target[pair],
        items,
        np.cumsum(new) - 1,
        masks[pair, column],
        proposal,
        member,
        *_parts(rules, pairs, pair),
    )


def proposals_of(layout: Layout, members: Members, passes: Mask, fallen: Floats) -> Proposals:
    """The proposals of one draw.

    ``passes`` (electorates, nodes) says where each electorate agrees to go; ``fallen`` (ordinary
    actors, nodes) is the worth of what states fall to.
    """
    voters = np.bitwise_or.reduce(members.electorates, initial=np.uint64(0))
    yes = np.zeros(fallen.shape[1], dtype=np.uint64)
    for row, bit in enumerate(members.electorates):
        yes |= np.where(passes[row], bit, np.uint64(0))
    needed = layout.mask & voters
    kept = (yes[layout.target] & needed) == needed
    number = np.cumsum(kept) - 1
    node, target = layout.node[kept], layout.target[kept]
    asked = kept[layout.proposal]
    proposal, member = number[layout.proposal[asked]], layout.member[asked]
    falls = fallen[member, target[proposal]] - fallen[member, node[proposal]] > TOLERANCE
    there = kept[layout.part]
    return Proposals(
        fallen.shape[1],
        layout.pair[kept],
        node,
        target,
        layout.items[kept],
        layout.clock[kept],
        _firsts(proposal, len(node)),
        member,
        np.where(falls, -TOLERANCE, np.nextafter(TOLERANCE, 1.0)),
        _firsts(layout.whole[there], layout.pairs),
        number[layout.part[there]],
    )


def _firsts(whose: Indexes, number: int) -> Indexes:
    """Where those of each of ``number`` begin, given whose each is, ascending."""
    return np.concatenate([[0], np.cumsum(np.bincount(whose, minlength=number))])


def _parts(rules: Rules, pairs: Pairs, pair: Indexes) -> tuple[Indexes, Indexes]:
    """What proposes a proper part of each pair, as (pairs, ascending, and their proposals).

    ``pair`` is by proposal.
    """
    changes = rules.changes
    by_pair = np.argsort(pair, kind="stable")
    ask_first = np.searchsorted(pair[by_pair], np.arange(len(pairs.node) + 1))
    whole = np.flatnonzero(np.diff(ask_first))
    change = pairs.change[whole]
    row, place = spread(changes.part_first[change], changes.part_first[change + 1])
    part = whole[row] + changes.part[place] - change[row]
    which, at = spread(ask_first[part], ask_first[part + 1])
    return whole[row[which]], by_pair[at]
