"""Leaving evidence out: what falls, what is set neutral, and where the answers go."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marked import case_of, item
from reference.leave_one_out import falls, loses

from foedus import load
from foedus.case.fingerprint import case_hash
from foedus.case.judgement import Judgement, Role
from foedus.case.links import grounded, judgements_of
from foedus.case.model import (
    Actor,
    And,
    Case,
    Evidence,
    Priorities,
    Rule,
    Stances,
    Statement,
    Support,
    Worth,
    WorthItem,
)
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.document import plain_lines
from foedus.evidence.ablation import LeaveOneOut, leave_one_out
from foedus.evidence.alternatives import leave_one_out_answers
from foedus.evidence.left_out import (
    READINGS,
    Reading,
    fallen_with,
    items_by_origin,
    without,
    without_origin,
)
from foedus.forecasting.solve import forecast
from foedus.process.pace import Hazard
from foedus.sensitivity.otherwise import whatif

DRAWS = 40
near = partial(pytest.approx, abs=1e-6)  # pooling enlarges what rounding leaves

FLAGSHIP = Path(__file__).parents[2] / "cases" / "belarus-2024.yaml"

TOWN = """
foedus: 1
title: A bridge
as_of: 2020-01-01
deadline: 2024-01-01
actors: {town: {name: Town}}
issues: {bridge: {positions: {none: None, built: Built}, decided_by: town%(pace)s}}
preferences:
  town:
    worth:
      cost: {when: bridge = built, value: -1}
      bridge: {when: bridge = built, value: 2, because: [%(because)s]}
arrangements: {bridge: {name: A bridge, when: bridge = built}}
hypotheses: [bridge]
evidence:
  survey: {kind: fact, claim: Ten thousand cars a day, source: County, origin: county}
  count: {kind: fact, claim: The ferry is full, source: Herald, origin: county}
  poster: {kind: fact, claim: A poster hangs in the hall, source: Herald}
  need: {kind: inference, claim: A bridge is needed, rests_on: [%(rests)s]}
