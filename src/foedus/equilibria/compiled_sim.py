"""Compiled loops of simultaneous stability: see :mod:`foedus.equilibria.at_once`.

Imported only where numba is installed.
"""

from __future__ import annotations

import numpy as np

from foedus.equilibria.at_once import Search, Small
from foedus.equilibria.compiled_sieve import Bytes, sift
from foedus.equilibria.compiled_teams import LOWEST, joined, may_deter, teams_deter, within
from foedus.game.space import Mask
from foedus.jit import jitted

TRIED = 8
"""So many single replies are sifted by; what is left then is looked at one by one."""


def _improvements(row: Bytes, first: int, last: int, codes: Small, base: int, open_: Small) -> int:
    """Note the codes that a mover's improvements lead to; returns how many.

    They are the bits set from byte ``first`` of the state's ``row`` to before ``last``; ``codes``
    (choices,) are added to ``base``.
    """
    count = 0
    for byte in range(first, last):
        bits = row[byte]
        while bits:
            open_[count] = base + codes[8 * (byte - first) + LOWEST[bits]]
            count += 1
            bits &= bits - np.uint8(1)
    return count


improvements_from = jitted(_improvements, inline=True)


def _undeterred(
    levels: Small,
    row: Bytes,
    first: int,
    last: int,
    codes: Small,
    at_home: int,
    shared: Small,
    upto: int,
    other: int,
    origin: int,
    open_: Small,
    count: int,
    bound: Small,
) -> int:
    """Keep of ``count`` improvements those of which no reply of one opponent makes a sanction.

    ``open_`` holds the codes that they lead to; returns how many are left. The replies are given as
    in :func:`_improvements`; ``at_home`` is the opponent's share of the code of the origin.
    """
    for byte in range(first, last):
        bits = row[byte]
        while bits and count:
            chosen = codes[8 * (byte - first) + LOWEST[bits]]
            bits &= bits - np.uint8(1)
            left = 0
            for q in range(count):
                code = open_[q]
                open_[left] = code
                there = code + chosen - at_home
                if upto:
                    step = chosen - at_home
                    there = joined(shared, upto, other, code, origin, chosen, step)
                left += there < 0 or not within(levels, there, bound)
            count = left
    return count


undeterred = jitted(_undeterred, inline=True)


def _hopeless(
    least: Small, size: int, opponents: int, open_: Small, count: int, bound: Small
) -> bool:
    """Whether nothing that any opponents could change deters one of ``count`` improvements."""
    if opponents == 0:
        return count > 0
    for q in range(count):  # noqa: SIM110 (compiled, this is what it should be)
        if not may_deter(least, 0, size, open_[q], bound):
            return True
    return False


hopeless = jitted(_hopeless, inline=True)


