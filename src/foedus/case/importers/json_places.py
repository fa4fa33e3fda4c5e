"""Where the values of a JSON text stand, for messages: its parser does not keep their places."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from foedus.case.model import Path, Place
from foedus.case.problems import Problem

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[][{},:]|[^][{},:"\s]+', re.DOTALL)
_BREAK = re.compile(r"\r\n|\r|\n")
_STEP = re.compile(r"\.?(\w+)|\[(\d+)\]")
_WHERE = re.compile(r"(\w+(?:\.\w+|\[\d+\])*): ")


def places_in(text: str, paths: Iterable[Path]) -> dict[Path, Place]:
    r"""The places of the values at these paths (keys and list indexes), of those that there are.

    ``text`` is JSON that could be parsed. It is scanned once, without recursion, until all have
    been found.

    >>> places_in('{"a": [1,\n {"b": 2}]}', [("a", 1, "b"), ("a", 5)])
    {('a', 1, 'b'): Place(line=2, column=8)}
    """
    wanted: dict[Any, Any] = {}
    left = 0
    for path in set(paths):
        node = wanted
        for step in path:
            node = node.setdefault(step, {})
        node[None] = path
        left += 1
    offsets: dict[Path, int] = {}
    stack: list[tuple[dict[Any, Any], list[Any]]] = []  # what is wanted here; the step we are at
    node, key_next = wanted, False
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in ("]", "}"):
            stack.pop()
            key_next = False
        elif sign == ",":
            below, at = stack[-1]
            if isinstance(at[0], int):
                at[0] += 1
                node = below.get(at[0], {})
            else:
                key_next = True
        elif key_next and sign[0] == '"':
            below, at = stack[-1]
            at[0] = json.loads(sign)
            node, key_next = below.get(at[0], {}), False
        elif sign != ":":
            if None in node and node[None] not in offsets:
                offsets[node[None]] = token.start()
                if len(offsets) == left:
                    break
            if sign in ("[", "{"):
                key_next = sign == "{"
                stack.append((node, [None if key_next else 0]))
                node = node.get(0, {}) if not key_next else {}
    return _placed(text, offsets)


def _placed(text: str, offsets: dict[Path, int]) -> dict[Path, Place]:
    places = {}
    line, begun, seen = 1, 0, 0
    for path, offset in sorted(offsets.items(), key=lambda item: item[1]):
        breaks = [found.end() for found in _BREAK.finditer(text, seen, offset)]
        line, begun, seen = line + len(breaks), breaks[-1] if breaks else begun, offset
        places[path] = Place(line, offset - begun + 1)
    return places


def with_places(problems: Iterable[Problem], text: str) -> list[Problem]:
    """Problems whose messages begin with a path, such as ``options[2].name: ``, with its place.

    Where there is no such value, it is the place of the nearest above it that there is.
    """
    given = list(problems)
    paths = [_path(problem.message) if problem.place is None else () for problem in given]
    above = {path[:k] for path in paths for k in range(1, len(path) + 1)}
    places = places_in(text, above) if above else {}
    placed = []
    for problem, path in zip(given, paths, strict=True):
        found = (places[path[:k]] for k in range(len(path), 0, -1) if path[:k] in places)
        place = problem.place or next(found, None)
        placed.append(Problem(problem.message, place, problem.expected, problem.nearest))
    return placed


def _path(message: str) -> Path:
    found = _WHERE.match(message)
    if found is None:
        return ()
    return tuple(name or int(index) for name, index in _STEP.findall(found[1]))
