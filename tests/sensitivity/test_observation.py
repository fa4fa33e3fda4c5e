"""What is observed, against closed forms in every draw; its laws, what it says, and its errors."""

from __future__ import annotations

import json
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from watched import AS_OF, DEADLINE, case_of, drawn_hazards, forecast_of, open_after, texts

from foedus.case.problems import CaseError
from foedus.forecasting.ranges import Floats
from foedus.forecasting.results import Forecast
from foedus.reporting.observation import observed_blocks, observed_explained
from foedus.sensitivity.observation import observe, read_observation
from foedus.sensitivity.ratios import ratio, ratio_mean

T = float((DEADLINE - AS_OF).days)


def days(day: date) -> float:
    return float((day - AS_OF).days)


def hazards(forecasted: Forecast) -> tuple[Floats, Floats]:
    """The hazards a day of the deed (and its like), and of the third, in every draw."""
    found = drawn_hazards(forecasted)
    assert (found["deed"] == found["like"]).all()
    return found["deed"], found["third"]


# --- in every draw ----------------------------------------------------------------------------


def test_what_came_and_what_did_not_in_closed_form() -> None:
    forecasted = forecast_of()
    first, second = date(2021, 7, 1), date(2022, 7, 1)
    told = [f"like = done or third = done by {first}", f"not did by {second}"]
    result = observe(forecasted, told)
    h, g = hazards(forecasted)
    open_yet = np.exp(-h * days(second))
    weights = -np.expm1(-(h + g) * days(first)) * open_yet
    assert result.weights == pytest.approx(weights, abs=1e-11)
    assert result.probability.p == pytest.approx(weights.mean(), abs=1e-11)
    later = 1 - np.exp(-h * (T - days(second)))
    after = (weights * later).sum() / weights.sum()
    assert result.changes["did"].after.p == pytest.approx(after, abs=1e-11)
    assert result.changes["other"].after.p == pytest.approx(1 - after, abs=1e-11)


def test_what_is_undone_by_the_date_was_seen() -> None:
    """The deed done and the third still open: no longer so once the third is done."""
    forecasted, day = forecast_of(), date(2022, 1, 1)
    result = observe(forecasted, f"deed = done and third = open by {day}")
    h, g = hazards(forecasted)
    first = h / (h + g) * -np.expm1(-(h + g) * days(day))
    assert result.weights == pytest.approx(first, abs=1e-11)


def test_without_draws_in_between_it_is_the_law_of_lomax() -> None:
    result = observe(forecast_of(draws=4_000), "not (deed = done) by 2022-01-01")
    change = result.changes["did"].after
    true = 1 - open_after(DEADLINE) / open_after(date(2022, 1, 1))
    assert abs(change.p - true) < 4 * change.se
    assert 0 < change.se < 0.01


# --- laws -------------------------------------------------------------------------------------


@settings(max_examples=25)
@given(
    st.integers(1, 1461),
    st.sampled_from(["deed = done", "like = done or third = done", "all", "did and third = open"]),
)
def test_two_sides_of_an_observation_make_the_whole(day: int, statement: str) -> None:
    forecasted = forecast_of()
    by = AS_OF + timedelta(days=day)
    seen = observe(forecasted, f"{statement} by {by}")
    not_seen = observe(forecasted, f"not ({statement}) by {by}")
    assert seen.probability.p + not_seen.probability.p == pytest.approx(1, abs=1e-12)
    for name in ("did", "all", "other"):
        p = sum(s.probability.p * s.changes[name].after.p for s in (seen, not_seen))
        assert p == pytest.approx(forecasted.reached(name).p, abs=1e-12)


def test_what_is_sure_changes_nothing() -> None:
    forecasted = forecast_of()
    for text in (f"deed = open by {AS_OF}", "not (deed = open and deed = done) by 2022-01-01"):
        result = observe(forecasted, text)
        assert result.sure
        assert result.probability.p == pytest.approx(1, abs=1e-12)
        for change in result.changes.values():
            assert change.after.p == pytest.approx(change.before.p, abs=1e-12)
        assert not result.leanings
        assert not result.left_out
        assert "it tells nothing" in texts(observed_blocks(result))


