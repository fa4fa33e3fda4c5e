"""Old names of commands and options: they do the same, say the new name, and stand in no help."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from typer.testing import CliRunner

from foedus.cli.app import app
from foedus.cli.old_names import COMMANDS, OPTIONS

TOWNS = "cases/two-towns.yaml"
FEW = ("--draws", "20", "--workers", "1", "--json")
CALLS = [
    (("signposts", TOWNS, *FEW), ("indicators", TOWNS, *FEW)),
    (("why", TOWNS, "--json"), ("trace", TOWNS, "--json")),
    (
        ("evidence", "audit", TOWNS, "--strike", "items", *FEW),
        ("evidence", "audit", TOWNS, "--leave-out", "items", *FEW),
    ),
    (
        ("evidence", "audit", TOWNS, "--strike=none", "--json"),
        ("evidence", "audit", TOWNS, "--leave-out=none", "--json"),
    ),
]


@pytest.mark.parametrize(("old", "new"), CALLS)
def test_an_old_name_does_the_same_and_says_the_new_one(
    old: tuple[str, ...], new: tuple[str, ...]
) -> None:
    before, after = (CliRunner().invoke(app, list(words)) for words in (old, new))
    assert before.exit_code == after.exit_code == 0
    assert before.stdout == after.stdout
    names = [(a.partition("=")[0], b.partition("=")[0]) for a, b in zip(old, new, strict=True)]
    ((was, now),) = [(a, b) for a, b in names if a != b]
    told = f"note: `{was}` is now called `{now}`; the old name works until 1.0\n"
    assert before.stderr == told + after.stderr


def test_help_shows_the_new_names_alone() -> None:
    whole = CliRunner().invoke(app, ["--help"]).stdout
    audit = CliRunner().invoke(app, ["evidence", "audit", "--help"]).stdout
    assert not {f"  {old} " for old in COMMANDS if f"  {old} " in whole}
    assert not [old for old in OPTIONS if old in audit]
    assert "--leave-out" in audit
    old = CliRunner().invoke(app, ["why", "--help"])
    assert old.exit_code == 0
    assert "`trace`" in old.stderr


def test_an_old_option_given_with_the_new_one_is_given_twice() -> None:
    words = ["evidence", "audit", TOWNS, "--strike", "items", "--leave-out", "items"]
    found = CliRunner().invoke(app, words)
    assert found.exit_code == 2
    assert "--leave-out: it is given more than once" in found.stderr


def test_an_old_option_is_unknown_where_the_command_has_no_new_one() -> None:
    found = CliRunner().invoke(app, ["check", TOWNS, "--strike", "items"])
    assert found.exit_code == 2
    assert "is now called" not in found.stderr


def maps(data: Any) -> Iterator[dict[str, Any]]:
    """All maps in an answer."""
    if isinstance(data, dict):
        yield data
    for part in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from maps(part)


@pytest.mark.parametrize(
    ("words", "old_of"),
    [
        (
            ("forecast", TOWNS),
            {"reached_and_stable": "reached_and_holds"},
        ),
        (
            ("trace", TOWNS, "reference_classes.town-mergers"),
            {"cases": "tried", "occurred": "happened"},
        ),
        (("indicators", TOWNS, "free-bridge"), {"indicators": "signposts"}),
        (
            ("evidence", "audit", TOWNS, "--leave-out", "items"),
            {"leave_one_out": "strikes", "depends_on": "hanging"},
        ),
    ],
)
def test_the_old_keys_of_an_answer_stand_behind_the_new(
    words: tuple[str, ...], old_of: dict[str, str]
) -> None:
    few = ("--draws", "40", "--workers", "1", "--json")
    told = json.loads(CliRunner().invoke(app, [*words, *few]).stdout)
    for new, old in old_of.items():
        found = [each for each in maps(told) if old in each]
        assert found
        for each in found:
            keys = list(each)
            name = "left_out" if old == "strikes" and "left_out" in each else new
            assert keys[keys.index(old) - 1] == name
            assert each[old] == each[name]
