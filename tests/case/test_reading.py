"""What is read of a sound case file."""

from datetime import date
from pathlib import Path

import pytest
from towns import TWO_TOWNS, towns

from foedus.case.judgement import Judgement, Role, Together
from foedus.case.model import (
    In,
    Place,
    Priorities,
    Ranking,
    Stances,
    Statement,
    Support,
    Worth,
)
from foedus.case.places import Notice
from foedus.case.problems import CaseError
from foedus.case.reading import case_from_data, parse_case, read_case

WISH = (
    "      - {id: any-bridge, when: bridge != none, probability: likely, because: [mayor-speech]}\n"
)
CASES = sorted(TWO_TOWNS.parent.rglob("*.yaml"))


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_every_case_reads(path: Path) -> None:
    assert read_case(path).title


def test_the_parts_of_the_two_towns() -> None:
    case = read_case(TWO_TOWNS)
    assert case.as_of == date(2019, 12, 20)
    assert list(case.actors) == ["north", "south", "voters"]
    assert case.actors["voters"].electorate
    assert case.actors["voters"].threshold == Judgement(
        50, 50, 50, ("actors", "voters", "threshold"), role=Role.THRESHOLD, owner="voters"
    )
    bridge = case.issues["bridge"]
    assert [p.id for p in bridge.positions] == ["none", "narrow", "wide"]
    assert bridge.scale == (0, 40, 100)
    assert bridge.never_back_to == {"none"}
    assert bridge.pace.of("none", "wide") == "town-deals"
    assert [r.to for r in case.issues["mayor"].falls["in-office"]] == ["gone"]
    assert case.today == {"bridge": "none", "toll": "free", "mayor": "in-office", "status": "apart"}
    assert case.hypotheses == ("one-town",)
    assert case.rules[0].why == "A toll needs a bridge"
    assert case.polls["bridge-poll"].shares == {"merge": 24, "league": 41, "neither": 35}
    assert case.records["town-deals"].willing == "unknown"
    assert case.reference_classes["town-mergers"].about == "one-town"
    assert case.evidence["traffic-count"].grade == "B2"
    assert case.evidence["mayor-speech"].date == date(2019, 10, 3)
    assert case.notices == ()


def test_rights_by_change_and_position() -> None:
    issues = read_case(TWO_TOWNS).issues
    status, toll = issues["status"].decided_by, issues["toll"].decided_by
    assert toll.default.movers == (frozenset({"north"}), frozenset({"south", "voters"}))
    assert status.of("apart", "league").movers == (frozenset({"north", "south"}),)
    assert len(status.of("league", "apart").movers) == 2
    assert status.of("apart", "merged").movers == (frozenset({"north", "south", "voters"}),)
    assert status.of("merged", "apart").movers == ()
    assert issues["status"].pace.of("league", "apart") == "at-once"
    assert issues["status"].pace.of("apart", "league") == "town-deals"


def test_a_map_of_rights_without_default_leaves_the_rest_to_nobody() -> None:
    case = towns(("decided_by: north\n", "decided_by: {extended: north}\n"))
    decided = case.issues["mayor"].decided_by
    assert decided.of("in-office", "extended").movers == (frozenset({"north"}),)
    assert decided.of("extended", "gone").movers == ()


def test_preferences_and_their_judgements() -> None:
    preferences = read_case(TWO_TOWNS).preferences
    north, south, voters = (preferences[name] for name in ("north", "south", "voters"))
    assert isinstance(north, Worth)
    wide = north.items[0].value
    assert (wide.low, wide.mode, wide.high, wide.because) == (20, 35, 50, ("traffic-count",))
    assert wide.name == "preferences.north.worth.wide-bridge"
    assert isinstance(south, Priorities)
    assert [item.id for item in south.items] == ["no-toll", "any-bridge"]
    held = south.items[1].probability
    assert held is not None
    assert (held.low, held.mode, held.high, held.word) == (
        0.55,
        pytest.approx(0.675),
        0.8,
        "likely",
    )
    assert held.because == ("mayor-speech",)
    assert isinstance(voters, Support)
    assert [item.id for item in voters.items] == ["s1", "s2"]
    assert voters.items[1].when is None


def test_a_judgement_may_be_a_map_with_reasons() -> None:
    given = "{value: [1, 2, 3], because: [mayor-speech], note: A guess, with: money}"
    case = towns(("value: [20, 35, 50]", f"value: {given}"))
    worth = case.preferences["north"]
    assert isinstance(worth, Worth)
    value = worth.items[0].value
    assert (value.mode, value.note, value.together) == (2, "A guess", Together("money"))
    assert value.because == ("mayor-speech", "traffic-count")


