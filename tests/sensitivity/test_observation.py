"""Reweighting by an observation equals running the sub-sample; what it says, and its errors."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from watched import AS_OF, DEADLINE, case_of, forecast_of, open_after

import foedus
from foedus.case.problems import CaseError
from foedus.document import Explanation
from foedus.forecasting.combined import combined_views
from foedus.forecasting.estimates import from_draws
from foedus.forecasting.inside import InsideView
from foedus.forecasting.results import Forecast
from foedus.forecasting.solve import forecast
from foedus.sensitivity.leanings import bound_of, places_off
from foedus.sensitivity.observation import FEW, TOO_FEW, observe, read_observation

CASES = Path(__file__).parents[2] / "cases"


def standing(forecasted: Forecast, draw: int, day: date) -> dict[str, str]:
    """The positions at the end of a day, by walking along the way of one draw."""
    detail, space = forecasted.detail, forecasted.setting.game.space
    state = int(detail.reached[draw])
    if day < DEADLINE:
        state = forecasted.setting.today
        for since, then in zip(detail.since[draw], detail.states[draw], strict=True):
            if since <= (day - AS_OF).days:
                state = int(then)
    return space.positions(state)


def test_it_equals_the_sub_sample() -> None:
    forecasted = forecast_of(draws=2_500)
    day, later = date(2021, 7, 1), date(2022, 7, 1)
    result = observe(forecasted, [f"like = done or third = done by {day}", f"not did by {later}"])
    hits, left = dict.fromkeys(["did", "all"], 0), 0
    for draw in range(2_500):
        then, after = (standing(forecasted, draw, d) for d in (day, later))
        if not (then["like"] == "done" or then["third"] == "done") or after["deed"] == "done":
            assert not result.kept[draw]
            continue
        left += 1
        end = standing(forecasted, draw, DEADLINE)
        hits["did"] += end["deed"] == "done"
        hits["all"] += set(end.values()) == {"done"}
    assert result.left == left
    assert result.probability == from_draws(left, 2_500)
    for name, count in hits.items():
        assert result.changes[name].after == from_draws(count, left)
        assert result.changes[name].before == forecasted.estimates[name].reached


@settings(max_examples=25)
@given(
    st.integers(0, 1461), st.sampled_from(["deed = done", "like = open", "all", "not third = done"])
)
def test_two_sides_of_an_observation_make_the_whole(days: int, statement: str) -> None:
    forecasted = forecast_of(draws=2_500)
    day = AS_OF + timedelta(days=days)
    sides = []
    for text in (f"{statement} by {day}", f"not ({statement}) by {day}"):
        try:
            sides.append(observe(forecasted, text))
        except CaseError as error:
            if "so in none of" not in str(error) and "so in only" not in str(error):
                raise
            return
    assert sum(side.left for side in sides) == 2_500
    p = sum(side.probability.p * side.changes["did"].after.p for side in sides)
    assert p == pytest.approx(forecasted.estimates["did"].reached.p)


def test_a_closed_form() -> None:
    result = observe(forecast_of(), "deed = open by 2022-01-01")
    true = 1 - open_after(DEADLINE) / open_after(date(2022, 1, 1))
    assert result.changes["did"].after.p == pytest.approx(true, abs=0.02)


def test_the_pool_is_formed_anew() -> None:
    forecasted = forecast_of(draws=2_500)
    result = observe(forecasted, "deed = open by 2022-01-01")
    hits = round(result.changes["did"].after.p * result.left)
    counts = {"did": hits, "other": result.left - hits}
    assert result.after is not None
    assert result.before is not None
    assert forecasted.views is not None
    inside = InsideView.of_counts(counts)
    assert result.after.to_dict() == combined_views(forecasted.case, inside, 1).to_dict()
    assert result.before.to_dict() == forecasted.views.to_dict()
    assert observe(forecast_of(draws=500, hypotheses=""), "did by 2023-01-01").after is None


def test_the_deadline_is_after_the_fall() -> None:
    towns = foedus.load(CASES / "two-towns.yaml")
    forecasted = forecast(towns, draws=400, stability_draws=0, range_draws=1)
    assert towns.deadline is not None
    with pytest.raises(CaseError, match="in none of 400 draws"):
        observe(forecasted, f"mayor = in-office by {towns.deadline}")
    before = towns.deadline - timedelta(days=1)
    fallen = observe(forecasted, f"mayor = gone by {towns.deadline}")
    standing_yet = observe(forecasted, f"mayor = in-office by {before}")
    assert (standing_yet.kept <= fallen.kept).all()
    reached = observe(forecast_of(draws=500), f"did by {DEADLINE}")
    assert reached.changes["did"].after.p == 1


def test_what_it_tells_of_the_judgements() -> None:
    forecasted = forecast_of(draws=4_000, bob="[-10, 1, 10]")
    result = observe(forecasted, "like = done by 2023-01-01")
    told = {leaning.input.name: leaning for leaning in result.leanings}
    assert set(told) == {"preferences.bob.worth.like", "records.slow"}
    values = told["preferences.bob.worth.like"].values
    assert values is not None
    assert values[1] > values[0] + 2
    assert told["records.slow"].after > told["records.slow"].before
    text = str(Explanation(result.blocks()))
    assert "Bob's judgement “like” (like = done) is higher" in text
    assert "The pace of slow is faster" in text
    idle = observe(forecasted, "third = done by 2021-01-01")
    assert {leaning.input.name for leaning in idle.leanings} == {"records.brisk"}


def test_random_parts_of_the_draws_tell_nothing() -> None:
    rng = np.random.default_rng(5)
    beyond = 0
    for _ in range(300):
        measures = rng.random((1_000, 20))
        kept = rng.permutation(1_000) < 150
        beyond += bool((np.abs(places_off(measures, kept)) > bound_of(20)).any())
    assert beyond <= 10, "one in a hundred was promised"


def test_few_draws_are_said_and_too_few_refused() -> None:
    forecasted = forecast_of(draws=2_500)
    seen: dict[str, int] = {}
    for days in range(0, 400, 2):
        text = f"deed = done by {AS_OF + timedelta(days=days)}"
        try:
            result = observe(forecasted, text)
        except CaseError as error:
            kind = "none" if "in none of 2,500 draws" in str(error) else "only"
            if kind == "only" and "or more draws" not in str(error):
                raise
            seen[kind] = seen.get(kind, 0) + 1
            continue
        assert result.left >= TOO_FEW
        assert result.few == (result.left < FEW)
        assert result.few == ("draws remain: the figures" in str(Explanation(result.blocks())))
        assert not (result.few and result.leanings)
        seen["few" if result.few else "many"] = 1
    assert set(seen) == {"none", "only", "few", "many"}


def test_more_draws_than_ways_kept() -> None:
    forecasted = forecast_of(draws=21_000)
    result = observe(forecasted, "deed = done by 2022-01-01")
    assert result.draws == 20_000
    assert "Of 21,000 draws the way was kept in the first 20,000" in str(
        Explanation(result.blocks())
    )


def test_what_is_always_so_tells_nothing() -> None:
    result = observe(forecast_of(draws=500), "deed = open by 2020-01-01")
    assert result.left == 500
    text = str(Explanation(result.blocks()))
    assert "it tells nothing" in text
    assert "stays at" in text
    assert not result.leanings


def test_the_words() -> None:
    result = observe(forecast_of(draws=2_500), "deed = open by 2022-01-01")
    text = str(result.explain("did"))
    assert "“The deed is done” falls from" in text
    assert "of the" in text
    with pytest.raises(KeyError, match="no arrangement 'x'"):
        result.explain("x")
    data = json.loads(json.dumps(result.to_dict(), allow_nan=False))
    assert data["observations"][0]["by"] == "2022-01-01"
    assert data["arrangements"]["did"]["after"]["p"] == result.changes["did"].after.p


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        (
            "deed = dune by 2021-01-01",
            8,
            "no position 'dune' in issue 'deed'; did you mean 'done'?",
        ),
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
    both = ["deed = done by 2023-01-01", "deed = open by 2023-01-01"]
    with pytest.raises(CaseError, match="all of this is so together in none of 100 draws"):
        observe(forecasted, both)
    with pytest.raises(ValueError, match="nothing was observed"):
        observe(forecasted, [])


def test_an_arrangement_is_asked_of_the_state_as_it_stands() -> None:
    observation = read_observation(case_of(), "  did and like = done  by 2022-03-04 ")
    assert observation.statement.text == "did and like = done"
    assert observation.day == date(2022, 3, 4)
