"""The web that traces are read from: things of a case by name, what rests on what, and finding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from foedus.case.model import Path
from foedus.case.problems import CaseError, Problem, listed, nearest, shown
from foedus.preferences.games import Game

FIRST = ("arrangements", "evidence", "polls", "records", "reference_classes")
THEN = ("sources", "origins")
"""What a bare name may belong to; to the latter only where it belongs to none of the former."""


def thing_called(game: Game, web: Web, path: str) -> Thing:
    """The thing that a path means, in full or without what it begins with.

    Raises CaseError for a path that means nothing, with the nearest known one, or two things.
    """
    asked = path.strip()
    if found := _exactly(web, asked):
        return found
    for prefixes in (FIRST, THEN):
        names = [f"{prefix}.{asked}" for prefix in prefixes if f"{prefix}.{asked}" in web.things]
        if len(names) > 1:
            message = f"{shown(asked, 80)} may mean more than one thing"
            problem = Problem(message, expected=f"{listed(names)} in full")
            raise CaseError([problem], game.case.file)
        if names:
            return web.things[names[0]]
    raise _unknown(game, web, asked)


def _exactly(web: Web, asked: str) -> Thing | None:
    thing = web.things.get(web.aliases.get(asked, asked))
    return thing if thing is not None and thing.kind not in NAMELESS else None


def _unknown(game: Game, web: Web, asked: str) -> CaseError:
    case = game.case
    arrangement, _, answer = asked.removeprefix("arrangements.").rpartition(".")
    if arrangement in case.arrangements and answer in ANSWERS:
        message = f"{arrangement} has no answer {shown(answer)}: {_lacking(game, answer)}"
        known = [a for a in ANSWERS if answer_name(arrangement, a) in web.things]
        return CaseError([Problem(message, expected=listed(known))], case.file)
    full = [thing.name for thing in web.things.values() if thing.kind not in NAMELESS]
    short = {
        name.removeprefix(f"{prefix}."): name
        for prefix in (*THEN, *reversed(FIRST))
        for name in full
        if name.startswith(f"{prefix}.")
    }
    message = f"nothing in the case is called {shown(asked, 80)}"
    guess = nearest(asked, [*short, *full, *web.aliases])
    if guess is None:
        last = asked.rpartition(".")[2]
        ends = {name.rpartition(".")[2]: name for name in reversed(full)}
        guess = ends.get(nearest(last, ends) or "")
    expected = None if guess else "one of the paths that `foedus trace CASE` lists"
    return CaseError([Problem(message, None, expected, guess)], case.file)


def _lacking(game: Game, answer: str) -> str:
    if answer in ("outside", "evidence", "pooled") and game.case.hypotheses:
        return "the views are of hypotheses alone, of a case that can be forecast"
    if answer in ("acceptable", "holds"):
        return "consent is worked out from today, `as_of` and `deadline`, and one is missing"
    return "the case lacks hypotheses, or what a forecast needs: today, `as_of` and `deadline`"


Kind = Literal[
    "arrangement",
    "answer",
    "part",
    "process",
    "judgement",
    "wish",
    "ranking",
    "event",
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
