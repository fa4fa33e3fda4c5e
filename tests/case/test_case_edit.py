"""Editing one value: the rest of the file stays as it was, to the letter."""

import difflib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from towns import TWO_TOWNS

from foedus.case.edit import Value, with_value, with_values
from foedus.case.model import Path
from foedus.case.problems import CaseError

TEXT = TWO_TOWNS.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("path", "value", "old", "new"),
    [
        (("title",), "A town, and another", "Two towns and a bridge", '"A town, and another"'),
        (("title",), "Three towns", "Two towns and a bridge", "Three towns"),
        (("title",), "no", "Two towns and a bridge", '"no"'),
        (
            ("preferences", "north", "worth", "wide-bridge"),
            [1, 2.5, 3],
            "[20, 35, 50]",
            "[1, 2.5, 3]",
        ),
        (("preferences", "north", "worth", "wide-bridge", "value"), 7, "[20, 35, 50]", "7"),
        (("preferences", "voters", "support", 1), 60.5, "default: 55", "default: 60.5"),
        (("preferences", "voters", "support", 0), 7, "[20, 30, 40]", "7"),
        (
            ("preferences", "south", "priorities", "any-bridge"),
            "remote",
            "probability: likely",
            "probability: remote",
        ),
        (("actors", "north", "capability"), 61, "capability: 60", "capability: 61"),
        (("today", "bridge"), "wide", "today: {bridge: none", "today: {bridge: wide"),
        (("preferences", "north", "worth", "wide-bridge", "value", 1), 36, "35, 50", "36, 50"),
    ],
)
def test_one_value_changes(path: Path, value: Value, old: str, new: str) -> None:
    assert with_value(TEXT, path, value) == TEXT.replace(old, new, 1)


def test_every_judgement_can_be_changed() -> None:
    paths = [("preferences", "north", "worth", name) for name in ("wide-bridge", "toll-income")]
    for path in paths:
        changed = with_value("\ufeff" + TEXT.replace("Two", "Zwei ä", 1), path, [-1, 0, 1e-3])
        lines = difflib.ndiff(TEXT.splitlines(), changed.removeprefix("\ufeff").splitlines())
        assert len([line for line in lines if line.startswith("+")]) == 2


WIDE = ("preferences", "north", "worth", "wide-bridge")
SEVERAL: dict[Path, Value] = {
    WIDE: [1, 2.5, 3],
    ("title",): "no",
    ("preferences", "north", "worth", "toll-income"): -1234.5,
    ("preferences", "voters", "support", 0): 7,
    ("preferences", "south", "priorities", "any-bridge"): "remote",
    ("today", "bridge"): "wide",
}


@settings(max_examples=15)
@given(st.permutations(list(SEVERAL)), st.integers(0, len(SEVERAL)))
def test_several_values_at_once_are_each_replaced_as_alone(order: list[Path], many: int) -> None:
    text = "\ufeff" + TEXT
    one_by_one = text
    for path in order[:many]:
        one_by_one = with_value(one_by_one, path, SEVERAL[path])
    assert with_values(text, [(path, SEVERAL[path]) for path in order[:many]]) == one_by_one


def test_of_two_values_for_one_place_the_last_counts_and_none_within_another() -> None:
    twice = with_values(TEXT, [(WIDE, 1), ((*WIDE, "value"), 2)])
    assert twice == with_value(TEXT, WIDE, 2)
    with pytest.raises(CaseError, match="replaced as well"):
        with_values(TEXT, [((*WIDE, "value", 1), 36), (WIDE, [1, 2, 3])])


def test_values_that_make_a_case_only_together() -> None:
    done, agreed = (("records", "town-deals", key) for key in ("done", "agreed"))
    with pytest.raises(CaseError, match="12 done, but only 9 agreed"):
        with_value(TEXT, done, 12)
    assert "agreed: 15, done: 12" in with_values(TEXT, [(done, 12), (agreed, 15)])


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("nothing", "x"), 1, "there is no 'nothing' here"),
        (("preferences", "voters", "support", 9), 1, "there is no '9' here"),
        (("preferences", "voters", "support", "s9"), 1, "there is no 's9' here"),
        (("title", "x"), 1, "there is no 'x' here"),
        (("actors", "north"), 1, "a map stands here"),
        ((), 1, "a map stands here"),
        (("polls", "bridge-poll", "n"), "many", "expected a whole number"),
        (("today", "bridge"), "wyde", "did you mean 'wide'?"),
        (("hypotheses",), [1, 2, 3], "no arrangement '1'"),
    ],
)
def test_what_cannot_be_changed(path: Path, value: Value, words: str) -> None:
    with pytest.raises(CaseError) as caught:
        with_value(TEXT, path, value)
    assert words in str(caught.value)


def test_a_map_of_entries_is_no_entry_for_one_of_them_called_value() -> None:
    text = TEXT.replace("wide-bridge:", "value:")
    with pytest.raises(CaseError, match="a map stands here"):
        with_value(text, ("preferences", "north", "worth"), 1)
    assert "value: 1}" in with_value(text, ("preferences", "north", "worth", "toll-income"), 1)
    assert "value: 1," in with_value(text, ("preferences", "north", "worth", "value"), 1)


def test_a_value_on_several_lines_is_left_alone() -> None:
    text = TEXT.replace("title: Two towns", "title: >-\n  Two\n  towns")
    with pytest.raises(CaseError, match="only a value written on one line"):
        with_value(text, ("title",), "x")


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_what_would_be_read_as_something_else_is_not_written(value: float) -> None:
    """A title takes any text, so that only reading it again shows that a number became one."""
    with pytest.raises(CaseError, match="cannot be written in this place"):
        with_value(TEXT, ("title",), value)
