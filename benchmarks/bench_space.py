"""Whether the order in which issues and rules are written matters, and how the time grows.

    python benchmarks/bench_space.py [--orders 7]

For each family of rules and each size: the number of states, the most partial states held at once,
the median time of making the space in the order written, as a multiple of sorting 2^20 random
numbers in the same process, and the slowest of several shuffled orders as a multiple of that.
Only the statements' joining is timed, with the states' numbering; reading the file is not. Then
what `foedus check` takes as a whole, and its most memory, on cases of 10^12 combinations, whose
issues one actor decides on, or six in turn.
"""

from __future__ import annotations

import argparse
import itertools
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from measuring import median

from foedus.case.model import Case
from foedus.case.reading import parse_case
from foedus.game.space import feasible_space

CHECK = """
import json, resource, sys
from contextlib import redirect_stdout
from io import StringIO
from foedus.cli.app import app
out = StringIO()
with redirect_stdout(out):
    app(["check", sys.argv[1], "--json"], standalone_mode=False)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.loads(out.getvalue())["states"], used.ru_utime + used.ru_stime, used.ru_maxrss)
"""
"""A check of a case, and what it took."""

POSITIONS = [f"p{k}" for k in range(10)]

Written = tuple[list[tuple[str, list[str]]], list[str]]
"""Issues with their positions, and rules."""


def case_of(written: Written) -> Case:
    """A case of one actor with these issues and rules."""
    return parse_case(text_of(written))


def text_of(written: Written, actors: int = 1) -> str:
    """Its file; so many actors decide on the issues in turn."""
    issues, rules = written
    each = [f"a{k}" for k in range(actors)]
    lines = ["foedus: 1", "title: A case to be timed", "actors:"]
    lines += [*(f"  {actor}: {{}}" for actor in each), "preferences:"]
    lines += [*(f"  {actor}: {{worth: {{}}}}" for actor in each), "issues:"]
    for (name, positions), actor in zip(issues, itertools.cycle(each), strict=False):
        labels = ", ".join(f"{position}: P" for position in positions)
        lines.append(f"  {name}: {{positions: {{{labels}}}, decided_by: {actor}}}")
    lines += ["rules:", *(f"- {{rule: {rule}, why: w}}" for rule in rules)]
    return "\n".join(lines) + "\n"


def tie(one: str, other: str) -> list[str]:
    """Two issues are always at the same position."""
    return [f"{one} = {p} <-> {other} = {p}" for p in POSITIONS]


def tied_to_the_last(size: int) -> Written:
    """Issues of ten positions, each tied to the last one: ten states."""
    names = [f"i{k}" for k in range(size)]
    return [(n, POSITIONS) for n in names], [r for n in names[:-1] for r in tie(n, names[-1])]


def chain(size: int) -> Written:
    """Issues of ten positions, each tied to the next: ten states."""
    names = [f"i{k}" for k in range(size)]
    return [(n, POSITIONS) for n in names], [r for p in itertools.pairwise(names) for r in tie(*p)]


def at_most_one(size: int) -> Written:
    """Yes and no, of which one at most is yes, pair by pair."""
    names = [f"i{k}" for k in range(size)]
    pairs = itertools.combinations(names, 2)
    return [(n, ["n", "y"]) for n in names], [f"not ({a} = y and {b} = y)" for a, b in pairs]


def exactly_one(size: int) -> Written:
    """The same, of which exactly one is yes, in one statement over all of them."""
    names = [f"i{k}" for k in range(size)]
    each = [
        "(" + " and ".join(f"{n} = {'y' if n == one else 'n'}" for n in names) + ")"
        for one in names
    ]
    return [(n, ["n", "y"]) for n in names], [" or ".join(each)]


def random_clauses(size: int) -> Written:
    """Yes and no, with three times as many rules of three parts at random."""
    draw = random.Random(size)  # noqa: S311 - no secrets here
    names = [f"i{k}" for k in range(size)]
    rules = [
        " or ".join(f"{n} = {draw.choice('ny')}" for n in draw.sample(names, 3))
        for _ in range(3 * size)
    ]
    return [(n, ["n", "y"]) for n in names], rules


def steps(size: int) -> Written:
    """Issues of ten positions, each of which allows three of the next: 10 x 3^(size - 1) states."""
    names = [f"i{k}" for k in range(size)]
    rules = [
        f"{one} = {POSITIONS[p]} -> {other} in "
        + " | ".join(POSITIONS[(p + far) % 10] for far in (0, 1, 3))
        for one, other in itertools.pairwise(names)
        for p in range(10)
    ]
    return [(n, POSITIONS) for n in names], rules


def far_apart(size: int) -> Written:
    """Yes and no, of which no two within three neighbours are both yes."""
    names = [f"i{k}" for k in range(size)]
    pairs = [(a, b) for far in (1, 2) for a, b in zip(names, names[far:], strict=False)]
    return [(n, ["n", "y"]) for n in names], [f"not ({a} = y and {b} = y)" for a, b in pairs]


