"""A chamber as a case: it is in order, says the same again, and can be argued with."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from chambers import chamber, chambers
from hypothesis import given, settings

import foedus
from foedus.case.problems import CaseError
from foedus.case.reading import case_from_data, parse_case
from foedus.case.writing import case_yaml
from foedus.coalition.as_case import case_data
from foedus.coalition.from_case import governments_of
from foedus.coalition.opportunity import Opportunity
from foedus.coalition.solve import governments
from foedus.starters import starter

DAY = date(2025, 1, 31)


def sundmark() -> Opportunity:
    """Five parties, one coalition of two going on in a minority."""
    return chamber([34, 11, 19, 31, 5], [3.2, 2.4, 5.1, 7, 6.2], governing={0, 1}, premier=0)


def read(data: dict[str, Any]) -> foedus.Case:
    return parse_case(case_yaml(data))


@settings(max_examples=12)
@given(chambers(4))
def test_a_case_says_the_same_again(c: Opportunity) -> None:
    direct = governments(c)
    again = governments_of(read(case_data(c, DAY)))
    assert len(again.listed) == len(direct.listed)
    for each in direct.listed:
        assert again.government(each.members).p == pytest.approx(each.p, rel=1e-4, abs=1e-9)
    for party, chance in again.included.items():
        assert chance == pytest.approx(direct.included[party], abs=1e-5)


def test_a_case_of_the_likeliest_shares_out_what_they_have() -> None:
    direct = governments(sundmark())
    again = governments_of(read(case_data(sundmark(), DAY, 7)))
    whole = sum(each.p for each in direct.listed[:7])
    for each in direct.listed[:7]:
        other = again.government(each.members)
        assert other.p == pytest.approx(each.p / whole, rel=1e-4)
        assert {a.id: a.outside for a in other.asked} == {a.id: a.outside for a in each.asked}


def test_the_case_is_in_order() -> None:
    case = read(case_data(sundmark(), DAY))
    assert not case.notices
    told = foedus.check(case).to_dict()
    assert told["states"] == 32


def test_expert_spreads_are_ranges() -> None:
    from dataclasses import replace

    c = replace(sundmark(), spread=np.array([0.5, 0, 0, 0, 0]))
    case = case_data(c, DAY)
    worth = case["preferences"]["p1"]["worth"]["policy-p0-p1"]["value"]
    assert worth[0] < worth[1] < worth[2]
    found = governments(c)
    assert all(e.low <= e.p <= e.high for e in found.listed if e.low and e.high)
    assert found.listed[0].low < found.listed[0].high  # type: ignore[operator]


def test_a_case_is_argued_with() -> None:
    """More office, and a veto taken away, make a government likelier, in both models."""
    data = case_data(sundmark(), DAY, 6)
    name = "p2-p3-p4"
    before = governments_of(case_from_data(data)).government(name).p
    process = foedus.forecast(case_from_data(data), draws=30, varied=False)
    dearer = case_data(sundmark(), DAY, 6)
    for party in ("p2", "p3", "p4"):
        dearer["preferences"][party]["worth"][f"office-{name}"]["value"] += 20
    assert governments_of(case_from_data(dearer)).government(name).p > before
    more = foedus.forecast(case_from_data(dearer), draws=30, varied=False)
    freer = case_data(sundmark(), DAY, 6)
    quota = freer["issues"]["government"]["decided_by"][name][0]["by"]["all"][0]
    freer["issues"]["government"]["decided_by"][name][0]["by"]["all"] = [
        {**quota, "at_least": 31},
        "p3",
    ]
    assert governments_of(case_from_data(freer)).government(name).p > before
    free = foedus.forecast(case_from_data(freer), draws=30, varied=False)
    own = (f.to_dict()["arrangements"][name]["reached"]["p"] for f in (process, more, free))
    first, second, third = own
    assert second > first
    assert third > first


def test_seats_are_counted_in_the_case() -> None:
    """Where members no longer have the majority, another must be asked."""
    data = case_data(sundmark(), DAY, 4)
    rights = data["issues"]["government"]["decided_by"]["p2-p3-p4"][0]["by"]["all"]
    rights[0]["at_least"] = 60
    asked = governments_of(case_from_data(data)).government(["p2", "p3", "p4"]).asked
    assert {each.id for each in asked if each.outside} in ({"p0"}, {"p1"})
    for party in ("p0", "p1"):
        data["preferences"][party] = {"priorities": [{"when": "government = p0-p1"}]}
    with pytest.raises(CaseError, match="'p0' is asked and has no worth"):
        governments_of(case_from_data(data))


def test_a_case_by_somebody_else_is_read() -> None:
    """The starter: rights from a later day on, worths that depend on another issue."""
    found = governments_of(parse_case(starter("coalition")))
    assert {each.id for each in found.listed} == {"left", "right", "grand"}
    assert found.government("right").p > found.government("left").p
    oath = next(a for a in found.government("left").asked if a.id == "centre")
    assert oath.refuses
    assert oath.worth == pytest.approx(-0.5)


def test_a_case_without_governments() -> None:
    data = case_data(sundmark(), DAY, 2)
    data["issues"]["government"]["decided_by"] = {"default": "nobody"}
    with pytest.raises(CaseError, match="nobody may change"):
        governments_of(case_from_data(data))
    with pytest.raises(CaseError, match="no issue `government`"):
        governments_of(foedus.load("cases/belarus-2024.yaml"))
