"""Real decisions for the benchmarks of bargaining: read, settled, split and summed up.

A folder has positions.csv, issues.csv and capabilities.csv in the plain form of
src/foedus/bargaining/tables/tidy.py; issues.csv has also outcome, cluster and scoreable.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

from foedus.bargaining.issue import OrderedIssue
from foedus.bargaining.registry import model_named
from foedus.bargaining.tables.registry import read_stances
from foedus.bargaining.tables.tidy import Beside, capability_table, issue_facts

Floats = Any


@dataclass(frozen=True)
class Decision:
    """An issue that was decided: its outcome, and the cluster that it is split and drawn with."""

    issue: OrderedIssue
    outcome: float
    cluster: str


def issues_in(folder: Path) -> tuple[OrderedIssue, ...]:
    """All issues of a folder, decided or not."""
    facts = issue_facts((folder / "issues.csv").read_text("utf-8"), "issues.csv")
    strong = capability_table((folder / "capabilities.csv").read_text("utf-8"), "capabilities.csv")
    return read_stances(folder / "positions.csv", beside=Beside(facts, strong))


def decisions_in(folder: Path) -> list[Decision]:
    """The scoreable decisions of a folder; the issues of a proposal stand together."""
    with (folder / "issues.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["issue"]: row for row in csv.DictReader(stream)}
    return [
        Decision(issue, float(row["outcome"]), row["cluster"])
        for issue in issues_in(folder)
        if (row := rows[issue.issue])["scoreable"] == "1"
    ]


def settled_points(
    all_of: Sequence[Decision], model: str, options: Mapping[str, object] | None = None
) -> Floats:
    """Where a model sees each decision end up (n,)."""
    chosen = model_named(model)
    points = []
    for _, group in groupby(all_of, key=lambda each: each.issue.proposal):
        points += [s.point for s in chosen.settled([each.issue for each in group], options)]
    return np.array(points)


def folds(all_of: Sequence[Decision], count: int, seed: int) -> Floats:
    """A number of a fold (n,) for each decision; those of a cluster share one."""
    clusters = np.array([each.cluster for each in all_of])
    names = np.unique(clusters)
    number = np.random.default_rng(seed).permutation(len(names)) % count
    return number[np.searchsorted(names, clusters)]


def by_cluster(all_of: Sequence[Decision], values: Floats) -> Floats:
    """Sums of values and counts (2, clusters)."""
    names, at = np.unique([each.cluster for each in all_of], return_inverse=True)
    ones = np.ones(len(all_of))
    return np.array([np.bincount(at, each, len(names)) for each in (values, ones)])


def interval(all_of: Sequence[Decision], values: Floats, draws: int = 10_000) -> tuple[float, ...]:
    """The mean of values (n,), and its 95 % interval by a bootstrap of clusters."""
    sums = by_cluster(all_of, values)
    picked = np.random.default_rng(1).integers(0, sums.shape[1], (draws, sums.shape[1]))
    drawn = sums[0][picked].sum(axis=1) / sums[1][picked].sum(axis=1)
    return float(values.mean()), *(float(q) for q in np.quantile(drawn, [0.025, 0.975]))


def summary(all_of: Sequence[Decision], values: Floats) -> str:
    """A mean with its standard error, by clusters."""
    sums = by_cluster(all_of, values - values.mean())[0]
    error = np.sqrt((sums**2).sum()) / len(values)
    return f"{values.mean():.3f} (standard error {error:.3f})"
