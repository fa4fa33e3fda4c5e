"""What must not change, what must rise, and what has a closed form."""

from __future__ import annotations

import random
from collections.abc import Callable
from math import exp
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.random_process_cases import random_process_case

from foedus.case.reading import parse_case
from foedus.forecasting.most_likely import most_likely
from foedus.forecasting.pieces import Timed, solved_block
from foedus.forecasting.streams import draw_blocks
from foedus.process.chain import Timing
from foedus.process.clocks import Component, components_of
from foedus.process.model import Behaviour, Process, ProcessOptions
from foedus.process.pace import DAYS_A_YEAR, hazard_of

SAME = 1e-9
SEEDS = st.integers(0, 10**6)
Data = dict[str, Any]


def read(data: Data) -> Any:
    return parse_case(yaml.dump(data, sort_keys=False))


def chances(data: Data, behaviour: Behaviour) -> dict[str, float]:
    found = most_likely(read(data), behaviour)
    return dict(found.reached)


def random_data(seed: int, behaviour: Behaviour) -> Data:
    days = (365, 1500) if behaviour == "myopic" else (30, 120)
    data: Data = yaml.safe_load(random_process_case(seed, days))
    for n, position in enumerate(data["issues"].values()):
        position.setdefault("name", f"issue {n}")
    data.setdefault("today", {k: next(iter(i["positions"])) for k, i in data["issues"].items()})
    return data


def shuffled(data: Data, chance: random.Random) -> Data:
    """Actors, issues and positions in another order."""

    def mixed(entries: Data) -> Data:
        keys = list(entries)
        chance.shuffle(keys)
        return {k: entries[k] for k in keys}

    found = {**data, "actors": mixed(data["actors"]), "preferences": mixed(data["preferences"])}
    found["issues"] = mixed(data["issues"])
    for name, issue in found["issues"].items():
        found["issues"][name] = {**issue, "positions": mixed(issue["positions"])}
    return found


def scaled(data: Data, chance: random.Random) -> Data:
    """One actor's worths on another scale."""
    found = {**data, "preferences": dict(data["preferences"])}
    points = [a for a, p in data["preferences"].items() if "worth" in p]
    if points:
        actor, factor = chance.choice(points), chance.choice([0.01, 0.3, 7, 1000])

        def times(value: Any) -> Any:
            return [factor * v for v in value] if isinstance(value, list) else factor * value

        worth = {
            k: {**item, "value": times(item["value"])}
            for k, item in data["preferences"][actor]["worth"].items()
        }
        found["preferences"][actor] = {**data["preferences"][actor], "worth": worth}
    return found


def with_an_idle_issue(data: Data, chance: random.Random) -> Data:
    """An issue that nobody cares about, and that somebody may change."""
    somebody = chance.choice([a for a, p in data["preferences"].items() if "support" not in p])
    idle = {"positions": {"off": "Off", "on": "On"}, "decided_by": somebody}
    return {
        **data,
        "issues": {**data["issues"], "zz-idle": idle},
        "today": {**data["today"], "zz-idle": "off"},
    }


def with_more_coalitions(data: Data, chance: random.Random) -> Data:
    """Rights held also by larger groups than needed: more coalitions, none of them minimal."""
    somebody = chance.choice(list(data["actors"]))

    def wider(right: Any) -> Any:
        if isinstance(right, dict):
            return {k: wider(v) for k, v in right.items()}
        return right if right == "nobody" else f"({right}) or (({right}) and {somebody})"

    issues = {k: {**i, "decided_by": wider(i["decided_by"])} for k, i in data["issues"].items()}
    return {**data, "issues": issues}


TRANSFORMS: list[Callable[[Data, random.Random], Data]] = [
    shuffled,
    scaled,
    with_an_idle_issue,
    with_more_coalitions,
]


@pytest.mark.parametrize("transform", TRANSFORMS)
@settings(max_examples=15)
@given(seed=SEEDS, behaviour=st.sampled_from(["myopic", "farsighted"]))
def test_nothing_changes(
    transform: Callable[[Data, random.Random], Data], seed: int, behaviour: Behaviour
) -> None:
    data = random_data(seed, behaviour)
    changed = transform(data, random.Random(seed))  # noqa: S311
    before, after = chances(data, behaviour), chances(changed, behaviour)
    assert after == pytest.approx(before, abs=SAME)


