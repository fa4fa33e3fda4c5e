"""How long stability takes, as a multiple of sorting the same rank arrays, and how that grows.

    python benchmarks/bench_stability.py [--largest 1048576]

Four movers of one actor each share the options evenly; each ranks all states at random, without
ties. Timed is Nash, GMR, SMR and SEQ on given ranks and moves, against a stable argsort of the
same int64 arrays in the same process; medians of seven. SIM looks at every pair of improvements and
is timed beside it, up to 32,768 states.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np

from foedus.case.reading import parse_case
from foedus.equilibria.solve import stability
from foedus.game import Game, game_of
from foedus.moves import Moves
from foedus.preferences import View

MOVERS = 4
RUNS = 7
OPTIONS = (12, 15, 18, 20)
CONCEPTS = ("nash", "gmr", "smr", "seq")
SIM_UP_TO = 1 << 15


def case_text(options: int) -> str:
    """A case of so many options, shared evenly among the movers; preferences stand in."""
    lines = ["foedus: 1", "title: A case to be timed", "actors:"]
    lines += [f"  m{k}: {{name: Mover {k}}}" for k in range(MOVERS)]
    lines += ["issues:"]
    for k in range(options):
        lines += [f"  o{k}: {{positions: {{n: Out, y: In}}, decided_by: m{k % MOVERS}}}"]
    lines += ["preferences:"]
    lines += [f"  m{k}: {{priorities: [{{when: o0 = y}}]}}" for k in range(MOVERS)]
    return "\n".join(lines) + "\n"


def random_views(game: Game, seed: int) -> dict[str, View]:
    """A strict ranking of all states for each actor, drawn at random."""
    draw = np.random.default_rng(seed)
    views = {}
    for actor, view in game.views.items():
        ranks = draw.permutation(len(game.space)).astype(np.int64)
        views[actor] = View(view.actor, "ordinal", ranks.astype(float), ranks.astype(float), ranks)
    return views


def median(work: Callable[[], object], runs: int = RUNS) -> float:
    """The median time of a piece of work, in seconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def row(options: int) -> str:
    """One line of the table: a space of two to the power of ``options`` states."""
    game = game_of(parse_case(case_text(options), file="bench.yaml"))
    views = random_views(game, seed=options)
    ranks = [view.levels for view in views.values()]

    def solve(concepts: tuple[str, ...]) -> None:
        # Moves and ranks are given; what solving keeps on them is not, so each run starts afresh.
        moves = tuple(Moves(game.space, given.mover) for given in game.moves)
        stability(Game(game.case, game.space, moves, views), concepts)

    def make_moves() -> None:
        for given in game.moves:
            Moves(game.space, given.mover)

    solved = median(lambda: solve(CONCEPTS)) - median(make_moves)
    plain = median(lambda: [np.argsort(r, kind="stable") for r in ranks])
    cells = [f"{len(game.space):,}", f"{plain * 1e3:.2f}", f"{solved * 1e3:.2f}"]
    cells += [f"{solved / plain:.1f}"]
    if len(game.space) <= SIM_UP_TO:
        sim = median(lambda: solve(("sim",)), 3)
        cells += [f"{sim * 1e3:.0f} ({sim / plain:.0f} times)"]
    else:
        cells += ["not timed"]
    return "| " + " | ".join(cells) + " |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description="Time stability against sorting.")
    parser.add_argument("--largest", type=int, default=1 << max(OPTIONS), help="number of states")
    largest = parser.parse_args().largest
    print(f"Nash + GMR + SMR + SEQ, {MOVERS} movers, random strict rankings, median of {RUNS}\n")
    print("| states | argsort, ms | four concepts, ms | times argsort | SIM alone, ms |")
    print("|--:|--:|--:|--:|--:|")
    for options in OPTIONS:
        if 1 << options <= largest:
            print(row(options), flush=True)


if __name__ == "__main__":
    main()
