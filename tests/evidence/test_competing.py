"""ACH against Heuer's example, the rules of other tools, plain loops, and by its properties."""

from __future__ import annotations

import itertools
import json
import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked import case_of, item

from foedus.document import Grid, Table, plain_lines
from foedus.evidence.competing import Ach, ach
from foedus.evidence.scoring import RULES, STEPS, grade_weight

# Heuer's worked example (will Iraq retaliate?, chapter 8): no retaliation, minor actions, a major
# attack; plus and minus only. His conclusion: the second is likeliest and the first least likely.
HEUER = case_of(
    item("statement-of-intent", "+ + +"),
    item("no-offensive-in-the-war", "+ + -"),
    item("would-not-provoke", "+ + -"),
    item("more-broadcasts", "- + +"),
    item("embassies-warned", "- + +"),
    item("loss-of-face", "- + +"),
)


def told(result: Ach) -> str:
    return "\n".join(line for block in result.blocks() for line in plain_lines(block))


@pytest.mark.parametrize("scoring", RULES)
def test_heuers_example(scoring: str) -> None:
    found = ach(HEUER, scoring=scoring, weights="equal")
    assert found.ranking == (("b",), ("c",), ("a",))
    assert [found.scores[h].weighted for h in "abc"] == [3, 0, 2]
    assert found.diagnosticity["statement-of-intent"] == 0
    assert found.linchpins == ()  # the second has nothing against it; one mark leaves it first
    assert {len(found.ablations[i].steps) > 0 for i in found.matrix.items} == {False, True}


# The rules of Open Synthesis, on the situations its own tests describe, worked by hand.
@pytest.mark.parametrize(
    ("column", "against", "consistent"),
    [
        ("++ . - -", 2, 4),
        ("- - 0 -", 3, 0),
        ("0 . ++ --", 4, 4),
        ("0 + ++ .", 0, 5),
    ],
)
def test_the_sums_of_squares_of_open_synthesis(
    column: str, against: float, consistent: float
) -> None:
    items = [item(f"i{k}", f"{sign} 0") for k, sign in enumerate(column.split())]
    score = ach(case_of(*items), None, "open-synthesis", "equal", "each").scores["a"]
    assert (score.weighted, score.consistent) == (against, consistent)


def test_open_synthesis_parts_level_hypotheses_by_what_is_consistent() -> None:
    """Its order of very inconsistent, inconsistent, neutral, consistent, very consistent."""
    case = case_of(item("i", "++ + 0 - --", "abcde"), hypotheses="abcde")
    found = ach(case, None, "open-synthesis", "equal", "each")
    assert found.ranking == (("a",), ("b",), ("c",), ("d",), ("e",))
    assert ach(case, weights="equal").ranking == (("a", "b", "c"), ("d", "e"))


def test_the_weights_of_the_parc_tool() -> None:
    """Twice for very inconsistent; high, medium and low weigh √2, 1 and 1/√2, and multiply."""
    high = item("high", "-- 0", reliability="A", credibility=2)
    mixed = item("mixed", "- 0", reliability="B", credibility=4)
    low = item("low", "- 0", reliability="E", credibility=5)
    unknown = item("unknown", "- 0", reliability="F", credibility=6)
    none = item("none", "- 0")
    found = ach(case_of(high, mixed, low, unknown, none), scoring="parc")
    assert found.against("a") == pytest.approx(
        {"high": 4, "mixed": 1, "low": 0.5, "unknown": 1, "none": 1}
    )
    assert found.scores["a"].weighted == pytest.approx(7.5)
    assert found.scores["a"].equal == 6
    assert found.scores["a"].inconsistent == 5
    assert grade_weight(item("x", reliability="C", credibility=3)) == 1


def test_one_origin_told_twice_counts_once() -> None:
    one = ach(case_of(item("i", "- 0 +", origin="o"), item("j", "0 - 0")))
    two = ach(
        case_of(item("i", "- 0 +", origin="o"), item("k", "- 0 +", origin="o"), item("j", "0 - 0"))
    )
    assert [s.weighted for s in one.scores.values()] == [s.weighted for s in two.scores.values()]
    assert two.scores["a"].inconsistent == 2
    each = ach(two.case, origins="each")
    assert each.scores["a"].weighted == 2


