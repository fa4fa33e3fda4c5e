"""The named options of the playout: what the literature leaves open, with defaults and reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, get_args, get_type_hints

VIEWS = ("inside", "outside")
"""The views that are pooled; named here, where a command can read them at once."""

INSTEAD_OF_WEIGHT = (
    "evidence has no weight any more: its likelihood ratios update what the inside and outside "
    "views are pooled to"
)
"""What to say to a weight for the evidence, which was once a third view of the pool."""


@dataclass(frozen=True, slots=True)
class PlayoutOptions:
    """How a draw is played; ``docs/playout.md`` defines each choice."""

    bargainers: Literal["coalitions", "movers"] = "coalitions"
    deal: Literal["nash", "fallback", "egalitarian"] = "nash"
    ties: Literal["fewest", "lowest", "highest"] = "fewest"
    conflict: Literal["better", "soonest"] = "better"
    waiting: Literal["parallel", "sequence"] = "parallel"
    order: Literal["file", "reverse"] = "file"
    cycle: Literal["next-best", "stand-still"] = "next-best"

    def __post_init__(self) -> None:
        for name, choices in choices_of().items():
            if getattr(self, name) not in choices:
                raise ValueError(
                    f"no {name} {getattr(self, name)!r}; there are: {', '.join(choices)}"
                )

    @property
    def told(self) -> str:
        """Every option with its choice, for a caption."""
        return ", ".join(f"{f.name} {getattr(self, f.name)}" for f in fields(self))

    def variants(self) -> Iterator[tuple[str, PlayoutOptions]]:
        """Every playout that differs from this one in one option, with what differs."""
        for name, choices in choices_of().items():
            for choice in choices:
                if choice != getattr(self, name):
                    other: dict[str, Any] = {name: choice}
                    yield f"{name}: {choice}", replace(self, **other)


def choices_of() -> dict[str, tuple[str, ...]]:
    """The choices of each option, the default first."""
    return {name: get_args(hint) for name, hint in get_type_hints(PlayoutOptions).items()}


REASONS = {
    "bargainers": "whoever can make a change together may bargain over it, so all unions of movers",
    "deal": "the Nash solution needs no comparison of one actor's units with another's",
    "ties": "nobody changes more than a deal needs",
    "conflict": "actors are taken to know what they want better than how long it takes",
    "waiting": "talks on several items run beside each other",
    "order": "as the case's author put the actors",
    "cycle": "a mover that would go round in a circle looks for its next best move",
}
"""Why each default is the default."""
