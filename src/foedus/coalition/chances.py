"""How likely each coalition is: what comes up, whether all who are asked agree, what is first.

From a caretaker, each coalition C comes up at random times, at a rate that is a power of the
geometric mean of the gains that the parties it asks expect. Each time, a party's worth of it is
v + e, where v is what its terms weigh and e is drawn anew from the logistic distribution. It is
agreed when v + e > 0 for all who are asked; the first that is agreed takes office. A clock whose
rings count with a fixed chance is a slower clock, and of several the chance to ring first is its
share of the rates, so the answer is computed and nothing is drawn::

    P(C) = r(C) / sum of r,   r(C) = product of s(v) * (geometric mean of log(1 + exp(v))) ** power

over the parties asked, where s(v) = 1 / (1 + exp(-v)) is the chance to agree and log(1 + exp(v))
the mean of v + e, counted as 0 where it is below. See ``docs/coalition.md``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.coalition.gains import Gains
from foedus.coalition.opportunity import Floats


@dataclass(frozen=True, slots=True, eq=False)
class Weights:
    """What each term weighs, in logits, in the order of `gains.TERMS`, and the power of the mean.

    ``power`` is above 0: the greater, the more the gains decide and the less chance.
    """

    terms: Floats
    power: float


def worths(found: Gains, weights: Weights) -> Floats:
    """Each party's expected worth of each coalition over a caretaker (N, n), in logits."""
    return found.terms @ weights.terms


def log_rates(worth: Floats, asked: NDArray[np.bool_], power: float) -> Floats:
    """The log of each coalition's rate of being agreed (N,), of worths and who is asked (N, n)."""
    expected = np.logaddexp(0, worth)
    agreeing = np.where(asked, worth - expected, 0).sum(1)
    mean = np.where(asked, np.log(np.maximum(expected, 1e-300)), 0).sum(1) / asked.sum(1)
    rates: Floats = agreeing + power * mean
    return rates


def shares(logs: Floats) -> Floats:
    """Rates, given by their logs, as shares of their sum."""
    rates = np.exp(logs - logs.max())
    total: Floats = rates / rates.sum()
    return total


def chances(found: Gains, weights: Weights) -> Floats:
    """The chance of each coalition (N,), in the order of `Gains`; they sum to 1."""
    return shares(log_rates(worths(found, weights), found.asked, weights.power))


def agreeing(worth: Floats) -> Floats:
    """The chance that a party agrees when it is asked: that its worth, as drawn, is above 0."""
    agreed: Floats = np.exp(worth - np.logaddexp(0, worth))
    return agreed
