"""Arguments and options that several commands share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from foedus.cli.output import tell_beside

if TYPE_CHECKING:
    from foedus.case.model import Case
    from foedus.games import Game

CaseFile = Annotated[
    str,
    typer.Argument(
        metavar="CASE",
        help="A case file (YAML), or a file that foedus imports.",
        show_default=False,
    ),
]

AsJson = Annotated[
    bool, typer.Option("--json", metavar="", help="Print the answer as one JSON document.")
]


def game_in(path: str) -> Game:
    """Read a case, check all of it, and say its notices. Raises CaseError."""
    from foedus.games import game_of
    from foedus.loading import read

    case = read(path)
    game = game_of(case)
    tell_notices(case)
    return game


def case_in(path: str) -> Case:
    """Read a case, check all of it, and say its notices. Raises CaseError."""
    from foedus.loading import load

    case = load(path)
    tell_notices(case)
    return case


def tell_notices(case: Case) -> None:
    """Say what the reader of a case should be told, on standard error."""
    tell_beside(f"{case.file}: note: {notice}" for notice in case.notices)
