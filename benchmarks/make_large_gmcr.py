"""Write a large ``.gmcr`` file: 6 decision makers, 20 options, 138,240 feasible states.

    python benchmarks/make_large_gmcr.py large.gmcr [--seed 1] [--ranked]

Three pairs and one set of four options exclude each other (3 x 3 x 3 x 5 combinations), ten options
are free (2^10). Four options are one-way. Each decision maker has ten preference statements, some
of them compound; with ``--ranked`` a ranking of all states instead, drawn at random.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
from pathlib import Path
from typing import Any

OPTIONS = 20
MAKERS = 6
STATES = 138_240
EXCLUSIVE = ((0, 1), (4, 5), (8, 9), (12, 13, 14, 15))
ONE_WAY = {3: "fwd", 7: "back", 11: "fwd", 18: "fwd"}
STATEMENTS = 10


def pattern(draw: random.Random, length: int) -> list[list[Any]]:
    """A pattern of ``length`` options."""
    return [[k, draw.choice("YN")] for k in sorted(draw.sample(range(OPTIONS), length))]


def statement(draw: random.Random, number: int) -> Any:
    """A preference statement; every third is compound."""
    if number % 3 != 2:
        return pattern(draw, draw.randint(1, 3))
    return {"compound": True, "members": [pattern(draw, draw.randint(1, 3)) for _ in range(3)]}


def large_model(seed: int, ranked: bool = False) -> dict[str, Any]:
    """The file's content; the same for the same seed."""
    draw = random.Random(seed)  # noqa: S311 (not for secrets)
    owned = [
        [k for k in range(OPTIONS) if k * MAKERS // OPTIONS == maker] for maker in range(MAKERS)
    ]
    makers = []
    for number, options in enumerate(owned, start=1):
        maker: dict[str, Any] = {"name": f"Maker {number}", "options": options}
        maker["preferences"] = [statement(draw, k) for k in range(STATEMENTS)]
        if ranked:
            maker["preferenceRanking"] = draw.sample(range(1, STATES + 1), STATES)
        makers.append(maker)
    return {
        "program": "make_large_gmcr",
        "options": [
            {"name": f"Option {k + 1}", "permittedDirection": ONE_WAY.get(k, "both")}
            for k in range(OPTIONS)
        ],
        "decisionMakers": makers,
        "infeasibles": [
            [[a, "Y"], [b, "Y"]] for group in EXCLUSIVE for a, b in itertools.combinations(group, 2)
        ],
        "useManualPreferenceRanking": ranked,
    }


def main() -> None:
    """Write the file named on the command line."""
    parser = argparse.ArgumentParser(description="Write a large .gmcr file.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ranked", action="store_true", help="rankings of all states")
    given = parser.parse_args()
    text = json.dumps(large_model(given.seed, given.ranked))
    given.file.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
