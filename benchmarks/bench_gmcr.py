"""How long the command takes on a ``.gmcr`` file of 138,240 states, loading included.

    python benchmarks/bench_gmcr.py

Each file is written by ``make_large_gmcr.py``, with what its line says changed, and given to
``foedus stability FILE --json --only equilibria`` in a process of its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from make_large_gmcr import large_model

FOUR = "nash,gmr,smr,seq"
FIVE = FOUR + ",sim"
LIMIT = 300
"""Seconds after which a run is given up."""

Model = dict[str, Any]


def plain() -> Model:
    """Preference statements, options shared evenly, four of them one-way."""
    return large_model(seed=1)


def ranked() -> Model:
    """Every decision maker ranks all states."""
    return large_model(seed=1, ranked=True)


def many_statements() -> Model:
    """Eighty statements for each decision maker."""
    model = plain()
    for number, maker in enumerate(model["decisionMakers"], start=2):
        for seed in range(7 * number, 7 * number + 7):
            maker["preferences"] += large_model(seed)["decisionMakers"][0]["preferences"]
    return model


def uneven() -> Model:
    """One decision maker owns twelve options, three of them one-way."""
    model = plain()
    owned = [list(range(12)), [12, 13], [14, 15], [16, 17], [18], [19]]
    for maker, options in zip(model["decisionMakers"], owned, strict=True):
        maker["options"] = options
    return model


def all_one_way() -> Model:
    """Every option is one-way."""
    model = plain()
    for option in model["options"]:
        option["permittedDirection"] = "fwd"
    return model


def coalitions(*groups: list[int]) -> Callable[[], Model]:
    """The plain file with coalitions."""
    return lambda: plain() | {"coalitions": list(groups)}


FILES: tuple[tuple[str, Callable[[], Model], str], ...] = (
    ("statements", plain, FOUR),
    ("statements", plain, FIVE),
    ("80 statements each", many_statements, FOUR),
    ("rankings of all states", ranked, FOUR),
    ("one maker owns 12 options", uneven, FOUR),
    ("every option one-way", all_one_way, FOUR),
    ("a coalition of two", coalitions([0, 1]), FOUR),
    ("three coalitions of two", coalitions([0, 1], [2, 3], [4, 5]), FOUR),
    ("a coalition of three", coalitions([0, 1, 2]), FOUR),
    ("a coalition of all six", coalitions([0, 1, 2, 3, 4, 5]), FOUR),
)


def timed(model: Model, concepts: str) -> tuple[float, dict[str, int]]:
    """Seconds that the command takes on a file, and the equilibria it counts."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.gmcr"
        path.write_text(json.dumps(model), encoding="utf-8")
        foedus = Path(sys.executable).with_name("foedus")
        command = [str(foedus), "stability", str(path), "--json"]
        command += ["--only", "equilibria", "--concepts", concepts]
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=True, timeout=LIMIT)
        return time.perf_counter() - start, json.loads(done.stdout)["counts"]


def main() -> None:
    """Print a line for each file."""
    print("foedus stability FILE --json --only equilibria, 6 movers, 20 options, 138,240 states\n")
    print("| file | concepts | seconds | equilibria |")
    print("|:--|:--|--:|:--|")
    for name, model, concepts in FILES:
        try:
            seconds, counts = timed(model(), concepts)
        except subprocess.TimeoutExpired:
            print(f"| {name} | {concepts} | over {LIMIT} | |", flush=True)
            continue
        told = ", ".join(f"{concept} {count:,}" for concept, count in counts.items())
        print(f"| {name} | {concepts} | {seconds:.1f} | {told} |", flush=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"\nMost memory of a run: {peak:,.0f} MB")


if __name__ == "__main__":
    main()
