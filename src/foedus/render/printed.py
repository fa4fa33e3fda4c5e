"""What the forms for paper share: texts as they are printed, widths of columns, the typeface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from foedus.document import Block, Cell, Grid, Point, Points, Sentence, Table, Tone
from foedus.render.pictures import WIDE
from foedus.render.text import longest_word, marked, shown, sign, text_width

EARLIEST = date(1980, 1, 1)
"""The day of a file that has none: the first that a file within an archive can bear."""

LANGUAGE = "en-GB"
"""The language in which foedus writes."""

PAGE = (210.0, 297.0)
"""Width and height of the page in millimetres: A4."""
MILLIMETRE = 72 / 25.4
"""One in points."""
PICTURE = 493.0
"""How wide a picture is set, in points: it takes the width between the margins."""

LARGE, BETWEEN = 660, 750
"""So many pixels wide a picture is drawn where there is room, so that its words are larger."""


class Room(NamedTuple):
    """How tightly pages are set: all sizes times ``scale``, within margins in millimetres.

    Pictures are drawn ``drawn`` pixels wide: the fewer, the larger are the words in them, and the
    taller is the picture.
    """

    scale: float = 1.0
    margin: float = 18.0
    drawn: int = LARGE

    @property
    def pixel(self) -> float:
        """A picture's pixel in points."""
        return PICTURE / self.drawn

    @property
    def width(self) -> float:
        """Points between the margins, of those that are then scaled."""
        return (PAGE[0] - 2 * self.margin) * MILLIMETRE / self.scale

    @property
    def height(self) -> float:
        """The same from top to bottom."""
        return (PAGE[1] - 2 * self.margin) * MILLIMETRE / self.scale


_FULL = ((1.0, 18.0), (1.0, 14.0))
_TIGHTER = ((0.95, 14.0), (0.9, 13.0), (0.85, 12.0), (0.8, 12.0), (0.75, 11.0), (0.7, 10.0))

ROOMS = tuple(
    Room(scale, margin, drawn)
    for sizes in (_FULL, *((each,) for each in _TIGHTER))
    for drawn in (LARGE, BETWEEN, WIDE)
    for scale, margin in sizes
)
"""From the widest to the tightest that can be read: type of 10 points, and of 7.

Pictures are drawn with smaller words before all type is made smaller.
"""

_PADDING = 10.0
"""Points left and right of a cell's text together."""
_NATURAL = 3.0
"""A column asks for at most so many times the whole width."""


class Item(NamedTuple):
    """One point of a list: how deep it stands (from 0), its number if it has one, its text.

    ``first`` starts a list.
    """

    depth: int
    number: int | None
    text: str
    tone: Tone
    first: bool


def items(block: Points) -> Iterator[Item]:
    """The points of a list, each followed by those below it."""
    yield from _items(block.points, 0, block.ordered)


def _items(points: Sequence[Point], depth: int, ordered: bool) -> Iterator[Item]:
    for place, point in enumerate(points, start=1):
        number = place if ordered else None
        yield Item(depth, number, told(point), point.tone, place == 1)
        yield from _items(point.points, depth + 1, ordered)


def told(text: Point | Sentence) -> str:
    """The text made harmless, after the sign of its tone where it needs one."""
    return marked(Cell(text.text, text.tone))


def facts_told(facts: Sequence[tuple[str, str]]) -> str:
    """The facts in one line.

    >>> facts_told([("As of", "2024-03-05"), ("Case", "x.yaml")])
    'As of: 2024-03-05 · Case: x.yaml'
    """
    return " · ".join(f"{shown(name)}: {shown(value)}" for name, value in facts)


def below(block: Block) -> Iterator[str]:
    """What stands below a picture or table: the legend of a map, and the note."""
    if isinstance(block, Grid) and block.legend:
        yield "; ".join(_entry(cell, meaning) for cell, meaning in block.legend)
    if note := getattr(block, "note", None):
        yield shown(note)


def _entry(cell: Cell, meaning: str) -> str:
    swatch, name = sign(cell), shown(cell.text)
    named = swatch if name == swatch else f"{swatch} {name}"
    return f"{named}: {shown(meaning)}" if meaning else named


def column_widths(table: Table, whole: float, size: float) -> list[float]:
    """How wide each column of a table is, in points, within ``whole`` points.

    ``size``: that of its type. Each column has its texts' width where all do; else its longest
    word's, and of the rest a share by what it lacks.
    """
    wanted, least = [], []
    for place, column in enumerate(table.columns):
        texts = [shown(column.name)]
        for row in table.rows:
            cell = row[place]
            texts += [marked(cell), *([shown(cell.note)] if cell.note else [])]
        wanted.append(_padded(max(text_width(text, size) for text in texts), whole))
        least.append(_padded(max(longest_word(text, size) for text in texts), whole))
    if sum(wanted) <= whole:
        return wanted
    fair = whole / len(wanted)
    least = [min(width, max(fair, whole / 4)) for width in least]
    spare = whole - sum(least)
    if spare <= 0:
        return [whole * (width + fair) / (sum(least) + whole) for width in least]
    lacks = [want - width for want, width in zip(wanted, least, strict=True)]
    return [
        width + spare * lack / (sum(lacks) or 1) for width, lack in zip(least, lacks, strict=True)
    ]


def _padded(width: float, whole: float) -> float:
    return min(width, _NATURAL * whole) + _PADDING


def typeface(*, bold: bool = False) -> Path:
    """The file of the typeface: DejaVu Sans Condensed, which has Latin, Cyrillic, Greek and signs.

    The file holds a part of the letters of the original, without hints.
    """
    name = f"DejaVuSansCondensed{'-Bold' if bold else ''}.ttf"
    return Path(str(files("foedus.render").joinpath("fonts", name)))
