"""What is possible: the feasible states of a case, and why a pattern has none."""

from foedus.game.space.codes import (
    Codes,
    Indexes,
    Mask,
    Radix,
    StatementReader,
    issues_of,
    size_of,
)
from foedus.game.space.conflicts import smallest_conflict
from foedus.game.space.feasible import Space, fallen_codes, feasible_space, rule_told, unmatched
from foedus.game.space.joining import STATE_LIMIT, TooManyStates, filtered_codes

__all__ = [
    "STATE_LIMIT",
    "Codes",
    "Indexes",
    "Mask",
    "Radix",
    "Space",
    "StatementReader",
    "TooManyStates",
    "fallen_codes",
    "feasible_space",
    "filtered_codes",
    "issues_of",
    "rule_told",
    "size_of",
    "smallest_conflict",
    "unmatched",
]
