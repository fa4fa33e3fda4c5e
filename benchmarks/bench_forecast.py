"""How long a forecast takes, part by part, and how time and memory grow with the draws.

    python benchmarks/bench_forecast.py [--case cases/belarus-2024.yaml] [--largest 100000]

Each line is a run of the command in a process of its own: seconds in all, milliseconds a draw, and
the most memory that it or one of its workers took. First the playout alone, which grows with the
draws; then all of it, of which what is judged and played otherwise has draws of its own number.
Then the parts of one run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import foedus
from foedus.forecasting.solve import forecast

SIZES = (1_000, 10_000, 100_000)

ASKED = "import resource, sys\nfrom foedus.cli import main\nsys.argv[0] = 'foedus'\n" + (
    "try:\n    main()\nfinally:\n"
    "    peak = max(resource.getrusage(w).ru_maxrss for w in (resource.RUSAGE_SELF, "
    "resource.RUSAGE_CHILDREN))\n"
    "    print(peak / 1024, file=sys.stderr)\n"
)


def run(
    case: str, draws: int, workers: int, *, alone: bool
) -> tuple[float, float, dict[str, object]]:
    """Seconds, megabytes and the answer of one run; ``alone``, nothing but the playout."""
    command = [sys.executable, "-c", ASKED, "forecast", case, "--json"]
    command += ["--draws", str(draws), "--workers", str(workers)]
    if alone:
        command += ["--stability-draws", "0", "--range-draws", "1"]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=True, text=True)
    seconds = time.perf_counter() - start
    return seconds, float(done.stderr.split()[-1]), json.loads(done.stdout)


def parts(case: str, draws: int, workers: int) -> dict[str, float]:
    """Seconds by what was being done."""
    taken: dict[str, float] = {}
    last = time.perf_counter()
    doing = "reading"

    def told(what: str, done: int, whole: int) -> None:
        nonlocal last, doing
        now = time.perf_counter()
        taken[doing] = taken.get(doing, 0.0) + now - last
        last, doing = now, what.partition(" (")[0]
        if done == whole:
            doing = "the rest"

    forecast(foedus.load(case), draws=draws, workers=workers, progress=told)
    taken[doing] = taken.get(doing, 0.0) + time.perf_counter() - last
    return taken


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Time a forecast.")
    root = Path(__file__).parent.parent
    parser.add_argument("--case", default=str(root / "cases" / "belarus-2024.yaml"))
    parser.add_argument("--largest", type=int, default=SIZES[-1])
    asked = parser.parse_args()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    print(f"foedus forecast {Path(asked.case).name} --json, on {cores} cores\n")
    print("| what | draws | workers | seconds | ms a draw | MB |")
    print("|:--|--:|--:|--:|--:|--:|")
    answers = set()
    sizes = [size for size in SIZES if size <= asked.largest]
    runs = [(True, size, 2) for size in sizes]
    runs += [(False, SIZES[1], 1), (False, SIZES[1], 2)]
    for alone, draws, workers in runs:
        seconds, peak, answer = run(asked.case, draws, workers, alone=alone)
        if not alone:
            answers.add(json.dumps(answer))
        what, each = "playout" if alone else "all", 1000 * seconds / draws
        row = f"| {what} | {draws:,} | {workers} | {seconds:.1f} | {each:.2f} | {peak:,.0f} |"
        print(row, flush=True)
    print(f"\nOne and two workers agree: {len(answers) == 1}")
    print("\n| part, 10,000 draws, 2 workers | seconds |")
    print("|:--|--:|")
    for what, seconds in parts(asked.case, SIZES[1], 2).items():
        print(f"| {what} | {seconds:.1f} |")


if __name__ == "__main__":
    main()
