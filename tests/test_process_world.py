"""What the world does, by the plain process: by hand, in closed form, and by simulated paths."""

from __future__ import annotations

from collections import Counter
from math import exp
from pathlib import Path

import pytest
from reference.fit import p_value
from reference.process import PLANS, Behaviour, Walker
from reference.process_by_hand import chances, written
from reference.process_case import Setting, State
from reference.process_chain import forward
from reference.process_clocks import MEETINGS, jumps_of
from reference.process_consent import consent
from reference.random_process_cases import random_process_case
from reference.random_world_cases import random_world_case
from strategies import FIRST_SEED, PROCESSES

from foedus.case.events import ChanceBy, Rate
from foedus.case.model import Case
from foedus.case.reading import parse_case

BOTH: list[Behaviour] = ["myopic", "farsighted"]
YEAR = 365.25
DONE = "positions: {no: not done, done: done}"
ASK_A = "{done: a, default: nobody}"
WANTS_X = "preferences: {a: {worth: {x: {when: x = done, value: 10}}}}"


def idle(events: str) -> str:
    """Nobody can do anything; the world sets x, y or z."""
    issue = f"{{{DONE}, decided_by: nobody}}"
    return f"""
actors: {{a: {{}}}}
issues: {{x: {issue}, y: {issue}, z: {{positions: {{p: p, q: q, r: r}}, decided_by: nobody}}}}
preferences: {{a: {{worth: {{x: {{when: x = done, value: 10}}}}}}}}
events: {{{events}}}
"""


def wished(right: str, rest: str = "", takes: int = 0) -> str:
    """One wish, x = done, of a and b, who have it as the right says."""
    return f"""
actors: {{a: {{}}, b: {{}}}}
issues:
  x: {{{DONE}, takes: {takes}, decided_by: {{done: {right}, default: nobody}}}}
  leader: {{positions: {{old: old, new: new}}, decided_by: nobody}}
preferences:
  a: {{worth: {{x: {{when: x = done, value: 10}}}}}}
  b: {{worth: {{x: {{when: x = done, value: 10}}}}}}
{rest}
"""


def of(ends: dict[State, float], issue: int, position: str) -> float:
    return sum(p for state, p in ends.items() if state[issue] == position)


def meeting(days: float) -> float:
    return 1 - exp(-MEETINGS * days)


# --- when events happen -----------------------------------------------------------------------


@pytest.mark.parametrize("behaviour", BOTH)
def test_a_rate_a_chance_and_a_day_in_closed_form(behaviour: Behaviour) -> None:
    events = """
  some: {rate: {a_year: 1.5}, sets: {x: done}},
  early: {chance: {by: 2020-02-20, value: 0.3}, sets: {y: done}},
  dated: {day: 2020-03-01, one_of: [
    {share: 0.2, sets: {z: q}}, {share: 0.35, sets: {z: r}}, {sets: {}}]}"""
    ends = chances(idle(events), 100, behaviour)
    assert of(ends, 0, "done") == pytest.approx(1 - exp(-1.5 * 100 / YEAR), abs=1e-10)
    assert of(ends, 1, "done") == pytest.approx(0.3, abs=1e-10)
    assert [of(ends, 2, p) for p in "pqr"] == pytest.approx([0.45, 0.2, 0.35], abs=1e-12)
    assert sum(ends.values()) == pytest.approx(1, abs=1e-12)


def test_a_chance_by_a_day_after_the_deadline_has_come_in_part() -> None:
    ends = chances(idle("late: {chance: {by: 2020-04-10, value: 0.5}, sets: {x: done}}"), 50)
    assert of(ends, 0, "done") == pytest.approx(1 - 0.5**0.5, abs=1e-10)


def test_branches_share_what_a_rate_brings_and_the_last_has_the_rest() -> None:
    events = """some: {when: z = p, rate: {a_year: 2}, one_of: [
      {share: 0.25, sets: {z: q}}, {share: 0.15}, {sets: {z: r, x: done}}]}"""
    ends = chances(idle(events), 100)
    left = exp(-2 * 0.85 * 100 / YEAR)  # a branch that sets nothing leaves all as it is
    assert ends["no", "no", "p"] == pytest.approx(left, abs=1e-10)
    assert ends["no", "no", "q"] == pytest.approx((1 - left) * 0.25 / 0.85, abs=1e-10)
    assert ends["done", "no", "r"] == pytest.approx((1 - left) * 0.6 / 0.85, abs=1e-10)


