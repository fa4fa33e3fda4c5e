"""Which changes are agreed, and which of them a ringing clock stands for.

Works on *pairs* (node, change): a node is one state in one draw, its changes stand together in the
order of :class:`~.changes.Changes`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process.change_table import Changes
from foedus.process.families import Bits, Families
from foedus.process.worths import TOLERANCE

NOTHING = -1e300
"""The logarithm of a gain of 0, for products with 0."""

BEST = 1e-9
"""Means of gains closer than this are equally good."""


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


def agreeing(
    gain: Floats, fallen: Floats | None, least: Floats, passes: Mask, members: Members
) -> Bits:
    """Who agrees, as a set of actors (bits) for each pair; (pairs,).

    ``gain`` (ordinary actors, pairs) is the difference of what the actor goes by, as a share of its
    range; ``fallen`` that of what states fall to, for farsighted actors, None for myopic ones, to
    whom both are the same. ``least`` (actors, pairs) or (actors, 1) is what a gain must exceed;
    ``passes`` (electorates, pairs) says which targets pass.
    """
    least = least + TOLERANCE
    agrees = gain > least
    if fallen is not None:
        agrees |= (gain >= -TOLERANCE) & (fallen > least)
    bits = np.zeros(gain.shape[1], dtype=np.uint64)
    for row, bit in enumerate(members.ordinary):
        bits |= np.where(agrees[row], bit, np.uint64(0))
    for row, bit in enumerate(members.electorates):
        bits |= np.where(passes[row], bit, np.uint64(0))
    return bits


def any_agrees(families: Families, family: Indexes, agree: Bits) -> Mask:
    """Whether some coalition agrees to each change; (changes,)."""
    sets = families.suffices.shape[1]
    if sets:
        return np.asarray(families.suffices[family, (agree & np.uint64(sets - 1)).astype(np.intp)])
    some = np.zeros(len(family), dtype=bool)
    for column in range(families.masks.shape[1]):
        masks = families.masks[family, column]
        some |= (agree & masks) == masks
    return some


def agreed_by(families: Families, family: Indexes, agree: Bits) -> Mask:
    """Which coalitions agree to each change: (changes, most coalitions)."""
    masks = families.masks[family]
    return np.asarray((agree[:, None] & masks) == masks)


def spread(begin: Indexes, end: Indexes) -> tuple[Indexes, Indexes]:
    """All whole numbers of some ranges: (which range, number).

    >>> [each.tolist() for each in spread(np.array([3, 8]), np.array([5, 9]))]
    [[0, 0, 1], [3, 4, 8]]
    """
    number = end - begin
    row = np.repeat(np.arange(len(number)), number)
    before = np.cumsum(number) - number
    return row, np.arange(len(row)) + np.repeat(begin - before, number)


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Who agrees to what, by pair: ``agree`` (pairs,) as bits, ``some`` whether a coalition does.

    ``change`` (pairs,) numbers the change of each pair; those of one node stand together.
    ``gain_at`` gives the gains (actors, some pairs) of some of the pairs.
    """

    changes: Changes
    families: Families
    change: Indexes
    agree: Bits
    some: Mask
    gain_at: Callable[[Indexes], Floats]


def agreed_changes(answers: Answers, pair: Indexes, *, by_coalition: bool) -> Agreed:
    """What of the agreed pairs ``pair`` is left after parts first, with the means of gains.

    Myopic actors do not look at a change when a proper part of it is itself agreed. What farsighted
    ones do is in :mod:`~.proposals`.
    """
    pair = pair[~_part_agreed(answers, pair)]
    return best_of(
        answers.families,
        answers.changes.family[answers.change[pair]],
        pair,
        answers.agree[pair],
        answers.gain_at,
        by_coalition=by_coalition,
    )


CELLS = 1 << 22
"""So many pairs times coalitions are looked at together."""