WISHES = """
foedus: 1
title: wishes
as_of: 2020-01-01
deadline: 2023-01-01
actors: {a: {}, b: {}}
issues: {}
arrangements: {}
records:
  slow: {since: 2012-01-01, until: 2020-01-01, agreed: 8, done: 3, willing: "yes"}
  fast: {since: 2017-01-01, until: 2020-01-01, agreed: 8, done: 7, willing: "yes"}
preferences: {a: {worth: {}}, b: {worth: {}}}
"""


def wishes(items: list[tuple[str, str, int, int]]) -> Data:
    """Issues with (pace, right, worth to a, worth to b), each an arrangement of its own."""
    data: Data = yaml.safe_load(WISHES)
    for n, (pace, right, a, b) in enumerate(items):
        name = f"i{n}"
        issue: Data = {"positions": {"no": "no", "yes": "yes"}}
        issue["decided_by"] = {"yes": right, "default": "nobody"}
        if pace != "quick":
            issue["pace"] = pace
        data["issues"][name] = issue
        data["arrangements"][f"{name}-done"] = {"when": f"{name} = yes"}
        for actor, value in (("a", a), ("b", b)):
            data["preferences"][actor]["worth"][name] = {"when": f"{name} = yes", "value": value}
    return data


ITEM = st.tuples(
    st.sampled_from(["slow", "fast", "quick"]),
    st.sampled_from(["a", "b", "a and b", "a or b"]),
    st.integers(-9, 20),
    st.integers(-9, 20),
)


@settings(max_examples=40)
@given(st.lists(ITEM, min_size=1, max_size=4))
def test_more_wishes_take_nothing_from_the_others(items: list[tuple[str, str, int, int]]) -> None:
    """A wish that all can grant alone leaves the others at their chance: nobody bundles.

    Holds while the least gain is the same, so here it is none.
    """
    none = ProcessOptions(least_gain=0.0)
    data = wishes(items)
    before = most_likely(read(data), options=none).reached
    more = wishes([*items, ("slow", "a and b", 5, 5)])
    after = most_likely(read(more), options=none).reached
    gaining = [n for n, (_, _, a, b) in enumerate(items) if a > 0 and b > 0]
    for n in gaining:
        assert after[f"i{n}-done"] == pytest.approx(before[f"i{n}-done"], abs=SAME)


@settings(max_examples=40)
@given(st.integers(-20, 20), st.integers(-20, 20), st.sampled_from(["slow", "fast", "quick"]))
def test_fewer_vetoes_make_nothing_less_likely(a: int, b: int, pace: str) -> None:
    both = chances(wishes([(pace, "a and b", a, b)]), "myopic")["i0-done"]
    one = chances(wishes([(pace, "a", a, b)]), "myopic")["i0-done"]
    assert one >= both - SAME


@settings(max_examples=20)
@given(st.integers(1, 20), st.sampled_from(["slow", "fast"]), st.sampled_from(["a", "a and b"]))
def test_one_wish_has_the_chance_of_its_clock(worth: int, pace: str, right: str) -> None:
    case = read(wishes([(pace, right, worth, worth)]))
    process = Process.of(case)
    hazard = hazard_of(case.records[pace])
    sure = 1 - exp(-hazard.mean * process.days / DAYS_A_YEAR)
    assert most_likely(case).reached["i0-done"] == pytest.approx(sure, abs=1e-12)
    far = most_likely(case, "farsighted").reached["i0-done"]
    assert far == pytest.approx(sure, abs=1e-12)


def test_one_wish_over_its_posterior_and_two_given_the_hazard() -> None:
    """The mean over draws is the Lomax law; two wishes come about by the product in each draw."""
    case = read(wishes([("slow", "a and b", 5, 5), ("slow", "a and b", 3, 8)]))
    case_ = {**wishes([("slow", "a and b", 5, 5), ("slow", "a and b", 3, 8)])}
    case_["arrangements"]["both"] = {"when": "i0 = yes and i1 = yes"}
    case = read(case_)
    process = Process.of(case)
    hazard = hazard_of(case.records["slow"])
    years = process.days / DAYS_A_YEAR
    found = [solved_block(process, Timed(b)).reached for b in draw_blocks(4000, 1)]
    rows = np.concatenate(found)
    law = 1 - (hazard.years / (hazard.years + years)) ** hazard.shape
    error = rows[:, 0].std() / np.sqrt(len(rows))
    assert rows[:, 0].mean() == pytest.approx(law, abs=4 * error)
    assert rows[:, 2] == pytest.approx(rows[:, 0] * rows[:, 1], abs=1e-12)


