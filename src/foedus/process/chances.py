"""Numbers that are chances but for the rounding of floats."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from foedus.preferences.sample import Floats

ROUNDING = 1e-9
"""By so much a chance that was computed may lie outside 0 to 1."""


def as_chances(values: npt.ArrayLike) -> Floats:
    """Computed chances, of any shape, brought back to 0 to 1 where rounding has led beyond.

    Raises ArithmeticError for what is no chance by more than rounding, or no number.

    >>> as_chances([1 + 1e-15, -1e-17, 0.5]).tolist()
    [1.0, 0.0, 0.5]
    """
    found = np.asarray(values, dtype=float)
    if not ((found >= -ROUNDING) & (found <= 1 + ROUNDING)).all():
        raise ArithmeticError(
            f"computed as chances: {found.min():g} to {found.max():g}, which is not within 0 to 1"
        )
    return np.asarray(np.clip(found, 0.0, 1.0))
