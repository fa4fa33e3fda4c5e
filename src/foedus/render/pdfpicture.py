"""A picture drawn into a PDF page as lines and letters, sharp at any size."""

from __future__ import annotations

from typing import Any

from foedus.render.extra import needs
from foedus.render.shapes import Box, Disc, Outline, Polygon, Shapes, Stroke, Words

with needs("brief", "A PDF"):
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Flowable

PLAIN, BOLD = "foedus", "foedus-bold"
"""The names under which the typeface is known."""


class PdfPicture(Flowable):  # type: ignore[misc]
    """A picture that takes its place in the flow of a page, ``scale`` points to a pixel.

    Its description stands beside it for who cannot see it.
    """

    def __init__(self, shapes: Shapes, scale: float) -> None:
        super().__init__()
        self._shapes, self._scale = shapes, scale
        self.width, self.height = shapes.width * scale, shapes.height * scale

    def draw(self) -> None:
        """Draw it on the canvas that it was given."""
        canvas = self.canv
        # PDF 2.0, 14.9.3: what stands for a piece of content where this cannot be seen.
        said = self._shapes.about.encode("utf-16-be", "replace").hex().upper()
        canvas._code.append(f"/Span <</Alt <FEFF{said}>>> BDC")
        for shape in self._shapes.shapes:
            self._draw(canvas, shape)
        canvas._code.append("EMC")

    def _draw(self, canvas: Any, shape: Box | Stroke | Disc | Polygon | Words) -> None:
        scale = self._scale
        canvas.saveState()
        match shape:
            case Box():
                left, bottom = self._at((shape.corner[0], shape.other[1]))
                width, height = (
                    (end - start) * scale
                    for start, end in zip(shape.corner, shape.other, strict=True)
                )
                radius = min(shape.radius * scale, width / 2, height / 2)
                canvas.setFillColor(HexColor(shape.paint))
                canvas.roundRect(left, bottom, width, height, radius, stroke=0, fill=1)
            case Stroke():
                self._set(canvas, shape.outline)
                canvas.line(*self._at(shape.start), *self._at(shape.end))
            case Disc():
                canvas.setFillColor(HexColor(shape.paint))
                edged = self._set(canvas, shape.outline)
                canvas.circle(*self._at(shape.middle), shape.radius * scale, stroke=edged, fill=1)
            case Polygon():
                canvas.setFillColor(HexColor(shape.paint))
                edged = self._set(canvas, shape.outline)
                path = canvas.beginPath()
                path.moveTo(*self._at(shape.corners[0]))
                for corner in shape.corners[1:]:
                    path.lineTo(*self._at(corner))
                path.close()
                canvas.drawPath(path, stroke=edged, fill=1)
            case Words():
                canvas.setFillColor(HexColor(shape.paint))
                canvas.setFont(BOLD if shape.bold else PLAIN, shape.size * scale)
                canvas.translate(*self._at(shape.place))
                if shape.turned:
                    canvas.rotate(90)
                write = {
                    "start": canvas.drawString,
                    "middle": canvas.drawCentredString,
                    "end": canvas.drawRightString,
                }[shape.align]
                write(0, 0, shape.text)
        canvas.restoreState()

    def _set(self, canvas: Any, outline: Outline | None) -> int:
        """Take up the pen for an edge; 0 where there is none."""
        if outline is None:
            return 0
        canvas.setStrokeColor(HexColor(outline.paint))
        canvas.setLineWidth(outline.width * self._scale)
        canvas.setDash([dash * self._scale for dash in outline.dashes])
        canvas.setLineCap(1 if outline.rounded else 0)
        return 1

    def _at(self, place: tuple[float, float]) -> tuple[float, float]:
        return place[0] * self._scale, self.height - place[1] * self._scale
