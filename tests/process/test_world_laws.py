"""What the world does: what must change nothing, what has a closed form, what is only spelling."""

from __future__ import annotations

from datetime import date, timedelta
from math import exp
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.random_process_cases import random_process_case

from foedus.case.reading import parse_case
from foedus.document import plain_lines
from foedus.forecasting.most_likely import most_likely
from foedus.process.chances import as_chances
from foedus.process.model import Behaviour
from foedus.process.pace import DAYS_A_YEAR

Data = dict[str, Any]
Ends = dict[tuple[tuple[str, str], ...], float]

SEEDS = st.integers(0, 400)
FEW = settings(max_examples=8, deadline=None)
BEHAVIOURS = st.sampled_from(["myopic", "farsighted"])


def random_data(seed: int) -> Data:
    data: Data = yaml.safe_load(random_process_case(seed, (30, 90)))
    data.setdefault("today", {k: next(iter(i["positions"])) for k, i in data["issues"].items()})
    return data


def ends(data: Data, behaviour: Behaviour = "myopic") -> Ends:
    """The chance of each state right before the reversion."""
    found = most_likely(parse_case(yaml.dump(data, sort_keys=False)), behaviour)
    space = found.process.game.space
    return {tuple(space.positions(state).items()): p for state, p in found.ends}


def quiet(events: Data, days: int = 100) -> Data:
    """Nobody can do anything; the world sets x or z."""
    return {
        "foedus": 1,
        "title": "t",
        "as_of": "2020-01-01",
        "deadline": (date(2020, 1, 1) + timedelta(days)).isoformat(),
        "actors": {"a": {}},
        "issues": {
            "x": {"positions": {"no": "No", "yes": "Yes"}, "decided_by": "nobody"},
            "z": {"positions": {p: p for p in "pqr"}, "decided_by": "nobody"},
        },
        "arrangements": {"done": {"when": "x = yes"}},
        "preferences": {"a": {"worth": {"x": {"when": "x = yes", "value": 1}}}},
        "events": events,
    }


# --- what changes nothing ---------------------------------------------------------------------


NOTHING = (
    {"rate": {"a_year": 0}},
    {"chance": {"by": "2020-01-20", "value": 0}},
    {"day": "2029-01-01"},
)
"""Events that cannot come, or that come too late."""


@FEW
@given(SEEDS, st.integers(0, len(NOTHING) - 1), BEHAVIOURS)
def test_what_cannot_come_changes_nothing(seed: int, which: int, behaviour: Behaviour) -> None:
    data = {key: value for key, value in random_data(seed).items() if key != "rules"}
    issue, last = next((k, list(i["positions"])[-1]) for k, i in data["issues"].items())
    event = {**NOTHING[which], "sets": {issue: last}}
    assert ends({**data, "events": {"none": event}}, behaviour) == ends(data, behaviour)


@FEW
@given(SEEDS, BEHAVIOURS)
def test_rights_that_always_count_are_plain_rights(seed: int, behaviour: Behaviour) -> None:
    data = random_data(seed)
    issue = next(iter(data["issues"]))
    here = next(iter(data["issues"][issue]["positions"]))
    always = f"{issue} = {here} or not {issue} = {here}"

    def spelled(right: str) -> list[Data]:
        return [{"when": always, "from": "2020-01-01", "by": right}, {"by": "nobody"}]

    def rights(decided: Any) -> Any:
        if isinstance(decided, str):
            return spelled(decided)
        return {key: spelled(right) for key, right in decided.items()}

    issues = {k: {**i, "decided_by": rights(i["decided_by"])} for k, i in data["issues"].items()}
    assert ends({**data, "issues": issues}, behaviour) == ends(data, behaviour)


@FEW
@given(SEEDS, BEHAVIOURS, st.sampled_from(["and", "or"]))
def test_a_quota_of_all_is_and_and_one_that_each_reaches_is_or(
    seed: int, behaviour: Behaviour, joined: str
) -> None:
    data = random_data(seed)
    actors = [a for a in data["actors"] if a != "pub"]
    weights = {actor: 1 + k for k, actor in enumerate(actors)}
    bar = sum(weights.values()) if joined == "and" else 1
    issue = next(iter(data["issues"]))

    def deciding(right: Any) -> Data:
        changed = {**data["issues"][issue], "decided_by": right}
        return {**data, "issues": {**data["issues"], issue: changed}}

    written = ends(deciding(f" {joined} ".join(actors)), behaviour)
    quota = {"at_least": bar, "of": weights}
    assert ends(deciding(quota), behaviour) == written
    others = f" {joined} ".join(actors[1:]) or actors[0]
    assert ends(deciding({"all": [quota, others] if joined == "and" else [quota]}), behaviour) == (
        written
    )


