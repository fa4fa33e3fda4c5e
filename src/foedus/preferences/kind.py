"""What every kind of preference can say: its entries, values, neutral values and differences."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from foedus.case.judgement import Judgement
from foedus.case.model import Actor, Issue, Statement
from foedus.game.space import Indexes, Mask, Space, StatementReader
from foedus.preferences.sample import Sample
from foedus.preferences.sampled import SampledPreferences

DifferenceUnit = Literal["points", "priority", "tiers", "per cent"]


class Entry(NamedTuple):
    """One entry of a preference: its id, what it is about (``when``; in words), its judgements."""

    id: str
    when: str
    judgements: tuple[Judgement, ...]


class Part(NamedTuple):
    """A judgement that a value is linear in: ``counts`` (states,) says where, as states stand."""

    judgement: Judgement
    counts: Mask


@dataclass(frozen=True, slots=True)
class Difference:
    """One judgement that tells two states apart.

    ``item`` is the id of a ``worth``, ``priorities`` or ``support`` item, or the text of the
    statement of a ``ranking`` that counts in the target (empty: it matches none). ``change`` is in
    ``unit``: points of the actor's own scale; plus or minus one for a priority that is met or no
    longer met; tiers risen; per cent of an electorate. ``judgement`` is None where the case gives
    no number.
    """

    item: str
    change: float
    unit: DifferenceUnit
    judgement: Judgement | None = None


Sampler = Callable[[Sample], SampledPreferences]
"""How one actor sees some states in each draw of a sample."""


class PreferenceKind(ABC):
    """One actor's preference, and what follows from its kind.

    A new kind says all of this, or it cannot be made.
    """

    __slots__ = ()

    values_states: ClassVar[bool] = True
    """Whether it says which states are better than others, as far as foedus works that out."""

    @abstractmethod
    def entries(self) -> Iterator[Entry]:
        """Its entries that have a name, in the order of the file."""

    @abstractmethod
    def sampler(self, space: Space, actor: Actor, states: Indexes) -> Sampler:
        """How an actor who has it sees these ``states`` (indexes), in any sample of draws.

        What does not differ between draws is found once. Raises StancesNotSupported where it is not
        worked out.
        """

    @abstractmethod
    def neutral(self, issues: Mapping[str, Issue]) -> Iterator[Judgement]:
        """Its judgements that have a neutral value, each at that value, in its unit."""

    @abstractmethod
    def differences(self, pair: StatementReader) -> tuple[Difference, ...]:
        """The judgements by which the second of two states differs from the first.

        At the most likely values; most telling first. Empty when none tells the two apart.
        """

    @abstractmethod
    def parts(self, space: Space) -> Iterator[Part]:
        """The judgements in which its values are linear; none for an ordinal kind."""


def change(pair: StatementReader, statement: Statement) -> int:
    """Plus one where the statement comes to hold, minus one where it ceases to."""
    before, after = pair.holds(statement.tree)
    return int(after) - int(before)
