"""``foedus coalition``, in process: what it prints, writes and refuses."""

from __future__ import annotations

import importlib.util
import json
import math
import os
import sys
from pathlib import Path

import pytest
from test_tables import HISTORY, OPPORTUNITIES, PAIRS, PARTIES, written
from typer.testing import CliRunner, Result

from foedus.cli.app import app

ROOT = Path(__file__).parent.parent.parent
TABLE = str(ROOT / "tests" / "data" / "sundmark-parties.csv")
OUTSIDE = os.environ.get("FOEDUS_REFERENCE")
NAMES = ("opportunities.csv", "parties.csv", "history.csv", "pairs.csv")


def run(*arguments: str, command: str = "coalition") -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, [command, *arguments])


def test_a_table_is_answered_with_reasons() -> None:
    told = run(TABLE).stdout
    assert told.startswith("The likeliest government is Reds + Greens, with ")
    assert "“lrgen” as left right" in told
    assert "a minority, supported by Centre" in told
    assert "Centre (from outside) would rather agree" in told
    assert "governed with these partners before" in told
    data = json.loads(run(TABLE, "--json").stdout)
    assert sum(each["p"] for each in data["coalitions"]) == pytest.approx(1)
    assert sum(data["pm"].values()) == pytest.approx(1)
    few = json.loads(run(TABLE, "--json", "--list", "3").stdout)
    assert sum(each["p"] for each in few["coalitions"]) + few["rest"] == pytest.approx(1)
    assert few["others"] == 28


def test_more_seats_needed_make_more_partners() -> None:
    def mean_size(*more: str) -> float:
        data = json.loads(run(TABLE, "--json", *more).stdout)
        return sum(each["p"] * len(each["members"]) for each in data["coalitions"])

    assert mean_size("--majority", "75") > mean_size()


def test_a_case_is_written_checked_and_read_again(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    assert run(TABLE, "--case", str(path)).exit_code == 0
    assert run(str(path), command="check").exit_code == 0
    direct = json.loads(run(TABLE, "--json").stdout)["coalitions"]
    again = json.loads(run(str(path), "--json").stdout)["coalitions"]
    assert [each["members"] for each in again] == [each["members"] for each in direct]
    for one, other in zip(direct, again, strict=True):
        assert other["p"] == pytest.approx(one["p"], rel=1e-4)
    assert "Reds + Greens" in run(str(path)).stdout
    second = run(TABLE, "--case", str(path))
    assert second.exit_code == 2
    assert "--force" in second.stderr
    printed = run(TABLE, "--case", "-", "--list", "3")
    assert printed.stdout.startswith("foedus: 1\n")
    assert "the likeliest 3 of 31 coalitions" in printed.stderr


def test_many_chambers(tmp_path: Path) -> None:
    files = written(tmp_path, OPPORTUNITIES, PARTIES, HISTORY, PAIRS)
    (data,) = json.loads(run(*files, "--json").stdout)
    assert data["opp"] == "x-1"
    assert len(data["coalitions"]) == 7
    assert set(data["coalitions"][0]) == {"members", "p"}
    assert sum(each["p"] for each in data["coalitions"]) == pytest.approx(1)
    assert data["rest"] == 0
    assert set(data["pm"]) == {"7", "8", "9"}
    assert "x-1" in run(*files).stdout
    (few,) = json.loads(run(*files, "--json", "--list", "2").stdout)
    assert few["rest"] == pytest.approx(1 - sum(each["p"] for each in few["coalitions"]))


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    files = written(tmp_path, OPPORTUNITIES, PARTIES)
    for arguments, told in (
        ([*files, "--majority", "3"], "--majority: it is for one table of parties"),
        ([*files, "--case", "x.yaml"], "--case: it is for one table of parties"),
        ([*files, *files, files[0]], "FILES: 5 tables"),
        ([str(tmp_path / "none.csv")], "there is no such file"),
        ([TABLE, "--case", "-", "--json"], "would print two answers"),
        ([str(ROOT / "cases" / "belarus-2024.yaml")], "no issue `government`"),
    ):
        result = run(*arguments)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert told in result.stderr
        assert "Traceback" not in result.stderr


outside = pytest.mark.skipif(
    OUTSIDE is None, reason="FOEDUS_REFERENCE=DIR not set: outside governments unread"
)


@pytest.mark.reference
@outside
def test_all_the_governments_of_the_reference_are_answered() -> None:
    folder = Path(OUTSIDE or "") / "cabinets"
    data = json.loads(run(*(str(folder / name) for name in NAMES), "--json").stdout)
    assert len(data) == 677
    for each in data:
        listed = [c["p"] for c in each["coalitions"]]
        assert len(listed) <= 200
        assert math.fsum(listed) + each["rest"] == pytest.approx(1)
        assert sum(each["pm"].values()) == pytest.approx(1)


@pytest.mark.reference
@outside
def test_the_figures_of_the_simple_models_and_the_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Top-1, top-3 and log as published beside the data; the weights are those fitted on it."""
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    spec = importlib.util.spec_from_file_location(
        "record_governments", ROOT / "benchmarks" / "record_governments.py"
    )
    assert spec is not None
    assert spec.loader is not None
    record = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, record)
    spec.loader.exec_module(record)
    all_formed = record.formed(Path(OUTSIDE or "") / "cabinets")
    assert len(all_formed) == 532
    published = {
        "uniform": (0.029, 0.087, -4.55),
        "minimal connected winning": (0.113, 0.249, -4.39),
        "fewest parties": (0.101, 0.259, -4.41),
        "previous cabinet continues": (0.358, 0.387, -3.73),
        "conditional logit, 8 variables": (0.350, 0.513, -3.10),
    }
    for name, (first, three, log) in published.items():
        scores = record.scored(all_formed, record.MODELS[name](all_formed))
        assert scores.first.mean() == pytest.approx(first, abs=0.01)
        assert scores.three.mean() == pytest.approx(three, abs=0.01)
        assert scores.log.mean() == pytest.approx(log, abs=0.02)
    process = record.scored(all_formed, record.process(all_formed))
    assert process.log.mean() > -2.65
    assert process.three.mean() > 0.57
    assert process.brier.mean() < 0.155
