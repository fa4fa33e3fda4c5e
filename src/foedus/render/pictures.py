"""Pictures of blocks as SVG, written without a network, a script or a browser.

Each picture is drawn twice, for a wide page and for a phone. The layout is worked out here, from
careful estimates of how wide the texts are, because the reader's typeface is not known: nothing is
cut, whatever its length.
"""

from __future__ import annotations

from dataclasses import dataclass

from foedus.document import (
    Calendar,
    Grid,
    Likelihoods,
    Lines,
    PictureBlock,
    Ranges,
    Shares,
    Strip,
    Tree,
)
from foedus.render import (
    calendarpicture,
    gridpicture,
    likelihoodpicture,
    linepicture,
    rangepicture,
    sharepicture,
    strippicture,
    treepicture,
)
from foedus.render.drawing import Sheet
from foedus.render.seen import seen
from foedus.render.text import shown

WIDE = 850
"""Pixels that a picture should take at most on a wide page."""
NARROW = 320
"""Pixels that a picture should take at most on a phone 360 pixels wide."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """One SVG element as text, and its own size in pixels."""

    svg: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A block drawn for a wide page and for a phone."""

    wide: Drawing
    narrow: Drawing


def picture(block: PictureBlock, key: str, wide: int = WIDE) -> Picture | None:
    """Draw the block; nothing if there is nothing to draw.

    ``key`` must be unique on the page and a valid id: it starts every id inside the SVG.
    ``wide`` is how many pixels the drawing for a wide page takes across.
    """
    sheets = _sheets(block, wide)
    if sheets is None:
        return None
    title, about = shown(block.title), shown(f"{seen(block)} The same content follows as a table.")
    full, narrow = sheets
    return Picture(
        Drawing(full.svg(f"{key}-wide", title, about), *full.size),
        Drawing(narrow.svg(f"{key}-narrow", title, about), *narrow.size),
    )


def _sheets(block: PictureBlock, wide: int) -> tuple[Sheet, Sheet] | None:
    """The sheet for a wide page and the one for a phone; nothing where there is nothing to draw."""
    match block:
        case Grid() if block.rows and block.columns:
            return gridpicture.wide(block, wide), gridpicture.narrow(block, NARROW)
        case Tree():
            return treepicture.wide(block, wide), treepicture.narrow(block, NARROW)
        case Lines() if len(block.places) > 1 and linepicture.drawable(block):
            return linepicture.wide(block, wide), linepicture.narrow(block, NARROW)
        case Ranges() if rangepicture.drawable(block):
            return rangepicture.wide(block, wide), rangepicture.narrow(block, NARROW)
        case Likelihoods() if block.answers:
            return likelihoodpicture.wide(block, wide), likelihoodpicture.narrow(block, NARROW)
        case Strip() if block.rows and block.columns:
            return strippicture.wide(block, wide), strippicture.narrow(block, NARROW)
        case Calendar():
            return calendarpicture.wide(block, wide), calendarpicture.narrow(block, NARROW)
        case Shares() if sharepicture.drawable(block):
            return sharepicture.wide(block, wide), sharepicture.narrow(block, NARROW)
        case _:
            return None
