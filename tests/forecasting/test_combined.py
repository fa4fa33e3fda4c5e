"""The views of a case beside each other and pooled, and its paces, as results."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

import foedus
from foedus.case.judgement import Judgement, Role
from foedus.case.model import Case, Evidence, ReferenceClass
from foedus.case.problems import CaseError
from foedus.document import plain_lines
from foedus.forecasting.combined import combined_views, refuse_weights
from foedus.forecasting.inside import InsideView, Mean
from foedus.forecasting.paces import paces_of
from foedus.forecasting.pooling import pool
from foedus.process.pace import Prior, hazard_of

FLAGSHIP = Path(__file__).parents[2] / "cases" / "belarus-2024.yaml"


@pytest.fixture(scope="module")
def case() -> Case:
    return foedus.load(FLAGSHIP)


@pytest.fixture(scope="module")
def inside(case: Case) -> InsideView:
    """Made-up counts: the process is tested elsewhere."""
    names = (*case.hypotheses, "other")
    return InsideView.of_counts(dict(zip(names, (40, 5000, 2000, 2960), strict=True)))


def text(blocks: object) -> str:
    return "\n".join(line for b in blocks for line in plain_lines(b))  # type: ignore[attr-defined]


def item(name: str, case: Case, says: dict[str, float]) -> Evidence:
    given_ = {
        h: Judgement(p, p, p, ("evidence", name, "likelihood", h), role=Role.LIKELIHOOD)
        for h, p in says.items()
    }
    return Evidence(name, "fact", "c", likelihood=given_)


def test_the_pool_is_that_of_the_views_shown(case: Case, inside: InsideView) -> None:
    told = combined_views(case, inside, seed=1).to_dict()
    assert list(told) == ["inside", "outside", "prior", "evidence", "pooled", "views_apart"]
    assert [x["p"] for x in told["inside"].values()] == [0.004, 0.5, 0.2, 0.296]
    views = [[x["p"] for x in told[name].values()] for name in ("inside", "outside")]
    pooled = [x["p"] for x in told["pooled"].values()]
    assert pooled == pytest.approx(pool(views, [0.5, 0.5]))
    assert told["prior"] == told["pooled"]
    for name in ("inside", "outside", "pooled"):
        assert sum(x["p"] for x in told[name].values()) == pytest.approx(1)
        assert all(x["low"] <= x["p"] <= x["high"] for x in told[name].values())
    assert json.loads(json.dumps(told)) == told


def test_a_fact_for_a_hypothesis_raises_it(case: Case, inside: InsideView) -> None:
    name = case.hypotheses[1]
    says = dict.fromkeys((*case.hypotheses, "other"), 0.6) | {name: 0.8}
    more = replace(case, evidence={**case.evidence, "e": item("e", case, says)})
    before = combined_views(case, inside, seed=1).pooled
    found = combined_views(more, inside, seed=1)
    assert found.pooled.prior[name].p == before.pooled[name].p
    odds = [p / (1 - p) for p in (before.pooled[name].p, found.pooled.pooled[name].p)]
    assert odds[1] / odds[0] == pytest.approx(0.8 / 0.6)
    assert found.evidence.ratios[name].ratio == pytest.approx(0.8 / 0.6)
    assert found.to_dict()["evidence"]["origins"]["e"]["items"] == ["e"]


def test_the_pool_does_not_know_how_many_draws_there_were(case: Case, inside: InsideView) -> None:
    """But for its error: a hundred times the draws with the same shares, the same numbers."""
    names = inside.hypotheses
    few = InsideView.of_counts(dict(zip(names, (0, 50, 20, 30), strict=True)))
    many = InsideView.of_counts(dict(zip(names, (0, 5000, 2000, 3000), strict=True)))
    told = [combined_views(case, view, seed=1).pooled.pooled for view in (few, many)]
    for h in names:
        one, two = (found[h] for found in told)
        assert (one.p, one.low, one.high) == (two.p, two.low, two.high)
        assert one.se == pytest.approx(10 * two.se)
    assert told[0][names[0]].p == 0
    assert told[0][names[0]].impossible
    assert not told[0][names[1]].impossible


def test_same_seed_same_answer(case: Case, inside: InsideView) -> None:
    one = combined_views(case, inside, seed=1).to_dict()
    assert combined_views(case, inside, seed=1).to_dict() == one
    other = combined_views(case, inside, seed=2).to_dict()
    assert other != one
    for name in one["pooled"]:
        assert other["pooled"][name]["p"] == one["pooled"][name]["p"]
        assert other["pooled"][name]["high"] == pytest.approx(one["pooled"][name]["high"], rel=0.1)


def test_a_silent_view_leaves_its_weight_to_the_other(case: Case, inside: InsideView) -> None:
    bare = replace(case, reference_classes={})
    combined = combined_views(bare, inside, seed=1, weights={"inside": 1, "outside": 5})
    assert dict(combined.pooled.weights) == {"inside": 1.0}
    assert combined.to_dict()["outside"] is None
    assert combined.pooled.pooled["other"].p == pytest.approx(combined.inside["other"].p)
    assert set(combined.answers("other")) == {"inside"}
    assert not combined.more_than_inside


def test_views_that_differ_by_more_than_two_words_are_named(case: Case) -> None:
    names = (*case.hypotheses, "other")
    about = names[0]
    classes = {"c": ReferenceClass("c", cases=100, occurred=70, about=about)}
    case = replace(case, reference_classes=classes)
    rest = {h: 0.9 / (len(names) - 1) for h in names[1:]}
    found = combined_views(case, InsideView(names, Mean.exact([0.1, *rest.values()])), seed=1)
    apart = found.views_apart[about]
    assert (apart.words, apart.inside) == (3, 0.1)
    assert apart.outside == pytest.approx(70.5 / 101)
    assert f"differ by 3 words of the scale on {about}" in text(found.blocks())
    near = combined_views(case, InsideView(names, Mean.exact([0.3, *[0.7 / 3] * 3])), seed=1)
    assert about not in near.views_apart  # "unlikely" and "likely" are two apart


def test_one_arrangement_outside_the_exclusive_set_is_pooled_with_its_complement(
    case: Case,
) -> None:
    name = next(a for a in case.arrangements if a not in case.hypotheses)
    classes = {"c": ReferenceClass("c", cases=9, occurred=2, about=name)}
    others = item("e", case, {case.hypotheses[0]: 0.1, "other": 0.9})
    alone = replace(case, reference_classes=classes, evidence={"e": others})
    found = combined_views(alone, InsideView((name, "other"), Mean.exact([0.5, 0.5])), seed=1)
    assert [found.pooled.pooled[h].p for h in (name, "other")] == pytest.approx(
        pool([[0.5, 0.5], [0.25, 0.75]], [0.5, 0.5])
    )


def test_evidence_against_all_that_is_possible_is_an_error(case: Case) -> None:
    names = (*case.hypotheses, "other")
    says = dict.fromkeys(names, 0.5) | {names[1]: 0.0}
    more = replace(case, evidence={"e": item("e", case, says)})
    sure = InsideView.of_counts(dict(zip(names, (0, 10, 0, 0), strict=True)))
    with pytest.raises(CaseError, match="nothing else that the inside view holds"):
        combined_views(more, sure, seed=1)


def test_blocks_name_each_view_and_where_it_is_from(case: Case, inside: InsideView) -> None:
    told = text(combined_views(case, inside, seed=1).blocks())
    assert "inside (weight 0.5)" in told
    assert "0 of 251: leaders-held-by-a-union" in told
    assert "Prior: Beta(0.5, 0.5)." in told
    assert "No evidence carries likelihoods" in told


@pytest.mark.parametrize("weights", [{"evidence": 1.0}, {"inside": 1.0, "evidence": 0.0}])
def test_a_weight_for_evidence_is_told_what_replaced_it(weights: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="likelihood ratios update"):
        refuse_weights(weights)


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
