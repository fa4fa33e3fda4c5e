"""The plain process in cases that can be worked out by hand, and in random ones by two ways."""

from __future__ import annotations

from collections import Counter
from math import exp

import pytest
from reference.fit import p_value
from reference.process import PLANS, Behaviour, Walker
from reference.process_by_hand import chances
from reference.process_case import Setting
from reference.process_chain import forward
from reference.process_clocks import MEETINGS, myopic_plan
from reference.random_process_cases import random_process_case
from strategies import FIRST_SEED, PROCESSES

from foedus.case.reading import parse_case

BOTH: list[Behaviour] = ["myopic", "farsighted"]
YES_NO = "positions: {no: not done, done: done}"


@pytest.mark.parametrize("behaviour", BOTH)
@pytest.mark.parametrize(("takes", "done"), [(29, 1.0), (30, 1.0), (31, 0.0)])
def test_what_is_ready_on_the_last_day_is_done_before_the_fall(
    takes: int, done: float, behaviour: Behaviour
) -> None:
    ends = chances(
        f"""
actors: {{a: {{}}}}
issues: {{x: {{{YES_NO}, decided_by: {{done: a, default: nobody}}, takes: {{days: {takes}}}}}}}
preferences: {{a: {{worth: {{x: {{when: x = done, value: 10}}}}}}}}
""",
        30,
        behaviour,
    )
    assert ends["done",] == pytest.approx(done, abs=1e-12)


@pytest.mark.parametrize("behaviour", BOTH)
def test_all_that_is_ready_on_a_day_is_done_on_it(behaviour: Behaviour) -> None:
    issue = f"{{{YES_NO}, decided_by: {{done: a, default: nobody}}, takes: {{days: 30}}}}"
    ends = chances(
        f"""
actors: {{a: {{}}}}
issues: {{x: {issue}, y: {issue}, z: {issue}}}
preferences: {{a: {{worth: {{x: {{when: x = done, value: 10}}, y: {{when: y = done, value: 3}},
  z: {{when: z = done, value: 2}}}}}}}}
""",
        30,
        behaviour,
    )
    assert ends["done", "done", "done"] == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("behaviour", BOTH)
def test_what_is_first_wanted_on_the_day_it_is_ready_waits_for_a_meeting(
    behaviour: Behaviour,
) -> None:
    """Only the clocks that ran before a day ring on it; y can be done once x is.

    One who looks ahead would have both at once rather than x, so that a second clock runs, and the
    two ring in random order.
    """
    issue = f"{{{YES_NO}, decided_by: {{done: a, default: nobody}}, takes: {{days: 30}}}}"
    ends = chances(
        f"""
actors: {{a: {{}}}}
issues: {{x: {issue}, y: {issue}}}
rules: [{{rule: y = done -> x = done, why: y needs x}}]
preferences: {{a: {{worth: {{x: {{when: x = done, value: 10}}, y: {{when: y = done, value: 5}}}}}}}}
""",
        40,
        behaviour,
    )
    late = 1 - exp(-10 * MEETINGS)
    both = late if behaviour == "myopic" else (1 + late) / 2
    assert ends["done", "done"] == pytest.approx(both, abs=1e-8)


@pytest.mark.parametrize("behaviour", BOTH)
def test_the_wishes_of_two_strangers_do_not_share_a_third_clock(behaviour: Behaviour) -> None:
    ends = chances(
        f"""
actors: {{a: {{}}, b: {{}}}}
issues:
  x: {{{YES_NO}, decided_by: {{done: a, default: nobody}}}}
  y: {{{YES_NO}, decided_by: {{done: b, default: nobody}}}}
preferences:
  a: {{worth: {{x: {{when: x = done, value: 10}}}}}}
  b: {{worth: {{y: {{when: y = done, value: 10}}}}}}
""",
        30,
        behaviour,
    )
    done = 1 - exp(-30 * MEETINGS)
    assert ends["done", "done"] == pytest.approx(done**2, abs=1e-8)
    assert ends["done", "no"] == pytest.approx(done * (1 - done), abs=1e-8)


def test_the_greatest_geometric_mean_is_chosen_and_of_several_coalitions_the_best() -> None:
    """Shares of the ranges of a and b: for mid 0.9 and 0.1, for top 0.4 and 0.4; c alone: 0.35.

    The sum would prefer mid, the geometric mean top (0.4 to 0.3).
    """
    ends = chances(
        """
actors: {a: {}, b: {}, c: {}}
issues:
  x:
    positions: {low: low, mid: mid, top: top}
    decided_by: {low -> mid: a and b or c, low -> top: a and b or c, default: nobody}
  best: {positions: {some: some, most: most}, decided_by: nobody}
preferences:
  a: {worth: {m: {when: x = mid, value: 9}, t: {when: x = top, value: 4},
    best: {when: best = most and x = mid, value: 1}}}
  b: {worth: {m: {when: x = mid, value: 1}, t: {when: x = top, value: 4},
    best: {when: best = most and x = top, value: 6}}}
  c: {worth: {m: {when: x = mid, value: 7}, t: {when: x = top, value: 2},
    best: {when: best = most and x = mid, value: 13}}}
""",
        30,
    )
    assert ends["top", "some"] == pytest.approx(1 - exp(-30 * MEETINGS), abs=1e-8)
    assert ends["mid", "some"] == 0


