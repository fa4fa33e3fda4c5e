"""Bayes by hand: posterior, decibans in turn and left out, priors, and what leaves nothing."""

from __future__ import annotations

import json
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked import case_of, item, likely

from foedus.case.judgement import Role
from foedus.case.model import (
    Actor,
    And,
    Case,
    Judgement,
    Place,
    ReferenceClass,
    Statement,
    Worth,
    WorthItem,
)
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.document import Table, plain_lines
from foedus.evidence.competing import ach
from foedus.evidence.concordance import concordance
from foedus.evidence.updating import Bayes, bayes

CHANCE = st.floats(0.01, 1)
ROWS = st.lists(st.tuples(CHANCE, CHANCE, CHANCE), min_size=1, max_size=4)


def two(*items: object, **more: object) -> Case:
    """A case of one hypothesis and other: two in all."""
    return case_of(*items, hypotheses="a", **more)  # type: ignore[arg-type]


def told(found: Bayes) -> str:
    return "\n".join(line for block in found.blocks() for line in plain_lines(block))


def error(case: Case, **options: object) -> list[tuple[Place | None, str]]:
    with pytest.raises(CaseError) as caught:
        bayes(case, **options)  # type: ignore[arg-type]
    assert caught.value.file == "case.yaml"
    return [(p.place, p.text) for p in caught.value.problems]


def test_two_hypotheses_and_independent_items_in_closed_form() -> None:
    """Odds times likelihood ratios: even odds, ratios 4 and 1/2, so odds 2."""
    found = bayes(two(likely("i", "ao", 0.8, 0.2), likely("j", "ao", 0.3, 0.6)))
    assert found.posterior["a"].p == pytest.approx(2 / 3)
    assert found.posterior["other"].p == pytest.approx(1 / 3)
    weights = {name: weight.in_turn["a"] for name, weight in found.weights.items()}
    assert weights == pytest.approx({"i": 10 * math.log10(4), "j": 10 * math.log10(1 / 2)})
    for weight in found.weights.values():
        assert weight.left_out["a"].value == pytest.approx(weight.in_turn["a"])
        assert weight.in_turn["other"] == pytest.approx(-weight.in_turn["a"])
    assert found.weights["i"].after["a"] == pytest.approx(0.8)
    assert found.weights["i"].without["a"] == pytest.approx(1 / 3)


def test_three_hypotheses_by_hand() -> None:
    case = case_of(likely("i", "abo", 0.8, 0.4, 0.4), hypotheses="ab")
    found = bayes(case, {"a": 0.2, "b": 0.3, "other": 0.5})
    assert found.posterior["a"].p == pytest.approx(0.16 / (0.16 + 0.12 + 0.2))
    ratio = 0.8 / ((0.3 * 0.4 + 0.5 * 0.4) / 0.8)
    assert found.weights["i"].in_turn["a"] == pytest.approx(10 * math.log10(ratio))
    assert found.prior_name == "a stated prior"


@given(ROWS)
def test_weights_in_turn_add_up_to_the_whole_change_of_the_odds(
    rows: list[tuple[float, float, float]],
) -> None:
    items = [likely(f"i{k}", "abo", *row) for k, row in enumerate(rows)]
    prior = {"a": 0.2, "b": 0.3, "other": 0.5}
    found = bayes(case_of(*items, hypotheses="ab"), prior)
    for h, before in prior.items():
        after = found.posterior[h].p
        whole = 10 * math.log10(after / (1 - after) / (before / (1 - before)))
        assert sum(w.in_turn[h] for w in found.weights.values()) == pytest.approx(whole, abs=1e-6)
        product = [p * math.prod(r[k] for r in rows) for k, p in enumerate(prior.values())]
        assert after == pytest.approx(product[list(prior).index(h)] / sum(product))


@given(ROWS, st.integers(2, 3))
def test_a_group_of_one_origin_equals_one_item(
    rows: list[tuple[float, float, float]], copies: int
) -> None:
    once = [likely(f"i{k}", "abo", *row, origin=f"o{k}") for k, row in enumerate(rows)]
    again = [replace(e, id=f"{e.id}-{n}") for e in once for n in range(copies)]
    alone = bayes(case_of(*once, hypotheses="ab"))
    group = bayes(case_of(*again, hypotheses="ab"))
    for h in ("a", "b", "other"):
        assert group.posterior[h].p == pytest.approx(alone.posterior[h].p)
        for name, weight in alone.weights.items():
            assert group.weights[name].left_out[h].value == pytest.approx(
                weight.left_out[h].value, abs=1e-6
            )


