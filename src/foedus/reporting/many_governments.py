"""The likeliest government of each of many chambers, as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from foedus.document import Block, Cell, Column, Table, percent


def many_blocks(found: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    """One row for each chamber: its likeliest coalitions, and who is likeliest to lead."""
    rows = []
    for each in found:
        first, *others = each["coalitions"]
        leader = max(each["pm"], key=each["pm"].get)
        rows.append(
            (
                Cell(each["opp"]),
                Cell(" + ".join(first["members"])),
                Cell(percent(first["p"])),
                Cell(" + ".join(others[0]["members"]) if others else ""),
                Cell(percent(others[0]["p"]) if others else ""),
                Cell(f"{leader}, {percent(each['pm'][leader])}"),
            )
        )
    columns = (
        Column("chamber"),
        Column("likeliest government"),
        Column("chance", True),
        Column("next"),
        Column("chance", True),
        Column("prime minister"),
    )
    note = "Parties by their ids; --json has every listed coalition with its chance."
    return (Table("The likeliest governments", columns, tuple(rows), note),)
