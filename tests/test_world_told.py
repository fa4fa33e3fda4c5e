"""Five small cases in which the world acts: what every answer shows of it, against hand counts."""

from __future__ import annotations

import json
from datetime import date
from math import exp
from pathlib import Path

import pytest

import foedus
from foedus.case.model import Case
from foedus.case.reading import parse_case, read_case
from foedus.document import Table
from foedus.forecasting.results import Forecast
from foedus.process.acceptance import acceptance
from foedus.process.model import Process
from foedus.process.obstacle import Bar
from foedus.process.pace import DAYS_A_YEAR
from foedus.process.paths import ways_from_today
from foedus.reporting.calendar import calendar_blocks
from foedus.reporting.event_effects import event_effect_blocks, events_told, jump_blocks
from foedus.sensitivity.observation import observe
from foedus.sensitivity.settings import known_name

CASES = Path(__file__).parent / "world_cases"
NAMES = sorted(path.stem for path in CASES.glob("*.yaml"))
MEETING = 12 / DAYS_A_YEAR


def text_of(name: str, *changes: tuple[str, str]) -> str:
    text = (CASES / f"{name}.yaml").read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def case_of(name: str, *changes: tuple[str, str]) -> Case:
    return parse_case(text_of(name, *changes), f"{name}.yaml")


def said(found: object) -> str:
    """All text of some blocks."""
    return json.dumps(found, default=str, ensure_ascii=False)


@pytest.mark.parametrize("name", NAMES)
def test_every_structural_answer_is_given(name: str) -> None:
    case = read_case(CASES / f"{name}.yaml")
    assert foedus.check(case).blocks()
    paths = ways_from_today(case, "farsighted")
    assert json.dumps(paths.to_dict())
    accepted = acceptance(case)
    assert json.dumps(accepted.to_dict())
    for arrangement in case.arrangements:
        assert paths.explain(arrangement).blocks
        assert accepted.explain(arrangement).blocks
    assert paths.blocks()
    assert accepted.blocks()


# --- ways -------------------------------------------------------------------------------------


def test_a_way_waits_for_a_death_that_nobody_makes() -> None:
    way = ways_from_today(case_of("succession")).way("heir")
    death, heir = way.steps
    assert way.status == "open"
    assert (death.coalition, heir.coalition) == ((), ("council",))
    assert death.happening is not None
    assert death.happening.event.id == "death"
    assert heir.happening is None
    h, q, days = 0.15 / DAYS_A_YEAR, MEETING, 731
    # dead, and then a meeting for the heir: two clocks one after the other; reform is rare
    both = 1 - (q * exp(-h * days) - h * exp(-q * days)) / (q - h)
    assert way.reached == pytest.approx(both, abs=1e-3)
    told = said(ways_from_today(case_of("succession")).explain("heir").blocks)
    assert "The event “The founder dies” (0.15 times a year)" in told
    assert "nobody is asked" in told


def test_a_step_knows_from_when_and_until_when_there_is_a_right_to_it() -> None:
    found = ways_from_today(case_of("election"))
    court = found.way("court").steps[-1]
    assert (court.since, court.until) == (date(2021, 9, 1), date(2021, 11, 30))
    assert court.coalition == ("left", "right")
    (departure,) = found.present.departures
    assert departure.step.since == date(2021, 9, 1)
    assert not departure.long_ago
    assert found.present.by_events == pytest.approx(0.6, abs=1e-9)
    (way,) = (w for w in found.to_dict()["arrangements"].values() if len(w["steps"]) == 1)
    assert way["steps"][0]["event"]["day"] == "2021-06-01"
    assert way["steps"][0]["by"] == []


def test_a_step_that_an_event_makes_too_names_both() -> None:
    step = ways_from_today(case_of("chamber")).way("law").steps[0]
    assert step.coalition == ("a", "c")
    assert step.happening is not None
    assert step.happening.event.id == "split"


def test_the_easiest_way_waits_for_an_event_before_it_asks_for_a_refused_consent() -> None:
    """The heir's rule is refused by the council, and only once the founder is dead its to give."""
    worse = case_of("succession", ("value: 5}}", "value: -5}}"))
    way = ways_from_today(worse).way("heir")
    assert way.status == "blocked"
    assert [step.coalition for step in way.steps] == [(), ("council",)]
    assert way.first_refused is way.steps[1]
    # dated steps keep to the order of days: the right ends before the election
    late = case_of(
        "election",
        ("{from: 2021-09-01, until: 2021-11-30, by", "{when: power = left, until: 2021-05-31, by"),
        ("when: court = new}", "when: court = new and power = left}"),
    )
    barred = ways_from_today(late).way("court")
    assert barred.status == "barred"
    assert barred.obstacle is not None
    assert [each.bar for each in barred.obstacle.barred] == ["not-then"]


@pytest.mark.parametrize(
    ("right", "bar"),
    [
        ("{from: 2022-01-02, by: left}", "not-yet"),
        ("{until: 2020-12-31, by: left}", "no-longer"),
        ("{when: court = new, by: left}", "elsewhere"),
    ],
)
def test_what_bars_a_way_is_a_right_of_another_time_or_state(right: str, bar: Bar) -> None:
    whole = "{from: 2021-09-01, until: 2021-11-30, by: left and right}"
    way = ways_from_today(case_of("election", (whole, right))).way("court")
    assert way.status == "barred"
    assert way.obstacle is not None
    assert [each.bar for each in way.obstacle.barred] == [bar]


