"""One reconsideration as a compiled loop: :meth:`~.proposals.Proposals.agreed` without the passes.

Imported only where numba is installed. What is compiled is kept beside this file, or with the
user's other caches where that folder cannot be written to.
"""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log
from typing import Any

import numpy as np
from numba import njit

from foedus.game.space import Indexes, Mask
from foedus.preferences.sample import Floats
from foedus.process.worths import TOLERANCE


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compiled once and kept; once a run where there is no folder to keep it in."""
    try:
        return njit(cache=True)(function)  # type: ignore[no-any-return]
    except RuntimeError:
        return njit(function)  # type: ignore[no-any-return]


def _part_does(
    value: Floats,
    agree: Mask,
    target: Indexes,
    first: Indexes,
    member: Indexes,
    parts: Indexes,
    whole: int,
) -> bool:
    """Whether one of the proposals ``parts`` is agreed and gives its members as much as a whole."""
    for part in parts:
        if not agree[part]:
            continue
        content = True
        for at in range(first[part], first[part + 1]):
            row = member[at]
            if value[row, target[part]] < value[row, whole] - TOLERANCE:
                content = False
                break
        if content:
            return True
    return False


part_does = _compiled(_part_does)


def _agreed(
    value: Floats,
    pair: Indexes,
    node: Indexes,
    target: Indexes,
    first: Indexes,
    member: Indexes,
    least: Floats,
    part_first: Indexes,
    part: Indexes,
) -> tuple[Indexes, Floats]:
    """As :meth:`~.proposals.Proposals.agreed`; the names are those of its fields."""
    count = len(pair)
    agree = np.ones(count, dtype=np.bool_)
    for k in range(count):
        for at in range(first[k], first[k + 1]):
            row = member[at]
            if value[row, target[k]] - value[row, node[k]] < least[at]:
                agree[k] = False
                break
    kept = np.empty(count, dtype=np.intp)
    mean = np.empty(count)
    found = 0
    for k in range(count):
        if not agree[k]:
            continue
        parts = part[part_first[pair[k]] : part_first[pair[k] + 1]]
        if part_does(value, agree, target, first, member, parts, target[k]):
            continue
        total = 0.0
        for at in range(first[k], first[k + 1]):
            gain = value[member[at], target[k]] - value[member[at], node[k]]
            total += log(gain) if gain > 0.0 else -np.inf
        kept[found] = k
        mean[found] = exp(total / (first[k + 1] - first[k]))
        found += 1
    return kept[:found].copy(), mean[:found].copy()


agreed = _compiled(_agreed)
