"""Words for numbers and numbers for words: every number has one, and gaps are told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.case.words import WORDS
from foedus.forecasting.wording import bands_of, range_of, word_for, words_between

LISTS = sorted(WORDS)


@pytest.mark.parametrize("words", LISTS)
def test_every_word_stands_for_the_middle_of_its_range(words: str) -> None:
    for word, (low, high) in WORDS[words].items():
        assert range_of(word, words) == (low, high)
        worded = word_for((low + high) / 2, words)
        assert word in (worded.word, *worded.also)
        assert not worded.gap
        assert worded.remark() == ""


@given(st.floats(0, 1), st.sampled_from(LISTS))
def test_every_number_has_the_nearest_word(p: float, words: str) -> None:
    worded = word_for(p, words)
    away = {w: max(low - p, p - high, 0) for w, (low, high) in WORDS[words].items()}
    assert away[worded.word] <= min(away.values()) + 1e-9
    assert worded.gap == (min(away.values()) > 1e-9)


@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(LISTS))
def test_words_rise_with_the_number(p: float, q: float, words: str) -> None:
    order = [group[0] for group in bands_of(words).values()]
    low, high = sorted((p, q))
    at = order.index(word_for(low, words).word), order.index(word_for(high, words).word)
    assert at[0] <= at[1]
    assert words_between(low, high, words) == tuple(order[at[0] : at[1] + 1])


@pytest.mark.parametrize(
    ("p", "word"),
    [
        (0.0, "almost no chance"),
        (0.009, "almost no chance"),
        (0.0499, "almost no chance"),
        (0.05, "very unlikely"),
        (0.2, "unlikely"),
        (0.45, "roughly even chance"),
        (0.55, "roughly even chance"),
        (0.8, "likely"),
        (0.95, "very likely"),
        (0.951, "almost certain"),
        (1.0, "almost certain"),
    ],
)
def test_a_shared_end_goes_to_the_weaker_claim(p: float, word: str) -> None:
    assert word_for(p).word == word
    assert word_for(p).gap == (p < 0.01 or p > 0.99)


@pytest.mark.parametrize(
    ("p", "word"),
    [
        (0.05, "remote chance"),
        (0.06, "remote chance"),
        (0.075, "highly unlikely"),
        (0.225, "unlikely"),
        (0.525, "realistic possibility"),
        (0.53, "likely"),
        (0.775, "likely"),
        (0.93, "almost certain"),
    ],
)
def test_a_gap_takes_the_nearest_band_and_from_its_middle_the_weaker(p: float, word: str) -> None:
    worded = word_for(p, "phia")
    assert worded.word == word
    assert worded.gap == (p != 0.05)
    if worded.gap:
        assert "no word for this number" in worded.remark()


def test_icd203_reads_the_same_from_both_ends() -> None:
    heads = [group[0] for group in bands_of("icd203").values()]
    for k in range(101):
        one, other = word_for(k / 100).word, word_for((100 - k) / 100).word
        assert heads.index(one) == len(heads) - 1 - heads.index(other)


@pytest.mark.parametrize("p", [-0.01, 1.01, float("nan")])
def test_no_probability_has_no_word(p: float) -> None:
    with pytest.raises(ValueError, match="no probability"):
        word_for(p)


def test_unknown_words_and_lists() -> None:
    with pytest.raises(KeyError):
        range_of("perhaps")
    with pytest.raises(KeyError):
        word_for(0.5, "nato")
