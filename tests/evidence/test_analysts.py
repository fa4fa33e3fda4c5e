"""Several analysts: alpha against published values and plain loops, disagreement, consensus."""

from __future__ import annotations

import json
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked import case_of, item

from foedus.document import plain_lines
from foedus.evidence.analysts import Analysts, compare_analysts, ordinal_alpha
from foedus.evidence.scoring import Marks

CASE = case_of(item("i"), item("j"), hypotheses="ab")
ANN: Marks = {"i": {"a": "C", "b": "II"}, "j": {"a": "N"}}
BOB: Marks = {"i": {"a": "I", "b": "I"}, "j": {"a": "N", "b": "C"}}
CYD: Marks = {"i": {"a": "CC", "b": "II"}}


def told(found: Analysts) -> str:
    return "\n".join(line for block in found.blocks() for line in plain_lines(block))


# Four observers and twelve units, the data of Krippendorff's own examples; ordinal alpha 0.815.
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


def test_alpha_of_the_published_example() -> None:
    units = [[v for v in unit if v is not None] for unit in zip(*KRIPPENDORFF, strict=True)]
    alpha = ordinal_alpha(units, [1, 2, 3, 4, 5])
    assert alpha is not None
    assert round(alpha, 3) == 0.815


@given(st.lists(st.lists(st.integers(-2, 2), max_size=4), max_size=8))
def test_alpha_by_plain_loops(units: list[list[int]]) -> None:
    paired = [unit for unit in units if len(unit) > 1]
    pooled = [v for unit in paired for v in unit]

    def apart(a: int, b: int) -> float:
        low, high = min(a, b), max(a, b)
        between = sum(low <= v <= high for v in pooled)
        return float((between - (pooled.count(low) + pooled.count(high)) / 2) ** 2)

    seen = sum(apart(a, b) / (len(u) - 1) for u in paired for a, b in permutations(u, 2))
    chance = sum(apart(a, b) for a, b in permutations(pooled, 2))
    alpha = ordinal_alpha(units, [-2, -1, 0, 1, 2])
    if chance == 0:
        assert alpha is None
    else:
        assert alpha == pytest.approx(1 - (len(pooled) - 1) * seen / chance)


def test_cells_items_and_consensus() -> None:
    found = compare_analysts(CASE, {"ann": ANN, "bob": BOB, "cyd": CYD})
    cells = {(c.item, c.hypothesis): c for c in found.cells}
    assert cells["i", "a"].apart == pytest.approx((2 + 1 + 3) / 3)
    assert cells["i", "a"].opposed
    assert cells["i", "a"].consensus == "C"
    assert cells["i", "b"].consensus == "II"
    assert cells["j", "a"].apart == 0
    assert cells["j", "b"].apart is None
    assert [(c.item, c.hypothesis) for c in found.disputed] == [("i", "a"), ("i", "b")]
    assert list(found.by_item) == ["i", "j"]
    assert found.by_item["i"] == pytest.approx((2 + 2 / 3) / 2)
    assert found.by_analyst["ann"].ranking == (("a",), ("b",))
    assert found.by_analyst["bob"].ranking == (("a", "b"),)
    assert found.consensus.ranking == (("a",), ("b",))


@pytest.mark.parametrize(
    ("one", "other", "middle"),
    [("C", "CC", "C"), ("I", "II", "I"), ("C", "I", "N"), ("CC", "I", "N"), ("II", "C", "N")],
)
def test_between_two_steps_the_consensus_is_nearer_neither(
    one: str, other: str, middle: str
) -> None:
    found = compare_analysts(CASE, {"ann": {"i": {"a": one}}, "bob": {"i": {"a": other}}})
    assert found.cells[0].consensus == middle


def test_a_cell_left_out_is_no_disagreement_and_is_told() -> None:
    found = compare_analysts(CASE, {"ann": ANN, "bob": BOB})
    assert "1 cell was marked by some" in told(found)
    assert "1 cell is consistent to one and inconsistent to another" in told(found)
    assert "The analysts differ on what has least" in told(found)
    assert "not marked" in str(found.explain("j"))
    with pytest.raises(KeyError):
        found.explain("x")
    json.dumps(found.to_dict(), allow_nan=False)


def test_those_who_agree_are_told_so() -> None:
    found = compare_analysts(CASE, {"ann": ANN, "cyd": CYD})
    assert "All analysts find least against “Plan A”" in told(found)
    alike = compare_analysts(CASE, {"ann": ANN, "bob": ANN})
    assert alike.alpha == 1
    assert not alike.disputed
    lone = compare_analysts(CASE, {"ann": {"i": {"a": "C"}}, "bob": {"j": {"a": "C"}}})
    assert lone.alpha is None
    assert "No measure of agreement" in told(lone)


def test_one_analyst_is_no_comparison() -> None:
    with pytest.raises(ValueError, match="two analysts"):
        compare_analysts(CASE, {"ann": ANN})


def test_other_with_least_against_it_reads_as_a_name() -> None:
    marks: Marks = {"i": {"a": "II", "other": "C"}}
    found = compare_analysts(CASE, {"ann": marks, "bob": marks})
    assert "All analysts find least against “none of these”." in told(found)


def test_the_comparison_tells_how_it_scored() -> None:
    found = compare_analysts(CASE, {"ann": ANN, "bob": BOB}, "parc", "equal", "each").to_dict()
    assert list(found)[:3] == ["scoring", "weights", "origins"]
    assert (found["scoring"], found["weights"], found["origins"]) == ("parc", "equal", "each")
