"""What if: pairing, what can be set, and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.document import Explanation
from foedus.forecasting.solve import forecast
from foedus.sensitivity.otherwise import whatif
from foedus.sensitivity.settings import case_with, names_of, parsed_setting

FLAGSHIP = Path("cases/belarus-2024.yaml").read_text(encoding="utf-8")
TOWNS = Path("cases/two-towns.yaml").read_text(encoding="utf-8")
WEST = "preferences.lukashenka.worth.russia-lost"


def test_both_answers_are_those_of_two_forecasts() -> None:
    result = whatif(FLAGSHIP, [(WEST, [-10.0, 5.0, 20.0])], draws=400, seed=2)
    changed = FLAGSHIP.replace("value: [-45, -30, -15]", "value: [-10, 5, 20]")
    assert changed.count("[-10, 5, 20]") == 1
    for text, own in ((FLAGSHIP, "before"), (changed, "after")):
        other = forecast(parse_case(text), draws=400, seed=2, stability_draws=0, range_draws=1)
        for each in result.differences:
            assert getattr(each, own) == other.probability(each.arrangement).p
    moved = result.difference("belarus-turns-west")
    assert moved.change > 0.4
    assert moved.low > 0


def test_the_error_is_that_of_paired_differences() -> None:
    result = whatif(FLAGSHIP, [(WEST, 5)], draws=300)
    each = result.difference("belarus-turns-west")
    steps = np.concatenate(
        [np.ones(each.gained), -np.ones(each.lost), np.zeros(300 - each.gained - each.lost)]
    )
    assert each.change == pytest.approx(steps.mean())
    assert each.se == pytest.approx(steps.std(ddof=1) / np.sqrt(300))


def test_setting_a_value_to_itself_changes_nothing() -> None:
    result = whatif(FLAGSHIP, [(WEST, [-45, -30, -15])], draws=200)
    assert all(each.gained == each.lost == 0 for each in result.differences)
    assert result.before.case_hash == result.after.case_hash
    assert result.acceptance_changes() == ()
    told = str(Explanation(result.blocks()))
    assert "No hypothesis becomes likelier" in told
    assert "the same are acceptable" in told


def test_acceptance_is_compared_at_the_most_likely_values() -> None:
    paid = ("preferences.lukashenka.worth.moscow-behind-him", [38, 48, 58])
    result = whatif(FLAGSHIP, [paid], draws=100)
    changes = {name: after for name, _, after in result.acceptance_changes()}
    assert changes["belarus-option"].worse_off == ("elite", "belarusians")
    plain = result.to_dict()["acceptance"]["belarus-option"]
    assert plain["after"]["worse_off"] == ["elite", "belarusians"]
    assert "with the change" in str(result.explain("belarus-option"))


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
    result = whatif(TOWNS, [(name, value)], draws=50)
    assert result.settings[0].after == told


def test_a_case_without_its_text_takes_judgements_alone() -> None:
    case = parse_case(TOWNS)
    by_text = whatif(TOWNS, [("preferences.voters.support.0", 55)], draws=60)
    by_case = whatif(case, [("preferences.voters.support.0", 55)], draws=60)
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