%(more)s
"""


def town(because: str, rests: str = "survey", pace: str = "", more: str = "") -> Case:
    """A town that soon builds a bridge if it has any reason to, and none for its cost alone."""
    return parse_case(TOWN % {"because": because, "rests": rests, "pace": pace, "more": more})


def left_out_of(case: Case, **options: object) -> LeaveOneOut:
    return leave_one_out(case, draws=DRAWS, **options)  # type: ignore[arg-type]


def after(found: LeaveOneOut, name: str, reading: Reading = "alone") -> tuple[float, float]:
    """The inside view and the pooled answer with a unit left out."""
    moved = found.unit(name).effects[reading].movements["bridge"]
    assert moved.before == pytest.approx(1)
    assert moved.pooled_before == pytest.approx(1)
    assert moved.pooled_after is not None
    return moved.after, moved.pooled_after


BUILT = (pytest.approx(1), pytest.approx(1))
NOT_BUILT = (0, 0)


# --- closed answers ---------------------------------------------------------------------------


def test_a_judgement_that_rests_on_one_item_flips_the_answer() -> None:
    found = left_out_of(town("survey"))
    assert after(found, "survey") == after(found, "survey", "any") == NOT_BUILT
    assert [unit.name for unit in found.top()] == ["survey"]
    assert found.cases == 1
    (one,) = found.depends_on()
    assert (one.name, one.answer, one.by) == ("survey", "bridge", "pooled")
    assert one.words == ("almost certain", "almost no chance")


def test_of_two_reasons_one_is_enough_for_alone_and_not_for_any() -> None:
    found = left_out_of(town("survey, poster"))
    for name in ("survey", "poster"):
        assert after(found, name) == BUILT
        assert after(found, name, "any") == NOT_BUILT
    assert not found.depends_on()
    assert {each.name for each in found.depends_on(reading="any")} == {"survey", "poster"}


def test_an_inference_falls_with_its_grounds_and_takes_along_what_rests_on_it() -> None:
    found = left_out_of(town("need"))
    assert after(found, "survey") == after(found, "need") == NOT_BUILT
    assert found.unit("survey").effects["alone"].without.fallen == ("survey", "need")
    two = left_out_of(town("need", "survey, poster"))
    assert after(two, "survey") == BUILT
    assert after(two, "survey", "any") == NOT_BUILT


def test_two_items_of_one_origin_are_one_reason() -> None:
    case = town("survey, count")
    assert items_by_origin(case)["county"] == ("survey", "count")
    assert after(left_out_of(case), "survey") == BUILT
    found = left_out_of(case, units="origins")
    assert after(found, "county") == NOT_BUILT
    assert without_origin(case, "county").fallen == ("survey", "count", "need")


def test_of_a_record_the_prior_alone_stays() -> None:
    more = "records: {deals: {since: 2000-01-01, until: 2020-01-01, agreed: 9, done: 0, %s}}"
    case = town("poster", pace=", pace: deals", more=more % "because: [survey]")
    left = without(case, ["survey"])
    assert (left.case.records["deals"].agreed, left.case.records["deals"].done) == (0, 0)
    within = (case.deadline - case.as_of).days / 365.25  # type: ignore[operator]
    chance = Hazard(0, 0.0).settled(1, within)
    found = forecast(left.case, draws=2000, stability_draws=0, varied=False).probability("bridge")
    assert 0 < abs(found.p - chance) < 4 * found.se
    unused = town("poster", more=more % "because: [survey]")
    assert not any(without(unused, ["survey"]).key)


def test_reference_classes_and_likelihoods_leave_the_views() -> None:
    more = "reference_classes: {like: {cases: 8, occurred: 2, about: bridge, because: [survey]}}"
    case = town("poster", more=more)
    case = replace(
        case,
        evidence={
            **case.evidence,
            "count": replace(
                case.evidence["count"],
                likelihood={
                    h: Judgement(
                        p, p, p, ("evidence", "count", "likelihood", h), role=Role.LIKELIHOOD
                    )
                    for h, p in (("bridge", 0.2), ("other", 0.8))
                },
            ),
        },
    )
    found = forecast(case, draws=DRAWS, stability_draws=0, varied=False).views
    assert found is not None
    assert list(found.pooled.views) == ["inside", "outside"]
    for names, views in (
        (["survey"], ["inside"]),
        (["count"], ["inside", "outside"]),
        (["survey", "count"], ["inside"]),
    ):
        left = without(case, names)
        less = forecast(left.case, draws=DRAWS, stability_draws=0, varied=False).views
        assert less is not None
        assert list(less.pooled.views) == views
        if len(names) == 1:
            moved = left_out_of(case).unit(names[0]).effects["alone"].movements["bridge"]
            assert moved.pooled_before == near(found.pooled.pooled["bridge"].p)
            assert moved.pooled_after == near(less.pooled.pooled["bridge"].p)
    assert less.pooled.pooled["bridge"].p == pytest.approx(1)


def test_it_is_what_two_forecasts_on_the_same_random_numbers_say() -> None:
    """Leaving out the one reason of a wish is judging that it is held at evens.

    Where the wish is not held nothing is said of the bridge, and what the case leaves out decides.
    """
    wish = (
        "priorities: [{id: bridge, when: bridge = built, probability: likely, because: [survey]}]"
    )
    worth = TOWN[TOWN.index("worth:") : TOWN.index("arrangements:")]
    text = TOWN.replace(worth, f"{wish}\n").replace("hypotheses: [bridge]", "")
    case = parse_case(text % {"rests": "survey", "pace": "", "more": ""})
    found = leave_one_out(case, draws=200).unit("survey").effects["alone"]
    expected = whatif(case, [("preferences.town.priorities.bridge", 0.5)], draws=200)
    moved, difference = found.movements["bridge"], expected.difference("bridge")
    assert (moved.before, moved.after) == (difference.before, difference.after)
    assert moved.se == pytest.approx(difference.se)
    assert 0.65 < moved.after < 0.8 < moved.before < 0.92
    assert moved.by == "inside"
    assert (moved.pooled_before, moved.headline) == (None, (moved.before, moved.after))


def test_of_whom_nothing_is_known_any_more_what_is_left_out_decides_by_evens() -> None:
    cost = "      cost: {when: bridge = built, value: -1}\n"
    assert cost in TOWN
    text = TOWN.replace(cost, "") % {"because": "survey", "rests": "survey", "pace": "", "more": ""}
    found = leave_one_out(parse_case(text), draws=400, only=["survey"])
    moved = found.unit("survey").effects["alone"].movements["bridge"]
    assert moved.before == near(1)
    assert abs(moved.after - 0.5) < 4 * 0.5 / 20


def test_a_likelihood_falls_with_its_own_reasons_by_any_alone() -> None:
    more = "  tell: {kind: fact, claim: T, likelihood: {bridge: %s, other: %s}}"
    half = "{value: 0.5, because: [survey]}"
    case = town("poster", more=more % (half, 0.3))
    assert "bridge" in without(case, ["survey"]).case.evidence["tell"].likelihood
    left = without(case, ["survey"], "any")
    assert list(left.case.evidence["tell"].likelihood) == ["other"]
    assert [(each.what, each.name) for each in left.neutral] == [
        ("likelihood", "evidence.tell.likelihood.bridge")
    ]
    impossible = without(town("poster", more=more % (half, 0)), ["survey"], "any")
    assert not impossible.case.evidence["tell"].likelihood, "nothing but a chance of 0 was left"


ALL = """
foedus: 1
title: Everything
as_of: 2020-01-01
deadline: 2024-01-01
actors:
  a: {name: A, capability: {value: 5, because: [x]}}
  b: {name: B}
  c: {name: C}
  v: {name: V, kind: electorate, threshold: {value: 60, because: [x]}}