def test_the_strongest_item_of_an_origin_counts() -> None:
    """More from the same origin never lowers what speaks against a hypothesis."""
    weak = item("weak", "- 0 0", origin="o", reliability="E", credibility=5)
    strong = item("strong", "- + 0", origin="o", reliability="C", credibility=3)
    favourable = item("favourable", "++ 0 0", origin="o", reliability="A", credibility=1)
    found = ach(case_of(weak, strong, favourable))
    assert found.against("a") == {"weak": 0, "strong": 1, "favourable": 0}
    assert found.ablations["weak"].without == found.ranking


def test_an_item_of_the_name_of_an_origin_is_not_of_that_origin() -> None:
    found = ach(case_of(item("o", "- 0 0"), item("i", "- 0 0", origin="o")))
    assert found.scores["a"].weighted == 2


def test_not_marked_is_not_neither() -> None:
    """Neither moves a score, but who marked N has judged, and an item then tells things apart."""
    found = ach(case_of(item("i", "- . 0"), item("j", ". - 0")))
    assert [s.weighted for s in found.scores.values()] == [1, 1, 0]
    assert [s.marked for s in found.scores.values()] == [1, 1, 2]
    neither = ach(case_of(item("i", "- 0 0"), item("j", "0 - 0")))
    assert [s.weighted for s in neither.scores.values()] == [1, 1, 0]
    assert [s.marked for s in neither.scores.values()] == [2, 2, 2]
    assert found.diagnosticity["i"] == 0.5
    assert neither.diagnosticity["i"] == pytest.approx(statistics.pstdev([-1, 0, 0]))
    assert ach(case_of(item("i", "- . ."))).diagnosticity["i"] is None
    assert "different numbers of items (a 1, b 1, c 2 of 2)" in told(found)


def test_a_hypothesis_nobody_marked_does_not_win() -> None:
    found = ach(case_of(item("i", "- 0 .")))
    assert found.ranking == (("b",), ("a",))
    assert found.unjudged == ("c",)
    assert "Nothing is marked for “Plan C”" in told(found)
    assert "Nothing is marked" in str(found.explain("c"))


def test_other_is_there_when_it_is_marked_and_its_absence_is_told() -> None:
    assert "other" not in ach(HEUER).scores
    assert "`other`) is not marked" in told(ach(HEUER))
    case = case_of(item("i", "- 0 0"), item("j"))
    marks = {"i": {"a": "I", "b": "C", "other": "N"}}
    found = ach(case, marks)
    assert found.matrix.hypotheses == ("a", "b", "c", "other")
    assert found.matrix.items == ("i",)
    assert "is not marked: this says" not in told(found)


def test_only_facts_and_reports_count() -> None:
    found = ach(case_of(item("i", "- 0 0"), item("think", "0 -- 0", kind="inference")))
    assert found.matrix.items == ("i",)
    assert found.matrix.passed_over == ("think",)
    assert "no facts or reports: think" in told(found)
    nothing = ach(case_of(item("think", "0 -- 0", kind="assumption")))
    assert nothing.ranking == nothing.least == ()
    assert "No fact or report is marked" in told(nothing)
    json.dumps(nothing.to_dict(), allow_nan=False)


def test_linchpins() -> None:
    """By leaving out, by one step, and not by what only changes the order below."""
    found = ach(
        case_of(item("i", "0 - 0"), item("j", "0 - -"), item("k", "0 - -"), item("l", "- 0 0")),
        weights="equal",
    )
    assert found.ranking == (("a",), ("c",), ("b",))
    assert [found.ablations[i].without_turns for i in found.matrix.items] == [
        False,
        True,
        True,
        False,
    ]
    assert found.linchpins == ("i", "j", "k")  # i by a mark of a: N to I
    steps = {(s.hypothesis, s.instead): s.ranking for s in found.ablations["l"].steps}
    assert steps["c", "I"] == (("a",), ("b", "c"))
    assert ("a", "C") not in steps