def test_a_pair_neither_part_of_which_stands_alone() -> None:
    data = wishes([("slow", "a and b", -1, -1), ("slow", "a and b", -1, -1)])
    data["arrangements"]["both"] = {"when": "i0 = yes and i1 = yes"}
    for actor in ("a", "b"):
        worth = data["preferences"][actor]["worth"]
        worth["pair"] = {"when": "i0 = yes and i1 = yes", "value": 10}
    case = read(data)
    h = hazard_of(case.records["slow"]).mean
    both = (1 - exp(-h * Process.of(case).days / DAYS_A_YEAR)) ** 2
    assert most_likely(case).reached["both"] == pytest.approx(both, abs=1e-8)


@settings(max_examples=25)
@given(st.lists(ITEM, min_size=1, max_size=3), st.integers(0, 2))
def test_a_second_name_for_a_position_speeds_nothing(
    items: list[tuple[str, str, int, int]], which: int
) -> None:
    data = wishes(items)
    before = chances(data, "myopic")
    name = f"i{which % len(items)}"
    issue = data["issues"][name]
    issue["positions"]["too"] = "the same"
    issue["decided_by"]["too"] = issue["decided_by"]["yes"]
    issue["decided_by"]["yes -> too"] = issue["decided_by"]["too -> yes"] = "nobody"
    either = {"when": f"{name} in yes | too"}
    data["arrangements"][f"{name}-done"] = either
    for actor in ("a", "b"):
        data["preferences"][actor]["worth"][name].update(either)
    assert chances(data, "myopic") == pytest.approx(before, abs=SAME)


@settings(max_examples=40)
@given(
    st.lists(st.integers(1, 15), min_size=1, max_size=4, unique=True),
    st.lists(st.floats(0.01, 3), min_size=4, max_size=4),
    st.floats(0.05, 5),
)
def test_rates_of_sets_add_up_to_how_fast_none_is_ready(
    sets: list[int], hazards: list[float], time: float
) -> None:
    """The rates of all clocks together are the hazard of the first completion."""
    component = Component(tuple(sorted(sets)))
    h = np.array([hazards[i] for i in component.items])[:, None]

    def none_ready(t: float) -> float:
        ready = 1 - np.exp(-h[:, 0] * t)
        total = 0.0
        for pattern in range(1 << len(component.items)):
            mask = sum(
                1 << component.items[k] for k in range(len(component.items)) if pattern >> k & 1
            )
            if not any(each & ~mask == 0 for each in component.sets):
                total += np.prod([r if pattern >> k & 1 else 1 - r for k, r in enumerate(ready)])
        return float(total)

    rates = component.rates(-h * np.array([time]), h).sum()
    step = 1e-5
    slope = -(np.log(none_ready(time + step)) - np.log(none_ready(time - step))) / (2 * step)
    assert rates == pytest.approx(slope, rel=1e-4, abs=1e-6)


def test_log_survival_keeps_its_digits() -> None:
    """After a very long wait the rate of two items is still the slower hazard."""
    timing = Timing(np.array([[0.5, 2.0]]), np.zeros((1, 2)), np.array([True, True]), 1.0, 1e4)
    component = Component((3,))
    at = np.array([[1000.0]])
    draws = np.array([0])
    rate = component.rates(*timing.waits(draws, (0, 1), at))
    assert rate[0, 0, 0] == pytest.approx(0.5, rel=1e-12)


def test_too_many_things_that_hang_together_are_refused() -> None:
    assert len(components_of([0b11 << k for k in range(11)])[0].items) == 12
    with pytest.raises(ValueError, match="13 things to wait for hang together"):
        components_of([0b11 << k for k in range(12)])
