"""Real decisions and the published example: what was computed of them elsewhere comes out here."""

from __future__ import annotations

import csv
import os
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from foedus.bargaining.best import best_spread
from foedus.bargaining.challenge import SCHOLZ_CODE
from foedus.bargaining.issue import OrderedIssue
from foedus.bargaining.solve import bargain
from foedus.bargaining.tables.registry import read_stances
from foedus.bargaining.tables.tidy import Beside, capability_table, issue_facts

OUTSIDE = os.environ.get("FOEDUS_REFERENCE")
pytestmark = [
    pytest.mark.reference,
    pytest.mark.skipif(OUTSIDE is None, reason="FOEDUS_REFERENCE=DIR not set: decisions unread"),
]


@cache
def decided() -> tuple[tuple[OrderedIssue, ...], tuple[float, ...]]:
    """The scoreable issues and their outcomes."""
    folder = Path(str(OUTSIDE)) / "deu"
    with (folder / "issues.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["issue"]: row for row in csv.DictReader(stream)}
    facts = issue_facts((folder / "issues.csv").read_text("utf-8"), "issues")
    strong = capability_table((folder / "capabilities.csv").read_text("utf-8"), "capabilities")
    found = read_stances(folder / "positions.csv", beside=Beside(facts, strong))
    kept = [each for each in found if rows[each.issue]["scoreable"] == "1"]
    return tuple(kept), tuple(float(rows[each.issue]["outcome"]) for each in kept)


# From the description of the data: mean absolute error and root mean square error, n = 256.
BASELINES = [
    ("compromise", {}, 22.93, 29.15),
    ("mean", {"weights": "capability"}, 22.79, 29.51),
    ("mean", {"weights": "salience"}, 23.41, 29.72),
    ("mean", {}, 23.25, 30.15),
    ("median", {}, 26.94, 39.59),
    ("nash-quadratic", {}, 24.00, 29.33),
    ("nash-linear", {}, 22.66, 29.28),
    ("nash-reference", {}, 40.27, 51.83),
]


@pytest.mark.parametrize(("model", "options", "mae", "rmse"), BASELINES)
def test_baselines(model: str, options: dict[str, str], mae: float, rmse: float) -> None:
    issues, outcomes = decided()
    assert len(issues) == 256
    found = bargain(issues, model, {model: options})
    error = np.array([each.point for each in found.predictions]) - outcomes
    assert np.abs(error).mean() == pytest.approx(mae, abs=0.01)
    assert np.sqrt((error**2).mean()) == pytest.approx(rmse, abs=0.01)


def test_the_best_distribution_covers_what_it_says_and_its_median_is_near() -> None:
    """On the decisions that it was fitted to; the shipped parameters are those that were fitted."""
    issues, outcomes = decided()
    spreads = [best_spread(issue) for issue in issues]
    ends = np.array([spread.quantiles([0.1, 0.9]) for spread in spreads])
    inside = (ends[:, 0] <= outcomes) & (outcomes <= ends[:, 1])
    assert 0.77 <= inside.mean() <= 0.86
    medians = np.array([spread.median for spread in spreads])
    assert np.abs(medians - outcomes).mean() <= 22.93
    grid = np.arange(100) + 0.5
    below = np.array([spread.below(grid) for spread in spreads])
    crps = ((below - (grid >= np.array(outcomes)[:, None])) ** 2).sum(axis=1).mean()
    assert crps <= 15.75


# --- the published example ------------------------------------------------------------------------

MEDIANS = [
    *(7.0, 8.415932, 9.610859, 9.961979, 9.961979, 9.961979),
    *(7.472046, 8.824593, 9.671129, 9.671129, 7.0),
]
MEANS = [
    *(7.389955, 7.461314, 7.552500, 7.590144, 7.358130, 7.349173),
    *(7.414877, 7.510457, 7.572447, 7.324989, 7.242130),
]


def test_the_emission_example_round_by_round() -> None:
    path = Path(str(OUTSIDE)) / "bargaining" / "emission.csv"
    (issue,) = read_stances(path, scale=(4, 10))
    (found,) = SCHOLZ_CODE.settled([issue])
    assert [each.median for each in found.rounds] == pytest.approx(MEDIANS, abs=2e-6)
    assert [each.mean for each in found.rounds] == pytest.approx(MEANS, abs=2e-6)
