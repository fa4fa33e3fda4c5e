"""How fast agreed things are settled: each item's hazard, from a record, and the waits it makes.

Each agreed item is settled at a constant hazard, the same for all items of one record. With a
Gamma prior on the hazard and exposure in issue-years the posterior is Gamma again, and the hazard
can be integrated out in closed form (Gamma-Poisson; the wait of one item is Lomax [Lomax1954]).
Years are of 365.25 days, hazards per year. Formulas: ``docs/forecast-maths.md``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from math import comb
from typing import Any, Literal, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, gammainc, gammaincinv

from foedus.case.model import Record
from foedus.preferences.sample import Floats

DAYS_A_YEAR = 365.25

MOST_ITEMS = 200
"""More items than this are refused: the exact digits of the parallel formula cost too much."""

Together = Literal["parallel", "sequence"]
"""Several items of one pace wait for the longest of their times, or for the sum."""


class Prior(NamedTuple):
    """Gamma prior of a hazard: ``a0`` things done in ``b0`` issue-years."""

    a0: float = 0.5
    b0: float = 0.5


PRIOR = Prior()
"""Half a thing done in half an issue-year.

The shape is that of Jeffreys' prior for a rate. The half year makes it proper, for a record too
short to have any exposure, and says little: half its waits are shorter than 1.5 years, one in ten
is longer than 50.
"""


@dataclass(frozen=True, slots=True)
class Hazard:
    """What is known of an item's hazard: Gamma(``shape``, ``years``), after a record.

    ``done`` and ``at_risk`` (issue-years) are the record's share in it, the rest is the prior's.
    """

    done: int
    at_risk: float
    prior: Prior = PRIOR

    def __post_init__(self) -> None:
        if not (self.prior.a0 > 0 and self.prior.b0 >= 0):
            raise ValueError(f"no prior: Gamma({self.prior.a0:g}, {self.prior.b0:g})")
        if self.done < 0 or not self.at_risk >= 0:
            raise ValueError(f"{self.done} done in {self.at_risk:g} issue-years")
        if not self.years > 0:
            raise ValueError("the record has no time at risk, and the prior brings none")

    @property
    def shape(self) -> float:
        """The posterior's shape, a0 + done."""
        return self.prior.a0 + self.done

    @property
    def years(self) -> float:
        """The posterior's rate in years, b0 + issue-years at risk."""
        return self.prior.b0 + self.at_risk

    @property
    def mean(self) -> float:
        """The mean hazard, in items a year."""
        return self.shape / self.years

    def at(self, u: npt.ArrayLike) -> Floats:
        """The quantile function: hazards per year at the uniforms ``u``; shape of ``u``."""
        part = np.clip(np.asarray(u, dtype=float), 2.0**-54, 1 - 2.0**-53)
        return np.asarray(gammaincinv(self.shape, part) / self.years, dtype=float)

    def below(self, hazard: npt.ArrayLike) -> Floats:
        """The distribution function: the probability of at most ``hazard`` a year."""
        return np.asarray(gammainc(self.shape, np.asarray(hazard) * self.years), dtype=float)

    def settled(self, items: int, within: float, together: Together = "parallel") -> float:
        """The probability that so many items, begun now, are settled ``within`` years."""
        if items < 0 or items > MOST_ITEMS:
            raise ValueError(f"{items} items: from 0 to {MOST_ITEMS} can be computed")
        if not items:
            return 1.0 if within >= 0 else 0.0
        if not within > 0:
            return 0.0
        if together == "sequence":
            return float(betainc(items, self.shape, within / (self.years + within)))
        return _parallel(self.shape, self.years, within, items)[-1]

    def curve(self, most: int, within: float, together: Together = "parallel") -> Floats:
        """The probability that m items are settled ``within`` years, for m = 1 to ``most``."""
        if most < 1 or most > MOST_ITEMS:
            raise ValueError(f"{most} items: from 1 to {MOST_ITEMS} can be computed")
        if not within > 0:
            return np.zeros(most)
        if together == "sequence":
            items = np.arange(1, most + 1)
            settled = betainc(items, self.shape, within / (self.years + within))
            return np.asarray(settled, dtype=float)
        return np.array(_parallel(self.shape, self.years, within, most))

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        low, middle, high = (float(x) for x in self.at([0.05, 0.5, 0.95]))
        return {
            "prior": {"a0": self.prior.a0, "b0": self.prior.b0},
            "done": self.done,
            "at_risk": self.at_risk,
            "hazard": {"mean": self.mean, "low": low, "median": middle, "high": high},
        }


def hazard_of(record: Record, prior: Prior = PRIOR) -> Hazard:
    """What a record says of an item's hazard per year.

    Items not done are at risk from ``since`` to ``until``; those done leave at their date, or half
    way where no date is known. Raises ValueError as :func:`exposure` and for a bad prior.

    >>> from datetime import date
    >>> bridge = Record("deals", date(2000, 1, 1), date(2020, 1, 1), agreed=9, done=3)
    >>> hazard = hazard_of(bridge)
    >>> hazard.shape, round(hazard.years, 2)
    (3.5, 150.5)
    >>> round(hazard.settled(1, within=4), 3), round(hazard.settled(3, within=4), 5)
    (0.088, 0.00127)
    """
    return Hazard(record.done, exposure(record), prior)


def exposure(record: Record) -> float:
    """Issue-years at risk in a record.

    Raises ValueError when more was done than agreed, when the span is turned round, when there are
    more dates than things done, or when a date lies outside the span.
    """
    if not 0 <= record.done <= record.agreed:
        raise ValueError(f"record {record.id!r}: {record.done} done of {record.agreed} agreed")
    if record.until < record.since:
        raise ValueError(f"record {record.id!r} ends before it begins")
    if len(record.done_on) > record.done:
        raise ValueError(f"record {record.id!r}: more dates than things done")
    span = years_between(record.since, record.until)
    for day in record.done_on:
        if not record.since <= day <= record.until:
            raise ValueError(f"record {record.id!r}: {day} lies outside its span")
    dated = sum(years_between(record.since, day) for day in record.done_on)
    undated = record.done - len(record.done_on)
    return dated + undated * span / 2 + (record.agreed - record.done) * span


def years_between(start: date, end: date) -> float:
    """Years of 365.25 days from one day to another; negative when turned round."""
    return (end - start).days / DAYS_A_YEAR


def _parallel(shape: float, years: float, within: float, most: int) -> Sequence[float]:
    """P(the longest of m waits is at most ``within``) for m = 1 to ``most``.

    Inclusion and exclusion over the items still open: the sum over k of (-1)^k C(m, k)
    (b / (b + k t))^a. The terms cancel, so they are kept to as many digits as that costs.
    """
    with localcontext() as context:
        context.prec = 50 + 2 * most
        a, b, t = Decimal(shape), Decimal(years), Decimal(within)
        open_ = [(b / (b + k * t)) ** a for k in range(most + 1)]
        signed = [-term if k % 2 else term for k, term in enumerate(open_)]
        return [
            float(sum((comb(m, k) * signed[k] for k in range(m + 1)), Decimal(0)))
            for m in range(1, most + 1)
        ]