def test_a_rate_holds_again_and_again_where_its_condition_does() -> None:
    """Out of p to q at one rate, back at another: what is left of the start fades away."""
    events = """
  out: {when: z = p, rate: {a_year: 6}, sets: {z: q}},
  back: {when: z = q, rate: {a_year: 3}, sets: {z: p}}"""
    ends = chances(idle(events), 100)
    assert of(ends, 2, "p") == pytest.approx(1 / 3 + 2 / 3 * exp(-9 * 100 / YEAR), abs=1e-9)


def test_two_events_on_one_day_both_happen() -> None:
    events = """
  first: {day: 2020-01-31, one_of: [{share: 0.5, sets: {x: done}}, {sets: {x: "no"}}]},
  second: {day: 2020-01-31, when: z = p, one_of: [{share: 0.25, sets: {y: done}}, {}]}"""
    ends = chances(idle(events), 30)
    assert ends["done", "done", "p"] == pytest.approx(0.125, abs=1e-12)
    assert ends["done", "no", "p"] == pytest.approx(0.375, abs=1e-12)


def test_what_is_final_stays_and_what_else_an_event_sets_is_set() -> None:
    body = idle("""some: {day: 2020-01-20, sets: {x: "no", y: done}},
  earlier: {day: 2020-01-10, one_of: [{share: 0.5, sets: {x: done}}, {}]}""")
    ends = chances(body.replace("issues: {x: {", "issues: {x: {final: done, "), 30)
    assert ends["done", "done", "p"] == pytest.approx(0.5, abs=1e-12)
    assert ends["no", "done", "p"] == pytest.approx(0.5, abs=1e-12)


def test_nobody_leaves_a_final_position() -> None:
    body = f"""
actors: {{a: {{}}}}
issues: {{x: {{{DONE}, final: "no", decided_by: a}}}}
{WANTS_X}
"""
    assert chances(body, 300)["no",] == 1
    assert chances(body.replace('final: "no"', "final: done"), 300)["done",] > 0.99


def test_an_event_on_the_last_day_comes_before_the_reversion() -> None:
    body = """
actors: {a: {}}
issues:
  law: {positions: {old: old, new: new}, decided_by: nobody}
  office: {positions: {runs: runs, again: again, out: out}, decided_by: nobody,
    otherwise: {runs: [{when: law = new, to: again}, {to: out}]}}
preferences: {a: {worth: {x: {when: office = again, value: 10}}}}
arrangements: {stays: {when: office = again}}
events: {ruling: {day: 2020-01-31, sets: {law: new}}}
"""
    read = written(body, 30)
    assert forward(read, PLANS["myopic"](read))["new", "runs"] == 1
    assert read.matched(("new", "runs")) == ["stays"]
    assert chances(body, 29)["old", "runs"] == 1


NOTHING = [
    "none: {rate: {a_year: 0}, sets: {%s}}",
    "none: {chance: {by: 2020-01-20, value: 0}, sets: {%s}}",
    "none: {day: %s, sets: {%s}}",
]


@pytest.mark.parametrize("behaviour", BOTH)
@pytest.mark.parametrize("event", NOTHING)
def test_what_cannot_happen_changes_nothing(event: str, behaviour: Behaviour) -> None:
    """Not even when actors reconsider, which counts in a game of waiting."""
    for text in (random_process_case(4, days=(40, 60)), TIE):
        case = parse_case(text)
        assert case.deadline is not None
        issue = next(iter(case.issues.values()))
        sets = f"{issue.id}: {issue.positions[-1].id}"
        after = case.deadline.replace(year=case.deadline.year + 1)
        added = event % ((after, sets) if event.count("%s") == 2 else sets)
        assert ends_of(parse_case(f"{text}\nevents: {{{added}}}\n"), behaviour) == ends_of(
            case, behaviour
        )


TIE = (Path(__file__).parent / "process_cases" / "k11-tie.yaml").read_text()
"""A game of waiting: its answer depends on when actors reconsider."""


