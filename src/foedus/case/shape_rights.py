# ruff: noqa: RUF009 - `entry` declares a key, as dataclasses.field does
"""The form of rights: text, quotas, or a list by state and day; see :mod:`foedus.case.shape`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from foedus.case.entries import Shape, entry
from foedus.case.kinds import Day, ListOf, MapOf, Number, Raw
from foedus.case.shape_keys import STATEMENT

_TOGETHER = [{"type": "string"}, {"$ref": "#/$defs/QuotaShape"}]
_PLAIN = [*_TOGETHER, {"$ref": "#/$defs/AllShape"}]
_RIGHT = [
    *_PLAIN,
    {"type": "array", "items": {"$ref": "#/$defs/EntitlementShape"}, "minItems": 1},
]
BY = Raw({"anyOf": _PLAIN})
DECIDED_BY = Raw(
    {"anyOf": [*_RIGHT, {"type": "object", "additionalProperties": {"anyOf": _RIGHT}}]}
)


@dataclass(frozen=True)
class QuotaShape(Shape):
    """A right by weight: whoever has so much together."""

    at_least: float | None = entry(
        Number(above=0), "the weight from which a set of actors suffices", required=True
    )
    of: dict[str, float | None] | None = entry(
        MapOf(Number(above=0), "a map of actors and weights", ids=False),
        "the weight of each actor, above 0",
        required=True,
    )


@dataclass(frozen=True)
class AllShape(Shape):
    """A right of those who have several rights at once."""

    all: list[Any] | None = entry(
        ListOf(Raw({"anyOf": _TOGETHER}), "a list of rights"),
        "the rights that must be had together: quotas, and actors joined by and/or",
        required=True,
    )


@dataclass(frozen=True)
class EntitlementShape(Shape):
    """Who has a right in some states or on some days; the first entry that counts."""

    when: Any = entry(STATEMENT, "where this entry counts, in the state that is left")
    since: date | None = entry(Day(), "the first day on which it counts", key="from")
    until: date | None = entry(Day(), "the last day on which it counts")
    by: Any = entry(
        BY,
        "who has the right then: actors joined by and/or, nobody, a quota, or all of several",
        required=True,
    )
