"""What the process costs: ratios within one run, and how cost grows.

    python benchmarks/bench_process.py [--case cases/belarus-2024.yaml] [--many 11,13,14,15]

First one draw of farsighted actors by either path and 1,000 draws of myopic ones, as multiples of
finding the case's feasible states and changes; then draws of myopic actors in a large case, as
multiples of finding its changes. Then how cost grows with draws, states, steps and coalitions, in
processor seconds and as multiples of the line before. Compiling is not counted.

With ``--many`` alone: the cases of ``large_process.py`` with so many questions, one draw in a
process of its own. Times are in seconds and as multiples of one pass over the changes that come
about (what each target is worth, added up by state, by NumPy); memory is the most that was held.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from unittest.mock import patch

import numpy as np
from large_process import large_case
from measuring import seconds

import foedus
from foedus.case.reading import parse_case
from foedus.forecasting.pieces import Few, Timed, farsighted_draws, solved_block
from foedus.forecasting.streams import draw_blocks
from foedus.game.space import Indexes, feasible_space
from foedus.process import fast
from foedus.process.changes import ChangeFinder
from foedus.process.drawn import MOST_LIKELY_PROCESS
from foedus.process.model import Drawn, Process, ProcessOptions

ROOT = Path(__file__).parent.parent


def least(work: Callable[[], object], times: int = 3) -> float:
    """Processor seconds: the least of several runs."""
    return min(seconds(work) for _ in range(times))


def plain(work: Callable[[], object]) -> Callable[[], None]:
    """The same without the compiled loops."""

    def run() -> None:
        with patch.object(fast, "loops", lambda _: None):
            work()

    return run


def sampled(process: Process, draws: int) -> Drawn:
    """Some draws of a case."""
    return process.drawn(next(iter(draw_blocks(draws, 1, size=draws))))


def myopic(process: Process, drawn: Drawn) -> None:
    """Solve for myopic actors, forward from today."""
    chain = process.myopic(drawn)
    start = np.zeros(chain.nodes)
    start[chain.explored.number[:, process.today]] = 1.0
    chain.end(start)


def farsighted(process: Process, drawn: Drawn) -> None:
    """Solve the first draw for farsighted actors, backwards and forward."""
    chain = process.farsighted(drawn)
    start = np.zeros(len(chain.state))
    start[chain.number[process.today]] = 1.0
    chain.end(start)


def ratios(path: str) -> None:
    """What parts of the work take, as multiples of the first line."""
    case = foedus.load(path)
    process = Process.of(case)
    one, many = sampled(process, 1), sampled(process, 1000)

    def found() -> None:
        space = feasible_space(case)
        ChangeFinder(space, process.items, process.rules.actors).of(np.arange(len(space)))

    works: list[tuple[str, Callable[[], object]]] = [
        ("feasible states and changes", found),
        ("1 farsighted draw, plain", plain(lambda: farsighted(process, one))),
    ]
    if fast.loops(fast.MANY) is not None:
        works.append(("1 farsighted draw, compiled", lambda: farsighted(process, one)))
    works.append(("1,000 myopic draws", lambda: myopic(process, many)))
    farsighted(process, one)
    table(f"{Path(path).name}: {len(process.game.space):,} states", works)


def table(title: str, works: Sequence[tuple[str, Callable[[], object]]], times: int = 3) -> None:
    """What each work takes, in seconds and as multiples of the first."""
    taken = [least(work, times) for _, work in works]
    print(f"{title}\n\n| what | seconds | times the first |\n|:--|--:|--:|")
    for (what, _), each in zip(works, taken, strict=True):
        print(f"| {what} | {each:.3f} | {each / taken[0]:.2f} |")


def large(draws: Sequence[int] = (50, 100)) -> None:
    """Draws of myopic actors, worths and all, in a case of ten issues and eight actors."""
    for three in (3, 7):
        process = Process.of(parse_case(many_positions(three)), ProcessOptions(left_out=0.05))
        space = process.game.space
        every = np.arange(len(space))
        process.rules.ensure(every)

        def found(process: Process = process, every: Indexes = every) -> None:
            ChangeFinder(process.game.space, process.items, process.rules.actors).of(every)

        def solved(n: int, process: Process = process) -> None:
            solved_block(process, Timed(next(iter(draw_blocks(n, 1, size=n)))))

        solved(draws[0])
        works: list[tuple[str, Callable[[], object]]] = [("changes", found)]
        works += [(f"{n} draws", partial(solved, n)) for n in draws]
        works.append((f"{draws[0]} draws, plain", plain(partial(solved, draws[0]))))
        table(f"\nten issues: {len(space):,} states", works, 2)


def synthetic(issues: int, partners: int = 0) -> str:
    """So many yes/no issues of one actor each; to each issue, ``partners`` others may consent."""
    actors = [f"a{k}" for k in range(issues)]
    lines = [
        "foedus: 1",
        "title: Many small questions",
        "as_of: 2020-01-01",
        "deadline: 2022-01-01",
        f"actors: {{{', '.join(f'{a}: {{}}' for a in actors)}}}",
        "records: {slow: {since: 2010-01-01, until: 2020-01-01, agreed: 8, done: 4}}",
        "issues:",
    ]
    for k, actor in enumerate(actors):
        others = [actors[(k + j) % issues] for j in range(1, partners + 1)]
        right = " or ".join(f"{actor} and {other}" for other in others) or actor
        lines.append(
            f'  i{k}: {{positions: {{"no": not so, "yes": so}}, '
            f'decided_by: {{"yes": {right}, default: nobody}}, '
            f"pace: {'slow' if k % 2 else 'at-once'}}}"
        )
    lines += ["arrangements: {first: {when: i0 = yes}}", "preferences:"]
    rng = np.random.default_rng(issues)
    for actor in actors:
        worths = ", ".join(
            f"w{k}: {{when: i{k} = yes, value: {rng.integers(-3, 8)}}}" for k in range(issues)
        )
        lines.append(f"  {actor}: {{worth: {{{worths}}}}}")
    return "\n".join(lines) + "\n"


def many_positions(three: int) -> str:
    """Ten issues of one actor each, ``three`` of them with three positions, the others with two.

    Eight actors want and fear some of each of them; every third waits for a record.
    """
    rng = np.random.default_rng(three)
    sizes = [2] * (10 - three) + [3] * three
    actors = [f"a{k}" for k in range(8)]
    lines = [
        "foedus: 1",
        "title: Ten questions",
        "as_of: 2020-01-01",
        "deadline: 2024-01-01",
        f"actors: {{{', '.join(f'{a}: {{}}' for a in actors)}}}",
        "records: {slow: {since: 2010-01-01, until: 2020-01-01, agreed: 10, done: 4}}",
        "issues:",
    ]
    for k, size in enumerate(sizes):
        positions = ", ".join(f"p{j}: position {j}" for j in range(size))
        pace = "slow" if k % 3 == 0 else "at-once"
        lines.append(
            f"  i{k}: {{positions: {{{positions}}}, decided_by: {actors[k % 8]}, pace: {pace}}}"
        )
    lines += ["arrangements: {first: {when: i0 != p0}}", "preferences:"]
    for actor in actors:
        lines += [f"  {actor}:", "    worth:"]
        for k, size in enumerate(sizes):
            for j in range(1, size):
                middle = rng.uniform(-10, 10)
                value = f"[{middle - 4:.1f}, {middle:.1f}, {middle + 4:.1f}]"
                lines.append(f"      w{k}-{j}: {{when: i{k} = p{j}, value: {value}}}")
    return "\n".join(lines) + "\n"


MANY = ("states", "pass", "changes", "myopic", "farsighted", "memory")


def many(questions: int) -> dict[str, float]:
    """What one draw takes in the case of so many questions: processor seconds, and bytes.

    ``changes`` to find them, ``memory`` the most held in all, ``steps`` how often farsighted actors
    reconsider. Numba's loops are loaded before.
    """
    for warm in (large_case(4), large_case(questions)):
        case = parse_case(warm)
        with patch.object(fast, "MANY", 0 if warm == large_case(4) else fast.MANY):
            process = Process.of(case, ProcessOptions(left_out=0.05))
            block = next(draw_blocks(2, 1))
            found = least(lambda p=process: p.rules.ensure(np.arange(len(p.game.space))), 1)
            myopic_ = least(lambda p=process, b=block: solved_block(p, Timed(b)), 1) / 2
            far = Few(block, range(1))
            farsighted_ = least(lambda p=process, f=far: farsighted_draws(p, f), 1)
    table, worth = process.rules.changes, np.random.default_rng(1).random(len(process.game.space))
    passed = least(lambda: np.add.reduceat(worth[table.target], table.first[:-1]), 9)
    return {
        "states": len(process.game.space),
        "of changes": len(table),
        "pass": passed,
        "changes": found,
        "myopic": myopic_,
        "farsighted": farsighted_,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024.0,
        "steps": process.days / process.options.calendar,
    }


def by_size(sizes: Sequence[int]) -> None:
    """The table of one draw by the number of states, and by which power of these cost grows."""
    print(
        "| states | changes | one pass, ms | finding changes | myopic draw | farsighted draw | "
        "of it a reconsideration | memory, MB | a state, KB |\n" + "|--:" * 9 + "|"
    )
    rows = []
    for size in sizes:
        command = [sys.executable, __file__, "--one", str(size)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        row = json.loads(done.stdout)
        rows.append(row)
        times = [f"{row[k]:.2f} s, {row[k] / row['pass']:,.0f}" for k in MANY[2:5]]
        step = row["farsighted"] / row["pass"] / row["steps"]
        print(
            f"| {row['states']:,} | {row['of changes']:,} | {row['pass'] * 1e3:.2f} | "
            + " | ".join(times)
            + f" | {step:.0f} | {row['memory'] / 2**20:,.0f} | "
            f"{row['memory'] / 2**10 / row['states']:.1f} |",
            flush=True,
        )
    if len(rows) > 1:
        states = np.log([row["states"] for row in rows])
        powers = [
            f"{k} {np.polyfit(states, np.log([r[k] for r in rows]), 1)[0]:.2f}" for k in MANY[1:]
        ]
        print("\nGrowth, as a power of the states: " + ", ".join(powers))


def growth(what: str, rows: Iterable[tuple[str, Callable[[], object]]]) -> None:
    """How cost grows along one thing."""
    print(f"\n| {what} | seconds | times the line before |\n|:--|--:|--:|")
    last = None
    for name, work in rows:
        each = least(work, 2)
        print(f"| {name} | {each:.3f} | {'' if last is None else f'{each / last:.2f}'} |")
        last = each


def ready(text: str, options: ProcessOptions | None = None) -> tuple[Process, Drawn]:
    """A process with its changes found, and its most likely draw."""
    process = Process.of(parse_case(text), options)
    process.rules.ensure(np.arange(len(process.game.space)))
    return process, process.drawn(MOST_LIKELY_PROCESS)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Measure what the process costs.")
    parser.add_argument("--case", default=str(ROOT / "cases" / "belarus-2024.yaml"))
    parser.add_argument("--many", help="sizes of the large case, such as 11,13,14,15")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one is not None:
        print(json.dumps(many(asked.one)))
        return
    if asked.many is not None:
        by_size([int(each) for each in asked.many.split(",")])
        return
    path = asked.case
    ratios(path)
    large()
    process = Process.of(foedus.load(path))
    growth(
        "myopic draws",
        [(f"{n:,}", partial(myopic, process, sampled(process, n))) for n in (250, 500, 1000, 2000)],
    )
    growth(
        "states, farsighted",
        [(f"{2**n:,}", partial(farsighted, *ready(synthetic(n)))) for n in (6, 7, 8, 9, 10)],
    )
    text = synthetic(8)
    growth(
        "days between reconsiderations, farsighted",
        [
            (f"{days:g}", partial(farsighted, *ready(text, ProcessOptions(calendar=days))))
            for days in (28.0, 14.0, 7.0, 3.5)
        ],
    )
    growth(
        "coalitions an issue, farsighted",
        [(str(n), partial(farsighted, *ready(synthetic(8, n)))) for n in (1, 2, 4, 7)],
    )


if __name__ == "__main__":
    main()
