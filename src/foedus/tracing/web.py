"""The web that traces are read from: things of a case by their names, and what rests on what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from foedus.case.model import Path

Kind = Literal[
    "arrangement",
    "answer",
    "part",
    "process",
    "judgement",
    "wish",
    "ranking",
    "rule",
    "record",
    "reference class",
    "fact",
    "report",
    "assumption",
    "inference",
    "poll",
    "source",
    "origin",
]

KINDS: tuple[Kind, ...] = get_args(Kind)

ANSWERS = ("possible", "acceptable", "holds", "reached", "outside", "evidence", "pooled")
"""What may be asked of an arrangement, in the order in which it is told."""

NAMELESS: tuple[Kind, ...] = ("part", "process")
"""Kinds that stand between an answer and what carries it, and are no answers themselves."""


@dataclass(frozen=True, slots=True)
class Thing:
    """An answer, or something that carries one.

    ``name`` is the path by which it is asked for, ``text`` what it says, ``path`` where it stands
    in the file (empty: nowhere), ``value`` its number or answer as plain data. ``mark`` says openly
    why nothing is named below it, where that needs saying. ``detail`` is told on the way down only.
    """

    kind: Kind
    name: str
    text: str
    path: Path = ()
    value: Any = None
    mark: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """What a thing rests on, and how: ``note`` is what the one does in the other."""

    name: str
    note: str = ""


@dataclass(slots=True)
class Web:
    """Things by name, in the order in which they are put in, and what each rests on.

    ``aliases`` maps other names of things to their own. What a thing rests on is changed by
    :meth:`put` and :meth:`relink` alone.
    """

    things: dict[str, Thing] = field(default_factory=dict)
    below: dict[str, list[Edge]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    _above: dict[str, list[Edge]] | None = field(default=None, init=False, repr=False)

    def put(self, thing: Thing, below: Iterable[Edge] = ()) -> None:
        """Put a thing in, with what it rests on: each but once, with all that it does there."""
        self.things[thing.name] = thing
        notes: dict[str, dict[str, None]] = {}
        for edge in below:
            notes.setdefault(edge.name, {})[edge.note] = None
        self.relink(thing.name, [Edge(name, "; ".join(told)) for name, told in notes.items()])

    def relink(self, name: str, below: list[Edge]) -> None:
        """Let a thing that is there rest on other things."""
        self.below[name] = below
        self._above = None

    def above(self) -> dict[str, list[Edge]]:
        """The same from the other end: for each thing what rests on it, in the order of things."""
        if self._above is None:
            self._above = {name: [] for name in self.things}
            for name, edges in self.below.items():
                for edge in edges:
                    self._above[edge.name].append(Edge(name, edge.note))
        return self._above


def answer_name(arrangement: str, answer: str) -> str:
    """The path of an answer.

    >>> answer_name("one-town", "acceptable")
    'arrangements.one-town.acceptable'
    """
    return f"arrangements.{arrangement}.{answer}"
