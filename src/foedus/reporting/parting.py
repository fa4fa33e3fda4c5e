"""What the sections of a report keep, and what of them is looked up in the appendix."""

from __future__ import annotations

from dataclasses import replace

from foedus.document import Block, Point, Points, Section

LOOKED_UP = frozenset(
    {
        "evidence-audit",
        "evidence-items",
        "evidence-matrix",
        "evidence-moves",
        "forecast-arrangements",
        "forecast-course",
        "forecast-issues",
        "forecast-method",
        "forecast-pace",
        "forecast-sources",
        "forecast-tornado",
        "forecast-variants",
        "left-out",
        "paths-ways",
        "possible-arrangements",
        "veto-forms",
    }
)
"""The ids of parts that list what an answer is made of and are read one entry at a time.

The section of the question keeps what answers it, and leads to them.
"""


def parted(section: Section) -> tuple[Section, tuple[Section, ...]]:
    """A section without its parts that are looked up, to which it leads; and these parts."""
    kept: list[Block] = []
    moved: list[Section] = []
    for block in section.blocks:
        if isinstance(block, Section) and block.id in LOOKED_UP:
            moved.append(block)
        else:
            kept.append(block)
    if moved:
        kept.append(Points((leading_to(*moved),)))
    return replace(section, blocks=tuple(kept)), tuple(moved)


def leading_to(*parts: Section) -> Point:
    """A point that leads to parts of the appendix."""
    if len(parts) == 1:
        return Point(f"In the appendix: {parts[0].title}", see=parts[0].id)
    return Point("In the appendix:", tuple(Point(part.title, see=part.id) for part in parts))


def appended(section: Section, moved: tuple[Section, ...]) -> tuple[Section, ...]:
    """The entry of the appendix for what was parted from a section: one, or none."""
    if len(moved) == 1:
        return moved
    return (Section(f"{section.title}, in full", moved),) if moved else ()
