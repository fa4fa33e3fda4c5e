"""What a Dask cluster costs beside processes of this machine, measured on loopback.

    python benchmarks/bench_cluster.py [--case cases/belarus-2024.yaml] [--draws 5000]

A scheduler and two workers are started on 127.0.0.1. Told are the bytes of the case, of a piece of
work and of its result as they travel; what a piece costs with nothing to do in it (the round trip
through scheduler and worker); the time a worker works on a piece of 250 draws; and a forecast by
two processes and by two workers of the cluster. From these the last lines reckon what 100 workers
would take: they are arithmetic, not a measurement.
"""

from __future__ import annotations

import argparse
import operator
import pickle
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

import foedus
from foedus.forecasting.cluster import Cluster
from foedus.forecasting.headline import headline, headline_options
from foedus.forecasting.pieces import Timed, solved_block
from foedus.forecasting.plan import Plan
from foedus.forecasting.streams import BLOCK, draw_blocks
from foedus.hiring import hired
from foedus.process.model import Process

ROOT = Path(__file__).parent.parent


def packed(thing: object) -> int:
    """How many bytes it is when it travels."""
    return len(pickle.dumps(thing, protocol=5))


def wall(work: object) -> float:
    """Seconds that a piece of work takes."""
    begun = time.perf_counter()
    work()  # type: ignore[operator]
    return time.perf_counter() - begun


def main() -> None:
    """Start a cluster, measure, and end it."""
    parser = argparse.ArgumentParser(description="Measure a cluster on loopback.")
    parser.add_argument("--case", default=str(ROOT / "cases" / "belarus-2024.yaml"))
    parser.add_argument("--draws", type=int, default=5_000)
    given = parser.parse_args()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    start = [sys.executable, "-m", "distributed.cli.dask_"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    port = address.rpartition(":")[2]
    more = ("--host", "127.0.0.1", "--no-dashboard")
    commands = [[*start[:2], f"{start[2]}scheduler", "--port", port, *more]]
    commands += [[*start[:2], f"{start[2]}worker", address, "--nthreads", "1", *more]] * 2
    crew = [subprocess.Popen(each, **quiet) for each in commands]  # type: ignore[call-overload]
    try:
        measure(foedus.load(given.case), address, given.draws)
    finally:
        for each in reversed(crew):
            each.terminate()
            each.wait()


def measure(case: foedus.Case, address: str, draws: int) -> None:
    """Print what the cluster at an address costs."""
    plan = Plan(case, headline_options(None))
    block = next(iter(draw_blocks(BLOCK, 1)))
    process = Process.of(case, plan.options)
    solved = solved_block(process, Timed(block))
    working = statistics.median(wall(lambda: solved_block(process, Timed(block))) for _ in range(5))
    print(f"the case as it travels: {packed(plan):,} bytes")
    print(f"a piece of {BLOCK} draws: {packed((solved_block, Timed(block))):,} bytes")
    print(f"its result: {packed((True, solved)):,} bytes")
    print(f"a worker's time for it: {working * 1e3:.0f} ms")
    cluster = Cluster(address)
    list(cluster.done(plan, operator.is_, range(20)))  # the case is there, and all is loaded
    some = [wall(lambda: list(cluster.done(plan, operator.is_, range(400)))) for _ in range(3)]
    trip = statistics.median(some) / 400
    print(f"a piece with nothing to do: {trip * 1e3:.2f} ms, {1 / trip:,.0f} a second")
    cluster.dismiss()

    def by(scheduler: str | None) -> float:
        with hired(2, scheduler) as workers:
            headline(case, draws=BLOCK * 12, seed=9, workers=workers)  # built, compiled
            return wall(lambda: headline(case, draws=draws, seed=1, workers=workers))

    here, there = by(None), by(address)
    print(f"{draws:,} draws: {here:.2f} s by two processes, {there:.2f} s by two workers")
    pieces = -(-100_000 // BLOCK)
    work = pieces * working
    print(
        f"reckoned, 100,000 draws ({pieces} pieces): {work:.0f} s of work; by 100 workers "
        f"{max(work / 100, pieces * trip):.1f} s, of which the scheduler is busy "
        f"{pieces * trip:.1f} s"
    )


if __name__ == "__main__":
    main()
