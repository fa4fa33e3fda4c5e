"""A slip as data: what kind, where it stands, of what it speaks, and its figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from immutabledict import immutabledict

from foedus.case.model import Path, Place

Severity = Literal["warning", "note"]
"""A warning is likely to change the answer; a note tells what adds nothing, or follows from it."""

SlipKind = Literal[
    "unusable-right",
    "stuck-issue",
    "unreached-position",
    "quarrel",
    "takes-too-long",
    "prior-decides",
    "never-holds",
    "always-holds",
    "flat-preferences",
    "all-sure",
    "payment-too-large",
    "payment-too-small",
    "payment-one-sided",
    "dominated-worth",
    "small-worth",
    "no-say",
    "same-states",
    "unused-record",
]
SLIP_KINDS: tuple[SlipKind, ...] = get_args(SlipKind)
"""The kinds of slips, the most serious first."""


@dataclass(frozen=True, slots=True)
class Slip:
    """One slip. ``path`` and ``place`` say where it stands, ``name`` is the path with dots.

    ``reason`` tells cases of one kind apart. ``names`` are ids (and texts of rules) of what it
    speaks of, by what they are; ``figures`` its numbers.
    """

    kind: SlipKind
    severity: Severity
    path: Path
    name: str
    place: Place | None
    reason: str = ""
    names: Mapping[str, tuple[str, ...]] = field(default_factory=immutabledict)
    figures: Mapping[str, float] = field(default_factory=immutabledict)

    @property
    def order(self) -> tuple[bool, int, tuple[int, int], str]:
        """Warnings first, then by kind, line, column and name."""
        line, column = self.place or Place(0, 0)
        return self.severity != "warning", SLIP_KINDS.index(self.kind), (line, column), self.name

    def to_dict(self) -> dict[str, Any]:
        """Plain data, without the path."""
        return {
            "kind": self.kind,
            "severity": self.severity,
            "name": self.name,
            "line": self.place.line if self.place else None,
            "column": self.place.column if self.place else None,
            "reason": self.reason,
            "names": {what: list(names) for what, names in self.names.items()},
            "figures": dict(self.figures),
        }
