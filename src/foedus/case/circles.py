"""Circles in what names what, found without recursion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from foedus.case.model import And, Expression, Iff, Implies, In, Named, Not, Or

Graph = Mapping[str, Iterable[str]]
"""For each id, the ids it names; ids that are no keys are passed over."""


def names_in(tree: Expression) -> tuple[str, ...]:
    """The arrangements a statement names, each once, in their order."""
    return tuple(dict.fromkeys(leaf.arrangement for leaf in _leaves(tree) if type(leaf) is Named))


def issues_in(tree: Expression, arrangements: Mapping[str, Expression]) -> frozenset[str]:
    """The issues that a statement looks at, also by way of the arrangements it names."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [tree]
    while waiting:
        for leaf in _leaves(waiting.pop()):
            if isinstance(leaf, In):
                found.add(leaf.issue)
            elif leaf.arrangement not in seen:
                seen.add(leaf.arrangement)
                waiting += [arrangements[n] for n in [leaf.arrangement] if n in arrangements]
    return frozenset(found)


def _leaves(tree: Expression) -> Iterator[In | Named]:
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        match part:
            case In() | Named():
                yield part
            case Not(inner):
                waiting.append(inner)
            case And(parts) | Or(parts):
                waiting += reversed(parts)
            case Implies(left, right) | Iff(left, right):
                waiting += (right, left)


def circles(graph: Graph) -> list[list[str]]:
    """Circles of ids, each given from its first id back to that id; no circle, no list.

    Every id that lies on a circle is on one of those given or names one of them.

    >>> circles({"a": ["b"], "b": ["c"], "c": ["a", "d"], "d": []})
    [['a', 'b', 'c', 'a']]
    """
    found: list[list[str]] = []
    done: set[str] = set()
    for start in graph:
        if start in done:
            continue
        trail = {start: None}  # the ids on the way here, in order
        branches = [iter(graph[start])]
        while branches:
            step = next(branches[-1], None)
            if step is None:
                branches.pop()
                done.add(trail.popitem()[0])
            elif step in trail:
                way = list(trail)
                found.append([*way[way.index(step) :], step])
            elif step in graph and step not in done:
                trail[step] = None
                branches.append(iter(graph[step]))
    return found


def deepest(graph: Graph) -> tuple[str, int]:
    """The id at the top of the longest chain, and the chain's length, in a graph without circles.

    >>> deepest({"a": ["b"], "b": ["c"], "c": []})
    ('a', 3)
    """
    height: dict[str, int] = {}
    for start in graph:
        waiting = [start]
        while waiting:
            name = waiting[-1]
            below = [n for n in graph[name] if n in graph]
            if open_ones := [n for n in below if n not in height]:
                waiting += open_ones
            else:
                height[name] = 1 + max((height[n] for n in below), default=0)
                waiting.pop()
    return max(height.items(), key=lambda item: item[1])


def shortened(circle: list[str]) -> str:
    """A circle with its arrows, the middle left out when it is long.

    >>> shortened(["a", "b", "a"])
    'a -> b -> a'
    """
    if len(circle) > 12:
        circle = [*circle[:6], f"({len(circle) - 9} more)", *circle[-3:]]
    return " -> ".join(circle)
