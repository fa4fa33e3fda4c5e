"""Fit the distributions of bargaining models to real decisions, and say how well they do.

    FOEDUS_REFERENCE=DIR python benchmarks/fit_decisions.py [--write]

DIR/deu holds positions.csv, issues.csv (with a column `outcome`) and capabilities.csv. What comes
out is what src/foedus/bargaining/fitted.py holds; --write writes it. See docs/bargaining.md.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from decisions import Decision, decisions_in, folds, settled_points, summary
from scipy.special import ndtr

from foedus.bargaining.best import best_spread
from foedus.bargaining.registry import MODELS

GRID = np.arange(100) + 0.5
"""Points on a scale of 100 at which distributions are compared with outcomes."""

HELD = (0.3, 0.4, 0.5, 0.6, 0.7, 1.0)
KEPT = (0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)
NARROW = (5.0, 10.0, 15.0, 20.0)
"""Under 5 the intervals end at single positions, and whether they hold an outcome is luck."""
WIDE = (18.0, 20.0, 22.0, 24.0, 26.0, 28.0, 31.0, 34.0)
COVERED = 0.79, 0.84
"""An 80 % interval should hold so many of the outcomes that the parameters are fitted to."""

Floats = Any


@dataclass(frozen=True)
class Part:
    """A component of all decisions: P(outcome <= grid), at each outcome, and below it."""

    grid: Floats
    at: Floats
    under: Floats


def part_of(centre: Floats, weight: Floats, sd: float, outcome: Floats) -> Part:
    """Normal distributions around centres (n, k) with weights, all mass beyond an end put there."""

    def below(points: Floats) -> Floats:
        return np.einsum("nk,nkg->ng", weight, ndtr((points[:, None, :] - centre[:, :, None]) / sd))

    whole = below(np.broadcast_to(GRID, (len(outcome), len(GRID))))
    here = below(outcome[:, None])[:, 0]
    return Part(whole, np.where(outcome >= 100, 1.0, here), np.where(outcome <= 0, 0.0, here))


def crps(grid: Floats, outcome: Floats) -> Floats:
    """The continuous ranked probability score (n,), on a scale of 100."""
    return ((grid - (outcome[:, None] <= GRID)) ** 2).sum(axis=1)


class Family:
    """All members of the family of `best`, each with its score and coverage by decision."""

    def __init__(self, all_of: Sequence[Decision]) -> None:
        most = max(len(each.issue.actors) for each in all_of)
        x, w = np.zeros((len(all_of), most)), np.zeros((len(all_of), most))
        for row, each in enumerate(all_of):
            n = len(each.issue.actors)
            x[row, :n], w[row, :n] = each.issue.position, each.issue.weight
        y = np.array([each.outcome for each in all_of])
        m = (w * x).sum(axis=1)
        ones = np.ones((len(y), 1))
        wide = {sd: part_of(m[:, None], ones, sd, y) for sd in WIDE}
        near = {
            (k, sd): part_of(m[:, None] + k * (x - m[:, None]), w, sd, y)
            for k, sd in product(KEPT, NARROW)
        }
        self.names, scores, covered = [], [], []
        for held, (k, sd), broad in product(HELD, near, wide):
            if held == 1 and broad != WIDE[0]:
                continue
            a, b = near[k, sd], wide[broad]
            scores.append(crps(held * a.grid + (1 - held) * b.grid, y))
            at, under = (held * p + (1 - held) * q for p, q in ((a.at, b.at), (a.under, b.under)))
            covered.append((at >= 0.1) & (under <= 0.9))
            self.names.append((held, k, sd, broad))
        self.scores, self.covered = np.array(scores), np.array(covered)

    def best(self, rows: Floats) -> int:
        """The member of lowest score on these decisions among those whose intervals are right."""
        score = self.scores[:, rows].mean(axis=1)
        covered = self.covered[:, rows].mean(axis=1)
        right = (covered >= COVERED[0]) & (covered <= COVERED[1])
        return int(np.where(right, score, np.inf).argmin())


def best_sd(points: Floats, outcome: Floats, rows: Floats) -> float:
    """The standard deviation around points with the lowest score on some decisions."""
    steps = np.arange(16.0, 70.0, 0.5)
    each = [crps(ndtr((GRID - points[rows, None]) / sd), outcome[rows]).mean() for sd in steps]
    return float(steps[int(np.argmin(each))])


def cross_validated(
    all_of: Sequence[Decision], fitted: Callable[[Floats, Floats], Floats], repeats: int
) -> Floats:
    """Mean score (n,) where each decision is told by what was fitted to other clusters."""
    total = np.zeros(len(all_of))
    for seed in range(repeats):
        part = folds(all_of, 5, seed)
        for k in range(5):
            test = np.flatnonzero(part == k)
            total[test] += fitted(np.flatnonzero(part != k), test)
    return total / repeats


def points_of(all_of: Sequence[Decision]) -> Floats:
    """The compromises (n,)."""
    return np.array([each.issue.compromise for each in all_of])


def medians_off(all_of: Sequence[Decision], member: Sequence[float], rows: Floats) -> Floats:
    """How far the medians of a member of the family are from the outcomes of some decisions."""
    held, kept, narrow, wide = member
    sds = narrow / 100, wide / 100
    made = [best_spread(all_of[k].issue, held, kept, *sds).median - all_of[k].outcome for k in rows]
    return np.abs(made)


def main() -> None:
    """Fit, say what came out, and write it where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--repeats", type=int, default=4)
    given = parser.parse_args()
    all_of = decisions_in(Path(os.environ["FOEDUS_REFERENCE"]) / "deu")
    outcome = np.array([each.outcome for each in all_of])
    every = np.arange(len(all_of))
    family = Family(all_of)
    spread = cross_validated(
        all_of, lambda tr, te: family.scores[family.best(tr), te], given.repeats
    )
    inside = cross_validated(
        all_of, lambda tr, te: family.covered[family.best(tr), te], given.repeats
    )
    lowest = cross_validated(
        all_of,
        lambda tr, te: family.scores[int(family.scores[:, tr].mean(axis=1).argmin()), te],
        given.repeats,
    )
    chosen = family.names[family.best(every)]
    points = {name: settled_points(all_of, name) for name in MODELS}
    sds = {name: best_sd(p, outcome, every) for name, p in points.items()}
    gauss = cross_validated(
        all_of,
        lambda tr, te: crps(
            ndtr(
                (GRID - points["compromise"][te, None]) / best_sd(points["compromise"], outcome, tr)
            ),
            outcome[te],
        ),
        given.repeats,
    )
    print(f"best: held, kept, narrow, wide = {chosen}")
    print(f"best, cross-validated: CRPS {summary(all_of, spread)}, inside {inside.mean():.3f}")
    off = cross_validated(
        all_of,
        lambda tr, te: medians_off(all_of, family.names[family.best(tr)], te),
        given.repeats,
    )
    apart = off - np.abs(points_of(all_of) - outcome)
    print(f"its median, cross-validated: MAE {summary(all_of, off)}")
    print(f"less that of the compromise: {summary(all_of, apart)}")
    print(f"lowest score whatever its intervals: CRPS {summary(all_of, lowest)}")
    print(f"compromise with a normal residual: CRPS {summary(all_of, gauss)}")
    print(f"best less compromise: {summary(all_of, spread - gauss)}")
    drawn = np.random.default_rng(1)
    clusters = np.array([each.cluster for each in all_of])
    again = []
    for _ in range(200):
        names = drawn.choice(np.unique(clusters), len(np.unique(clusters)))
        rows = np.concatenate([np.flatnonzero(clusters == name) for name in names])
        again.append(family.names[family.best(rows)])
    errors = np.std(again, axis=0)
    print("standard errors of the parameters:", np.round(errors, 3))
    print("standard deviations of residuals:", sds)
    if given.write:
        write(chosen, errors, sds, len(all_of), len(np.unique(clusters)))


