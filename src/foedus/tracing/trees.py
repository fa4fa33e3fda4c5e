"""Trees read from the web: down to what carries a thing, and up to what depends on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from immutabledict import immutabledict

from foedus.case.model import Case
from foedus.result import data_of
from foedus.tracing.web import Edge, Kind, Thing, Web

DEEPEST = 60
"""No tree is followed further than so many levels, whatever is asked."""

DEPTHS: Mapping[Kind, int] = immutabledict({"arrangement": 3, "source": 2, "origin": 2})
"""How deep a tree goes unless asked for, where that is not down to the last."""

POOLED = 2
"""How deep the tree of a pooled answer goes unless asked for."""

ABOVE = "above"
DEEPER = "there is more below"
IDLE = "no answer traced here depends on it"


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in a tree. ``note`` is what it does in the one that it depends on.

    ``line`` is where it stands in the file. ``mark`` says why nothing is below it: ``above`` where
    it was shown in full before; empty for a fact, report or poll with its source.
    """

    kind: Kind
    name: str
    text: str
    line: int | None = None
    value: Any = None
    note: str = ""
    mark: str = ""
    children: tuple[Node, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        told = data_of(self, "kind name text line value note mark children")
        return {key: value for key, value in told.items() if value not in (None, "", [])}

    def names(self) -> frozenset[str]:
        """The names of all things in the tree below it."""
        found: set[str] = set()
        for child in self.children:
            found |= {child.name, *child.names()}
        return frozenset(found)


def down(case: Case, web: Web, name: str, depth: int | None = None) -> Node:
    """The tree from a thing to what it rests on; sources are told by their items.

    Of a source or an origin it is the thing alone: what it carries lies above it.
    """

    def rests_on(key: str) -> list[Edge]:
        below = web.below[key]
        return [e for e in below if web.things[e.name].kind not in ("source", "origin")]

    brief = depth is None and web.things[name].kind == "arrangement"
    climb = _Climb(case, web, rests_on, depth or _usual(web.things[name]), brief=brief)
    return climb.node(Edge(name), 0)


def up(case: Case, web: Web, name: str, depth: int | None = None) -> Node:
    """The tree from a thing to what depends on it, up to the answers."""
    above = web.above()

    def carries(key: str) -> list[Edge]:
        return _answers(web, above[key])

    climb = _Climb(case, web, carries, depth or _usual(web.things[name]), up=True)
    root = climb.node(Edge(name), 0)
    return root if root.children else replace(root, mark=IDLE)


def depending(web: Web, name: str) -> tuple[str, ...]:
    """The answers that depend on a thing, by whatever way, in the order in which they are kept."""
    above = web.above()
    found, open_ = {name}, [name]
    while open_:
        for edge in above[open_.pop()]:
            if edge.name not in found:
                found.add(edge.name)
                open_.append(edge.name)
    answers = [n for n in found if web.things[n].kind == "answer" and n != name]
    order = {n: k for k, n in enumerate(web.things)}
    return tuple(sorted(answers, key=order.__getitem__))


def _usual(thing: Thing) -> int:
    if thing.kind == "answer" and thing.name.endswith(".pooled"):
        return POOLED
    return DEPTHS.get(thing.kind, DEEPEST)


def _answers(web: Web, above: list[Edge]) -> list[Edge]:
    """The edges upwards, each part of an answer replaced by the answer, arrangements left out."""
    notes: dict[str, list[str]] = {}
    for edge in above:
        kind = web.things[edge.name].kind
        if kind == "part":
            answer, _, _ = edge.name.partition(":")
            through = next(e.note for e in web.below[answer] if e.name == edge.name)
            who = through.removeprefix("through ")
            told = edge.note.removeprefix(f"{who}: ")
            notes.setdefault(answer, []).append(f"{through}: {told}")
        elif kind != "arrangement":
            notes.setdefault(edge.name, []).extend([edge.note] if edge.note else [])
    return [Edge(name, "; ".join(told)) for name, told in notes.items()]


class _Climb:
    """One walk along edges; what was shown in full once is only named again."""

    def __init__(
        self,
        case: Case,
        web: Web,
        edges: Callable[[str], list[Edge]],
        depth: int,
        *,
        up: bool = False,
        brief: bool = False,
    ) -> None:
        self.case, self.web, self.up, self.brief = case, web, up, brief
        self.edges = cache(edges)  # of the few things met, but of those again and again
        self.depth = min(depth, DEEPEST)
        self.seen: set[str] = set()

    def node(self, edge: Edge, level: int) -> Node:
        thing, edges = self.web.things[edge.name], self.edges(edge.name)
        place = self.case.place(thing.path) if thing.path else None
        bare = Node(
            thing.kind,
            thing.name,
            thing.text if self.up else f"{thing.text}{thing.detail}",
            place.line if place else None,
            thing.value,
            edge.note,
        )
        if not edges:
            return bare if self.up else replace(bare, mark=thing.mark)
        if edge.name in self.seen:
            return replace(bare, mark=ABOVE)
        if level >= self.depth or (self.brief and thing.kind == "process"):
            return replace(bare, mark=DEEPER)
        self.seen.add(edge.name)
        return replace(bare, children=tuple(self.node(each, level + 1) for each in edges))