# --- consent ----------------------------------------------------------------------------------


def test_what_only_events_bring_is_said_to_come_by_them() -> None:
    found = acceptance(case_of("coup"))["colonel"]
    assert found.status == "by events"
    assert not found.acceptable
    assert found.chance == pytest.approx(0.3 * 0.5, abs=1e-9)
    assert found.consent.brought == pytest.approx(0.15, abs=1e-9)
    assert found.form is not None
    assert not found.form.asked


def test_a_form_says_how_likely_events_end_it_though_nobody_leaves_it() -> None:
    found = acceptance(case_of("succession"))["stays"]
    assert found.form is not None
    dead = 1 - exp(-0.15 * 731 / DAYS_A_YEAR)
    assert found.form.ended == pytest.approx(dead, abs=1e-9)
    for behaviour in ("myopic", "farsighted"):
        form = acceptance(case_of("succession"), behaviour)["stays"].form
        assert form is not None
        assert form.ended == pytest.approx(dead, abs=1e-7)


def test_a_form_that_can_be_made_only_later_says_from_when() -> None:
    found = acceptance(case_of("election"))["court"]
    assert (found.consent.status, found.status) == ("later", "acceptable")
    assert found.form is not None
    assert found.form.since == date(2021, 9, 1)
    assert found.best is not None
    assert found.best.coalition == ("left", "right")
    asked = found.consent.refusals.asked["left"]
    assert 0 < asked <= 91 / 365 + 1 / 48


def test_who_is_asked_follows_the_rights_of_the_day() -> None:
    """Before the election the right is asked and refuses, after it the left, which agrees."""
    refusals = acceptance(case_of("election"))["high-tax"].consent.refusals
    assert refusals.refuses["right"] == pytest.approx(1)
    assert refusals.refuses["left"] == pytest.approx(0)
    before = 151 / 365
    assert refusals.asked["right"] == pytest.approx(before + 0.4 * (1 - before), abs=0.03)


# --- the forecast -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def elected() -> Forecast:
    return foedus.forecast(case_of("election"), draws=20, varied=False)


def test_a_forecast_says_what_each_event_does_and_where_the_course_jumps(
    elected: Forecast,
) -> None:
    (effect,) = elected.events
    assert (effect.event, effect.chance) == ("election", pytest.approx(0.6, abs=1e-9))
    assert effect.without["left-governs"] == 0
    (jump,) = elected.jumps
    assert jump.day == date(2021, 6, 1)
    assert jump.before["left-governs"] == 0
    assert jump.on["left-governs"] == pytest.approx(elected.reached("left-governs").p, abs=1e-9)
    assert elected.to_dict()["events"]["election"]["chance"] == pytest.approx(0.6, abs=1e-9)
    told = said(events_told(elected))
    assert "whoever wants it. At the most likely judgements: “The election” (" in told
    assert event_effect_blocks(elected)
    assert jump_blocks(elected, ["high-tax"])
    assert len(elected.times) == 24


def test_the_result_of_a_dated_event_can_be_observed(elected: Forecast) -> None:
    won = observe(elected, "power = left by 2021-06-01")
    assert won.probability.p == pytest.approx(elected.reached("left-governs").p, abs=1e-9)
    assert won.changes["left-governs"].after.p == pytest.approx(1, abs=1e-12)
    taxed = 1 - exp(-MEETING * 214)
    assert won.changes["high-tax"].after.p == pytest.approx(taxed, abs=1e-6)
    lost = observe(elected, "not power = left by 2021-06-01")
    assert lost.changes["high-tax"].after.p == pytest.approx(0, abs=1e-12)
    with pytest.raises(foedus.CaseError, match="no chance in any draw"):
        observe(elected, "power = left by 2021-05-31")


@pytest.mark.parametrize(
    ("name", "short", "whole"),
    [
        ("succession", "events.death.rate", "events.death.rate.a_year"),
        ("coup", "events.coup.chance", "events.coup.chance.value"),
    ],
)
def test_a_rate_and_a_chance_may_be_set_by_their_short_names(
    name: str, short: str, whole: str
) -> None:
    assert known_name(case_of(name), short) == whole
    with pytest.raises(foedus.CaseError, match="nothing that can be set"):
        known_name(case_of("coup"), "events.coup")
    with pytest.raises(foedus.CaseError) as refused:
        known_name(case_of(name), short.split(".")[1])
    assert refused.value.problems[0].nearest == whole


# --- the report -------------------------------------------------------------------------------


def test_the_calendar_is_in_the_order_of_days() -> None:
    days, rights = calendar_blocks(case_of("election"))
    assert isinstance(days, Table)
    assert isinstance(rights, Table)
    told = [cell.text for cell, *_ in days.rows]
    assert told == ["2021-01-01", "2021-06-01", "2021-09-01", "2021-11-30", "2022-01-01"]
    assert [[cell.text for cell in row] for row in rights.rows] == [
        ["The tax", "left", "power = left", "all the time"],
        ["", "right", "always", "all the time"],
        ["The court: Reformed", "left and right", "always", "from 2021-09-01 until 2021-11-30"],
    ]
    assert not calendar_blocks(read_case(CASES.parents[1] / "cases" / "two-towns.yaml"))


def test_the_world_of_a_case_is_found_once_for_all_options() -> None:
    process = Process.of(case_of("coup"))
    assert process.under(meetings=24.0).world is process.world
