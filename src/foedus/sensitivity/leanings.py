"""What an observation tells of the judgements: which stand otherwise once draws are weighted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri
from scipy.stats import rankdata

from foedus.forecasting.ranges import Floats, sample
from foedus.forecasting.results import Forecast
from foedus.forecasting.streams import draw_blocks
from foedus.result import data_of
from foedus.sensitivity.inputs import Input, drawn_inputs, inputs_of

CONFIDENCE = 0.99
"""Chance alone leaves every input untold this often."""

SLIGHT = 0.1
"""What moves by less than this part of a standard deviation is not told."""

MOST = 5


@dataclass(frozen=True, slots=True)
class Leaning:
    """An input that stands otherwise given what has been observed.

    ``before`` and ``after`` are its mean place in its distribution, from 0 to 1; of a wish that is
    held or not, the share of draws in which it is held. ``deviations`` is how far the mean moves,
    in standard deviations of the place. ``values`` are the means of a single judgement in its own
    unit, None for other inputs.
    """

    input: Input
    before: float
    after: float
    deviations: float
    values: tuple[float, float] | None

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(
            self,
            "judgement=input.name actors=input.actors loadings=input.loadings "
            "held=input.held before after "
            "deviations values",
        )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What the case leaves out of an actor's worth of a position, if it stands otherwise.

    ``deviations`` is how far its mean moves, in standard deviations; it is 0 before.
    """

    actor: str
    position: str
    deviations: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "actor position deviations")


def leanings_in(forecast: Forecast, weights: Floats, most: int = MOST) -> tuple[Leaning, ...]:
    """The inputs that stand otherwise when draws have these weights (n,), the most moved first.

    Told are those whose rank correlation with the weights is beyond the greatest of as many idle
    inputs in 99 of 100 cases (normal approximation, Bonferroni's bound).
    """
    inputs = inputs_of(forecast)
    if not inputs:
        return ()
    places = drawn_inputs(forecast, inputs, len(weights))
    measures = np.where(np.array([each.held for each in inputs]), places > 0.5, places)
    before, after = measures.mean(axis=0), _mean(measures, weights)
    off, order = _told(measures, weights)
    return tuple(
        Leaning(
            inputs[j],
            float(before[j]),
            float(after[j]),
            float(off[j]),
            _values(inputs[j], places[:, j], weights),
        )
        for j in order[:most]
    )


def left_out_in(forecast: Forecast, weights: Floats, most: int = MOST) -> tuple[LeftOut, ...]:
    """What the case leaves out that stands otherwise, told as :func:`leanings_in` tells inputs."""
    process = forecast.process
    actors, _ = process.actors
    if not forecast.options.left_out or not actors:
        return ()
    issues = process.game.space.radix.issues
    names = [f"{issue.id} = {p.id}" for issue in issues for p in issue.positions]
    pairs = [(actor, name) for actor in actors for name in names]
    draws = np.concatenate(
        [
            np.stack([block.normals(f"left out of {a} at {p}") for a, p in pairs], axis=1)
            for block in draw_blocks(len(weights), forecast.seed)
        ]
    )
    off, order = _told(draws, weights)
    return tuple(LeftOut(*pairs[j], float(off[j])) for j in order[:most])


def _told(measures: Floats, weights: Floats) -> tuple[Floats, list[int]]:
    """How far weights move the mean of each measure, and which are told, the most moved first."""
    spread = measures.std(axis=0)
    moved = _mean(measures, weights) - measures.mean(axis=0)
    off = np.divide(moved, spread, out=np.zeros(len(spread)), where=spread > 0)
    beyond = _going_with(measures, weights)
    told = np.abs(beyond) > bound_of(len(off))
    told &= (np.abs(off) >= SLIGHT) & (np.sign(off) == np.sign(beyond))
    return off, sorted(np.flatnonzero(told).tolist(), key=lambda j: -abs(off[j]))


def _going_with(measures: Floats, weights: Floats) -> Floats:
    """The rank correlation of each measure with the weights, in its own standard errors.

    A few draws may carry nearly all the weight, so that means say little; ranks are not moved by
    that.
    """
    ranks, weight = rankdata(measures, axis=0), rankdata(weights)
    ranks, weight = ranks - ranks.mean(axis=0), weight - weight.mean()
    scale = np.sqrt((ranks**2).sum(axis=0) * (weight**2).sum())
    found = np.divide(weight @ ranks, scale, out=np.zeros(len(scale)), where=scale > 0)
    return np.asarray(found * math.sqrt(max(len(weights) - 1, 0)))


def bound_of(count: int) -> float:
    """How many standard errors the greatest of so many idle measures rarely passes."""
    return float(ndtri(1 - (1 - CONFIDENCE) / (2 * count)))


def _mean(measures: Floats, weights: Floats) -> Floats:
    return np.asarray(weights @ measures / weights.sum())


def _values(each: Input, places: Floats, weights: Floats) -> tuple[float, float] | None:
    """The means of a single judgement's values, over the draws as they are and as weighted."""
    if each.held or not each.whole or len(each.judgements) != 1:
        return None
    values = sample(each.judgements[0], places)
    return float(values.mean()), float(_mean(values, weights))