def test_a_day_on_which_nothing_happens_moves_nothing_much() -> None:
    forecasted = forecast_of()
    event = "deed = done or like = done or third = done"
    day = AS_OF + timedelta(days=1)
    quiet = observe(forecasted, f"not ({event}) by {day}")
    chance = 1 - quiet.probability.p
    h, g = hazards(forecasted)
    assert chance == pytest.approx(-np.expm1(-(2 * h + g)).mean(), abs=1e-12)
    for change in quiet.changes.values():
        assert abs(change.after.p - change.before.p) <= chance
    assert "overturns" not in texts(observed_blocks(quiet))


def test_rounding_makes_no_probability_above_one() -> None:
    weights = np.linspace(0.1, 0.9, 7)
    assert ratio(weights * (1 + 1e-15), weights).p == 1
    assert ratio_mean(np.stack([weights * (1 + 1e-15)], axis=1), weights).p.tolist() == [1]
    with pytest.raises(ValueError, match="has no chance in any draw"):
        ratio(weights, 0 * weights)


# --- what is learned, and what time does --------------------------------------------------------


def test_a_sign_at_one_pace_is_all_learning() -> None:
    """Within a draw the like tells nothing of the deed; over the draws it tells of their pace."""
    forecasted = forecast_of()
    result = observe(forecasted, "like = done by 2020-03-01")
    change = result.changes["did"]
    assert change.passed == pytest.approx(0, abs=1e-11)
    assert change.learned == pytest.approx(change.after.p - change.before.p, abs=1e-11)
    assert change.learned > 0.2
    assert result.leanings[0].input.name == "records.slow"
    assert result.leanings[0].deviations > 0.5
    said = texts(observed_blocks(result))
    assert "overturns the forecast" in said
    assert "above all of the pace of slow" in said
    assert "The pace of slow is faster" in said


def test_in_one_draw_all_is_time() -> None:
    result = observe(forecast_of(draws=1), "not (deed = done) by 2023-01-01")
    change = result.changes["did"]
    assert change.learned == pytest.approx(0, abs=1e-12)
    assert change.passed < 0
    assert result.worth == pytest.approx(1)


def test_what_the_case_leaves_out_may_be_what_is_learned() -> None:
    """As judged Bob gains nothing, so that only what is left out makes him do the like."""
    result = observe(forecast_of(bob="0"), "like = done by 2022-01-01")
    assert not result.as_judged
    found = {each.position: each.deviations for each in result.left_out}
    assert {each.actor for each in result.left_out} == {"bob"}
    assert found["like = done"] > 0.3
    assert found["like = open"] < -0.3
    said = texts(observed_blocks(result))
    assert "By the judgements as they stand this cannot be" in said
    assert "What the case leaves out of Bob's worth of “The like: Done” stands higher" in said


def test_what_is_idle_is_not_told() -> None:
    result = observe(forecast_of(idle=3), "third = done by 2021-01-01")
    assert {leaning.input.name for leaning in result.leanings} == {"records.brisk"}
    assert result.left_out == ()


# --- the views --------------------------------------------------------------------------------


def test_the_pool_is_formed_anew() -> None:
    forecasted = forecast_of()
    result = observe(forecasted, "not (deed = done) by 2022-01-01")
    assert result.before is forecasted.views
    assert result.after is not None
    assert forecasted.views is not None
    inside = result.after.inside["did"]
    assert inside.with_discrepancy == pytest.approx(result.changes["did"].after.p, abs=1e-12)
    assert inside.p == pytest.approx(inside.with_discrepancy, abs=0.02)
    assert result.after.pooled.pooled["did"].p < forecasted.views.pooled.pooled["did"].p
    assert observe(forecast_of(hypotheses=""), "did by 2023-01-01").after is None


# --- what it says -----------------------------------------------------------------------------