def ends_of(case: Case, behaviour: Behaviour) -> dict[State, float]:
    setting = Setting(case)
    return forward(setting, PLANS[behaviour](setting))


def test_an_event_day_is_a_day_to_reconsider_on() -> None:
    """An event that does nothing, 18 days before the end, ends a game of waiting three days later.

    Each waits for the better target until 5 (1 - exp(-qu)) is less than the worse one's 2, with
    15.5 days to go: of the calendar, from the week on that ends 14 days before the deadline.
    """
    vain = "vain: {day: 2020-06-13, sets: {seat: none}, when: seat = none}"
    told = parse_case(f"{TIE}\nevents: {{{vain}}}")
    assert ends_of(parse_case(TIE), "farsighted")["north",] == pytest.approx(
        meeting(21) / 2, abs=1e-9
    )
    assert ends_of(told, "farsighted")["north",] == pytest.approx(meeting(18) / 2, abs=1e-9)
    assert ends_of(told, "myopic")["north",] == pytest.approx(meeting(182) / 2, abs=1e-9)


def test_what_an_event_makes_impossible_is_an_error_only_where_it_can_come_about() -> None:
    event = "events: {some: {day: 2020-01-20, when: %s, sets: {y: done}}}"
    body = f"""
actors: {{a: {{}}}}
issues: {{x: {{{DONE}, decided_by: nobody}}, y: {{{DONE}, decided_by: nobody}}}}
rules: [{{rule: not (y = done and x = done), why: never both}}]
{WANTS_X}
"""
    assert written(body + event % "x = done", 30)
    with pytest.raises(ValueError, match="not possible"):
        written(
            body.replace("decided_by: nobody}, y", "decided_by: a}, y") + event % "x = done", 30
        )


# --- who decides ------------------------------------------------------------------------------


@pytest.mark.parametrize("behaviour", BOTH)
def test_an_election_changes_who_decides(behaviour: Behaviour) -> None:
    """The old leader is a, who would rather not; the new one is b, who would."""
    body = wished(
        "[{when: leader = old, by: a}, {by: b}]",
        """events: {election: {day: 2020-01-11, one_of: [
  {share: 0.4, sets: {leader: new}}, {sets: {leader: old}}]}}""",
    ).replace(
        "a: {worth: {x: {when: x = done, value: 10}", "a: {worth: {x: {when: x = done, value: -10}"
    )
    ends = chances(body, 40, behaviour)
    assert ends["done", "new"] == pytest.approx(0.4 * meeting(30), abs=1e-9)
    assert ends["no", "old"] == pytest.approx(0.6, abs=1e-12)
    unasked = chances(body.replace("day: 2020-01-11", "day: 2020-02-11"), 40, behaviour)
    assert unasked["no", "old"] == 1


@pytest.mark.parametrize("behaviour", BOTH)
@pytest.mark.parametrize(
    ("day", "done"), [("2020-01-10", 1.0), ("2020-01-11", 1.0), ("2020-01-12", meeting(29))]
)
def test_on_one_day_events_come_before_what_becomes_ready(
    day: str, done: float, behaviour: Behaviour
) -> None:
    """What takes ten days is ready on 11 January, if the new leader is there."""
    body = wished(
        "[{when: leader = new, by: b}]",
        f"events: {{election: {{day: {day}, sets: {{leader: new}}}}}}",
        takes=10,
    )
    assert of(chances(body, 40, behaviour), 0, "done") == pytest.approx(done, abs=1e-9)


@pytest.mark.parametrize("behaviour", BOTH)
@pytest.mark.parametrize(
    ("limits", "done"),
    [
        ("until: 2020-01-10", 0.0),
        ("until: 2020-01-11", 1.0),
        ("from: 2020-01-11", 1.0),
        ("from: 2020-01-12", meeting(29)),
        ("from: 2020-01-12, until: 2020-01-12", meeting(1)),
        ("from: 2020-01-05, until: 2020-01-10", 0.0),
        ("from: 2020-02-10", 0.0),
        ("from: 2020-02-11", 0.0),
        ("until: 2019-12-31", 0.0),
    ],
)
def test_both_days_of_a_right_count(limits: str, done: float, behaviour: Behaviour) -> None:
    body = wished(f"[{{{limits}, by: a}}]", takes=10)
    assert of(chances(body, 40, behaviour), 0, "done") == pytest.approx(done, abs=1e-9)


