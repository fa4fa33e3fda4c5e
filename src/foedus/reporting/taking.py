"""What it would take for an arrangement to be acceptable, in words."""

from __future__ import annotations

from foedus.document import Block, Section
from foedus.sensitivity.taking import WhatItTakes


def taking_blocks(result: WhatItTakes) -> tuple[Block, ...]:
    """For a reader: payments, each blocker, and all together."""
    if not result.together.needed or not result.blockers:
        return result.together.blocks()
    actors = result.case.actors
    parts = [Section("What would have to be paid", result.payments.blocks(), "take-payments")]
    parts += [
        Section(f"For {actors[each.blocker].name} to agree", each.blocks(), f"take-{each.blocker}")
        for each in result.blockers
        if each.blocker is not None
    ]
    parts.append(Section("For all who are asked to agree", result.together.blocks(), "take-all"))
    return tuple(parts)
