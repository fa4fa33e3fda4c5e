"""Indicators against observations and closed forms; roles, ranks, and what they say."""

from __future__ import annotations

import json
import math
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from watched import AS_OF, DEADLINE, drawn_hazards, forecast_of, texts

import foedus
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.document import Table
from foedus.forecasting.results import Forecast
from foedus.forecasting.solve import forecast
from foedus.reporting.indicators import indicator_blocks, indicator_explained, indicator_sentence
from foedus.sensitivity.indicators import EARLY, Indicator, Indicators, indicators
from foedus.sensitivity.measured import MOST_DATES, information, role_of, watch_dates
from foedus.sensitivity.observation import observe

CASES = Path(__file__).parents[2] / "cases"
KNOWN = Path(__file__).parents[1] / "process_cases"


def known(name: str, draws: int = 50) -> Forecast:
    case = foedus.load(KNOWN / f"{name}.yaml")
    return forecast(case, draws=draws, stability_draws=0, varied=False)


def found(result: Indicators, event: str) -> Indicator:
    (one,) = (i for i in result.indicators if i.event == event)
    return one


# --- what they measure --------------------------------------------------------------------------


def test_every_figure_is_that_of_observing() -> None:
    forecasted = forecast_of(draws=250)
    result = indicators(forecasted)
    assert {one.event for one in result.indicators} >= {"deed = done", "like = done"}
    for one in result.indicators:
        seen = observe(forecasted, one.observation)
        missing = observe(forecasted, f"not ({one.event}) by {one.reading.day}")
        q, p = one.reading.event, result.answers[one.answer].p
        assert q.p == pytest.approx(seen.probability.p, abs=1e-12)
        assert q.se == pytest.approx(seen.probability.se, abs=1e-10)
        for name in result.answers:
            for mine, theirs in ((one.reading.seen, seen), (one.reading.not_seen, missing)):
                assert mine[name].p == pytest.approx(theirs.changes[name].after.p, abs=1e-10)
                assert mine[name].se == pytest.approx(theirs.changes[name].after.se, abs=1e-9)
        yes, no = one.reading.seen[one.answer].p, one.reading.not_seen[one.answer].p
        assert q.p * yes + (1 - q.p) * no == pytest.approx(p, abs=1e-12)
        expected = q.p * abs(yes - p) + (1 - q.p) * abs(no - p)
        assert one.shift == pytest.approx(expected, abs=1e-12)
        entropy = q.p * bits(yes) + (1 - q.p) * bits(no)
        assert one.bits == pytest.approx(bits(p) - entropy, abs=1e-10)


def bits(p: float) -> float:
    """The entropy of something that is so with probability p."""
    return -sum(x * math.log2(x) for x in (p, 1 - p) if x > 0)


def test_a_sign_through_a_shared_pace_in_closed_form() -> None:
    forecasted = forecast_of(draws=250)
    one = found(indicators(forecasted, "did"), "like = done")
    assert one.role == "sign"
    h = drawn_hazards(forecasted)["deed"]
    done = -np.expm1(-h * (DEADLINE - AS_OF).days)
    for reading in one.readings:
        seen = -np.expm1(-h * (reading.day - AS_OF).days)
        assert reading.event.p == pytest.approx(seen.mean(), abs=1e-11)
        true = (seen * done).sum() / seen.sum()
        assert reading.seen["did"].p == pytest.approx(true, abs=1e-11)


def test_what_is_independent_is_silent() -> None:
    result = indicators(forecast_of(draws=500), "did", draws=500)
    assert "third = done" not in {one.event for one in result.indicators}
    assert result.watched == 3


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_information_is_none_where_things_are_independent(q: float, p: float, by: float) -> None:
    cells = np.array(q), np.array(p)
    assert information(cells[0] * cells[1], *cells) == pytest.approx(0, abs=1e-12)
    low, high = max(0.0, q + p - 1), min(q, p)
    both = np.array(low + by * (high - low))
    assert -1e-12 <= information(both, *cells) <= min(bits(q), bits(p)) + 1e-9


def test_the_first_date_nearly_as_good_is_taken() -> None:
    one = found(indicators(forecast_of(draws=250), "did"), "deed = done")
    shifts = {reading.day: reading.shifts["did"] for reading in one.readings}
    good = [day for day, shift in shifts.items() if shift >= EARLY * max(shifts.values())]
    assert one.reading.day == min(good)
    assert one.reading.day < max(shifts)


# --- which are told -----------------------------------------------------------------------------


def test_parts_of_the_answer_come_after_signs() -> None:
    result = indicators(forecast_of(draws=250), "did")
    assert [(one.event, one.role) for one in result.indicators] == [
        ("like = done", "sign"),
        ("deed = done", "part"),
    ]
    assert result.indicators[0].shift < result.indicators[1].shift
    assert [one.role for one in result.top("part", "bar")] == ["part"]


def test_roles() -> None:
    every = np.ones(4, dtype=bool)
    a, b, c = (np.array(x, dtype=bool) for x in ([1, 1, 0, 0], [1, 1, 1, 0], [1, 0, 1, 0]))
    assert role_of(a, b, every) == "part"  # without it the answer is not reached
    assert role_of(b, a, every) == "part"  # with it the answer is
    assert role_of(a, c, every) == "sign"
    assert role_of(a, c, c) == "part"  # of what is reached, the answer never comes without
    assert role_of(a, ~a, every) == "bar"


def test_a_rival_bars_the_answer() -> None:
    result = indicators(known("k11-tie"), "north")
    roles = {one.event: one.role for one in result.indicators}
    assert roles["seat = south"] == "bar"
    assert roles["seat = north"] == "part"
    assert "seat != none" not in roles  # says no more than either


