"""What the world does: events as they are read, and what is told of those that are wrong."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_case_schema import errors
from test_reading_hostile import read_or_refused
from towns import problems
from world import WORLD, broken_world, world

from foedus.case.altered import with_judgements
from foedus.case.edit import with_value
from foedus.case.fingerprint import case_hash
from foedus.case.judgement import Role
from foedus.case.links import bearing, grounded, judgements_of, reasons_of
from foedus.case.model import Case, ChanceBy, OnDay, Rate
from foedus.case.problems import UnknownName
from foedus.case.reading import case_from_data, parse_case
from foedus.case.source import plain_data, read_source
from foedus.case.upgrade import upgraded
from foedus.case.writing import case_yaml
from foedus.sensitivity.comparing.edits import edits
from foedus.sensitivity.inputs import judgement_told

EVENTS = WORLD.partition("events:\n")[2].partition("arrangements:")[0]


def happening(written: str) -> Case:
    """The republic with these events in place of its own."""
    return world((EVENTS, written))


def test_each_kind_of_time_is_a_type_of_its_own() -> None:
    events = world().events
    illness, coup, election = (events[name] for name in ("illness", "coup", "election"))
    assert isinstance(illness.timing, Rate)
    assert (illness.timing.a_year.low, illness.timing.a_year.high) == (0.05, 0.2)
    assert (illness.name, illness.because) == ("The founder falls ill", ("hospital",))
    assert illness.when is not None
    assert illness.when.text == "leader = founder"
    assert isinstance(coup.timing, ChanceBy)
    assert (coup.timing.by, coup.timing.value.word) == (date(2025, 6, 30), "unlikely")
    assert election.timing == OnDay(date(2025, 11, 2))
    with pytest.raises(UnknownName, match="no event 'ilness'; did you mean 'illness'"):
        events["ilness"]


def test_every_outcome_holds_all_that_is_set() -> None:
    case = world()
    (alone,) = case.events["illness"].outcomes
    assert (alone.sets, alone.share) == ({"leader": "vacant"}, None)
    won, lost = case.events["election"].outcomes
    assert won.share is not None
    assert (won.sets, won.share.mode) == ({"unrest": "calm", "leader": "heir"}, 0.45)
    assert (lost.sets, lost.share) == ({"unrest": "calm"}, None)
    assert case.events["election"].sets == {"unrest", "leader"}
    for event in case.events.values():
        for outcome in event.outcomes:
            assert outcome.path[-1] == "sets"
            assert outcome.path in case.places


def test_a_last_share_is_what_the_others_leave() -> None:
    rest = world(("      - {share: 0.55}\n", "      - {}\n"))
    assert case_hash(rest) == case_hash(world())
    thirds = "[{share: 0.333, sets: {leader: heir}}, {share: 0.333}, {share: 0.333}]"
    case = happening(f"  e: {{day: 2025-01-01, one_of: {thirds}}}\n")
    assert [o.share.mode if o.share else None for o in case.events["e"].outcomes] == [
        *[0.333, 0.333],
        None,
    ]
    reasoned = "[{share: 0.4, sets: {leader: heir}}, {share: {value: 0.6, because: [rumour]}}]"
    event = happening(f"  e: {{day: 2025-01-01, one_of: {reasoned}}}\n").events["e"]
    assert event.because == ("rumour",)
    assert event.judgements[0].because == ("rumour",)


def test_judgements_of_events_have_a_role_a_unit_bounds_and_a_name() -> None:
    case = world()
    found = {each.name: each for each in judgements_of(case) if each.path[0] == "events"}
    assert {name: (each.role, each.unit, each.owner) for name, each in found.items()} == {
        "events.illness.rate.a_year": (Role.EVENT_RATE, "times a year", None),
        "events.coup.chance.value": (Role.EVENT_CHANCE, "probability", None),
        "events.coup.one_of.0.share": (Role.EVENT_SHARE, "probability", None),
        "events.election.one_of.0.share": (Role.EVENT_SHARE, "probability", None),
    }
    assert all(each.played for each in found.values())
    assert [judgement_told(case, each) for each in found.values()] == [
        "how often “The founder falls ill” happens",
        "the chance that “coup” happens",
        "the share of “It succeeds” in “coup”",
        "the share of branch 1 in “election”",
    ]
    assert found["events.coup.one_of.0.share"].bounds == (0, 1)


def test_evidence_behind_events_is_found_from_both_ends() -> None:
    case = world(("  strike: {when", "  strike: {because: [rumour], when"))
    assert [each.name for each in bearing(case, "hospital")] == ["events.illness.rate.a_year"]
    assert [each.name for each in bearing(case, "rumour")] == [
        "events.coup.chance.value",
        "events.strike",
    ]
    assert reasons_of(case) == {"hospital", "rumour"}
    (strike,) = (each for each in grounded(case) if each.kind == "event")
    assert (strike.path, strike.judgement, strike.played) == (("events", "strike"), None, True)


def test_a_judgement_of_an_event_can_be_replaced_and_edited() -> None:
    case = world()
    path = ("events", "coup", "one_of", 0, "share")
    share = next(each for each in judgements_of(case) if each.path == path)
    changed = with_judgements(case, {path: share.bare(0.1, 0.2, 0.3)}).events["coup"]
    assert changed.judgements[1].mode == 0.2
    assert changed.timing == case.events["coup"].timing
    assert "share: 0.3, name: It succeeds" in with_value(WORLD, path, 0.3)
    rate = with_value(WORLD, ("events", "illness", "rate", "a_year"), [0.1, 0.2, 0.3])
    assert "rate: {a_year: [0.1, 0.2, 0.3]}" in rate
    assert "value: likely" in with_value(WORLD, ("events", "coup", "chance", "value"), "likely")


def test_the_hash_changes_with_events_and_with_nothing_beside_them() -> None:
    assert case_hash(world(("  coup:\n", "  coup:  # or not\n"))) == case_hash(world())
    for old, new in (
        ("a_year: [0.05, 0.1, 0.2]", "a_year: [0.05, 0.1, 0.3]"),
        ("by: 2025-06-30", "by: 2025-06-29"),
        ("share: [0.2, 0.4, 0.6]", "share: [0.2, 0.4, 0.5]"),
        ("sets: {leader: vacant}", "sets: {leader: heir}"),
        ("when: unrest = calm and", "when: unrest = strikes and"),
    ):
        assert case_hash(world((old, new))) != case_hash(world())


def test_the_file_is_written_upgraded_and_compared() -> None:
    data = plain_data(read_source(WORLD, "x").data)
    written = case_yaml(data)
    assert case_hash(parse_case(written)) == case_hash(world()) == case_hash(case_from_data(data))
    assert upgraded(WORLD).text == WORLD
    changes = {
        "day: 2025-11-02": ("events.election.day", "event"),
        "name: The founder falls ill": ("events.illness.name", "text only"),
        "because: [hospital]": ("events.illness.because", "event"),
        "a_year: [0.05, 0.1, 0.2]": ("events.illness.rate", "event"),
    }
    new = dict(
        zip(changes, ["day: 2025-11-03", "name: x", "because: []", "a_year: 1"], strict=True)
    )
    for old, told in changes.items():
        (found,) = edits(
            data, plain_data(read_source(WORLD.replace(old, new[old]), "x").data)
        ).edits
        assert (found.name, found.kind) == told


def test_the_schema_tells_an_editor_what_the_reading_tells() -> None:
    assert errors(WORLD) == []
    for old, new in (
        ("sets: {leader: vacant}", "set: {leader: vacant}"),
        ("rate: {a_year: [0.05, 0.1, 0.2]}", "rate: 0.1"),
        ("rate: {a_year: [0.05, 0.1, 0.2]}", "rate: {a_year: -1}"),
        ("    day: 2025-11-02\n", ""),
        ("    day: 2025-11-02\n", "    day: 2025-11-02\n    rate: {a_year: 1}\n"),
        ("share: 0.45", "share: 45"),
        ("{at_least: 60.5,", "{at_least: 0,"),
        ("{from: 2025-03-02,", "{form: 2025-03-02,"),
    ):
        assert errors(broken_world((old, new))[0]), new


# --- what is wrong ----------------------------------------------------------------------------

RATE = "rate: {a_year: 1}"
FAULTS = """\
  a1: {sets: {^^leadr: heir}, RATE}
  #: no issue 'leadr'; did you mean 'leader'?
  a2: {sets: {leader: ^^hier}, RATE}
  #: no position 'hier' in issue 'leader'; did you mean 'heir'?
  a3: {sets: {leader: ^^[heir]}, RATE}
  #: 'leader' is a list; expected a position of issue 'leader'
  a4: {sets: ^^heir, RATE}
  #: 'sets' is 'heir'; expected a map of issues and positions
  ^^a5: {RATE}
  #: 'a5' sets nothing
  ^^a6: {RATE, one_of: [{share: 0.5}, {}]}
  #: 'a6' sets nothing
  ^^b1: {sets: {leader: heir}}
  #: nothing says when 'b1' happens; expected one of rate, chance or day
  b2: {sets: {leader: heir}, RATE, ^^day: 2025-01-01}
  #: 'day' stands beside 'rate'; expected one of rate, chance or day
  b3: {sets: {leader: heir}, day: ^^2024-01-10}
  #: 2024-01-10 is not after as_of, 2024-01-10; expected a day to come; what has happened belongs
  #: in `today`
  b4: {sets: {leader: heir}, day: ^^2025-02-29}
  #: there is no day 2025-02-29 in the calendar
  b5: {sets: {leader: heir}, day: ^^[2025-02-28]}
  #: 'day' is a list; expected a date as year-month-day, such as 2019-12-20
  c1: {sets: {leader: heir}, rate: ^^0.1}
  #: 'rate' is the number 0.1; expected a map with the keys a_year
  c2: {sets: {leader: heir}, rate: {a_year: ^^-0.1}}
  #: 'a_year' is -0.1; expected a number, 0 or more
  c3: {sets: {leader: heir}, rate: {a_year: ^^likely}}
  #: 'a_year' is 'likely', but no probability stands here; expected a number, 0 or more or [low,
  #: most likely, high]
  c4: {sets: {leader: heir}, rate: {^^a_yaer: 0.1, a_year: 1}}
  #: unknown key 'a_yaer'; did you mean 'a_year'?
  d1: {sets: {leader: heir}, ^^chance: {value: 0.1}}
  #: 'chance' has no 'by': the last day on which it may happen
  d2: {sets: {leader: heir}, chance: {by: ^^2023-01-01, value: 0.1}}
  #: 2023-01-01 is not after as_of, 2024-01-10; expected a day to come; what has happened belongs
  #: in `today`
  d3: {sets: {leader: heir}, chance: {by: 2025-01-01, value: ^^1.5}}
  #: 'value' is 1.5; expected a number from 0 to 1
  d4: {sets: {leader: heir}, chance: {by: 2025-01-01, value: ^^1}}
  #: what is certain by a day has no rate before it; expected a chance below 1, or `day` for what
  #: happens on a day
  d5: {sets: {leader: heir}, chance: {by: 2025-01-01, value: ^^lkely}}
  #: 'lkely' is no probability word of icd203; did you mean 'likely'?
  e1: {RATE, one_of: [{share: ^^40, sets: {leader: heir}}, {}]}
  #: 'share' is 40; expected a number from 0 to 1
  e2: {RATE, ^^one_of: [{share: 0.4, sets: {leader: heir}}, {share: 0.5}]}
  #: the shares sum to 0.9; expected 1, or no share in the last branch, which has what the others
  #: leave
  e3: {RATE, ^^one_of: [{share: 0.6, sets: {leader: heir}}, {share: 0.5}, {}]}
  #: the shares sum to 1.1; expected at most 1: the last branch has what the others leave
  e4: {RATE, ^^one_of: [{share: [0.1, 0.4, 0.7], sets: {leader: heir}}, {share: 0.5}, {}]}
  #: the shares' high ends sum to 1.2; expected at most 1: the last branch has what the others leave
  e5: {RATE, one_of: [{share: likely, sets: {leader: heir}}, {^^share: 0.3}]}
  #: a share has a range, and so the last branch has what the others leave; expected no 'share' here
  e6: {RATE, one_of: [^^{sets: {leader: heir}}, {share: 0.3}]}
  #: item 1 of 'one_of' has no 'share'; expected only the last without one: it has what the others
  #: leave
  e7: {RATE, sets: {unrest: calm}, ^^one_of: []}
  #: 'one_of' has no branches
  e8: {RATE, sets: {unrest: calm}, one_of: ^^{share: 1}}
  #: 'one_of' is a map; expected a list of branches
  e9: {RATE, sets: {unrest: calm}, one_of: [{share: 0.5, sets: {^^unrest: strikes}}, {}]}
  #: 'unrest' is set by the event as well, in every branch
  f1: {RATE, sets: {leader: heir}, when: leader = ^^har}
  #: no position 'har' in issue 'leader'; did you mean 'heir'?
  f2: {RATE, sets: {leader: heir}, when: ^^old-gard}
  #: no arrangement 'old-gard'; did you mean 'old-guard'?
  f3: {RATE, sets: {leader: heir}, when: ^^[a]}
  #: 'when' is a list; expected a statement
  f4: {RATE, sets: {leader: heir}, because: [^^hospitl]}
  #: no evidence or poll 'hospitl'; did you mean 'hospital'?
  f5: {RATE, sets: {leader: heir}, ^^zz: []}
  #: unknown key 'zz'
  f6: ^^[rate]
  #: 'f6' is a list; expected a map with the keys name, when, sets, rate, chance, day, one_of,
  #: because, note and refs
  ^^not: {RATE, sets: {leader: heir}}
  #: 'not' is a reserved word and cannot be an id
