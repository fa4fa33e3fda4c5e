"""Positions in pairwise contests: a probabilistic Condorcet election, and the central position.

As in KTAB [Wise2015]_. Actor k values position a at u_k(a) = 1 - d^2 (option ``utility``), d being
its distance on the issue's scale of length 1, and casts c_k s_k (u_k(a) - u_k(b)) for a against b.
P(a beats b) is the share of votes for a of all cast on the pair, 1/2 where there are none.

* ``condorcet``: the chance of each held position is the stationary share of a walk that is at a,
  meets each other position alike often, and goes to b with chance P(b beats a); or, with ``chances:
  beats-all``, in proportion to the chance that a beats each other one. The answer is their mean.
* ``central``: the held position with the largest weighted sum of utilities. What lies between those
  that tie is taken.
"""

from __future__ import annotations

import numpy as np

from foedus.bargaining.issue import Floats, OrderedIssue, inside
from foedus.bargaining.model import (
    BargainingModel,
    Chosen,
    Option,
    Settled,
    one_by_one,
    remark_on,
)

ALIKE = 1e-9


def _utilities(issue: OrderedIssue, held: Floats, chosen: Chosen) -> Floats:
    """What each actor (rows) makes of each held position (columns)."""
    far = np.abs(issue.position[:, None] - held[None, :]) / issue.width
    return 1 - (far**2 if chosen["utility"] == "quadratic" else far)


def pairwise_chances(utility: Floats, weight: Floats) -> Floats:
    """The chance (m, m) that option a beats option b, by utilities (n, m) and weights (n,)."""
    options = utility.shape[1]
    won = np.empty((options, options))
    for a in range(options):
        gain = utility[:, [a]] - utility
        won[a] = weight @ np.maximum(gain, 0.0)
    every = won + won.T
    none = every <= 1e-15
    return np.where(none, 0.5, won / np.where(none, 1.0, every))


def _chances(beats: Floats, how: str) -> Floats:
    options = len(beats)
    if options == 1:
        return np.ones(1)
    if how == "beats-all":
        with np.errstate(divide="ignore"):
            logs = np.log(beats)
        np.fill_diagonal(logs, 0.0)
        score = logs.sum(axis=1)
        if not np.isfinite(score).any():
            return np.full(options, 1 / options)
        chance = np.exp(score - score.max())
        return np.asarray(chance / chance.sum())
    walk = beats.T / (options - 1)  # [from, to]
    np.fill_diagonal(walk, 0.0)
    np.fill_diagonal(walk, 1 - walk.sum(axis=1))
    # The stationary row: shares that the walk leaves as they are, and that sum to 1.
    system = np.vstack([walk.T - np.eye(options), np.ones(options)])
    goal = np.append(np.zeros(options), 1.0)
    chance = np.maximum(np.linalg.lstsq(system, goal, rcond=None)[0], 0.0)
    return np.asarray(chance / chance.sum())


def _settle_condorcet(issue: OrderedIssue, chosen: Chosen) -> Settled:
    held = np.unique(issue.position)
    beats = pairwise_chances(_utilities(issue, held, chosen), issue.weight)
    chance = _chances(beats, str(chosen["chances"]))
    point = inside(issue, float(chance @ held))
    chances = {float(at): float(p) for at, p in zip(held, chance, strict=True)}
    return Settled(point, remark=remark_on(issue), chances=chances)


def _settle_central(issue: OrderedIssue, chosen: Chosen) -> Settled:
    held = np.unique(issue.position)
    value = issue.weight @ _utilities(issue, held, chosen)
    best = held[value >= value.max() - ALIKE]
    return Settled(float(best[0] + best[-1]) / 2, remark=remark_on(issue))


UTILITY = Option(
    "utility",
    "quadratic",
    ("quadratic", "linear"),
    "Wise2015",
    "how the worth of a position falls with distance; with linear worths the best position of all "
    "is the weighted median",
)
CONDORCET = BargainingModel(
    "condorcet",
    "positions in pairwise contests, the mean of where such a walk stays",
    "Wise2015",
    one_by_one(_settle_condorcet),
    (
        UTILITY,
        Option(
            "chances",
            "walk",
            ("walk", "beats-all"),
            "Wise2015",
            "whether a position's chance is its share of a walk over contests, or the chance that "
            "it beats all others, which is more extreme",
        ),
    ),
)
CENTRAL = BargainingModel(
    "central",
    "the held position with the largest weighted sum of utilities",
    "Wise2015",
    one_by_one(_settle_central),
    (UTILITY,),
)
