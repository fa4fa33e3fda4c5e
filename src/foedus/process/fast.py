"""The compiled loops, where numba is installed (extra ``fast``) and there is much to do."""

from __future__ import annotations

from functools import cache
from types import ModuleType

MANY = 1 << 19
"""From so many things to pass through on, loading what is compiled is worth while."""


def loops(work: int) -> ModuleType | None:
    """The module :mod:`~.compiled`; None for little ``work``, and without numba.

    ``work`` is about how many things will be passed through. The plain paths give the same answers;
    which is taken follows from the work alone, so that the last digits do not depend on what was
    solved before.
    """
    return _loaded() if work >= MANY else None


@cache
def _loaded() -> ModuleType | None:
    try:
        from foedus.process import compiled
    except ImportError:
        return None
    return compiled
