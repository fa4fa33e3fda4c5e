"""Pace against closed forms, numerical integration and simulation, and its calibration."""

from __future__ import annotations

import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import gammaln

from foedus.case.model import Record
from foedus.process.pace import (
    DAYS_A_YEAR,
    Hazard,
    Prior,
    Together,
    exposure,
    hazard_of,
)

HAZARDS = [Hazard(1, 170.9), Hazard(2, 1.7), Hazard(0, 0.0), Hazard(6, 20.0, Prior(2, 4))]
START = date(1997, 4, 2)


def record(agreed: int, done: int, *on: date, years: int = 20) -> Record:
    return Record("r", START, START.replace(year=START.year + years), agreed, done, on)


def integrated(hazard: Hazard, items: int, within: float, together: Together) -> float:
    """The chance given the hazard, times the hazard's density, summed by quadrature."""

    def term(log_rate: float) -> float:
        rate = math.exp(log_rate)
        if together == "parallel":
            given = (-math.expm1(-rate * within)) ** items
        else:  # Poisson: at least so many events
            given = 1 - sum(
                math.exp(-rate * within + k * math.log(rate * within) - gammaln(k + 1))
                for k in range(items)
            )
        a, b = hazard.shape, hazard.years
        return given * math.exp(a * math.log(b * rate) - b * rate - gammaln(a))

    top = math.log(hazard.shape / hazard.years)
    return float(quad(term, top - 30, top + 8, limit=400, points=[top])[0])


@pytest.mark.parametrize("hazard", HAZARDS)
@pytest.mark.parametrize("together", ["parallel", "sequence"])
def test_against_numerical_integration(hazard: Hazard, together: Together) -> None:
    for items in (1, 2, 5):
        for within in (0.3, 4.3, 60.0):
            expected = integrated(hazard, items, within, together)
            assert hazard.settled(items, within, together) == pytest.approx(expected, abs=2e-7)


def test_one_item_is_lomax_in_both_ways() -> None:
    hazard = Hazard(3, 150.0, Prior(0.5, 0.5))
    expected = 1 - (150.5 / (150.5 + 4.3)) ** 3.5
    assert hazard.settled(1, 4.3) == pytest.approx(expected)
    assert hazard.settled(1, 4.3, "sequence") == pytest.approx(expected)


def test_two_in_parallel_and_in_sequence_by_hand() -> None:
    """With shape 1 the wait's sums are rational: 1 - 2 b/(b+t) + b/(b+2t), and (t/(b+t))^2."""
    hazard = Hazard(0, 2.0, Prior(1, 1))
    assert hazard.settled(2, 3.0) == pytest.approx(1 - 2 * 3 / 6 + 3 / 9)
    assert hazard.settled(2, 3.0, "sequence") == pytest.approx(0.25)


@pytest.mark.parametrize("hazard", HAZARDS)
@pytest.mark.parametrize("together", ["parallel", "sequence"])
def test_against_simulated_items(hazard: Hazard, together: Together) -> None:
    rng = np.random.default_rng(7)
    rate = rng.gamma(hazard.shape, 1 / hazard.years, size=100_000)
    times = rng.exponential(size=(100_000, 3)) / rate[:, None]
    waited = times.max(axis=1) if together == "parallel" else times.sum(axis=1)
    expected = hazard.settled(3, 4.3, together)
    error = math.sqrt(expected * (1 - expected) / 100_000)
    assert (waited <= 4.3).mean() == pytest.approx(expected, abs=4 * error + 1e-9)


@given(
    st.integers(0, 20),
    st.floats(0.1, 500),
    st.floats(0.05, 50),
    st.sampled_from(["parallel", "sequence"]),
)
def test_the_curve_falls_in_items_and_rises_in_time(
    done: int, at_risk: float, within: float, together: Together
) -> None:
    hazard = Hazard(done, at_risk)
    curve = hazard.curve(12, within, together)
    later = hazard.curve(12, within * 1.5, together)
    assert (curve >= 0).all()
    assert (curve <= 1).all()
    assert (np.diff(curve) <= 1e-12).all()
    assert (later >= curve - 1e-12).all()
    assert curve == pytest.approx([hazard.settled(m, within, together) for m in range(1, 13)])
    assert (hazard.curve(12, within) >= hazard.curve(12, within, "sequence") - 1e-12).all()


def test_one_hazard_for_all_items_makes_many_likelier_than_independence_would() -> None:
    hazard = Hazard(1, 170.9)
    assert hazard.settled(3, 4.3) > hazard.settled(1, 4.3) ** 3


def test_many_items_do_not_drown_in_cancellation() -> None:
    """The plain alternating sum in floats is no probability at all here."""
    hazard, items, within = Hazard(2, 1.7), 100, 4.3
    expected = integrated(hazard, items, within, "parallel")
    assert hazard.settled(items, within) == pytest.approx(expected, rel=1e-6)
    plain = sum(
        (-1) ** k
        * math.comb(items, k)
        * (hazard.years / (hazard.years + k * within)) ** hazard.shape
        for k in range(items + 1)
    )
    assert not 0 <= plain <= 1


