"""The harness that measures speed: figures, growth, and that a slow path fails the comparison."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

import measuring  # noqa: E402
import speed_page  # noqa: E402
from measuring import Measurement, Prepared, Spread, exponent, table, timed, verdict  # noqa: E402

REGISTRY = """
from measuring import Measurement, Prepared

def prepare(size):
    import foedus

    return Prepared(lambda: sum(range(40_000)), lambda: foedus.work(size), size)

MEASUREMENTS = (
    Measurement("adding", "a sum", "numbers", (10_000, 40_000), prepare),
    Measurement("what takes long", "a sum", "numbers", (1,), prepare, long=True),
)
"""


def point(size: float, *works: float, yardstick: float = 1.0) -> dict[str, Any]:
    return {"size": size, "works": list(works), "yardsticks": [yardstick] * len(works)}


@pytest.mark.parametrize("power", [0.0, 0.5, 1.0, 1.7, 3.0])
def test_the_exponent_of_a_power_is_that_power(power: float) -> None:
    points = [point(n, 3 * n**power) for n in (256, 512, 1024)]
    assert exponent(points) == pytest.approx(power, abs=1e-9)


def test_the_exponent_is_that_of_the_medians() -> None:
    points = [point(n, n, n / 10, n * 100) for n in (1, 2, 4)]
    assert exponent(points) == pytest.approx(1.0)
    assert exponent(points[:1]) is None


def test_a_difference_counts_beyond_the_tolerance_and_the_spread() -> None:
    assert verdict([1.0, 1.1, 1.05], [1.5, 1.6, 1.4]) == "slower"
    assert verdict([1.5, 1.6, 1.4], [1.0, 1.1, 1.05]) == "faster"
    assert verdict([1.0, 1.1, 1.05], [1.2, 1.22, 1.21]) == "same", "within the tolerance"
    assert verdict([1.0, 1.0, 1.45], [1.5, 1.6, 1.4]) == "same", "one round of each overlaps"
    assert verdict([1.0, 1.1, 1.05], [1.5, 1.6, 1.4], tolerance=2) == "same"


def test_work_is_timed_in_turn_with_its_yardstick(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, done = [0.0], []

    def taking(name: str, spent: float) -> measuring.Work:
        def run() -> None:
            done.append(name)
            clock[0] += spent

        return run

    monkeypatch.setattr(measuring, "processor_time", lambda: clock[0])
    made = Measurement(
        "x", "y", "n", (7,), lambda size: Prepared(taking("y", 0.5), taking("x", 1.5), size)
    )
    found = timed(made, 7, 3)
    assert done == ["y", "x"] * 4, "once unmeasured"
    assert measuring.ratios(found) == [3.0, 3.0, 3.0]
    assert found["size"] == 7


def test_quick_work_is_repeated_until_it_can_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]

    def quick() -> None:
        clock[0] += 0.003

    monkeypatch.setattr(measuring, "processor_time", lambda: clock[0])
    assert measuring.seconds(quick) == pytest.approx(0.003)
    assert clock[0] >= measuring.LEAST


def result(**more: Any) -> dict[str, Any]:
    points = [point(n, n * 1.0, n * 1.1, n * 0.9, yardstick=0.5) for n in (1000, 2000, 4000)]
    given = {"name": "a & b", "of": "a sort", "unit": "states", "bound": None, "points": points}
    return {**given, "exponent": exponent(points), **more}


def test_the_table_gives_ratios_with_their_spread() -> None:
    _, _, line, missing = table([result(bound=7000), result(missing="not there", points=())])
    assert line == (
        "| a & b | 4,000 states | 4,000 | 8,000 (7,200 to 8,800), over 7,000 | a sort | 1.00 |"
    )
    assert "not there" in missing
    assert str(Spread.of([3.0, 1.0, 2.0])) == "2 (1 to 3)"


def test_the_page_is_written_with_its_picture(tmp_path: Path) -> None:
    machine = measuring.machine()
    speed_page.write_page(tmp_path, {"machine": machine, "measurements": [result(), result()]})
    text = (tmp_path / "speed.md").read_text(encoding="utf-8")
    assert f"]({speed_page.PICTURE})" in text
    assert text.count("4,000 states") == 2
    drawing = (tmp_path / speed_page.PICTURE).read_text(encoding="utf-8")
    root = ElementTree.fromstring(drawing)  # noqa: S314 - written just before
    drawn = [each.attrib["points"] for each in root.iter() if each.tag.endswith("polyline")]
    assert len(drawn) == 2
    (x0, y0), *_, (x1, y1) = [map(float, p.split(",")) for p in drawn[0].split()]
    assert x1 - x0 == pytest.approx(speed_page.SIDE, abs=0.2)
    assert 0 < y0 - y1 < speed_page.SIDE, "in proportion, the spread apart"
    assert not any(math.isnan(float(n)) for pair in drawn[0].split() for n in pair.split(","))


# --- commits ----------------------------------------------------------------------------------


def git(folder: Path, *words: str) -> None:
    name = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", "-C", str(folder), *name, *words], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Three commits of a small program: as it was, three times slower, and with a comment."""
    folder = tmp_path / "program"
    source = folder / "src" / "foedus" / "__init__.py"
    source.parent.mkdir(parents=True)
    git(tmp_path, "init", "--quiet", str(folder))
    text = "def work(size):\n    return sum(range(size))\n"
    for name, written in (
        ("quick", text),
        ("slow", text.replace("sum(range(size))", "sum(range(3 * size))")),
        ("again", "# as before\n" + text),
    ):
        source.write_text(written, encoding="utf-8")
        git(folder, "add", ".")
        git(folder, "commit", "--quiet", "-m", name)
        git(folder, "tag", name)
    (tmp_path / "registry.py").write_text(REGISTRY, encoding="utf-8")
    return folder