def test_what_is_left_out_is_the_weighing_of_the_rest() -> None:
    items = [likely("i", "abo", 0.9, 0.2, 0.4), likely("j", "abo", 0.3, 0.7, 0.1)]
    whole = bayes(case_of(*items, hypotheses="ab"))
    rest = bayes(case_of(items[1], hypotheses="ab"))
    for h in ("a", "b", "other"):
        assert whole.weights["i"].without[h] == pytest.approx(rest.posterior[h].p)
        odds = [p / (1 - p) for p in (whole.posterior[h].p, rest.posterior[h].p)]
        assert whole.weights["i"].left_out[h].value == pytest.approx(
            10 * math.log10(odds[0] / odds[1])
        )


def test_ranges_make_intervals() -> None:
    case = two(likely("i", "ao", (0.2, 0.5, 0.8), 0.5))
    found = bayes(case)
    share, weight = found.posterior["a"], found.weights["i"].left_out["a"]
    assert (share.low, share.high) == pytest.approx((0.2 / 0.7, 0.8 / 1.3), abs=0.01)
    assert weight.low == pytest.approx(10 * math.log10(0.2 / 0.5), abs=0.2)
    assert weight.high == pytest.approx(10 * math.log10(0.8 / 0.5), abs=0.2)
    assert bayes(case).posterior == found.posterior
    assert bayes(case, seed=2).posterior["a"].low != share.low
    assert bayes(case, seed=0).posterior["a"].p == share.p


def test_likelihood_words_stand_for_their_ranges() -> None:
    text = (
        "foedus: 1\ntitle: t\n"
        "actors: {x: {name: X}}\n"
        "issues: {p: {positions: {n: N, y: Y}, decided_by: x}}\n"
        "preferences: {x: {worth: {w: {when: p = y, value: 1}}}}\n"
        "arrangements: {a: {name: A, when: p = y}}\nhypotheses: [a]\n"
        "evidence: {i: {kind: fact, claim: c, likelihood: {a: likely, other: very unlikely}}}\n"
    )
    found = bayes(parse_case(text))
    assert found.posterior["a"].p == pytest.approx(0.675 / (0.675 + 0.125))
    assert 0.55 / 0.75 <= found.posterior["a"].low < found.posterior["a"].high <= 0.8 / 0.85


def test_the_outside_view_as_prior() -> None:
    classes = {"r": ReferenceClass("r", 9, 2, "a")}
    case = case_of(likely("i", "abo", 0.8, 0.4, 0.4), hypotheses="ab", reference_classes=classes)
    found = bayes(case, "outside")
    assert found.prior["a"] == pytest.approx(2.5 / 10)
    assert found.prior["b"] == found.prior["other"] == pytest.approx(0.75 / 2)
    assert found.posterior["a"].p == pytest.approx(0.25 * 0.8 / (0.25 * 0.8 + 0.75 * 0.4))
    assert found.posterior["a"].high - found.posterior["a"].low > 0.2  # small counts
    assert "the rest shared evenly" in told(found)
    inside = {"a": 0.1, "b": 0.6, "other": 0.3}
    assert bayes(case, "outside", inside).prior["b"] == pytest.approx(0.75 * 2 / 3)
    (problem,) = error(replace(case, reference_classes={}), prior="outside")
    assert "no reference class" in problem[1]


