"""What is said to somebody who has just been given a starter."""

from __future__ import annotations

from collections.abc import Mapping

from foedus.document import Block, Cell, Column, Point, Points, Sentence, Table


def kinds_blocks(kinds: Mapping[str, str], given: str) -> tuple[Block, ...]:
    """List the kinds of questions for a reader, and say which of them was ``given``."""
    rows = tuple((Cell(kind), Cell(question)) for kind, question in kinds.items())
    columns = (Column("--kind"), Column("its question"))
    return (
        Sentence(f"This is the plainest kind, `{given}`. There are {len(kinds)}:"),
        Table("", columns, rows),
    )


def next_steps_blocks(file: str) -> tuple[Block, ...]:
    """Three commands to try on the new case, for a reader. ``file`` is quoted for a shell."""
    steps = {
        "check": "what the case holds, and what may be a slip",
        "forecast": "how likely each outcome is (a minute or so; with --most-likely at once)",
        "accept": "who would be better or worse off, and who refuses",
    }
    return (
        Sentence("Try next:"),
        Points(tuple(Point(f"foedus {name} {file}: {what}") for name, what in steps.items())),
        Sentence(
            "Then change a number in the file, and forecast again; or see at once what a change "
            f"does, by its name in the file: foedus whatif {file} --set NAME=VALUE."
        ),
    )
