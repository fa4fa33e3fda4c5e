"""Many cases and what-ifs in one table: each answer as `foedus.whatif` has it."""

from __future__ import annotations

import csv
import io
import os
import random
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest
from strategies import LONG
from typer.testing import CliRunner, Result

import foedus
from foedus.case.problems import CaseError
from foedus.cli.app import app
from foedus.forecasting.workers import Workers
from foedus.many_cases import batch, what_ifs
from foedus.sensitivity.settings import names_of
from foedus.sheets.rows import csv_text, workbook
from foedus.sheets.sheet import sheet_in

ROOT = Path(__file__).parents[2]
TOWNS = str(ROOT / "cases" / "two-towns.yaml")
TOLL, WIDE = "preferences.north.worth.toll-income", "preferences.north.worth.wide-bridge"


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def table(tmp_path: Path, text: str, name: str = "what-ifs.csv") -> str:
    path = tmp_path / name
    path.write_text(text)
    return str(path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["batch", *arguments])


MIXED = f"""what_if,{TOLL},{WIDE},set
dear,4,,
wider,,"[20, 35, 60]",
sooner,,,{TOLL}=4; deadline=2023-01-01
"""


def test_each_answer_is_that_of_whatif(tmp_path: Path) -> None:
    found = batch(table(tmp_path, MIXED), TOWNS, draws=300)
    rows = {(row.asked.name, row.answer): row for row in found.rows}
    assert list(rows)[:2] == [("", "one-town"), ("", "free-bridge")]
    assert len(rows) == 4 * 2
    for name, settings in {
        "dear": {TOLL: 4},
        "wider": {WIDE: [20, 35, 60]},
        "sooner": {TOLL: 4, "deadline": "2023-01-01"},
    }.items():
        told = foedus.whatif(TOWNS, settings, draws=300)
        for each in told.differences:
            row = rows[name, each.arrangement]
            assert row.case_hash == told.after.case_hash
            assert row.inside == pytest.approx(each.after, abs=1e-12)
            assert row.change == pytest.approx(each.change, abs=1e-12)
            assert row.change_se == pytest.approx(each.se, abs=1e-12)
            pooled = None if each.pooled is None else each.pooled[1]
            assert row.pooled == pytest.approx(pooled, abs=1e-12)
    assert rows["wider", "free-bridge"].change == 0
    assert rows["dear", "free-bridge"].change > 0  # more income from the toll, no bridge without


def test_the_table_that_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    asked = (table(tmp_path, MIXED), "--case", TOWNS, "--draws", "50", "--quiet")
    told = run(*asked, "--output", str(out))
    assert told.exit_code == 0, told.output
    printed = run(*asked, "--output", "-")
    rows = list(csv.DictReader(io.StringIO(out.read_text(), newline="")))
    assert out.read_bytes() == printed.stdout_bytes
    assert [row["what_if"] for row in rows[::2]] == ["", "dear", "wider", "sooner"]
    assert rows[4][WIDE] == "[20, 35, 60]"
    assert {row["draws"] for row in rows} == {"50"}
    again = run(*asked, "--output", str(out))
    assert again.exit_code == 2
    assert "--force writes over it" in again.stderr
    assert list((tmp_path / "cache" / "foedus" / "kept").iterdir()) == []


