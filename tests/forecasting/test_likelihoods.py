"""What the evidence changes: Bayes by hand, one origin once, and what is not counted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.case.judgement import Judgement, Role
from foedus.case.model import Actor, And, Case, Evidence, Statement, Worth, WorthItem
from foedus.document import plain_lines
from foedus.forecasting.likelihoods import (
    EvidenceUpdate,
    Likelihoods,
    Uniforms,
    evidence_update,
    likelihood_ratios,
    weighed_evidence,
    weighed_origins,
)
from foedus.forecasting.pooling import normalised

HYPOTHESES = ["merger", "league", "other"]
EMPTY = Case("t", {}, {}, {})


def item(name: str, *likelihood: object, origin: str | None = None, kind: str = "fact") -> Evidence:
    """An item whose likelihoods stand in the order of the hypotheses; None for none."""
    given_ = {
        h: value
        if isinstance(value, Judgement)
        else Judgement(  # type: ignore[arg-type]
            *(value,) * 3, path=("evidence", name, "likelihood", h), role=Role.LIKELIHOOD
        )
        for h, value in zip(HYPOTHESES, likelihood, strict=True)
        if value is not None
    }
    return Evidence(name, kind, "c", origin=origin, likelihood=given_)  # type: ignore[arg-type]


EVEN = np.full(3, 1 / 3)


def updated(case: Case, uniforms: Uniforms, share: float = 0.5) -> EvidenceUpdate:
    weighed = weighed_evidence(case, HYPOTHESES, uniforms)
    return evidence_update(weighed, Likelihoods.of(weighed, 3), HYPOTHESES, EVEN, share)


def seen(*items: Evidence) -> EvidenceUpdate:
    rng = np.random.default_rng(1)
    case = replace(EMPTY, evidence={e.id: e for e in items})
    return updated(case, lambda judgement: rng.random(2000))


def centre(*items: Evidence) -> list[float]:
    """What the items make of equal chances."""
    case = replace(EMPTY, evidence={e.id: e for e in items})
    weighed = weighed_evidence(case, HYPOTHESES, lambda judgement: np.array([0.5]))
    return normalised(Likelihoods.of(weighed, 3).logs(0.5)).tolist()


def test_bayes_by_hand_from_equal_chances() -> None:
    assert centre(item("a", 0.8, 0.4, 0.4)) == pytest.approx([0.5, 0.25, 0.25])
    both = centre(item("a", 0.8, 0.4, 0.4), item("b", 0.1, 0.2, 0.6))
    assert both == pytest.approx([0.08 / 0.4, 0.08 / 0.4, 0.24 / 0.4])


@given(st.lists(st.tuples(*[st.floats(0.01, 1)] * 3), min_size=1, max_size=4))
def test_one_origin_told_twice_counts_once(rows: list[tuple[float, float, float]]) -> None:
    once = [item(f"i{k}", *row, origin=f"o{k}") for k, row in enumerate(rows)]
    again = [replace(e, id=f"{e.id}-again") for e in once]
    assert centre(*once, *again) == pytest.approx(centre(*once))
    assert centre(*reversed(once)) == pytest.approx(centre(*once))


def test_without_an_origin_each_is_its_own() -> None:
    twice = centre(item("a", 0.8, 0.4, 0.4), item("b", 0.8, 0.4, 0.4))
    assert twice == pytest.approx([0.64 / 0.96, 0.16 / 0.96, 0.16 / 0.96])


def test_items_of_one_origin_that_differ_are_averaged_geometrically() -> None:
    mixed = centre(item("a", 0.9, 0.1, 0.1, origin="o"), item("b", 0.1, 0.1, 0.1, origin="o"))
    assert mixed == pytest.approx([0.3 / 0.5, 0.1 / 0.5, 0.1 / 0.5])


def test_an_origin_may_have_the_name_of_an_item() -> None:
    items = (item("x", 0.8, 0.4, 0.4), item("y", 0.1, 0.2, 0.6, origin="x"))
    origins, _ = weighed_origins(replace(EMPTY, evidence={e.id: e for e in items}))
    assert len(origins) == len({origin.name for origin in origins}) == 2


def test_a_hypothesis_an_item_is_silent_on_is_neither_raised_nor_lowered() -> None:
    assert centre(item("a", 0.8, None, None)) == pytest.approx([1 / 3] * 3)
    some = centre(item("a", 0.8, 0.2, None))  # the third at their geometric mean, 0.4
    assert some == pytest.approx([0.8 / 1.4, 0.2 / 1.4, 0.4 / 1.4])


def test_an_item_that_holds_one_impossible_says_nothing_of_those_it_is_silent_on() -> None:
    assert centre(item("a", 0.0, 0.5, None)) == pytest.approx([0, 0.5, 0.5])


def test_only_facts_and_reports_count() -> None:
    view = seen(item("a", 0.8, 0.4, 0.4), item("b", 0.1, 1.0, 1.0, kind="assumption"))
    assert view.ratios["merger"].ratio == pytest.approx(2)
    assert view.passed_over == ("b",)
    assert any("Not counted" in line for b in view.blocks() for line in plain_lines(b))


def test_ranges_of_likelihoods_make_the_interval() -> None:
    path = ("evidence", "a", "likelihood", "merger")
    unsure = Judgement(0.2, 0.5, 0.8, path, role=Role.LIKELIHOOD)
    view = seen(item("a", unsure, 0.5, 0.5))
    merger = view.ratios["merger"]
    assert merger.ratio == pytest.approx(1, abs=0.01)
    assert (merger.low, merger.high) == pytest.approx((0.4, 1.6), abs=0.02)
    sure = seen(item("a", 0.5, 0.5, 0.5)).ratios["merger"]
    assert sure.low == sure.high == pytest.approx(1)


@given(st.lists(st.floats(0.01, 1), min_size=2, max_size=5), st.data())
def test_a_ratio_is_by_how_much_the_odds_change(values: list[float], data: st.DataObject) -> None:
    likelihood = np.array(values)
    prior = np.array([data.draw(st.floats(0.01, 1)) for _ in values])
    prior /= prior.sum()
    after = prior * likelihood / (prior * likelihood).sum()
    odds = (after / (1 - after)) / (prior / (1 - prior))
    assert likelihood_ratios(np.log(likelihood)[None], prior)[0] == pytest.approx(odds)


def test_what_an_item_holds_impossible_is_told() -> None:
    view = seen(item("a", 0.0, 0.5, 0.5))
    assert view.excluded == ("merger",)
    assert view.ratios["merger"].high == 0
    only = seen(item("a", 0.0, 0.5, 0.0))
    assert only.to_dict()["ratios"]["league"]["ratio"] is None  # infinite
    assert "impossible" in str(view.blocks()[-1])


def test_nothing_said_changes_nothing() -> None:
    view = seen(Evidence("a", "fact", "c"))
    assert not view.speaks
    assert {ratio.ratio for ratio in view.ratios.values()} == {1.0}


def test_what_also_sets_judgements_inside_is_named() -> None:
    """Directly, or through an inference that rests on it."""
    inference = Evidence("why", "inference", "c", rests_on=("a",))
    path = ("preferences", "north", "worth", "gas")
    gas = Judgement(1, 2, 3, path, because=("why",), role=Role.WORTH)
    worth = Worth((WorthItem("gas", Statement("x", And(())), gas),))
    case = replace(
        EMPTY,
        actors={"north": Actor("north", "North")},
        preferences={"north": worth},
        evidence={e.id: e for e in (item("a", 0.8, 0.4, 0.4), item("b", 0.8, 0.4, 0.4), inference)},
    )
    view = updated(case, lambda judgement: np.array([0.5]), share=0.75)
    assert view.also_inside == ("a",)
    assert view.to_dict()["also_inside"] == ["a"]
    assert view.power == 0.25
    assert view.ratios["merger"].ratio == pytest.approx(2 ** (1 + 0.25))  # b in full, a in part
    assert any("rest on a too" in line for b in view.blocks() for line in plain_lines(b))
    alone = updated(case, lambda judgement: np.array([0.5]), share=1.0)
    assert alone.ratios["merger"].ratio == pytest.approx(2)


def test_a_judgement_that_no_process_uses_has_learnt_nothing() -> None:
    weight = Judgement(1, 2, 3, path=("actors", "north", "capability"), role=Role.CAPABILITY)
    case = replace(
        EMPTY,
        actors={"north": Actor("north", "North", capability=replace(weight, because=("a",)))},
        evidence={"a": item("a", 0.8, 0.4, 0.4)},
    )
    view = updated(case, lambda judgement: np.array([0.5]))
    assert (view.also_inside, view.ratios["merger"].ratio) == ((), pytest.approx(2))


def test_each_origin_is_explained() -> None:
    told = str(seen(item("a", 0.8, 0.4, 0.4), item("b", 0.1, 0.2, 0.6)).explain("merger"))
    assert "the evidence multiplies its odds by" in told
    assert "a: for it (likelihood ratio 2 " in told
    assert "b: against it" in told
