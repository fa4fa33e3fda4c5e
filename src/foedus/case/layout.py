"""Where the entries of a case file stand in its text: their heads, their ends, their lines.

The marks of a parser end a block where the next thing begins. Here an entry ends with its own last
character, and its lines with the comment behind it; what stands between two entries (blank lines,
comments on lines of their own) belongs to neither.
"""

from __future__ import annotations

import re
from bisect import bisect_left

import yaml

from foedus.case.paths import at
from foedus.case.places import Path
from foedus.case.source import read_source

_BREAK = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"[ \t]+#")


class Layout:
    """A text, its data and their places. Raises CaseError where the text is not YAML."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.source = read_source(text, file)
        self.data = self.source.data
        first = _BREAK.search(text)
        self.newline = first.group() if first else "\n"
        self._starts: list[int] = []  # of all that is written, comments left aside
        self._ends: list[int] = []
        self._hyphens: list[int] = []
        self._colons: list[int] = []
        self._commas: list[int] = []
        for token in yaml.scan(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            start, end = token.start_mark.index, token.end_mark.index
            if start == end:
                continue
            self._starts.append(start)
            self._ends.append(end)
            match token:
                case yaml.BlockEntryToken():
                    self._hyphens.append(start)
                case yaml.ValueToken():
                    self._colons.append(start)
                case yaml.FlowEntryToken():
                    self._commas.append(start)

    # --- lines ---

    def line_start(self, index: int) -> int:
        """Where the line of a character begins."""
        return max(self.text.rfind("\n", 0, index), self.text.rfind("\r", 0, index)) + 1

    def line_end(self, index: int) -> int:
        """Where the line of a character ends, before its line break."""
        found = [k for k in (self.text.find("\n", index), self.text.find("\r", index)) if k >= 0]
        return min(found, default=len(self.text))

    def next_line(self, end: int) -> int:
        """Where the line after one that ends at ``end`` begins; the end of the text after all."""
        found = _BREAK.match(self.text, end)
        return found.end() if found else end

    def begins_line(self, index: int) -> bool:
        """Whether nothing but spaces stands before a character on its line."""
        return not self.text[self.line_start(index) : index].strip()

    def column(self, index: int) -> int:
        """How many characters stand before one on its line."""
        return index - self.line_start(index)

    # --- entries ---

    def in_flow(self, path: Path) -> bool:
        """Whether the value at the path is within braces or brackets, or is such itself."""
        return any(self.is_bracketed(path[:k]) for k in range(len(path) + 1))

    def is_bracketed(self, path: Path) -> bool:
        """Whether the value at the path begins with a brace or a bracket."""
        value, start = at(self.data, path), self.source.values[path].start
        return isinstance(value, dict | list) and self.text[start : start + 1] in ("{", "[")

    def head(self, path: Path) -> int:
        """Where an entry begins: with its key, or, in a block list, its hyphen."""
        if path in self.source.keys:
            return self.source.keys[path].start
        start = self.source.values[path].start
        if self.in_flow(path[:-1]):
            return start
        return self._hyphens[bisect_left(self._hyphens, start) - 1]

    def sign_end(self, path: Path) -> int | None:
        """Behind the colon or hyphen of an entry of a block; None where a key has no colon."""
        if path not in self.source.keys:
            return self.head(path) + 1
        key = self.source.keys[path].end
        k = bisect_left(self._colons, key)
        found = k < len(self._colons) and self._colons[k] <= self.source.values[path].start
        between = self.text[key : self._colons[k]] if found else "?"
        return self._colons[k] + 1 if not between.strip() else None

    def start(self, path: Path) -> int:
        """Where the value itself begins."""
        return self.source.values[path].start

    def end(self, path: Path) -> int:
        """Behind the last character of the value, before blank lines and comments."""
        mark = self.source.values[path]
        k = bisect_left(self._starts, mark.end) - 1
        return mark.start if k < 0 or self._starts[k] < mark.start else self._end(k)

    def before(self, index: int) -> int:
        """Behind the last character written before one, comments and blank lines left aside."""
        k = bisect_left(self._starts, index) - 1
        return self._end(k) if k >= 0 else 0

    def text_block(self, index: int) -> int | None:
        """Where what is written last before one begins, if it is a text block (``|``, ``>``)."""
        k = bisect_left(self._starts, index) - 1
        return self._starts[k] if k >= 0 and self.text[self._starts[k]] in "|>" else None

    def _end(self, k: int) -> int:
        start, end = self._starts[k], self._ends[k]
        written = self.text[start:end]
        if not written.startswith(("|", ">")):
            return end
        if "+" in written[:3]:  # its blank lines are part of it
            return start + len(re.sub(r"(\r\n|\r|\n)\Z", "", written))
        return start + len(written.rstrip())

    def lines_end(self, path: Path) -> int:
        """Where the last line of an entry of a block ends, with the comment behind it.

        Comments below that begin in the column of that comment go on with it.
        """
        end = self.end(path)
        stop = self.line_end(end)
        comment = _COMMENT.match(self.text[end:stop])
        if comment is None:
            return stop
        column = self.column(end + comment.end() - 1)
        while (after := self.next_line(stop)) > stop:
            line = self.text[after : self.line_end(after)]
            if line[: column + 1] != " " * column + "#":
                break
            stop = after + len(line)
        return stop

    def pieces(self, path: Path) -> list[str]:
        """The lines of each entry of a block, each with what stands between the one before and it.

        They make up all lines of the block; there are none where entries share lines.
        """
        value = at(self.data, path)
        entries = [(*path, k) for k in (range(len(value)) if isinstance(value, list) else value)]
        if self.in_flow(path) or not all(self.begins_line(self.head(each)) for each in entries):
            return []
        begun, found = self.pieces_start(path), []
        for each in entries:
            end = self.next_line(self.lines_end(each))
            found.append(self.text[begun:end])
            begun = end
        return found

    def pieces_start(self, path: Path) -> int:
        """Where the first of the pieces of a block begins: below its key, if it has one."""
        sign = self.sign_end(path) if path else None
        if sign is None:
            return self.line_start(self.start(path))
        return self.next_line(self.line_end(sign))

    def comma_after(self, path: Path, before: int) -> int | None:
        """The comma that follows an entry within brackets, if one stands before an index."""
        k = bisect_left(self._commas, self.end(path))
        found = k < len(self._commas) and self._commas[k] < before
        return self._commas[k] if found else None

    def comma_before(self, path: Path) -> int:
        """The comma before an entry within brackets that is not the first."""
        return self._commas[bisect_left(self._commas, self.head(path)) - 1]
