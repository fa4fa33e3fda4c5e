"""The compiled loops, where numba is installed (extra ``fast``)."""

from __future__ import annotations

from functools import cache
from types import ModuleType


@cache
def loops() -> ModuleType | None:
    """The module :mod:`~.compiled`, None without numba: the plain paths give the same answers."""
    try:
        from foedus.process import compiled
    except ImportError:
        return None
    return compiled
