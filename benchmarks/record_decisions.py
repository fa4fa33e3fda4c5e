"""How far bargaining models are right on real decisions, as a Markdown table.

    FOEDUS_REFERENCE=DIR python benchmarks/record_decisions.py

DIR/deu holds positions.csv, issues.csv (with outcome, cluster and scoreable) and capabilities.csv.
Whatever is fitted is fitted to the other clusters: five folds, the mean of four repeats.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from decisions import Decision, decisions_in, interval, settled_points
from fit_decisions import GRID, Family, best_sd, cross_validated, crps, medians_off
from scipy.special import ndtr, ndtri

from foedus.bargaining.registry import MODELS

Floats = Any
REPEATS = 4


def scores_of_point(all_of: Sequence[Decision], model: str) -> dict[str, Floats]:
    """A model's scores by decision, with a normal residual around its point, cut at the ends."""
    points = settled_points(all_of, model)
    outcome = np.array([each.outcome for each in all_of])

    def told(of: Callable[[float, Floats], Floats]) -> Floats:
        return cross_validated(
            all_of, lambda train, test: of(best_sd(points, outcome, train), test), REPEATS
        )

    def inside(sd: float, test: Floats) -> Floats:
        low, high = (np.clip(points[test] + ndtri(q) * sd, 0, 100) for q in (0.1, 0.9))
        return ((low <= outcome[test]) & (outcome[test] <= high)).astype(float)

    return {
        "error": np.abs(points - outcome),
        "crps": told(lambda sd, test: crps(ndtr((GRID - points[test, None]) / sd), outcome[test])),
        "inside": told(inside),
    }


def scores_of_best(all_of: Sequence[Decision]) -> dict[str, Floats]:
    """The scores of `best` by decision."""
    family = Family(all_of)

    def told(of: Callable[[int, Floats], Floats]) -> Floats:
        return cross_validated(all_of, lambda train, test: of(family.best(train), test), REPEATS)

    return {
        "error": told(lambda k, test: medians_off(all_of, family.names[k], test)),
        "crps": told(lambda k, test: family.scores[k, test]),
        "inside": told(lambda k, test: family.covered[k, test]),
    }


def _told(values: tuple[float, ...], digits: int = 2, unit: str = "") -> str:
    mean, low, high = values
    return f"{mean:.{digits}f}{unit} ({low:.{digits}f} to {high:.{digits}f})"


def rows(all_of: Sequence[Decision]) -> list[str]:
    """A row of the table for each model."""
    by_model = {
        "best": scores_of_best(all_of),
        **{name: scores_of_point(all_of, name) for name in MODELS},
    }
    base = by_model["compromise"]
    made = []
    for name, own in by_model.items():
        rmse = tuple(float(np.sqrt(v)) for v in interval(all_of, own["error"] ** 2))
        apart = [
            "–" if name == "compromise" else _told(interval(all_of, own[key] - base[key]))
            for key in ("error", "crps")
        ]
        cells = [
            f"`{name}`",
            _told(interval(all_of, own["error"])),
            _told(rmse),
            _told(interval(all_of, own["crps"])),
            _told(interval(all_of, 100 * own["inside"]), 0, "%"),
            *apart,
        ]
        made.append(f"| {' | '.join(cells)} |")
    return made


def decisions_record(folder: Path) -> str:
    """The table for the decisions in a folder. Intervals hold 95 %, by a bootstrap of clusters."""
    all_of = decisions_in(folder)
    clusters = len({each.cluster for each in all_of})
    head = (
        "model",
        "MAE",
        "RMSE",
        "CRPS",
        "80% interval holds",
        "MAE less the compromise's",
        "CRPS less the compromise's",
    )
    return "\n".join(
        [
            f"{len(all_of)} decisions in {clusters} clusters, on a scale of 100; 95% intervals by "
            "a bootstrap of clusters.",
            "",
            f"| {' | '.join(head)} |",
            f"|{'---|' * len(head)}",
            *rows(all_of),
        ]
    )


if __name__ == "__main__":
    print(decisions_record(Path(os.environ["FOEDUS_REFERENCE"]) / "deu"))
