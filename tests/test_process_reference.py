"""The plain process of ``tests/reference`` is right: on known answers, and on closed forms.

``process_cases`` holds small cases, each with the answers of another program for it. That program
rounds to eight digits.
"""

from __future__ import annotations

import json
from functools import cache
from math import exp
from pathlib import Path
from typing import Any

import pytest
from reference.fit import p_value
from reference.process import PLANS, Behaviour, simulate
from reference.process_case import Setting, State
from reference.process_chain import Spread, expected, farsighted_plan, forward
from reference.process_clocks import MEETINGS, Plan, Worths
from reference.process_consent import consent
from strategies import LONG

from foedus.case.reading import read_case

CASES = sorted((Path(__file__).parent / "process_cases").glob("k*.yaml"))
NAMES = [path.stem for path in CASES]
SMALL = [name for name in NAMES if name[:3] in ("k03", "k05", "k07", "k08", "k09", "k11", "k14")]
"""Those of few states, in which what is expected from every state is soon computed."""

BOTH: list[Behaviour] = ["myopic", "farsighted"]
ROUNDED = 5.1e-9
NEAR = 1e-6
"""For worths, in an actor's own units."""

PATHS = 10_000


@cache
def setting(name: str) -> Setting:
    return Setting(read_case(CASES[NAMES.index(name)]))


@cache
def planned(name: str, behaviour: Behaviour) -> Plan:
    return PLANS[behaviour](setting(name))


@cache
def solved(name: str, behaviour: Behaviour) -> tuple[Spread, Worths]:
    plan = planned(name, behaviour)
    return forward(setting(name), plan), expected(setting(name), plan)


