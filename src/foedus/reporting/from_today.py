"""The report's section on the ways from today, behind a brief that has drawn them."""

from __future__ import annotations

from dataclasses import replace

from foedus.case.problems import CaseError
from foedus.document import Block, Points, Section, Sentence
from foedus.reporting.findings import Findings
from foedus.reporting.paths import opening_blocks, present_section, ways_table
from foedus.reporting.paths_picture import tree

WAYS = "paths-ways"
"""The anchor of the part that draws and lists all the ways."""


def section(found: Findings) -> tuple[Section, ...]:
    """What can be come to, whether the present is explained, and each way; or why there is none."""
    if found.accepted is None:
        return ()
    from foedus.process.paths import ways_from_today

    try:
        paths = ways_from_today(found.game)
    except CaseError as error:
        not_asked = Sentence(f"Not asked: {error.problems[0].message}.", "muted")
        return (Section("The ways from today", (not_asked,)),)
    present = present_section(paths)
    present = replace(present, blocks=tuple(map(_briefly, present.blocks)))
    blocks: tuple[Block, ...] = (*opening_blocks(paths), present)
    if paths.ways:
        # The brief has drawn the ways to the hypotheses, and said how to read them.
        drawn = tree(paths, key=found.ahead is None)
        blocks += (Section("The way to each arrangement", (drawn, ways_table(paths)), WAYS),)
    return (Section("The ways from today", blocks),)


def _briefly(block: Block) -> Block:
    """Steps with what each member gains, without the judgements behind it."""
    if not isinstance(block, Points):
        return block
    steps = (
        replace(step, points=tuple(replace(each, points=()) for each in step.points))
        for step in block.points
    )
    return Points(tuple(steps), block.ordered)