def compared(repository: Path, before: str, after: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, str(ROOT / "benchmarks" / "all.py"), "--compare", before, after]
    line += ["--repository", str(repository), "--rounds", "3", "--tolerance", "1.6"]
    line += ["--registry", str(repository.parent / "registry.py")]
    return subprocess.run(line, capture_output=True, text=True, check=False)


def test_a_slow_path_found_by_the_comparison_fails_it(repository: Path) -> None:
    slower = compared(repository, "quick", "slow")
    assert slower.returncode == 1, slower.stderr
    assert "| slower |" in slower.stdout
    assert slower.stdout.endswith("slower: adding\n")
    faster = compared(repository, "slow", "again")
    assert faster.returncode == 0, faster.stderr
    assert "| faster |" in faster.stdout
    assert "what takes long" not in faster.stdout
    (kept, _) = sorted((repository / "out" / "bench").iterdir(), key=lambda p: p.stat().st_mtime)
    (figures,) = json.loads(kept.read_text(encoding="utf-8"))["measurements"]
    assert [len(figures["before"]), len(figures["after"])] == [3, 3]
    trees = subprocess.run(
        ["git", "-C", str(repository), "worktree", "list"], capture_output=True, text=True
    )
    assert len(trees.stdout.splitlines()) == 1, "nothing stays checked out"


def test_what_a_commit_does_not_have_is_said(repository: Path) -> None:
    source = repository / "src" / "foedus" / "__init__.py"
    source.write_text("", encoding="utf-8")
    git(repository, "commit", "--quiet", "-a", "-m", "nothing")
    done = compared(repository, "again", "HEAD")
    assert done.returncode == 0
    assert "has no attribute 'work'" in done.stdout


def test_every_measurement_that_make_bench_lists_is_told_apart() -> None:
    from runpy import run_path

    found = run_path(str(ROOT / "benchmarks" / "measurements.py"))["MEASUREMENTS"]
    assert len({each.name for each in found}) == len(found)
    for each in found:
        assert list(each.sizes) == sorted(set(each.sizes))
        assert len(each.sizes) in (1, 3)
