"""Support: the share of an electorate that approves; the first item that matches counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from foedus.case.judgement import Judgement
from foedus.case.model import Actor, Issue, Support, SupportItem
from foedus.game.space import Indexes, Mask, Space, StatementReader
from foedus.preferences.kind import Difference, Entry, Part, PreferenceKind, Sampler
from foedus.preferences.sample import Floats, Sample
from foedus.preferences.sampled import SampledPreferences

DEFAULT_THRESHOLD = 50.0
"""What an electorate without a threshold needs (per cent)."""

AT_THRESHOLD = 1e-9
"""A share is at its threshold when it lacks no more than this (percentage points)."""

OTHERWISE = "otherwise"
"""What the last item of a support list, the default, is about."""

UNKNOWN_SHARE = (5.0, 50.0, 95.0)
"""The support, in per cent, of which nothing is known."""


@dataclass(frozen=True, slots=True)
class SupportKind(PreferenceKind):
    """One electorate's support; see :class:`~.kind.PreferenceKind`."""

    support: Support

    def entries(self) -> Iterator[Entry]:
        """Its items, the default last."""
        for item in self.support.items:
            yield Entry(item.id, OTHERWISE if item.when is None else item.when.text, (item.share,))

    def sampler(self, space: Space, actor: Actor, states: Indexes) -> Sampler:
        """Shares by draw and item, and whether each reaches the threshold; an item is a class."""
        first = np.zeros(len(space), dtype=np.intp)
        for number, part in enumerate(self.parts(space)):
            first[part.counts] = number
        classes, polls = first[states], space.case.polls

        def sampled(sample: Sample) -> SampledPreferences:
            items = self.support.items
            shares = np.stack([sample.share(item.share, polls) for item in items], axis=1)
            thresholds: Floats = (
                np.full(sample.size, DEFAULT_THRESHOLD)
                if actor.threshold is None
                else sample.values(actor.threshold)
            )
            passes = (shares >= thresholds[:, None] - AT_THRESHOLD).astype(float)
            return SampledPreferences(actor, "support", classes, passes, shares, thresholds)

        return sampled

    def neutral(self, issues: Mapping[str, Issue]) -> Iterator[Judgement]:
        """A support of which nothing is known."""
        yield from (item.share.bare(*UNKNOWN_SHARE) for item in self.support.items)

    def differences(self, pair: StatementReader) -> tuple[Difference, ...]:
        """The item that counts in the second state, where it gives another share."""
        before, after = (self.counting(pair, place) for place in (0, 1))
        points = after.share.mode - before.share.mode
        if before is after or points == 0:
            return ()
        return (Difference(after.id, points, "per cent", after.share),)

    def counting(self, states: StatementReader, place: int) -> SupportItem:
        """The item that counts in one of some states; the last always does."""
        for item in self.support.items:
            if item.when is None or states.holds(item.when.tree)[place]:
                return item
        raise AssertionError("the last item of a support list is the default")

    def parts(self, space: Space) -> Iterator[Part]:
        """Each share, where none before it matches."""
        open_: Mask = np.ones(len(space), dtype=bool)
        for item in self.support.items:
            counts = open_ if item.when is None else open_ & space.holds(item.when.tree)
            yield Part(item.share, counts)
            open_ = open_ & ~counts
