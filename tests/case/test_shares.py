"""Shares that exceed their whole, and numbers that look like fractions of one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from towns import broken

from foedus.case.model import Place
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.case.shares import excess, fractions, rounding

POLL = "n: 800, date: 2019-11-01, shares: {merge: 24, league: 41, neither: 35}"
ASKED = "asked: choice, " + POLL


def towns(before: str, after: str) -> str:
    """The text of the two towns with one text replaced."""
    return broken((before, after))[0]


def poll(shares: str, asked: str = "choice") -> str:
    return towns(ASKED, f"asked: {asked}, n: 800, date: 2019-11-01, shares: {{{shares}}}")


def at(text: str, sign: str) -> Place:
    """The place of the first occurrence of a sign in a text."""
    before = text[: text.index(sign)]
    return Place(before.count("\n") + 1, len(before) - before.rfind("\n"))


@pytest.mark.parametrize(
    ("asked", "shares", "whole"),
    [
        ("choice", "a: 60, b: 60, c: 70", "190"),
        ("approval", "approve: 60, disapprove: 60", "120"),
        ("choice", "a: 51, b: 51", "102"),
        ("approval", "a: 50.1, b: 50.1", "100.2"),
        ("choice", "a: 100, b: 33.33, c: 0.01", "133.34"),
    ],
)
def test_shares_over_their_whole_are_an_error(asked: str, shares: str, whole: str) -> None:
    text = poll(shares, asked)
    with pytest.raises(CaseError) as caught:
        parse_case(text)
    (problem,) = caught.value.problems
    assert problem.message == f"the shares sum to {whole}"
    assert problem.place == at(text, "shares: {")


@pytest.mark.parametrize(
    "shares", ["a: 51, b: 50", "a: 33.4, b: 33.4, c: 33.3", "a: 20, b: 30", "a: 100"]
)
def test_rounding_and_what_is_left_out_are_no_error(shares: str) -> None:
    assert parse_case(poll(shares)).notices == ()


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=8), st.integers(0, 2))
def test_shares_of_a_whole_rounded_are_never_refused(parts: list[int], digits: int) -> None:
    whole = sum(parts) or 1
    shares = {str(k): round(100 * part / whole, digits) for k, part in enumerate(parts)}
    assert excess(shares) is None
    over = {**shares, "more": 2 * rounding(shares.values()) + 1.0}
    if any(parts):
        assert excess(over) is not None


@pytest.mark.parametrize(
    ("before", "after", "sign", "told"),
    [
        (
            "shares: {merge: 24, league: 41, neither: 35}",
            "shares: {merge: 24, league: 0.41, neither: 0.35}",
            "0.41",
            "the shares of 'league' and 'neither', 0.41, 0.35, look like fractions, but stand in "
            "per cent: if so, write 41, 35",
        ),
        ("threshold: 50", "threshold: 0.5", "0.5}", "'threshold', 0.5, looks like a fraction"),
        ("threshold: 50", "threshold: [0.4, 0.5, 1]", "[0.4", "'threshold', 0.4, 0.5, 1, look"),
        ("share: [20, 30, 40]", "share: {value: 0.3}", "{value", "'share', 0.3, looks like"),
        ("default: 55", "default: 0.55", "0.55", "'default', 0.55, looks like a fraction"),
        ("choice, n: 800", "choice, error: 0.03, n: 800", "0.03", "the total error of 'bridge-po"),
    ],
)
def test_what_looks_like_a_fraction_is_noticed(
    before: str, after: str, sign: str, told: str
) -> None:
    text = towns(before, after)
    (notice,) = parse_case(text).notices
    assert notice.message.startswith(told)
    assert notice.place == at(text, sign)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("threshold: 50", "threshold: [0, 0.5, 2]"),
        ("threshold: 50", "threshold: 1"),
        ("default: 55", "default: 0"),
        ("shares: {merge: 24, league: 41, neither: 35}", "shares: {a: 60, b: 39.6, c: 0.4}"),
    ],
)
def test_what_may_well_be_per_cent_is_not(before: str, after: str) -> None:
    assert parse_case(towns(before, after)).notices == ()


def test_a_small_share_of_a_hundred_is_none() -> None:
    assert fractions({"a": 60, "b": 39, "c": 0.5}) == ()
    assert fractions({"a": 45, "c": 0.5}) == ("c",)


def test_a_total_error_over_a_hundred_points_is_an_error() -> None:
    with pytest.raises(CaseError, match="a number from 0 to 100"):
        parse_case(towns("choice, n: 800", "choice, error: 101, n: 800"))