@cache
def answers(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(CASES[NAMES.index(name)].with_suffix(".json").read_text())
    return found


def ends(name: str, behaviour: Behaviour) -> Spread:
    """The known chance of each state before the fall."""
    known: dict[str, float] = answers(name)[behaviour]["end_states_before_fall"]
    return {s: known.get(written(setting(name), s), 0.0) for s in setting(name).states}


def written(setting: Setting, state: State) -> str:
    return ", ".join(f"{issue}={position}" for issue, position in setting.named(state).items())


def chance(name: str, arrangement: str, behaviour: Behaviour = "myopic") -> float:
    spread, _ = solved(name, behaviour)
    return sum(x for s, x in spread.items() if arrangement in setting(name).matched(s))


@pytest.mark.parametrize("name", NAMES)
def test_the_case_is_read_alike(name: str) -> None:
    read, known = setting(name), answers(name)
    assert read.days == known["days"]
    assert len(read.states) == known["states"]
    assert sum(map(len, read.changes_on(0).values())) == known["changes"]
    assert written(read, read.today) == known["today"]
    for actor, span in read.span.items():
        if known["e"][actor]:  # an ordinal actor's levels are numbered there
            assert span == pytest.approx(known["range"][actor], rel=1e-12)
            assert read.least_gain[actor] == pytest.approx(known["e"][actor], rel=1e-12)
        else:
            assert read.least_gain[actor] == 0
            assert span == 1
    paced = {(i.issue, i.record, i.takes): i for i in read.items}
    assert len(paced) == len(known["items"])
    for key, item in known["items"].items():
        mine = paced[key.partition(" ")[0], item["record"], item["takes_days"]]
        yearly = item["hazard_per_year"] or 0.0
        assert read.hazard[mine] * 365.25 == pytest.approx(yearly, rel=1e-12)


@pytest.mark.parametrize("behaviour", BOTH)
@pytest.mark.parametrize("name", NAMES)
def test_known_answers(name: str, behaviour: Behaviour) -> None:
    spread, worth = solved(name, behaviour)
    known = answers(name)[behaviour]
    assert spread == pytest.approx(ends(name, behaviour), abs=ROUNDED)
    assert sum(spread.values()) == pytest.approx(1, abs=1e-12)
    for arrangement, p in known["probability"].items():
        assert chance(name, arrangement, behaviour) == pytest.approx(p, abs=ROUNDED)
    read = setting(name)
    for actor, span in read.span.items():
        mine = worth[actor][read.today]
        assert mine == pytest.approx(sum(p * read.worth[actor][s] for s, p in spread.items()))
        theirs = known["V_today"][actor] / answers(name)["range"][actor]
        assert mine / span == pytest.approx(theirs, abs=ROUNDED)


@pytest.mark.parametrize("name", NAMES)
def test_simulated_paths_end_where_the_known_answers_say(name: str) -> None:
    counts = simulate(setting(name).case, PATHS, seed=1)
    assert sum(counts.values()) == PATHS
    assert p_value(counts, ends(name, "myopic")) > 0.001


@pytest.mark.parametrize(
    "name", ["k08-one-way", "k11-tie", "k12-takes", "k14-threat-twin", "k16-jump-overlap"]
)
def test_simulated_paths_of_those_who_look_ahead(name: str) -> None:
    counts = simulate(setting(name).case, 1_000, seed=1, behaviour="farsighted")
    assert p_value(counts, ends(name, "farsighted")) > 0.001


def test_closed_forms() -> None:
    def deals(name: str, item: int = 0) -> float:
        read = setting(name)
        return 1 - exp(-read.hazard[read.items[item]] * read.days)

    q, year = MEETINGS, 366.0
    assert chance("k01-single", "done") == pytest.approx(deals("k01-single"), abs=1e-12)
    assert chance("k02-two", "both") == pytest.approx(deals("k02-two") ** 2, abs=1e-10)
    assert chance("k03-linked", "both") == pytest.approx(deals("k03-linked") ** 2, abs=1e-10)
    slow, other = deals("k15-overlap", 0), deals("k15-overlap", 1)
    assert chance("k15-overlap", "x-done") == pytest.approx(
        slow * (1 - (1 - other) ** 2), abs=1e-10
    )
    once, twice = exp(-q * year), exp(-2 * q * year)
    assert chance("k08-one-way", "mid") == pytest.approx(
        (1 - once) / 2 + (once - twice) / 2, abs=1e-8
    )
    assert chance("k11-tie", "north") == pytest.approx((1 - exp(-q * 182)) / 2, abs=1e-8)


def test_a_finer_calendar_changes_a_game_of_waiting() -> None:
    """Two equal targets: each waits for the better one until the deadline is near."""
    read = setting("k11-tie")
    for calendar, north in [(7, 0.249), (3.5, 0.219), (1.75, 0.202)]:
        spread = forward(read, farsighted_plan(read, calendar))
        assert spread["north",] == pytest.approx(north, abs=5e-4)


def test_the_same_seed_gives_the_same_paths() -> None:
    case = setting("k16-jump-overlap").case
    assert simulate(case, 200, seed=5) == simulate(case, 200, seed=5)
    assert simulate(case, 200, seed=5) != simulate(case, 200, seed=6)


def test_what_does_not_fit_is_found() -> None:
    chances = {"a": 0.5, "b": 0.4999, "c": 0.0001, "d": 0.0}
    assert p_value({"a": 510, "b": 490}, chances) > 0.1
    assert p_value({"a": 560, "b": 440}, chances) < 0.001
    assert p_value({"a": 495, "b": 496, "c": 9}, chances) < 0.001
    assert p_value({"a": 510, "b": 489, "c": 1}, chances) > 0.001
    assert p_value({"a": 510, "b": 489, "d": 1}, chances) == 0
    spread = {"a": 0.6, "b": 0.2, "c": 0.1, "d": 0.1}
    assert p_value({"a": 600, "b": 200, "c": 200}, spread) < 1e-6


@pytest.mark.parametrize("behaviour", BOTH)
@pytest.mark.parametrize("name", NAMES if LONG else SMALL)
def test_who_would_say_no(name: str, behaviour: Behaviour) -> None:
    read = setting(name)
    unit = {a: read.span[a] / answers(name)["range"][a] for a in read.span}
    for arrangement, known in answers(name)[behaviour]["consent"].items():
        found = consent(read, arrangement, behaviour)
        assert found.by_itself == known["by_itself"]
        for actor, worth in known["never"].items():
            assert found.never[actor] == pytest.approx(worth * unit[actor], abs=NEAR)
        forms = {written(read, form.state): form for form in found.forms}
        assert set(forms) == {form["form"] for form in known["forms"]}
        for theirs in known["forms"]:
            mine = forms[theirs["form"]]
            for actor, worth in theirs["kept"].items():
                assert mine.kept[actor] == pytest.approx(worth * unit[actor], abs=NEAR)
                gain = theirs["gain"][actor] * unit[actor]
                assert mine.gain[actor] == pytest.approx(gain, abs=NEAR)
            assert mine.refusing == {
                frozenset(asked["coalition"]): frozenset(asked["refuse"])
                for asked in theirs["asked"]
            }