def write(chosen: Any, errors: Any, sds: dict[str, float], n: int, clusters: int) -> None:
    """Write the module of fitted parameters."""
    held, kept, narrow, wide = chosen
    lines = [
        '"""What was fitted to real decisions: made by benchmarks/fit_decisions.py, not by hand.',
        "",
        f"From {n} decisions of the European Union in {clusters} clusters of proposals, 1996 to "
        "2018",
        "[Arregui2022]_; 30 % of the proposals were kept back. Standard errors by a bootstrap of "
        "clusters.",
        '"""',
        "",
        f"HELD = {held}  # standard error {errors[0]:.2f}",
        '"""The chance that an outcome is near what an actor wants, and not near the '
        'compromise."""',
        "",
        f"KEPT = {kept}  # standard error {errors[1]:.2f}",
        '"""How much of its distance from the compromise such an outcome keeps."""',
        "",
        f"NARROW = {narrow / 100:g}  # standard error {errors[2] / 100:.2f}",
        '"""The standard deviation around what an actor wants, as a share of the scale."""',
        "",
        f"WIDE = {wide / 100:g}  # standard error {errors[3] / 100:.2f}",
        '"""The standard deviation around the compromise, as a share of the scale."""',
        "",
        "RESIDUAL = {",
        *(f'    "{name}": {sd / 100:g},' for name, sd in sds.items()),
        "}",
        '"""By model, the standard deviation of outcomes around its point that scores best, as a '
        "share of the",
        "scale: each was the best on a grid of half per cents.",
        '"""',
    ]
    path = Path(__file__).parent.parent / "src" / "foedus" / "bargaining" / "fitted.py"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
