"""A picture's own SVG read back as shapes, for forms that draw it themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple
from xml.etree import ElementTree

from foedus.render.palette import light
from foedus.render.pictures import Drawing

_SVG = "{http://www.w3.org/2000/svg}"
_TURNED = re.compile(r"translate\((\S+) (\S+)\) rotate\(-90\)")

Point = tuple[float, float]


class Outline(NamedTuple):
    """How an edge is drawn: its colour, its width in pixels, its dashes, whether its ends round."""

    paint: str
    width: float = 1.0
    dashes: tuple[float, ...] = ()
    rounded: bool = False


class Box(NamedTuple):
    """A filled rectangle between two corners, its own corners rounded by ``radius``."""

    corner: Point
    other: Point
    radius: float
    paint: str


class Stroke(NamedTuple):
    """A straight line."""

    start: Point
    end: Point
    outline: Outline


class Disc(NamedTuple):
    """A filled circle, ringed where it has an outline."""

    middle: Point
    radius: float
    paint: str
    outline: Outline | None


class Polygon(NamedTuple):
    """A filled polygon, edged where it has an outline."""

    corners: tuple[Point, ...]
    paint: str
    outline: Outline | None


class Words(NamedTuple):
    """One line of text from, to or around a point on its baseline; ``turned`` runs upwards."""

    place: Point
    text: str
    size: float
    align: Literal["start", "middle", "end"]
    bold: bool
    turned: bool
    paint: str


Shape = Box | Stroke | Disc | Polygon | Words


@dataclass(frozen=True, slots=True)
class Shapes:
    """What a picture is made of, lowest first.

    All in pixels from its upper left corner, right and down; paints are ``#rrggbb``. ``about`` is
    its text for who cannot see it.
    """

    width: float
    height: float
    about: str
    shapes: tuple[Shape, ...]


def shapes_of(drawing: Drawing) -> Shapes:
    """The shapes of a drawing. Raises ValueError for an element that is not known here."""
    root = ElementTree.fromstring(drawing.svg)  # noqa: S314 - written by foedus a moment ago
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    said = {kind: root.findtext(f"{_SVG}{kind}") or "" for kind in ("title", "desc")}
    about = said["desc"].removesuffix(" The same content follows as a table.")
    title = said["title"]
    ended = title if not title or title[-1] in ".?!" else f"{title}."
    return Shapes(width, height, f"{ended} {about}".strip(), tuple(_read(root, left, top)))


def _read(root: ElementTree.Element, left: float, top: float) -> Iterator[Shape]:
    for element in root:
        given = _Given(element, left, top)
        match element.tag.removeprefix(_SVG):
            case "title" | "desc":
                pass
            case "rect":
                x, y = given.point("x", "y")
                other = (x + given.number("width"), y + given.number("height"))
                yield Box((x, y), other, given.number("rx"), given.paint())
            case "line":
                outline = given.outline() or Outline("#000000")
                yield Stroke(given.point("x1", "y1"), given.point("x2", "y2"), outline)
            case "circle":
                place, radius = given.point("cx", "cy"), given.number("r")
                yield Disc(place, radius, given.paint(), given.outline())
            case "polygon":
                yield Polygon(given.corners(), given.paint(), given.outline())
            case "text":
                yield given.words()
            case strange:
                raise ValueError(f"a picture has a <{strange}>, which cannot be drawn on paper")


def _on_white(paint: str) -> str:
    """The colour, that of the page's own ground being the paper's."""
    return "#ffffff" if paint == light("paper") else paint


class _Given:
    """The attributes of one element."""

    def __init__(self, element: ElementTree.Element, left: float, top: float) -> None:
        self._all, self._text = element.attrib, element.text or ""
        self._left, self._top = left, top

    def number(self, name: str, default: float = 0.0) -> float:
        return float(self._all.get(name, default))

    def point(self, x: str, y: str) -> Point:
        return self.number(x) - self._left, self.number(y) - self._top

    def paint(self) -> str:
        return _on_white(self._all.get("fill", "#000000"))

    def outline(self) -> Outline | None:
        paint = self._all.get("stroke")
        if paint is None:
            return None
        dashes = tuple(map(float, self._all.get("stroke-dasharray", "").split()))
        rounded = self._all.get("stroke-linecap") == "round"
        return Outline(_on_white(paint), self.number("stroke-width", 1.0), dashes, rounded)

    def corners(self) -> tuple[Point, ...]:
        pairs = (pair.split(",") for pair in self._all["points"].split())
        return tuple((float(x) - self._left, float(y) - self._top) for x, y in pairs)

    def words(self) -> Words:
        turn = _TURNED.fullmatch(self._all.get("transform", ""))
        place = self.point("x", "y")
        if turn:
            place = (float(turn[1]) - self._left, float(turn[2]) - self._top)
        aligns: dict[str, Literal["start", "middle", "end"]] = {"middle": "middle", "end": "end"}
        return Words(
            place,
            self._text,
            self.number("font-size", 13),
            aligns.get(self._all.get("text-anchor", ""), "start"),
            self.number("font-weight", 400) >= 600,
            turn is not None,
            self.paint(),
        )
