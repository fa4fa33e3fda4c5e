"""How long stability takes, as a multiple of sorting the same rank arrays, and how that grows.

    python benchmarks/bench_stability.py [--largest 1048576] [--command]

Four movers of one actor each share the options evenly. The first table is of `foedus stability
FILE --json --concepts nash,gmr,smr,seq,sim` on a file in which each actor has one priority an
option, in random order and direction: processor time of the whole command, less that of the same
command on a file of two options (start-up); medians of five. The measure is a stable argsort of
four int64 arrays that rank as many states at random: a sort of ranks that follow the numbering of
the states, as those of priorities do, is several times faster. ``--command`` prints that table
alone.

The second is of the solvers, on given moves: each actor ranks all states at random, without ties.
Timed are Nash, GMR, SMR and SEQ, and beside them SIM; medians of seven and of three.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from foedus.case.reading import parse_case
from foedus.equilibria.solve import stability
from foedus.game.product import ProductMoves
from foedus.preferences import View
from foedus.preferences.games import Game, game_of

MOVERS = 4
RUNS = 7
COMMAND_RUNS = 5
OPTIONS = (12, 15, 18, 20)
COMMAND_OPTIONS = (12, 14, 16)
CONCEPTS = ("nash", "gmr", "smr", "seq")
ALL = (*CONCEPTS, "sim")
SIM_UP_TO = 1 << 18
START = "from foedus.cli import main; main()"


def case_text(options: int, seed: int = 1) -> str:
    """A case of so many options, shared evenly, with priorities drawn at random."""
    draw = random.Random(seed)  # noqa: S311 (not for secrets)
    lines = ["foedus: 1", "title: A case to be timed", "actors:"]
    lines += [f"  m{k}: {{name: Mover {k}}}" for k in range(MOVERS)]
    lines += ["issues:"]
    for k in range(options):
        lines += [f"  o{k}: {{positions: {{n: Out, y: In}}, decided_by: m{k % MOVERS}}}"]
    lines += ["preferences:"]
    for k in range(MOVERS):
        lines += [f"  m{k}:", "    priorities:"]
        for option in draw.sample(range(options), options):
            lines += [f"      - {{when: o{option} = {draw.choice('ny')}}}"]
    return "\n".join(lines) + "\n"


def random_views(game: Game, seed: int) -> dict[str, View]:
    """A strict ranking of all states for each actor, drawn at random."""
    draw = np.random.default_rng(seed)
    views = {}
    for actor, view in game.views.items():
        ranks = draw.permutation(len(game.space)).astype(np.int64)
        values = ranks.astype(float)
        views[actor] = View(view.actor, "ordinal", values, values, ranks)
    return views


def median(work: Callable[[], object], runs: int = RUNS) -> float:
    """The median processor time of a piece of work, in seconds."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def sorting(states: int) -> float:
    """The time of a stable argsort of a random rank array of so many states for each mover."""
    draw = np.random.default_rng(1)
    ranks = [draw.permutation(states).astype(np.int64) for _ in range(MOVERS)]
    return median(lambda: [np.argsort(r, kind="stable") for r in ranks])


def command_time(text: str, concepts: tuple[str, ...]) -> float:
    """The processor time of the command on a case, in seconds; median of ``COMMAND_RUNS``."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "case.yaml"
        file.write_text(text, encoding="utf-8")
        command = [sys.executable, "-c", START, "stability", str(file), "--json"]
        command += ["--concepts", ",".join(concepts)]
        times = []
        for _ in range(COMMAND_RUNS):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            with (Path(folder) / "out.json").open("wb") as out:
                subprocess.run(command, check=True, stdout=out)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        return statistics.median(times)


def command_row(options: int, start: float) -> str:
    """One line of the first table; ``start`` is the start-up in seconds."""
    text = case_text(options)
    plain = sorting(1 << options)
    cells = [f"{1 << options:,}", f"{plain * 1e3:.2f}"]
    for concepts in (CONCEPTS, ALL):
        taken = command_time(text, concepts) - start
        cells += [f"{taken:.2f}", f"{taken / plain:.0f}"]
    return "| " + " | ".join(cells) + " |"


def row(options: int) -> str:
    """One line of the second table: a space of two to the power of ``options`` states."""
    game = game_of(parse_case(case_text(options), file="bench.yaml"))
    views = random_views(game, seed=options)

    def solve(concepts: tuple[str, ...]) -> None:
        # Moves and ranks are given; what solving keeps on them is not, so each run starts afresh.
        moves = tuple(ProductMoves(game.space, given.mover) for given in game.moves)
        stability(Game(game.case, game.space, moves, views, game.rights), concepts)

    def make_moves() -> None:
        for given in game.moves:
            ProductMoves(game.space, given.mover)

    solved = median(lambda: solve(CONCEPTS)) - median(make_moves)
    plain = sorting(len(game.space))
    cells = [f"{len(game.space):,}", f"{plain * 1e3:.2f}", f"{solved * 1e3:.2f}"]
    cells += [f"{solved / plain:.1f}"]
    if len(game.space) <= SIM_UP_TO:
        sim = median(lambda: solve(("sim",)), 3)
        cells += [f"{sim * 1e3:.0f} ({sim / plain:.0f} times)"]
    else:
        cells += ["not timed"]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Time stability against sorting.")
    parser.add_argument("--largest", type=int, default=1 << max(OPTIONS), help="number of states")
    parser.add_argument("--command", action="store_true", help="the whole command alone")
    given = parser.parse_args()
    start = command_time(case_text(2), ALL)
    print(f"The whole command, random priorities; start-up of {start:.2f} s taken off\n")
    print(
        "| states | argsort, ms | four concepts, s | times argsort | with SIM, s | times argsort |"
    )
    print("|--:|--:|--:|--:|--:|--:|")
    for options in COMMAND_OPTIONS:
        if 1 << options <= given.largest:
            print(command_row(options, start), flush=True)
    if given.command:
        return
    print(f"\nThe solvers, {MOVERS} movers, random strict rankings\n")
    print("| states | argsort, ms | four concepts, ms | times argsort | SIM alone, ms |")
    print("|--:|--:|--:|--:|--:|")
    for options in OPTIONS:
        if 1 << options <= given.largest:
            print(row(options), flush=True)


if __name__ == "__main__":
    main()
