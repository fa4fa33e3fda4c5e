"""What to cut and write in the text of a case file so that one entry of it changes.

Each change is a list of splices of the one text. Nothing here is sure to be right for every layout
that YAML allows: who asks for a change reads the new text and compares.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from foedus.case.alike import new_order, same
from foedus.case.layout import Layout
from foedus.case.paths import at
from foedus.case.places import Path
from foedus.case.source import plain_data
from foedus.case.writing import SECTIONS, TOP, WIDTH, entry_lines, item_lines, one_line


class NotHere(Exception):
    """The layout does not allow the change in this way."""


class Splice(NamedTuple):
    """The text from ``start`` to ``end`` is to be this one."""

    start: int
    end: int
    text: str


def spliced(text: str, splices: list[Splice]) -> str:
    """The text with all splices made; of those at one place, the first in the list comes first.

    Raises NotHere where two of them change the same letters.

    >>> spliced("a: 1, b: 2", [Splice(3, 4, "7"), Splice(4, 4, ", c: 3")])
    'a: 7, c: 3, b: 2'
    """
    parts, done = [], 0
    for start, end, new in sorted(splices, key=lambda splice: splice[:2]):
        if start < done:
            raise NotHere
        parts += [text[done:start], new]
        done = end
    return "".join([*parts, text[done:]])


class Change:
    """The splices of one change, gathered in ``splices``.

    With ``flat`` what is new is written on one line, also where it is long: no comment below can
    then become part of it.
    """

    def __init__(self, layout: Layout, *, flat: bool = False) -> None:
        self.layout = layout
        self.flat = flat
        self.splices: list[Splice] = []

    def _splice(self, start: int, end: int, text: str) -> None:
        self.splices.append(Splice(start, end, text))

    # --- an entry that is there ---

    def merge(self, path: Path, new: Any) -> None:
        """Let the value at the path be another, touching no more of what is in it than differs."""
        old = plain_data(at(self.layout.data, path))
        if same(old, new):
            return
        order = new_order(old, new)
        if self.outgrows(path, new):
            self.replace(path, new)
        elif order and (pieces := self.layout.pieces(path)):
            self._reorder(path, pieces, order)
        elif isinstance(old, dict) and isinstance(new, dict) and self._fit(path, old, new):
            self._merge_map(path, old, new)
        elif isinstance(old, list) and isinstance(new, list) and old and new:
            self._merge_list(path, old, new)
        else:
            self.replace(path, new)

    def outgrows(self, path: Path, new: Any) -> bool:
        """Whether what fits into one line of a block would no longer do so with the new data."""
        layout = self.layout
        if not path or layout.in_flow(path[:-1]) or not layout.is_bracketed(path):
            return False
        start, end = layout.start(path), layout.end(path)
        fits = layout.column(start) + end - start <= WIDTH and layout.line_end(start) >= end
        return fits and layout.column(start) + len(one_line(new)) > WIDTH

    def _fit(self, path: Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
        """Whether a map can become another by putting in and taking out."""
        kept = [key for key in old if key in new]
        gone = len(kept) < len(old)
        ordered = bool(kept) and kept == [key for key in new if key in old]
        return ordered and not (gone and self.layout.in_flow(path))

    def _merge_map(self, path: Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        after: str | None = None
        for key, value in new.items():
            if key in old:
                self.merge((*path, key), value)
                after = key
            else:
                self.insert(path, key, value, after)
        for key in old:
            if key not in new:
                self.remove((*path, key))

    def _merge_list(self, path: Path, old: list[Any], new: list[Any]) -> None:
        shorter = min(len(old), len(new))
        first = next((k for k in range(shorter) if not same(old[k], new[k])), shorter)
        left = shorter - first
        last = next((k for k in range(left) if not same(old[-1 - k], new[-1 - k])), left)
        changed = left - last
        for k in range(first, first + changed):
            self.merge((*path, k), new[k])
        after = first + changed - 1
        for value in new[after + 1 : len(new) - last]:
            self.insert(path, len(old), value, after if after >= 0 else None)
        gone = range(after + 1, len(old) - last)
        if len(gone) > 1 and self.layout.in_flow(path):
            self.splices = [each for each in self.splices if not self._within(each, path)]
            self.replace(path, new)
            return
        for k in gone:
            self.remove((*path, k))

    def _reorder(self, path: Path, pieces: list[str], order: list[int]) -> None:
        """Move entries with the comments above and behind them."""
        start, newline = self.layout.pieces_start(path), self.layout.newline
        ended = pieces[-1].endswith(("\n", "\r"))
        moved = "".join(
            piece if piece.endswith(("\n", "\r")) else piece + newline
            for piece in (pieces[k] for k in order)
        )
        self._splice(start, start + sum(map(len, pieces)), moved if ended else moved.rstrip("\r\n"))

    def _within(self, splice: Splice, path: Path) -> bool:
        return self.layout.start(path) <= splice.start and splice.end <= self.layout.end(path)

    def replace(self, path: Path, value: Any) -> None:
        """Write the value at the path anew. Comments within the old one go with it."""
        if not path:
            raise NotHere
        if self.layout.in_flow(path[:-1]):
            self._replace_in_flow(path, value)
            return
        layout = self.layout
        sign = layout.sign_end(path)
        if sign is None:
            raise NotHere
        written, below = self._written(path, value)
        start, end, head_end = layout.start(path), layout.end(path), layout.line_end(sign)
        tail, between, stop = "", "", layout.lines_end(path)
        if start > head_end:  # the value begins on a line of its own
            tail = layout.text[sign:head_end]
            between = layout.text[head_end : layout.line_start(start)].rstrip(" \t\r\n")
        elif end <= head_end:
            tail = layout.text[end:stop]
        elif layout.text[start] in "|>":
            tail = re.sub(r"^[|>][-+0-9]*", "", layout.text[start:head_end])
        elif not isinstance(at(layout.data, path), dict | list) or layout.is_bracketed(path):
            tail = layout.text[end:stop]
        tail = tail.rstrip()
        one_text = written.endswith((">-", "|", "|-"))
        if one_text and len(tail.splitlines()) > 1:  # the comment would become part of it
            written, below = " " + one_line(value), []
        self._splice(sign, stop, layout.newline.join([written + tail + between, *below]))

    def _replace_in_flow(self, path: Path, value: Any) -> None:
        layout = self.layout
        start, end = layout.start(path), layout.end(path)
        if start < end:
            self._splice(start, end, one_line(value))
        elif (colon := layout.sign_end(path)) is not None:
            self._splice(colon, colon, " " + one_line(value))
        else:  # a key alone
            key = layout.source.keys[path].end
            self._splice(key, key, ": " + one_line(value))

    def _written(self, path: Path, value: Any) -> tuple[str, list[str]]:
        """What stands behind the colon or hyphen of an entry in a block, and the lines below."""
        if self.flat:
            return " " + one_line(value), []
        layout, key = self.layout, path[-1]
        indent = layout.column(layout.head(path))
        if isinstance(key, int):
            head, *below = item_lines(value, indent)
            return head[indent + 1 :], below
        head, *below = entry_lines(key, value, indent, top=len(path) == 1)
        written = head[indent + len(one_key(key)) + 1 :]
        old = at(layout.data, path)
        if not written and isinstance(old, dict | list) and not layout.is_bracketed(path):
            more = layout.column(layout.start(path)) - (indent + 2)  # as its own lines were
            if more > 0 or (more < 0 and isinstance(value, list)):
                below = [(" " * more + line) if more > 0 else line[-more:] for line in below]
        return written, below

    # --- an entry more ---

    def insert(self, path: Path, key: str | int, value: Any, after: str | int | None) -> None:
        """Put an entry into the map or list at the path, behind another one or, so, as the first.

        ``key`` is not looked at in a list. The map or list must hold something.
        """
        if self.layout.in_flow(path):
            self._insert_in_flow(path, key, value, after)
            return
        layout = self.layout
        entries = at(layout.data, path)
        first = (*path, 0 if isinstance(entries, list) else next(iter(entries)))
        head = layout.head(first)
        indent = layout.column(head)
        pad = " " * indent
        if isinstance(entries, list):
            lines = [f"{pad}- {one_line(value)}"] if self.flat else item_lines(value, indent)
        elif self.flat:
            lines = [f"{pad}{one_key(str(key))}: {one_line(value)}"]
        else:
            lines = entry_lines(str(key), value, indent, top=not path)
        apart = [""] if not path and key in SECTIONS else []
        if after is not None:
            place = layout.lines_end((*path, after))
            self._close(place)
            self._splice(place, place, layout.newline.join(["", *apart, *lines]))
        elif layout.begins_line(head):
            place = layout.line_start(head)
            self._splice(place, place, layout.newline.join([*lines, *apart, ""]))
        else:
            raise NotHere

    def _close(self, place: int) -> None:
        """Keep a text block that ends the file without a line break from taking the one now put."""
        block = self.layout.text_block(place)
        if block is not None and place == len(self.layout.text):
            sign = re.match(r"[|>]\d?[-+]?\d?", self.layout.text[block:])
            if sign is not None and "-" not in sign.group():
                end = block + sign.end()
                self._splice(block, end, sign.group().replace("+", "") + "-")

    def _insert_in_flow(
        self, path: Path, key: str | int, value: Any, after: str | int | None
    ) -> None:
        layout = self.layout
        if not layout.is_bracketed(path):
            raise NotHere
        entries = at(layout.data, path)
        written = one_line(value)
        if isinstance(entries, dict):
            written = f"{one_line(str(key))}: {written}"
        if after is None:
            head = layout.head((*path, 0 if isinstance(entries, list) else next(iter(entries))))
            self._splice(head, head, written + ", ")
            return
        before = (*path, after)
        end = layout.end(before)
        if end == layout.start(before):
            raise NotHere
        comma = layout.comma_after(before, layout.end(path))
        behind = end if comma is None else comma + 1
        rest = layout.text[behind : layout.line_end(behind)].strip()
        head = layout.head(before)
        if layout.begins_line(head) and (not rest or rest.startswith("#")):
            if comma is None:
                self._splice(end, end, ",")
            line = layout.line_end(behind)
            pad = layout.text[layout.line_start(head) : head]
            more = "," if comma is not None else ""
            self._splice(line, line, f"{layout.newline}{pad}{written}{more}")
        else:
            self._splice(end, end, f", {written}")

    # --- an entry less ---

    def remove(self, path: Path) -> None:
        """Take out an entry of a map or list that holds others, with the comment behind it."""
        siblings = list(_steps(at(self.layout.data, path[:-1])))
        k = siblings.index(path[-1])
        after = (*path[:-1], siblings[k + 1]) if k + 1 < len(siblings) else None
        if self.layout.in_flow(path[:-1]):
            self._remove_in_flow(path, after, first=k == 0)
        elif self.layout.begins_line(self.layout.head(path)):
            self._remove_lines(path)
        elif after is None:
            raise NotHere
        else:
            self._remove_beside_hyphen(path, after)

    def _remove_lines(self, path: Path) -> None:
        layout = self.layout
        start, end = layout.line_start(layout.head(path)), layout.lines_end(path)
        stop = layout.next_line(end)
        floor = layout.line_end(layout.before(layout.head(path)))
        blank = re.search(r"(?:(?<=\n)|(?<=\r)|\A)(?:[ \t]*(?:\r\n|\r|\n))+\Z", layout.text[:start])
        below = layout.text[stop : layout.line_end(stop)]
        if blank and not below.strip() and floor < start:
            start = max(blank.start(), layout.next_line(floor) if floor else 0)
        if stop == end and layout.text_block(start) is None:  # the file ends without a line break
            start -= len(layout.text[:start]) - len(
                re.sub(r"(\r\n|\r|\n)\Z", "", layout.text[:start])
            )
        self._splice(start, stop, "")

    def _remove_beside_hyphen(self, path: Path, after: Path) -> None:
        """The first entry of a map or list that begins on the line of a hyphen."""
        layout = self.layout
        head, line = layout.head(after), layout.line_start(layout.head(after))
        between = layout.text[layout.lines_end(path) : line]
        if "#" in between:
            self._splice(layout.before(layout.head(path)), line, between)
        else:
            self._splice(layout.head(path), head, "")

    def _remove_in_flow(self, path: Path, after: Path | None, *, first: bool) -> None:
        layout = self.layout
        if not layout.is_bracketed(path[:-1]):
            raise NotHere
        head, end = layout.head(path), layout.end(path)
        comma = layout.comma_after(path, layout.end(path[:-1]))
        behind = end if comma is None else comma + 1
        line_end = layout.line_end(behind)
        rest = layout.text[behind:line_end].strip()
        drop_comma = after is None and comma is None and not first
        if layout.begins_line(head) and (not rest or rest.startswith("#")):
            if drop_comma:
                before = layout.comma_before(path)
                self._splice(before, before + 1, "")
            self._splice(layout.line_start(head), layout.next_line(line_end), "")
        elif drop_comma:
            before = layout.comma_before(path)
            if "#" in layout.text[before:head]:
                self._splice(before, before + 1, "")
                self._splice(head, end, "")
            else:
                self._splice(before, end, "")
        elif after is None or "#" in layout.text[behind : layout.head(after)]:
            self._splice(head, behind, "")
        else:
            self._splice(head, layout.head(after), "")


def one_key(key: str) -> str:
    """A key as it is written in a block.

    >>> one_key("no"), one_key("apart -> league")
    ('"no"', 'apart -> league')
    """
    return entry_lines(key, 0, 0)[0].removesuffix(": 0")


def section_before(data: Mapping[str, Any], key: str) -> str | None:
    """The part of a case behind which a new one stands, in the order of the documentation.

    >>> section_before({"foedus": 1, "actors": {}, "issues": {}}, "groups")
    'actors'
    """
    if key not in TOP:
        return list(data)[-1]
    earlier = [each for each in data if each in TOP and TOP.index(each) < TOP.index(key)]
    return max(earlier, key=TOP.index) if earlier else None


def _steps(value: Any) -> Any:
    return range(len(value)) if isinstance(value, list) else value
