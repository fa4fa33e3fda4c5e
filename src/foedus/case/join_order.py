"""In which order to put things together that conditions tie to each other.

What is put together is first split into parts that no condition joins; within a part the next thing
is the one that makes the number of partial combinations grow least, so far as the shares of the
conditions tell. The order depends on names, sizes and conditions alone, not on the order in which
they are given.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np

Scope = tuple[str, ...]
"""The things that a condition is about, sorted."""

LATER = 0.25
"""What a condition counts for each thing that is still missing before it can be applied."""

UNKNOWN = 0.5
"""The share that a condition is taken to let pass when nobody has looked."""

_LEAST = 1e-9


def join_order(sizes: Mapping[str, int], shares: Mapping[Scope, float]) -> list[list[str]]:
    """The parts that no condition joins, each in the order in which to put it together.

    ``sizes``: how many values each thing has, 1 or more. ``shares``: of the combinations of a
    scope's values, the share (0 to 1) that the conditions on it let pass. The smallest part (by the
    product of its sizes) comes first.

    >>> join_order({"a": 10, "b": 10, "hub": 10, "free": 2}, {("a", "hub"): 0.1, ("b", "hub"): 0.1})
    [['free'], ['hub', 'a', 'b']]
    """
    parts = []
    for members in _parts(sizes, shares):
        among = set(members)
        within = {scope: share for scope, share in shares.items() if scope and scope[0] in among}
        parts.append(_ordered(members, sizes, within))
    return sorted(parts, key=lambda part: (math.prod(sizes[i] for i in part), sorted(part)))


def _parts(names: Iterable[str], scopes: Iterable[Scope]) -> list[list[str]]:
    """The things joined by scopes, directly or not, each part sorted."""
    leader = {name: name for name in names}

    def leading(name: str) -> str:
        while leader[name] != name:
            leader[name] = name = leader[leader[name]]
        return name

    for scope in scopes:
        for name in scope[1:]:
            leader[leading(name)] = leading(scope[0])
    parts: dict[str, list[str]] = {}
    for name in sorted(leader):
        parts.setdefault(leading(name), []).append(name)
    return list(parts.values())


def _ordered(
    names: list[str], sizes: Mapping[str, int], shares: Mapping[Scope, float]
) -> list[str]:
    """One part in order: the least growth first; then what conditions not yet begun favour."""
    place = {name: k for k, name in enumerate(names)}
    scopes = sorted(shares)
    members = [np.array([place[name] for name in scope]) for scope in scopes]
    weights = [math.log(max(shares[scope], _LEAST)) for scope in scopes]
    missing = [len(scope) for scope in scopes]
    scopes_of: list[list[int]] = [[] for _ in names]
    growth = np.log([float(sizes[name]) for name in names])
    promised = growth.copy()
    for k, inside in enumerate(members):
        promised[inside] += weights[k] * LATER ** (missing[k] - 1)
        for thing in inside.tolist():
            scopes_of[thing].append(k)
    order: list[str] = []
    for _ in names:
        least = np.flatnonzero(growth <= growth.min() + 1e-9)
        thing = int(least[np.argmin(promised[least])])
        order.append(names[thing])
        growth[thing] = promised[thing] = np.inf
        for k in scopes_of[thing]:
            before = 0.0 if missing[k] == len(scopes[k]) else LATER ** (missing[k] - 1)
            missing[k] -= 1
            if missing[k]:
                growth[members[k]] += weights[k] * (LATER ** (missing[k] - 1) - before)
    return order
