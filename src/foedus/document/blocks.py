"""Sentences, points and sections, and what counts as a block."""

from __future__ import annotations

from dataclasses import dataclass

from foedus.document.pictures import PictureBlock
from foedus.document.tables import Table, Tone


@dataclass(frozen=True, slots=True)
class Sentence:
    """A paragraph of plain text. ``strong`` marks the sentence that answers the question."""

    text: str
    tone: Tone = "plain"
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a list, with points below it that give its reasons.

    ``see`` is the id of the section that says more, where that stands on the same page.
    """

    text: str
    points: tuple[Point, ...] = ()
    tone: Tone = "plain"
    see: str = ""


@dataclass(frozen=True, slots=True)
class Points:
    """A list of points, nested as deep as the reasons go."""

    points: tuple[Point, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part; ``id`` is its anchor. A page may show a ``folded`` one closed at first."""

    title: str
    blocks: tuple[Block, ...]
    id: str = ""
    folded: bool = False


Block = Sentence | Points | Table | PictureBlock | Section
