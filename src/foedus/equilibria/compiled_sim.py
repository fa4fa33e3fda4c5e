"""Compiled loops of simultaneous stability: see :mod:`foedus.equilibria.at_once`.

Imported only where numba is installed.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from foedus.equilibria.at_once import Search, Small
from foedus.equilibria.compiled_sieve import sift
from foedus.game.space import Mask
from foedus.jit import jitted

Bytes = npt.NDArray[np.uint8]

TRIED = 8
"""So many single replies are sifted by; what is left then is looked at one by one."""

LOWEST = np.array([0] + [(k & -k).bit_length() - 1 for k in range(1, 256)], dtype=np.uint8)
"""The lowest bit set in each byte."""


def _within(table: Small, place: int, bound: Small) -> bool:
    """Whether some member's level there is no better than the origin."""
    for member in range(len(bound)):  # noqa: SIM110 (compiled, this is what it should be)
        if table[member, place] <= bound[member]:
            return True
    return False


within = jitted(_within, inline=True)


def _may_deter(least: Small, start: int, size: int, code: int, bound: Small) -> bool:
    """Whether some changes could hurt a member; ``least`` has a table for them from ``start`` on.

    ``size`` is that of the table.
    """
    # The remainder by a short division: both are less than 2^31.
    return bool(within(least, start + np.intp(np.uint32(code) % np.uint32(size)), bound))


may_deter = jitted(_may_deter, inline=True)


def _joined(
    shared: Small, upto: int, other: int, code: int, origin: int, chosen: int, step: int
) -> int:
    """The code after one reply more; -1 where it sets an issue differently from what is there.

    ``chosen`` is the code of what the reply sets, ``step`` what it adds to the code of the origin.
    Of the first ``upto`` issues that it shares with others, what is set alike counts once.
    """
    for k in range(upto):
        weight, size = shared[other, k, 0], shared[other, k, 1]
        before, now = origin // weight % size, code // weight % size
        wanted = chosen // weight % size
        if now != before and wanted != before:
            if now != wanted:
                return -1
            step -= (wanted - before) * weight
    return code + step


joined = jitted(_joined, inline=True)


def _hopeful(
    least: Small,
    start: int,
    size: int,
    bound: Small,
    front: Small,
    asked: Small,
    met: Small,
    depth: int,
    count: int,
) -> int:
    """Keep of the joint moves of ``depth`` replies those that more may make a sanction.

    They are to be a sanction of what is not ``met``; returns how many are left. The rest is as in
    :func:`_may_deter` and :func:`_teams_deter`.
    """
    kept = 0
    for q in range(count):
        code, number = front[depth, q], asked[depth, q]
        front[depth, kept], asked[depth, kept] = code, number
        kept += may_deter(least, start, size, code, bound) and not met[number]
    return kept


hopeful = jitted(_hopeful, inline=True)


def _may_join(apart: Mask, opponent: int, stack: Small, depth: int) -> bool:
    """Whether an opponent shares no member with any of those whose replies have been made."""
    for before in range(depth):  # noqa: SIM110 (compiled, this is what it should be)
        if not apart[opponent, stack[before, 1]]:
            return False
    return True


may_join = jitted(_may_join, inline=True)


