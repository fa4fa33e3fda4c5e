"""Pictures of blocks as SVG: drawn by Vega-Lite without a network, a script or a browser.

Each picture is drawn twice, for a wide page and for a phone. The layout is worked out here, from
careful estimates of how wide the texts are, because the reader's typeface is not known: nothing is
cut, whatever its length.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from foedus.document import Grid, Lines, Ranges, Tree
from foedus.render import gridpicture, linepicture, rangepicture, treepicture
from foedus.render.extra import needs
from foedus.render.text import shown

if TYPE_CHECKING:
    import altair as alt

WIDE = 850
"""Pixels that a picture should take at most on a wide page."""
NARROW = 320
"""Pixels that a picture should take at most on a phone 360 pixels wide."""

_SVG = "http://www.w3.org/2000/svg"


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
    Raises `foedus.render.extra.MissingExtra` without the extra ``report``.
    """
    if isinstance(block, Grid):
        if not block.rows or not block.columns:
            return None
        about = f"A map of {len(block.rows)} rows by {len(block.columns)} columns."
        wide = gridpicture.wide(block, WIDE).chart()
        narrow = gridpicture.narrow(block, NARROW).chart()
    elif isinstance(block, Tree):
        about = f"A tree of {treepicture.size(block.root)} boxes joined by arrows."
        wide = treepicture.wide(block, WIDE).chart()
        narrow = treepicture.narrow(block, NARROW).chart()
    elif isinstance(block, Lines):
        if len(block.places) < 2 or not linepicture.drawable(block):
            return None
        about = f"Lines over {len(block.places)} places, {len(block.lines)} of them."
        wide = linepicture.wide(block, WIDE).chart()
        narrow = linepicture.narrow(block, NARROW).chart()
    else:
        drawn = [r for r in block.ranges if all(map(math.isfinite, (r.low, r.mode, r.high)))]
        if not drawn:
            return None
        about = f"Ranges on one axis, {len(drawn)} of them."
        sheet, axis = rangepicture.wide(block, drawn, WIDE)
        wide = sheet.chart(axis)
        sheet, axis = rangepicture.narrow(block, drawn, NARROW)
        narrow = sheet.chart(axis)
    about += " The same content follows as a table."
    return Picture(
        _drawing(wide, f"{key}-wide", block.title, about),
        _drawing(narrow, f"{key}-narrow", block.title, about),
    )


def _drawing(chart: alt.LayerChart, key: str, title: str, about: str) -> Drawing:
    with needs("report", "A picture"):
        import vl_convert
    svg = vl_convert.vegalite_to_svg(chart.to_dict(), allowed_base_urls=[])
    return _finished(svg, key, shown(title), about)


def _finished(svg: str, key: str, title: str, about: str) -> Drawing:
    """The SVG made fit to stand beside others in a page, and to be read aloud."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - written by Vega a moment ago
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{_SVG}}}")
        for name, value in list(element.attrib.items()):
            if name.startswith(("aria-", "{")) or name in ("role", "class"):
                del element.attrib[name]
            elif name == "id":
                element.set(name, f"{key}-{value}")
            elif "url(#" in value:
                element.set(name, re.sub(r"url\(#", f"url(#{key}-", value))
    root.attrib.pop("version", None)
    root.set("xmlns", _SVG)
    root.set("role", "img")
    root.set("aria-labelledby", f"{key}-title {key}-desc")
    for place, (name, text) in enumerate((("title", title), ("desc", about))):
        element = ElementTree.Element(name, {"id": f"{key}-{name}"})
        element.text = text
        root.insert(place, element)
    width, height = (math.ceil(float(root.attrib[name])) for name in ("width", "height"))
    return Drawing(ElementTree.tostring(root, encoding="unicode"), width, height)
