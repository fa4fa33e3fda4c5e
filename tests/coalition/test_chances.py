"""The chances of coalitions: against plain loops, by simulation, and the laws they keep."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from chambers import chamber, chambers, slow_chances, slow_supporters, turned
from hypothesis import given
from hypothesis import strategies as st

from foedus.coalition.chances import Weights, agreeing, chances, log_rates, shares, worths
from foedus.coalition.gains import TERMS, gains
from foedus.coalition.opportunity import Opportunity
from foedus.coalition.parameters import FITTED, fitted
from foedus.coalition.premier import premier_chances
from foedus.coalition.solve import governments


def by_members(c: Opportunity) -> dict[frozenset[str], float]:
    """The chances by the ids of the members."""
    found = gains(c)
    return {
        frozenset(np.array(c.parties)[row]): float(p)
        for row, p in zip(found.members, chances(found, fitted()), strict=True)
    }


def included(c: Opportunity) -> np.ndarray:
    """Each party's chance to be in."""
    found = gains(c)
    return chances(found, fitted()) @ found.members


@given(chambers())
def test_the_chances_are_those_of_the_definition(c: Opportunity) -> None:
    slow = {frozenset(c.parties[i] for i in m): p for m, p in slow_chances(c).items()}
    fast = by_members(c)
    assert fast.keys() == slow.keys()
    for members, p in slow.items():
        assert fast[members] == pytest.approx(p, rel=1e-9, abs=1e-14)


@given(chambers())
def test_supporters_are_those_of_the_definition(c: Opportunity) -> None:
    found = gains(c)
    for members, supporters in zip(found.members, found.supporters, strict=True):
        those = slow_supporters(c, tuple(np.flatnonzero(members)))
        assert set(np.flatnonzero(supporters)) == set(those)


def test_the_first_that_is_agreed_comes_as_often_as_computed() -> None:
    """Clocks that ring at the mean gain's power, a fresh random worth each time, by simulation."""
    draw = np.random.default_rng(7)
    worth = np.array([[0.4, -0.3, 0.0], [1.0, 0.0, 0.2], [-0.5, 0.3, 0.1]])
    asked = np.array([[True, True, False], [True, False, True], [True, True, True]])
    power = 1.7
    computed = shares(log_rates(worth, asked, power))
    expected = np.log1p(np.exp(worth))
    mean = [np.exp(np.log(row[who]).mean()) for row, who in zip(expected, asked, strict=True)]
    clock = np.array(mean) ** power
    clock /= clock.sum()
    seen = np.zeros(3)
    for _ in range(20_000):
        while True:
            k = draw.choice(3, p=clock)
            if (worth[k] + draw.logistic(size=3) > 0)[asked[k]].all():
                seen[k] += 1
                break
    error = np.sqrt(computed * (1 - computed) / seen.sum())
    assert (np.abs(seen / seen.sum() - computed) < 4 * error).all()


def test_the_mean_gain_and_the_consent_are_those_of_the_logistic() -> None:
    drawn = np.random.default_rng(3).logistic(size=400_000)
    for v in (-1.0, 0.0, 2.0):
        gained = np.maximum(v + drawn, 0)
        assert gained.mean() == pytest.approx(np.logaddexp(0, v), abs=0.01)
        assert (gained > 0).mean() == pytest.approx(float(agreeing(np.array(v))), abs=0.005)


@given(chambers(), st.randoms(use_true_random=False))
def test_the_order_of_parties_changes_nothing(c: Opportunity, random: object) -> None:
    order = list(range(len(c.parties)))
    random.shuffle(order)  # type: ignore[attr-defined]
    other = by_members(turned(c, order))
    for members, p in by_members(c).items():
        assert other[members] == pytest.approx(p, rel=1e-9)


@given(chambers())
def test_left_and_right_may_change_places(c: Opportunity) -> None:
    other = by_members(replace(c, left_right=10 - c.left_right))
    for members, p in by_members(c).items():
        assert other[members] == pytest.approx(p, rel=1e-6)


@given(chambers(), st.integers(2, 9))
def test_a_larger_chamber_of_the_same_shares_is_the_same(c: Opportunity, k: int) -> None:
    larger = replace(c, seats=k * c.seats, chamber=k * c.chamber, majority=k * c.majority)
    other = by_members(larger)
    for members, p in by_members(c).items():
        assert other[members] == pytest.approx(p, rel=1e-9)