def test_that_an_issue_moves_at_all_is_told_where_it_says_more() -> None:
    text = (KNOWN / "k11-tie.yaml").read_text()
    case = parse_case(text.replace("when: seat = north}", "when: seat != none}", 1))
    result = indicators(forecast(case, draws=50, stability_draws=0, varied=False), "north")
    one = result.indicators[0]
    assert (one.event, one.position, one.role) == ("seat != none", None, "part")
    assert one.reading.seen["north"].p == pytest.approx(1, abs=1e-12)
    assert "“seat” leaves “none”" in (indicator_sentence(result, result.indicators[0]))


def test_what_comes_together_is_told_once() -> None:
    result = indicators(known("k03-linked"), "x-done")
    (one,) = result.indicators
    assert one.event == "x = deal"
    assert [(other.issue, other.position) for other in one.companions] == [("y", "deal")]
    assert "With it comes “y: signed”." in (indicator_sentence(result, result.indicators[0]))


def test_all_hypotheses_together() -> None:
    result = indicators(forecast_of(draws=250))
    assert list(result.answers) == ["did", "other"]
    assert {one.answer for one in result.indicators} <= {"did", "other"}


def test_the_answer_does_not_depend_on_workers() -> None:
    forecasted = forecast_of(draws=300)
    one = indicators(forecasted, "did", draws=300)
    assert indicators(forecasted, "did", draws=300, workers=2).to_dict() == one.to_dict()
    assert one.draws == 300


# --- what they say ------------------------------------------------------------------------------


def test_the_words() -> None:
    result = indicators(forecast_of(draws=250), "did")
    blocks = indicator_blocks(result)
    said = texts(blocks)
    assert said.startswith("What to watch for, and what it would make of “The deed is done” (")
    assert " Signs: If “The like” comes to “Done” by 20" in said
    assert "; if not, it falls to" in said
    assert (
        said.index("Signs:") < said.index("Parts of the answer itself") < said.index("“The deed”")
    )
    (table,) = (block for block in blocks if isinstance(block, Table))
    assert [row[0].note for row in table.rows] == ["a sign", "part of the answer"]
    explained = indicator_explained(result, result.indicators[:1]).blocks
    assert "As for this answer, it is a sign." in texts(explained)
    assert result.indicators[0].observation in texts(explained)
    (dates,) = (block for block in explained if isinstance(block, Table))
    assert len(dates.rows) == len(result.indicators[0].readings)
    data = json.loads(json.dumps(result.to_dict()))
    assert data["indicators"] == data["signposts"]
    assert data["indicators"][0]["value"]["points"] == 100 * result.indicators[0].shift
    assert data["indicators"][0]["observed"] == data["indicators"][0]["seen"]


def test_nothing_to_say_is_said() -> None:
    rule = "{rule: not deed = done, why: a test}"
    result = indicators(forecast_of(draws=250, hypotheses="", rules=rule), "did")
    assert result.indicators == ()
    said = texts(indicator_blocks(result))
    assert "nothing that may come about by the dates shifts it much" in said
    sure = indicators(forecast_of(draws=250, hypotheses="hypotheses: [all]", rules=rule))
    assert sure.answers["other"].p == pytest.approx(1, abs=1e-12)
    assert sure.indicators == ()
    none = indicators(forecast_of(draws=250), "did", dates=[])
    assert "no day lies between" in texts(indicator_blocks(none))


def test_the_old_name_is_an_alias() -> None:
    assert foedus.signposts is foedus.indicators
    assert "signposts" not in dir(foedus)


def test_errors() -> None:
    forecasted = forecast_of(draws=50)
    with pytest.raises(CaseError, match=r"no arrangement 'dit'; did you mean 'did'\?"):
        indicators(forecasted, "dit")
    with pytest.raises(CaseError, match="2020-01-01 cannot be watched; expected a date after"):
        indicators(forecasted, "did", dates=[AS_OF])
    with pytest.raises(ValueError, match="0 indicators: at least one"):
        indicators(forecasted, "did", most=0)
    with pytest.raises(ValueError, match="0 draws: at least one"):
        indicators(forecasted, "did", draws=0)
    with pytest.raises(KeyError, match="no indicator 'lik'"):
        indicators(forecasted, "did").explain("lik")


# --- the dates ----------------------------------------------------------------------------------


@given(st.dates(), st.integers(1, 3_000_000))
def test_the_dates_to_watch(as_of: date, days: int) -> None:
    deadline = min(as_of.toordinal() + days, date.max.toordinal())
    if deadline <= as_of.toordinal():
        return
    found_dates = watch_dates(as_of, date.fromordinal(deadline))
    assert list(found_dates) == sorted(set(found_dates))
    assert len(found_dates) <= MOST_DATES
    assert all(as_of < day < date.fromordinal(deadline) for day in found_dates)
    assert found_dates or deadline - as_of.toordinal() == 1


def test_dates_are_natural_ones() -> None:
    assert watch_dates(AS_OF, AS_OF + timedelta(days=4)) == tuple(
        AS_OF + timedelta(days=k) for k in (1, 2, 3)
    )
    years = watch_dates(date(2020, 1, 14), date(2024, 5, 7))
    assert [str(day) for day in years[:2]] == ["2020-07-01", "2021-01-01"]


def test_the_flagship_in_brief() -> None:
    case = foedus.load(CASES / "belarus-2024.yaml")
    made = forecast(case, draws=40, stability_draws=0, varied=False)
    result = indicators(made, "powers-shifted", dates=[date(2022, 1, 1)])
    assert found(result, "shift = shifted").role == "part"
    assert found(result, "post = again").role == "bar"
