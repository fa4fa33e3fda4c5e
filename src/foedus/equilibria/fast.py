"""The compiled loops, where numba is installed (extra ``fast``) and there is much to do."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import ModuleType

MANY = 1 << 18
"""From so many things to pass through on, loading what is compiled is worth while."""


def loops(name: str, work: int) -> ModuleType | None:
    """The module of compiled loops of that name; None for little ``work``, and without numba.

    ``work`` is about how many things will be passed through. The plain paths give the same answers.
    """
    return _loaded(name) if work >= MANY else None


@cache
def _loaded(name: str) -> ModuleType | None:
    try:
        return import_module(f"foedus.equilibria.{name}")
    except ImportError:
        return None
