"""Stances: wished positions on ordered issues.

They value no state; :mod:`foedus.bargaining` forecasts each issue from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from foedus.case.judgement import Judgement
from foedus.case.model import Actor, Issue, Stances
from foedus.game.space import Indexes, Space, StatementReader
from foedus.preferences.kind import Difference, Entry, Part, PreferenceKind, Sampler


class StancesNotSupported(NotImplementedError):
    """An actor has stances alone, by which no state is valued."""

    def __init__(self, actor: str) -> None:
        super().__init__(
            f"'{actor}' has stances alone, by which no state is valued; `foedus bargain` forecasts "
            "ordered issues from stances"
        )
        self.actor = actor


@dataclass(frozen=True, slots=True)
class StancesKind(PreferenceKind):
    """One actor's stances; see :class:`~.kind.PreferenceKind`."""

    stances: Stances
    values_states: ClassVar[bool] = False

    def entries(self) -> Iterator[Entry]:
        """One an issue, which names it."""
        yield from (Entry(s.issue, "", (s.position, s.salience)) for s in self.stances.items)

    def sampler(self, space: Space, actor: Actor, states: Indexes) -> Sampler:
        """Raise StancesNotSupported."""
        raise StancesNotSupported(actor.id)

    def neutral(self, issues: Mapping[str, Issue]) -> Iterator[Judgement]:
        """Anywhere on the issue's scale; a salience has no neutral value."""
        for stance in self.stances.items:
            scale = issues[stance.issue].scale or (0.0,)
            low, high = min(scale), max(scale)
            yield stance.position.bare(low, (low + high) / 2, high)

    def differences(self, pair: StatementReader) -> tuple[Difference, ...]:
        """None that is worked out."""
        return ()

    def parts(self, space: Space) -> Iterator[Part]:
        """None that is worked out."""
        return iter(())
