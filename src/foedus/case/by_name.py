"""Things by their names, where an unknown name is told with the nearest that there is."""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import Any, TypeVar

from foedus.case.problems import UnknownName

V = TypeVar("V")


class ByName(Mapping[str, V]):
    """An immutable mapping whose keys are names of a kind, such as ``actor``.

    >>> ages = ByName("actor", {"north": 5})
    >>> ages["north"], ages.get("nort")
    (5, None)
    >>> ages["nort"]
    Traceback (most recent call last):
    ...
    foedus.case.problems.UnknownName: no actor 'nort'; did you mean 'north'?
    """

    __slots__ = ("_named", "_what")

    def __init__(self, what: str, named: Mapping[str, V]) -> None:
        self._what, self._named = what, dict(named)

    def __getitem__(self, name: str) -> V:
        """What has this name. Raises `UnknownName`."""
        try:
            return self._named[name]
        except KeyError:
            raise UnknownName(self._what, name, self._named) from None

    def get(self, name: str, default: Any = None) -> Any:
        """What has this name, or the default."""
        return self._named.get(name, default)

    def __contains__(self, name: object) -> bool:
        return name in self._named

    def __iter__(self) -> Iterator[str]:
        return iter(self._named)

    def __len__(self) -> int:
        return len(self._named)

    def keys(self) -> KeysView[str]:
        """The names."""
        return self._named.keys()

    def values(self) -> ValuesView[V]:
        """What has them."""
        return self._named.values()

    def items(self) -> ItemsView[str, V]:
        """Both."""
        return self._named.items()

    def __hash__(self) -> int:
        return hash(frozenset(self._named.items()))

    def __repr__(self) -> str:
        return repr(self._named)