def test_few_pieces_fall_and_a_rival_draws_level() -> None:
    strong = {"reliability": "A", "credibility": 1}
    found = ach(
        case_of(
            item("i", "0 -", **strong),
            item("j", "0 -", origin="o"),
            item("k", "0 -", origin="o"),
            item("l", "- 0"),
        )
    )
    assert found.scores["b"].weighted == pytest.approx(4 - 1)
    assert found.fewest_origins("b") == ("i",)
    assert found.fewest_origins("a") == ()
    with pytest.raises(KeyError):
        found.fewest_origins("c")
    assert ach(case_of(item("i", "- --"))).fewest_origins("b") == ()


MARKS = st.sampled_from(["++", "+", "0", "-", "--", "."])
MATRICES = st.lists(
    st.tuples(
        st.tuples(MARKS, MARKS, MARKS),
        st.sampled_from([None, None, "o", "p"]),
        st.sampled_from("ABCDEF"),
        st.integers(1, 6),
    ),
    min_size=1,
    max_size=6,
)
Spec = list[tuple[tuple[str, str, str], str | None, str, int]]


def built(spec: Spec, scoring: str = "parc", **options: str) -> Ach:
    items = [
        item(f"i{k}", " ".join(row), origin=origin, reliability=source, credibility=claim)
        for k, (row, origin, source, claim) in enumerate(spec)
    ]
    return ach(case_of(*items), None, scoring, **options)  # type: ignore[arg-type]


@given(MATRICES, st.sampled_from(sorted(RULES)))
def test_scores_by_plain_loops(spec: Spec, scoring: str) -> None:
    found = built(spec, scoring)
    grades = {"A": 2**0.5, "B": 2**0.5, "C": 1, "D": 0.5**0.5, "E": 0.5**0.5, "F": 1}
    numbers = [None, 2**0.5, 2**0.5, 1, 0.5**0.5, 0.5**0.5, 1]
    bad = {"heuer": (1, 1), "parc": (1, 2), "open-synthesis": (1, 4)}[scoring]
    for place, h in enumerate("abc"):
        by_origin: dict[object, list[float]] = {}
        for k, (row, origin, source, claim) in enumerate(spec):
            if row[place] in ("-", "--"):
                amount = grades[source] * numbers[claim] * bad[row[place] == "--"]  # type: ignore[operator]
                by_origin.setdefault(origin or k, []).append(amount)
        total = sum(max(amounts) for amounts in by_origin.values())
        assert found.scores[h].weighted == pytest.approx(total)
        assert sum(found.against(h).values()) == pytest.approx(total)


@given(MATRICES, st.permutations(range(6)))
def test_the_order_of_items_does_not_matter(spec: Spec, order: list[int]) -> None:
    mixed = [spec[k] for k in order if k < len(spec)]
    assert built(spec).ranking == built(mixed).ranking


@given(MATRICES)
def test_what_says_the_same_of_all_moves_no_ranking_by_count(spec: Spec) -> None:
    alike: Spec = [*spec, (("-", "-", "-"), None, "C", 3)]
    before, after = built(spec), built(alike)
    if all(score.marked for score in before.scores.values()):
        assert before.ranking == after.ranking
    assert after.diagnosticity[f"i{len(spec)}"] == 0


@given(MATRICES)
def test_diagnosticity_is_the_spread_of_the_marks(spec: Spec) -> None:
    found = built(spec)
    for name in found.matrix.items:
        steps = [STEPS[m] for m in found.matrix.marks[name].values()]
        spread = found.diagnosticity[name]
        assert (spread is None) == (len(steps) < 2)
        if spread is not None:
            mean = statistics.fmean(steps)
            assert spread == pytest.approx(
                math.sqrt(sum((s - mean) ** 2 for s in steps) / len(steps))
            )
            assert (spread == 0) == (len(set(steps)) == 1)