def implications(size: int) -> Written:
    """Ten positions, with five rules an issue about three or four of them, drawn at random."""
    draw = random.Random(1)  # noqa: S311 - no secrets here
    names = [f"i{k}" for k in range(size)]
    rules = []
    for _ in range(5 * size):
        *before, last = draw.sample(names, draw.choice((3, 4)))
        when = " and ".join(f"{n} in {' | '.join(draw.sample(POSITIONS, 6))}" for n in before)
        rules.append(f"{when} -> {last} in {' | '.join(draw.sample(POSITIONS, 3))}")
    return [(n, POSITIONS) for n in names], rules


def patterns(size: int, positions: Sequence[str], fixed: int, several: int) -> Written:
    """Some of several patterns, each of ``fixed`` issues, must hold: one rule about all issues."""
    draw = random.Random(1)  # noqa: S311 - no secrets here
    names = [f"i{k}" for k in range(size)]
    each = [
        "("
        + " and ".join(f"{n} = {draw.choice(positions)}" for n in draw.sample(names, fixed))
        + ")"
        for _ in range(several)
    ]
    return [(n, list(positions)) for n in names], [" or ".join(each)]


def clauses(size: int) -> Written:
    """Yes and no, with three rules an issue about three or four of them, drawn at random."""
    draw = random.Random(1)  # noqa: S311 - no secrets here
    names = [f"i{k}" for k in range(size)]
    rules = [
        " or ".join(
            f"{n} = {draw.choice('ny')}" for n in draw.sample(names, draw.choice((3, 3, 4)))
        )
        for _ in range(3 * size)
    ]
    return [(n, ["n", "y"]) for n in names], rules


LARGE: tuple[tuple[str, Callable[[], Written]], ...] = (
    ("12 x 10, steps", lambda: steps(12)),
    ("12 x 10, implications", lambda: implications(12)),
    ("12 x 10, 16 patterns", lambda: patterns(12, POSITIONS, 7, 16)),
    ("40 x 2, far apart", lambda: far_apart(40)),
    ("40 x 2, clauses", lambda: clauses(40)),
    ("40 x 2, 16 patterns", lambda: patterns(40, "ny", 24, 16)),
)
"""Cases of 10^12 combinations, of which the rules leave about a million."""

ACTORS = (1, 6)


FAMILIES: tuple[tuple[Callable[[int], Written], tuple[int, ...]], ...] = (
    (tied_to_the_last, (5, 10, 18)),
    (chain, (5, 10, 18)),
    (at_most_one, (15, 30, 60)),
    (exactly_one, (15, 20, 30)),
    (random_clauses, (24, 32, 40)),
)


def large() -> None:
    """Print what `foedus check` takes on cases of 10^12 combinations, each in its own process."""
    print(f"\n{'10^12 combinations':<24}{'actors':>7}{'states':>12}{'CPU, s':>9}{'MB':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for (name, written), actors in itertools.product(LARGE, ACTORS):
            file = Path(folder) / "large.yaml"
            file.write_text(text_of(written(), actors), encoding="utf-8")
            line = [sys.executable, "-c", CHECK, str(file)]
            done = subprocess.run(line, capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{name:<24}{actors:>7} {done.stderr.strip()}", flush=True)
                continue
            states, spent, most = done.stdout.split()[-3:]
            told = f"{int(states):>12,}{float(spent):>9.1f}{int(most) // 1024:>7,}"
            print(f"{name:<24}{actors:>7}{told}", flush=True)


def counted(case: Case) -> tuple[int, int]:
    """How many states there are, and the most partial states held at once."""
    # What older commits do not have is imported here, so that the families can be timed on them.
    from foedus.game.space.conditions import conditions_of, merged
    from foedus.game.space.joining import STATE_LIMIT, Join

    conditions = [c for rule in case.rules for c in conditions_of(case, rule.statement.tree)]
    made = Join(case, list(case.issues), merged(conditions), STATE_LIMIT)
    return made.joined().count, made.most


def main() -> None:
    """Print one line for each family and size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=7)
    orders = parser.parse_args().orders
    numbers = np.random.default_rng(1).integers(0, 1 << 62, 1 << 20)
    unit = median(lambda: np.sort(numbers))
    print(f"{'family':<18}{'issues':>7}{'states':>9}{'held':>9}{'time':>8}{'slowest order':>15}")
    for family, sizes in FAMILIES:
        for size in sizes:
            issues, rules = family(size)
            cases = [case_of((issues, rules))]
            for seed in range(orders):
                draw = random.Random(seed)  # noqa: S311 - no secrets here
                some = draw.sample(issues, len(issues)), draw.sample(rules, len(rules))
                cases.append(case_of(some))
            counts = {counted(case) for case in cases}
            if len(counts) > 1:
                raise SystemExit(f"{family.__name__}: what is held depends on the order: {counts}")
            states, held = counts.pop()
            times = [median(lambda case=case: feasible_space(case)) for case in cases]  # type: ignore[misc]
            print(
                f"{family.__name__.replace('_', ' '):<18}{size:>7}{states:>9,}{held:>9,}"
                f"{times[0] / unit:>8.2f}{max(times) / times[0]:>14.1f}x"
            )
    large()


if __name__ == "__main__":
    main()
