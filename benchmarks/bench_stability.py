"""How long stability takes, as a multiple of sorting the same rank arrays, and how that grows.

    python benchmarks/bench_stability.py [--largest 1048576] [--command] [--movers 4]
    python benchmarks/bench_stability.py --large [--movers 6] [--sizes 18 20 22 24]
    python benchmarks/bench_stability.py --groups

Movers of one actor each share the options evenly. The first table is of `foedus stability
FILE --json --concepts nash,gmr,smr,seq,sim` on a file in which each actor has one priority an
option, in random order and direction: processor time of the whole command, less that of the same
command on a file of two options (start-up); medians of five. The measure is a stable argsort of
int64 arrays, one a mover, that rank as many states at random: a sort of ranks that follow the
numbering of the states, as those of priorities do, is several times faster. ``--command`` prints
that table alone.

The second is of the solvers, on given moves: each actor ranks all states at random, without ties.
Timed are Nash, GMR, SMR and SEQ, and beside them SIM; medians of seven and of three.

``--large`` is of all five concepts once, each size in a process of its own: random rankings and
random priorities; the processor time of making the game (states, moves, views), of solving, and the
memory that the process takes at most. ``--groups`` is of a group of two or three movers, by the
number of states it chooses among: one pass over the least value among its improvements, for members
that rank at random and such as want the opposite of each other; then whole concepts, all movers.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from measuring import median

from foedus.case.reading import parse_case
from foedus.equilibria.problem import StabilityProblem, TooLarge
from foedus.equilibria.registry import CONCEPTS as CONCEPTS_BY_ID
from foedus.equilibria.solve import stability
from foedus.game.moves import Values
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
LARGE_MOVERS = 6
LARGE = (18, 20, 22, 24)
PARTS = ("orders", *ALL)
"""What solving takes: sorting each mover's states, then concept by concept."""
KINDS = ("random rankings", "random priorities")
GROUPS = {2: (15, 18, 21), 3: (16, 20)}
GROUP_GAMES = ((20, 4, 2), (20, 6, 3), (18, 3, 2), (21, 3, 2))
"""Options, movers, and how many of these are a group besides."""

START = "from foedus.cli import main; main()"


def case_text(options: int, seed: int = 1, movers: int = MOVERS) -> str:
    """A case of so many options, shared evenly, with priorities drawn at random."""
    draw = random.Random(seed)  # noqa: S311 (not for secrets)
    lines = ["foedus: 1", "title: A case to be timed", "actors:"]
    lines += [f"  m{k}: {{name: Mover {k}}}" for k in range(movers)]
    lines += ["issues:"]
    for k in range(options):
        lines += [f"  o{k}: {{positions: {{n: Out, y: In}}, decided_by: m{k % movers}}}"]
    lines += ["preferences:"]
    for k in range(movers):
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


def sorting(states: int, movers: int = MOVERS) -> float:
    """The time of a stable argsort of a random rank array of so many states for each mover."""
    draw = np.random.default_rng(1)
    ranks = [draw.permutation(states).astype(np.int64) for _ in range(movers)]
    return median(lambda: [np.argsort(r, kind="stable") for r in ranks], RUNS)


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


def command_row(options: int, start: float, movers: int) -> str:
    """One line of the first table; ``start`` is the start-up in seconds."""
    text = case_text(options, movers=movers)
    plain = sorting(1 << options, movers)
    cells = [f"{1 << options:,}", f"{plain * 1e3:.2f}"]
    for concepts in (CONCEPTS, ALL):
        taken = command_time(text, concepts) - start
        cells += [f"{taken:.2f}", f"{taken / plain:.0f}"]
    return "| " + " | ".join(cells) + " |"


def row(options: int, movers: int) -> str:
    """One line of the second table: a space of two to the power of ``options`` states."""
    game = game_of(parse_case(case_text(options, movers=movers), file="bench.yaml"))
    views = random_views(game, seed=options)

    def solve(concepts: tuple[str, ...]) -> None:
        # Moves and ranks are given; what solving keeps on them is not, so each run starts afresh.
        moves = tuple(ProductMoves(game.space, given.mover) for given in game.moves)
        stability(Game(game.case, game.space, moves, views, game.rights), concepts)

    def make_moves() -> None:
        for given in game.moves:
            ProductMoves(game.space, given.mover)

    solved = median(lambda: solve(CONCEPTS), RUNS) - median(make_moves, RUNS)
    plain = sorting(len(game.space), movers)
    cells = [f"{len(game.space):,}", f"{plain * 1e3:.2f}", f"{solved * 1e3:.2f}"]
    cells += [f"{solved / plain:.1f}"]
    sim = median(lambda: solve(("sim",)), 3)
    cells += [f"{sim * 1e3:.0f} ({sim / plain:.1f} times)"]
    return "| " + " | ".join(cells) + " |"


