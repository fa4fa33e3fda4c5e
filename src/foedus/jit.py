"""How loops are compiled. Imported only where numba is installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


def jitted(function: Callable[..., Any], *, inline: bool = False) -> Callable[..., Any]:
    """The function compiled at its first call, once for all runs; threads may run it side by side.

    What is compiled is kept beside the function's file, or with the user's other caches where that
    folder cannot be written to; where neither can, it is compiled once a run. ``inline``: it is
    made part of each compiled function that calls it.
    """
    options = {"nogil": True, "inline": "always" if inline else "never"}
    try:
        return njit(cache=True, **options)(function)  # type: ignore[no-any-return]
    except RuntimeError:
        return njit(**options)(function)  # type: ignore[no-any-return]