def test_a_right_that_begins_on_the_last_day_counts_for_what_becomes_ready_on_it() -> None:
    body = wished("[{from: 2020-02-10, by: a}]", takes=40)
    assert of(chances(body, 40), 0, "done") == 1
    assert of(chances(body.replace("takes: 40", "takes: 39"), 40), 0, "done") == 0


def test_the_first_entry_that_counts_is_the_right_and_none_is_nobody() -> None:
    read = written(
        wished(
            "[{when: leader = new, until: 2020-01-05, by: a}, {when: leader = new, by: b},"
            " {from: 2020-01-20, by: a and b}]"
        ),
        40,
    )

    def movers(leader: str, day: int) -> list[list[str]]:
        sets = read.coalitions(("no", leader), ("done", leader), day)
        return [sorted(each) for each in sets]

    assert [movers("new", day) for day in (0, 4, 5, 30)] == [[["a"]], [["a"]], [["b"]], [["b"]]]
    assert [movers("old", day) for day in (0, 18, 19, 40)] == [[], [], [["a", "b"]], [["a", "b"]]]
    assert read.periods == [0, 5, 19]


def test_a_right_is_read_in_the_state_that_is_left() -> None:
    """b may set x while y is not done, a may set y while x is done: only x, then y."""
    body = f"""
actors: {{a: {{}}, b: {{}}}}
issues:
  x: {{{DONE}, decided_by: {{done: [{{when: y != done, by: b}}], default: nobody}}}}
  y: {{{DONE}, decided_by: {{done: [{{when: x = done, by: a}}], default: nobody}}}}
preferences:
  a: {{worth: {{both: {{when: x = done and y = done, value: 10}}}}}}
  b: {{worth: {{x: {{when: x = done, value: 10}}}}}}
"""
    ends = chances(body, 40)
    q = MEETINGS * 40
    assert ends["done", "done"] == pytest.approx(1 - exp(-q) * (1 + q), abs=1e-9)
    assert ends["no", "done"] == 0


def test_a_quota_is_its_smallest_sets() -> None:
    actors = "actors: {a: {}, b: {}, c: {}, d: {}}"
    wants = ", ".join(f"{one}: {{worth: {{x: {{when: x = done, value: 1}}}}}}" for one in "abcd")

    def movers(right: str) -> tuple[frozenset[str], ...]:
        body = f"{actors}\nissues: {{x: {{{DONE}, decided_by: {right}}}}}\npreferences: {{{wants}}}"
        return written(body, 40).coalitions(("no",), ("done",))

    weights = "of: {a: 40, b: 25, c: 20, d: 15}"
    told = "(a and b) or (a and c) or (a and d) or (b and c and d)"
    assert movers(f"{{at_least: 51, {weights}}}") == movers(told)
    assert movers(f"{{at_least: 100, {weights}}}") == movers("a and b and c and d")
    assert movers(f"{{at_least: 15, {weights}}}") == movers("a or b or c or d")
    thirds = "{at_least: 0.3, of: {a: 0.1, b: 0.1, c: 0.1, d: 0.05}}"
    assert movers(thirds) == (frozenset("abc"),)


# --- what actors make of it -------------------------------------------------------------------


def war(rest: str) -> str:
    """What a may do for good is worth 10 to it, unless there is war at the end: then -10."""
    return f"""
actors: {{a: {{}}}}
issues:
  x: {{{DONE}, decided_by: {ASK_A}}}
  war: {{positions: {{peace: peace, war: war}}, decided_by: nobody}}
preferences: {{a: {{worth: {{x: {{when: x = done, value: 10}},
  loss: {{when: x = done and war = war, value: -20}}}}}}}}
events: {{attack: {rest}}}
"""


def test_only_those_who_look_ahead_see_an_event_coming() -> None:
    body = war("{day: 2020-01-11, one_of: [{share: 0.9, sets: {war: war}}, {}]}")
    now, later = meeting(10), meeting(30)
    ends = chances(body, 40)
    assert of(ends, 0, "done") == pytest.approx(now + (1 - now) * 0.1 * later, abs=1e-9)
    ends = chances(body, 40, "farsighted")
    assert of(ends, 0, "done") == pytest.approx(0.1 * later, abs=1e-9)


