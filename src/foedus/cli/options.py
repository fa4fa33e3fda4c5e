"""Arguments and options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from foedus.case.problems import notice_lines
from foedus.cli.output import tell_beside

if TYPE_CHECKING:
    from collections.abc import Collection

    from foedus.case.model import Case
    from foedus.case.places import Notice
    from foedus.game import Game

CaseFile = Annotated[
    str,
    typer.Argument(
        metavar="CASE", help="A case file (YAML), or a graph model (.gmcr).", show_default=False
    ),
]

AsJson = Annotated[
    bool, typer.Option("--json", metavar="", help="Print the answer as one JSON document.")
]


def game_in(path: str) -> Game:
    """Read a case, check all of it, and say its notices. Raises CaseError."""
    from foedus.game import game_of
    from foedus.loading import read

    case = read(path)
    tell_notices(case)
    return game_of(case)


def case_in(path: str) -> Case:
    """Read a case, check all of it, and say its notices. Raises CaseError."""
    return game_in(path).case


def tell_notices(case: Case, known: Collection[Notice] = ()) -> None:
    """Say what the reader of a case should be told, and does not know yet, on standard error."""
    tell_beside(notice_lines((n for n in case.notices if n not in known), case.file))
