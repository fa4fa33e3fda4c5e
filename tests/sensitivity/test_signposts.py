"""Signposts against closed forms; silence where there is nothing to see; what they say."""

from __future__ import annotations

import json
import math
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from watched import AS_OF, DEADLINE, forecast_of, open_after

import foedus
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.document import Explanation
from foedus.forecasting.estimates import Probability
from foedus.forecasting.solve import forecast
from foedus.reporting.signposts import leading_sentence
from foedus.sensitivity.moments import MOST_DATES, standing_on, watch_dates
from foedus.sensitivity.observation import observe
from foedus.sensitivity.signposts import EARLY, Signpost, Signposts, role_of, signposts
from foedus.sensitivity.watching import LEAST, Watched, measured

CASES = Path(__file__).parents[2] / "cases"


def near(p: Probability, draws: int, true: float) -> bool:
    """Whether an estimate is within four standard errors of the truth."""
    return abs(p.p - true) < 4 * math.sqrt(true * (1 - true) / draws) + 1e-9


def found(result: Signposts, issue: str) -> Signpost:
    (signpost,) = (s for s in result.signposts if s.issue == issue and not s.still)
    return signpost


# --- closed forms -----------------------------------------------------------------------------


def test_not_seen_yet_is_lomax() -> None:
    result = signposts(forecast_of(), "did")
    signpost = found(result, "deed")
    assert len(signpost.readings) >= 6
    for reading in signpost.readings:
        still = open_after(reading.day)
        seen = round(reading.event.p * result.draws)
        assert near(reading.event, result.draws, 1 - still)
        assert reading.seen["did"].p == 1
        later = 1 - open_after(DEADLINE) / still
        assert near(reading.not_seen["did"], result.draws - seen, later)
        told = reading.to_dict()
        assert told["observed"] == told["seen"] == {"did": reading.seen["did"].to_dict()}
        assert (
            told["not_observed"] == told["not_seen"] == {"did": reading.not_seen["did"].to_dict()}
        )


def test_a_sign_through_a_shared_pace() -> None:
    result = signposts(forecast_of(), "did")
    before = 1 - open_after(DEADLINE)
    assert near(result.answers["did"], result.draws, before)
    signpost = found(result, "like")
    assert signpost.role == "sign"
    for reading in signpost.readings:
        done = 1 - open_after(reading.day)
        both = (
            1 - open_after(reading.day) - open_after(DEADLINE) + open_after(reading.day, DEADLINE)
        )
        seen = round(reading.event.p * result.draws)
        assert near(reading.seen["did"], seen, both / done)
        assert near(reading.not_seen["did"], result.draws - seen, (before - both) / (1 - done))


def test_what_is_independent_is_silent() -> None:
    for seed in range(1, 7):
        result = signposts(forecast_of(draws=2_000, seed=seed, idle=1), "did")
        assert {s.issue for s in result.signposts} <= {"deed", "like"}
        assert result.watched > 40


def test_the_first_date_nearly_as_good_is_taken() -> None:
    signpost = found(signposts(forecast_of(), "did"), "deed")
    shifts = [reading.shifts["did"] for reading in signpost.readings]
    place = signpost.readings.index(signpost.reading)
    assert shifts[place] >= EARLY * max(shifts) > max(shifts[:place], default=0.0)


# --- the measure ------------------------------------------------------------------------------


