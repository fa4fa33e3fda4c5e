"""What each option of the bargaining models does on real decisions, as a Markdown table.

    FOEDUS_REFERENCE=DIR python benchmarks/decision_options.py

One option is set otherwise at a time; MAE and RMSE are on a scale of 100.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from decisions import Decision, decisions_in, settled_points

from foedus.bargaining.registry import MODELS

NUMBERS = {
    "Q": (1.0, 2 / 3, 0.5),
    "rounds": (1, 10, 30),
    "least-move": (0.001, 0.05),
    "margin": (1.0001, 2, 10),
    "exchanges": (1, 1000),
}
"""Values tried of options that are numbers."""

NEEDED: Mapping[str, Mapping[str, object]] = {
    "T": {"Q": 0.5},
    "compromise-choice": {"order": "kinds"},
}
"""Without what else nothing depends on an option."""

LEFT_OUT = ("scholz-code", "nash-linear", "nash-reference")
"""Variants of models that are there."""


def rows(all_of: Sequence[Decision]) -> Iterator[str]:
    """A row for each value of each option."""
    outcome = np.array([each.outcome for each in all_of])
    for name, model in MODELS.items():
        for option in () if name in LEFT_OUT else model.options:
            for value in NUMBERS.get(option.name, option.choices):
                chosen = {**NEEDED.get(option.name, {}), option.name: value}
                error = settled_points(all_of, name, chosen) - outcome
                scores = np.abs(error).mean(), np.sqrt((error**2).mean())
                told = f"{value:.5g}" if isinstance(value, float) else str(value)
                told += " (default)" if value == option.default else ""
                more = "".join(f", with `{k}: {v}`" for k, v in NEEDED.get(option.name, {}).items())
                cells = f"`{name}`", f"`{option.name}`{more}", told, *(f"{s:.2f}" for s in scores)
                yield f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print("| model | option | value | MAE | RMSE |\n|---|---|---|---|---|")
    for row in rows(decisions_in(Path(os.environ["FOEDUS_REFERENCE"]) / "deu")):
        print(row, flush=True)
