"""Several judges of one case: against the definitions done by hand, and the laws they keep."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.case.edit import Value, with_value
from foedus.case.judgement import Judgement, Role
from foedus.case.links import judgements_of
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.document import Sentence, Table
from foedus.forecasting.headline import Headline, headline
from foedus.forecasting.mixtures import linear_pool, said
from foedus.sensitivity.judging.results import Judges
from foedus.sensitivity.judging.solve import disputes, judges
from foedus.sensitivity.judging.texts import judge_text, settings_of
from foedus.sensitivity.settings import case_with

TOWNS = Path("cases/two-towns.yaml").read_text(encoding="utf-8")
TOLL = "preferences.north.worth.toll-income"
WIDE = "preferences.north.worth.wide-bridge"
WISH = "preferences.south.priorities.any-bridge"
MERGER = "preferences.voters.support.s1"
DRAWS, SEED = 40, 3

THREE: Mapping[str, tuple[tuple[str, Value], ...]] = {
    "Anna": ((TOLL, -5.0), (WIDE, [20.0, 40.0, 60.0]), (MERGER, [30.0, 45.0, 60.0])),
    "Boris": ((TOLL, 15.0), (WISH, "very likely"), (MERGER, [5.0, 10.0, 20.0])),
    "Clara": ((WIDE, [0.0, 5.0, 10.0]),),
}


def texts_of(judged: Mapping[str, tuple[tuple[str, Value], ...]]) -> dict[str, str]:
    return {name: judge_text(TOWNS, name, settings) for name, settings in judged.items()}


@cache
def three() -> Judges:
    return judges(TOWNS, texts_of(THREE), draws=DRAWS, seed=SEED)


def solved(text: str) -> Headline:
    return headline(parse_case(text), draws=DRAWS, seed=SEED)


# --- against the definitions ----------------------------------------------------------------------


def test_each_answer_is_that_of_the_judges_own_file() -> None:
    found = three()
    own = {name: solved(text) for name, text in texts_of(THREE).items()}
    for arrangement in ("free-bridge", "one-town"):
        answer = found.answer(arrangement, "inside")
        alone = [each.by_draw(arrangement).mean() for each in own.values()]
        assert list(answer.apart.by_judge.values()) == pytest.approx(alone, abs=1e-12)
        assert answer.case == pytest.approx(solved(TOWNS).by_draw(arrangement).mean(), abs=1e-12)
        assert answer.linear == pytest.approx(statistics.fmean(alone))
        odds = math.prod(p / (1 - p) for p in alone) ** (1 / 3)
        assert answer.log_odds == pytest.approx(odds / (1 + odds), rel=1e-9)
    pooled = found.answer("one-town", "pooled")
    assert pooled.apart.by_judge["Anna"] == pytest.approx(own["Anna"].pooled["one-town"], abs=1e-9)


def test_by_the_pooled_judgements_all_disputed_ones_are_pooled() -> None:
    found = three()
    text = TOWNS
    for each in found.disputed:
        by_hand = linear_pool([each.by_judge[name] for name in THREE])
        assert said(each.pooled) == said(by_hand)
        text = with_value(text, each.case.path, [by_hand.low, by_hand.mode, by_hand.high])
    own = solved(text).by_draw("free-bridge").mean()
    assert found.answer("free-bridge", "inside").judgements == pytest.approx(own, abs=1e-9)


def test_an_effect_is_of_one_judgement_with_the_rest_pooled() -> None:
    found = three()
    toll = found.dispute(TOLL)
    text = TOWNS
    for each in found.disputed:
        if each is not toll:
            p = each.pooled
            text = with_value(text, each.case.path, [p.low, p.mode, p.high])
    rows = {
        name: solved(with_value(text, toll.case.path, value)).by_draw("free-bridge")
        for name, value in (("Anna", -5), ("Boris", 15), ("Clara", 10))
    }
    effect = toll.effects["inside"]["free-bridge"]
    assert dict(effect.by_judge) == pytest.approx({n: r.mean() for n, r in rows.items()}, abs=1e-9)
    ends = sorted(rows, key=lambda name: rows[name].mean())
    assert (effect.lowest, effect.highest) == (ends[0], ends[-1])
    steps = rows[ends[-1]] - rows[ends[0]]
    assert effect.gap == pytest.approx(steps.mean(), abs=1e-9)
    assert effect.se == pytest.approx(steps.std(ddof=1) / math.sqrt(DRAWS), rel=1e-6)
    assert effect.beyond_error == (steps.mean() > 1.6449 * effect.se)


def test_where_they_differ_is_counted_by_hand() -> None:
    found = {each.name: each for each in three().disputed}
    assert set(found) == {TOLL, WIDE, WISH, MERGER}
    toll, wide, wish = found[TOLL], found[WIDE], found[WISH]
    assert (toll.spread, toll.share) == (20, 1)  # each is sure of something else
    assert (wide.spread, wide.share) == (35, 35 / 60)  # 5 to 40, of 0 to 60
    # Anna's 40 from 20, the median of 35 and 5; the others' ranges cover 0 to 50.
    assert wide.outlying == pytest.approx({"Anna": 20 / 25, "Boris": 12.5 / 30, "Clara": 32.5 / 20})
    assert wide.outlier == "Clara"
    assert wish.log_odds is not None
    odds = (0.675 / 0.325) ** (2 / 3) * (0.875 / 0.125) ** (1 / 3)
    assert wish.log_odds[1] == pytest.approx(odds / (1 + odds))
    assert toll.log_odds is None
    shares = [each.share for each in three().disputed]
    assert shares == sorted(shares, reverse=True)


# --- laws -----------------------------------------------------------------------------------------

CASE = parse_case(TOWNS)
JUDGED = [j for j in judgements_of(CASE) if j.role in (Role.WORTH, Role.SUPPORT, Role.PRIORITY)]


@st.composite
def a_judge(draw: st.DrawFn) -> dict[tuple[str | int, ...], Judgement]:
    """What a judge says of each judgement of the two towns, some otherwise than the case."""
    said_of = {j.path: j for j in judgements_of(CASE)}
    for mine in draw(st.lists(st.sampled_from(JUDGED), max_size=3)):
        most = 1 if mine.role is Role.PRIORITY else 100
        parts = draw(st.tuples(*[st.integers(0, 20)] * 3))
        low, mode, high = sorted(most * part / 20 for part in parts)
        said_of[mine.path] = mine.bare(low, mode, high)
    return said_of


PANEL = st.lists(a_judge(), min_size=1, max_size=5).map(
    lambda judged: {f"j{k}": each for k, each in enumerate(judged)}
)


@settings(max_examples=20)
@given(PANEL, st.randoms())
def test_neither_order_nor_names_of_judges_matter(panel: dict[str, dict], random: object) -> None:  # type: ignore[type-arg]
    names = list(panel)
    random.shuffle(names)  # type: ignore[attr-defined]
    called = {name: f"z{name}" for name in names}
    turned = {called[name]: panel[name] for name in names}
    for one, other in zip(disputes(CASE, panel), disputes(CASE, turned), strict=True):
        assert (one.name, one.spread, one.share) == (other.name, other.spread, other.share)
        assert said(one.pooled) == said(other.pooled)
        assert one.outlier is None or called[one.outlier] == other.outlier
        assert {called[n]: d for n, d in one.outlying.items()} == other.outlying


@settings(max_examples=30)
@given(PANEL)
def test_what_is_said_of_a_dispute_is_sensible(panel: dict[str, dict]) -> None:  # type: ignore[type-arg]
    for each in disputes(CASE, panel):
        modes = [j.mode for j in each.by_judge.values()]
        assert each.spread == max(modes) - min(modes)
        assert 0 <= each.share <= 1
        assert min(modes) <= each.pooled.mode <= max(modes)
        if len(panel) < 3 or not each.spread:
            assert each.outlier is None
        if each.outlier is not None:
            mine = each.by_judge[each.outlier].mode
            others = [j for name, j in each.by_judge.items() if name != each.outlier]
            middle = statistics.median(j.mode for j in others)
            widest = max(j.high for j in others) - min(j.low for j in others)
            assert abs(mine - middle) > widest / 2


@given(a_judge(), st.integers(1, 4))
def test_copies_of_one_judge_dispute_nothing(judge: dict, copies: int) -> None:  # type: ignore[type-arg]
    for each in disputes(CASE, {f"j{k}": judge for k in range(copies)}):
        assert not each.split
        assert each.pooled == judge[each.case.path]
        assert (each.spread, each.outlier) == (0, None)


VALUES = st.fixed_dictionaries(
    {},
    optional={
        TOLL: st.integers(-40, 40),
        WIDE: st.sampled_from([[0, 5, 10], [20, 40, 60], 50]),
        WISH: st.sampled_from(["unlikely", 0.9, [0.1, 0.5, 0.9]]),
    },
)


@settings(max_examples=3)
@given(VALUES, VALUES)
def test_answers_keep_to_the_hull_and_a_judge_who_agrees_moves_none(
    first: dict[str, Value], second: dict[str, Value]
) -> None:
    said_by = texts_of({"a": tuple(first.items()), "b": tuple(second.items()), "c": ()})
    found = judges(TOWNS, said_by, draws=6)
    alone = judges(TOWNS, {name: said_by[name] for name in "ab"}, draws=6)
    for answer in found.answers:
        by_judge = answer.apart.by_judge
        assert by_judge["c"] == answer.case
        least, most = min(by_judge.values()), max(by_judge.values())
        assert least - 1e-12 <= answer.linear <= most + 1e-12
        if answer.log_odds is not None and answer.view == "inside":
            assert least - 1e-9 <= answer.log_odds <= most + 1e-9
        # Who joins changes the answer of nobody who was there.
        before = alone.answer(answer.arrangement, answer.view).apart.by_judge
        assert before == {name: by_judge[name] for name in "ab"}


@settings(max_examples=3)
@given(VALUES, st.integers(1, 3))
def test_copies_of_one_judge_answer_as_that_judge(first: dict[str, Value], copies: int) -> None:
    said_by = texts_of({f"j{k}": tuple(first.items()) for k in range(copies)})
    found = judges(TOWNS, said_by, draws=6)
    for answer in found.answers:
        assert answer.apart.gap == 0
        one = answer.apart.by_judge["j0"]
        assert (answer.judgements, answer.linear) == pytest.approx((one, one), abs=1e-15)
        assert answer.log_odds == pytest.approx(one, abs=1e-12)
    assert not any(found.matters(each) for each in found.disputed)


# --- what common sense expects --------------------------------------------------------------------


def test_a_dispute_matters_where_the_answer_hangs_on_it_and_not_where_it_does_not() -> None:
    """A bridge that pays its builder is built; what voters think of a merger is idle here."""
    text = TOWNS.replace("hypotheses: [one-town]", "hypotheses: [free-bridge]").replace(
        "about: one-town", "about: free-bridge"
    )
    said_by = {
        name: judge_text(text, name, [(TOLL, toll), (MERGER, merger)])
        for name, toll, merger in (("Anna", -30, 10), ("Boris", 30, 35))
    }
    found = judges(text, said_by, draws=200)
    toll, merger = found.dispute(TOLL), found.dispute(MERGER)
    assert found.matters(toll)
    assert not found.matters(merger)
    # Who dislikes the toll makes a bridge without one likelier.
    assert found.telling(toll)[1].highest == "Anna"  # type: ignore[index]
    told = found.blocks()
    assert isinstance(told[0], Sentence)
    assert (
        told[0].text
        == "Anna and Boris differ on 2 judgements, and the answer depends on 1 of them."
    )
    assert "and the answer depends on it: “A free bridge” is" in str(found.explain(TOLL))
    assert str(found.explain(MERGER)).startswith(
        "Anna and Boris differ by 25 percentage points on Voters of South Town's support in “s1” "
        "(status = merged), and the answer does not depend on it."
    )


def test_of_two_who_agree_the_third_stands_apart_and_of_two_nobody() -> None:
    values = {"Anna": 30.0, "Boris": 30.0, "Clara": 80.0}
    said_by = texts_of({name: ((TOLL, value),) for name, value in values.items()})
    toll = judges(TOWNS, said_by, draws=0).dispute(TOLL)
    assert toll.outlier == "Clara"
    assert toll.outlying["Clara"] == math.inf
    assert toll.to_dict()["outlying"]["Clara"] is None
    two = judges(TOWNS, {name: said_by[name] for name in ("Anna", "Clara")}, draws=0)
    assert two.dispute(TOLL).outlier is None


# --- files ----------------------------------------------------------------------------------------


def test_a_judges_file_is_the_case_with_the_values_in_place() -> None:
    text = judge_text(TOWNS, "Anna", THREE["Anna"])
    first, rest = text.split("\n", 1)
    assert first.startswith("#")
    assert "Anna" in first
    lines = zip(rest.splitlines(), TOWNS.splitlines(), strict=True)
    assert sum(one != other for one, other in lines) == 3
    case, other = parse_case(TOWNS), parse_case(text)
    assert dict(settings_of(case, other)) == dict(THREE["Anna"])
    # And so a file can be made anew of a case that has gone on.
    later = TOWNS.replace("occurred: 4", "occurred: 5")
    again = judge_text(later, "Anna", settings_of(parse_case(later), other))
    assert judges(later, {"Anna": again}, draws=0).names == ("Anna",)


def test_a_judge_may_go_on_with_the_file_as_it_is() -> None:
    at_once = judge_text(TOWNS, "Anna", [(TOLL, -5), (WISH, "unlikely")])
    begun = judge_text("\ufeff" + TOWNS, "Anna", [(TOLL, -5)])
    assert judge_text(begun, "Anna", [(WISH, "unlikely")]) == "\ufeff" + at_once


def test_a_mark_of_byte_order_stays_first() -> None:
    text = judge_text("\ufeff" + TOWNS, "Anna", [(TOLL, 3)])
    assert text.startswith("\ufeff# ")
    assert parse_case(text).title == CASE.title


@pytest.mark.parametrize(
    ("name", "settings", "said_of"),
    [
        ("An/na", [], "cannot name a judge"),
        ("Anna", [("records.town-deals.done", 4)], "no judgement"),
        ("Anna", [("preferences.north.worth.toll", 4)], "nothing that can be set"),
        ("Anna", [(WISH, 1.5)], "1.5"),
    ],
)
def test_what_no_judge_can_say(name: str, settings: list[tuple[str, Value]], said_of: str) -> None:
    with pytest.raises(CaseError, match=said_of):
        judge_text(TOWNS, name, settings)


def test_another_case_is_refused_with_all_that_differs_at_its_place() -> None:
    other = (
        TOWNS.replace("done: 3", "done: 5")
        .replace("toll-income: {when: toll = charged", "toll-income: {when: toll = free")
        .replace("name: North Town", "name: The North")
        .replace("value: 10", "value: 12")
    )
    with pytest.raises(CaseError) as error:
        judges(TOWNS, {"Anna": other}, draws=0, files={"Anna": "her.yaml"})
    assert error.value.file == "her.yaml"
    told = [problem.message.split(" ")[0] for problem in error.value.problems]
    assert told == ["preferences.north.worth.toll-income", "records.town-deals"]
    lines = [problem.place.line for problem in error.value.problems if problem.place]
    assert [other.splitlines()[line - 1].split(":")[0].strip() for line in lines] == [
        "toll-income",
        "town-deals",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("value: [20, 35, 50], because: [traffic-count]", "value: [20, 35, 50], with: mood"),
        ("because: [bridge-poll]", "because: [mayor-speech]"),
        ("decided_by: north and south", "decided_by: north"),
    ],
)
def test_groups_polls_and_rights_are_no_judgements(old: str, new: str) -> None:
    assert TOWNS.count(old) >= 1
    with pytest.raises(CaseError, match="differs from the case"):
        judges(TOWNS, {"Anna": TOWNS.replace(old, new, 1)}, draws=0)


def test_cases_are_taken_as_well_as_texts() -> None:
    texts = texts_of(THREE)
    read = {name: parse_case(text) for name, text in texts.items()}
    assert judges(CASE, read, draws=4).to_dict() == judges(TOWNS, texts, draws=4).to_dict()
    another = parse_case(TOWNS.replace("done: 3", "done: 4"))
    with pytest.raises(CaseError, match="Anna: it differs from the case in more than judgements"):
        judges(CASE, {"Anna": another}, draws=0)


def test_notes_and_names_are_a_judges_own() -> None:
    other = TOWNS.replace("value: 10}", "value: 10, note: I think so too}")
    assert judges(TOWNS, {"Anna": other}, draws=0).disputed == ()


def test_a_case_that_does_not_say_what_is_today_is_forecast_all_the_same() -> None:
    text = "\n".join(line for line in TOWNS.splitlines() if not line.startswith("today"))
    found = judges(text, {"Anna": judge_text(text, "Anna", [(TOLL, -5)])}, draws=4)
    assert found.answer("free-bridge").case > 0


def test_nobody_and_too_few_draws_are_refused() -> None:
    with pytest.raises(ValueError, match="nobody judges"):
        judges(TOWNS, {})
    with pytest.raises(ValueError, match="fewer than none"):
        judges(TOWNS, {"Anna": TOWNS}, draws=-1)
    undated = TOWNS.replace("as_of: 2019-12-20\n", "")
    with pytest.raises(CaseError, match="as_of"):
        judges(undated, {"Anna": undated}, draws=4)


# --- what is shown --------------------------------------------------------------------------------


def test_the_plain_data_is_json_and_the_table_has_each_judge() -> None:
    told = json.loads(json.dumps(three().to_dict(), allow_nan=False))
    assert told["judges"] == ["Anna", "Boris", "Clara"]
    assert told["disputed"][0]["judges"]["Anna"]["mode"] == -5
    assert told["views"]["inside"]["free-bridge"]["judges"]["by_judge"].keys() == THREE.keys()
    records = three().to_records()
    assert len(records) == 3 * 3  # two arrangements by the inside view, one by all views
    assert {row["judge"] for row in records} == set(THREE)


def test_what_is_asked_of_is_named() -> None:
    assert "pooled by their odds" in str(three().explain("one-town"))
    with pytest.raises(KeyError, match="toll-income"):
        three().explain("preferences.north.worth.toll-incom")


def test_judges_of_one_mind_and_one_alone_are_told_so() -> None:
    def first(names: str, *settings: tuple[str, Value]) -> str:
        said_by = texts_of(dict.fromkeys(names.split(), settings))
        block = judges(TOWNS, said_by, draws=0).blocks()[0]
        assert isinstance(block, Sentence)
        return block.text

    assert first("Anna Boris") == "Anna and Boris judge all as the case does."
    assert first("Anna Boris", (TOLL, 4)) == (
        "Anna and Boris agree with each other; they set one judgement otherwise than the case."
    )
    assert first("Anna", (TOLL, 4), (WISH, 0.5)) == (
        "Anna sets 2 judgements otherwise than the case. Nobody else has judged."
    )


def test_what_only_several_together_move_is_said() -> None:
    found = three()
    still = tuple(replace(each, effects={}) for each in found.disputed)
    moved = replace(found, disputed=still, main=("free-bridge",), headline="inside")
    block = moved.blocks()[0]
    assert isinstance(block, Sentence)
    assert block.text == (
        "Anna, Boris and Clara differ on 4 judgements. The answer depends on no single one of "
        "them, but on several together."
    )


def test_of_many_judges_the_ends_are_shown() -> None:
    said_by = texts_of({f"J{k}": ((TOLL, k),) for k in range(7)})
    found = judges(TOWNS, said_by, draws=4)
    tables = [block for block in found.blocks() if isinstance(block, Table)]
    for table in tables:
        assert [column.name for column in table.columns][2:4] == ["lowest judge", "highest judge"]
    lowest, highest = tables[1].rows[0][2:4]
    assert (lowest.text, lowest.note, highest.text, highest.note) == ("0", "J0", "6", "J6")
    assert "J0 and J6 differ by 6 points" in str(found.explain(TOLL))


def test_case_with_means_the_same_as_a_judges_file() -> None:
    """The what-if of the same settings, in the model, answers as the judge does."""
    case = case_with(CASE, None, [(TOLL, -5), (WIDE, [20, 40, 60]), (MERGER, [30, 45, 60])])
    rows = headline(case, draws=DRAWS, seed=SEED).by_draw("free-bridge")
    assert three().answer("free-bridge").apart.by_judge["Anna"] == pytest.approx(
        float(np.mean(rows)), abs=1e-12
    )