issues:
  i: {positions: {p: P, q: Q}, scale: {p: 10, q: 50}, decided_by: a and b and v,
      takes: {days: {value: 30, because: [x]}}}
rules: [{rule: i in p | q, why: It is so, because: [x]}]
preferences:
  a: {worth: {w: {when: i = q, value: [1, 2, 3], because: [x]}}}
  b: {priorities: [{id: s, when: i = q, because: [x]},
                   {id: h, when: i = p, probability: likely, because: [x]}]}
  c: {stances: {i: {position: {value: 20, because: [x]}, salience: {value: 7, because: [x]}}}}
  v: {support: [{when: i = q, share: 80, because: [x]}, {default: 30}]}
transfers: {gold: {unit: bars, most: 5, worth: {a: {value: -1, because: [x]}, b: 1}},
            salt: {unit: bags, most: {value: 5, because: [x]}, worth: {a: -1, b: 1}}}
evidence: {x: {kind: assumption, claim: X holds}, y: {kind: assumption, claim: Y holds}}
"""


def values(judgement: Judgement | None) -> tuple[float, float, float]:
    assert judgement is not None
    assert judgement.because == ()
    return judgement.low, judgement.mode, judgement.high


def test_each_kind_of_judgement_has_its_neutral_value() -> None:
    case = parse_case(ALL)
    left = without(case, ["x"])
    of = left.case.preferences
    worth, wishes, stances, support = of["a"], of["b"], of["c"], of["v"]
    assert isinstance(worth, Worth)
    assert isinstance(wishes, Priorities)
    assert isinstance(stances, Stances)
    assert isinstance(support, Support)
    assert values(worth.items[0].value) == (0, 0, 0)
    assert [values(wish.probability) for wish in wishes.items] == [(0.5, 0.5, 0.5)] * 2
    assert values(stances.items[0].position) == (10, 30, 50)
    assert values(stances.items[0].salience) == (7, 7, 7)
    assert [values(each.share) for each in support.items] == [(5, 50, 95), (30, 30, 30)]
    assert values(left.case.actors["a"].capability) == (5, 5, 5)
    assert values(left.case.actors["v"].threshold) == (50, 50, 50)
    assert values(left.case.issues["i"].takes.default) == (0, 0, 0)
    assert list(left.case.transfers) == ["gold"]
    assert values(left.case.transfers["gold"].worth["a"]) == (0, 0, 0)
    assert left.case.rules == (replace(case.rules[0], because=()),)
    assert left.rules_standing == ("rules.0",)
    assert left.kept == ("actors.a.capability", "preferences.c.stances.i.salience")
    assert case == parse_case(ALL), "the case given stays as it is"


def test_what_rests_on_nothing_is_untouched_and_moves_nothing() -> None:
    case = parse_case(ALL)
    left = without(case, ["y"])
    assert (left.neutral, left.kept, left.rules_standing) == ((), (), ())
    assert replace(left.case, evidence=case.evidence) == case
    assert not any(left.key)


def test_transfers_move_no_forecast() -> None:
    case = parse_case(ALL.replace("because: [x]", "because: [y]").replace(
        "worth: {a: {value: -1, because: [y]}", "worth: {a: {value: -1, because: [x]}"
    ))  # fmt: skip
    left = without(case, ["x"])
    assert len(left.neutral) == 1
    assert not any(left.key)
    before, now = (
        forecast(each, draws=DRAWS, stability_draws=0, varied=False) for each in (case, left.case)
    )
    assert before.positions == now.positions


# --- what is told -----------------------------------------------------------------------------


def told(found: LeaveOneOut) -> str:
    return "\n".join(line for block in found.blocks() for line in plain_lines(block))


def explained(found: LeaveOneOut, name: str) -> str:
    blocks = found.explain(name).blocks
    return "\n".join(line for block in blocks for line in plain_lines(block))


def test_sentences_say_from_where_to_where_and_by_what() -> None:
    text = told(left_out_of(town("need")))
    assert (
        "If “Ten thousand cars a day” (survey) were false, “A bridge” would move from over 99.999% "
        "to 0% (all views pooled; inside view from over 99.999% to 0%; 40 draws)." in text
    )
    assert "“A bridge”: survey, from over 99.999% to 0% (all views pooled; 40 draws)" in text
    text = explained(left_out_of(town("need")), "survey")
    assert "the inference “A bridge is needed” (need)" in text
    assert "preferences.town.worth.bridge: 0, and not 2" in text
    assert "unless what rests on it in part fell too: then “A bridge” would move" in told(
        left_out_of(town("survey, poster"))
    )
    assert "No answer moves" in told(left_out_of(town("")))


def test_few_draws_are_said_to_tell_little() -> None:
    few = "So few draws (40 draws) tell little"
    assert few in told(left_out_of(town("need")))
    assert few in told(left_out_of(town("")))
    assert "So few draws" not in told(leave_one_out(town("need"), draws=100))


@pytest.mark.parametrize("units", ["items", "origins"])
def test_without_evidence_there_is_nothing_to_leave_out(units: str) -> None:
    text = (TOWN % {"because": "", "rests": "", "pace": "", "more": ""}).split("evidence:")[0]
    bare_case = parse_case(text)
    text = told(left_out_of(bare_case, units=units))
    assert "there is nothing to leave out" in text
    assert "No answer moves" not in text


def test_what_moves_an_answer_most() -> None:
    found = left_out_of(town("survey, poster"))
    assert found.mover("bridge") is None
    best = found.mover("bridge", "any")
    assert best is not None
    assert best.name == "survey"
    with pytest.raises(KeyError, match="no answer 'ferry'; there are: bridge"):
        found.mover("ferry")


def test_of_many_items_of_one_origin_the_first_are_named() -> None:
    items = "".join(f"  i{k}: {{kind: fact, claim: C{k}, origin: county}}\n" for k in range(9))
    found = left_out_of(town("survey", more=items), units="origins")
    assert "If all that comes from “county” (survey, count, i0, i1 and 7 more) were false" in told(
        found
    )


def test_the_result_is_plain_data() -> None:
    found = left_out_of(town("need"))
    data = json.loads(json.dumps(found.to_dict()))
    assert data["left_out"][0]["readings"]["alone"]["answers"]["bridge"]["inside"]["after"] == 0
    assert data["depends_on"]["alone"][0]["name"] in ("survey", "need")


def test_unknown_names_are_told_with_the_nearest() -> None:
    case = town("survey")
    for wrong in (
        lambda: without(case, ["servey"]),
        lambda: left_out_of(case).explain("servey"),
        lambda: left_out_of(case, only=["servey"]),
    ):
        with pytest.raises(CaseError, match="servey") as caught:
            wrong()
        assert caught.value.problems[0].nearest == "survey"
    with pytest.raises(CaseError, match="nothing comes from 'countie'"):
        without_origin(case, "countie")
    with pytest.raises(ValueError, match="no reading 'all'"):
        without(case, ["survey"], "all")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no units 'sources'"):
        leave_one_out(case, units="sources")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least one"):
        leave_one_out(case, most=0)


# --- passes, workers --------------------------------------------------------------------------


def test_two_passes_are_stated_and_the_first_come_with_all_draws() -> None:
    found = left_out_of(town("survey, poster"), most=1)
    assert (found.first_draws, found.draws, found.full) == (DRAWS // 4, DRAWS, 1)
    draws = [unit.effects["alone"].draws for unit in found.units_left_out]
    assert draws == [DRAWS] + [DRAWS // 4] * 3
    assert left_out_of(town("survey, poster"), most=None).first_draws == DRAWS


def test_one_unit_may_be_left_out_by_itself() -> None:
    found = left_out_of(town("survey, poster"), only=["poster"])
    assert [unit.name for unit in found.units_left_out] == ["poster"]
    assert after(found, "poster", "any") == NOT_BUILT


def test_the_answer_does_not_depend_on_the_workers() -> None:
    case = town("survey, poster")
    one, two = (left_out_of(case, workers=workers) for workers in (1, 2))
    assert one.to_dict() == two.to_dict()


def test_progress_is_told() -> None:
    seen: list[tuple[str, int, int]] = []
    left_out_of(town("need", "survey, poster"), progress=lambda *now: seen.append(now))
    assert seen == [("leaving out", k, 2) for k in range(3)], "the whole case, and one other"


# --- for confidence ---------------------------------------------------------------------------


def test_each_answer_without_one_item_or_one_judgement() -> None:
    more = "reference_classes: {like: {cases: 8, occurred: 6, about: bridge}}"
    case = town("need", "survey, poster", more=more)
    base = forecast(case, draws=DRAWS, stability_draws=0, varied=False)
    found = leave_one_out_answers(base, draws=DRAWS)
    worth = "preferences.town.worth"
    assert list(found) == [
        *(f"without {name}" for name in ("survey", "count", "poster", "need")),
        *(f"{worth}.{name} at its neutral value" for name in ("cost", "bridge")),
    ]
    for name, answers in found.items():
        stays = "need" not in name and "worth.bridge" not in name
        expected = base.answer("bridge").p if stays else 0
        assert answers["bridge"] == near(expected), name
        assert answers["bridge"] + answers["other"] == pytest.approx(1)


def test_answers_without_one_thing_are_moved_from_the_forecast_by_paired_draws() -> None:
    worth = "value: 2, because: [%(because)s]"
    assert worth in TOWN
    view = "view: {when: bridge = built, value: [-2, 0.2, 1]}"
    text = TOWN.replace(worth, "value: [-1, 1, 4], because: [survey]").replace(
        "cost: {when: bridge = built, value: -1}", view
    ).replace("hypotheses: [bridge]", "")  # fmt: skip
    case = parse_case(text % {"rests": "survey", "pace": "", "more": ""})
    base = forecast(case, draws=300, stability_draws=0, varied=False)
    found = leave_one_out_answers(base, draws=50)["without survey"]["bridge"]
    less = forecast(without(case, ["survey"]).case, draws=50, stability_draws=0, varied=False)
    moved = (less.answers - base.answers[:50]).mean()
    assert 0.05 < abs(moved) < 0.5
    assert found == pytest.approx(base.probability("bridge").p + moved, abs=1e-9)


def test_the_answers_do_not_depend_on_the_workers() -> None:
    base = forecast(town("survey, poster"), draws=20, stability_draws=0, varied=False)
    one, two = (leave_one_out_answers(base, workers=workers) for workers in (1, 2))
    assert one == two


# --- properties -------------------------------------------------------------------------------

NAMES = "abcdef"


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Items, of which each may rest on some before it, and judgements with some for reasons."""
    items: list[Evidence] = []
    for k, name in enumerate(NAMES):
        grounds = draw(st.sets(st.sampled_from(NAMES[:k]))) if k else set()
        kind = "inference" if grounds else "fact"
        items.append(item(name, kind=kind, rests_on=tuple(sorted(grounds))))
    always = Statement("always", And(()))
    worth, rules = [], []
    for k in range(draw(st.integers(0, 4))):
        because = tuple(sorted(draw(st.sets(st.sampled_from(NAMES), max_size=3))))
        path = ("preferences", "p", "worth", f"w{k}")
        value = Judgement(1, 1, 1, path, because=because, role=Role.WORTH, owner="p")
        worth.append(WorthItem(f"w{k}", always, value))
        rules.append(Rule(always, "so", because, ("rules", k)))
    case = case_of(*items)
    actors = {"p": Actor("p", "P")}
    return replace(case, actors=actors, preferences={"p": Worth(tuple(worth))}, rules=tuple(rules))