def test_the_words() -> None:
    result = observe(forecast_of(), ["deed = done by 2021-01-01", "not third = done by 2022-01-01"])
    said = texts(observed_blocks(result))
    assert "`deed = done` comes to hold by 2021-01-01 and" in said
    assert "`not third = done` holds all along up to 2022-01-01" in said
    assert "exact in each of 500 draws" in said
    told = json.loads(json.dumps(result.to_dict()))
    assert told["observations"][1] == {"statement": "not third = done", "by": "2022-01-01"}
    assert told["arrangements"]["did"]["after"]["p"] == pytest.approx(1, abs=1e-12)
    assert "left" not in told
    explained = texts(observed_explained(result, "did").blocks)
    assert "come of time that has passed" in explained


def test_what_is_all_but_ruled_out_is_said_to_be() -> None:
    day = AS_OF + timedelta(days=1)
    result = observe(forecast_of(), f"all by {day}")
    assert 1e-12 < result.probability.p < 1e-6
    assert result.rare
    assert "This was all but ruled out" in texts(observed_blocks(result))
    assert result.changes["did"].after.p == pytest.approx(1, abs=1e-9)


def test_the_answer_does_not_depend_on_workers() -> None:
    case = forecast_of(draws=300)
    text = "like = done by 2021-01-01"
    assert observe(case, text, workers=2).to_dict() == observe(case, text).to_dict()


# --- errors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("  ded = done by 2021-01-01", 3, "no issue 'ded'; did you mean 'deed'?"),
        ("dit by 2021-01-01", 1, "no arrangement 'dit'; did you mean 'did'?"),
        ("deed = done and by 2021-01-01", 16, "ends too early"),
        ("by 2021-01-01", 1, "the statement is empty"),
        ("deed = done", 12, "it is not said by when"),
        ("", 1, "it is not said by when"),
        ("deed = done by", 15, "no date after `by`"),
        ("deed = done by soon", 16, "'soon' is no date"),
        ("deed = done by  2021-02-29", 17, "'2021-02-29' is no date"),
        ("deed = done by 20210301", 16, "is no date; expected a date as year, month and day"),
        ("deed = done by 2019-12-31", 16, "2019-12-31 is before the forecast begins; expected"),
        ("deed = done by 2024-01-02", 16, "2024-01-02 is after the deadline"),
        ("deed = done and deed = open by 2021-01-01", 1, "no possible state satisfies"),
        ("not (deed = open) by 2021-01-01", 1, "is so from the start; expected `!=` for what"),
        ("deed = done by by 2021-01-01", 13, "cannot stand here"),
        ("by " * 3_000, 4, "'by' cannot stand here"),
    ],
)
def test_errors_have_their_place(text: str, column: int, message: str) -> None:
    with pytest.raises(CaseError) as caught:
        observe(forecast_of(draws=100), text)
    assert f"<observation>:1:{column}:" in str(caught.value)
    assert message in str(caught.value)


def test_errors_name_which_of_several() -> None:
    forecasted = forecast_of(draws=100)
    with pytest.raises(CaseError, match="<observation 2>:1:8: no position 'x'"):
        observe(forecasted, ["deed = done by 2021-01-01", "deed = x by 2021-01-01"])
    both = ["deed = done by 2021-01-01", "not (deed = done) by 2023-01-01"]
    with pytest.raises(CaseError, match="all of this together has no chance in any draw"):
        observe(forecasted, both)
    with pytest.raises(CaseError, match="this has no chance in any draw"):
        observe(forecasted, f"deed = done by {AS_OF}")
    with pytest.raises(ValueError, match="nothing was observed"):
        observe(forecasted, [])
    with pytest.raises(ValueError, match="5 observations: at most 4"):
        observe(forecasted, ["deed = done by 2021-01-01"] * 5)


def test_a_statement_is_read_with_its_not() -> None:
    observation = read_observation(case_of(), "  did and like = done  by 2022-03-04 ")
    assert observation.statement.text == "did and like = done"
    assert observation.day == date(2022, 3, 4)
    assert not observation.never
    assert read_observation(case_of(), "not did and like = done by 2022-03-04").never is False
    assert read_observation(case_of(), "not (did and like = done) by 2022-03-04").never