@given(st.integers(0, 2**32), st.integers(120, 400), st.floats(0.1, 0.9))
def test_the_shift_is_the_mean_absolute_change(seed: int, draws: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    space = forecast_of(draws=100).setting.game.space
    looked = Watched.on(space, rng.integers(0, len(space), draws), AS_OF)
    ends = rng.random((draws, 2)) < share
    (m,) = measured([looked], ends, rng)
    for event in range(len(looked.events)):
        so = looked.seen(event)
        assert m.enough[event] == (LEAST <= so.sum() <= draws - LEAST)
        if not 0 < so.sum() < draws:
            continue
        for h in range(2):
            p, q = ends[:, h].mean(), so.mean()
            seen, missing = ends[so, h].mean(), ends[~so, h].mean()
            assert q * seen + (1 - q) * missing == pytest.approx(p)
            change = q * abs(seen - p) + (1 - q) * abs(missing - p)
            assert m.shift[event, h] == pytest.approx(change)


def test_a_planted_sign_is_told_and_chance_is_not() -> None:
    space = forecast_of(draws=100).setting.game.space
    rng = np.random.default_rng(3)
    told = 0
    for _ in range(60):
        states = rng.integers(0, len(space), 400)
        looked = Watched.on(space, states, AS_OF)
        idle = rng.random(400) < 0.2
        (m,) = measured([looked], idle[:, None], rng)
        told += bool(m.telling.any())
        planted = np.where(rng.random(400) < 0.5, looked.seen(1), idle)
        (m,) = measured([looked], planted[:, None], rng)
        assert m.telling[1, 0]
    assert told <= 4, "one in a hundred was promised"


# --- which and how they are told --------------------------------------------------------------


def test_observing_the_signpost_gives_its_figures() -> None:
    forecasted = forecast_of()
    for answer in ("did", "all"):
        result = signposts(forecasted, answer)
        assert result.signposts
        for signpost in result.signposts:
            observed = observe(forecasted, signpost.observation)
            assert observed.probability == signpost.reading.event
            assert observed.changes[answer].after == signpost.reading.seen[answer]
            statement, by = signpost.observation.split(" by ")
            missing = observe(forecasted, f"not ({statement}) by {by}")
            assert missing.changes[answer].after == signpost.reading.not_seen[answer]


def test_what_happens_together_is_told_once() -> None:
    rule = "{rule: deed = done -> twin = b, why: One goes with the other}"
    text = (
        "foedus: 1\ntitle: Twins\nas_of: 2020-01-01\ndeadline: 2024-01-01\n"
        "actors: {ann: {name: Ann}}\nissues:\n"
        "  deed: {positions: {open: Open, done: Done}, decided_by: ann, pace: slow}\n"
        "  twin: {positions: {a: A, b: B}, decided_by: ann, pace: slow}\n"
        f"rules: [{rule}, {{rule: twin = b -> deed = done, why: And back}}]\n"
        "arrangements: {did: {name: Done, when: deed = done}}\n"
        "preferences:\n  ann: {worth: {w: {when: deed = done, value: 10}}}\n"
        "records:\n  slow: {since: 2010-01-01, until: 2020-01-01, agreed: 4, done: 2}\n"
    )
    result = signposts(
        forecast(parse_case(text, "t.yaml"), draws=2_000, stability_draws=0, range_draws=1)
    )
    (signpost,) = result.signposts
    assert {signpost.issue, *(c.issue for c in signpost.companions)} == {"deed", "twin"}
    assert "In nearly all draws it goes with" in (leading_sentence(result) or "")


def test_roles() -> None:
    forecasted = forecast_of()
    assert role_of(forecasted, "did", 0, 1) == "step"
    assert role_of(forecasted, "did", 0, 0) == "bar"
    assert role_of(forecasted, "did", 1, 1) == "sign"
    assert role_of(forecasted, "other", 0, 0) == "step"
    towns = forecast(
        foedus.load(CASES / "two-towns.yaml"), draws=50, stability_draws=0, range_draws=1
    )
    issues = list(towns.case.issues)
    assert role_of(towns, "free-bridge", issues.index("bridge"), 1) == "step"
    assert role_of(towns, "free-bridge", issues.index("mayor"), 0) == "sign", "it falls"


def test_a_position_that_reverts_by_the_state_is_a_step_where_it_may_become_the_answer() -> None:
    text = (CASES / "two-towns.yaml").read_text(encoding="utf-8")
    entries = "[{when: status = league, to: extended}, {to: gone}]"
    assert "{in-office: gone}" in text
    text = text.replace("{in-office: gone}", f"{{in-office: {entries}}}")
    text = text.replace(
        "arrangements:\n", "arrangements:\n  goes-on: {when: mayor = extended}\n", 1
    )
    towns = forecast(parse_case(text), draws=50, stability_draws=0, range_draws=1)
    mayor = list(towns.case.issues).index("mayor")
    assert [role_of(towns, "goes-on", mayor, k) for k in range(3)] == ["step", "step", "bar"]


def test_the_words() -> None:
    result = signposts(forecast_of(), "did", most=2)
    told = str(Explanation(result.blocks()))
    assert "Signs in other matters" in told
    assert "If “The deed” has moved to “Done” by 202" in told
    assert "rises from" in told
    assert "if not, it falls to" in told
    explained = str(result.explain("deed"))
    assert "part of the answer itself" in explained
    assert "`deed = done by 202" in explained
    with pytest.raises(KeyError, match="no indicator 'bridge'"):
        result.explain("bridge")
    json.dumps(result.to_dict(), allow_nan=False)


def test_all_hypotheses_together() -> None:
    result = signposts(forecast_of())
    assert list(result.answers) == ["did", "other"]
    first = result.signposts[0]
    assert first.shift == max(s.shift for s in result.signposts)
    assert sum(p.p for p in first.reading.seen.values()) == pytest.approx(1)
    without = signposts(forecast_of(draws=500, hypotheses=""))
    assert list(without.answers) == ["did", "all"]


def test_nothing_to_say_is_said() -> None:
    never = signposts(forecast_of(draws=1_000, bob="-10"), "all")
    assert not never.signposts
    assert leading_sentence(never) is None
    assert "reached in 0 of 1,000 draws" in str(Explanation(never.blocks()))
    few = signposts(forecast_of(draws=90), "did")
    assert "in at least 50 draws" in str(Explanation(few.blocks()))


def test_errors() -> None:
    forecasted = forecast_of(draws=100)
    with pytest.raises(CaseError, match="no arrangement 'dit'; did you mean 'did'"):
        signposts(forecasted, "dit")
    with pytest.raises(CaseError, match="2024-01-01 cannot be watched; expected a date after"):
        signposts(forecasted, "did", dates=[DEADLINE])
    with pytest.raises(ValueError, match="at least one"):
        signposts(forecasted, "did", most=0)


# --- dates ------------------------------------------------------------------------------------


@given(st.dates(), st.integers(1, 3_000_000))
def test_the_dates_to_watch(as_of: date, days: int) -> None:
    deadline = min(as_of.toordinal() + days, date.max.toordinal())
    if deadline == as_of.toordinal():
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


def test_where_draws_stand() -> None:
    forecasted = forecast_of(draws=300)
    detail = forecasted.detail
    for day in (AS_OF, date(2021, 7, 1), DEADLINE - timedelta(days=1)):
        time = (day - AS_OF).days
        for draw, state in enumerate(standing_on(forecasted, day).tolist()):
            way = zip(detail.since[draw].tolist(), detail.states[draw].tolist(), strict=True)
            assert state == [s for since, s in way if since <= time][-1]
    assert (standing_on(forecasted, DEADLINE) == detail.reached).all()
    with pytest.raises(ValueError, match="is not from"):
        standing_on(forecasted, DEADLINE + timedelta(days=1))


def test_the_flagship_in_brief() -> None:
    case = foedus.load(CASES / "belarus-2024.yaml")
    result = signposts(forecast(case, draws=1_000, stability_draws=0, range_draws=1))
    assert result.signposts
    assert result.signposts[0].issue in {"post", "shift", "successor"}
    for signpost in result.signposts:
        reading, name = signpost.reading, signpost.answer
        q, p = reading.event.p, result.answers[name].p
        assert q * reading.seen[name].p + (1 - q) * reading.not_seen[name].p == pytest.approx(p)
    silent = signposts(result.forecast, "full-integration")
    assert not silent.signposts
