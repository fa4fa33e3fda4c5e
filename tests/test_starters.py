"""The starters: each is short, in order, runs, has its page, and is what ``new`` writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from commands import run
from jsonschema import Draft202012Validator

import foedus
from foedus.case.schema import json_schema
from foedus.case.source import plain_data, read_source
from foedus.process.model import Behaviour, Process
from foedus.process.present import present
from foedus.starters import PLAINEST, ids, questions, starter

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "src" / "foedus" / "starters"
FILES = sorted(FOLDER.glob("*.yaml"))
PAGES = ROOT / "docs" / "starters"

each_starter = pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)


def test_the_kinds_are_the_files() -> None:
    assert list(ids()) == [path.stem for path in FILES]
    assert PLAINEST in ids()
    assert {"coalition", "referendum", "sanctions", "succession", "union"} <= set(ids())


@each_starter
def test_a_starter_is_short_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    assert len(lines) < 60
    assert re.fullmatch(rf"# {path.stem}: [A-Z].{{20,120}}\?", lines[0]), "its question"
    assert "made up" in text.lower()
    assert "change first" in text.lower()
    assert questions()[path.stem] == lines[0].partition(": ")[2]
    assert starter(path.stem) == text


@each_starter
def test_a_starter_is_in_order(path: Path) -> None:
    data = plain_data(read_source(path.read_text(encoding="utf-8"), path.stem).data)
    assert {"as_of", "deadline", "question", "questions", "evidence", "hypotheses"} <= set(data)
    assert 2 <= len(data["issues"]) <= 4
    assert 3 <= len(data["actors"]) <= 5
    assert data.get("events")
    assert data.get("records") or data.get("reference_classes")
    assert not foedus.check(path).slips.failing(("warning",))


@each_starter
def test_a_starter_explains_its_present(path: Path) -> None:
    assert present(Process.of(foedus.load(path))).unexplained == ()


@each_starter
def test_any_reader_of_yaml_reads_a_starter(path: Path) -> None:
    """PyYAML's own reader too, which takes fewer plain texts than the one in C."""
    text = path.read_text(encoding="utf-8")
    assert list(yaml.parse(text, Loader=yaml.SafeLoader))


def test_the_starters_agree_with_the_schema() -> None:
    validator = Draft202012Validator(json_schema())
    for path in FILES:
        data = plain_data(read_source(path.read_text(encoding="utf-8"), path.stem).data)
        assert [error.message for error in validator.iter_errors(data)] == [], path.stem


@each_starter
@pytest.mark.parametrize("behaviour", ["myopic", "farsighted"])
def test_a_starter_has_a_forecast(path: Path, behaviour: Behaviour) -> None:
    told = run("forecast", str(path), "--most-likely", "--behaviour", behaviour)
    assert told.exit_code == 0, told.output
    case = foedus.load(path)
    for each in case.hypotheses:
        assert case.arrangements[each].name in " ".join(told.stdout.split())


@each_starter
def test_a_starter_has_a_page(path: Path) -> None:
    page = (PAGES / f"{path.stem}.md").read_text(encoding="utf-8")
    assert f"--kind {path.stem}" in page
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    assert f"]({path.stem}.md)" in index


# --- the command ------------------------------------------------------------------------------


@each_starter
def test_new_writes_the_starter(path: Path, tmp_path: Path) -> None:
    made = tmp_path / "mine.yaml"
    told = run("new", str(made), "--kind", path.stem)
    assert told.exit_code == 0
    assert made.read_bytes() == path.read_bytes()
    for command in ("check", "forecast", "accept", "whatif"):
        assert f"foedus {command} " in told.stdout
    assert told.stderr == f"written: {made}\n"


def test_what_stands_already_reverts_to_nothing() -> None:
    """The alliance is whole today, and nothing in that case reverts."""
    made = str(FOLDER / "alliance.yaml")
    told = " ".join(run("accept", made).stdout.split())
    assert "Nobody has to be asked for “The alliance is whole”." in told
    assert "revert" not in told
    why = " ".join(run("explain", made, "whole").stdout.split())
    assert "comes by itself. The status quo is so if nobody acts." in why


def test_figures_are_no_finer_than_a_tenth() -> None:
    """With the rate set no draw differs in how long the leader lives: no error is left."""
    made = str(FOLDER / "succession.yaml")
    told = run("whatif", made, "--set", "events.death.rate=0.3", "--draws", "20").stdout
    assert re.search(r"falls from \d+% to\s+\d\d\.\d%", told)
    expected = run("forecast", made, "--most-likely").stdout.partition("What each actor expects")[2]
    assert len(re.findall(r": −?\d+(?:\.\d)?$", expected, re.M)) == 5


def test_new_without_a_kind_lists_them(tmp_path: Path) -> None:
    made = tmp_path / "mine.yaml"
    told = run("new", str(made))
    assert made.read_text(encoding="utf-8") == starter(PLAINEST)
    shown = " ".join(told.stdout.split())
    for kind in ids():
        assert f" {kind} " in shown


def test_the_help_names_the_kinds() -> None:
    shown = " ".join(run("new", "--help").stdout.split())
    for kind in ids():
        assert f" {kind}" in shown


def test_new_prints_the_starter_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = run("new", "-")
    assert (told.stdout, told.stderr) == (starter(PLAINEST), "")
    assert not list(tmp_path.iterdir())


def test_new_writes_over_nothing(tmp_path: Path) -> None:
    made = tmp_path / "mine.yaml"
    made.write_text("mine", encoding="utf-8")
    told = run("new", str(made), "--kind", "union")
    assert told.exit_code == 2
    assert "it is there already; --force writes over it" in told.stderr
    assert (told.stdout, made.read_text(encoding="utf-8")) == ("", "mine")
    assert run("new", str(made), "--kind", "union", "--force").exit_code == 0
    assert made.read_text(encoding="utf-8") == starter("union")


def test_new_names_the_kind_that_is_near(tmp_path: Path) -> None:
    made = tmp_path / "mine.yaml"
    told = run("new", str(made), "--kind", "sucession")
    assert told.exit_code == 2
    assert "did you mean 'succession'?" in told.stderr
    assert not made.exists()
