"""How the loops of this package are compiled. Imported only where numba is installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import njit


def jitted(function: Callable[..., Any], *, fastmath: bool = False) -> Callable[..., Any]:
    """The function compiled at its first call, once for all runs.

    What is compiled is kept beside the function's file, or with the user's other caches where that
    folder cannot be written to; where neither can, it is compiled once a run.
    """
    try:
        return njit(cache=True, fastmath=fastmath)(function)  # type: ignore[no-any-return]
    except RuntimeError:
        return njit(fastmath=fastmath)(function)  # type: ignore[no-any-return]
