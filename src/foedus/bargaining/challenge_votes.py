"""Votes, chances, expected utilities and risks of the challenge model; definitions there.

Positions ``x`` (n,) are on a scale of length 1. Where actors share positions, votes are counted by
position: p, q run over the m different ones, and ``at`` (n,) says where an actor stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from foedus.bargaining.issue import Floats, OrderedIssue
from foedus.bargaining.median import weighted_median
from foedus.bargaining.model import Chosen

SAME = 1e-12
"""Sums of votes below this part of all weight are rounding errors."""


@dataclass(frozen=True, slots=True, eq=False)
class Contest:
    """A round of the challenge model: who stands where with what weight, and the readings."""

    position: Floats
    weight: Floats
    resistance: Floats
    held: Floats
    at: npt.NDArray[np.intp]
    median: float
    chosen: Chosen
    plain: Floats

    @staticmethod
    def of(issue: OrderedIssue, position: Floats, chosen: Chosen) -> Contest:
        """The contest at these positions (n,), on a scale of length 1."""
        held, at = np.unique(position, return_inverse=True)
        weight = issue.weight
        median = weighted_median(position, weight)
        plain = _cast(held, position, weight, None)
        return Contest(position, weight, issue.resistance, held, at, median, chosen, plain)

    # --- chances --------------------------------------------------------------------------------

    def _votes(self, risk: Floats) -> Floats:
        """Votes (m, m) for held position p against q, by distances or by utilities."""
        if self.chosen["votes"] == "distances":
            return self.plain
        return _cast(self.held, self.position, self.weight, risk)

    def chances(self, risk: Floats) -> Floats:
        """The chance (n, n) that position i beats position j; risks (n,) bend votes by utility."""
        cast = self._votes(risk)
        if self.chosen["denominator"] == "all-pairs":
            crowd = np.bincount(self.at, minlength=len(self.held)).astype(float)
            every = float(crowd @ (cast + cast.T) @ crowd)
            return (cast / every if every > 0 else cast)[np.ix_(self.at, self.at)]
        won = cast[np.ix_(self.at, self.at)]
        lost = won.T.copy()
        if self.chosen["voters"] == "third-parties":
            own = self._own_votes(risk)
            won, lost = won - own, lost - own.T
        return _share(won, won + lost)

    def _own_votes(self, risk: Floats) -> Floats:
        """The vote (n, n) of i for its own position against that of j."""
        far = np.abs(self.position[:, None] - self.position[None, :])
        if self.chosen["votes"] == "utilities":
            far = far ** risk[:, None]
        return self.weight[:, None] * far

    # --- expected utilities ---------------------------------------------------------------------

    def expected(self, risk: Floats) -> tuple[Floats, Floats]:
        """By the risk of i: what i expects of challenging j, and j of it; both (n, n)."""
        chance = self.chances(risk)
        far = np.abs(self.position[:, None] - self.position[None, :])
        bent = risk[:, None]
        own = self._utility(chance, far, bent, self.resistance[None, :], self.position[:, None])
        theirs = self._utility(
            chance.T, far, bent, self.resistance[:, None], self.position[None, :]
        )
        return own, theirs

    def _utility(
        self, chance: Floats, far: Floats, risk: Any, resists: Any, challenger: Any
    ) -> Floats:
        """What a challenger expects whose target is so far away, and resists with this chance."""
        success: Floats = 2 - 4 * (np.maximum(1 - far, 0.0) / 2) ** risk
        failure = 2 - 4 * ((1 + far) / 2) ** risk
        stays = 2 - 4 * 0.5**risk
        gained: Floats = resists * (chance * success + (1 - chance) * failure)
        gained = gained + (1 - resists) * success
        sure = float(self.chosen["Q"])
        if sure == 1:
            return np.asarray(gained - stays)
        apart = np.abs(challenger - self.median)
        way = (apart + far) / 4
        nearer = (1 - np.sign(apart - far)) / 2 if self.chosen["T"] == "by-median" else 0.5
        better, worse = 2 - 4 * (np.maximum(0.5 - way, 0)) ** risk, 2 - 4 * (0.5 + way) ** risk
        goes = nearer * better + (1 - nearer) * worse
        return np.asarray(gained - sure * stays - (1 - sure) * goes)

    # --- risk -----------------------------------------------------------------------------------

    def risks(self) -> Floats:
        """The risk exponents (n,), from 1/2 to 2; 1 for all without risk."""
        n = len(self.position)
        neutral = np.ones(n)
        if self.chosen["risk"] == "off":
            return neutral
        if self.chosen["risk"] == "over-actors":
            danger = self.expected(neutral)[1]
            np.fill_diagonal(danger, 0.0)
            each = danger.sum(axis=1)
            return _exponents(each, np.full(n, each.min()), np.full(n, each.max()))
        dangers = self._dangers(neutral)
        return _exponents(dangers[np.arange(n), self.at], dangers.min(axis=1), dangers.max(axis=1))

    def _dangers(self, neutral: Floats) -> Floats:
        """What others expect (n, m) of challenging i, if it stood, and voted, at held position p.

        By r = 1. The sum over all pairs, and the median, stay those of the round.
        """
        cast = self._votes(neutral)
        pairwise = self.chosen["denominator"] == "pair"
        third = pairwise and self.chosen["voters"] == "third-parties"
        crowd = np.bincount(self.at, minlength=len(self.held)).astype(float)
        # Challengers stand in rows: one for each position, or each actor, which then casts no vote.
        rows = self.at if third else np.arange(len(self.held))
        count = np.ones(len(rows)) if third else crowd
        far = np.abs(self.held[rows, None] - self.held[None, :])
        won, lost = cast[rows], cast.T[rows]
        if third:
            won = won - self.weight[:, None] * far
        # Where both stand together nobody votes, and nothing depends on the chance.
        every = won + lost + (far == 0)
        if not pairwise:
            every = np.float64(crowd @ (cast + cast.T) @ crowd)
        none, sure = np.zeros_like(far), np.ones_like(far)
        at_worst = self._utility(none, far, 1.0, sure, self.held[rows, None])
        at_best = self._utility(sure, far, 1.0, sure, self.held[rows, None])
        gain = at_best - at_worst
        dangers = np.empty((len(self.position), len(self.held)))
        for i, (weight, own) in enumerate(zip(self.weight, self.position, strict=True)):
            others = count.copy()
            others[i if third else self.at[i]] -= 1
            near = weight * np.abs(self.held - own)
            gap = near[None, :] - near[rows, None]
            size = np.abs(gap)
            total = every
            if pairwise:
                total = every - size
                if not third:
                    total += weight * far
            gap += size
            gap *= -0.5
            gap += won
            chance = _share(gap, total)
            chance *= gain
            resists = self.resistance[i]
            dangers[i] = resists * (others @ chance + others @ at_worst)
            dangers[i] += (1 - resists) * (others @ at_best)
        return dangers


def _cast(held: Floats, position: Floats, weight: Floats, risk: Floats | None) -> Floats:
    """Votes (m, m) for held position p against q, summed over actors; risks (n,) bend distances."""
    total = np.zeros((len(held), len(held)))
    vote = np.empty_like(total)
    for k, own in enumerate(position):
        far = np.abs(held - own)
        if risk is not None:
            far = far ** risk[k]
        far *= weight[k]
        np.subtract(far[None, :], far[:, None], out=vote)
        np.maximum(vote, 0.0, out=vote)
        total += vote
    return total


def _share(won: Floats, every: Floats | np.float64) -> Floats:
    """Votes won as a share of those cast; 1/2 where there are none but rounding errors."""
    if every.min() > SAME:
        return won / every
    none = every <= SAME
    return np.where(none, 0.5, won / np.where(none, 1.0, every))


def _exponents(danger: Floats, least: Floats, most: Floats) -> Floats:
    span = most - least
    flat = span <= SAME
    bent = (2 * danger - most - least) / np.where(flat, 1.0, span)
    bent = np.where(flat, 0.0, np.clip(bent, -1.0, 1.0))
    return np.asarray((1 - bent / 3) / (1 + bent / 3))