def memory() -> int:
    """The most bytes that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def sorting_once(ranks: Iterable[Values]) -> float:
    """The time of a stable argsort of each of some arrays, one held at a time."""
    total = 0.0
    for rank in ranks:
        start = time.process_time()
        np.argsort(rank, kind="stable")
        total += time.process_time() - start
    return total


def measured(options: int, movers: int, kind: str) -> dict[str, float]:
    """What one size takes in this process: seconds by part, and bytes."""
    found: dict[str, float] = {}
    before, start = memory(), time.process_time()
    game = game_of(parse_case(case_text(options, movers=movers), file="bench.yaml"))
    found["game"] = time.process_time() - start
    if kind == "random rankings":
        views = random_views(game, seed=options)
        game = Game(game.case, game.space, game.moves, views, game.rights)
    found["states"], found["game bytes"] = len(game.space), memory() - before
    start = time.process_time()
    problem = StabilityProblem.of(game)
    found["orders"] = time.process_time() - start
    stable, start = {}, time.process_time()
    for concept in ALL:
        stable[concept] = [
            CONCEPTS_BY_ID[concept].solver(problem, mover).stable() for mover in problem.movers
        ]
        found[concept] = time.process_time() - start
        start = time.process_time()
    found["bytes"], found["peak"] = memory() - before, memory()
    found["same sort"] = sorting_once(view.levels for view in game.views.values())
    draw = np.random.default_rng(1)
    found["sort"] = sorting_once(draw.permutation(len(game.space)) for _ in range(movers))
    return found


def large_row(options: int, movers: int, kind: str) -> str:
    """One line of the table of large games, measured in a process of its own."""
    command = [sys.executable, __file__, "--child", str(options), kind, "--movers", str(movers)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    found = json.loads(done.stdout)
    solved = sum(found[part] for part in PARTS)
    cells = [kind, f"{int(found['states']):,}", f"{found['sort']:.2f}", f"{found['game']:.1f}"]
    cells += [f"{found[part] / found['sort']:.2f}" for part in PARTS]
    cells += [f"{solved / found['sort']:.1f}", f"{solved / found['same sort']:.1f}"]
    cells += [f"{found[what] / found['states']:.0f}" for what in ("game bytes", "bytes")]
    return "| " + " | ".join([*cells, f"{found['peak'] / 1e9:.2f}"]) + " |"


def print_large(sizes: Sequence[int], movers: int) -> None:
    """Print the table of large games."""
    print(f"All five concepts, {movers} movers; times as multiples of the sort\n")
    titles = ["rankings", "states", "sort, s", "game, s", *PARTS, "all", "of the sort of its own"]
    titles += ["bytes a state: game", "with solving", "peak, GB"]
    print("| " + " | ".join(titles) + " |")
    print("|:--" + "|--:" * (len(titles) - 1) + "|")
    for kind in KINDS:
        for options in sizes:
            print(large_row(options, movers, kind), flush=True)


def opposed(game: Game, views: dict[str, View], members: Sequence[str]) -> None:
    """Let the last of these actors want the opposite of the others, nearly."""
    n, draw = len(game.space), np.random.default_rng(3)
    wish = draw.random(n) * 0.02 * n - sum(views[actor].levels for actor in members[:-1])
    ranks = np.argsort(np.argsort(wish)).astype(np.int64)
    views[members[-1]] = replace(views[members[-1]], levels=ranks)


def group_problem(options: int, movers: int, size: int, kind: str) -> StabilityProblem:
    """A game of so many movers, the first ``size`` of whom are a group besides."""
    members = [f"m{k}" for k in range(size)]
    text = case_text(options, movers=movers) + f"groups: [[{', '.join(members)}]]\n"
    game = game_of(parse_case(text, file="bench.yaml"))
    views = random_views(game, seed=options)
    if kind == "opposed":
        opposed(game, views, members)
    return StabilityProblem.of(Game(game.case, game.space, game.moves, views, game.rights))


def group_concepts_row(options: int, movers: int, size: int, kind: str) -> str:
    """One line of the table of concepts with a group, all movers, what is compiled loaded."""
    problem = group_problem(options, movers, size, kind)
    choices = max(int(mover.moves.cell_sizes.max()) for mover in problem.movers)
    plain = sorting(len(problem.game.space), movers)
    cells = [str(size), str(movers), kind, f"{choices:,}", f"{len(problem.game.space):,}"]
    cells += [f"{plain:.2f}"]
    for concept in ("gmr", "smr", "seq", "sim"):
        solver, start = CONCEPTS_BY_ID[concept].solver, time.process_time()
        try:
            for mover in problem.movers:
                solver(problem, mover).stable()
            cells += [f"{(time.process_time() - start) / plain:.1f}"]
        except TooLarge:
            cells += ["refused"]
    return "| " + " | ".join(cells) + " |"


def group_row(options: int, size: int, kind: str) -> str:
    """One line of the table of groups: one mover beside the group's members."""
    problem = group_problem(options, size + 1, size, kind)
    game = problem.game
    (group,) = (mover for mover in problem.movers if len(mover.views) == size)
    values = np.random.default_rng(1).integers(len(game.space), size=len(game.space))
    group.improvements.least(values)
    spent = median(lambda: group.improvements.least(values), 3)
    plain = sorting(len(game.space), 1)
    cells = [str(size), kind, f"{int(group.moves.cell_sizes.max()):,}", f"{len(game.space):,}"]
    cells += [f"{spent / len(game.space) * 1e9:.0f}", f"{spent / plain:.1f}"]
    return "| " + " | ".join(cells) + " |"


