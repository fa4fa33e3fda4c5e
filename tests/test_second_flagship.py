"""The second flagship: its rights are what its seats make them, and its answers have a shape."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from itertools import chain, combinations
from pathlib import Path
from runpy import run_path

import pytest

from foedus.case.model import Case, Support, Worth
from foedus.case.reading import parse_case, read_case
from foedus.evidence.audit import audit
from foedus.forecasting.most_likely import MostLikely, most_likely
from foedus.process.consent import Consents
from foedus.process.model import Process
from foedus.process.present import present

ROOT = Path(__file__).parent.parent
FILE = ROOT / "cases" / "czechoslovakia-1992.yaml"

# Seats after the elections of 5 and 6 June 1992: the House of the People, and of the House of the
# Nations the half in which the party sits.
PEOPLE = {
    "ods": 48, "lb": 19, "cssd": 10, "spr": 8, "kdu": 7, "lsu": 7,
    "hzds": 24, "slovak-left": 10, "sns": 6, "kdh": 6, "hungarians": 5,
}  # fmt: skip
CZECH = {"ods": 37, "lb": 15, "cssd": 6, "spr": 6, "kdu": 6, "lsu": 5}
SLOVAK = {"hzds": 33, "slovak-left": 18, "sns": 9, "kdh": 8, "hungarians": 7}
COUNCIL = {"hzds": 74, "slovak-left": 29, "kdh": 18, "sns": 15, "hungarians": 14}
Sets = set[frozenset[str]]


@pytest.fixture(scope="module")
def case() -> Case:
    return read_case(FILE)


@pytest.fixture(scope="module")
def process(case: Case) -> Process:
    return Process.of(case)


@pytest.fixture(scope="module")
def found(process: Process) -> MostLikely:
    return most_likely(process.game)


@pytest.fixture(scope="module")
def refuses(process: Process) -> Callable[[str], Mapping[str, float]]:
    asked = Consents(process)
    return lambda arrangement: asked.of(arrangement).refusals.refuses


def smallest(*bars: tuple[Mapping[str, int], int]) -> Sets:
    """The smallest sets of parties that reach every bar, from all subsets."""
    parties = sorted({party for seats, _ in bars for party in seats})
    every = chain.from_iterable(combinations(parties, k) for k in range(len(parties) + 1))
    kept: Sets = set()
    for chosen in map(frozenset, every):
        enough = all(sum(seats.get(p, 0) for p in chosen) >= bar for seats, bar in bars)
        if enough and not any(less < chosen for less in kept):
            kept.add(chosen)
    return kept


def movers(case: Case, issue: str, old: str, new: str) -> Sets:
    (entry,) = case.issues[issue].decided_by.of(old, new).entries
    return set(entry.right.movers)


# --- the rights follow from the seats -------------------------------------------------------------


def test_the_seats_are_those_of_the_chambers() -> None:
    assert (sum(PEOPLE.values()), sum(CZECH.values()), sum(SLOVAK.values())) == (150, 75, 75)
    assert sum(COUNCIL.values()) == 150


@pytest.mark.parametrize("position", ["strong", "loose", "confederation"])
def test_three_fifths_of_each_body_is_what_the_right_says(case: Case, position: str) -> None:
    """Three bars at once, as the case writes them, against all subsets."""
    assert movers(case, "state", "asis", position) == smallest(
        (PEOPLE, 90), (CZECH, 45), (SLOVAK, 45)
    )


def test_a_law_on_two_states_needs_the_same_and_a_referendum_less(case: Case) -> None:
    ways = movers(case, "state", "asis", "two")
    by_law = {way for way in ways if "czechs" not in way}
    assert by_law == smallest((PEOPLE, 90), (CZECH, 45), (SLOVAK, 45))
    parties = {way - {"czechs", "slovaks"} for way in ways - by_law}
    called = smallest((PEOPLE, 76), (CZECH, 38), (SLOVAK, 38))
    assert parties <= called
    assert all({"ods", "hzds"} <= way for way in parties)


def test_a_referendum_is_called_by_a_majority_of_each_body(case: Case) -> None:
    ways = movers(case, "vote", "none", "common")
    assert all({"czechs", "slovaks"} <= way for way in ways)
    parties = {way - {"czechs", "slovaks"} for way in ways}
    assert parties == smallest((PEOPLE, 76), (CZECH, 38), (SLOVAK, 38))


def test_the_slovak_council_decides_by_its_seats(case: Case) -> None:
    assert movers(case, "sovereignty", "none", "declared") == smallest((COUNCIL, 76))
    assert movers(case, "sovereignty", "none", "constitution") == smallest((COUNCIL, 90))
    assert frozenset({"hzds", "sns"}) not in movers(case, "sovereignty", "none", "constitution")


def test_who_won_the_elections_could_not_have_acted_long_ago(process: Process) -> None:
    found = present(process)
    assert found.unexplained == ()
    by = {departure.step.by for departure in found.departures if departure.recent}
    assert {"ods+hzds", "hzds+sns"} <= by


# --- the cut-off ----------------------------------------------------------------------------------


def test_nothing_is_later_than_the_day_of_the_case(case: Case) -> None:
    assert case.as_of == date(1992, 6, 8)
    dated = [item.date for item in case.evidence.values()]
    dated += [poll.date for poll in case.polls.values()]
    assert all(day is None or day <= case.as_of for day in dated)
    text = FILE.read_text(encoding="utf-8")
    for later in ("Stráský", "Tugendhat", "542/1992", "541/1992", "Kováč", "liquidation"):
        assert later not in text


def test_the_audit_leaves_nothing_open(case: Case) -> None:
    assert audit(case).clean


def test_every_worth_is_a_range_with_a_reason(case: Case) -> None:
    for actor, preference in case.preferences.items():
        assert isinstance(preference, Worth | Support)
        for item in preference.items:
            judged = item.value if hasattr(item, "value") else item.share
            assert not judged.sure, f"{actor}.{item.id}"
            assert judged.because, f"{actor}.{item.id}"


# --- the answers ----------------------------------------------------------------------------------


def test_the_order_of_the_outcomes(found: MostLikely) -> None:
    reached = found.reached
    assert reached["as-it-is"] > reached["reshaped"] > reached["two-states"]
    assert reached["two-states"] > reached["confederation"]
    assert reached["loose-federation"] > reached["strong-federation"]
    assert reached["sovereignty-declared"] > 0.95
    assert sum(found.positions["state"].values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("arrangement", "who"),
    [
        ("strong-federation", {"hzds", "slovak-left", "sns", "kdh"}),
        ("confederation", {"lb", "kdu", "lsu", "cssd", "spr"}),
        ("two-states", {"lb", "kdu", "lsu", "cssd", "slovak-left", "kdh"}),
        ("exit-by-vote", {"czechs", "slovaks"}),
        ("declared-away", {"slovak-left", "kdh", "hungarians"}),
        ("havel-again", {"hzds", "slovak-left", "sns"}),
        ("common-state-confirmed", {"ods", "hzds"}),
    ],
)
def test_who_refuses_when_asked(
    refuses: Callable[[str], Mapping[str, float]], arrangement: str, who: set[str]
) -> None:
    often = refuses(arrangement)
    assert all(often[actor] > 0.9 for actor in who), often


def test_the_winners_do_not_refuse_two_states_as_the_others_do(
    refuses: Callable[[str], Mapping[str, float]],
) -> None:
    often = refuses("two-states")
    assert often["ods"] == 0
    assert often["hzds"] < 0.5 < min(often["lb"], often["slovak-left"])


def test_three_fifths_is_what_stands_between(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the bar, and with nobody to blame the Movement, the likeliest end is two states."""
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    wanted = run_path(str(ROOT / "benchmarks" / "second_flagship_what_ifs.py"))["WHAT_IFS"]
    text = FILE.read_text(encoding="utf-8")
    for change in wanted["both"]:
        text = change(text)
    reached = most_likely(parse_case(text)).reached
    assert reached["two-states"] > max(reached["as-it-is"], reached["reshaped"])
