"""Every option of every command: what it refuses, by its name, before any work begins."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from foedus.cli.app import app

ROOT = Path(__file__).parent.parent
TOWNS = str(ROOT / "cases" / "two-towns.yaml")
ABSENT = "no-such-case.yaml"

HUGE = "9" * 40
NO_COUNT = ("x", "", "nan", "inf", "1.5", "1,000", "1e3", HUGE, "-1")
"""What is no number of things, from 0 on."""

NO_SHARE = ("x", "", "nan", "inf", "-inf", "-0.1", "0", "2", "0,5", "1e308")
NO_CHOICE = ("", "x")
COUNTED_FROM_ONE = (*NO_COUNT, "0")
NO_FILE = ("", "/", ".", "no-such-folder/out", "/dev/null", f"{'x' * 300}", "no-such-folder/")

BAD: dict[str, tuple[str, ...]] = {
    "--draws": NO_COUNT,
    "--seed": ("x", "", "nan", "inf", "1.5", "1,000", "-1"),
    "--workers": COUNTED_FROM_ONE,
    "--scheduler": ("", "x", "host", "host:8786", "tcp://", "tcp://h", "tcp://:1", "tcp://h:0"),
    "--stability-draws": NO_COUNT,
    "--farsighted-draws": NO_COUNT,
    "--reach": (*COUNTED_FROM_ONE, "5"),
    "--meetings": ("x", "", "nan", "inf", "-1", "0"),
    "--least-gain": ("x", "", "nan", "inf", "-0.1", "1", "2"),
    "--limit": COUNTED_FROM_ONE,
    "--most": COUNTED_FROM_ONE,
    "--depth": COUNTED_FROM_ONE,
    "--sample": ("x", "", "nan", "inf", "1.5", "-1", "1000001"),
    "--stale-after": COUNTED_FROM_ONE,
    "--share": NO_SHARE,
    "--until": (*NO_SHARE, "1"),
    "--concept": (*NO_CHOICE, "nash,seq"),
    "--from": ("", "gmc", "yaml"),
    "--concepts": ("", ",", "x", "nash,x", "nash,nash", "nash seq"),
    "--only": NO_CHOICE,
    "--fail-on": ("", ",", "x", "stale,stale"),
    "--weights": (
        *("", ",", "inside", "x=1", "inside=x", "inside=nan", "inside=inf", "inside=-1"),
        *("inside=0", "inside=0,outside=0", "inside=1e308", "inside=1,inside=1", "inside=1;x=2"),
    ),
    "--set": ("", "=", "a", "a=", "=1", "a=nan", "a=inf", "a=-inf", "a=[1,2]", "a=[1,nan,3]"),
    "--on": ("", "x", "2024", "2024-13-01", "2023-02-29", "01.06.2024", "20240601", "2024-W02"),
    "--host": ("", "x", "1.2.3", "nowhere.example", "127.0.0.1:80", "::g"),
    "--port": ("x", "", "nan", "1.5", "-1", "65536"),
    "--majority": (*COUNTED_FROM_ONE, "1000001"),
    "--list": (*COUNTED_FROM_ONE, "201"),
    "--case": NO_FILE,
    "--output": NO_FILE,
    "--csv": NO_FILE,
    **dict.fromkeys(("--behaviour", "--leave-out"), NO_CHOICE),
    **dict.fromkeys(("--scoring", "--origins"), NO_CHOICE),
    "--question": NO_CHOICE,
    "--kind": (*NO_CHOICE, "unions"),
    "--as": ("", "../x", "a/b", "a.b", "x" * 61),
    "--model": (*NO_CHOICE, "compromis", "best,all"),
    "--scale": ("", "x", "1", "1,0", "1,1", "nan,1", "0,inf", "0;1", "0,1,2"),
    "--to": (*NO_CHOICE, "csv,xlsx"),
}
"""What each option that has a value refuses, whatever the case is."""

BAD_FOR: dict[tuple[str, str], tuple[str, ...]] = {
    ("evidence ach", "--weights"): NO_CHOICE,
    ("batch", "--case"): ("",),
    ("batch", "--draws"): COUNTED_FROM_ONE,
    **{(name, "--draws"): COUNTED_FROM_ONE for name in ("forecast", "drivers", "whatif", "report")},
    **{(name, "--draws"): COUNTED_FROM_ONE for name in ("observe", "indicators", "diff")},
    ("evidence audit", "--draws"): COUNTED_FROM_ONE,
    ("bargain", "--set"): (
        "",
        "=",
        "a",
        "a=",
        "=1",
        "compromise=1",
        "challenge.Q",
        "challenge.Q=2",
    ),
}
"""Where a command's option of the same name is another."""