@given(chambers())
def test_chances_and_premiers_sum_to_one(c: Opportunity) -> None:
    found = gains(c)
    likely = chances(found, fitted())
    assert likely.sum() == pytest.approx(1, abs=1e-12)
    assert (likely >= 0).all()
    premier = premier_chances(c, found, likely)
    assert premier.sum() == pytest.approx(1, abs=1e-12)
    assert (premier <= likely @ found.members + 1e-12).all()


@given(chambers(4), st.floats(0, 3))
def test_whoever_gains_more_by_one_coalition_makes_it_likelier(c: Opportunity, more: float) -> None:
    found, weights = gains(c), fitted()
    worth = worths(found, weights)
    before = shares(log_rates(worth, found.asked, weights.power))
    worth[0, 0] += more
    after = shares(log_rates(worth, found.asked, weights.power))
    assert after[0] >= before[0] - 1e-12


def test_common_sense() -> None:
    """Nearer is likelier, and so are more seats for a majority, a past together, going on."""
    far = chamber([40, 35, 25], [2, 5, 9])
    near = replace(far, left_right=np.array([2.0, 5, 6]))
    assert included(near)[2] > included(far)[2]
    both = frozenset({"p0", "p1"})
    plain = by_members(chamber([40, 35, 25], [2, 5, 9]))[both]
    again = chamber([40, 35, 25], [2, 5, 9], governing={0, 1})
    friends = chamber([40, 35, 25], [2, 5, 9], pairs={(0, 1): (9, 0)})
    assert by_members(again)[both] > plain
    assert by_members(friends)[both] > plain
    short, enough = (chamber([40, 35, 25], [2, 5, 9], majority=m) for m in (70, 60))
    ends = frozenset({"p0", "p2"})
    assert by_members(short)[ends] < by_members(enough)[ends]
    lost = chamber([40, 35, 25], [2, 5, 9], swing=[0, 0, -0.2])
    assert included(lost)[2] < included(chamber([40, 35, 25], [2, 5, 9]))[2]


def test_a_single_party_with_everything_governs() -> None:
    c = chamber([97, 2, 1], [5, 2, 8])
    assert by_members(c)[frozenset({"p0"})] > 0.5
    assert governments(c).listed[0].members == ("p0",)


def test_without_weights_all_that_ask_as_many_are_alike() -> None:
    c = chamber([30, 30, 40], [1, 5, 9])
    found = gains(c)
    nothing = chances(found, Weights(np.zeros(len(TERMS)), 1.0))
    asked = found.asked.sum(1)
    for size in set(asked):
        those = nothing[asked == size]
        assert those == pytest.approx(those[0])


def test_every_term_has_a_weight_with_its_error() -> None:
    assert FITTED.keys() == {*TERMS, "power"}
    assert all(error > 0 for _, error in FITTED.values())


def test_the_page_has_the_weights_and_errors() -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "coalition.md").read_text("utf-8")
    rows = [line.strip("|").split("|") for line in page.splitlines() if line.startswith("| `")]
    told = {row[0].strip(" `"): [cell.strip() for cell in row[-2:]] for row in rows}
    told["power"] = next(
        [cell.strip() for cell in line.strip("|").split("|")[-2:]]
        for line in page.splitlines()
        if line.startswith("| power ")
    )
    for name, pair in FITTED.items():
        assert [float(cell.replace("−", "-")) for cell in told[name]] == pytest.approx(
            pair, abs=0.0051
        ), name


def test_reasons_add_up_to_the_worth_and_the_listed_to_one() -> None:
    c = chamber([34, 11, 19, 31, 5], [3, 2, 5, 7, 6], governing={0, 1}, premier=0)
    found = governments(c, 5)
    for each in found.listed:
        for party in each.asked:
            assert sum(party.reasons.values()) == pytest.approx(party.worth)
            assert party.agrees == pytest.approx(1 / (1 + np.exp(-party.worth)))
    assert sum(each.p for each in found.listed) + found.rest == pytest.approx(1)
    assert found.others == 31 - 5
    assert governments(c).rest == 0
