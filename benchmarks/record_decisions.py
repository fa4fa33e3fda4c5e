"""How far bargaining models are right on real decisions, as a Markdown table.

    FOEDUS_REFERENCE=DIR python benchmarks/record_decisions.py

DIR/deu holds positions.csv, issues.csv (with outcome, cluster and scoreable) and capabilities.csv.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from decisions import Decision, decisions_in, interval

from foedus.bargaining.results import Prediction
from foedus.bargaining.solve import ALL, bargain

Floats = Any
GRID = np.arange(400) / 4 + 0.125
"""Per cents of a scale at which distributions are compared with outcomes."""


def scores(made: Sequence[Prediction], outcome: Floats) -> dict[str, Floats]:
    """Error, squared error, CRPS, and whether the 80 % interval holds the outcome, each (n,)."""
    error = np.abs([each.point for each in made] - outcome)
    crps, inside = [], []
    for each, at in zip(made, outcome, strict=True):
        grid = each.issue.low + each.issue.width * GRID / 100
        step = each.issue.width / len(GRID)
        crps.append(step * ((each.spread.below(grid) - (grid >= at)) ** 2).sum())
        low, high = each.interval()
        inside.append(low <= at <= high)
    return {
        "error": error,
        "square": error**2,
        "crps": np.array(crps),
        "inside": np.array(inside, dtype=float),
    }


def _told(values: tuple[float, ...], digits: int = 2, unit: str = "") -> str:
    mean, low, high = values
    return f"{mean:.{digits}f}{unit} ({low:.{digits}f} to {high:.{digits}f})"


def rows(all_of: Sequence[Decision]) -> list[str]:
    """A row of the table for each model."""
    outcome = np.array([each.outcome for each in all_of])
    found = bargain([each.issue for each in all_of], ALL)
    by_model = {
        name: scores([each for each in found.predictions if each.model == name], outcome)
        for name in found.models
    }
    base = by_model["compromise"]
    made = []
    for name, own in by_model.items():
        rmse = tuple(float(np.sqrt(v)) for v in interval(all_of, own["square"]))
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


def table(folder: Path) -> str:
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
    print(table(Path(os.environ["FOEDUS_REFERENCE"]) / "deu"))
