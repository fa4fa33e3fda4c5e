"""The inside view as the pool takes it: probabilities with their Monte Carlo error.

A draw of the judgements gives a probability of each hypothesis; the view is the mean over the
draws, and its Monte Carlo error the standard error of that mean. Nothing is added to it: what no
draw gives any chance is exactly 0. Two versions stand side by side: as judged, and with what the
case leaves out (internal discrepancy [Strong2012]), where every worth is a little unsure; the
second is the one that is pooled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from immutabledict import immutabledict

from foedus.forecasting.estimates import Share, Z
from foedus.forecasting.ranges import Floats
from foedus.result import data_of

SUM = 1e-9
"""Probabilities of an exclusive set may miss one by so much."""


@dataclass(frozen=True, slots=True, eq=False)
class Mean:
    """Probabilities (H,) over the exclusive set, and the covariance (H, H) of their errors.

    The errors are those of Monte Carlo alone: more draws make them smaller.
    """

    p: Floats
    covariance: Floats

    @classmethod
    def of_draws(cls, rows: npt.ArrayLike) -> Mean:
        """The mean of the probabilities that draws give, (n, H), each row summing to one.

        The covariance is that of the mean; of a single draw it is not known, and 0. Raises
        ValueError for no draws, negative probabilities, or rows that do not sum to one.
        """
        given = np.asarray(rows, dtype=float)
        if given.ndim != 2 or not given.size:
            raise ValueError("there are no draws of the inside view")
        if not (given >= 0).all() or (abs(given.sum(axis=1) - 1) > SUM).any():
            raise ValueError("each draw gives probabilities that sum to one")
        p = given.mean(axis=0)
        n = len(given)
        if n == 1:
            return cls(p, np.zeros((p.size, p.size)))
        apart = given - p
        return cls(p, apart.T @ apart / (n * (n - 1)))

    @classmethod
    def of_counts(cls, counts: npt.ArrayLike) -> Mean:
        """The shares of draws that each came out in one hypothesis; ``counts`` is (H,).

        Raises ValueError for none or negative ones.

        >>> Mean.of_counts([0, 30, 70]).p.tolist()
        [0.0, 0.3, 0.7]
        """
        hits = np.asarray(counts, dtype=float)
        if hits.ndim != 1 or not (hits >= 0).all() or not hits.sum() > 0:
            raise ValueError("counts of the hypotheses are whole numbers from 0, not all 0")
        p = hits / hits.sum()
        return cls(p, (np.diag(p) - np.outer(p, p)) / hits.sum())

    @classmethod
    def exact(cls, p: npt.ArrayLike) -> Mean:
        """Probabilities without any Monte Carlo error, (H,), as of a solution without draws."""
        return cls(given := np.asarray(p, dtype=float), np.zeros((given.size, given.size)))

    @property
    def se(self) -> Floats:
        """The standard error of each, (H,)."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))


@dataclass(frozen=True, slots=True)
class InsideShare(Share):
    """A hypothesis by the inside view as judged.

    ``low`` to ``high`` is the 90 % interval of the Monte Carlo error, ``se`` its standard error;
    ``with_discrepancy`` the probability with what the case leaves out, which is the one pooled.
    ``impossible``: that one is exactly 0, so that the pooled answer is 0 too.
    """

    se: float = 0.0
    with_discrepancy: float = 0.0
    impossible: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "p low high se with_discrepancy impossible")


@dataclass(frozen=True, slots=True, eq=False)
class InsideView:
    """The inside view over an exclusive set, as judged and with what the case leaves out.

    ``with_discrepancy`` is None where it was not computed: then the view as judged is pooled.
    Raises ValueError where the hypotheses and the probabilities do not match.
    """

    hypotheses: tuple[str, ...]
    judged: Mean
    with_discrepancy: Mean | None = None

    def __post_init__(self) -> None:
        for mean in (self.judged, self.pooled):
            if mean.p.shape != (len(self.hypotheses),):
                raise ValueError("the inside view has a probability for each hypothesis")

    @classmethod
    def of_counts(cls, counts: Mapping[str, int]) -> InsideView:
        """The view of draws that each came out in one hypothesis, by how many did."""
        return cls(tuple(counts), Mean.of_counts(list(counts.values())))

    @classmethod
    def of_draws(
        cls,
        hypotheses: Sequence[str],
        judged: npt.ArrayLike,
        with_discrepancy: npt.ArrayLike | None = None,
    ) -> InsideView:
        """The view of draws that give probabilities, (n, H), as judged and with discrepancy."""
        other = None if with_discrepancy is None else Mean.of_draws(with_discrepancy)
        return cls(tuple(hypotheses), Mean.of_draws(judged), other)

    @property
    def pooled(self) -> Mean:
        """The version that is pooled."""
        return self.judged if self.with_discrepancy is None else self.with_discrepancy

    def shares(self) -> Mapping[str, InsideShare]:
        """Each hypothesis with both versions and the Monte Carlo error."""
        found = {}
        for h, p, se, other in zip(
            self.hypotheses,
            self.judged.p.tolist(),
            self.judged.se.tolist(),
            self.pooled.p.tolist(),
            strict=True,
        ):
            low, high = max(0.0, p - Z * se), min(1.0, p + Z * se)
            found[h] = InsideShare(p, low, high, se, other, other == 0)
        return immutabledict(found)
