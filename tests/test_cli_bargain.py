"""The command that forecasts ordered issues, in process: tables, cases, reasons and refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from foedus.bargaining.solve import ALL, models_asked
from foedus.cli.app import app

POSITIONS = """proposal,issue,actor,position,salience
p1,toll,north,0,80
p1,toll,south,100,20
p1,width,north,30,10
p1,width,south,90,
p2,toll-2,south,55,40
"""
ISSUES = """proposal,issue,title,introduced,outcome
p1,toll,The toll,2004-01-01,100
p1,width,,2012-01-01,soon
p2,toll-2,Toll again,2015-06-01,
"""
STRONG = """actor,period,capability
north,pre2004,10
north,nice,29
south,pre2004,10
south,nice,1
"""
CASE = """foedus: 1
title: A bridge
actors:
  north: {name: North, capability: 3}
  south: {name: South, capability: 1}
issues:
  toll:
    name: The toll
    positions: {free: Free, half: Half, full: Full}
    scale: {free: 0, half: 5, full: 10}
    decided_by: north and south
today: {toll: free}
preferences:
  north: {stances: {toll: {position: full, salience: 2}}}
  south: {stances: {toll: {position: 2, salience: 1}}}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (
        ("positions.csv", POSITIONS),
        ("issues.csv", ISSUES),
        ("strong.csv", STRONG),
        ("case.yaml", CASE),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


BESIDE = "positions.csv", "--issues", "issues.csv", "--capabilities", "strong.csv"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["bargain", *arguments])


def answer(*arguments: str) -> list[dict[str, object]]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    found: list[dict[str, object]] = json.loads(result.stdout)
    return found


def told(result: Result) -> list[str]:
    """What was refused, in lines."""
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    return result.stderr.splitlines()


def test_a_forecast_of_each_issue_with_its_quantiles(folder: Path) -> None:
    found = answer(*BESIDE)
    assert [each["issue"] for each in found] == ["toll", "width", "toll-2"]
    levels = [f"{k / 20:.2f}" for k in range(1, 20)]
    for each in found:
        assert list(each) == ["proposal", "issue", "model", "prediction", "quantiles"]
        assert each["model"] == "best"
        quantiles = each["quantiles"]
        assert isinstance(quantiles, dict)
        assert list(quantiles) == levels
        assert list(quantiles.values()) == sorted(quantiles.values())
        assert each["prediction"] == quantiles["0.50"]


