"""Neutral blocks in which every result tells itself: written once, shown by every renderer.

A block is data: plain text (never markup), tables and picture data. Renderers turn blocks into
console text, HTML or a notebook's output; they escape all text, so that a label from a case file
can hold anything.
"""

from __future__ import annotations

from foedus.document.blocks import Block, Point, Points, Section, Sentence
from foedus.document.pictures import Branch, Grid, Line, Lines, Range, Ranges, Tree
from foedus.document.plain import Explanation, plain_lines
from foedus.document.tabled import MOST_PLACES, as_points, as_table, thinned
from foedus.document.tables import Cell, Column, Table, Tone
from foedus.document.words import number, possessive

__all__ = [
    "MOST_PLACES",
    "Block",
    "Branch",
    "Cell",
    "Column",
    "Explanation",
    "Grid",
    "Line",
    "Lines",
    "Point",
    "Points",
    "Range",
    "Ranges",
    "Section",
    "Sentence",
    "Table",
    "Tone",
    "Tree",
    "as_points",
    "as_table",
    "number",
    "plain_lines",
    "possessive",
    "thinned",
]
