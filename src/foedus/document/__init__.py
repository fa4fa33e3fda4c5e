"""Neutral blocks in which every result tells itself: written once, shown by every renderer.

A block is data: plain text (never markup), tables and picture data. Renderers turn blocks into
console text, HTML or a notebook's output; they escape all text, so that a label from a case file
can hold anything.
"""

from __future__ import annotations

from foedus.document.blocks import Block, Point, Points, Section, Sentence
from foedus.document.pictures import (
    MOST_COURSES,
    Branch,
    Calendar,
    Grid,
    Likelihood,
    Likelihoods,
    Line,
    Lines,
    PictureBlock,
    Range,
    Ranges,
    Says,
    Share,
    ShareBar,
    Shares,
    Span,
    Strip,
    StripCell,
    Tree,
)
from foedus.document.plain import Explanation, plain_lines
from foedus.document.tabled import (
    MOST_PLACES,
    as_points,
    as_table,
    gain_text,
    spanned,
    thinned,
)
from foedus.document.tables import Cell, Column, Table, Tone
from foedus.document.words import number, percent, possessive

__all__ = [
    "MOST_COURSES",
    "MOST_PLACES",
    "Block",
    "Branch",
    "Calendar",
    "Cell",
    "Column",
    "Explanation",
    "Grid",
    "Likelihood",
    "Likelihoods",
    "Line",
    "Lines",
    "PictureBlock",
    "Point",
    "Points",
    "Range",
    "Ranges",
    "Says",
    "Section",
    "Sentence",
    "Share",
    "ShareBar",
    "Shares",
    "Span",
    "Strip",
    "StripCell",
    "Table",
    "Tone",
    "Tree",
    "as_points",
    "as_table",
    "gain_text",
    "number",
    "percent",
    "plain_lines",
    "possessive",
    "spanned",
    "thinned",
]
