"""Where a process takes its numbers from: draws of every judgement, or the most likely once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar, cast

import numpy as np
import numpy.typing as npt

from foedus.case.judgement import Judgement
from foedus.case.model import Poll
from foedus.game.space import Mask
from foedus.preferences.sample import Floats, MostLikely, Sample
from foedus.process.pace import Hazard

Values = TypeVar("Values", bound=npt.NDArray[np.generic])


class ProcessSample(Sample, Protocol):
    """So many draws of every judgement and of every record's hazard."""

    def hazards(self, record: str, hazard: Hazard) -> Floats:
        """The hazard of one record in each draw, a year; shape (n,)."""
        ...

    def normals(self, key: str) -> Floats:
        """Independent standard normals under one name; shape (n,)."""
        ...


class MostLikelyProcess(MostLikely):
    """The one draw of the most likely judgements: hazards at the mean of their posterior."""

    def hazards(self, record: str, hazard: Hazard) -> Floats:
        """The posterior mean; shape (1,)."""
        return np.array([hazard.mean])

    def normals(self, key: str) -> Floats:
        """Nothing is left out; shape (1,)."""
        return np.zeros(1)


MOST_LIKELY_PROCESS = MostLikelyProcess()

SUPPORT_POINTS = 5.0
"""Percentage points by which an electorate's support is moved for what a case leaves out (sd)."""


class Unsure:
    """A sample in which an electorate's shares are moved by what the case leaves out."""

    def __init__(self, sample: ProcessSample, left_out: float) -> None:
        self._sample = sample
        self._points = SUPPORT_POINTS * left_out / 0.05

    @property
    def size(self) -> int:
        """How many draws there are."""
        return self._sample.size

    def values(self, judgement: Judgement) -> Floats:
        """As in the sample; shape (n,)."""
        return self._sample.values(judgement)

    def so(self, held: Judgement) -> Mask:
        """As in the sample; shape (n,)."""
        return self._sample.so(held)

    def share(self, share: Judgement, polls: Mapping[str, Poll]) -> Floats:
        """The sample's, moved; shape (n,)."""
        moved = self._points * self._sample.normals(f"left out of {share.name}")
        return np.asarray(self._sample.share(share, polls) + moved)


class KeptSample:
    """A sample whose numbers are drawn once, to be looked at some draws at a time."""

    def __init__(self, sample: Sample) -> None:
        self._sample = sample
        self._known: dict[tuple[str, int], npt.NDArray[np.generic]] = {}

    def some(self, rows: slice) -> Sample:
        """The same numbers in some of the draws."""
        return _Some(self, rows)

    def known(self, what: str, judgement: Judgement, draw: Callable[[], Values]) -> Values:
        """What is drawn of a judgement, in all draws; the case keeps its judgements."""
        key = what, id(judgement)
        if key not in self._known:
            self._known[key] = draw()
        return cast(Values, self._known[key])

    def values(self, judgement: Judgement) -> Floats:
        """As in the sample; shape (n,)."""
        return self.known("values", judgement, lambda: self._sample.values(judgement))

    def so(self, held: Judgement) -> Mask:
        """As in the sample; shape (n,)."""
        return self.known("so", held, lambda: self._sample.so(held))

    def share(self, share: Judgement, polls: Mapping[str, Poll]) -> Floats:
        """As in the sample; shape (n,)."""
        return self.known("share", share, lambda: self._sample.share(share, polls))


class _Some:
    """Some draws of a sample."""

    def __init__(self, sample: KeptSample, rows: slice) -> None:
        self._sample, self._rows = sample, rows

    @property
    def size(self) -> int:
        return int(self._rows.stop - self._rows.start)

    def values(self, judgement: Judgement) -> Floats:
        return self._sample.values(judgement)[self._rows]

    def so(self, held: Judgement) -> Mask:
        return self._sample.so(held)[self._rows]

    def share(self, share: Judgement, polls: Mapping[str, Poll]) -> Floats:
        return self._sample.share(share, polls)[self._rows]
