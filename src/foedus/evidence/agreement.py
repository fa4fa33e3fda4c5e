"""How far several raters agree on an ordered scale: Krippendorff's alpha [Hayes2007].

Alpha is 1 for full agreement, 0 for what chance alone would make, below 0 for less than that. It
takes any number of raters and cells that some left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np


def ordinal_alpha(units: Sequence[Sequence[int]], values: Sequence[int]) -> float | None:
    """Krippendorff's alpha with the ordinal difference.

    ``units`` hold, for each thing rated, the ratings it was given (any number of them); ``values``
    are the steps of the scale in order. Units with fewer than two ratings tell nothing. None when
    there are none with two, or all ratings are one value: then there is nothing to tell apart.

    >>> ordinal_alpha([[1, 1], [2, 2], [3, 3]], [1, 2, 3])
    1.0
    """
    paired = [unit for unit in units if len(unit) > 1]
    index = {value: k for k, value in enumerate(values)}
    size = len(values)
    together = np.zeros((size, size))
    for unit in paired:
        for a, b in combinations(unit, 2):
            together[index[a], index[b]] += 1 / (len(unit) - 1)
            together[index[b], index[a]] += 1 / (len(unit) - 1)
    count = together.sum(axis=1)
    total = count.sum()
    ends = np.cumsum(count)
    middle = ends - count / 2
    # Between two steps lie all ratings between them, and half of those at each.
    apart = (middle[:, None] - middle[None, :]) ** 2
    expected = (np.outer(count, count) * apart).sum()
    if expected == 0:
        return None
    observed = (together * apart).sum()
    return float(1 - (total - 1) * observed / expected)
