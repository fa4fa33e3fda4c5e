"""What if: pairing, what can be set, and what is refused."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.document import Explanation
from foedus.forecasting.headline import headline
from foedus.forecasting.solve import forecast
from foedus.forecasting.workers import shared_out
from foedus.process.model import ProcessOptions
from foedus.sensitivity.otherwise import whatif
from foedus.sensitivity.settings import case_with, names_of, parsed_setting

FLAGSHIP = Path("cases/belarus-2024.yaml").read_text(encoding="utf-8")
TOWNS = Path("cases/two-towns.yaml").read_text(encoding="utf-8")
WEST = "preferences.lukashenka.worth.russia-lost"


WESTWARDS = [(WEST, [-10.0, 5.0, 20.0])]


def test_both_answers_are_those_of_two_forecasts() -> None:
    result = whatif(FLAGSHIP, WESTWARDS, draws=60, seed=2)
    changed = FLAGSHIP.replace("value: [-45, -30, -15]", "value: [-10, 5, 20]")
    assert changed.count("[-10, 5, 20]") == 1
    for text, own in ((FLAGSHIP, "before"), (changed, "after")):
        other = forecast(parse_case(text), draws=60, seed=2, stability_draws=0, varied=False)
        assert other.views is not None
        for each in result.differences:
            p = other.probability(each.arrangement).p
            assert getattr(each, own) == pytest.approx(p, abs=1e-10)
            if each.pooled is not None:
                place = ("before", "after").index(own)
                pooled = other.views.pooled.pooled[each.arrangement]
                assert each.pooled[place] == pytest.approx(pooled.p, abs=1e-6)
    moved = result.difference("belarus-turns-west")
    assert moved.before < 0.01
    assert moved.change > 0.2
    assert moved.low > 0


def test_the_error_is_that_of_paired_differences() -> None:
    result = whatif(FLAGSHIP, WESTWARDS, draws=40)
    each = result.difference("deeper-eeu")
    first, then = (h.by_draw("deeper-eeu") for h in (result.before, result.after))
    alone = math.hypot(*(h.probability("deeper-eeu").se for h in (result.before, result.after)))
    assert each.change == pytest.approx((then - first).mean())
    assert each.se == pytest.approx((then - first).std(ddof=1) / math.sqrt(40))
    assert 0 < each.se < 0.9 * alone
    assert each.rises == (then - first > 1e-9).sum()
    assert each.falls == (then - first < -1e-9).sum() > each.rises


APART = """
foedus: 1
title: Two who have nothing to do with each other
as_of: 2020-01-01
deadline: 2021-01-01
today: {mill: none, well: none}
actors: {north: {name: North}, south: {name: South}}
issues:
  mill: {positions: {none: None, built: Built}, decided_by: north, takes: {days: 100}}
  well: {positions: {none: None, dug: Dug}, decided_by: south, takes: {days: 100}}
arrangements:
  a-mill: {name: A mill, when: mill = built}
  a-well: {name: A well, when: well = dug}
preferences:
  north: {worth: {gain: {when: mill = built, value: [-10, 5, 15]}}}
  south: {worth: {gain: {when: well = dug, value: [-10, 5, 15]}}}
