"""What the pictures share: a sheet of boxes, lines, marks and texts in pixels, written as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple
from xml.etree.ElementTree import Element, SubElement, tostring

from foedus.render.palette import light
from foedus.render.text import text_width

Align = Literal["left", "center", "right"]
Layer = Literal["grid", "boxes", "lines", "dashes", "strokes", "dots", "heads", "texts"]
_LAYERS: tuple[Layer, ...] = (
    "grid",
    "boxes",
    "lines",
    "dashes",
    "strokes",
    "dots",
    "heads",
    "texts",
)
"""What is drawn first, and so lies lowest, comes first."""

LINE_HEIGHT = 1.3
"""The distance of two lines of one text, in sizes of its face."""
_BASELINE = 0.3
"""How far below the middle of a line of text its letters stand, in sizes of its face."""
_ANCHORS = {"center": "middle", "right": "end"}
_EDGE = 2
"""Pixels around the margins, for the width of lines."""


class Look(NamedTuple):
    """How a text is set; ``turned`` texts run upwards."""

    size: int = 13
    align: Align = "left"
    bold: bool = False
    turned: bool = False


@dataclass(slots=True)
class Sheet:
    """A sheet to draw on: a plot of ``width`` by ``height`` pixels with ``margins`` around it.

    Points are counted from the plot's upper left corner, to the right and down, in pixels.
    ``margins``: left, top, right, bottom; the sheet grows where a text needs more. A ``paint`` is a
    colour of the palette by daylight, written as an attribute: a page's style sheet may replace it.
    """

    width: float
    height: float
    margins: tuple[float, float, float, float] = (0, 0, 0, 0)
    layers: dict[Layer, list[Element]] = field(default_factory=dict)
    _texts: list[tuple[float, float, float, float]] = field(default_factory=list)
    """Where each text lies: left, top, right, bottom."""

    def box(
        self,
        corner: tuple[float, float],
        other: tuple[float, float],
        paint: str,
        *,
        layer: Layer = "boxes",
    ) -> None:
        """Draw a filled rectangle between two opposite corners."""
        (left, right), (top, bottom) = (sorted(ends) for ends in zip(corner, other, strict=True))
        place = _numbers(x=left, y=top, width=right - left, height=bottom - top, rx=2)
        self._draw(layer, "rect", place, paint)

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        paint: str,
        *,
        dashed: bool = False,
        layer: Layer = "lines",
    ) -> None:
        """Draw a thin line."""
        if dashed:
            self._draw("dashes", "line", {**_span(start, end, paint), "stroke-dasharray": "4 3"})
        else:
            self._draw(layer, "line", _span(start, end, paint))

    def stroke(self, start: tuple[float, float], end: tuple[float, float], paint: str) -> None:
        """Draw a piece of a thick line."""
        thick = {"stroke-width": "2.5", "stroke-linecap": "round"}
        self._draw("strokes", "line", {**_span(start, end, paint), **thick})

    def dot(self, place: tuple[float, float], paint: str) -> None:
        """Draw a dot, ringed so that it shows on a bar of its own colour."""
        ring = {"stroke": light("paper"), "stroke-width": "2"}
        self._draw("dots", "circle", {**_numbers(cx=place[0], cy=place[1], r=6), **ring}, paint)

    def diamond(self, place: tuple[float, float], paint: str) -> None:
        """Draw an open diamond: a mark that stays apart from a dot without colour."""
        x, y = place
        corners = [(x, y - 7), (x + 7, y), (x, y + 7), (x - 7, y)]
        ring = {"stroke": paint, "stroke-width": "1.8"}
        self._shape("dots", corners, light("paper"), ring)

    def cross(self, place: tuple[float, float], paint: str) -> None:
        """Draw the mark of a refusal."""
        x, y = place
        self.stroke((x - 4.5, y - 4.5), (x + 4.5, y + 4.5), paint)
        self.stroke((x - 4.5, y + 4.5), (x + 4.5, y - 4.5), paint)

    def tick(self, place: tuple[float, float], paint: str) -> None:
        """Draw the mark of consent."""
        x, y = place
        self.stroke((x - 5, y), (x - 1.5, y + 4), paint)
        self.stroke((x - 1.5, y + 4), (x + 5, y - 4.5), paint)

    def point(self, place: tuple[float, float], paint: str) -> None:
        """Draw the small mark of nothing asked."""
        self._draw("dots", "circle", _numbers(cx=place[0], cy=place[1], r=2), paint)

    def head(self, tip: tuple[float, float], paint: str) -> None:
        """Draw the head of an arrow that points to the right."""
        corners = [(tip[0] - 7, tip[1] - 4), tip, (tip[0] - 7, tip[1] + 4)]
        self._shape("heads", corners, paint, {})

    def text(
        self, place: tuple[float, float], lines: Sequence[str], paint: str, look: Look | None = None
    ) -> None:
        """Write lines, centred as a block on the place (across their direction)."""
        look = look or Look()
        x, y = place
        given = {"font-size": str(look.size)}
        if look.align in _ANCHORS:
            given["text-anchor"] = _ANCHORS[look.align]
        if look.bold:
            given["font-weight"] = "600"
        for number, line in enumerate(lines):
            across = ((number - (len(lines) - 1) / 2) * LINE_HEIGHT + _BASELINE) * look.size
            if look.turned:
                turn = {"transform": f"translate({plain(x + across)} {plain(y)}) rotate(-90)"}
                self._draw("texts", "text", {**turn, **given}, paint, line)
            else:
                self._draw("texts", "text", {**_numbers(x=x, y=y + across), **given}, paint, line)
        along = max((text_width(line, look.size, bold=look.bold) for line in lines), default=0.0)
        start = -along * {"left": 0.0, "center": 0.5, "right": 1.0}[look.align]
        half = tall(len(lines), look.size) / 2
        if look.turned:
            self._texts.append((x - half, y - start - along, x + half, y - start))
        else:
            self._texts.append((x + start, y - half, x + start + along, y + half))

    def svg(self, key: str, title: str, about: str) -> str:
        """The sheet as one SVG element, named by its title and described for who cannot see it.

        ``key`` must be unique on the page and a valid id: it starts every id inside the SVG.
        ``title`` and ``about`` are plain text that holds no control characters.
        """
        left, top, right, bottom = self._bounds()
        width, height = math.ceil(right - left), math.ceil(bottom - top)
        root = Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "width": str(width),
                "height": str(height),
                "viewBox": f"{plain(left)} {plain(top)} {width} {height}",
                "font-family": "system-ui, sans-serif",
                "role": "img",
                "aria-labelledby": f"{key}-title {key}-desc",
            },
        )
        for name, said in (("title", title), ("desc", about)):
            SubElement(root, name, {"id": f"{key}-{name}"}).text = said
        for layer in _LAYERS:
            root.extend(self.layers.get(layer, ()))
        return tostring(root, encoding="unicode")

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the whole in pixels."""
        left, top, right, bottom = self._bounds()
        return math.ceil(right - left), math.ceil(bottom - top)

    def _bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the plot, its margins and all texts."""
        left, top, right, bottom = self.margins
        whole = (-left, -top, self.width + right, self.height + bottom)
        lefts, tops, rights, bottoms = zip(whole, *self._texts, strict=True)
        return min(lefts) - _EDGE, min(tops) - _EDGE, max(rights) + _EDGE, max(bottoms) + _EDGE

    def _shape(
        self,
        layer: Layer,
        corners: Sequence[tuple[float, float]],
        paint: str,
        given: dict[str, str],
    ) -> None:
        points = " ".join(f"{plain(x)},{plain(y)}" for x, y in corners)
        self._draw(layer, "polygon", {"points": points, **given}, paint)

    def _draw(
        self, layer: Layer, tag: str, given: dict[str, str], paint: str = "", text: str = ""
    ) -> None:
        element = Element(tag, {**given, "fill": paint} if paint else given)
        element.text = text or None
        self.layers.setdefault(layer, []).append(element)


def plain(value: float) -> str:
    """A coordinate to a hundredth of a pixel: the same text on every machine.

    >>> plain(12.0), plain(0.126), plain(-0.001)
    ('12', '0.13', '0')
    """
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def tall(lines: int, size: float) -> float:
    """The height in pixels of so many lines of text."""
    return lines * size * LINE_HEIGHT


def _numbers(**places: float) -> dict[str, str]:
    return {name: plain(value) for name, value in places.items()}


def _span(start: tuple[float, float], end: tuple[float, float], paint: str) -> dict[str, str]:
    return {**_numbers(x1=start[0], y1=start[1], x2=end[0], y2=end[1]), "stroke": paint}
