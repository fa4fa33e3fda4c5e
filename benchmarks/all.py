"""Measure the speed of foedus: one table, or two commits beside each other.

    python benchmarks/all.py [--only NAME] [--long] [--page]
    python benchmarks/all.py --compare A B [--only NAME] [--rounds 5] [--tolerance 1.25]

Each measurement runs in a process of its own. The first form prints a table of ratios with their
spread and how time grows with size, and keeps all timings as JSON in out/bench; ``--page`` also
writes docs/speed.md with its picture.

The second form checks both commits out beside each other, and runs the measurements of this
checkout on the sources of each, turn by turn. It ends with exit code 1 where something became
slower by more than the tolerance and than the rounds differ among themselves.
"""

from __future__ import annotations

import argparse
import json
import os
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from measuring import (  # noqa: E402
    TOLERANCE,
    Measurement,
    Spread,
    exponent,
    keep,
    machine,
    ratios,
    table,
    timed,
    verdict,
)

ROOT = HERE.parent
REGISTRY = HERE / "measurements.py"
SLOWER = 1
"""The exit code when something became slower."""


def registered(file: Path) -> tuple[Measurement, ...]:
    """The measurements that a file lists."""
    sys.path.insert(0, str(file.parent))
    found: tuple[Measurement, ...] = runpy.run_path(str(file))["MEASUREMENTS"]
    return found


def chosen(file: Path, only: Sequence[str], *, long: bool) -> list[Measurement]:
    """Those whose names hold one of the texts, if there are any; else all, or all but the long."""
    every = registered(file)
    if only:
        return [each for each in every if any(text in each.name for text in only)]
    return [each for each in every if long or not each.long]


# --- one measurement in a process of its own --------------------------------------------------


def in_child(file: Path, name: str, size: int, repeats: int, source: Path) -> dict[str, Any] | str:
    """The timings of one size, on the sources in a folder; what went wrong where it did."""
    line = [sys.executable, str(HERE / "all.py"), "--registry", str(file), "--child", name]
    line += ["--size", str(size), "--rounds", str(repeats)]
    # One thread: so processor time is that of the work, not of others waiting for it.
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    environment = {**os.environ, **threads, "PYTHONPATH": str(source)}
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        return (done.stderr.strip().splitlines() or ["no word"])[-1]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def child(file: Path, name: str, size: int, repeats: int) -> None:
    """Time one size in this process, and print the timings."""
    (measurement,) = (each for each in registered(file) if each.name == name)
    print(json.dumps(timed(measurement, size, repeats)))


# --- all of them ------------------------------------------------------------------------------


def measured(file: Path, measurement: Measurement, source: Path) -> dict[str, Any]:
    """All sizes of a measurement, as plain data."""
    result: dict[str, Any] = {
        key: value for key, value in asdict(measurement).items() if key not in ("prepare", "sizes")
    }
    points = []
    for size in measurement.sizes:
        point = in_child(file, measurement.name, size, measurement.repeats, source)
        if isinstance(point, str):
            return {**result, "missing": point}
        points.append(point)
    return {**result, "points": points, "exponent": exponent(points)}


def measure(file: Path, measurements: Sequence[Measurement], *, page: bool) -> int:
    """Measure, print one table, and keep the figures."""
    results = []
    for measurement in measurements:
        print(f"{measurement.name} ...", file=sys.stderr, flush=True)
        results.append(measured(file, measurement, ROOT / "src"))
    data = {"commit": commit_of(ROOT, "HEAD"), "machine": machine(), "measurements": results}
    data["changed"] = bool(git(ROOT, "status", "--porcelain", "--untracked-files=no"))
    print("\n".join(table(results)))
    path = ROOT / "out" / "bench" / f"{data['commit']}{'-changed' if data['changed'] else ''}.json"
    keep(path, data)
    print(f"\nkept: {path.relative_to(ROOT)}")
    if page:
        from speed_page import write_page

        write_page(ROOT / "docs", data)
    return 1 if any("missing" in result for result in results) else 0