SOME = st.sets(st.sampled_from(NAMES))
READING = st.sampled_from(get_args(Reading))


@given(cases(), READING)
def test_leaving_out_nothing_changes_nothing(case: Case, reading: Reading) -> None:
    left = without(case, [], reading)
    assert case_hash(left.case) == case_hash(case)
    assert left.fallen == left.neutral == left.rules_standing == ()


@given(cases(), SOME, SOME, READING)
def test_leaving_out_is_monotone(
    case: Case, few: set[str], more: set[str], reading: Reading
) -> None:
    one, both = without(case, few, reading), without(case, few | more, reading)
    assert set(one.fallen) <= set(both.fallen)
    assert {each.path for each in one.neutral} <= {each.path for each in both.neutral}


@given(cases(), SOME)
def test_what_falls_alone_falls_by_any(case: Case, names: set[str]) -> None:
    alone, any_ = (without(case, names, reading) for reading in READINGS)
    assert set(alone.fallen) <= set(any_.fallen)
    assert {each.path for each in alone.neutral} <= {each.path for each in any_.neutral}
    assert set(alone.rules_standing) <= set(any_.rules_standing)


@given(cases(), SOME, READING)
def test_what_falls_is_what_the_definition_says(
    case: Case, names: set[str], reading: Reading
) -> None:
    left = without(case, names, reading)
    assert set(left.fallen) == {n for n in NAMES if falls(case, n, names, reading)}
    assert set(fallen_with(case, names, reading)) == set(left.fallen)
    expected = {
        each.path
        for each in grounded(case)
        if each.kind == "judgement" and loses(case, each.because, names, reading)
    }
    assert {each.path for each in left.neutral} == expected


