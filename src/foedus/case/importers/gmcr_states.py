"""The feasible states of a graph model, numbered as in GMCR+, of any number of options."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from foedus.case.importers.gmcr_format import Condition
from foedus.case.join_order import join_order

STATE_LIMIT = 1 << 24
"""More partial states than this are not numbered."""

_WORD = 63

Words = npt.NDArray[np.int64]


def feasible_words(
    options: int, infeasible: Sequence[Condition], limit: int = STATE_LIMIT
) -> Words:
    """The states that match no infeasible pattern, the first option varying fastest.

    Shape (words, states): bit ``b`` of word ``w`` is option ``63 w + b``. Options are added in an
    order that the patterns suggest, and each pattern is applied as soon as its last option is in.
    Raises OverflowError when more than ``limit`` partial states come up.
    """
    patterns = [
        dict(pattern)
        for condition in infeasible
        for pattern in condition
        if len(dict(pattern)) == len(set(pattern))  # else it asks for Y and N of one option
    ]
    names = [f"{option:04}" for option in range(options)]
    shares: dict[tuple[str, ...], float] = {}
    for literals in patterns:
        scope = tuple(names[option] for option in sorted(literals))
        shares[scope] = shares.get(scope, 1.0) * (1 - 0.5 ** len(literals))
    parts = join_order(dict.fromkeys(names, 2), shares)
    order = [int(name) for part in reversed(parts) for name in part]
    place = {option: k for k, option in enumerate(order)}
    due: list[list[dict[int, bool]]] = [[] for _ in range(options)]
    for literals in patterns:
        placed = {place[option]: yes for option, yes in literals.items()}
        due[max(placed, default=0)].append(placed)
    states = np.zeros((1, 1), dtype=np.int64)  # with the bits in the order of joining
    for k, option in enumerate(order):
        if states.shape[1] * 2 > limit:
            raise OverflowError(f"more than {limit:,} when option {option + 1} is added")
        word, bit = divmod(k, _WORD)
        if word == len(states):
            states = np.vstack([states, np.zeros((1, states.shape[1]), dtype=np.int64)])
        states = np.hstack([states, states])
        states[word, states.shape[1] // 2 :] |= np.int64(1) << np.int64(bit)
        for placed in due[k]:
            states = states[:, ~_met(states, placed)]
    found = np.zeros_like(states)
    for k, option in enumerate(order):
        found[option // _WORD] |= (states[k // _WORD] >> k % _WORD & 1) << option % _WORD
    return found[:, np.lexsort(found)]


def _met(states: Words, literals: dict[int, bool]) -> npt.NDArray[np.bool_]:
    met = np.ones(states.shape[1], dtype=bool)
    for word in {option // _WORD for option in literals}:
        here = {k % _WORD: yes for k, yes in literals.items() if k // _WORD == word}
        mask = sum(1 << bit for bit in here)
        wanted = sum(1 << bit for bit, yes in here.items() if yes)
        met &= (states[word] & np.int64(mask)) == np.int64(wanted)
    return met


def bits_of(states: Words, options: int) -> npt.NDArray[np.int64]:
    """Which options are Y in each state; shape (states, options)."""
    numbers = np.arange(options)
    return (states[numbers // _WORD] >> (numbers % _WORD)[:, None]).T & 1
