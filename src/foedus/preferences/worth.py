"""Worth: a utility, the sum of the values of the statements that hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from foedus.case.judgement import Judgement
from foedus.case.model import Actor, Issue, Worth
from foedus.game.space import Indexes, Space, StatementReader
from foedus.preferences.kind import Difference, Entry, Part, PreferenceKind, Sampler, change
from foedus.preferences.sample import Sample
from foedus.preferences.sampled import Patterns, SampledPreferences, rounded_rows

TOGETHER = 1 << 15
"""So many values are added up at a time, so that they stay near the processor."""


@dataclass(frozen=True, slots=True)
class WorthKind(PreferenceKind):
    """One actor's worth; see :class:`~.kind.PreferenceKind`."""

    worth: Worth

    def entries(self) -> Iterator[Entry]:
        """Its items."""
        yield from (Entry(i.id, i.when.text, (i.value,)) for i in self.worth.items)

    def sampler(self, space: Space, actor: Actor, states: Indexes) -> Sampler:
        """The sum of the weights that hold, by draw and class, equal sums being equal."""
        items = self.worth.items
        patterns = Patterns.of((space.holds(item.when.tree) for item in items), states)
        holds = [patterns.holds(k) for k in range(len(items))]

        def sampled(sample: Sample) -> SampledPreferences:
            values = [sample.values(item.value)[:, None] for item in items]
            total = np.zeros((sample.size, patterns.count))
            few = max(1, TOGETHER // patterns.count)
            for first in range(0, sample.size, few):
                some = slice(first, first + few)
                for here, value in zip(holds, values, strict=True):
                    total[some] += here * value[some]
            return SampledPreferences(actor, "utility", patterns.classes, rounded_rows(total))

        return sampled

    def neutral(self, issues: Mapping[str, Issue]) -> Iterator[Judgement]:
        """Neither for nor against."""
        yield from (item.value.bare(0, 0, 0) for item in self.worth.items)

    def differences(self, pair: StatementReader) -> tuple[Difference, ...]:
        """Greatest first, ties in file order; they add up to the difference of the utilities."""
        changes = [
            Difference(item.id, sign * item.value.mode, "points", item.value)
            for item in self.worth.items
            if (sign := change(pair, item.when))
        ]
        return tuple(sorted(changes, key=lambda d: -abs(d.change)))

    def parts(self, space: Space) -> Iterator[Part]:
        """Each item, where it holds."""
        yield from (Part(item.value, space.holds(item.when.tree)) for item in self.worth.items)