@pytest.mark.parametrize(
    ("prior", "words"),
    [
        ({"a": 1}, "for each of a and other"),
        ({"a": 0.5, "other": 0.6}, "sum to one"),
        ({"a": -0.1, "other": 1.1}, "sum to one"),
        ({"a": math.nan, "other": 1}, "sum to one"),
        ("inside", "no prior 'inside'"),
    ],
)
def test_what_is_no_prior_is_refused(prior: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        bayes(two(likely("i", "ao", 0.8, 0.2)), prior)  # type: ignore[arg-type]


def test_evidence_that_leaves_nothing_is_told_with_its_places() -> None:
    one = error(two(likely("i", "ao", 0, 0.5), likely("j", "ao", 0.5, 0)))
    assert [place for place, _ in one] == [Place(1, 5), Place(2, 6)]
    assert "i holds 'a' for impossible" in one[0][1]
    assert "j holds 'other' for impossible" in one[1][1]
    itself = error(two(likely("i", "ao", 0, 0)))
    assert {place for place, _ in itself} == {Place(1, 5), Place(1, 6)}
    ranges = error(two(likely("i", "ao", (0, 0.2, 0.6), (0, 0.2, 0.6))))
    assert "i may hold 'a' for impossible" in ranges[0][1]
    by_prior = error(two(likely("i", "ao", 0, 0.5)), prior={"a": 1, "other": 0})
    assert [place for place, _ in by_prior] == [Place(1, 5)]
    (nobody,) = error(replace(two(), hypotheses=()))
    assert "names no hypotheses" in nobody[1]


def test_what_is_impossible_is_told_and_its_weight_is_infinite() -> None:
    case = two(likely("i", "ao", 0, 0.5), likely("j", "ao", 0.8, 0.2))
    found = bayes(case)
    assert found.posterior["a"].p == 0
    assert found.weights["i"].left_out["a"].value == -math.inf
    assert found.weights["j"].left_out["a"].value == 0
    assert "Impossible by the prior or by some item" in told(found)
    data = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert data["weights"]["i"]["left_out"]["a"]["value"] is None
    assert "−∞" in str(found.explain("a"))


def test_without_likelihoods_the_prior_stays() -> None:
    found = bayes(two(item("i", "-")))
    assert not found.speaks
    assert found.posterior["a"].p == found.prior["a"] == 0.5
    assert "nothing to weigh" in told(found)


def test_what_is_not_counted_or_counted_twice_is_named() -> None:
    path = ("preferences", "n", "worth", "gas")
    gas = Judgement(1, 2, 3, path, because=("i",), role=Role.WORTH)
    worth = Worth((WorthItem("gas", Statement("x", And(())), gas),))
    case = two(
        likely("i", "ao", 0.8, 0.2),
        likely("guess", "ao", 0.1, 0.9, kind="assumption"),
        actors={"n": Actor("n", "N")},
        preferences={"n": worth},
    )
    found = bayes(case)
    assert found.posterior["a"].p == pytest.approx(0.8)
    assert (found.also_inside, found.passed_over) == (("i",), ("guess",))
    assert "speak twice: i" in told(found)
    assert "Not counted, for only facts and reports are evidence: guess" in told(found)
    assert "likeliest: 80%" in told(found)
    assert concordance(case, None, found, {"a": 0.6, "other": 0.4}).shared == ("i",)


def test_a_hypothesis_explains_itself() -> None:
    found = bayes(two(likely("i", "ao", 0.8, 0.2), likely("j", "ao", 0.5, 0.5)))
    why = str(found.explain("a"))
    assert "i: +6.0 decibans in its turn, then 80%; +6.0 decibans to the rest" in why
    assert "which says something for it" in why
    assert "nothing to speak of" in why
    with pytest.raises(KeyError):
        found.explain("b")


def test_level_hypotheses_are_told_as_level_and_nothing_moves_them() -> None:
    text = told(bayes(two(likely("i", "ao", 0.4, 0.4))))
    assert "leave “Plan A” and “none of these” level: 50% each." in text
    assert "No single origin, left out, moves that to speak of." in text
    assert "likeliest" not in text
    assert "What moves that most" not in text
    case = case_of(likely("i", "abo", 0.8, 0.8, 0.4), hypotheses="ab")
    front = told(bayes(case))
    assert "put “Plan A” and “Plan B” level in front: 40% each." in front
    assert "What moves that most is i (+1.2 decibans for “Plan A”): without it, 33%." in front


def test_other_in_front_reads_as_a_name() -> None:
    text = told(bayes(two(likely("i", "ao", 0.2, 0.8))))
    assert "make “none of these” the likeliest: 80%." in text


def test_the_range_names_what_makes_it() -> None:
    classes = {"r": ReferenceClass("r", 9, 2, "a")}
    points = two(likely("i", "ao", 0.8, 0.4), reference_classes=classes)
    ranges = two(likely("i", "ao", (0.7, 0.8, 0.9), 0.4), reference_classes=classes)
    assert "The range is that of the prior’s counts." in told(bayes(points, "outside"))
    both = "The range is that of the judged likelihoods and the prior’s counts."
    assert both in told(bayes(ranges, "outside"))
    assert "The range is that of the judged likelihoods." in told(bayes(ranges))
    assert bayes(points, "outside").to_dict()["prior"]["ranged"] is True


def test_points_have_no_range() -> None:
    found = bayes(two(likely("i", "ao", 0.8, 0.2), likely("j", "ao", 0.3, 0.6)))
    assert "likeliest: 67%." in told(found)
    assert "range is" not in told(found)
    assert "66" not in told(found)
    assert "90% range)" not in told(found)
    assert "67% with the evidence" in str(found.explain("a"))


def test_what_is_sure_is_shown_as_0_and_100() -> None:
    found = bayes(two(likely("i", "ao", 0, 0.5), likely("j", "ao", 0.8, (0.1, 0.2, 0.3))))
    assert "likeliest: 100%." in told(found)
    assert "0% with the evidence" in str(found.explain("a"))
    assert "under" not in told(found)
    nearly = bayes(two(*(likely(f"i{k}", "ao", 1e-6, 0.9) for k in range(4))))
    assert "likeliest: over 99.999%." in told(nearly)


def test_an_item_silent_on_a_hypothesis_has_a_plain_0() -> None:
    case = case_of(
        likely("i", "abo", 0.7, 0.7, 0.7), likely("j", "abo", 0.3, 0.6, None), hypotheses="ab"
    )
    found = bayes(case, {"a": 0.2, "b": 0.3, "other": 0.5})
    tables = [block for block in found.blocks() if isinstance(block, Table)]
    (weights,) = [table for table in tables if table.caption.startswith("What each origin adds")]
    for cell in weights.rows[0][1:]:
        assert (cell.text, cell.tone, cell.note) == ("0", "plain", None)
    assert [cell.tone for cell in weights.rows[1][1:3]] == ["bad", "good"]


# --- agreement and clash ----------------------------------------------------------------------


def views(marks: str, *chances: float, inside: dict[str, float] | None = None) -> dict[str, str]:
    case = case_of(item("m", marks), likely("l", "abco", *chances))
    found = concordance(case, ach(case), bayes(case), inside)
    text = "\n".join(line for block in found.blocks() for line in plain_lines(block))
    assert text
    json.dumps(found.to_dict(), allow_nan=False)
    return {f"{p.first} and {p.second}": p.verdict for p in found.pairings}


def test_views_agree_clash_or_say_nothing() -> None:
    both = "ACH and the weighed evidence"
    assert views("0 - -", 0.9, 0.5, 0.2, 0.1) == {both: "agree"}
    assert views("0 0 -", 0.2, 0.9, 0.1, 0.1) == {both: "agree"}
    assert views("0 - 0", 0.9, 0.5, 0.2, 0.1) == {both: "agree on the first"}
    assert views("- 0 0", 0.9, 0.5, 0.2, 0.1) == {both: "clash"}
    assert views("0 0 0", 0.9, 0.5, 0.2, 0.1) == {both: "cannot be compared"}
    inside = {"a": 0.1, "b": 0.2, "c": 0.3, "other": 0.4}
    assert views("0 - -", 0.9, 0.5, 0.2, 0.1, inside=inside) == {
        both: "agree",
        "ACH and the inside view": "clash",
        "the weighed evidence and the inside view": "clash",
    }


def test_a_clash_names_both_firsts_over_what_they_share() -> None:
    case = case_of(item("m", "- 0 -"))
    inside = {"a": 0.3, "b": 0.1, "c": 0.1, "other": 0.5}
    found = concordance(case, ach(case), bayes(case), inside)
    text = "\n".join(line for block in found.blocks() for line in plain_lines(block))
    assert "clash: “Plan B” comes first by the one, “Plan A” by the other" in text
    assert list(found.orders) == ["ACH", "the inside view"]
    assert found.pairings[0].common == ("b", "a", "c")
    assert not concordance(case).pairings