def test_all_models_and_the_weights_of_the_day(folder: Path) -> None:
    found = answer(*BESIDE, "--model", ALL)
    assert [each["model"] for each in found[: len(found) // 3]] == list(models_asked(ALL))
    points = {each["issue"]: each["prediction"] for each in found if each["model"] == "compromise"}
    assert points == pytest.approx({"toll": 20, "width": 30, "toll-2": 55})


def test_outcomes_are_not_read(folder: Path) -> None:
    before = answer(*BESIDE)
    (folder / "issues.csv").write_text(ISSUES.replace("100\n", "0\n").replace("soon", ""), "utf-8")
    assert answer(*BESIDE) == before


def test_an_option_is_set(folder: Path) -> None:
    (plain, *_) = answer(*BESIDE, "--model", "mean")
    (weighed, *_) = answer(*BESIDE, "--model", "mean", "--set", "mean.weights=salience")
    assert (plain["prediction"], weighed["prediction"]) == (50, pytest.approx(20))


def test_a_table_for_readers_has_reasons(folder: Path) -> None:
    result = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["bargain", *BESIDE])
    assert result.exit_code == 0
    assert "3 issues, forecast by best." in result.stdout
    (row,) = [line for line in result.stdout.splitlines() if "The toll" in line]
    assert row.split()[-2:] == ["south", "north"]  # pulled up by, pulled down by


def test_who_pulled_where(folder: Path) -> None:
    result = run(*BESIDE, "--explain", "toll", "--model", "compromise")
    assert result.exit_code == 0
    assert "Who pulls where" in result.stdout
    (data,) = json.loads(
        run(*BESIDE, "--explain", "toll", "--model", "compromise", "--json").stdout
    )
    pulls = {each["actor"]: each for each in data["pulls"]}
    assert pulls["north"]["weight"] == pytest.approx(0.8)
    assert pulls["north"]["force"] == pytest.approx(-16)
    assert pulls["south"]["force"] == pytest.approx(16)
    assert pulls["north"]["shift"] == pytest.approx(20 - 100)
    assert pulls["south"]["shift"] == pytest.approx(20 - 0)


def test_the_rounds_of_a_model_are_told(folder: Path) -> None:
    result = run(*BESIDE, "--explain", "toll", "--model", "challenge")
    assert "round 1" in result.stdout
    assert "goes from" in result.stdout


def test_a_case_is_forecast_from_its_stances(folder: Path) -> None:
    """Who decides has stances alone, so that other commands refuse the case and name this one."""
    (found,) = answer("case.yaml", "--model", "compromise")
    assert found["prediction"] == pytest.approx((6 * 10 + 1 * 2) / 7)
    nearest = found["nearest"]
    assert isinstance(nearest, list)
    assert [each["position"] for each in nearest] == ["Free", "Half", "Full"]
    assert sum(each["chance"] for each in nearest) == pytest.approx(1)
    shown = CliRunner(env={"COLUMNS": "160"}).invoke(app, ["bargain", "case.yaml"]).stdout
    assert "the nearest position" in shown
    (row,) = [line for line in shown.splitlines() if line.startswith("The toll")]
    assert row.split()[-2:] == ["North", "South"]
    assert "North" in run("case.yaml", "--explain", "toll").stdout
    line, _ = told(CliRunner().invoke(app, ["check", "case.yaml"]))
    assert line.startswith("case.yaml:14:11: actor 'north' decides but has stances alone")
    assert "`foedus bargain`" in line


def test_the_reference_point_of_a_case_is_today(folder: Path) -> None:
    """North gains by any toll over none, south by any up to twice its wish."""
    (found,) = answer("case.yaml", "--model", "nash-reference")
    assert 0 < found["prediction"] < 4  # type: ignore[operator]


@pytest.mark.parametrize(
    ("changed", "to", "wrong"),
    [
        (", capability: 1}", "}", "case.yaml:5:3: actor 'south' has stances but no capability"),
        ("position: 2,", "position: 12,", "the position 12 of 'south' is off the scale"),
        ("half: 5, full: 10", "half: 0, full: 0", "goes from 0 to 0"),
    ],
)
def test_a_case_that_cannot_be_forecast(folder: Path, changed: str, to: str, wrong: str) -> None:
    assert changed in CASE
    (folder / "case.yaml").write_text(CASE.replace(changed, to), encoding="utf-8")
    lines = told(run("case.yaml"))
    assert any(wrong in line for line in lines)


def test_a_case_without_ordered_issues(folder: Path) -> None:
    text = CASE.partition("today:")[0].replace("decided_by: north and south", "decided_by: nobody")
    (folder / "case.yaml").write_text(text + "preferences: {}\n", encoding="utf-8")
    (line,) = told(run("case.yaml"))
    assert "no actor has a stance on an issue with a scale" in line


def test_capabilities_that_nobody_has_are_alike(folder: Path) -> None:
    text = CASE.replace(", capability: 3", "").replace(", capability: 1", "")
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    (found,) = answer("case.yaml", "--model", "compromise")
    assert found["prediction"] == pytest.approx((2 * 10 + 2) / 3)


def test_stances_are_written_in_other_forms(folder: Path) -> None:
    written = run("case.yaml", "--to", "decide")
    assert written.exit_code == 0
    assert "#D\tnorth\ttoll\t10\t2\t3" in written.stdout
    assert run("case.yaml", "-o", "out.xml").exit_code == 0
    (there,) = answer("case.yaml", "--model", "compromise")
    (again,) = answer("out.xml", "--scale", "0,10", "--model", "compromise")
    assert again["prediction"] == pytest.approx(there["prediction"])
    assert told(run("case.yaml", "-o", "out.xml"))[0].startswith("--output: ")
    assert run("case.yaml", "-o", "out.xml", "--force").exit_code == 0
    assert told(run("case.yaml", "-o", "case.yaml", "--force"))[0].startswith("--output: ")
    other = "actor,position,salience,capability,issue\na,1,1,1,x\nb,1,1,1,x\na,1,1,2,y\n"
    (folder / "differ.csv").write_text(other, encoding="utf-8")
    assert told(run("differ.csv", "--to", "ktab-csv"))[0].startswith("--to: 'y' has other actors")


def test_what_is_wrong_with_tables_is_told_with_their_lines(folder: Path) -> None:
    (folder / "positions.csv").write_text(POSITIONS.replace("0,80", "0,8o"), encoding="utf-8")
    (line,) = told(run(*BESIDE))
    assert line.startswith("positions.csv:2:5: column `salience` has '8o'; expected a number")
    (folder / "strong.csv").write_text("actor,capability\nnorht,1\n", encoding="utf-8")
    lines = told(run(*BESIDE))
    assert any("no capability of 'north'; did you mean 'norht'?" in line for line in lines)
    assert told(run("none.csv"))[0].startswith("none.csv: there is no such file")
    assert told(run("positions.csv", "--issues", "none.csv"))[0].startswith("none.csv: ")


def test_an_unknown_issue_is_told_with_the_nearest(folder: Path) -> None:
    assert told(run(*BESIDE, "--explain", "tol")) == [
        "--explain: no issue 'tol'; did you mean 'toll'?"
    ]
    assert told(run("case.yaml", "--explain", "tol"))[0].startswith("--explain: no issue 'tol'")


def test_an_option_that_is_set_twice_is_refused(folder: Path) -> None:
    same = "--set", "challenge.Q=0.5"
    assert told(run(*BESIDE, *same, *same))[0].startswith("--set: ")
