"""The evidence by itself: Bayes by hand, one origin once, and what is not counted."""

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
    EvidenceView,
    evidence_view,
    weighed_origins,
)

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


def seen(*items: Evidence) -> EvidenceView:
    rng = np.random.default_rng(1)
    case = replace(EMPTY, evidence={e.id: e for e in items})
    return evidence_view(case, HYPOTHESES, lambda judgement: rng.random(2000))


def centre(*items: Evidence) -> list[float]:
    return [share.p for share in seen(*items).shares.values()]


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
    assert view.shares["merger"].p == pytest.approx(0.5)
    assert view.passed_over == ("b",)
    assert any("Not counted" in line for b in view.blocks() for line in plain_lines(b))


def test_ranges_of_likelihoods_make_the_interval() -> None:
    path = ("evidence", "a", "likelihood", "merger")
    unsure = Judgement(0.2, 0.5, 0.8, path, role=Role.LIKELIHOOD)
    view = seen(item("a", unsure, 0.5, 0.5))
    merger = view.shares["merger"]
    assert merger.p == pytest.approx(1 / 3, abs=0.005)
    assert (merger.low, merger.high) == pytest.approx((0.2 / 1.2, 0.8 / 1.8), abs=0.01)
    sure = seen(item("a", 0.5, 0.5, 0.5)).shares["merger"]
    assert sure.low == sure.high == pytest.approx(1 / 3)


def test_what_an_item_holds_impossible_is_told() -> None:
    view = seen(item("a", 0.0, 0.5, 0.5))
    assert view.excluded == ("merger",)
    assert view.shares["merger"].high == 0
    assert "impossible" in str(view.blocks()[-1])


def test_evidence_against_everything_is_an_error() -> None:
    with pytest.raises(ValueError, match="every hypothesis"):
        seen(item("a", 0.0, 0.0, 0.0))
    with pytest.raises(ValueError, match="every hypothesis"):
        seen(item("a", 0.0, 0.5, 0.0), item("b", 1.0, 0.0, 1.0))


def test_nothing_said_is_no_view() -> None:
    view = seen(Evidence("a", "fact", "c"))
    assert not view.speaks
    assert [share.p for share in view.shares.values()] == pytest.approx([1 / 3] * 3)


def test_what_also_sets_judgements_inside_is_named() -> None:
    """Directly, or through an inference that rests on it."""
    inference = Evidence("why", "inference", "c", rests_on=("a",))
    gas = Judgement(1, 2, 3, path=("preferences", "north", "worth", "gas"), because=("why",))
    worth = Worth((WorthItem("gas", Statement("x", And(())), gas),))
    case = replace(
        EMPTY,
        actors={"north": Actor("north", "North")},
        preferences={"north": worth},
        evidence={e.id: e for e in (item("a", 0.8, 0.4, 0.4), item("b", 0.8, 0.4, 0.4), inference)},
    )
    view = evidence_view(case, HYPOTHESES, lambda judgement: np.array([0.5]))
    assert view.also_inside == ("a",)
    assert any("Counted here and" in line for b in view.blocks() for line in plain_lines(b))


def test_each_origin_is_explained() -> None:
    told = str(seen(item("a", 0.8, 0.4, 0.4), item("b", 0.1, 0.2, 0.6)).explain("merger"))
    assert "a: for it (likelihood ratio 2 " in told
    assert "b: against it" in told
