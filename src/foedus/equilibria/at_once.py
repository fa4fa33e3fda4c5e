"""Simultaneous stability of all states, searched by a compiled loop where numba is installed.

Each state is settled by itself. What each mover could improve to from it is one bit for each choice
of positions that the mover may set. Codes are numbered anew for each mover H: what nobody but H can
change varies fastest, so that what one joint reply makes of all improvements of H lies together;
then follow the issues of the opponent tried first, and so on. The least level that the opponents
from some place on could bring about is then a minimum over the last issues, and a small table.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from foedus.equilibria.choices import Choices, ways
from foedus.equilibria.fast import loops
from foedus.equilibria.problem import StabilityProblem
from foedus.game.space import Indexes, Mask
from foedus.machine import cores

DENSE = 8
"""Codes are numbered anew when there are at most so many a state."""

BLOCK = 1 << 16
"""How many states a thread settles at a time."""

PLACES = 64
"""A sieve has a step at every so many levels of a fibre, or"""

STEPS = 128
"""so many steps, if these are less."""

THREADS = cores()
"""How many threads settle states; what they find does not depend on it."""

Small = npt.NDArray[np.int32]


class Search(NamedTuple):
    """What the compiled search is given on one mover and its opponents, by the new codes.

    ``rows``, ``places`` and ``heads`` are those of :class:`~.choices.Choices`.
    ``state_codes`` (n,); ``levels`` (members, codes), more than n where a code has no state;
    ``votes`` (members,) says which are electorates. ``least`` (members, all tables) holds a table
    for each opponent, from ``starts`` on and of its ``sizes``: the least level that this and later
    ones could bring about. ``codes`` (movers, choices) is what each choice adds to the code.
    ``apart`` (opponents, opponents): they share no member. ``shared`` (movers, issues, 2) are the
    weights and numbers of positions of issues that others at one moment may change too, those of
    the mover first; ``counts`` (movers, 2) how many the mover may change, and how many in all.
    ``sieve`` and ``steps`` are those of :mod:`~.compiled_sieve`, for fibres of ``wide`` codes each:
    of all codes, then of the first table; they hold no fibre where there is nothing to sift.
    """

    rows: npt.NDArray[np.uint8]
    places: npt.NDArray[np.uint16]
    heads: Indexes
    state_codes: Small
    votes: Mask
    levels: Small
    least: Small
    starts: Indexes
    sizes: Indexes
    mover: int
    opponents: Indexes
    codes: Small
    apart: Mask
    shared: Small
    counts: npt.NDArray[np.intp]
    wide: int
    steps: Small
    sieve: npt.NDArray[np.uint8]


def stable_at_once(problem: StabilityProblem, number: int, opponents: Sequence[int]) -> Mask | None:
    """Where the mover with this number is simultaneously stable; shape (n,).

    ``opponents`` are the numbers of its opponents in the order in which they are tried. None where
    that is for the plain search to find: without numba, for few states, for many choices of a
    mover, or for states so far apart that a table of all codes would be mostly empty.
    """
    space = problem.game.space
    if math.prod(_shape(problem)) > DENSE * len(space) or (choices := problem.choices) is None:
        return None
    compiled = loops("compiled_sim", len(space) * len(problem.movers))
    assert compiled is not None  # noqa: S101 (there are choices)
    search = _search(problem, choices, number, opponents)
    found = np.empty(len(search.state_codes), dtype=bool)
    moves = problem.movers[number].moves
    # What is known of one state says nothing of others where the others' replies clash with H.
    alike = moves.clique and not search.counts[search.opponents, 0].any()
    cell = moves.cell if alike else np.zeros(0, dtype=np.int32)
    known = np.full((2, moves.number_of_cells if alike else 0), -1, dtype=np.int32)

    def settle(first: int) -> None:
        compiled.stable(search, found[first : first + BLOCK], first, cell, known)

    with ThreadPoolExecutor(THREADS) as pool:
        for _ in pool.map(settle, range(0, len(found), BLOCK)):
            pass
    return found


def _search(
    problem: StabilityProblem, choices: Choices, number: int, opponents: Sequence[int]
) -> Search:
    space, movers = problem.game.space, problem.movers
    own = [frozenset(mover.moves.mover.relations) for mover in movers]
    shape = _shape(problem)
    last = [
        max((p for p, k in enumerate(opponents) if i in own[k]), default=-1)
        for i in range(len(shape))
    ]
    # What only H can change varies fastest, then what nobody here can, then opponent by opponent.
    order = sorted(range(len(shape)), key=lambda i: (last[i], i not in own[number]))
    weights, weight = [0] * len(shape), 1
    sizes = [1] * (len(opponents) + 1)
    for i in order:
        weights[i] = weight
        weight *= shape[i]
        for p in range(last[i] + 1, len(sizes)):
            sizes[p] = weight
    state_codes = np.zeros(len(space), dtype=np.int32)
    for i in range(len(shape)):
        state_codes += space.reader.column(i).astype(np.int32) * np.int32(weights[i])
    views = movers[number].views
    levels = np.full((len(views), weight), len(space) + 1, dtype=np.int32)
    for member, view in enumerate(views):
        levels[member, state_codes] = view.levels
    tables, rest = [], levels
    for p in reversed(range(len(opponents))):
        rest = rest.reshape(len(views), -1, sizes[p]).min(axis=1)
        tables.append(rest)
    tables.reverse()
    starts = np.cumsum([0, *(table.shape[1] for table in tables)]).astype(np.intp)
    most = max(ways(space, movers[k]) for k in (number, *opponents))
    codes = np.zeros((len(movers), most), dtype=np.int32)
    shared = np.zeros((len(movers), max(len(shape), 1), 2), dtype=np.int32)
    counts = np.zeros((len(movers), 2), dtype=np.intp)
    for k in (number, *opponents):
        code = np.zeros(1, dtype=np.int32)
        for i in movers[k].moves.mover.relations:
            code = (np.arange(shape[i], dtype=np.int32)[:, None] * weights[i] + code).ravel()
        codes[k, : len(code)] = code
        beside = [j for j in opponents if movers[j].moves.mover.opposes(movers[k].moves.mover)]
        others = own[k].intersection(own[number].union(*(own[j] for j in beside)))
        for count, i in enumerate(sorted(others, key=lambda i: (i not in own[number], i))):
            shared[k, count] = weights[i], shape[i]
        counts[k] = len(own[k] & own[number]), len(others)
    mine = ways(space, movers[number])
    return Search(
        choices.rows,
        choices.places,
        choices.heads,
        state_codes,
        np.array([view.electorate for view in views]),
        levels,
        np.concatenate(tables, axis=1) if tables else levels[:, :0],
        starts,
        np.array(sizes, dtype=np.intp),
        number,
        np.array(opponents, dtype=np.intp),
        codes,
        np.array(
            [
                [movers[a].moves.mover.opposes(movers[b].moves.mover) for b in opponents]
                for a in opponents
            ],
            dtype=bool,
        ).reshape(len(opponents), len(opponents)),
        shared,
        counts,
        mine,
        *_sieve([levels, *tables[:1]], codes[number, :mine]),
    )


def _sieve(tables: Sequence[Small], codes: Small) -> tuple[Small, npt.NDArray[np.uint8]]:
    """The steps and the sieve of a mover: of its members' levels, and of the least of them.

    ``tables`` (2 of (members, some)) are ordered by code; ``codes`` is what the mover's choices add
    to the code of a state. There is no sieve for a mover of few choices, for one that shares an
    issue with an opponent, and for one without opponents.
    """
    many, members = len(codes), len(tables[0])
    fibres, some = sum(table.shape[1] for table in tables) // many, min(STEPS, many // PLACES)
    compiled = loops("compiled_sieve", fibres * many)
    if len(tables) < 2 or some < 2 or compiled is None or (codes != np.arange(many)).any():
        fibres = 0
    steps = np.zeros((members, fibres, some), dtype=np.int32)
    sieve = np.zeros((members, fibres, some, (many + 7) // 8), dtype=np.uint8)
    for member in range(members if fibres else 0):
        levels = np.concatenate([table[member] for table in tables]).reshape(fibres, many)
        assert compiled is not None  # noqa: S101 (else there are no fibres)
        compiled.make_sieve(levels, many // some, steps[member], sieve[member])
    return steps, sieve


def _shape(problem: StabilityProblem) -> list[int]:
    return [len(issue.positions) for issue in problem.game.space.radix.issues]
