"""Votes by weight: the smallest sets of voters that reach a bar."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction

MOST_WINNING = 5_000
"""So many smallest sets may reach the bar of a quota."""

MOST_SEATS = 100_000
"""So many members may these sets have together."""


def winning_sets(weights: Mapping[str, float], at_least: float) -> Iterator[frozenset[str]]:
    """The smallest sets of voters whose weights sum to ``at_least`` or more.

    Such a set is smallest when it falls short without its lightest member. So voters are taken by
    falling weight, each either in or out: a set is complete as soon as it reaches the bar, and one
    that all who are left could not bring there is given up. The work is in proportion to what is
    found. ``weights`` are above 0; sums are exact for numbers of up to 15 digits.

    >>> [sorted(each) for each in winning_sets({"a": 40, "b": 25, "c": 20, "d": 15}, 51)]
    [['a', 'b'], ['a', 'c'], ['a', 'd'], ['b', 'c', 'd']]
    """
    names = sorted(weights, key=lambda name: (-weights[name], name))
    bar, *sizes = _whole([at_least, *(weights[name] for name in names)])
    left = [0] * (len(sizes) + 1)
    for k in reversed(range(len(sizes))):
        left[k] = left[k + 1] + sizes[k]
    chosen: list[int] = []
    total, k = 0, 0
    while True:
        if total < bar <= total + left[k]:
            chosen.append(k)
            total += sizes[k]
            k += 1
            if total < bar:
                continue
            yield frozenset(names[each] for each in chosen)
        if not chosen:
            return
        k = chosen.pop()  # complete, or out of reach: go on without the last one taken
        total -= sizes[k]
        k += 1


def _whole(numbers: list[float]) -> list[int]:
    """The numbers as written, all in the largest unit in which each is whole."""
    exact = [Fraction(repr(float(number))) for number in numbers]
    unit = math.lcm(*(each.denominator for each in exact))
    return [int(each * unit) for each in exact]