BY_CASE: dict[str, tuple[str, ...]] = {
    "--mover": ("", "nobody", "north+voters"),
    "--prior": (
        *("", "flt", "one-town", "one-town=x", "one-town=nan", "one-town=2", "one-town=-1"),
        *("one-town=0.1,one-town=0.1", "nobody=1", "one-town=0.9,other=0.9"),
    ),
    "--marks": ("", ABSENT, "/"),
    "--weights": ("inside=1,evidence=1",),
    "--issues": ("", ABSENT, "/"),
    "--capabilities": ("", ABSENT, "/"),
    "--lisbon": ("", "nice"),
    "--explain": ("", "nobody"),
    "--set": (
        *("title=3", "deadline=soon", "deadline=2010-01-01", "preferences.north.worth.toll=1"),
        *("preferences.south.priorities.any-bridge=1.5",),
        "preferences.south.priorities.any-bridge=perhaps",
    ),
}
"""What is refused once the case is read, and before it is worked on."""

ARGUMENTS = {
    "explain": ["1"],
    "observe": ["bridge = wide by 2022-01-01"],
    "require": ["one-town"],
    "diff": [TOWNS],
    "whatif": ["--set", "preferences.north.worth.toll-income=4"],
    "report": ["--output", "out.html"],
    "batch": ["--output", "out.csv"],
    "forecast": [],
}
"""What a command must be told beside its case."""


