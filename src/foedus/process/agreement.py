"""Which changes are agreed, and which of them a ringing clock stands for.

Works on *pairs* (node, change): a node is one state in one draw, its changes stand together in the
order of :class:`~.changes.Changes`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process.changes import Bits, Changes, Families
from foedus.process.worths import TOLERANCE

BEST = 1e-9
"""Means of gains closer than this are equally good."""


@dataclass(frozen=True, slots=True, eq=False)
class Gains:
    """What changes give, by pair, as shares of each actor's range.

    ``gain`` (actors, pairs) is the difference of what the actor goes by; ``fallen`` that of what
    states fall to, for a farsighted actor, None for a myopic one, to whom both are the same.
    ``least`` (actors, pairs) or (actors, 1) is what a gain must exceed; ``passes``
    (electorates, pairs) says which targets pass.
    """

    gain: Floats
    fallen: Floats | None
    least: Floats
    passes: Mask


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Who is who among the bits: by row of the gains, the bit of an actor."""

    ordinary: Bits
    electorates: Bits


@dataclass(frozen=True, slots=True, eq=False)
class Agreed:
    """The changes that are looked at and agreed: ``pair`` (m,) their places among the pairs.

    ``mean`` (m,) is the greatest geometric mean of gains over the coalitions that agree.
    ``coalition`` (m,) is the set of actors (bits) that the change is made by where clocks are told
    apart by coalition, otherwise 0 throughout.
    """

    pair: Indexes
    mean: Floats
    coalition: Bits


def agreeing(gains: Gains, members: Members) -> Bits:
    """Who agrees, as a set of actors (bits) for each pair; (pairs,)."""
    least = gains.least + TOLERANCE
    agrees = gains.gain > least
    if gains.fallen is not None:
        agrees |= (gains.gain >= -TOLERANCE) & (gains.fallen > least)
    bits = np.zeros(gains.gain.shape[1], dtype=np.uint64)
    for row, bit in enumerate(members.ordinary):
        bits |= np.where(agrees[row], bit, np.uint64(0))
    for row, bit in enumerate(members.electorates):
        bits |= np.where(gains.passes[row], bit, np.uint64(0))
    return bits


def agreed_by(families: Families, family: Indexes, agree: Bits) -> Mask:
    """Which coalitions agree to each change: (changes, most coalitions)."""
    masks = families.masks[family]
    return np.asarray((agree[:, None] & masks) == masks)


def agreed_changes(
    changes: Changes,
    families: Families,
    change: Indexes,
    gains: Gains,
    members: Members,
    *,
    deleted: Mask | None = None,
    by_coalition: bool = False,
) -> Agreed:
    """The agreed changes after parts first.

    ``change`` (pairs,) numbers the change of each pair; those of one node stand together.
    ``deleted`` (pairs,) are changes that nobody may make. Myopic actors do not look at a change
    when a proper part of it is itself agreed; farsighted ones when a proper part gives all of a
    coalition that agrees to the part at least as much as the whole would.
    """
    agree = agreeing(gains, members)
    some = np.zeros(len(change), dtype=bool)
    family = changes.family[change]
    for column in range(families.masks.shape[1]):
        masks = families.masks[family, column]
        some |= (agree & masks) == masks
    if deleted is not None:
        some &= ~deleted
    pair = np.flatnonzero(some)
    pair = pair[~_parts_do(changes, families, change, gains, agree, some, pair)]
    by = agreed_by(families, family[pair], agree[pair])
    means = _means(families, family[pair], by, gains.gain[:, pair])
    if by_coalition:
        row, column = np.nonzero(by)
        return Agreed(pair[row], means[row, column], families.masks[family[pair[row]], column])
    best = means.max(axis=1, initial=0.0, where=by)
    return Agreed(pair, best, np.zeros(len(pair), dtype=np.uint64))


def _parts_do(
    changes: Changes,
    families: Families,
    change: Indexes,
    gains: Gains,
    agree: Bits,
    some: Mask,
    pair: Indexes,
) -> Mask:
    """Which of the agreed pairs have a part that will do instead; (len(pair),)."""
    number = changes.part_first[change[pair] + 1] - changes.part_first[change[pair]]
    whole = np.repeat(np.arange(len(pair)), number)
    before = np.cumsum(number) - number
    place = np.arange(len(whole)) - np.repeat(before, number)
    part = changes.part[changes.part_first[change[pair[whole]]] + place]
    part_pair = pair[whole] + part - change[pair[whole]]
    there = some[part_pair]
    whole, part_pair = whole[there], part_pair[there]
    if gains.fallen is not None and len(whole):
        enough = gains.gain[:, part_pair] >= gains.gain[:, pair[whole]] - TOLERANCE
        family = changes.family[change[part_pair]]
        by = agreed_by(families, family, agree[part_pair])
        content = (enough.T[:, None, :] | ~families.members[family]).all(axis=2)
        will = (by & content).any(axis=1)
        whole = whole[will]
    found = np.zeros(len(pair), dtype=bool)
    found[whole] = True
    return found


def _means(families: Families, family: Indexes, by: Mask, gain: Floats) -> Floats:
    """The geometric mean of gains of each coalition that agrees, 0 elsewhere; shape of ``by``."""
    with np.errstate(divide="ignore"):
        logs = np.log(np.maximum(gain, 0.0)).T
    means = np.zeros(by.shape)
    for column in range(by.shape[1]):
        rows = np.flatnonzero(by[:, column])
        inside = families.members[family[rows], column]
        total = np.where(inside, logs[rows], 0.0).sum(axis=1)
        means[rows, column] = np.exp(total / inside.sum(axis=1))
    return means


@dataclass(frozen=True, slots=True, eq=False)
class Clocks:
    """The clocks that run at nodes, those of one node together, and what each would bring.

    By clock: ``node``; ``items`` the timed items it waits for (bits, 0 for a meeting clock);
    ``mean`` the best mean. Its options, equally likely, are those from ``first[k]`` to
    ``first[k + 1]`` of ``option`` (places among the pairs).
    """

    node: Indexes
    items: Bits
    mean: Floats
    first: Indexes
    option: Indexes


def running(node: Indexes, items: Bits, issues: Bits, agreed: Agreed) -> Clocks:
    """The clocks of agreed changes: one for each set of items, or of issues altered quickly.

    ``node``, ``items`` and ``issues`` are by agreed change: the node, the timed items it still
    waits for, and the issues it alters.
    """
    kind = np.where(items > 0, items, issues)
    quick = items == 0
    order = np.lexsort((agreed.pair, agreed.coalition, kind, quick, node))
    node, kind, quick = node[order], kind[order], quick[order]
    coalition, mean = agreed.coalition[order], agreed.mean[order]
    new = np.ones(len(node), dtype=bool)
    same = (node[1:] == node[:-1]) & (kind[1:] == kind[:-1]) & (quick[1:] == quick[:-1])
    new[1:] = ~(same & (coalition[1:] == coalition[:-1]))
    starts = np.flatnonzero(new)
    best = np.maximum.reduceat(mean, starts) if len(starts) else np.zeros(0)
    clock = np.cumsum(new) - 1
    kept = mean >= best[clock] - BEST
    first = np.searchsorted(clock[kept], np.arange(len(starts) + 1))
    timed = np.where(quick[starts], np.uint64(0), kind[starts])
    return Clocks(node[starts], timed, best, first, agreed.pair[order][kept])


def bits_of(count: int, start: int = 0) -> npt.NDArray[np.uint64]:
    """The bits of so many actors in a row."""
    return np.uint64(1) << np.arange(start, start + count, dtype=np.uint64)
