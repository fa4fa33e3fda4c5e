"""What it would take: the judgements that turn each who would lose, verified by solving again."""

from __future__ import annotations

import json

import pytest

from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.loading import load
from foedus.process.acceptance import acceptance
from foedus.sensitivity.changes import with_changes
from foedus.sensitivity.required import required

SALE = """
foedus: 1
title: A sale
as_of: 2020-01-01
deadline: 2021-01-01
actors: {ann: {name: Ann}, bob: {name: Bob}, pub: {name: Public, kind: electorate, threshold: 50}}
issues: {house: {positions: {kept: Kept, sold: Sold}, decided_by: {sold: WHO, default: nobody}}}
arrangements: {sale: {name: A sale, when: house = sold}}
preferences:
  ann: {worth: {price: {when: house = sold, value: 10}}}
  bob:
    worth:
      home: {when: house = sold, value: [-12, -8, -4]}
      money: {when: house = sold, value: [4, 5, 6]}
      rest: {when: house = kept, value: 2}
  pub: {support: [{id: yes-to-it, when: house = sold, share: [30, 40, 50]}, {default: 60}]}
"""


def test_each_judgement_alone_is_that_of_the_closed_form() -> None:
    """Bob lacks 5: home would do by 5 of its half-range of 4; money is out of reach."""
    case = parse_case(SALE.replace("WHO", "ann and bob"))
    found = required(case, "sale")
    assert found.finding.worse_off == ("bob",)
    (need,) = found.needs["bob"]
    assert [change.name for change in need.changes] == ["preferences.bob.worth.home"]
    assert need.half_ranges == pytest.approx(5 / 4, abs=1e-2)
    assert not need.within
    assert found.found
    again = acceptance(with_changes(case, need.changes))["sale"]
    assert again.acceptable
    assert "What would make Bob better off" in str(found.explain())
    json.dumps(found.to_dict(), allow_nan=False)


def test_a_little_less_would_not_do() -> None:
    case = parse_case(SALE.replace("WHO", "ann and bob"))
    (need,) = required(case, "sale").needs["bob"]
    text = SALE.replace("WHO", "ann and bob").replace("[-12, -8, -4]", "{0}")
    value = need.changes[0].after.mode
    assert acceptance(parse_case(text.replace("{0}", f"{value:.9f}")))["sale"].acceptable
    assert not acceptance(parse_case(text.replace("{0}", f"{value - 0.05:.9f}")))["sale"].acceptable


def test_a_vote_is_turned_by_its_share() -> None:
    found = required(parse_case(SALE.replace("WHO", "ann and pub")), "sale")
    (need,) = found.needs["pub"]
    assert need.half_ranges == pytest.approx(1)
    assert need.within
    assert need.gain == pytest.approx(50)
    assert found.found


def test_nothing_is_needed_where_all_gain() -> None:
    found = required(parse_case(SALE.replace("WHO", "ann")), "sale")
    assert found.needs == {}
    assert "nothing has to change" in str(found.explain())


def test_what_lukashenka_would_need_for_a_union_holds_when_solved_again() -> None:
    case = load("cases/belarus-2024.yaml")
    found = required(case, "confederation")
    assert set(found.needs) == set(found.finding.worse_off)
    needs = [need for each in found.needs.values() for need in each]
    assert needs
    first = needs[0]
    again = acceptance(with_changes(case, first.changes), only=["confederation"])["confederation"]
    assert again.form is not None
    assert first.actor not in again.worse_off


def test_an_unknown_arrangement_is_refused() -> None:
    with pytest.raises(CaseError, match="did you mean 'sale'"):
        required(parse_case(SALE.replace("WHO", "ann")), "sael")