def print_groups() -> None:
    """Print the table of groups."""
    print("One pass over a group's improvements; times argsort of one rank array\n")
    print("| members | rankings | f | states | ns a state | times argsort |")
    print("|--:|:--|--:|--:|--:|--:|")
    for size, sizes in GROUPS.items():
        for kind in ("random", "opposed"):
            for options in sizes:
                print(group_row(options, size, kind), flush=True)
    print("\nConcepts with a group; all movers, times argsort of one rank array a mover\n")
    titles = ("members", "movers", "rankings", "f", "states", "sort, s", "gmr", "smr", "seq", "sim")
    print("| " + " | ".join(titles) + " |")
    print("|--:|--:|:--" + "|--:" * (len(titles) - 3) + "|")
    for kind in ("random", "opposed"):
        group_concepts_row(18, 4, 2, kind)  # loads what is compiled
        for game in GROUP_GAMES:
            print(group_concepts_row(*game, kind), flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Time stability against sorting.")
    parser.add_argument("--largest", type=int, default=1 << max(OPTIONS), help="number of states")
    parser.add_argument("--command", action="store_true", help="the whole command alone")
    parser.add_argument("--large", action="store_true", help="all five concepts, with memory")
    parser.add_argument("--groups", action="store_true", help="a group by what it chooses among")
    parser.add_argument("--movers", type=int, help=f"{MOVERS}, or {LARGE_MOVERS} with --large")
    parser.add_argument("--sizes", type=int, nargs="+", default=LARGE, help="options, for --large")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        options, kind = int(given.child[0]), given.child[1]
        print(json.dumps(measured(options, given.movers, kind)))
    elif given.large:
        print_large(given.sizes, given.movers or LARGE_MOVERS)
    elif given.groups:
        print_groups()
    else:
        print_small(given.largest, given.movers or MOVERS, only_command=given.command)


def print_small(largest: int, movers: int, *, only_command: bool) -> None:
    """Print the tables of the whole command and of the solvers."""
    start = command_time(case_text(2, movers=movers), ALL)
    print(f"The whole command, random priorities; start-up of {start:.2f} s taken off\n")
    print(
        "| states | argsort, ms | four concepts, s | times argsort | with SIM, s | times argsort |"
    )
    print("|--:|--:|--:|--:|--:|--:|")
    for options in COMMAND_OPTIONS:
        if 1 << options <= largest:
            print(command_row(options, start, movers), flush=True)
    if only_command:
        return
    print(f"\nThe solvers, {movers} movers, random strict rankings\n")
    print("| states | argsort, ms | four concepts, ms | times argsort | SIM alone, ms |")
    print("|--:|--:|--:|--:|--:|")
    for options in OPTIONS:
        if 1 << options <= largest:
            print(row(options, movers), flush=True)


if __name__ == "__main__":
    main()
