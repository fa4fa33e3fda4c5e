"""How long ACH, Bayes and the audit take on many items, and how that grows with them.

    python benchmarks/bench_evidence.py [--largest 800]

Each command is run whole on a case of a quarter, a half and all of so many items, with two
hypotheses and as many origins as items, and its processor time is given with what it takes to
start: that of the same command on one item. The last column is the time without the start against
that for half as many items: 2 is linear. Medians of three.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from measuring import command as run
from measuring import median

RUNS = 3
HEAD = """foedus: 1
title: Many reports
as_of: 2024-01-01
deadline: 2025-01-01
actors: {p: {name: P}}
issues: {x: {positions: {a: A, b: B, c: C}, decided_by: p}}
preferences: {p: {worth: {w: {when: x = b, value: [-2, 1, 4]}}}}
arrangements: {b: {when: x = b}, c: {when: x = c}}
hypotheses: [b, c]
evidence:
"""
ROWS = {
    "ach": "marks: {b: I, c: C}",
    "bayes": "likelihood: {b: [0.0001, 0.001, 0.01], c: [0.0001, 0.002, 0.01], other: 0.001}",
    "audit": "marks: {b: I, c: C}",
}


def case_text(items: int, row: str) -> str:
    """A case of so many facts, each with the same marks or likelihoods."""
    facts = (f"  e{k}: {{kind: fact, claim: Report {k}, {row}}}\n" for k in range(items))
    return HEAD + "".join(facts)


def processor_seconds(command: str, case: Path) -> float:
    """The median processor time of one whole run of a command, in seconds."""
    return median(run("evidence", command, str(case)), RUNS)


def main() -> None:
    """Print one line for each command and size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--largest", type=int, default=800, help="items in the largest case")
    largest = parser.parse_args().largest
    print("command   items   CPU s   of it start   growth over half")
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder) / "case.yaml"
        for command, row in ROWS.items():
            case.write_text(case_text(1, row), encoding="utf-8")
            start = processor_seconds(command, case)
            half = None
            for items in (largest // 4, largest // 2, largest):
                case.write_text(case_text(items, row), encoding="utf-8")
                took = processor_seconds(command, case)
                more = max(took - start, 0.0)
                growth = f"{more / half:.2f}" if half else ""
                print(f"{command:<7}{items:>8}{took:>8.2f}{start:>14.2f}{growth:>19}")
                half = more


if __name__ == "__main__":
    main()