def _sifted(game: Search, state: int, bound: Small, left: Bytes) -> None:
    """Leave of the improvements of the mover those that may have no single reply as a sanction.

    The first ``TRIED`` replies are looked at, without those of opponents that share an issue with
    the mover.
    """
    row, places, codes, heads = game.rows[state], game.places[state], game.codes, game.heads
    origin, tried = game.state_codes[state], 0
    for other in game.opponents:
        base = origin - codes[other, places[other]]
        for byte in range(heads[other], heads[other + 1] * (game.counts[other, 0] == 0)):
            bits = row[byte]
            while bits:
                there = base + codes[other, 8 * (byte - heads[other]) + LOWEST[bits]]
                bits &= bits - np.uint8(1)
                tried += 1
                some = sift(game.steps, game.sieve, there // game.wide, bound, left)
                if tried == TRIED or not some:
                    return


sifted = jitted(_sifted)


def _asking(game: Search, state: int, bound: Small, left: Bytes, open_: Small) -> int:
    """Note the codes that improvements of a mover of many choices lead to; returns how many.

    Some are left out that a single reply makes a sanction of, unless there are any that nothing
    deters. ``left`` (bytes of the mover,) is written to.
    """
    row, me, origin = game.rows[state], game.mover, game.state_codes[state]
    first, last, codes = game.heads[me], game.heads[me + 1], game.codes[me]
    base = origin - codes[game.places[state, me]]
    size, least = game.sizes[0], game.levels.shape[1] // game.wide
    left[:] = row[first:last]
    if sift(game.steps, game.sieve, least + origin % size // game.wide, bound, left):
        count = improvements_from(left, 0, len(left), codes, base, open_)
        if hopeless(game.least, size, len(game.opponents), open_, count, bound):
            return int(count)
    left[:] = row[first:last]
    sifted(game, state, bound, left)
    return int(improvements_from(left, 0, len(left), codes, base, open_))


asking = jitted(_asking)


def _hardest_first(levels: Small, open_: Small, count: int) -> None:
    """Put first the improvement that the first member gains most by: the hardest to deter."""
    best = 0
    for q in range(1, count):
        if levels[0, open_[q]] > levels[0, open_[best]]:
            best = q
    open_[0], open_[best] = open_[best], open_[0]


hardest_first = jitted(_hardest_first)


def _follows(game: Search, state: int, before: int, bound: Small, left: bool) -> bool:
    """Whether what is known of a state of the same cell, ``before``, settles another.

    If the others would reply alike, and one is left for good, so is one that is no better for any
    member; if it is stable, so is one that is no worse. ``before`` is less than 0 for none.
    """
    if before < 0:
        return False
    code = game.state_codes[before]
    for member in range(len(bound)):
        level = np.int32(0) if game.votes[member] else game.levels[member, code]
        if (level < bound[member]) if left else (level > bound[member]):
            return False
    for other in game.opponents:
        for byte in range(game.heads[other], game.heads[other + 1]):
            if game.rows[state, byte] != game.rows[before, byte]:
                return False
    return True


follows = jitted(_follows)


def _joint_replies_deter(
    game: Search,
    state: int,
    improvements: Small,
    bound: Small,
    front: Small,
    asked: Small,
    stack: Small,
    cell: Small,
    known: Small,
) -> bool:
    """Whether joint replies make sanctions of all these improvements, the hardest first.

    As that may take long, what is found is kept in ``known``, and looked up there before.
    """
    here = cell[state] if len(cell) else 0
    if len(cell) and follows(game, state, known[1, here], bound, False):
        return True
    if len(cell) and follows(game, state, known[0, here], bound, True):
        return False
    stable = teams_deter(game, state, improvements[:1], bound, front, asked, stack)
    if stable and len(improvements) > 1:
        stable = teams_deter(game, state, improvements[1:], bound, front, asked, stack)
    if len(cell):
        known[np.intp(stable), here] = state
    return bool(stable)


joint_replies_deter = jitted(_joint_replies_deter)


def _stable(game: Search, found: Mask, first: int, cell: Small, known: Small) -> None:
    """Say of the states from ``first`` on whether each improvement of the mover has a sanction.

    ``found`` (some,) is written to. ``cell`` (n,) names the cells of the mover; ``known`` (2,
    cells) a state of each that is left, and one that is not, -1 where there is none yet: threads
    may share it, for whichever is there, what follows is true. Where nothing would follow, both are
    empty.
    """
    levels, least, sizes, rows, places = game.levels, game.least, game.sizes, game.rows, game.places
    heads, codes, shared, counts = game.heads, game.codes, game.shared, game.counts
    me, opponents, votes, state_codes = game.mover, game.opponents, game.votes, game.state_codes
    ways, many, wide = codes.shape[1], len(opponents), game.sieve.shape[1] > 0
    open_ = np.empty(ways, dtype=np.int32)
    left = np.empty(heads[me + 1] - heads[me], dtype=np.uint8)
    bound = np.empty(len(votes), dtype=np.int32)
    front = np.empty((many + 1, ways), dtype=np.int32)
    asked = np.empty((many + 2, ways), dtype=np.int32)
    stack = np.empty((many + 1, 4), dtype=np.int32)
    for number in range(len(found)):
        state = first + number
        row, place, origin = rows[state], places[state], state_codes[state]
        for member in range(len(bound)):
            bound[member] = 0 if votes[member] else levels[member, origin]
        if wide:
            count = asking(game, state, bound, left, open_)
        else:
            base = origin - codes[me, place[me]]
            count = improvements_from(row, heads[me], heads[me + 1], codes[me], base, open_)
        if hopeless(least, sizes[0], many, open_, count, bound):
            found[number] = False
            continue
        for other in opponents:
            if count == 0:
                break
            count = undeterred(
                levels,
                row,
                heads[other],
                heads[other + 1],
                codes[other],
                codes[other, place[other]],
                shared,
                counts[other, 0],
                other,
                origin,
                open_,
                count,
                bound,
            )
        found[number] = count == 0
        if count:
            hardest_first(levels, open_, count)
            found[number] = joint_replies_deter(
                game, state, open_[:count], bound, front, asked, stack, cell, known
            )


stable = jitted(_stable)