"""


def test_what_is_not_set_is_drawn_alike() -> None:
    result = whatif(APART, [("preferences.north.worth.gain", [-20, 0, 10])], draws=200)
    mill, well = result.difference("a-mill"), result.difference("a-well")
    assert (mill.rises, well.moves) == (0, False)
    assert mill.falls > 20
    assert 0.2 < well.before < 0.9
    assert well.before != pytest.approx(mill.before, abs=1e-3)


def test_what_has_been_solved_is_not_solved_again() -> None:
    name = "preferences.north.worth.gain"
    first = whatif(APART, [(name, 4)], draws=60)
    again = whatif(APART, [(name, 1)], draws=60, base=first.before)
    assert again.before is first.before
    assert again.after.process.rules is first.before.process.rules
    assert again.to_dict() == whatif(APART, [(name, 1)], draws=60).to_dict()
    for other in ({"draws": 61}, {"seed": 2}, {"options": ProcessOptions(meetings=3)}):
        with pytest.raises(ValueError, match="the base is of another"):
            whatif(APART, [(name, 1)], **{"draws": 60, "base": first.before, **other})


def test_changes_are_not_shared_where_rights_differ() -> None:
    """Of two cases solved one after another, the second has its own coalitions."""
    both = APART.replace("decided_by: south", "decided_by: north and south")
    assert both != APART
    with shared_out(1) as crew:
        one, other = (
            headline(parse_case(t), draws=40, seed=1, workers=crew) for t in (APART, both)
        )
    assert other.process.rules is not one.process.rules
    assert other.probability("a-well").p < one.probability("a-well").p - 0.1
    alone = headline(parse_case(both), draws=40, seed=1)
    assert (alone.reached == other.reached).all()


def test_setting_a_value_to_itself_changes_nothing() -> None:
    result = whatif(TOWNS, [("preferences.north.worth.wide-bridge", [20, 35, 50])], draws=30)
    assert not any(each.moves for each in result.differences)
    assert result.before.case_hash == result.after.case_hash
    assert result.consent_changes == {}
    told = str(Explanation(result.blocks()))
    assert "No hypothesis becomes likelier" in told
    assert "the same refuse it" in told


def test_consent_is_compared_at_the_most_likely_values() -> None:
    result = whatif(FLAGSHIP, WESTWARDS, draws=2)
    before, after = result.consent_changes["belarus-turns-west"]
    assert (before.worse_off, before.refuse) == (("lukashenka",), ("lukashenka",))
    assert (after.status, after.worse_off, after.refuse) == ("acceptable", (), ())
    assert before.gains["lukashenka"] < 0 < after.gains["lukashenka"]
    plain = result.to_dict()["consent"]["belarus-turns-west"]
    assert plain["before"]["refuse"] == ["lukashenka"]
    told = str(result.explain("belarus-turns-west"))
    assert "with the change" in told
    assert "refused by" in told


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("preferences.voters.support.0", 55, "55"),
        ("preferences.south.priorities.any-bridge", "unlikely", "unlikely"),
        ("preferences.south.priorities.1", 0.25, "0.25"),
        ("actors.voters.threshold", 40, "40"),
        ("records.town-deals.done", 5, "5"),
        ("polls.bridge-poll.shares.league", 40, "40"),
        ("deadline", "2030-01-01", "2030-01-01"),
    ],
)
def test_what_can_be_set(name: str, value: float | str, told: str) -> None:
    result = whatif(TOWNS, [(name, value)], draws=5)
    assert result.settings[0].after == told


def test_a_case_without_its_text_takes_judgements_alone() -> None:
    case = parse_case(TOWNS)
    by_text = whatif(TOWNS, [("preferences.voters.support.0", 55)], draws=5)
    by_case = whatif(case, [("preferences.voters.support.0", 55)], draws=5)
    assert by_text.to_dict() == by_case.to_dict()
    word = case_with(case, None, [("preferences.south.priorities.any-bridge", "unlikely")])
    assert word == case_with(case, TOWNS, [("preferences.south.priorities.any-bridge", "unlikely")])
    with pytest.raises(CaseError, match="text of a case file"):
        whatif(case, [("records.town-deals.done", 5)], draws=10)


@pytest.mark.parametrize("as_text", [True, False])
@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("preferences.north.worth.wide-bridg", 1, "did you mean"),
        ("title", "Towns", "nothing that can be set"),
        ("preferences.voters.support.0", 130, "130"),
        ("preferences.north.worth.wide-bridge", [5, 4, 3], "order|cannot be"),
        ("preferences.north.worth.wide-bridge", "likely", "likely"),
        ("preferences.south.priorities.any-bridge", "probablish", "probablish"),
    ],
)
def test_what_cannot_be_set(name: str, value: float, message: str, *, as_text: bool) -> None:
    case = TOWNS if as_text else parse_case(TOWNS)
    with pytest.raises(CaseError, match=message):
        whatif(case, [(name, value)], draws=10)


def test_a_record_that_did_more_than_was_agreed_is_refused() -> None:
    with pytest.raises(CaseError):
        whatif(TOWNS, [("records.town-deals.done", 50)], draws=10)


@pytest.mark.parametrize("text", ["", "a", "=3", "a=", "a=[1, 2]", "a=[1, x, 3]"])
def test_settings_that_are_none(text: str) -> None:
    with pytest.raises(CaseError):
        parsed_setting(text)


def test_every_name_offered_is_known_by_it() -> None:
    case = parse_case(FLAGSHIP)
    names = names_of(case)
    assert len(set(names)) == len(names)
    assert {WEST, "preferences.belarusians.support.merger", "records.treaty-organs.done"} <= {
        *names
    }