def test_a_workbook_is_read_and_written(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    path, out = tmp_path / "what-ifs.xlsx", tmp_path / "out.xlsx"
    path.write_bytes(workbook("x", [TOLL], [[4.0]], "x"))
    told = run(str(path), "--case", TOWNS, "--draws", "20", "--quiet", "--output", str(out))
    assert told.exit_code == 0, told.output
    other = batch(table(tmp_path, f"{TOLL}\n4\n"), TOWNS, draws=20)
    assert batch(path, TOWNS, draws=20).table() == other.table()
    assert out.read_bytes()[:2] == b"PK"


def test_a_grid_asks_every_combination(tmp_path: Path) -> None:
    found = batch(table(tmp_path, f"{TOLL},{WIDE}\n4,30\n5,\n,50\n"), TOWNS, grid=True, draws=5)
    asked = dict.fromkeys(tuple(row.asked.set.values()) for row in found.rows if row.asked.name)
    assert list(asked) == [(4, 30), (4, 50), (5, 30), (5, 50)]
    assert found.to_records()[2][TOLL] == 4


def test_all_that_is_wrong_is_told_before_the_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("work was begun")

    monkeypatch.setattr(Workers, "run", refuse)
    bad = table(tmp_path, f"what_if,{TOLL},set\na,4,\nb,[1],\nc,,{TOLL}\nd,,\n")
    with pytest.raises(CaseError) as caught:
        batch(bad, TOWNS)
    assert str(caught.value).splitlines() == [
        f"{bad}:3:2: {TOLL}: '[1]' is no range; expected [low, most likely, high], three numbers",
        f"{bad}:4:3: set: {TOLL!r} sets nothing; expected NAME=VALUE, such as "
        "preferences.north.worth.wide-bridge=40",
        f"{bad}:5:1: what_if: nothing is set in this row",
    ]
    fewer = table(tmp_path, f"{TOLL},deadlin,poll\n4,2024-01-01,\nmuch,,3\n", "fewer.csv")
    told = run(fewer, "--case", TOWNS, "--output", str(tmp_path / "o.csv"))
    assert told.exit_code == 2
    assert "did you mean 'deadline'?" in told.stderr
    assert "'poll'" in told.stderr
    assert not (tmp_path / "o.csv").exists()


def test_each_fault_is_told_once_by_its_own_cell(tmp_path: Path) -> None:
    text = (
        f"what_if,preferences.nort.worth.toll-income,tol,{TOLL},deadline\n"
        "a,1,2,nan,\nb,1,2,likly,\nc,1,2,[3,2024-01-01\nd,,2,4,2010-01-01\n"
    )
    bad = table(tmp_path, text)
    with pytest.raises(CaseError) as caught:
        batch(bad, TOWNS)
    told = [line.removeprefix(f"{bad}:") for line in str(caught.value).splitlines()]
    assert [line.split(": ")[0] for line in told] == ["1:2", "1:3", "2:4", "3:4", "4:4", "5:5"]
    assert "did you mean 'preferences.north.worth.toll-income'?" in told[0]
    assert "'tol'" in told[1]


def test_a_grid_with_a_heading_that_sets_something(tmp_path: Path) -> None:
    bad = table(tmp_path, f"{TOLL}=3,deadline\n4,2025-01-01\n")
    with pytest.raises(CaseError, match=f"1:1: the heading '{TOLL}=3' sets something; expected a"):
        batch(bad, TOWNS, grid=True)


def sheet(path: Path, rows: list[list[object]], merged: str = "") -> str:
    """A workbook as a person leaves it."""
    book = pytest.importorskip("openpyxl").Workbook()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    book.save(path)
    return str(path)


def test_what_a_spreadsheet_makes_of_cells(tmp_path: Path) -> None:
    day = datetime(2025, 1, 1)
    rows: list[list[object]] = [["what_if", TOLL, "deadline"], ["a", -7.5, day], ["b", 4, None]]
    found = batch(sheet(tmp_path / "good.xlsx", rows), TOWNS, draws=5)
    assert [row.asked.set for row in found.rows[2::2]] == [
        {TOLL: -7.5, "deadline": "2025-01-01"},
        {TOLL: 4.0},
    ]
    assert csv_text(found.columns, found.table()).splitlines()[3].split(",")[3] == "-7.5"
    unknown = sheet(tmp_path / "sum.xlsx", [["what_if", TOLL], ["a", "=1+1"], ["b", 5]])
    with pytest.raises(CaseError, match="2:2: a formula that was never worked out; expected"):
        batch(unknown, TOWNS)
    merged = sheet(tmp_path / "m.xlsx", [[TOLL, WIDE], [4, 30], [None, 40]], "A2:A3")
    with pytest.raises(CaseError, match="2:1: cells A2 to A3 are merged; expected"):
        batch(merged, TOWNS)
    stray = sheet(tmp_path / "s.xlsx", [[TOLL, WIDE], [4, 30, "?"]])
    with pytest.raises(CaseError, match="2:1: a row of 3 cells under 2 columns"):
        batch(stray, TOWNS)
    with pytest.raises(CaseError, match=r"a \.ods file is not read; expected"):
        batch(table(tmp_path, "x", "old.ods"), TOWNS)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "the table is empty"),
        (f"{TOLL}\n", "nothing below the heading"),
        (f"{TOLL},{TOLL}\n1,2\n", "there twice"),
        (f"{TOLL}\nmuch\n", "is no value of"),
        (f"{TOLL}\n1,2\n", "a row of 2 cells under 1 columns"),
        (f"{TOLL}\n\0\n", ""),
    ],
)
def test_tables_that_are_none(text: str, told: str, tmp_path: Path) -> None:
    result = run(table(tmp_path, text), "--case", TOWNS, "--output", str(tmp_path / "o.csv"))
    assert result.exit_code == 2, result.output
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "o.csv").exists()


