"""A picture as PNG, for documents that hold no drawings: twice its pixels, smoothed."""

from __future__ import annotations

import io
import math
from functools import cache
from typing import TYPE_CHECKING

from foedus.render.extra import needs
from foedus.render.printed import typeface
from foedus.render.shapes import Box, Disc, Outline, Point, Polygon, Shapes, Stroke, Words

with needs("brief", "A Word file"):
    from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

SHARP = 2
"""Dots for each pixel of the picture, across and down."""
_FINER = 2
"""It is drawn so many times finer still, and made smooth by shrinking."""
_MOST = 60_000_000
"""Dots drawn at most; what would take more is drawn less fine."""

_ANCHORS = {"start": "ls", "middle": "ms", "end": "rs"}


def png(shapes: Shapes) -> bytes:
    """The picture on white as PNG; the same picture gives the same bytes."""
    pixels = shapes.width * shapes.height
    sharp = min(SHARP, math.sqrt(_MOST / pixels))
    finer = _FINER if pixels * (sharp * _FINER) ** 2 <= _MOST else 1
    size = math.ceil(shapes.width * sharp), math.ceil(shapes.height * sharp)
    sheet = Image.new("RGB", (size[0] * finer, size[1] * finer), "white")
    pen = _Pen(sheet, sharp * finer)
    for shape in shapes.shapes:
        pen.draw(shape)
    if finer > 1:
        sheet = sheet.resize(size, Image.Resampling.BOX)
    held = io.BytesIO()
    sheet.save(held, "PNG")
    return held.getvalue()


@cache
def _font(size: int, bold: bool) -> FreeTypeFont:
    return ImageFont.truetype(str(typeface(bold=bold)), size, layout_engine=ImageFont.Layout.BASIC)


class _Pen:
    """Draws shapes on a sheet whose dots are ``scale`` to a pixel."""

    def __init__(self, sheet: Image.Image, scale: float) -> None:
        self._sheet, self._scale = sheet, scale
        self._pen = ImageDraw.Draw(sheet)

    def draw(self, shape: Box | Stroke | Disc | Polygon | Words) -> None:
        scale = self._scale
        match shape:
            case Box():
                corners = [self._at(shape.corner), self._at(shape.other)]
                self._pen.rounded_rectangle(corners, shape.radius * scale, fill=shape.paint)
            case Stroke():
                self._stroke(shape.start, shape.end, shape.outline)
            case Disc():
                self._disc(shape.middle, shape.radius, shape.paint)
                if shape.outline:  # a ring lies on the edge, half of it within
                    half = shape.outline.width / 2
                    self._disc(shape.middle, shape.radius + half, shape.outline.paint)
                    self._disc(shape.middle, shape.radius - half, shape.paint)
            case Polygon():
                self._pen.polygon([self._at(p) for p in shape.corners], fill=shape.paint)
                if shape.outline:
                    for start, end in zip(
                        shape.corners, (*shape.corners[1:], shape.corners[0]), strict=True
                    ):
                        self._stroke(start, end, shape.outline._replace(rounded=True))
            case Words():
                self._words(shape)

    def _at(self, place: Point) -> Point:
        return place[0] * self._scale, place[1] * self._scale

    def _disc(self, middle: Point, radius: float, paint: str) -> None:
        x, y = self._at(middle)
        r = radius * self._scale
        self._pen.ellipse((x - r, y - r, x + r, y + r), fill=paint)

    def _stroke(self, start: Point, end: Point, outline: Outline) -> None:
        width = max(1, round(outline.width * self._scale))
        for one, other in _dashed(start, end, outline.dashes):
            self._pen.line([self._at(one), self._at(other)], fill=outline.paint, width=width)
        if outline.rounded:
            for place in (start, end):
                self._disc(place, outline.width / 2, outline.paint)

    def _words(self, words: Words) -> None:
        font = _font(max(1, round(words.size * self._scale)), words.bold)
        anchor = _ANCHORS[words.align]
        if not words.turned:
            place = self._at(words.place)
            self._pen.text(place, words.text, fill=words.paint, font=font, anchor=anchor)
            return
        left, top, right, bottom = map(round, font.getbbox(words.text, anchor=anchor))
        mask = Image.new("L", (max(1, right - left), max(1, bottom - top)))
        ImageDraw.Draw(mask).text((-left, -top), words.text, fill=255, font=font, anchor=anchor)
        x, y = self._at(words.place)
        corner = (round(x + top), round(y - right))
        self._sheet.paste(words.paint, corner, mask.transpose(Image.Transpose.ROTATE_90))


def _dashed(start: Point, end: Point, dashes: tuple[float, ...]) -> list[tuple[Point, Point]]:
    """The pieces of a line that are drawn: dash, gap, dash and so on."""
    length = math.dist(start, end)
    if not dashes or not length:
        return [(start, end)]

    def at(along: float) -> Point:
        part = min(along / length, 1.0)
        return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part

    dash, gap = dashes[0], dashes[-1]
    count = math.ceil(length / (dash + gap))
    return [(at(k * (dash + gap)), at(k * (dash + gap) + dash)) for k in range(count)]
