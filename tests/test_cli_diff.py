"""``foedus diff``, in process: what it prints, and how what is wrong is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from foedus.cli.app import app

ROOT = Path(__file__).parent.parent
TOWNS = str(ROOT / "cases" / "two-towns.yaml")
GRAPH = {
    "program": "gmcr-py",
    "version": "0.4",
    "options": [
        {"name": "Sign", "permittedDirection": "both"},
        {"name": "Wait", "permittedDirection": "back"},
    ],
    "decisionMakers": [
        {"name": "Red", "options": [0], "preferences": [[[0, "Y"]]]},
        {"name": "Blue", "options": [1], "preferences": [[[0, "N"]]]},
    ],
    "infeasibles": [],
}


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(app, ["diff", *arguments])


@pytest.fixture
def other(tmp_path: Path) -> str:
    text = Path(TOWNS).read_text(encoding="utf-8")
    assert "value: 10}" in text
    path = tmp_path / "other.yaml"
    path.write_text(text.replace("value: 10}", "value: -5}"), encoding="utf-8")
    return str(path)


def test_it_says_what_differs_and_what_that_does(other: str) -> None:
    result = run(TOWNS, other, "--draws", "200", "--workers", "1", "--quiet")
    assert result.exit_code == 0, result.output
    assert "preferences.north.worth.toll-income" in result.stdout
    assert "A free bridge" in result.stdout
    assert result.stderr == ""


def test_json_holds_the_same(other: str) -> None:
    result = run(TOWNS, other, "--draws", "200", "--workers", "1", "--json")
    told = json.loads(result.stdout)
    assert [edit["name"] for edit in told["edits"]] == ["preferences.north.worth.toll-income"]
    moved = told["views"]["inside"]["free-bridge"]
    assert moved["total"] == moved["parts"][0]["alone"] != 0


def test_without_a_forecast(other: str) -> None:
    told = json.loads(run(TOWNS, other, "--no-forecast", "--json").stdout)
    assert told["views"] == {}
    assert told["forecasts"] == 0
    assert len(told["edits"]) == 1


@pytest.mark.parametrize("place", [0, 1])
def test_a_file_that_is_no_case_is_named(tmp_path: Path, place: int) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("foedus: 1\ntitle: T\n", encoding="utf-8")
    files = [TOWNS, TOWNS]
    files[place] = str(broken)
    result = run(*files)
    assert result.exit_code == 2
    assert all(line.startswith(f"{broken}:") for line in result.stderr.splitlines())


def test_a_share_that_makes_no_sense(other: str) -> None:
    result = run(TOWNS, other, "--share", "2", "--draws", "10")
    assert result.exit_code == 2
    told = "--share: '2' cannot be used; expected a number above 0 and at most 1\n"
    assert result.stderr == told


def test_graph_models_are_compared_as_imported(tmp_path: Path) -> None:
    path, other = tmp_path / "model.gmcr", tmp_path / "other" / "model.gmcr"
    other.parent.mkdir()
    path.write_text(json.dumps(GRAPH), encoding="utf-8")
    other.write_text(json.dumps(GRAPH).replace('"N"', '"Y"'), encoding="utf-8")
    assert "say the same" in " ".join(run(str(path), str(path), "--no-forecast").stdout.split())
    told = json.loads(run(str(path), str(other), "--no-forecast", "--json").stdout)
    assert told["edits"]
    assert all(edit["name"].startswith("preferences.blue") for edit in told["edits"])