@given(cases(), SOME, READING)
def test_what_is_left_names_nothing_that_is_gone(
    case: Case, names: set[str], reading: Reading
) -> None:
    left = without(case, names, reading)
    assert not set(left.fallen) & set(left.case.evidence)
    for each in grounded(left.case):
        assert set(each.because) <= set(left.case.evidence)


@given(cases(), SOME, SOME)
def test_leaving_out_by_any_may_be_done_in_parts(case: Case, few: set[str], more: set[str]) -> None:
    """By ``any``, what is left out in two steps is what is left out at once."""
    first = without(case, few, "any").case
    both = without(first, more & set(first.evidence), "any").case
    assert case_hash(both) == case_hash(without(case, few | more, "any").case)


# --- the flagship -----------------------------------------------------------------------------


def bare(case: Case) -> tuple[object, ...]:
    """All that an answer is computed from: numbers without their reasons."""
    numbers = tuple(
        (j.path, j.low, j.mode, j.high, None if j.sure else j.together)
        for j in judgements_of(case)
        if j.path[0] not in ("transfers", "evidence")
    )
    weighed = tuple(
        (
            item.id,
            item.origin,
            tuple((h, j.low, j.mode, j.high) for h, j in item.likelihood.items()),
        )
        for item in case.evidence.values()
        if item.likelihood and item.kind in ("fact", "report")
    )
    paces = {p for i in case.issues.values() for p in (i.pace.default, *i.pace.to.values())}
    paces |= {p for i in case.issues.values() for p in i.pace.changes.values()}
    records = tuple((r.id, r.agreed, r.done) for r in case.records.values() if r.id in paces)
    classes = tuple((c.id, c.cases, c.occurred) for c in case.reference_classes.values())
    return numbers, weighed, records, classes


def test_cases_of_one_key_are_those_that_leave_the_same_numbers() -> None:
    case = load(FLAGSHIP)
    units = [*((name,) for name in (*case.evidence, *case.polls)), *items_by_origin(case).values()]
    keys: dict[object, object] = {(frozenset(), frozenset()): bare(case)}
    for names in units:
        for reading in READINGS:
            left = without(case, names, reading)
            numbers = bare(left.case)
            assert keys.setdefault(left.key, numbers) == numbers
    assert len(keys) == len(set(keys.values()))
