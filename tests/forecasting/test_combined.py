"""The three views of a case beside each other and pooled, and its paces, as results."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import foedus
from foedus.case.model import Case
from foedus.document import plain_lines
from foedus.forecasting.combined import combined_views
from foedus.forecasting.paces import paces_of
from foedus.forecasting.pooling import inside_centre, pool
from foedus.process.pace import Prior, hazard_of

FLAGSHIP = Path(__file__).parents[2] / "cases" / "belarus-2024.yaml"


@pytest.fixture(scope="module")
def case() -> Case:
    return foedus.load(FLAGSHIP)


@pytest.fixture(scope="module")
def counts(case: Case) -> dict[str, int]:
    """Made-up counts: the playout is tested elsewhere."""
    return dict(zip((*case.hypotheses, "other"), (40, 5000, 2000, 2960), strict=True))


def text(blocks: object) -> str:
    return "\n".join(line for b in blocks for line in plain_lines(b))  # type: ignore[attr-defined]


def test_the_pool_is_that_of_the_views_shown(case: Case, counts: dict[str, int]) -> None:
    told = combined_views(case, counts, seed=1).to_dict()
    assert [x["p"] for x in told["inside"].values()] == pytest.approx(
        inside_centre(list(counts.values()))
    )
    views = [[x["p"] for x in told[name].values()] for name in ("inside", "outside")]
    pooled = [x["p"] for x in told["pooled"].values()]
    assert pooled == pytest.approx(pool(views, [0.5, 0.5]))
    for name in ("inside", "outside", "pooled"):
        assert sum(x["p"] for x in told[name].values()) == pytest.approx(1)
        assert all(x["low"] <= x["p"] <= x["high"] for x in told[name].values())
    assert json.loads(json.dumps(told)) == told


def test_same_seed_same_answer(case: Case, counts: dict[str, int]) -> None:
    one = combined_views(case, counts, seed=1).to_dict()
    assert combined_views(case, counts, seed=1).to_dict() == one
    other = combined_views(case, counts, seed=2).to_dict()
    assert other != one
    for name in one["pooled"]:
        assert other["pooled"][name]["p"] == one["pooled"][name]["p"]
        assert other["pooled"][name]["high"] == pytest.approx(one["pooled"][name]["high"], rel=0.1)


def test_a_silent_view_leaves_its_weight_to_the_others(case: Case, counts: dict[str, int]) -> None:
    bare = replace(case, reference_classes={})
    combined = combined_views(bare, counts, seed=1, weights={"inside": 1, "outside": 5})
    assert dict(combined.pooled.weights) == {"inside": 1.0}
    assert combined.to_dict()["outside"] is None
    assert combined.pooled.pooled["other"].p == pytest.approx(combined.inside["other"].p)
    assert set(combined.answers("other")) == {"inside"}


def test_blocks_name_each_view_and_where_it_is_from(case: Case, counts: dict[str, int]) -> None:
    told = text(combined_views(case, counts, seed=1).blocks())
    assert "inside (weight 0.5)" in told
    assert "4 of 17: state-mergers" in told
    assert "Prior: Beta(0.5, 0.5)." in told
    assert "No evidence carries likelihoods" in told


# --- paces ------------------------------------------------------------------------------------


def test_paces_give_the_curve_of_each_record(case: Case) -> None:
    paces = paces_of(case, Prior(1, 1), most=4)
    record = case.records["treaty-organs"]
    found = paces.records["treaty-organs"]
    hazard = hazard_of(record, Prior(1, 1))
    assert paces.within == pytest.approx((case.deadline - case.as_of).days / 365.25)  # type: ignore[operator]
    assert found.parallel == pytest.approx(hazard.curve(4, paces.within))
    assert found.sequence == pytest.approx(hazard.curve(4, paces.within, "sequence"))
    assert "union" in found.issues
    assert paces.records["amendment-2008"].issues == ()
    assert json.loads(json.dumps(paces.to_dict()))["records"]["treaty-organs"]["done"] == 1


def test_paces_tell_the_prior_and_doubtful_will(case: Case) -> None:
    paces = paces_of(case)
    slow, fast = str(paces.explain("treaty-organs")), str(paces.explain("domestic-amendments"))
    assert "slowness may be unwillingness" in slow
    assert "counted half-way" in slow
    assert "0.5 done in 0.5 issue-years" in fast
    assert "unwillingness" not in fast
    assert "No issue is settled at this pace" in str(paces.explain("amendment-2008"))
    assert "in 4.3 years" in text(paces.blocks())


def test_without_dates_there_is_no_curve(case: Case) -> None:
    paces = paces_of(replace(case, deadline=None))
    assert paces.within is None
    assert paces.records["treaty-organs"].parallel == ()
    assert "side by side" not in text(paces.blocks())
