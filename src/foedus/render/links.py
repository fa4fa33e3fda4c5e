"""Links within a page: from where an item of evidence is named to the row that tells it.

Blocks hold plain text, so what is a name must be seen from the text, and an ordinary word must
never become a link. A row can be referred to where its first cell has an anchor that is an id as a
case writes one. It is linked where

- a list of names holds it, all of them known: with commas and "and" after "because of" at the start
  of the text or of a clause or after "rests on:", with commas in square brackets, or with commas
  as the whole text (lines of the case file may stand beside the names);
- a dotted name ends in it ("evidence.rumour");
- it is an entry of a column of names ("rests on", "bears on", "left out");
- its id has a hyphen, as few words have, and stands by itself. Before a colon, or after one word
  and a colon, such an id names something else, a wish of an actor ("elite: trip-wire"), save after
  the words in `NAMED`.

In the heading of a row the last does not hold, and no row links to itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from foedus.document import Block, Cell, Section, Table
from foedus.render.text import shown

COLUMNS = frozenset({"rests on", "bears on", "left out", "falls with it"})
"""Columns whose cells are lists of names."""
NAMED = frozenset({"pace", "poll", "record", "evidence"})
"""Single words that may stand before a name, with a colon."""
_TOLD = 140
"""So many letters of what a row says a link tells beforehand."""

_ID = r"\w+(?:-\w+)*"
_WHOLE = re.compile(_ID)
_HYPHENATED = re.compile(r"(?<![\w-])\w+(?:-\w+)+(?![\w-])")
_LINE = r"(?: \(line \d+\))?"
_LISTS = (
    re.compile(
        rf"(?:(?:^|(?<=[;,(] ))because of|\brests? on:) ({_ID}(?:(?:, | and ){_ID})*)(?=[;.,)]|$)",
        re.IGNORECASE,
    ),
    re.compile(rf"\[({_ID}(?:, {_ID})*)\]"),
    re.compile(rf"^({_ID}{_LINE}(?:, {_ID}{_LINE})+(?: and {_ID}{_LINE})?)$"),
    re.compile(rf"^({_ID} \(line \d+\) and {_ID} \(line \d+\))$"),
)
_DOTTED = re.compile(rf"(?<![\w.-])(?:evidence|polls|records|reference_classes)\.({_ID})(?![\w-])")
_OTHER = re.compile(rf"(?:^|[;,] )({_ID}): $")
_BETWEEN = re.compile(rf"{_LINE}(?:, | and |$)")
_ENTRY = re.compile(rf"(?:^|(?<=, )|(?<=; )){_ID}(?=[,;] |$)")


class Piece(NamedTuple):
    """A part of a text; with ``target``, the HTML id of a row, a link that ``told`` describes."""

    text: str
    target: str = ""
    told: str = ""


class Links:
    """The rows of a page that can be referred to, and the links to them."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._told: dict[str, str] = {}
        for table in _tables(blocks):
            for row in table.rows:
                name = row[0].anchor if row else ""
                if _WHOLE.fullmatch(name):
                    # The first row of a name keeps it.
                    self._told.setdefault(name, shown(row[0].text))
        self._left = dict.fromkeys(self._told, True)

    @property
    def ids(self) -> frozenset[str]:
        """The HTML ids that the rows take."""
        return frozenset(map(_html_id, self._told))

    def take(self, row: tuple[Cell, ...]) -> str:
        """The HTML id of the row; empty where it has no name, or that of a row before it."""
        name = row[0].anchor if row else ""
        return _html_id(name) if self._left.pop(name, False) else ""

    def pieces(
        self, text: str, *, own: str = "", column: str = "", heading: bool = False
    ) -> tuple[Piece, ...]:
        """The text cut where it names rows; nothing where it names none.

        ``own`` is the name of the row that the text stands in, ``column`` the heading above it;
        in a row's ``heading`` a name by itself is not linked.
        """
        pieces, done = [], 0
        for start, end in self._places(text, own, column, heading):
            name = text[start:end]
            pieces += [Piece(text[done:start]), Piece(name, _html_id(name), self._before(name))]
            done = end
        return (*pieces, Piece(text[done:])) if pieces else ()

    def _places(self, text: str, own: str, column: str, heading: bool) -> list[tuple[int, int]]:
        """Where the text names a row: first letter and the one after the last, in order."""
        if not self._told:
            return []
        found = set(_listed(text, self._told))
        found.update(m.span(1) for m in _DOTTED.finditer(text) if m[1] in self._told)
        if column in COLUMNS:
            found.update(m.span() for m in _ENTRY.finditer(text) if m[0] in self._told)
        if not heading and "-" in text:
            found.update(_alone(text, self._told))
        return sorted(span for span in found if text[slice(*span)] != own)

    def _before(self, name: str) -> str:
        """What a link tells before it is followed; nothing that the name does not say."""
        told = self._told[name]
        told = told if len(told) <= _TOLD else f"{told[: _TOLD - 1].rstrip()}…"
        return "" if told == name else told


def _html_id(name: str) -> str:
    return f"e-{name}"


def _tables(blocks: Iterable[Block]) -> Iterator[Table]:
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Section):
            yield from _tables(block.blocks)


def _listed(text: str, known: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """The names in lists of reasons of which every entry is known."""
    for pattern in _LISTS:
        for match in pattern.finditer(text):
            names = [name for name in _BETWEEN.split(match[1]) if name]
            if not all(name in known for name in names):
                continue
            start = match.start(1)
            for name in names:
                start = text.index(name, start)
                yield start, start + len(name)
                start += len(name)


def _alone(text: str, known: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """The ids with a hyphen that stand by themselves."""
    for match in _HYPHENATED.finditer(text):
        if match[0] not in known or text.startswith(":", match.end()):
            continue
        other = _OTHER.search(text[: match.start()])
        if other is None or other[1] in NAMED:
            yield match.span()