def test_no_time_settles_nothing_and_no_items_need_none() -> None:
    hazard = Hazard(1, 10)
    assert hazard.settled(2, 0.0) == 0 == hazard.settled(1, -1.0)
    assert hazard.curve(3, 0.0).tolist() == [0, 0, 0]
    assert hazard.settled(0, 0.0) == 1


# --- the record -------------------------------------------------------------------------------


def test_exposure_by_hand() -> None:
    span = 7305 / DAYS_A_YEAR  # twenty years with five leap days
    assert exposure(record(8, 0)) == pytest.approx(8 * span)
    assert exposure(record(8, 1)) == pytest.approx(7.5 * span)
    one_year = START + timedelta(days=365)
    assert exposure(record(8, 2, one_year)) == pytest.approx(6.5 * span + 365 / DAYS_A_YEAR)
    last = START.replace(year=START.year + 20)  # the first and the last day are days of the record
    assert exposure(record(8, 2, START, last)) == pytest.approx(7 * span)


def test_the_posterior_adds_the_record_to_the_prior() -> None:
    hazard = hazard_of(record(9, 3), Prior(2.0, 5.0))
    assert hazard.shape == 5
    assert hazard.years == pytest.approx(5 + 7.5 * 7305 / DAYS_A_YEAR)
    assert hazard.mean == pytest.approx(hazard.shape / hazard.years)
    u = np.array([0.05, 0.5, 0.95])
    assert hazard.below(hazard.at(u)) == pytest.approx(u)


@pytest.mark.parametrize(
    "bad",
    [
        record(2, 3),
        record(9, 1, START, START),
        record(9, 1, START - timedelta(days=1)),
        record(9, 1, START.replace(year=START.year + 20) + timedelta(days=1)),
        Record("r", START, START - timedelta(days=1), 2, 1),
    ],
)
def test_records_that_contradict_themselves_are_refused(bad: Record) -> None:
    with pytest.raises(ValueError, match="'r'"):
        hazard_of(bad)


def test_bad_priors_and_counts_are_refused() -> None:
    for prior in (Prior(0, 1), Prior(-1, 1), Prior(1, -1), Prior(math.nan, 1)):
        with pytest.raises(ValueError, match="prior"):
            Hazard(1, 10, prior)
    with pytest.raises(ValueError, match="no time at risk"):
        Hazard(0, 0.0, Prior(0.5, 0.0))
    with pytest.raises(ValueError, match="issue-years"):
        Hazard(1, math.nan)
    for items in (-1, 10_000):
        with pytest.raises(ValueError, match="items"):
            Hazard(1, 10).settled(items, 1)
    with pytest.raises(ValueError, match="items"):
        Hazard(1, 10).curve(0, 1)


# --- calibration ------------------------------------------------------------------------------


def simulated(rate: float, rng: np.random.Generator) -> Record:
    """Eight items agreed together and watched for twenty years, to the day."""
    days = np.floor(rng.exponential(1 / rate, size=8) * DAYS_A_YEAR + rng.random(8))
    until = START.replace(year=START.year + 20)
    on = sorted(START + timedelta(days=int(d)) for d in days if d <= (until - START).days)
    return Record("r", START, until, 8, len(on), tuple(on))


@pytest.mark.parametrize("prior", [Prior(), Prior(1.5, 30.0)])
def test_simulation_based_calibration(prior: Prior) -> None:
    """Ranks of the true hazard among posterior draws are even [Talts2018]: chi-square at 0.1 %."""
    rng, bins, runs = np.random.default_rng(20), 10, 2000
    ranks = np.zeros(runs, dtype=int)
    for k in range(runs):
        rate = max(rng.gamma(prior.a0, 1 / prior.b0), 1e-7)  # a wait beyond 10^7 years is one
        posterior = hazard_of(simulated(rate, rng), prior).at(rng.random(bins - 1))
        ranks[k] = (posterior < rate).sum()
    counts = np.bincount(ranks, minlength=bins)
    assert ((counts - runs / bins) ** 2 / (runs / bins)).sum() < 27.88


def test_calibration_would_notice_a_wrong_posterior() -> None:
    """The same ranks for a posterior that forgets the items not done are far from even."""
    prior, rng, runs = Prior(1.5, 30.0), np.random.default_rng(20), 500
    ranks = np.zeros(runs, dtype=int)
    for k in range(runs):
        rate = rng.gamma(prior.a0, 1 / prior.b0)
        seen = simulated(rate, rng)
        only_done = Record("r", seen.since, seen.until, seen.done, seen.done, seen.done_on)
        ranks[k] = (hazard_of(only_done, prior).at(rng.random(9)) < rate).sum()
    counts = np.bincount(ranks, minlength=10)
    assert ((counts - runs / 10) ** 2 / (runs / 10)).sum() > 100


def test_half_way_is_near_the_dated_answer() -> None:
    """Without dates the hazard is off, but little beside its own uncertainty where few are done."""
    rng = np.random.default_rng(5)
    shifts = []
    for _ in range(300):
        dated = simulated(0.02, rng)
        undated = Record("r", dated.since, dated.until, dated.agreed, dated.done)
        one, other = hazard_of(dated), hazard_of(undated)
        low, high = one.at([0.05, 0.95])
        shifts.append((other.mean - one.mean) / (high - low))
    assert abs(np.mean(shifts)) < 0.05
    assert np.quantile(np.abs(shifts), 0.95) < 0.2
