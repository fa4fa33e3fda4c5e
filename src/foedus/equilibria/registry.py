"""The stability concepts by id: adding one is one module and one entry here.

The module bears the concept's id and holds it as ``CONCEPT``. It is imported when the concept is
asked for, so that commands can name the concepts before any work is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from foedus.case.problems import UnknownName

if TYPE_CHECKING:
    from foedus.equilibria.concept import Concept


@dataclass(frozen=True, slots=True)
class Entry:
    """A concept's id, and whether it is among those solved for unless others are asked for."""

    id: str
    default: bool = True


ENTRIES = (
    Entry("nash"),
    Entry("gmr"),
    Entry("smr"),
    Entry("seq"),
    Entry("sim"),
    Entry("sseq", default=False),
)

STANDARD = "seq"
"""The concept in whose terms answers say what is stable, unless another is asked for."""

DEFAULTS = tuple(entry.id for entry in ENTRIES if entry.default)
"""The ids of the concepts solved for unless others are asked for."""


class _Concepts(Mapping[str, "Concept"]):
    """The concepts by id; raises KeyError, naming those there are, for any other."""

    _ids = tuple(entry.id for entry in ENTRIES)

    def __getitem__(self, name: str) -> Concept:
        if name not in self._ids:
            raise UnknownName("concept", name, self._ids)
        found: Concept = import_module(f"foedus.equilibria.{name}").CONCEPT
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


CONCEPTS: Mapping[str, Concept] = _Concepts()
