"""What every result has in common: it is data, and is shown by a teller that it does not import.

The tellers stand in one table, ``foedus.reporting.tellers``, which ``foedus`` itself binds here:
so an analysis imports no prose, and prose is written in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from foedus.document import Block, Explanation


class Teller(NamedTuple):
    """How results of one class are shown: as blocks for a reader, and asked why."""

    blocks: Callable[..., tuple[Block, ...]]
    explain: Callable[..., Explanation] | None = None


class Result:
    """What an analysis found, as data; see the module."""

    __slots__ = ()

    def blocks(self) -> tuple[Block, ...]:
        """The result for a reader."""
        return shown(self)


def shown(result: Result, *chosen: object) -> tuple[Block, ...]:
    """Ask the teller of a result's class for its blocks; ``chosen`` is what that one takes."""
    return teller_of(type(result)).blocks(result, *chosen)


def explained(result: Result, *asked: object) -> Explanation:
    """Ask the teller of a result's class why it is as it is; ``asked`` is what that one takes."""
    explain = teller_of(type(result)).explain
    if explain is None:
        raise TypeError(f"a {type(result).__name__} has nothing more to explain")
    return explain(result, *asked)


_table: Callable[[], Mapping[type[Result], Teller]] | None = None


def bind(table: Callable[[], Mapping[type[Result], Teller]]) -> None:
    """Say where the tellers are found; the table is made when the first result is shown."""
    global _table
    _table = table


def teller_of(kind: type[Result]) -> Teller:
    """The teller of a class of results. Raises LookupError for a class that has none."""
    known = _table() if _table is not None else {}
    if kind not in known:
        raise LookupError(f"nothing says how a {kind.__name__} is shown")
    return known[kind]