@pytest.mark.parametrize(("gain", "done"), [("0.05", 0.0), ("0.051", 1.0)])
def test_half_a_per_cent_of_the_range_is_not_worth_a_move(gain: str, done: float) -> None:
    """Unless one looks ahead, when any gain will do."""
    body = f"""
actors: {{a: {{}}}}
issues:
  x: {{{YES_NO}, decided_by: {{done: a, default: nobody}}, takes: {{days: 5}}}}
  y: {{{YES_NO}, decided_by: nobody}}
preferences: {{a: {{worth: {{x: {{when: x = done, value: {gain}}},
  y: {{when: y = done and x = "no", value: 10}}}}}}}}
"""
    body = body.replace('x = "no"', "x != done")
    assert chances(body, 30)["done", "no"] == pytest.approx(done, abs=1e-12)
    assert chances(body, 30, "farsighted")["done", "no"] == pytest.approx(1, abs=1e-12)


def test_a_large_change_is_looked_at_when_no_part_of_it_is_feasible() -> None:
    """Three issues that move only together, and each of which takes a meeting: one meeting."""
    issue = f"{{{YES_NO}, decided_by: {{done: a, default: nobody}}}}"
    ends = chances(
        f"""
actors: {{a: {{}}}}
issues: {{x: {issue}, y: {issue}, z: {issue}}}
rules:
  - {{rule: x = done <-> y = done, why: together}}
  - {{rule: y = done <-> z = done, why: together}}
preferences: {{a: {{worth: {{x: {{when: x = done, value: 10}}}}}}}}
""",
        30,
    )
    assert ends["done", "done", "done"] == pytest.approx(1 - exp(-30 * MEETINGS), abs=1e-8)
    assert set(ends) == {("done", "done", "done"), ("no", "no", "no")}


def test_a_large_change_of_which_a_part_is_feasible_is_beyond_reach() -> None:
    """Three issues wanted only together, any of which can be moved alone."""
    issue = f"{{{YES_NO}, decided_by: {{done: a, default: nobody}}}}"
    ends = chances(
        f"""
actors: {{a: {{}}}}
issues: {{x: {issue}, y: {issue}, z: {issue}}}
preferences: {{a: {{worth: {{all: {{when: x = done and y = done and z = done, value: 10}}}}}}}}
""",
        30,
    )
    assert ends["no", "no", "no"] == 1


@pytest.mark.parametrize("behaviour", BOTH)
def test_what_will_be_done_anyway_is_not_put_off(behaviour: Behaviour) -> None:
    """Years before the deadline, one who looks ahead gains nothing by doing it now, and does it."""
    days = 1461
    ends = chances(
        f"""
actors: {{a: {{}}, b: {{}}}}
issues:
  x: {{{YES_NO}, decided_by: {{done: a, default: nobody}}}}
  y: {{{YES_NO}, decided_by: {{done: b, default: nobody}}, pace: slow}}
rules: [{{rule: y = done -> x = done, why: y needs x}}]
records: {{slow: {{since: 2012-01-01, until: 2020-01-01, agreed: 8, done: 6}}}}
preferences:
  a: {{worth: {{x: {{when: x = done, value: 10}}}}}}
  b: {{worth: {{y: {{when: y = done, value: 10}}}}}}
""",
        days,
        behaviour,
    )
    q, h = MEETINGS, 6.5 / (0.5 + 5 * 2922 / 365.25) / 365.25
    both = 1 - exp(-q * days) - q * (exp(-h * days) - exp(-q * days)) / (q - h)
    assert ends["done", "done"] == pytest.approx(both, abs=1e-8)


def test_random_cases_are_varied() -> None:
    """Of the first hundred, enough have each thing that the process has to deal with."""
    seen: Counter[str] = Counter()
    for seed in range(1, 101):
        case = parse_case(random_process_case(seed))
        setting = Setting(case)
        plan = myopic_plan(setting)
        seen["rules"] += bool(case.rules)
        seen["electorate"] += bool(setting.passes)
        seen["ordinal"] += any(setting.least_gain[a] == 0 < setting.span[a] for a in setting.span)
        seen["expiring"] += len(setting.settled) < len(setting.states)
        seen["one-way"] += any(issue.never_back_to for issue in case.issues.values())
        seen["jump"] += any(step.jump for step in plan)
        seen["moves"] += bool(plan[0].clocks[setting.today].timed)
        clocks = [(step, list(step.clocks[s].timed)) for step in plan for s in setting.states]
        seen["pairs"] += any(len(clock) > 1 for _, many in clocks for clock in many)
        seen["overlap"] += any(a & b for _, many in clocks for a in many for b in many if a != b)
        seen["on one day"] += any(
            sum(any(i.record is None and i.takes == step.start for i in c) for c in many) > 1
            for step, many in clocks
            if step.jump
        )
    assert min(seen.values()) >= 5, seen


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + PROCESSES // 4))
def test_paths_end_where_the_chain_says(seed: int) -> None:
    setting = Setting(parse_case(random_process_case(seed)))
    plan = PLANS["myopic"](setting)
    walker = Walker(setting, seed)
    counts = Counter(walker.path(plan) for _ in range(2_000))
    ends = forward(setting, plan)
    assert sum(ends.values()) == pytest.approx(1, abs=1e-10)
    assert p_value(counts, ends) > 0.0001
