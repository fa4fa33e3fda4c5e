"""The smallest set of edits that accounts for most of the difference between two answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Any

from foedus.result import data_of

Left = Callable[[frozenset[int]], float | None]
"""How much of the difference a set leaves, in the measure of the whole; None: no valid case."""


@dataclass(frozen=True, slots=True)
class Smallest:
    """A set of bundles, by number, after which at most ``1 - share`` of the difference is left.

    ``left`` is what it leaves of ``whole``, the sum of the movements. ``proven`` says that all
    smaller sets were tried, up to ``tried_size`` members; else it was found greedily, and a smaller
    one may exist. ``members`` is None where no set was found, which takes a set without valid case.
    """

    members: tuple[int, ...] | None
    left: float
    whole: float
    share: float
    proven: bool
    tried_size: int

    @property
    def closed(self) -> float:
        """The share of the difference that is accounted for."""
        return 1.0 if self.whole == 0 else 1 - self.left / self.whole

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "members closed share proven tried_size")


def smallest_set(
    items: Sequence[int], left: Left, whole: float, share: float, budget: int
) -> Smallest:
    """The smallest set of ``items`` of which ``left`` is at most ``(1 - share) * whole``.

    All sets are tried by increasing size while no more than ``budget`` of them are asked for in
    all; of those of one size that are enough, the one that leaves least, then the first. Else one
    item after the other is added that leaves least, and then those taken out, the oldest first,
    without which the rest is still enough: a set from which nothing can be taken, not proven
    smallest. Raises ValueError for a share outside 0 to 1, or a negative budget.

    >>> left = lambda chosen: 10.0 - 8 * (2 in chosen) - sum(chosen & {0, 1})
    >>> smallest_set([0, 1, 2], left, 10, 0.8, 100).members
    (2,)
    """
    if not 0 < share <= 1:
        raise ValueError(f"a share of {share:g}: it must be above 0 and at most 1")
    if budget < 0:
        raise ValueError(f"a budget of {budget} forecasts: it may not be negative")
    most = (1 - share) * whole + 1e-12
    asked = 0
    for size in range(len(items) + 1):
        number = comb(len(items), size)
        if asked + number > budget and 0 < size < len(items):
            found = _greedy(items, left, most)
            if found is None:
                return Smallest(None, whole, whole, share, False, size - 1)
            members, rest = found
            return Smallest(members, rest, whole, share, len(members) <= size, size - 1)
        asked += number
        best: tuple[float, tuple[int, ...]] | None = None
        for members in combinations(items, size):
            rest_or_none = left(frozenset(members))
            if rest_or_none is None or rest_or_none > most:
                continue
            if best is None or rest_or_none < best[0]:
                best = rest_or_none, members
        if best is not None:
            return Smallest(best[1], best[0], whole, share, True, size)
    return Smallest(None, whole, whole, share, True, len(items))


def _greedy(items: Sequence[int], left: Left, most: float) -> tuple[tuple[int, ...], float] | None:
    """Forward until enough, then backward; None where no valid case is enough."""
    chosen: list[int] = []
    rest = left(frozenset())
    while rest is None or rest > most:
        found = [
            (after, k)
            for k in items
            if k not in chosen and (after := left(frozenset([*chosen, k]))) is not None
        ]
        if not found:
            return None
        rest, best = min(found)
        chosen.append(best)
    for k in list(chosen):
        without = left(frozenset(chosen) - {k})
        if without is not None and without <= most:
            chosen.remove(k)
            rest = without
    return tuple(sorted(chosen)), rest
