"""How many days changes take: one duration for all, or a map by change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from towns import TWO_TOWNS, broken, problems, towns

from foedus.case.altered import with_judgements
from foedus.case.edit import with_value
from foedus.case.fingerprint import case_hash
from foedus.case.links import judgements_of
from foedus.case.model import Case
from foedus.case.reading import case_from_data, parse_case
from foedus.case.source import plain_data, read_source
from foedus.sensitivity.comparing.edits import edits
from foedus.sensitivity.inputs import judgement_told

STATUS = "positions: {apart: Two towns, league: A league, merged: One town}\n"


def taking(takes: str) -> Case:
    """The two towns, with a status that takes so long."""
    return towns((STATUS, f"{STATUS}    takes: {takes}\n"))


def days(case: Case, origin: str, target: str) -> tuple[float, float, float] | None:
    """The range of the days that a change of the status takes."""
    found = case.issues["status"].takes_of(origin, target)
    return None if found is None else (found.low, found.mode, found.high)


@pytest.mark.parametrize("written", ["30", "{days: 30}", "{value: 30}", "{days: {value: 30}}"])
def test_one_duration_is_that_of_every_change(written: str) -> None:
    case = taking(written)
    assert days(case, "apart", "league") == days(case, "league", "merged") == (30, 30, 30)
    assert case_hash(case) == case_hash(taking("30"))


def test_a_duration_may_have_a_range_and_reasons() -> None:
    assert days(taking("[10, 20, 60]"), "apart", "league") == (10, 20, 60)
    reasoned = taking("{value: 30, because: [mayor-speech]}").issues["status"].takes.default
    assert reasoned is not None
    assert reasoned.because == ("mayor-speech",)


def test_the_most_specific_entry_counts() -> None:
    case = taking("{apart -> league: 30, merged: {days: [60, 90, 200]}, default: 10}")
    assert days(case, "apart", "league") == (30, 30, 30)
    assert days(case, "merged", "league") == (10, 10, 10)
    assert days(case, "apart", "merged") == days(case, "league", "merged") == (60, 90, 200)
    assert days(taking("{merged: 90}"), "apart", "league") is None


def test_each_duration_is_a_judgement_with_a_name() -> None:
    case = taking("{apart -> league: 30, merged: {days: 90}, default: 10}")
    names = [each.name for each in judgements_of(case) if each.path[0] == "issues"]
    assert sorted(names) == [
        "issues.status.takes.apart -> league",
        "issues.status.takes.default",
        "issues.status.takes.merged.days",
    ]
    told = {judgement_told(case, each) for each in case.issues["status"].durations}
    assert told == {
        "the time that “status” takes",
        "the time that “status” takes from “Two towns” to “A league”",
        "the time that “status” takes to become “One town”",
    }


def test_what_takes_no_time_is_quick() -> None:
    case = taking("{league -> apart: 30, default: 0}")
    status = case.issues["status"]
    assert not status.is_quick("league", "apart")
    assert not status.is_quick("apart", "league")  # it has the pace of the towns
    assert case.issues["toll"].is_quick("free", "charged")


def test_one_of_several_durations_can_be_replaced_and_edited() -> None:
    case = taking("{apart -> league: 30, default: 10}")
    path = ("issues", "status", "takes", "apart -> league")
    now = next(each for each in judgements_of(case) if each.path == path)
    changed = with_judgements(case, {path: now.bare(40, 50, 60)})
    assert days(changed, "apart", "league") == (40, 50, 60)
    assert days(changed, "league", "apart") == (10, 10, 10)
    text = broken((STATUS, f"{STATUS}    takes: {{apart -> league: 30, default: 10}}  # why\n"))[0]
    edited = with_value(text, path, [40, 50, 60])
    assert "{apart -> league: [40, 50, 60], default: 10}  # why" in edited
    assert days(parse_case(edited), "apart", "league") == (40, 50, 60)


def test_a_difference_in_one_duration_is_told_alone() -> None:
    texts = [
        broken((STATUS, f"{STATUS}    takes: {{apart -> league: {days}, default: 10}}\n"))[0]
        for days in (30, 40)
    ]
    (found,) = edits(*(read_source(text, "towns").data for text in texts)).edits
    assert (found.name, found.kind) == ("issues.status.takes.apart -> league", "judgement")
    assert found.told == ("30", "40")


def test_all_that_is_wrong_with_durations_is_told_at_its_place() -> None:
    right = "    decided_by: north or (south and voters)\n"
    text, marks = broken(
        (right, f"{right}    takes: {{^^days: 3, charged: ^^-1}}\n"),
        (STATUS, f"{STATUS}    takes: {{apart -> ^^leag: 30, ^^defualt: 10, merged: ^^soon}}\n"),
    )
    found = problems(text).problems
    assert [each.place for each in found] == marks
    assert [each.text for each in found] == [
        "'days' stands beside other keys; expected 'days' alone, for every change, or 'default' "
        "beside others",
        "'charged' is -1; expected a number, 0 or more",
        "no position 'leag' in issue 'status'; did you mean 'league'?",
        "no position 'defualt' in issue 'status'; did you mean 'default'?",
        "'merged' is 'soon'; expected a number, 0 or more or [low, most likely, high]",
    ]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("^^soon", "'takes' is 'soon'; expected a number, 0 or more"),
        ("{^^dayz: 30}", "no position 'dayz' in issue 'status'; did you mean 'days'?"),
        ("{merged: {^^dayz: 30, days: 3}}", "unknown key 'dayz'; did you mean 'days'?"),
        ("{days: ^^[30, 20, 10]}", "the range 30, 20, 10 is out of order"),
    ],
)
def test_one_thing_wrong_with_a_duration(written: str, told: str) -> None:
    text, marks = broken((STATUS, f"{STATUS}    takes: {written}\n"))
    (found,) = problems(text).problems
    assert found.text.startswith(told)
    assert [found.place] == marks


@given(st.integers(0, 10**6), st.sampled_from(["apart", "league", "merged"]))
def test_a_number_beside_a_map_of_all_positions_says_the_same(number: int, target: str) -> None:
    """One duration, the map with every position, and the map with a default agree."""
    alike = [str(number), f"{{apart: {number}, league: {number}, merged: {number}}}"]
    alike.append(f"{{default: {number}}}")
    cases = [taking(each) for each in alike]
    origin = "apart" if target != "apart" else "league"
    assert len({days(case, origin, target) for case in cases}) == 1


def test_data_of_a_program_may_hold_durations_too() -> None:
    data = plain_data(read_source(TWO_TOWNS.read_text(encoding="utf-8"), "towns").data)
    data["issues"]["status"]["takes"] = {"apart -> league": 30, "default": {"days": 5}}
    assert days(case_from_data(data), "apart", "league") == (30, 30, 30)
    assert days(case_from_data(data), "league", "apart") == (5, 5, 5)
