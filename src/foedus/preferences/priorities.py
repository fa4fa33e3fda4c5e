"""Priorities: option prioritising [Peng1997], the first outweighs all after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from foedus.case.judgement import Judgement
from foedus.case.model import Actor, Issue, Priorities
from foedus.game.space import Indexes, Mask, Space, StatementReader
from foedus.preferences.kind import Difference, Entry, Part, PreferenceKind, Sampler, change
from foedus.preferences.sample import SURE_FROM, Floats, Sample
from foedus.preferences.sampled import Patterns, SampledPreferences, dense_rows

EVENS = 0.5
"""The chance with which a wish is held that nothing speaks for."""


def counts_for_sure(held: float | None) -> bool:
    """Whether a priority counts when nothing is drawn: always, or held at evens or better."""
    return held is None or held >= SURE_FROM


@dataclass(frozen=True, slots=True)
class PrioritiesKind(PreferenceKind):
    """One actor's priorities; see :class:`~.kind.PreferenceKind`."""

    priorities: Priorities

    def entries(self) -> Iterator[Entry]:
        """Its wishes; those held for sure have no judgement."""
        for item in self.priorities.items:
            judged = () if item.probability is None else (item.probability,)
            yield Entry(item.id, item.when.text, judged)

    def sampler(self, space: Space, actor: Actor, states: Indexes) -> Sampler:
        """Levels by draw and class, each wish laid over the order that those after it made."""
        items = self.priorities.items
        patterns = Patterns.of((space.holds(item.when.tree) for item in items), states)
        holds = [patterns.holds(k) for k in range(len(items))]

        def sampled(sample: Sample) -> SampledPreferences:
            held: list[Mask | None] = [
                None if item.probability is None else sample.so(item.probability) for item in items
            ]
            levels: Floats = np.zeros((sample.size, patterns.count))
            for here, one in zip(reversed(holds), reversed(held), strict=True):
                if one is not None and not one.any():
                    continue
                span = levels.max(axis=1, keepdims=True) + 1
                if one is not None:
                    span = np.where(one[:, None], span, 0.0)
                levels += here * span
                if levels.max(initial=0.0) > 2.0**50:
                    levels = dense_rows(levels)
            return SampledPreferences(actor, "ordinal", patterns.classes, levels)

        return sampled

    def neutral(self, issues: Mapping[str, Issue]) -> Iterator[Judgement]:
        """Held at evens; one that is held for sure has no number to set."""
        for item in self.priorities.items:
            if item.probability is not None:
                yield item.probability.bare(EVENS, EVENS, EVENS)

    def differences(self, pair: StatementReader) -> tuple[Difference, ...]:
        """Those met and no longer met, in the order of their importance."""
        return tuple(
            Difference(item.id, float(sign), "priority", item.probability)
            for item in self.priorities.items
            if counts_for_sure(item.probability.mode if item.probability else None)
            and (sign := change(pair, item.when))
        )

    def parts(self, space: Space) -> Iterator[Part]:
        """None: ranks are not linear in anything."""
        return iter(())
