"""Rights that depend on the state or on the day, and final positions."""

from datetime import date

import numpy as np
import pytest
from towns import problems
from world import WORLD, broken_world, world

from foedus.case.edit import with_value
from foedus.case.fingerprint import case_hash
from foedus.case.model import Case, ConditionalRight, Right
from foedus.case.reading import parse_case
from foedus.case.source import read_source
from foedus.preferences.games import game_of
from foedus.sensitivity.comparing.edits import edits

SIGNED = WORLD.partition("signed:\n")[2].partition("\n      none:")[0]
NONE = "none: {at_least: 60.5, of: {left: 48, council: 12, right: 40}}"


def signed(written: str) -> tuple[str, str]:
    """The change that writes the right to sign the union otherwise."""
    return f"signed:\n{SIGNED}", f"signed: {written}"


def plain(*changes: tuple[str, str]) -> Case:
    """The republic with a right to sign that depends on nothing."""
    return world(signed("founder and council"), *changes)


def test_entries_say_who_decides_where_and_when() -> None:
    right = world().issues["union"].decided_by.of("none", "signed")
    assert isinstance(right, ConditionalRight)
    first, second = right.entries
    assert first.when is not None
    assert (first.right.text, first.when.text) == ("founder and council", "old-guard")
    assert (first.since, first.until) == (None, date(2025, 3, 1))
    assert (second.when, second.since, second.until) == (None, date(2025, 3, 2), None)
    assert second.right.quota is not None
    assert right.text == (
        "founder and council until 2025-03-01 if old-guard; else "
        "at least 51 of left (48), council (12), right (40) from 2025-03-02"
    )
    assert world().place(second.right.path) == world().place((*right.path, 1, "by"))


def test_both_days_are_inclusive_and_what_never_counts_is_left_out() -> None:
    right = (
        world(
            signed(
                "[{when: unrest = calm, from: 2024-05-01, until: 2024-06-01, by: left},"
                " {until: 2024-06-02, by: council}, {by: right}]"
            )
        )
        .issues["union"]
        .decided_by.of("none", "signed")
    )
    assert isinstance(right, ConditionalRight)

    def on(day: date | None) -> list[str]:
        return [entry.right.text for entry in right.on(day)]

    assert on(date(2024, 4, 30)) == on(date(2024, 6, 2)) == ["council"]
    assert on(date(2024, 5, 1)) == on(date(2024, 6, 1)) == ["left", "council"]
    assert on(date(2024, 6, 3)) == on(None) == ["right"]


def test_a_list_whose_first_entry_always_counts_is_the_plain_right() -> None:
    listed = world(signed("[{by: founder and council}]"))
    right = listed.issues["union"].decided_by.of("none", "signed")
    assert isinstance(right, Right)
    assert right.path == ("issues", "union", "decided_by", "signed", 0, "by")
    assert case_hash(listed) == case_hash(plain())
    assert case_hash(plain()) != case_hash(world())


def test_who_decides_in_some_state_needs_preferences() -> None:
    text, _ = broken_world(("  founder: {worth: {u: {when: union = none, value: 1}}}\n", ""))
    (found,) = problems(text).problems
    assert found.text.startswith("actor 'founder' decides (a right or a group names it) but has no")


