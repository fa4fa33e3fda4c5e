"""The what-ifs of docs/czechoslovakia.md: changes of the case file, on the same random numbers.

``python benchmarks/second_flagship_what_ifs.py cases/czechoslovakia-1992.yaml``
"""

from __future__ import annotations

import sys

from flagship_what_ifs import Change, table, written

from foedus.case.edit import with_value

ANSWERS = (
    "two-states", "breakaway", "hollowed", "confederation", "reshaped", "as-it-is",
    "working-government", "slovak-constitution", "havel-again", "common-state-confirmed",
)  # fmt: skip


def judged(actor: str, value: float, *items: str) -> Change:
    """Set worths of one actor to one sure number."""

    def changed(text: str) -> str:
        for item in items:
            text = with_value(text, ("preferences", actor, "worth", item), value)
        return text

    return changed


def right(issue: str, position: str, who: str) -> Change:
    """Give the right to move to a position to somebody else."""

    def changed(text: str) -> str:
        lines = text.split("\n")
        start = lines.index(f"  {issue}:", lines.index("issues:"))
        at = next(
            k for k in range(lines.index("    decided_by:", start), len(lines))
            if lines[k].startswith(f"      {position}:")
        )  # fmt: skip
        end = next(k for k in range(at + 1, len(lines)) if not lines[k].startswith(" " * 7))
        return "\n".join([*lines[:at], f"      {position}: {who}", *lines[end:]])

    return changed


UNBLAMED = (judged("hzds", 0, "blamed-for-the-end"),)
TWO_ALONE = (right("state", "two", "ods and hzds"),)
LOOSENED = tuple(
    judged(actor, 0, "common-state", "disorder") for actor in ("kdu", "lsu", "slovak-left")
)
NO_GOVERNMENT = (right("government", "default", "nobody"),)
BUDGET = "share: {value: [0.1, 0.3, 0.55], because: [no-budget-hollows, soviet-end]}"
WHAT_IFS: dict[str, tuple[Change, ...]] = {
    "as it is": (),
    "nobody blames the Movement for the end": UNBLAMED,
    "the two winners suffice for a law on two states": TWO_ALONE,
    "both": UNBLAMED + TWO_ALONE,
    "the small parties do not mind parting (KDU, LSU, Slovak Left)": LOOSENED,
    "they do not, and nobody blames the Movement": LOOSENED + UNBLAMED,
    "no right to a referendum": (
        right("state", "exit", "nobody"), right("vote", "common", "nobody"),
    ),
    "the president may call a referendum": (
        right("vote", "common", "havel and czechs and slovaks"),
    ),
    "the Movement and the Slovak Left want Havel": (
        judged("hzds", 4, "havel"), judged("slovak-left", 4, "havel"),
    ),
    "no government of both winners": NO_GOVERNMENT,
    "no government, and no winding down without a budget": (
        *NO_GOVERNMENT, written(BUDGET, "share: {value: 0.0, because: [no-budget-hollows]}"),
    ),
    "nobody may wind the federation down without a law": (right("state", "hollow", "nobody"),),
    "talks on the state as fast as constitutional laws": (
        written("      default: state-form", "      default: constitutional-laws"),
    ),
    "the Civic Democrats do not mind a confederation": (judged("ods", 0, "confederation"),),
}  # fmt: skip

if __name__ == "__main__":
    table(sys.argv[1], WHAT_IFS, ANSWERS)
