"""What the challenge model costs, beside a multiply-add of as many numbers as it has triples.

python benchmarks/bench_bargaining.py
"""

from __future__ import annotations

from time import perf_counter

import numpy as np

from foedus.bargaining.challenge import CHALLENGE
from foedus.bargaining.issue import OrderedIssue


def made_up(actors: int) -> OrderedIssue:
    """An issue on which everybody wants something else."""
    drawn = np.random.default_rng(1)
    names = tuple(f"a{k}" for k in range(actors))
    return OrderedIssue("x", names, *(drawn.uniform(0, 100, actors) for _ in range(3)))


def multiply_add(actors: int) -> float:
    """Seconds for a multiply-add of n x n x n numbers in place, the best of five."""
    a, b = np.random.default_rng(1).random((2, actors, actors, actors))
    c, out = a.copy(), a.copy()
    best = np.inf
    for _ in range(5):
        start = perf_counter()
        np.multiply(a, b, out=out)
        np.add(out, c, out=out)
        best = min(best, perf_counter() - start)
    return float(best)


def main() -> None:
    """Print a line for each number of actors."""
    for actors in (20, 100, 200, 500):
        issue = made_up(actors)
        times = []
        for _ in range(3 if actors < 500 else 1):
            start = perf_counter()
            (found,) = CHALLENGE.settled([issue])
            times.append(perf_counter() - start)
        rounds = len(found.rounds) - 1
        told = f"{actors} actors: {min(times):.3f} s for {rounds} rounds"
        if actors == 200:
            told += f", {min(times) / multiply_add(actors):.0f} multiply-adds of n x n x n"
        print(told, flush=True)


if __name__ == "__main__":
    main()
