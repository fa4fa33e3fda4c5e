"""Likelihood and confidence are told apart, each with where it comes from."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import foedus
from foedus.case.words import WORDS
from foedus.forecasting.assessment import Basis, Likelihood, basis_of, confidence_from
from foedus.reporting.assessment import confidence_sentence, likelihood_remarks, likelihood_sentence

GOOD = Basis(
    judgements=9,
    supported=8,
    origins=7,
    items=10,
    graded_well=9,
    low=0.1,
    high=0.15,
    views={"inside": 0.12, "outside": 0.14},
    explains_present=True,
)
WEAK = {
    "support": {"supported": 1},
    "origins": {"origins": 2},
    "grades": {"graded_well": 3},
    "range": {"low": 0.03, "high": 0.5},
    "views": {"views": {"inside": 0.03, "outside": 0.4}},
    "the present": {"explains_present": False},
}
FAIR = {
    "support": {"supported": 4},
    "origins": {"origins": 4},
    "grades": {"graded_well": 5},
    "range": {"low": 0.1, "high": 0.3},
    "views": {"views": {"inside": 0.12}},
}


def test_all_strong_is_high_and_one_fair_keeps_it() -> None:
    assert confidence_from(GOOD).level == "high"
    for criterion, change in FAIR.items():
        found = confidence_from(replace(GOOD, **change))  # type: ignore[arg-type]
        assert found.level == "high"
        assert [r.criterion for r in found.reasons if r.grade == "fair"] == [criterion]


def test_two_fair_or_one_weak_make_it_moderate() -> None:
    two = {**FAIR["support"], **FAIR["origins"]}
    assert confidence_from(replace(GOOD, **two)).level == "moderate"  # type: ignore[arg-type]
    for criterion, change in WEAK.items():
        found = confidence_from(replace(GOOD, **change))  # type: ignore[arg-type]
        assert found.level == "moderate"
        assert [r.criterion for r in found.reasons if r.grade == "weak"] == [criterion]


def test_two_weak_make_it_low_and_are_its_reasons() -> None:
    both = {**WEAK["support"], **WEAK["views"]}
    found = confidence_from(replace(GOOD, **both))  # type: ignore[arg-type]
    assert found.level == "low"
    assert "1 of 9 judgements" in confidence_sentence(found)
    assert "differ" in confidence_sentence(found)


def test_the_present_may_not_have_been_looked_at() -> None:
    found = confidence_from(replace(GOOD, explains_present=None))
    assert "the present" not in [r.criterion for r in found.reasons]


def test_narrow_ranges_agree_though_a_words_end_lies_between() -> None:
    found = confidence_from(replace(GOOD, low=0.18, high=0.22))
    assert {r.criterion: r.grade for r in found.reasons}["range"] == "strong"


PROBABILITIES = st.floats(0, 1)


@given(
    st.tuples(PROBABILITIES, PROBABILITIES, PROBABILITIES),
    st.sampled_from(sorted(WORDS)),
    st.sampled_from([{}, *WEAK.values(), *FAIR.values()]),
)
def test_the_two_never_stand_in_one_sentence(
    numbers: tuple[float, float, float], words: str, change: dict[str, object]
) -> None:
    low, p, high = sorted(numbers)
    likelihood = Likelihood("the towns merge", p, low, high, "10,000 draws", words)
    told = [likelihood_sentence(likelihood), *likelihood_remarks(likelihood)]
    assert not any("confiden" in sentence for sentence in told)
    basis = replace(GOOD, words=words, **change)  # type: ignore[arg-type]
    confidence = confidence_sentence(confidence_from(basis))
    assert "%" not in confidence
    for word in WORDS[words]:
        assert not re.search(rf"\b{word}\b", confidence)


def test_the_sentence_has_word_number_range_origin_and_date() -> None:
    by = date(2024, 3, 17)
    told = Likelihood("the towns merge", 0.3, 0.12, 0.47, "10,000 draws", deadline=by)
    assert likelihood_sentence(told) == (
        "It is unlikely (30%; range 10–50%, by 10,000 draws) that the towns merge by 2024-03-17."
    )
    assert likelihood_remarks(told) == (
        "The range runs from 'very unlikely' to 'roughly even chance'.",
    )


@pytest.mark.parametrize(
    ("p", "words", "begins"),
    [
        (0.03, "icd203", "There is almost no chance ("),
        (0.5, "icd203", "There is a roughly even chance ("),
        (0.97, "icd203", "It is almost certain ("),
        (0.02, "phia", "There is a remote chance ("),
        (0.45, "phia", "There is a realistic possibility ("),
        (0.65, "phia", "It is likely ("),
    ],
)
def test_words_fit_their_sentence(p: float, words: str, begins: str) -> None:
    assert likelihood_sentence(Likelihood("x", p, p, p, "draws", words)).startswith(begins)


def test_a_gap_is_told_after_the_sentence() -> None:
    told = Likelihood("x", 0.22, 0.22, 0.22, "draws", "phia")
    assert "no word for this number" in likelihood_remarks(told)[0]


def test_the_basis_is_counted_from_the_case() -> None:
    case = foedus.load(Path(__file__).parents[2] / "cases" / "belarus-2024.yaml")
    basis = basis_of(case, 0.1, 0.2, {"inside": 0.1})
    assert 0 < basis.supported <= basis.judgements
    assert 1 < basis.origins <= basis.items
    assert basis.graded_well <= basis.items
    bare = replace(case, evidence={}, polls={})
    assert basis_of(bare, 0.1, 0.2, {}).supported == 0
    assert basis_of(bare, 0.1, 0.2, {}).origins == 0