def test_one_who_looks_ahead_counts_on_a_rate() -> None:
    """War comes as often as one meets, q. With u days to go, done is worth 20 exp(-qu) - 10.

    That is better than to wait and do it later by 15 exp(-2qu) - 5, which is above 0 in the last
    16.7 days: of the calendar's weeks, in those that end 14, 7 and 0 days before the deadline.
    """
    body = war("{rate: {a_year: 12}, sets: {war: war}}")
    q = MEETINGS
    for behaviour, days in zip(BOTH, (70, 21), strict=True):
        ends = chances(body, 70, behaviour)
        done = exp(-q * (70 - days)) * (1 - exp(-2 * q * days)) / 2
        assert of(ends, 1, "war") == pytest.approx(1 - exp(-q * 70), abs=1e-9)
        assert of(ends, 0, "done") == pytest.approx(done, abs=1e-9)


@pytest.mark.parametrize("behaviour", BOTH)
def test_events_cross_where_moves_may_not(behaviour: Behaviour) -> None:
    """An arrangement kept by everybody may still be ended by the world, and come by it."""
    body = f"""
actors: {{a: {{}}}}
issues: {{x: {{{DONE}, decided_by: a}}}}
{WANTS_X}
arrangements: {{deal: {{when: x = done}}}}
events:
  breach: {{day: 2020-01-11, when: x = done, one_of: [{{share: 0.3, sets: {{x: "no"}}}}, {{}}]}}
  gift: {{day: 2020-01-21, when: x != done, one_of: [{{share: 0.2, sets: {{x: done}}}}, {{}}]}}
"""
    found = consent(written(body, 30), "deal", behaviour)
    (form,) = found.forms
    assert found.never["a"] == pytest.approx(10 * 0.2, abs=1e-9)
    back = meeting(10) + (1 - meeting(10)) * (0.2 + 0.8 * meeting(10))
    assert form.kept["a"] == pytest.approx(10 * (0.7 + 0.3 * back), abs=1e-9)


# --- random cases -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + max(4, PROCESSES // 3)))
def test_paths_end_where_the_chain_says(seed: int) -> None:
    setting = Setting(parse_case(random_world_case(seed)))
    behaviour = BOTH[seed % 3 == 0]
    plan = PLANS[behaviour](setting)
    walker = Walker(setting, seed)
    counts = Counter(walker.path(plan) for _ in range(2_000))
    ends = forward(setting, plan)
    assert sum(ends.values()) == pytest.approx(1, abs=1e-10)
    assert p_value(counts, {s: p for s, p in ends.items() if p > 1e-12}) > 0.0001


def test_random_worlds_are_varied() -> None:
    """Of the first forty, enough have each thing that the world may do."""
    seen: Counter[str] = Counter()
    for seed in range(1, 41):
        case = parse_case(random_world_case(seed))
        setting = Setting(case)
        jumps = jumps_of(setting)
        rights = [r for issue in case.issues.values() for r in issue.decided_by.entries]
        entries = [entry for right in rights for entry in right.entries]
        seen["rate"] += any(isinstance(h.event.timing, Rate) for h in setting.world)
        seen["chance"] += any(isinstance(h.event.timing, ChanceBy) for h in setting.world)
        seen["ends"] += any(h.day is None and h.until < setting.days for h in setting.world)
        seen["dated"] += any(h.day is not None for h in setting.world)
        seen["on the last day"] += any(h.day == setting.days for h in setting.world)
        seen["on a jump"] += any(h.day in jumps for h in setting.world)
        seen["condition"] += any(h.event.when is not None for h in setting.world)
        seen["branches"] += any(len(h.outcomes) > 1 for h in setting.world)
        seen["by state"] += any(entry.when is not None for entry in entries)
        seen["by day"] += len(setting.periods) > 1
        seen["quota"] += any(entry.right.quota is not None for entry in entries)
        seen["final"] += any(issue.final for issue in case.issues.values())
        seen["rules"] += bool(case.rules)
        seen["expiring"] += len(setting.settled) < len(setting.states)
    assert min(seen.values()) >= 3, seen
