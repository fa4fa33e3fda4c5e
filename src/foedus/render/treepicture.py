"""The layout of a tree of boxes, for a wide page and for a phone.

On a wide page a box stands to the right of the one it follows from, as long as there is room for
the columns; otherwise, and on a phone, below it and set in, like the lines of an outline.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from foedus.document import Branch, Tree
from foedus.render.drawing import Look, Sheet, tall
from foedus.render.palette import bar, light, stroke
from foedus.render.text import mark, shown, text_width, wrap

_SIZE = 13
_SMALL = 12
_PAD = 9
_GAP = 10
_LEVEL = 22
"""How far below the top of a box its arrow comes in, if the box is high enough."""
_ARROW = 34
"""Pixels between two columns, in which the arrows run."""
_LEAST = 190
"""A narrower column is hard to read: then the tree is set as an outline."""
_ROOT = 210
_DEEPEST = 4
"""Boxes deeper than this are not set in any further."""


class _Piece(NamedTuple):
    """Lines of one kind in a box: how they are set, their colour, and the lines."""

    look: Look
    paint: str
    lines: list[str]

    @property
    def height(self) -> float:
        return tall(len(self.lines), self.look.size)


class _Frame(NamedTuple):
    """Where a box stands."""

    left: float
    top: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.top + self.height / 2


def size(branch: Branch) -> int:
    """How many boxes a tree has."""
    return sum(1 for _ in _depths(branch))


def wide(tree: Tree, room: float) -> Sheet:
    """The tree in columns, at most ``room`` pixels wide, or as an outline if it is deep."""
    columns = max(depth for depth, _ in _depths(tree.root))
    root = _root_width(tree.root) if columns else room
    each = (room - root - columns * _ARROW) / max(columns, 1)
    if columns and each < _LEAST:
        return _outline(tree, room, 30)
    sheet = Sheet(room, 0.0)
    sheet.height = _column(sheet, tree.root, (0.0, 0.0), (root, each))[1]
    return sheet


def narrow(tree: Tree, room: float) -> Sheet:
    """The tree as an outline, ``room`` pixels wide."""
    return _outline(tree, room, 28)


def _depths(branch: Branch, depth: int = 0) -> Iterator[tuple[int, Branch]]:
    yield depth, branch
    for following in branch.branches:
        yield from _depths(following, depth + 1)


def _column(
    sheet: Sheet, branch: Branch, corner: tuple[float, float], widths: tuple[float, float]
) -> tuple[_Frame, float]:
    """Draw the branch and all that follow to its right; gives its frame and where they end.

    ``widths``: of this box, and of all in the columns behind it.
    """
    own, behind = widths
    frame = _box(sheet, branch, corner, own)
    x, y = frame.left + own + _ARROW, frame.top
    spine = frame.left + own + 12
    low = level = frame.top + min(frame.height / 2, _LEVEL)
    for place, following in enumerate(branch.branches):
        child, end = _column(sheet, following, (x, y), (behind, behind))
        level = low if place == 0 else child.top + min(child.height / 2, _LEVEL)
        _arrow(sheet, (spine, level), (x, level), following)
        y = end + _GAP
    if branch.branches:
        sheet.line((frame.left + own, low), (spine, low), light("rule"))
        sheet.line((spine, low), (spine, level), light("rule"))
    return frame, max(frame.top + frame.height, y - _GAP if branch.branches else 0.0)


def _outline(tree: Tree, room: float, indent: float) -> Sheet:
    sheet = Sheet(room, 0.0)
    sheet.height = _set_in(sheet, tree.root, 0, (0.0, room), indent)
    return sheet


def _set_in(
    sheet: Sheet, branch: Branch, depth: int, place: tuple[float, float], indent: float
) -> float:
    """Draw the branch at a height and all that follow below it; gives where they end."""
    top, room = place
    left = min(depth, _DEEPEST) * indent
    frame = _box(sheet, branch, (left, top), room - left)
    y = end = top + frame.height
    inner = min(depth + 1, _DEEPEST) * indent
    spine = inner - indent + 8
    level = end
    for following in branch.branches:
        y = end + _GAP
        end = _set_in(sheet, following, depth + 1, (y, room), indent)
        level = y + _LEVEL
        _arrow(sheet, (spine, level), (inner, level), following)
    if branch.branches:
        sheet.line((spine, top + frame.height), (spine, level), light("rule"))
    return end


def _arrow(sheet: Sheet, start: tuple[float, float], tip: tuple[float, float], to: Branch) -> None:
    paint = stroke("bad") if to.refused else light("rule")
    sheet.line(start, (tip[0] - 6, tip[1]), paint, dashed=bool(to.refused))
    sheet.head(tip, paint)


def _root_width(root: Branch) -> float:
    """As wide as the texts of the first box, within bounds."""
    texts = (root.text, root.step, *root.reached)
    longest = max(text_width(shown(text), _SIZE, bold=True) for text in texts)
    return min(max(longest + 2 * _PAD + 5, 80.0), _ROOT)


def _box(sheet: Sheet, branch: Branch, corner: tuple[float, float], width: float) -> _Frame:
    """Draw one box as high as its texts, with a bar in its tone at the left."""
    pieces = _pieces(branch, width - 2 * _PAD - 5)
    height = sum(piece.height for piece in pieces) + 2 * _PAD + 3 * (len(pieces) - 1)
    left, top = corner
    sheet.box(corner, (left + width, top + height), light("panel"))
    sheet.box(corner, (left + 5, top + height), bar(branch.tone))
    y = top + _PAD
    for piece in pieces:
        sheet.text((left + 5 + _PAD, y + piece.height / 2), piece.lines, piece.paint, piece.look)
        y += piece.height + 3
    return _Frame(left, top, width, height)


def _pieces(branch: Branch, limit: float) -> list[_Piece]:
    plain, bold, small = Look(_SIZE), Look(_SIZE, bold=True), Look(_SMALL)
    pieces = []
    for name in branch.reached:
        pieces.append(_piece(name, limit, bold, light("ink")))
    pieces.append(_piece(branch.text, limit, plain, light("ink")))
    if branch.step:
        pieces.append(_piece(branch.step, limit, small, light("quiet")))
    if branch.refused:
        text = f"{mark('bad')} Refused by {branch.refused}"
        pieces.append(_piece(text, limit, Look(_SMALL, bold=True), stroke("bad")))
    return pieces


def _piece(text: str, limit: float, look: Look, paint: str) -> _Piece:
    return _Piece(look, paint, wrap(shown(text), limit, look.size, bold=look.bold))
