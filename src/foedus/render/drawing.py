"""What the pictures share: boxes, lines, dots and texts as Vega-Lite layers placed in pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from foedus.render.extra import needs
from foedus.render.palette import light

if TYPE_CHECKING:
    import altair as alt

Align = Literal["left", "center", "right"]

LINE_HEIGHT = 1.3
"""The distance of two lines of one text, in sizes of its face."""
_FONT = "system-ui, sans-serif"


class Look(NamedTuple):
    """How a text is set; ``turned`` texts run upwards."""

    size: int = 13
    align: Align = "left"
    bold: bool = False
    turned: bool = False


class Axis(NamedTuple):
    """A horizontal axis below the plot: its two ends and its title."""

    low: float
    high: float
    title: str


@dataclass(slots=True)
class Sheet:
    """A sheet to draw on: a plot of ``width`` by ``height`` pixels with ``margins`` around it.

    Points are counted from the plot's upper left corner, to the right and down, in pixels.
    ``margins``: left, top, right, bottom.
    """

    width: float
    height: float
    margins: tuple[float, float, float, float] = (0, 0, 0, 0)
    boxes: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)
    strokes: list[dict[str, Any]] = field(default_factory=list)
    dashes: list[dict[str, Any]] = field(default_factory=list)
    dots: list[dict[str, Any]] = field(default_factory=list)
    heads: list[dict[str, Any]] = field(default_factory=list)
    texts: dict[Look, list[dict[str, Any]]] = field(default_factory=dict)

    def box(self, corner: tuple[float, float], other: tuple[float, float], paint: str) -> None:
        """Draw a filled rectangle between two opposite corners."""
        self.boxes.append(_span(corner, other, paint))

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        paint: str,
        *,
        dashed: bool = False,
    ) -> None:
        """Draw a thin line."""
        (self.dashes if dashed else self.lines).append(_span(start, end, paint))

    def stroke(self, start: tuple[float, float], end: tuple[float, float], paint: str) -> None:
        """Draw a piece of a thick line."""
        self.strokes.append(_span(start, end, paint))

    def dot(self, place: tuple[float, float], paint: str) -> None:
        """Draw a dot, ringed so that it shows on a bar of its own colour."""
        self.dots.append({"x": place[0], "y": place[1], "paint": paint})

    def head(self, tip: tuple[float, float], paint: str) -> None:
        """Draw the head of an arrow that points to the right."""
        self.heads.append({"x": tip[0] - 4, "y": tip[1], "paint": paint})

    def text(
        self, place: tuple[float, float], lines: Sequence[str], paint: str, look: Look | None = None
    ) -> None:
        """Write lines, centred as a block on the place (across their direction)."""
        look = look or Look()
        x, y = place
        for number, line in enumerate(lines):
            down = (number - (len(lines) - 1) / 2) * look.size * LINE_HEIGHT
            row = {"x": x + down, "y": y} if look.turned else {"x": x, "y": y + down}
            self.texts.setdefault(look, []).append({**row, "text": line, "paint": paint})

    def chart(self, axis: Axis | None = None) -> alt.LayerChart:
        """The sheet as a Vega-Lite chart. Raises `MissingExtra` without the extra ``report``."""
        with needs("report", "A picture"):
            import altair as alt
        left, top, right, bottom = self.margins
        whole = _span((-left, -top), (self.width + right, self.height + bottom), light("paper"))
        layers = [_spans([whole]).mark_rect(opacity=0)]
        if axis:
            layers.append(_axis_layer(axis))
        if self.boxes:
            layers.append(_spans(self.boxes, fill=True).mark_rect(cornerRadius=2))
        if self.lines:
            layers.append(_spans(self.lines, stroke=True).mark_rule())
        if self.dashes:
            layers.append(_spans(self.dashes, stroke=True).mark_rule(strokeDash=[4, 3]))
        if self.strokes:
            layers.append(
                _spans(self.strokes, stroke=True).mark_rule(strokeWidth=2.5, strokeCap="round")
            )
        if self.dots:
            layers.append(
                _points(self.dots, fill=True).mark_point(
                    shape="circle", size=110, stroke=light("paper"), strokeWidth=2, opacity=1
                )
            )
        if self.heads:
            layers.append(
                _points(self.heads, fill=True).mark_point(
                    shape="triangle-right", size=48, opacity=1, strokeWidth=0
                )
            )
        layers += [
            _points(rows, text=True).mark_text(
                fontSize=look.size,
                font=_FONT,
                align=look.align,
                baseline="middle",
                fontWeight=600 if look.bold else 400,
                angle=270 if look.turned else 0,
            )
            for look, rows in self.texts.items()
        ]
        chart: alt.LayerChart = (
            alt.layer(*layers)
            .properties(width=self.width, height=self.height, padding=2)
            .resolve_scale(x="independent")
            .configure(aria=False, background="transparent")
            .configure_view(stroke=None)
        )
        return chart


def _span(start: tuple[float, float], end: tuple[float, float], paint: str) -> dict[str, Any]:
    return {"x": start[0], "y": start[1], "x2": end[0], "y2": end[1], "paint": paint}


def _spans(rows: list[dict[str, Any]], *, fill: bool = False, stroke: bool = False) -> alt.Chart:
    """A layer without its mark: things that reach from one point to another."""
    import altair as alt

    return _points(rows, fill=fill, stroke=stroke).encode(x2=alt.X2("x2"), y2=alt.Y2("y2"))


def _points(
    rows: list[dict[str, Any]], *, fill: bool = False, stroke: bool = False, text: bool = False
) -> alt.Chart:
    """A layer without its mark: things at a point, in pixels and colours taken as they are."""
    import altair as alt

    channels: dict[str, Any] = {
        "x": alt.X("x:Q", scale=None, axis=None),
        "y": alt.Y("y:Q", scale=None, axis=None),
    }
    if fill:
        channels["fill"] = alt.Fill("paint:N", scale=None)
    if stroke:
        channels["stroke"] = alt.Stroke("paint:N", scale=None)
    if text:
        channels["text"] = alt.Text("text:N")
        channels["fill"] = alt.Fill("paint:N", scale=None)
    return alt.Chart(alt.InlineData(values=rows)).encode(**channels)


def _axis_layer(axis: Axis) -> alt.Chart:
    """An invisible mark that brings the axis with it."""
    import altair as alt

    shown = alt.Axis(
        title=axis.title or None,
        tickCount=5,
        grid=True,
        gridColor=light("line"),
        domainColor=light("rule"),
        ticks=False,
        labelPadding=6,
        labelColor=light("quiet"),
        labelFont=_FONT,
        labelFontSize=12,
        titleColor=light("quiet"),
        titleFont=_FONT,
        titleFontSize=12,
        titleFontWeight=400,
    )
    scale = alt.Scale(domain=[axis.low, axis.high], nice=False, zero=False)
    layer: alt.Chart = (
        alt.Chart(alt.InlineData(values=[{"value": axis.low}]))
        .mark_point(opacity=0, size=0)
        .encode(x=alt.X("value:Q", scale=scale, axis=shown))
    )
    return layer