def _teams_deter(
    game: Search,
    state: int,
    improvements: Small,
    bound: Small,
    front: Small,
    asked: Small,
    stack: Small,
) -> bool:
    """Whether replies of opponents that share no member make sanctions of all these improvements.

    ``improvements`` are the codes that they lead to. Opponents join in order or not; where the
    least that those still to be asked could bring about is better than the origin for all members,
    an improvement is not tried further. ``front`` and ``asked`` (a row for each number of replies)
    hold the joint moves and what they are to be a sanction of. ``stack`` holds, for each number of
    replies, how many joint moves, the next opponent, and how far its replies have been tried.
    """
    levels, least, starts, sizes = game.levels, game.least, game.starts, game.sizes
    heads, codes, opponents, shared = game.heads, game.codes, game.opponents, game.shared
    row, places, counts, apart = game.rows[state], game.places[state], game.counts, game.apart
    many, left, origin = len(opponents), len(improvements), game.state_codes[state]
    met = asked[-1]
    front[0, :left], met[:left] = improvements, 0
    asked[0, :left] = np.arange(left)
    depth = 0
    stack[0, 0], stack[0, 1], stack[0, 2] = left, 0, -1
    while depth >= 0 and left:
        k = stack[depth, 1]
        if k == many:
            depth -= 1
            continue
        other = opponents[k]
        byte, bits, end = stack[depth, 2], stack[depth, 3], heads[other + 1] - 1
        if byte < 0:
            kept = hopeful(
                least, starts[k], sizes[k], bound, front, asked, met, depth, stack[depth, 0]
            )
            if kept == 0:
                depth -= 1
                continue
            stack[depth, 0], bits = kept, 0
            byte = heads[other] - 1
            if not may_join(apart, k, stack, depth):
                byte = end
        while bits == 0 and byte < end:
            byte += 1
            bits = np.int32(row[byte])
        if bits == 0:
            stack[depth, 1], stack[depth, 2] = k + 1, -1
            continue
        stack[depth, 2], stack[depth, 3] = byte, bits & (bits - 1)
        chosen = codes[other, 8 * (byte - heads[other]) + LOWEST[bits]]
        step = chosen - codes[other, places[other]]
        kept = 0
        for q in range(stack[depth, 0]):
            code, number = front[depth, q], asked[depth, q]
            there = joined(shared, counts[other, 1], other, code, origin, chosen, step)
            if there < 0 or met[number]:
                continue
            if within(levels, there, bound):
                met[number] = 1
                left -= 1
            else:
                front[depth + 1, kept], asked[depth + 1, kept] = there, number
                kept += 1
        if kept and k + 1 < many:
            depth += 1
            stack[depth, 0], stack[depth, 1], stack[depth, 2] = kept, k + 1, -1
    return left == 0


teams_deter = jitted(_teams_deter)


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
    """Note the codes that the improvements of the mover lead to; returns how many.

    Of many choices some are left out that a single reply makes a sanction of, but for those that
    nothing deters. ``left`` (bytes of the mover,) is written to.
    """
    row, me, origin = game.rows[state], game.mover, game.state_codes[state]
    first, last, codes = game.heads[me], game.heads[me + 1], game.codes[me]
    base, count = origin - codes[game.places[state, me]], 0
    if game.sieve.shape[1]:
        left[:] = row[first:last]
        size, least = game.sizes[0], game.levels.shape[1] // game.wide
        fibre = least + origin % size // game.wide
        if sift(game.steps, game.sieve, fibre, bound, left):
            count = improvements_from(left, 0, len(left), codes, base, open_)
            if hopeless(game.least, size, len(game.opponents), open_, count, bound):
                return int(count)
        left[:] = row[first:last]
        sifted(game, state, bound, left)
        count = improvements_from(left, 0, len(left), codes, base, open_)
    else:
        count = improvements_from(row, first, last, codes, base, open_)
    return int(count)


asking = jitted(_asking)


def _hardest_first(levels: Small, open_: Small, count: int) -> None:
    """Put first the improvement that the first member gains most by: the hardest to deter."""
    best = 0
    for q in range(1, count):
        if levels[0, open_[q]] > levels[0, open_[best]]:
            best = q
    open_[0], open_[best] = open_[best], open_[0]


hardest_first = jitted(_hardest_first)


def _stable(game: Search, found: Mask, first: int) -> None:
    """Say of the states from ``first`` on whether each improvement of the mover has a sanction.

    ``found`` (some,) is written to.
    """
    levels, least, sizes, rows, places = game.levels, game.least, game.sizes, game.rows, game.places
    heads, codes, shared, counts = game.heads, game.codes, game.shared, game.counts
    me, opponents, votes, state_codes = game.mover, game.opponents, game.votes, game.state_codes
    ways, many = codes.shape[1], len(opponents)
    open_, left = (
        np.empty(ways, dtype=np.int32),
        np.empty(heads[me + 1] - heads[me], dtype=np.uint8),
    )
    bound = np.empty(len(votes), dtype=np.int32)
    front = np.empty((many + 1, ways), dtype=np.int32)
    asked = np.empty((many + 2, ways), dtype=np.int32)
    stack = np.empty((many + 1, 4), dtype=np.int32)
    for number in range(len(found)):
        state = first + number
        row, place, origin = rows[state], places[state], state_codes[state]
        for member in range(len(bound)):
            bound[member] = 0 if votes[member] else levels[member, origin]
        count = asking(game, state, bound, left, open_)
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
        if count:
            hardest_first(levels, open_, count)
        found[number] = count == 0 or (
            teams_deter(game, state, open_[:1], bound, front, asked, stack)
            and (count == 1 or teams_deter(game, state, open_[1:count], bound, front, asked, stack))
        )


stable = jitted(_stable)