@given(MATRICES, st.sampled_from(sorted(RULES)))
def test_sensitivity_is_the_analysis_of_the_changed_matrix(spec: Spec, scoring: str) -> None:
    found = built(spec, scoring)
    rows = {name: dict(row) for name, row in found.matrix.marks.items()}
    for name, gone in found.ablations.items():
        rest = {other: row for other, row in rows.items() if other != name}
        assert gone.without == ach(found.case, rest, scoring).ranking
        turned = bool(gone.without) and set(gone.without[0]) != set(found.least)
        listed = {(s.hypothesis, s.instead): s.ranking for s in gone.steps}
        for h, mark in rows[name].items():
            for other, step in STEPS.items():
                if abs(step - STEPS[mark]) != 1:
                    continue
                changed = {**rows, name: {**rows[name], h: other}}
                expected = ach(found.case, changed, scoring).ranking
                assert listed.get((h, other), found.ranking) == expected
                turned = turned or set(expected[0]) != set(found.least)
        assert gone.turns == turned


@given(MATRICES)
def test_no_fewer_origins_make_a_rival_draw_level(spec: Spec) -> None:
    found = built(spec)
    if not found.ranking:
        return
    least = found.least[0]
    origins = sorted(set(found.matrix.origins.values()))

    def level(without: tuple[str, ...], rival: str) -> bool:
        gone = [i for i in found.matrix.items if found.matrix.origins[i] in without]
        kept = [
            sum(v for i, v in found.against(h).items() if i not in gone) for h in (rival, least)
        ]
        return kept[0] <= kept[1] + 1e-9

    for rival in (h for group in found.ranking for h in group):
        answers = [
            n
            for n in range(len(origins) + 1)
            if any(level(some, rival) for some in itertools.combinations(origins, n))
        ]
        without = found.fewest_origins(rival)
        assert without is not None  # with everything left out all are level
        assert len(without) == min(answers)
        assert level(without, rival)


@given(MATRICES)
def test_everything_can_be_told(spec: Spec) -> None:
    found = built(spec)
    json.dumps(found.to_dict(), allow_nan=False)
    assert told(found)
    for name in (*found.scores, *found.matrix.items):
        assert str(found.explain(name))


def test_the_heat_map_shows_every_cell_with_its_tone() -> None:
    found = ach(case_of(item("i", "++ - ."), item("j", "+ 0 --")))
    (grid,) = (b for b in found.blocks() if isinstance(b, Grid))
    cells = {c.text: c.tone for row in grid.cells for c in row}
    assert cells == {
        "CC": "good", "C": "good", "N": "plain", "I": "warn", "II": "bad", "not marked": "muted",
    }  # fmt: skip
    assert {c.text for c, _ in grid.legend} == set(cells)
    (scores, *_) = (b for b in found.blocks() if isinstance(b, Table))
    assert [(row[0].text, row[1].text) for row in scores.rows] == [
        ("a", "1"),
        ("b", "2"),
        ("c", "2"),
    ]


def test_more_looked_at_is_told() -> None:
    found = ach(case_of(item("i", "- 0 0"), item("j", "- - 0"), item("k", "+ 0 -")))
    assert "not looked at alike" in told(found)
    assert "a 3, b 1, c 1" in told(found)
    assert "controlled studies do not show" in told(found)


def test_an_item_and_a_hypothesis_explain_themselves() -> None:
    found = ach(case_of(item("i", "- 0 .", origin="o"), item("j", "-- + +", origin="o")))
    why = str(found.explain("a"))
    assert "II: j; adds 0.5" in why
    assert "claim of j" in why
    assert "would draw level" in why
    told_item = str(found.explain("i"))
    assert "I, inconsistent with “Plan A”" in told_item
    assert "not marked for “Plan C”" in told_item
    assert "j comes from the same origin and counts as one with it" in told_item
    with pytest.raises(KeyError):
        found.explain("nobody")


@pytest.mark.parametrize(
    ("marks", "options", "words"),
    [
        ({"x": {"a": "C"}}, {}, "no evidence 'x'"),
        ({"i": {"z": "C"}}, {}, "no hypothesis 'z'"),
        ({"i": {"a": "D"}}, {}, "no mark 'D'"),
        (None, {"scoring": "best"}, "no scoring rule 'best'"),
        (None, {"weights": "mine"}, "no weights 'mine'"),
        (None, {"origins": "twice"}, "no way to count origins 'twice'"),
    ],
)
def test_what_is_not_known_is_refused(marks: object, options: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        ach(case_of(item("i", "- 0 0")), marks, **options)  # type: ignore[arg-type]