def best_of(
    families: Families,
    family: Indexes,
    pair: Indexes,
    agree: Bits,
    gain_at: Callable[[Indexes], Floats],
    *,
    by_coalition: bool,
) -> Agreed:
    """The pairs ``pair`` with the means of the coalitions that agree to them, or with the best.

    ``family`` and ``agree`` (len(pair),) are theirs; ``gain_at`` as in `Answers`.
    """
    found = []
    size = max(1, CELLS // families.masks.shape[1])
    for begin in range(0, max(len(pair), 1), size):
        some = slice(begin, begin + size)
        by = agreed_by(families, family[some], agree[some])
        logs = _log_means(families, family[some], by, gain_at(pair[some]))
        row, column = np.nonzero(by) if by_coalition else (np.arange(len(by)), None)
        if column is None:
            best = np.exp(logs.max(axis=1))
            found.append((pair[some], best, np.zeros(len(by), dtype=np.uint64)))
        else:
            coalition = families.masks[family[some][row], column]
            found.append((pair[some][row], np.exp(logs[row, column]), coalition))
    return Agreed(*(np.concatenate([piece[k] for piece in found]) for k in range(3)))


def _part_agreed(answers: Answers, pair: Indexes) -> Mask:
    """Which of the agreed pairs have a part that is agreed itself; (len(pair),)."""
    changes = answers.changes
    change = answers.change[pair]
    begin = changes.part_first[change]
    number = changes.part_first[change + 1] - begin
    whole = np.repeat(np.arange(len(pair)), number)
    before = np.cumsum(number) - number
    part = changes.part[np.arange(len(whole)) + np.repeat(begin - before, number)]
    part_pair = pair[whole] + part - change[whole]
    found = np.zeros(len(pair), dtype=bool)
    found[whole[answers.some[part_pair]]] = True
    return found


def _log_means(families: Families, family: Indexes, by: Mask, gain: Floats) -> Floats:
    """The log of the geometric mean of gains of each coalition that agrees; shape of ``by``.

    That of others is `NOTHING`.
    """
    logs = np.full(gain.shape, NOTHING)
    np.log(gain, out=logs, where=gain > 0.0)
    means = np.zeros(by.shape)
    for each in np.unique(family):
        rows = np.flatnonzero(family == each)
        inside = families.members[:, each].astype(np.float64)
        number = np.maximum(inside.sum(axis=0), 1.0)
        means[rows] = logs[:, rows].T @ (inside / number)
    means[~by] = NOTHING
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


def running(
    node: Indexes,
    items: Bits,
    issues: Bits,
    agreed: Agreed,
    compiled: ModuleType | None = None,
) -> Clocks:
    """The clocks of agreed changes: one for each set of items, or of issues altered quickly.

    ``node``, ``items`` and ``issues`` are by agreed change: the node, the timed items it still
    waits for, and the issues it alters. Only quick changes are told apart by coalition: a set of
    items is ready once, whoever wants it.
    """
    quick = items == 0
    kind = np.where(quick, issues, items)
    coalition = np.where(quick, agreed.coalition, np.uint64(0))
    order = np.lexsort((agreed.pair, coalition, kind, quick, node))
    new = np.ones(len(node), dtype=bool)
    keys = [key[order] for key in (node, quick, kind, coalition)]
    new[1:] = np.any([key[1:] != key[:-1] for key in keys], axis=0)
    clock = np.cumsum(new) - 1
    pair, mean = agreed.pair[order], agreed.mean[order]
    return clocks_of(clock, keys[0], items[order], pair, mean, compiled)


def clocks_of(
    clock: Indexes,
    node: Indexes,
    items: Bits,
    pair: Indexes,
    mean: Floats,
    compiled: ModuleType | None = None,
) -> Clocks:
    """The clocks of agreed changes, those of one clock together and within it by pair.

    By agreed change: ``clock`` numbers its clock, ascending. A pair may stand several times in a
    clock, by the coalitions that agree to it, and counts once. ``compiled`` are the loops to use.
    """
    if compiled is not None:
        starts, best, first, option = compiled.clocks(clock, pair, mean)
        return Clocks(node[starts], items[starts], best, first, option)
    starts = np.flatnonzero(np.diff(clock, prepend=-1))
    number = np.diff(starts, append=len(clock))
    best = np.maximum.reduceat(mean, starts) if len(starts) else np.zeros(0)
    place = np.repeat(np.arange(len(starts)), number)
    kept = np.flatnonzero(mean >= best[place] - BEST)
    place, option = place[kept], pair[kept]
    once = np.ones(len(kept), dtype=bool)
    once[1:] = (place[1:] != place[:-1]) | (option[1:] != option[:-1])
    first = np.searchsorted(place[once], np.arange(len(starts) + 1))
    return Clocks(node[starts], items[starts], best, first, option[once])
