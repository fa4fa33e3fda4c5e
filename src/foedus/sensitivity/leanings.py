"""What an observation tells of the judgements: which stand otherwise in the draws that remain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from foedus.forecasting.ranges import Floats, sample
from foedus.forecasting.results import Forecast
from foedus.game.space import Mask
from foedus.sensitivity.inputs import Input, drawn_inputs, inputs_of

CONFIDENCE = 0.99
"""Chance alone leaves every input untold this often."""

SLIGHT = 0.05
"""What moves by less of its distribution than this is not told."""

MOST = 5


@dataclass(frozen=True, slots=True)
class Leaning:
    """An input that stands otherwise in the draws that remain.

    ``before`` and ``after`` are its mean place in its distribution, from 0 to 1, among all draws
    and those that remain; of a wish that is held or not, the share of draws in which it is held.
    ``values`` are the means of a single judgement in its own unit, None for other inputs.
    """

    input: Input
    before: float
    after: float
    values: tuple[float, float] | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "judgement": self.input.name,
            "actors": list(self.input.actors),
            "held": self.input.held,
            "before": self.before,
            "after": self.after,
            "values": None if self.values is None else list(self.values),
        }


def leanings_in(forecast: Forecast, kept: Mask, most: int = MOST) -> tuple[Leaning, ...]:
    """The inputs that stand otherwise in the draws kept (n,), the most moved first.

    Told are those whose mean is off by more than the greatest of as many idle inputs would be in a
    random part of the draws, in 99 of 100 cases (normal approximation, Bonferroni's bound).
    """
    inputs = inputs_of(forecast)
    if not inputs:
        return ()
    places = drawn_inputs(forecast, inputs, len(kept))
    held = np.array([each.held for each in inputs])
    measures = np.where(held, places > 0.5, places)
    off = places_off(measures, kept)
    before, after = measures.mean(axis=0), measures[kept].mean(axis=0)
    told = (np.abs(off) > bound_of(len(inputs))) & (np.abs(after - before) >= SLIGHT)
    order = sorted(np.flatnonzero(told), key=lambda j: -abs(after[j] - before[j]))
    return tuple(
        Leaning(
            inputs[j],
            float(before[j]),
            float(after[j]),
            _values(inputs[j], places[:, j], kept),
        )
        for j in order[:most]
    )


def places_off(measures: Floats, kept: Mask) -> Floats:
    """How far the mean of each measure (n, J) among the kept is off the whole's; (J,).

    In standard errors of the mean of a random part of the draws, drawn without putting back.
    """
    n, m = len(kept), int(kept.sum())
    spread = measures.std(axis=0, ddof=1) * np.sqrt((1 - m / n) / m)
    off = measures[kept].mean(axis=0) - measures.mean(axis=0)
    return np.asarray(np.divide(off, spread, out=np.zeros(len(off)), where=spread > 0))


def bound_of(count: int) -> float:
    """How many standard errors the greatest of so many idle measures rarely passes."""
    return float(ndtri(1 - (1 - CONFIDENCE) / (2 * count)))


def _values(each: Input, places: Floats, kept: Mask) -> tuple[float, float] | None:
    """The means of a single judgement's values, among all draws and the kept."""
    if each.held or len(each.judgements) != 1:
        return None
    values = sample(each.judgements[0], places)
    return float(values.mean()), float(values[kept].mean())