@pytest.mark.parametrize("seed", [26, 49])
def test_what_is_sure_is_told_though_its_chance_was_summed_to_a_hair_over_one(seed: int) -> None:
    found = most_likely(parse_case(yaml.dump(random_data(seed), sort_keys=False)))
    assert any("100%: " in line for block in found.blocks() for line in plain_lines(block))
    assert max(p for _, p in found.ends) <= 1


def test_what_is_no_chance_by_more_than_rounding_is_refused() -> None:
    assert as_chances([1 + 1e-10, -1e-10]).tolist() == [1, 0]
    for wrong in (1 + 1e-8, -1e-8, float("nan")):
        with pytest.raises(ArithmeticError, match="not within 0 to 1"):
            as_chances([0.5, wrong])


# --- what has a closed form -------------------------------------------------------------------


@FEW
@given(st.floats(0.01, 6), st.integers(31, 180))
def test_the_share_of_a_rate_by_a_date(rate: float, days: int) -> None:
    data = quiet({"e": {"rate": {"a_year": rate}, "sets": {"x": "yes"}}}, days)
    found = most_likely(parse_case(yaml.dump(data))).probability("done")
    assert found == pytest.approx(1 - exp(-rate * days / DAYS_A_YEAR), abs=1e-10)


@FEW
@given(st.integers(0, 99), st.integers(0, 100), st.sampled_from(["chance", "day"]))
def test_branches_sum_and_have_their_shares(chance: int, per_cent: int, timing: str) -> None:
    by_chance: Data = {"chance": {"by": "2020-02-20", "value": chance / 100}}
    when, whole = ({"day": "2020-02-20"}, 1.0) if timing == "day" else (by_chance, chance / 100)
    share = per_cent / 100
    branches = [{"share": share, "sets": {"z": "q"}}, {"sets": {"z": "r"}}]
    found = ends(quiet({"e": {"when": "z = p", **when, "one_of": branches}}))
    by_position = {dict(state)["z"]: p for state, p in found.items()}
    assert sum(found.values()) == pytest.approx(1, abs=1e-12)
    assert by_position.get("q", 0.0) == pytest.approx(whole * share, abs=1e-10)
    assert by_position.get("r", 0.0) == pytest.approx(whole * (1 - share), abs=1e-10)


# --- the last moments --------------------------------------------------------------------------


BOTH: tuple[Behaviour, ...] = ("myopic", "farsighted")


def wished(takes: int, days: int, right: Any = "a", events: Data | None = None) -> Data:
    """What a wishes, x = yes, takes so many days; the events may set z."""
    data = quiet(events or {}, days)
    decided = {"yes": right, "default": "nobody"}
    return {
        **data,
        "issues": {
            **data["issues"],
            "x": {**data["issues"]["x"], "decided_by": decided, "takes": takes},
        },
    }


@pytest.mark.parametrize("behaviour", BOTH)
@pytest.mark.parametrize(("takes", "done"), [(29, 1.0), (30, 1.0), (31, 0.0)])
def test_what_is_ready_on_the_deadline_is_done(
    takes: int, done: float, behaviour: Behaviour
) -> None:
    case = parse_case(yaml.dump(wished(takes, 30)))
    assert most_likely(case, behaviour).probability("done") == pytest.approx(done, abs=1e-12)


@pytest.mark.parametrize("behaviour", BOTH)
@pytest.mark.parametrize(("day", "sure"), [(10, True), (11, True), (12, False)])
def test_events_of_a_day_come_before_what_becomes_ready_on_it(
    day: int, sure: bool, behaviour: Behaviour
) -> None:
    """What takes ten days is ready on 11 January: who has the right by then does it at once."""
    election = {"day": date(2020, 1, day).isoformat(), "sets": {"z": "q"}}
    data = wished(10, 40, [{"when": "z = q", "by": "a"}], {"election": election})
    found = most_likely(parse_case(yaml.dump(data)), behaviour).probability("done")
    assert (found > 1 - 1e-12) == sure


@pytest.mark.parametrize("behaviour", BOTH)
def test_a_chance_by_a_day_is_over_on_that_day(behaviour: Behaviour) -> None:
    event = {"chance": {"by": "2020-01-20", "value": 0.3}, "sets": {"x": "yes"}}
    case = parse_case(yaml.dump(quiet({"early": event}, 60)))
    assert most_likely(case, behaviour).probability("done") == pytest.approx(0.3, abs=1e-10)
