"""What expiring positions become at the deadline, where that depends on the state."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from towns import broken, problems, towns, unmarked

from foedus.case.edit import with_value
from foedus.case.fingerprint import case_hash
from foedus.case.model import Case, Reversion
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.case.source import read_source
from foedus.case.upgrade import upgraded
from foedus.game.checking import checked
from foedus.game.space import feasible_space
from foedus.sensitivity.comparing.edits import edits

MAYOR = "otherwise: {in-office: gone}"
AGAIN = "otherwise: {in-office: [{when: status = league, to: extended}, {to: gone}]}"


def reverts(case: Case, **positions: str) -> dict[str, str]:
    """What the state that differs from today in these positions becomes."""
    space = feasible_space(case)
    assert case.today is not None
    index = space.find({**case.today, **positions})
    assert index is not None
    return space.positions(int(space.fall[index]))


def test_the_first_entry_that_applies_counts() -> None:
    case = towns((MAYOR, AGAIN))
    entries = case.issues["mayor"].falls["in-office"]
    assert [(each.to, each.when.text if each.when else None) for each in entries] == [
        ("extended", "status = league"),
        ("gone", None),
    ]
    assert reverts(case, status="league")["mayor"] == "extended"
    assert reverts(case, status="merged")["mayor"] == "gone"
    assert reverts(case, status="league", mayor="extended")["mayor"] == "extended"


def test_a_list_of_one_without_a_condition_is_the_plain_form() -> None:
    plain, listed = towns(), towns((MAYOR, "otherwise: {in-office: [{to: gone}]}"))
    assert listed.issues["mayor"].falls == {
        "in-office": (
            Reversion("gone", None, ("issues", "mayor", "otherwise", "in-office", 0, "to")),
        )
    }
    assert case_hash(plain) == case_hash(listed)
    assert case_hash(plain) != case_hash(towns((MAYOR, AGAIN)))


def test_the_conditions_are_read_before_anything_reverts() -> None:
    case = parse_case(
        """
foedus: 1
title: Two offices
actors: {a: {name: A}}
issues:
  first:
    positions: {holds: H, kept: K, lost: L}
    decided_by: nobody
    otherwise: {holds: [{when: both, to: kept}, {to: lost}]}
  second:
    positions: {holds: H, kept: K, lost: L}
    decided_by: nobody
    otherwise: {holds: [{when: first = holds, to: kept}, {to: lost}]}
arrangements: {both: {when: first = holds and second = holds}}
"""
    )
    both = {"first": "holds", "second": "holds"}
    space = feasible_space(case)
    index = space.find(both)
    assert index is not None
    assert space.positions(int(space.fall[index])) == {"first": "kept", "second": "kept"}
    one = space.find({"first": "lost", "second": "holds"})
    assert one is not None
    assert space.positions(int(space.fall[one])) == {"first": "lost", "second": "lost"}
    assert space.settled.sum() == 4


def test_entries_that_cover_every_state_need_no_last_one_without_a_condition() -> None:
    every = "[{when: status = apart, to: gone}, {when: status != apart, to: extended}]"
    case = towns((MAYOR, f"otherwise: {{in-office: {every}}}"))
    checked(case)
    assert reverts(case, status="merged")["mayor"] == "extended"


def test_a_state_that_no_entry_covers_is_told() -> None:
    some = "[{when: status = apart, to: gone}, {when: status = league, to: extended}]"
    text, marks = broken((MAYOR, f"otherwise: {{^^in-office: {some}}}"))
    with pytest.raises(CaseError) as caught:
        checked(parse_case(text))
    (found,) = caught.value.problems
    assert [found.place] == marks
    assert found.text.startswith("'in-office' reverts to nothing in state ")
    assert "status = merged), nor in " in found.text
    assert found.text.endswith("no entry applies; expected a last entry without 'when'")


def test_a_fall_that_a_rule_excludes_is_told_with_what_it_becomes() -> None:
    text, marks = broken(
        (MAYOR, f"otherwise: {{^^{AGAIN.partition('{')[2]}"),
        (
            "rules:\n",
            "rules:\n  - {rule: not (mayor = extended and status = league), why: One of both}\n",
        ),
    )
    with pytest.raises(CaseError) as caught:
        checked(parse_case(text))
    (found,) = caught.value.problems
    assert [found.place] == marks
    assert "mayor = extended breaks the rule `not (mayor = extended and status = leag" in found.text


def test_all_that_is_wrong_with_a_reversion_is_told_at_its_place() -> None:
    entries = (
        "[^^{to: gone}, {when: status = ^^leage, to: ^^gon}, {when: toll = free, to: ^^in-office},"
        " ^^{when: toll = free}, {^^wenn: toll = free, to: gone}]"
    )
    text, marks = broken((MAYOR, f"otherwise: {{in-office: {entries}}}"))
    found = problems(text).problems
    assert [(each.place, each.text) for each in found] == list(
        zip(
            marks,
            [
                "item 1 of 'in-office' has no 'when', and so those after it never count; expected "
                "only the last without 'when'",
                "no position 'leage' in issue 'status'; did you mean 'league'?",
                "no position 'gon' in issue 'mayor'; did you mean 'gone'?",
                "'in-office' reverts to itself",
                "item 4 of 'in-office' has no 'to': the position it becomes",
                "unknown key 'wenn'; did you mean 'when'?",
            ],
            strict=True,
        )
    )


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("^^[]", "'in-office' is a list; expected a position of issue 'mayor', or a list of entr"),
        ("^^{to: gone}", "'in-office' is a map; expected a position of issue 'mayor', or a list"),
        ("[^^gone]", "item 1 of 'in-office' is 'gone'; expected a map with the keys when and to"),
        ("[{when: ^^[free], to: gone}]", "'when' is a list; expected a statement"),
    ],
)
def test_one_thing_wrong_with_a_reversion(written: str, told: str) -> None:
    text, marks = broken((MAYOR, f"otherwise: {{in-office: {written}}}"))
    (found,) = problems(text).problems
    assert found.text.startswith(told)
    assert [found.place] == marks


def test_nobody_moves_into_a_position_that_expires_in_some_states() -> None:
    text, marks = unmarked(
        """