def commands(group: Any, before: str = "") -> Iterator[tuple[str, list[Any]]]:
    """Every command that is no group by its full name, with its parameters."""
    context = typer.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if hasattr(command, "list_commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name, command.params


OPTIONS = [
    (command, max(parameter.opts, key=len), parameter)
    for command, parameters in commands(typer.main.get_command(app))
    for parameter in parameters
    if parameter.param_type_name == "option" and parameter.name != "help"
]
VALUED = [(c, o, p) for c, o, p in OPTIONS if not p.is_flag]


def run(command: str, case: str, *options: str) -> Result:
    """A command on a case, with what it must be told, where an option does not tell it already."""
    more = ARGUMENTS.get(command, [])
    if more and more[0] in options:
        more = []
    cases = [] if command == "schema" else [case]
    return CliRunner().invoke(app, [*command.split(), *cases, *more, *options])


def refused(result: Result, option: str) -> None:
    """Assert that all that was said is what is wrong with this option."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert result.stderr.splitlines(), result.output
    for line in result.stderr.splitlines():
        assert line.startswith(f"{option}:"), result.stderr
        assert "Value error" not in line


@pytest.mark.parametrize(("command", "option"), [(c, o) for c, o, _ in VALUED])
def test_what_an_option_cannot_be_is_refused_before_the_case_is_read(
    command: str, option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The case is not there, and yet it is the option that is told."""
    monkeypatch.chdir(tmp_path)
    bad = BAD_FOR.get((command, option), BAD.get(option, ()))
    assert bad or option in BY_CASE, f"{command} {option}: say what it refuses"
    for value in bad:
        refused(run(command, ABSENT, f"{option}={value}"), option)


@pytest.mark.parametrize(("command", "option"), [(c, o) for c, o, _ in VALUED if o in BY_CASE])
def test_what_a_case_does_not_know_is_refused_before_the_work(
    command: str, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if (command, option) in BAD_FOR:
        pytest.skip("another option of that name")

    def work(*_: object, **__: object) -> None:
        raise AssertionError("work was begun")

    from foedus.forecasting.workers import Workers
    from foedus.process.model import Process

    monkeypatch.setattr(Workers, "run", work)
    monkeypatch.setattr(Process, "of", work)
    for value in BY_CASE[option]:
        refused(run(command, TOWNS, f"{option}={value}"), option)


GOOD = {
    "--on": "2024-06-30",
    "--only": "equilibria",
    "--from": "gmcr",
    "--concept": "seq",
    "--concepts": "seq",
    "--fail-on": "any",
    "--weights": "inside=1",
    "--output": "out.html",
    "--csv": "out.csv",
    "--share": "0.5",
    "--until": "0.5",
    "--behaviour": "myopic",
    "--leave-out": "none",
    "--scoring": "heuer",
    "--origins": "once",
    "--prior": "flat",
    "--mover": "north",
    "--question": "reached",
    "--kind": "union",
    "--as": "anna",
    "--host": "127.0.0.1",
    "--scheduler": "tcp://127.0.0.1:1",
    "--reach": "3",
    "--least-gain": "0.5",
    "--model": "compromise",
    "--scale": "0,10",
    "--to": "csv",
}
GOOD_FOR = {
    ("evidence ach", "--weights"): "grades",
    ("bargain", "--from"): "csv",
    ("batch", "--output"): "out.csv",
}


@pytest.mark.parametrize(
    ("command", "option"), [(c, o) for c, o, p in OPTIONS if not p.multiple and c != "schema"]
)
def test_an_option_of_one_value_is_taken_once(
    command: str, option: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    flag = next(p.is_flag for c, o, p in OPTIONS if (c, o) == (command, option))
    value = GOOD_FOR.get((command, option), GOOD.get(option))
    once = [option] if flag else [option, value or "7"]
    twice = run(command, ABSENT, *once, *once)
    refused(twice, option)
    assert "more than once" in twice.stderr
    if command != "diff" and option != "--formats":  # that one needs no file
        assert ABSENT in run(command, ABSENT, *once).stderr  # once is well


def test_an_option_of_a_list_adds_up() -> None:
    assert {o for _, o, p in OPTIONS if p.multiple} == {"--set", "--marks"}


def test_what_is_set_twice_is_refused() -> None:
    same = "preferences.north.worth.toll-income=4"
    refused(run("whatif", ABSENT, "--set", same, "--set", same), "--set")


def test_marks_given_twice_are_refused(tmp_path: Path) -> None:
    path = str(tmp_path / "marks.csv")
    assert CliRunner().invoke(app, ["evidence", "ach", TOWNS, "--csv", path]).exit_code == 0
    refused(run("evidence ach", TOWNS, "--marks", path, "--marks", path), "--marks")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["forecas"], "No such command 'forecas'"),
        (["forecast"], "CASE"),
        (["forecast", TOWNS, "--drawz", "3"], "--drawz"),
        (["forecast", TOWNS, "--draws"], "--draws"),
        (["check", TOWNS, "more"], "more"),
        (["--drawz"], "--drawz"),
        (["evidence", "achh"], "achh"),
    ],
)
def test_what_is_no_command_is_told_in_one_line(arguments: list[str], told: str) -> None:
    result = CliRunner(env={"COLUMNS": "20"}).invoke(app, arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert told in line


@pytest.mark.skipif(sys.platform == "win32", reason="no such devices on Windows")
def test_the_table_of_what_is_refused_names_no_other_option() -> None:
    known = {option for _, option, _ in OPTIONS}
    assert set(BAD) | set(BY_CASE) | set(GOOD) <= known
