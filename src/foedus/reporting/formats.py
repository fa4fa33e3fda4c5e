"""Which files of other programs are read, and what becomes of what they hold."""

from __future__ import annotations

from foedus.case.importers import registry
from foedus.document import Block, Cell, Column, Sentence, Table


def formats_blocks() -> tuple[Block, ...]:
    """The formats for a reader: a table with a row each."""
    rows = tuple(
        (
            Cell(importer.name),
            Cell(importer.described),
            Cell("; ".join(importer.carries_over)),
            Cell("; ".join(importer.leaves_out) or "nothing"),
        )
        for importer in registry.IMPORTERS
    )
    columns = (
        Column("--from"),
        Column("a file"),
        Column("what the case has of it"),
        Column("left out"),
    )
    answer = Sentence(
        "Every command that takes a case reads these files too; `foedus import` makes case files "
        "of them."
    )
    return (answer, Table("", columns, rows))
