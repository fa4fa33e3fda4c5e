"""Where a process takes its numbers from: draws of every judgement, or the most likely once."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from foedus.preferences.sample import Floats, MostLikely, Sample
from foedus.process.pace import Hazard


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