def test_all_that_is_wrong_with_rights_by_state_is_told_at_its_place() -> None:
    entries = (
        "[^^{by: founder}, {when: leader = ^^fonder, by: ^^cuncil}, {from: 2025-02-30, by: left},"
        " {from: 2025-02-02, until: ^^2025-02-01, by: left}, ^^{when: unrest = calm}, ^^founder,"
        " {when: old-guard, by: ^^[left]}, {^^wenn: old-guard, when: old-guard, by: left},"
        " {when: ^^{a: b}, by: left}, {until: 2025-02-01, by: ^^people}, {by: {at_least: ^^9, of:"
        " {left: 8}}}]"
    ).replace("{from: 2025-02-30", "{from: ^^2025-02-30")
    text, marks = broken_world(signed(entries))
    found = problems(text).problems
    told = [
        "item 1 of 'signed' has no 'when', 'from' or 'until', and so those after it never count; "
        "expected only the last without a condition",
        "no position 'fonder' in issue 'leader'; did you mean 'founder'?",
        "no actor 'cuncil'; did you mean 'council'?",
        "there is no day 2025-02-30 in the calendar",
        "the right ends on 2025-02-01, before it begins, 2025-02-02",
        "item 5 of 'signed' has no 'by': who has the right then: actors joined by and/or, nobody, "
        "a quota, or all of several",
        "item 6 of 'signed' is 'founder'; expected a map with the keys when, from, until and by",
        "'by' is a list; expected text, a quota {at_least, of} or several rights {all}",
        "unknown key 'wenn'; did you mean 'when'?",
        "'when' is a map; expected a statement",
        "an electorate alone (people) has this right: who puts the question?",
        "nobody reaches 9: all of them have 8",
    ]
    assert [each.text for each in found] == told
    assert [each.place for each in found] == marks


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("^^[]", "'signed' is a list; expected text, a quota {at_least, of}, several rights {all}"),
        ("[{when: ^^leader, by: left}]", "'leader' is an issue: say which position, as in leader"),
        ("[{when: x, ^^when: y, by: left}]", "the key 'when' stands here again"),
        ("[{when: ^^&a unrest = calm, by: left}]", "anchors"),
        ("[{when: ^^'', by: left}]", "the statement is empty"),
    ],
)
def test_one_thing_wrong_with_a_right_by_state(written: str, told: str) -> None:
    text, marks = broken_world(signed(written))
    found = problems(text).problems[-1]
    assert told in found.text
    assert [found.place] == marks


def test_days_need_the_day_of_which_the_case_speaks() -> None:
    dated = "decided_by: [{^^until: 2025-01-01, by: council}, {^^from: 2025-01-02, by: left}]"
    text, marks = broken_world(("decided_by: nobody", dated), ("as_of: 2024-01-10\n", ""))
    found = [each for each in problems(text).problems if "a right by day" in each.text]
    assert [each.place for each in found][:2] == marks
    assert found[0].text == "a right by day needs `as_of`, the day of which the case speaks"


def test_entries_that_never_count_are_noticed() -> None:
    text, marks = broken_world(
        signed("[{until: ^^2023-12-31, by: left}, {from: ^^2026-01-11, by: right}, {by: council}]")
    )
    case = parse_case(text)
    told = [(each.place, each.message) for each in case.notices]
    assert told == list(
        zip(
            marks,
            [
                "this entry never counts: it ends on 2023-12-31, before as_of (2024-01-10)",
                "this entry never counts: it begins on 2026-01-11, after the deadline (2026-01-10)",
            ],
            strict=True,
        )
    )


def test_one_entry_can_be_edited_and_is_told_in_a_difference() -> None:
    edited = with_value(WORLD, ("issues", "union", "decided_by", "signed", 0, "by"), "council")
    old, new = (read_source(text, "x").data for text in (WORLD, edited))
    (found,) = edits(old, new).edits
    assert (found.name, found.kind) == ("issues.union.decided_by.signed", "right")
    quota = WORLD.replace(NONE, NONE.replace("60.5", "61"))
    (found,) = edits(old, read_source(quota, "x").data).edits
    assert found.name == "issues.union.decided_by.none"


# --- final positions --------------------------------------------------------------------------


def test_nothing_moves_an_issue_from_a_final_position() -> None:
    issue = plain().issues["union"]
    assert issue.final == {"full"}
    assert issue.barred("full", "none")
    assert not issue.barred("none", "full")
    game = game_of(plain())
    number = [each.id for each in game.space.radix.issues].index("union")
    union = game.space.reader.column(number)
    full = issue.number("full")
    there = np.flatnonzero(union == full).tolist()
    assert there
    moved = [int(t) for moves in game.moves for s in there for t in moves.targets(s)]
    assert (union[moved] == full).all()
    assert case_hash(plain()) != case_hash(plain(("    final: full\n", "")))


def test_what_contradicts_a_final_position_is_told() -> None:
    text, marks = broken_world(
        ("final: full", "final: [^^ful, full, ^^[none]]"),
        (NONE, "^^full -> none: left"),
        (
            "decided_by: nobody\n    otherwise: {strikes: calm}",
            "decided_by: nobody\n    final: strikes\n    otherwise: {^^strikes: calm}",
        ),
    )
    found = problems(text).problems
    assert [(each.place, each.text) for each in found] == list(
        zip(
            marks,
            [
                "no position 'ful' in issue 'union'; did you mean 'full'?",
                "item 3 of 'final' is a list; expected a position of issue 'union'",
                "'full' is final: nothing changes it once it is reached; expected no right to "
                "leave it",
                "'strikes' is final, and so it does not revert",
            ],
            strict=True,
        )
    )