""".replace("RATE", RATE)
"""Events with one fault each, at the mark; below it what is told of it."""


def test_all_that_is_wrong_with_events_is_told_at_its_place() -> None:
    text, marks = broken_world((EVENTS, FAULTS))
    expected: list[str] = []
    for line in FAULTS.splitlines():
        if line.startswith("  #:"):
            expected[-1] = f"{expected[-1]} {line[5:]}".strip()
        else:
            expected.append("")
    found = [(each.place, each.text) for each in problems(text).problems]
    assert found == list(zip(marks, expected, strict=True))


def test_events_on_one_day_may_not_touch_each_other() -> None:
    day = "day: 2025-05-01"
    text, marks = broken_world(
        (
            EVENTS,
            f"""\
  apart: {{{day}, when: union = none, sets: {{unrest: strikes}}}}
  dies: {{{day}, when: union = none, sets: {{leader: vacant}}}}
  same: {{^^{day}, one_of: [{{share: 0.5, sets: {{leader: heir}}}}, {{}}]}}
  looks: {{^^{day}, when: old-guard, sets: {{union: signed}}}}
  later: {{day: 2025-05-02, when: old-guard, sets: {{leader: heir}}}}
""",
        )
    )
    marks = [place._replace(column=place.column + len("day: ")) for place in marks]
    found = problems(text).problems
    assert [(each.place, each.text) for each in found] == list(
        zip(
            marks,
            [
                "'dies' and 'same' both happen on 2025-05-01, and one of them sets 'leader', "
                "which the other sets or looks at: which is first?; expected another day for one "
                "of them",
                "'dies' and 'looks' both happen on 2025-05-01, and one of them sets 'leader', "
                "which the other sets or looks at: which is first?; expected another day for one "
                "of them",
            ],
            strict=True,
        )
    )


def test_what_comes_after_the_deadline_is_noticed() -> None:
    text, marks = broken_world(
        ("day: 2025-11-02", "day: ^^2026-01-11"), ("by: 2025-06-30", "by: ^^2026-02-01")
    )
    assert [(each.place, each.message) for each in parse_case(text).notices] == list(
        zip(
            marks,
            [
                "2026-02-01 is after the deadline (2026-01-10): of 'coup' only what comes until "
                "then counts",
                "2026-01-11 is after the deadline (2026-01-10): 'election' plays no part",
            ],
            strict=True,
        )
    )
    assert world(("day: 2025-11-02", "day: 2026-01-10")).notices == ()


def test_dates_need_the_day_of_which_the_case_speaks() -> None:
    dated = "  e: {day: ^^2025-01-01, sets: {leader: heir}}\n"
    signed = WORLD[WORLD.index("        - {when: old") : WORLD.index("      none: {at")]
    text, marks = broken_world(
        (EVENTS, dated), ("as_of: 2024-01-10\n", ""), (signed, "        - {by: left}\n")
    )
    (found,) = problems(text).problems
    assert found.text == "an event with a date needs `as_of`, the day of which the case speaks"
    assert [found.place] == marks


def test_events_by_look_alike_names_are_noticed() -> None:
    rate = f"{RATE}, sets: {{leader: heir}}"
    case = happening(f"  rally: {{{rate}}}\n  ra1ly: {{{rate}}}\n")
    assert any("looks like 'rally'" in each.message for each in case.notices)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_values_of_another_kind(data: st.DataObject) -> None:
    """Whatever stands at a key, the file is read or refused in words."""
    lines = WORLD.splitlines()
    begin = lines.index("  union:")
    for _ in range(data.draw(st.integers(1, 3))):
        row = data.draw(st.integers(begin, len(lines) - 1))
        keys = [k for k, sign in enumerate(lines[row]) if lines[row][k : k + 2] == ": "]
        at = data.draw(st.sampled_from(keys or [len(lines[row])]))
        values = ["3", "x", "[]", "{}", "[a, [b]]", "{a: {b: c}}", "likely", "2025-01-01", "", "-1"]
        rest = data.draw(st.sampled_from(["", "}", "}}", lines[row][at + 2 :].partition(",")[2]]))
        lines[row] = lines[row][:at] + ": " + data.draw(st.sampled_from(values)) + rest
    read_or_refused("\n".join(lines))


@pytest.mark.parametrize(
    "written",
    [
        f"  e: {{{RATE}, sets: &a {{leader: heir}}}}\n",
        f"  e: {{{RATE}, sets: !!map {{leader: heir}}}}\n",
        f"  e: {{{RATE}, one_of: {'[' * 60}{']' * 60}}}\n",
        f"  e: {{{RATE}, {RATE}, sets: {{leader: heir}}}}\n",
    ],
)
def test_what_yaml_allows_and_a_case_does_not(written: str) -> None:
    assert problems(broken_world((EVENTS, written))[0]).problems[0].place is not None


def test_a_thousand_events_of_one_day_are_read_and_more_are_refused() -> None:
    one = "{day: 2025-05-01, when: old-guard, sets: {union: signed}}"
    many = "".join(f"  e{k}: {one}\n" for k in range(1_001))
    found = problems(broken_world((EVENTS, many))[0]).problems
    assert found[0].text == "the case has 1,001 events; expected at most 1,000"
    assert len(found) == 1_001