foedus: 1
title: T
actors: {a: {name: A}}
issues:
  i:
    positions: {here: H, there: T}
    decided_by: {^^here: a, there: a}
    otherwise: {here: [{when: i = here, to: there}]}
preferences: {a: {worth: {w: {when: i = there, value: 1}}}}
"""
    )
    (found,) = problems(text).problems
    assert "nobody may move into an expiring position" in found.text
    assert [found.place] == marks


def test_edits_upgrades_and_differences_know_the_entries() -> None:
    text = broken((MAYOR, f"{AGAIN}  # a new law"))[0]
    path = ("issues", "mayor", "otherwise", "in-office", 0, "to")
    edited = with_value(text, path, "gone")
    assert "[{when: status = league, to: gone}, {to: gone}]}  # a new law" in edited
    old = text.replace("probability: likely", "held: likely")
    assert upgraded(old).text == text
    (found,) = edits(read_source(text, "a").data, read_source(edited, "b").data).edits
    assert found.name == "issues.mayor.otherwise"
    assert "to: extended" in found.told[0]
    assert "to: gone, to: gone" in found.told[1].replace("when: status = league; ", "")


OTHERS = ("keep", "lose")


@st.composite
def conditions(draw: st.DrawFn) -> list[tuple[str, str, str]]:
    """Of three issues with positions hold, keep, lose: (issue, issue looked at, position)."""
    return [
        (
            f"i{k}",
            draw(st.sampled_from(["i0", "i1", "i2"])),
            draw(st.sampled_from(["hold", *OTHERS])),
        )
        for k in range(3)
    ]


@settings(deadline=None, max_examples=50)
@given(conditions())
def test_every_state_reverts_as_its_conditions_say(given_: list[tuple[str, str, str]]) -> None:
    """The vectorised fall against each state taken by itself, as the definition has it."""
    issues = "".join(
        f"  {name}:\n    positions: {{hold: H, keep: K, lose: L}}\n    decided_by: nobody\n"
        f"    otherwise: {{hold: [{{when: {other} = {there}, to: keep}}, {{to: lose}}]}}\n"
        for name, other, there in given_
    )
    case = parse_case(f"foedus: 1\ntitle: T\nactors: {{a: {{name: A}}}}\nissues:\n{issues}")
    space = feasible_space(case)
    for state in product(["hold", *OTHERS], repeat=3):
        before = dict(zip(("i0", "i1", "i2"), state, strict=True))
        after = {
            name: ("keep" if before[other] == there else "lose")
            if before[name] == "hold"
            else before[name]
            for name, other, there in given_
        }
        index = space.find(before)
        assert index is not None
        assert space.positions(int(space.fall[index])) == after
        assert bool(space.settled[index]) == ("hold" not in state)
    assert np.array_equal(space.fall[space.fall], space.fall)
