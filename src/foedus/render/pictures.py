"""Pictures of blocks as SVG, written without a network, a script or a browser.

Each picture is drawn twice, for a wide page and for a phone. The layout is worked out here, from
careful estimates of how wide the texts are, because the reader's typeface is not known: nothing is
cut, whatever its length.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from foedus.document import Grid, Lines, Ranges, Tree
from foedus.render import gridpicture, linepicture, rangepicture, treepicture
from foedus.render.drawing import Sheet
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


def picture(block: Grid | Ranges | Lines | Tree, key: str) -> Picture | None:
    """Draw the block; nothing if there is nothing to draw.

    ``key`` must be unique on the page and a valid id: it starts every id inside the SVG.
    """
    if isinstance(block, Grid):
        if not block.rows or not block.columns:
            return None
        about = f"A map of {len(block.rows)} rows by {len(block.columns)} columns."
        wide, narrow = gridpicture.wide(block, WIDE), gridpicture.narrow(block, NARROW)
    elif isinstance(block, Tree):
        about = f"A tree of {treepicture.size(block.root)} boxes joined by arrows."
        wide, narrow = treepicture.wide(block, WIDE), treepicture.narrow(block, NARROW)
    elif isinstance(block, Lines):
        if len(block.places) < 2 or not linepicture.drawable(block):
            return None
        about = f"Lines over {len(block.places)} places, {len(block.lines)} of them."
        wide, narrow = linepicture.wide(block, WIDE), linepicture.narrow(block, NARROW)
    else:
        drawn = [r for r in block.ranges if all(map(math.isfinite, (r.low, r.mode, r.high)))]
        if not drawn:
            return None
        about = f"Ranges on one axis, {len(drawn)} of them."
        wide = rangepicture.wide(block, drawn, WIDE)
        narrow = rangepicture.narrow(block, drawn, NARROW)
    about += " The same content follows as a table."
    return Picture(
        _drawing(wide, f"{key}-wide", block.title, about),
        _drawing(narrow, f"{key}-narrow", block.title, about),
    )


def _drawing(sheet: Sheet, key: str, title: str, about: str) -> Drawing:
    return Drawing(sheet.svg(key, shown(title), about), *sheet.size)
