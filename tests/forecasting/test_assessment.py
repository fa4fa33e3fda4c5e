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
from foedus.document import plain_lines
from foedus.forecasting.assessment import Likelihood, Moved, Support, confidence, support_of
from foedus.forecasting.wording import bands_of, word_for
from foedus.reporting.assessment import confidence_sentence, likelihood_remarks, likelihood_sentence

VIEWS = {"inside": 0.3, "outside": 0.4}


def test_what_moves_the_answer_by_two_words_makes_it_low() -> None:
    found = confidence(0.3, {"a": 0.5, "b": 0.6, "c": 0.21}, VIEWS)
    assert (found.level, found.turning, found.tried) == ("low", ("b",), 3)
    assert found.most == Moved("b", 0.3, 0.6, 2)
    assert confidence(0.3, {"a": 0.5, "c": 0.21}, VIEWS).level == "moderate"
    assert confidence(0.3, {"c": 0.21}, VIEWS).level == "high"
    assert confidence(0.3, {"a": 0.5, "d": 0.1}, VIEWS).turning == ("a", "d")


def test_views_far_apart_make_it_low_whatever_else() -> None:
    found = confidence(0.3, {"c": 0.31}, {"inside": 0.1, "outside": 0.6})
    assert (found.level, found.views_apart) == ("low", 3)
    assert confidence(0.3, {"c": 0.31}, {"inside": 0.1, "outside": 0.5}).level == "high"


def test_what_was_not_looked_at_is_not_judged() -> None:
    assert confidence(0.3, {}, {"inside": 0.3}).level is None
    assert confidence(0.3, {}, VIEWS).level == "high"
    nothing = confidence(0.3, {"a": 0.3}, {"inside": 0.3})
    assert (nothing.level, nothing.most, nothing.turning) == ("high", None, ())


PROBABILITIES = st.floats(0, 1)
ALTERNATIVES = st.dictionaries(st.sampled_from("abcdef"), PROBABILITIES, max_size=6)


@given(PROBABILITIES, ALTERNATIVES, PROBABILITIES, PROBABILITIES, st.sampled_from(sorted(WORDS)))
def test_confidence_by_the_rule_alone(
    base: float, alternatives: dict[str, float], inside: float, outside: float, words: str
) -> None:
    """Slowly, from words; and looking at more never makes it higher."""
    order = [group[0] for group in bands_of(words).values()]

    def place(p: float) -> int:
        return order.index(word_for(p, words).word)

    views = {"inside": inside, "outside": outside}
    found = confidence(base, alternatives, views, words)
    steps = [abs(place(p) - place(base)) for p in alternatives.values()]
    if any(step >= 2 for step in steps) or abs(place(inside) - place(outside)) > 2:
        assert found.level == "low"
    else:
        assert found.level == ("moderate" if any(steps) else "high")
    if found.most is not None:
        assert found.most.words == max(steps)
    rank = {"low": 0, "moderate": 1, "high": 2, None: 3}
    more = confidence(base, {**alternatives, "g": outside}, views, words)
    assert rank[more.level] <= rank[found.level]


@given(
    st.tuples(PROBABILITIES, PROBABILITIES, PROBABILITIES),
    st.sampled_from(sorted(WORDS)),
    ALTERNATIVES,
)
def test_the_two_never_stand_in_one_sentence(
    numbers: tuple[float, float, float], words: str, alternatives: dict[str, float]
) -> None:
    low, p, high = sorted(numbers)
    likelihood = Likelihood("the towns merge", p, low, high, "10,000 draws", words)
    told = [likelihood_sentence(likelihood), *likelihood_remarks(likelihood)]
    assert not any("confiden" in sentence for sentence in told)
    sentence = confidence_sentence(
        confidence(p, alternatives, {"inside": low, "outside": high}, words)
    )
    assert "%" not in sentence
    for word in WORDS[words]:
        assert not re.search(rf"\b{word}\b", sentence)


def test_views_far_apart_stand_in_the_first_sentence() -> None:
    views = {"inside": 0.02, "outside": 0.6}
    told = Likelihood("the towns merge", 0.2, 0.1, 0.3, "1,000 draws", views=views)
    assert likelihood_sentence(told).endswith(
        "that the towns merge, but the views differ: 2% by the inside view and 60% by the "
        "outside view."
    )


def test_no_digit_is_shown_beyond_the_monte_carlo_error() -> None:
    told = Likelihood("x", 0.30123, 0.30123, 0.30123, "draws", error=0.02)
    assert "(30%; range 30–31%," in likelihood_sentence(told)
    assert "(0%; range 0%," in likelihood_sentence(Likelihood("x", 0.0, 0.0, 0.0, "draws"))


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


def test_support_is_counted_from_the_case_and_decides_nothing() -> None:
    case = foedus.load(Path(__file__).parents[2] / "cases" / "belarus-2024.yaml")
    support = support_of(case)
    assert 0 < support.supported <= support.judgements
    bare = support_of(replace(case, evidence={}, polls={}))
    assert bare == Support(support.judgements, 0)
    found = [confidence(0.3, {"a": 0.5}, VIEWS, support=each) for each in (support, bare)]
    assert {each.level for each in found} == {"moderate"}
    assert found[0].to_dict()["supported"] == support.supported
    told = "\n".join(line for block in found[1].blocks() for line in plain_lines(block))
    assert f"0 of {support.judgements} judgements rest on facts" in told
