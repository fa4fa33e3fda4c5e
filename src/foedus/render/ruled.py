"""A table with its columns beside each other, laid out as rich's own but in a tenth of the time.

Rich renders, wraps and crops each cell by itself, several times over. Most cells fit their column
as they are and need nothing but spaces; only those that do not are left to rich.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

NOTE = "dim"
"""The style of a note under a cell's text."""

_Line = list[Segment]


class Piece(NamedTuple):
    """What stands in one cell, harmless and without line breaks; a note stands on a line below."""

    text: str
    style: str = ""
    note: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines before any of them is wrapped."""
        return (self.text, self.note) if self.text and self.note else (self.text or self.note,)

    def as_text(self) -> Text:
        """The same for rich."""
        text = Text(self.text, style=self.style)
        if self.note:
            text.append("\n" if self.text else "").append(self.note, style=NOTE)
        return text


class Ruled:
    """A table for a rich console: ``heads`` over ``rows``, of which none is empty.

    ``right`` says which columns stand at the right. Columns that do not all fit give way, the
    widest first, and their cells are wrapped.
    """

    def __init__(
        self,
        heads: Sequence[Piece],
        rows: Sequence[Sequence[Piece]],
        right: Sequence[bool],
        ascii_only: bool,
    ) -> None:
        self._heads, self._rows, self._right = heads, rows, right
        self._box = box.ASCII2 if ascii_only else box.SIMPLE_HEAD
        self._spaced = any(piece.note for row in rows for piece in row)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        """The pieces that rich prints."""
        ruled = self._box.substitute(options, safe=console.safe_box)
        widths = self._widths(options.max_width)
        draw = _Drawing(console, options, widths, self._right)
        yield from draw.row(self._heads, ruled.head_vertical, Style.parse("bold"), at_end=True)
        yield Segment(ruled.get_row(widths, "head", edge=False))
        yield Segment.line()
        between = ruled.get_row(widths, "row", edge=False) + "\n" if self._spaced else ""
        last = len(self._rows) - 1
        for number, row in enumerate(self._rows):
            divider = ruled.foot_vertical if number == last else ruled.mid_vertical
            yield from draw.row(row, divider, Style.null())
            if between and number < last:
                yield Segment(between)

    def _widths(self, room: int) -> list[int]:
        """The columns' widths with the spaces around, so that they take ``room`` with dividers."""
        count = len(self._heads)
        room = max(room - (count - 1), 0)  # that of the dividers
        natural = [
            max(cell_len(line) for piece in column for line in piece.lines)
            for column in zip(self._heads, *self._rows, strict=True)
        ]
        widths = [
            min(max(width + _before(place) + _after(place, count), 1), room)
            for place, width in enumerate(natural)
        ]
        return _narrowed(widths, room)


class _Drawing:
    """Draws the rows of a table whose columns' widths are settled."""

    def __init__(
        self,
        console: Console,
        options: ConsoleOptions,
        widths: Sequence[int],
        right: Sequence[bool],
    ) -> None:
        self._console, self._options = console, options
        self._widths, self._right = widths, right
        self._note = console.get_style(NOTE)

    def row(
        self, pieces: Sequence[Piece], divider: str, style: Style, *, at_end: bool = False
    ) -> Iterator[Segment]:
        """One row with its ends of lines, short cells at its top, or at its end."""
        cells = [self._cell(place, piece, style) for place, piece in enumerate(pieces)]
        height = max(map(len, cells))
        for cell, width in zip(cells, self._widths, strict=True):
            blank = [[Segment(" " * width, style)]] * (height - len(cell))
            cell[:] = blank + cell if at_end else cell + blank
        for parts in zip(*cells, strict=True):
            line = [segment for part in parts for segment in (*part, Segment(divider))][:-1]
            yield from _joined([*line, Segment.line()])

    def _cell(self, place: int, piece: Piece, style: Style) -> list[_Line]:
        """The lines of one cell with the spaces around, each as wide as the column."""
        before, after = _before(place), _after(place, len(self._widths))
        width = self._widths[place] - before - after
        if all(cell_len(line) <= width for line in piece.lines):
            lines = self._fitting(piece, width, style, right=self._right[place])
        else:
            options = self._options.update(
                width=width,
                justify="right" if self._right[place] else "left",
                overflow="fold",
                no_wrap=False,
                height=None,
            )
            lines = self._console.render_lines(piece.as_text(), options, style=style)
        left, end = [Segment(" " * before, style)], [Segment(" " * after, style)]
        return [left[:before] + line + end[:after] for line in lines]

    def _fitting(self, piece: Piece, width: int, style: Style, *, right: bool) -> list[_Line]:
        own = style + self._console.get_style(piece.style) if piece.style else style
        noted = len(piece.lines) - 1 if piece.note else -1
        lines = []
        for number, line in enumerate(piece.lines):
            text = line.rstrip() if right else line
            space = " " * (width - cell_len(text))
            if number == noted:
                parts = [Segment(text, own + self._note), Segment(space, own)][: 1 + bool(space)]
                lines.append(parts[::-1] if right else parts)
            else:
                lines.append([Segment(space + text if right else text + space, own)])
        return lines


def _before(place: int) -> int:
    """The space before the text of a column: none at the table's edge."""
    return int(place > 0)


def _after(place: int, count: int) -> int:
    """The space after the text of a column: none at the table's edge."""
    return int(place < count - 1)


def _narrowed(widths: Sequence[int], room: int) -> list[int]:
    """The widths made to fit: the widest columns come down together to the next, and so on."""
    narrow = list(widths)
    while (excess := sum(narrow) - room) > 0 and max(narrow) > 0:
        widest = max(narrow)
        drop = widest - max((width for width in narrow if width < widest), default=0)
        places = [place for place, width in enumerate(narrow) if width == widest]
        for done, place in enumerate(places):
            less = min(drop, round(excess / (len(places) - done)))
            narrow[place] -= less
            excess -= less
    return narrow


def _joined(line: _Line) -> Iterator[Segment]:
    """The line with what has no style in one piece."""
    for plain, segments in groupby(line, lambda segment: not segment.style):
        if plain:
            yield Segment("".join(segment.text for segment in segments))
        else:
            yield from segments