def test_a_folder_of_cases(tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    folder.mkdir()
    text = Path(TOWNS).read_text()
    (folder / "b.yaml").write_text(text)
    (folder / "a.yml").write_text(text.replace("value: [20, 35, 50]", "value: 40"))
    (folder / "b.judge-anna.yaml").write_text("no case")
    (folder / "notes.txt").write_text("no case")
    found = batch(folder, draws=40)
    assert [Path(row.file).name for row in found.rows] == ["a.yml", "a.yml", "b.yaml", "b.yaml"]
    alone = foedus.forecast(TOWNS, draws=40, varied=False)
    told = [row.inside for row in found.rows[2:]]
    assert told == pytest.approx([alone.probability(r.answer).p for r in found.rows[2:]], abs=1e-9)
    every = batch(table(tmp_path, f"{TOLL}\n4\n"), folder, draws=5)
    assert [(Path(r.file).name, r.asked.name) for r in every.rows[::2]] == [
        *(("a.yml", ""), ("a.yml", "row 2"), ("b.yaml", ""), ("b.yaml", "row 2"))
    ]
    (folder / "c.yaml").write_text("foedus: 1\n")
    (folder / "d.yaml").write_text("[")
    (folder / "e.yaml").symlink_to("nowhere.yaml")
    with pytest.raises(CaseError) as caught:
        batch(folder)
    assert {line.split(": ")[1].split(":")[0] for line in str(caught.value).splitlines()} == {
        "c.yaml",
        "d.yaml",
        "e.yaml",
    }


def test_order_and_name_change_no_answer(tmp_path: Path) -> None:
    lines = [f"{TOLL},{WIDE}", "4,", ",40", "5,30"]
    one = batch(table(tmp_path, "\n".join(lines)), TOWNS, draws=30)
    turned = "\n".join([lines[0], *reversed(lines[1:])])
    other = batch(table(tmp_path, turned), TOWNS, draws=30, workers=2)

    def answers(found: object) -> set[tuple[object, ...]]:
        return {(*r.asked.set.items(), r.answer, r.inside, r.change) for r in found.rows}  # type: ignore[attr-defined]

    assert answers(one) == answers(other)


def test_a_grid_too_large_is_refused() -> None:
    names = [f"a{k}" for k in range(6)]
    rows = "\n".join(",".join([str(k)] * 6) for k in range(10))
    with pytest.raises(CaseError, match="a grid of 1,000,000 what-ifs; expected at most 100,000"):
        list(what_ifs(sheet_in(",".join(names) + "\n" + rows, "t.csv"), grid=True))


def killed_again_and_again(
    folder: Path, arguments: list[str], times: int, wait: tuple[float, float]
) -> None:
    """Begin a command, kill it after a random while, so many times; and at last let it end."""
    draw = random.Random(1)  # noqa: S311 (not for secrets)
    command = [sys.executable, "-c", "from foedus.cli import main; main()", *arguments]
    for _ in range(times):
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(draw.uniform(*wait))
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    subprocess.run(command, check=True, capture_output=True, timeout=1200)


@pytest.mark.skipif(sys.platform == "win32", reason="kills processes as Unix does")
def test_a_batch_killed_again_and_again_is_whole_and_right(tmp_path: Path) -> None:
    """200 what-ifs of the flagship killed ten times in the long tests; few and small here."""
    case = str(ROOT / "cases" / "belarus-2024.yaml") if LONG else TOWNS
    count, times, wait = (200, 10, (4.0, 30.0)) if LONG else (12, 2, (1.5, 2.5))
    draws = "200" if LONG else "1500"
    read = foedus.load(case)
    name = next(n for n in names_of(read) if n.startswith("preferences.") and ".worth." in n)
    draw = random.Random(7)  # noqa: S311
    text = f"{name}\n" + "".join(f"{draw.uniform(1, 40):.3f}\n" for _ in range(count))
    asked = [table(tmp_path, text), "--case", case, "--draws", draws, "--quiet"]
    out, whole = tmp_path / "killed.csv", tmp_path / "whole.csv"
    killed_again_and_again(
        tmp_path, ["batch", *asked, "--workers", "2", "--output", str(out)], times, wait
    )
    assert list((tmp_path / "cache" / "foedus" / "kept").iterdir()) == []
    if not LONG:
        assert run(*asked, "--workers", "1", "--output", str(whole)).exit_code == 0
    else:
        asked_again = ["batch", *asked, "--workers", "2", "--output", str(whole)]
        killed_again_and_again(tmp_path, asked_again, 0, wait)
    assert out.read_bytes() == whole.read_bytes()
    rows = list(csv.DictReader(io.StringIO(out.read_text(), newline="")))
    assert len({row["what_if"] for row in rows}) == count + 1
