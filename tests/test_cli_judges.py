"""``foedus judges``, in process: what it prints, writes and asks, and how what is wrong is told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import foedus
from foedus.cli.app import app

TOWNS = Path(__file__).parent.parent / "cases" / "two-towns.yaml"
TOLL = "preferences.north.worth.toll-income"


def run(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, ["judges", *arguments])


@pytest.fixture
def case(tmp_path: Path) -> str:
    path = tmp_path / "towns.yaml"
    shutil.copy(TOWNS, path)
    return str(path)


def written(case: str, **toll: str) -> None:
    for name, value in toll.items():
        result = run(case, "--as", name, "--set", f"{TOLL}={value}")
        assert result.exit_code == 0, result.output


def test_what_is_written_is_found_and_compared(case: str) -> None:
    written(case, Anna="-5", Boris="[10, 15, 20]")
    result = run(case, "--draws", "50", "--workers", "1", "--quiet")
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(
        "Anna and Boris differ on one judgement, and the answer does not depend on it."
    )
    assert "differ by 20 points on North Town's judgement “toll-income”" in result.stdout
    assert result.stderr == ""
    diff = CliRunner().invoke(
        app, ["diff", case, case.replace(".yaml", ".judge-Anna.yaml"), "--no-forecast", "--json"]
    )
    assert [edit["name"] for edit in json.loads(diff.stdout)["edits"]] == [TOLL]


def test_json_and_python_say_the_same(case: str) -> None:
    written(case, Anna="-5", Boris="15")
    told = json.loads(run(case, "--draws", "20", "--workers", "1", "--json").stdout)
    found = foedus.judges(case, draws=20)
    assert told == json.loads(json.dumps(found.to_dict()))
    assert told["judges"] == ["Anna", "Boris"]
    named = foedus.judges(case, {"B": case.replace(".yaml", ".judge-Boris.yaml")}, draws=0)
    assert named.names == ("B",)


def test_only_the_files_named_are_judges(case: str) -> None:
    written(case, Anna="-5", Boris="15", Clara="30")
    files = [case.replace(".yaml", f".judge-{name}.yaml") for name in ("Clara", "Anna")]
    told = json.loads(run(case, *files, "--no-forecast", "--json").stdout)
    assert told["judges"] == ["Clara", "Anna"]
    assert told["views"] == {}
    assert (told["forecasts"], told["draws"]) == (0, 0)


def test_the_questions_of_a_case(case: str) -> None:
    result = run(case, "--questions")
    assert "How much is it worth to North Town that “toll” is “Toll”?" in result.stdout
    told = json.loads(run(case, "--questions", "--json").stdout)["questions"]
    own = next(each for each in told if each["name"] == TOLL)
    assert (own["unit"], own["mode"], own["least"], own["words"]) == ("points", 10, None, [])


def test_what_is_wrong_is_told_with_its_place(case: str, tmp_path: Path) -> None:
    none = run(case)
    assert (none.exit_code, none.stderr) == (
        2,
        f"{case}: no judge's file stands beside it; expected such as towns.judge-anna.yaml\n",
    )
    written(case, Anna="-5")
    again = run(case, "--as", "Anna")
    assert again.exit_code == 2
    assert again.stderr.endswith("it is there already; --force writes over it\n")
    assert run(case, "--as", "Anna", "--force").exit_code == 0
    other = tmp_path / "towns.judge-Anna.yaml"
    other.write_text(TOWNS.read_text("utf-8").replace("done: 3", "done: 4"), encoding="utf-8")
    result = run(case)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"{other}:")
    assert "records.town-deals is no judgement" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--set", f"{TOLL}=3"], "--set: it is given without `--as`"),
        (["--as", "../x"], "--as: '../x' cannot name a judge"),
        (["--as", "x", "--set", f"{TOLL}=3", "--set", f"{TOLL}=4"], "is given twice"),
        (["--as", "x", "--set", "preferences.north.worth.toll=3"], "toll-income"),
        (["--as", "x", "--set", "as_of=2020"], "as_of is no judgement"),
    ],
)
def test_what_cannot_be_written(case: str, arguments: list[str], told: str) -> None:
    result = run(case, *arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert [path.name for path in Path(case).parent.iterdir()] == ["towns.yaml"]


def test_what_looks_like_a_slip_of_a_judge_is_told(case: str) -> None:
    for result in (
        run(case, "--as", "Anna", "--set", "preferences.voters.support.s1=0.3"),
        run(case, "--no-forecast"),
    ):
        assert result.exit_code == 0
        assert "towns.judge-Anna.yaml" in result.stderr
        assert "0.3" in result.stderr


def test_two_files_of_one_name_and_an_imported_one(case: str, tmp_path: Path) -> None:
    written(case, Anna="-5")
    anna = case.replace(".yaml", ".judge-Anna.yaml")
    assert "give each judge another name" in run(case, anna, anna).stderr
    model = tmp_path / "model.gmcr"
    model.write_text("{}", encoding="utf-8")
    assert "judges judge case files" in run(str(model), anna).stderr