def test_ranking_stances_and_groups() -> None:
    ranking = "ranking: [bridge = wide, [toll = free, status = merged]]\n    "
    stances = "\n  council:\n    stances: {bridge: {position: wide, salience: 3}}\n  voters:\n"
    case = towns(
        ("priorities:", "priorities_were:"),
        ("    priorities_were:", "    " + ranking + "was:"),
        ("actors:\n", "actors:\n  council: {}\n"),
        ("\n  voters:\n", stances),
        ("issues:\n", "groups: [[north, south]]\nissues:\n"),
        ("    was:                                    # most important first\n", ""),
        ("      - {id: no-toll, when: toll = free}\n", ""),
        (WISH, ""),
    )
    assert case.groups == (("north", "south"),)
    south, council = case.preferences["south"], case.preferences["council"]
    assert isinstance(south, Ranking)
    assert [[s.text for s in tier] for tier in south.tiers] == [
        ["bridge = wide"],
        ["toll = free", "status = merged"],
    ]
    assert isinstance(council, Stances)
    assert council.items[0].position.mode == 100


def test_words_of_the_other_list() -> None:
    changes = (
        ("probability: likely", "probability: remote chance"),
        ("foedus: 1", "foedus: 1\nwords: phia"),
    )
    held = towns(*changes).preferences["south"]
    assert isinstance(held, Priorities)
    assert held.items[1].probability is not None
    assert held.items[1].probability.high == 0.05


def test_what_yaml_would_guess_stays_text() -> None:
    case = towns(
        ("name: North Town", "name: yes"),
        ("source: County survey, locator: table 2", "source: 1997-01-01, locator: 1.10"),
        ("willing: unknown", "willing: no"),
    )
    assert case.actors["north"].name == "yes"
    assert case.evidence["traffic-count"].source == "1997-01-01"
    assert case.evidence["traffic-count"].locator == "1.10"
    assert case.records["town-deals"].willing == "no"


def test_today_is_completed_and_may_be_absent() -> None:
    line = "today: {bridge: none, toll: free, mayor: in-office, status: apart}"
    assert towns((line, "today: {status: league}")).today == {
        "bridge": "none",
        "toll": "free",
        "mayor": "in-office",
        "status": "league",
    }
    assert towns((line, "")).today is None


def test_places_are_kept() -> None:
    case = read_case(TWO_TOWNS)
    lines = TWO_TOWNS.read_text(encoding="utf-8").splitlines()
    row = next(k for k, line in enumerate(lines, start=1) if line.startswith("  bridge:"))
    assert case.place(("issues", "bridge")) == Place(row, 3)
    wish = next(k for k, line in enumerate(lines, start=1) if "id: no-toll" in line)
    when = case.place(("preferences", "south", "priorities", 0, "when"))
    assert when == Place(wish, lines[wish - 1].index("toll = free") + 1)
    assert case.place(("rules", 0, "rule", "anything")) == case.place(("rules", 0, "rule"))


def test_a_byte_order_mark_is_read_over() -> None:
    assert parse_case("\ufeff".encode() + TWO_TOWNS.read_bytes()).place(()) is not None


# --- from data --------------------------------------------------------------------------------

SMALL = {
    "foedus": 1,
    "title": "Small",
    "actors": {"a": {"name": "A"}},
    "issues": {"i": {"positions": {"N": "No", "Y": "Yes"}, "decided_by": "a"}},
}


def test_a_case_from_data() -> None:
    ready = Statement("i = Y", In("i", frozenset({"Y"})), ("elsewhere",))
    data = SMALL | {"preferences": {"a": {"ranking": [[ready], "i = N"]}}, "question": None}
    case = case_from_data(data, file="x.gmcr", notices=["told"])
    assert (case.file, case.notices, case.today) == ("x.gmcr", (Notice("told"),), None)
    ranking = case.preferences["a"]
    assert isinstance(ranking, Ranking)
    assert ranking.tiers[0] == (ready,)
    assert ranking.tiers[1][0].tree == In("i", frozenset({"N"}))
    assert case.place(("actors",)) is None


def test_a_long_ranking_from_data() -> None:
    ready = Statement("i = Y", In("i", frozenset({"Y"})))
    ranking = case_from_data(SMALL | {"preferences": {"a": {"ranking": [ready] * 150_000}}})
    kind = ranking.preferences["a"]
    assert isinstance(kind, Ranking)
    assert len(kind.tiers) == 150_000


def test_problems_of_data_have_no_place() -> None:
    with pytest.raises(CaseError) as caught:
        case_from_data(SMALL | {"actors": {"a": {"nam": "A"}}}, file="x.gmcr")
    assert [p.place for p in caught.value.problems] == [None, None]
    assert "x.gmcr: unknown key 'nam'; did you mean 'name'?" in str(caught.value).splitlines()
