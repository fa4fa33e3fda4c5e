"""Compiled loops over joint replies of a state's opponents: see :mod:`foedus.equilibria.at_once`.

Imported only where numba is installed.
"""

from __future__ import annotations

import numpy as np

from foedus.equilibria.at_once import Search, Small
from foedus.game.space import Mask
from foedus.jit import jitted

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