# --- two commits ------------------------------------------------------------------------------


def git(repository: Path, *words: str) -> str:
    """What a command of git prints."""
    line = ["git", "-C", str(repository), *words]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()


def commit_of(repository: Path, name: str) -> str:
    """The first letters of the commit that a name stands for."""
    return git(repository, "rev-parse", "--short=12", f"{name}^{{commit}}")


@contextmanager
def checked_out(repository: Path, commit: str) -> Iterator[Path]:
    """A folder with the files of a commit, gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tree"
        git(repository, "worktree", "add", "--detach", str(path), commit)
        try:
            yield path
        finally:
            git(repository, "worktree", "remove", "--force", str(path))


def compare(
    repository: Path,
    names: tuple[str, str],
    file: Path,
    measurements: Sequence[Measurement],
    rounds: int,
    tolerance: float,
) -> int:
    """Compare two commits at the largest size of each measurement; the exit code."""
    before, after = (commit_of(repository, name) for name in names)
    print(f"| what | {before}, ratio | {after}, ratio | times | verdict |\n|:--|--:|--:|--:|:--|")
    slower = []
    results: list[dict[str, Any]] = []
    with checked_out(repository, before) as old, checked_out(repository, after) as new:
        for measurement in measurements:
            found: dict[Path, list[float]] = {old: [], new: []}
            wrong = ""
            for number in range(rounds):
                for tree in (old, new) if number % 2 == 0 else (new, old):
                    point = in_child(file, measurement.name, measurement.sizes[-1], 3, tree / "src")
                    if isinstance(point, str):
                        wrong = f"not in {before if tree is old else after}: {point}"
                        break
                    found[tree].append(Spread.of(ratios(point)).middle)
                if wrong:
                    break
            if wrong:
                print(f"| {measurement.name} | | | | {wrong} |", flush=True)
                continue
            said = verdict(found[old], found[new], tolerance)
            times = Spread.of(found[new]).middle / Spread.of(found[old]).middle
            told = f"{Spread.of(found[old])} | {Spread.of(found[new])} | {times:.2f} | {said}"
            print(f"| {measurement.name} | {told} |", flush=True)
            slower += [measurement.name] if said == "slower" else []
            results.append(
                {
                    "name": measurement.name,
                    "before": found[old],
                    "after": found[new],
                    "verdict": said,
                }
            )
    data = {"before": before, "after": after, "machine": machine(), "measurements": results}
    keep(repository / "out" / "bench" / f"{before}-{after}.json", data)
    if slower:
        print(f"\nslower: {', '.join(slower)}")
    return SLOWER if slower else 0


def main(words: Sequence[str] | None = None) -> int:
    """Measure as the arguments ask; the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", action="append", default=[], help="a part of a name")
    parser.add_argument("--long", action="store_true", help="also what takes long")
    parser.add_argument("--page", action="store_true", help="write docs/speed.md")
    parser.add_argument("--compare", nargs=2, metavar=("A", "B"), help="two commits")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--tolerance", type=float, default=TOLERANCE)
    parser.add_argument("--repository", type=Path, default=ROOT, help=argparse.SUPPRESS)
    parser.add_argument("--registry", type=Path, default=REGISTRY, help=argparse.SUPPRESS)
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--size", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args(words)
    if given.child is not None:
        child(given.registry, given.child, given.size, given.rounds)
        return 0
    measurements = chosen(given.registry, given.only, long=given.long)
    if not measurements:
        parser.error("no measurement has such a name")
    if given.compare:
        return compare(
            given.repository,
            tuple(given.compare),
            given.registry,
            measurements,
            given.rounds,
            given.tolerance,
        )
    return measure(given.registry, measurements, page=given.page)


if __name__ == "__main__":
    sys.exit(main())
