"""From a path to a checked case: a case file of our own, or one of another program's files."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from foedus.case.files import read_text_file
from foedus.case.importers.base import Imported
from foedus.case.importers.registry import formats, importer_for
from foedus.case.model import Case
from foedus.case.problems import CaseError, Problem
from foedus.case.reading import read_case
from foedus.preferences.games import Game, game_of

Given = Case | Game | str | os.PathLike[str]
"""What an analysis may be asked of: a case, its game, or the path of a file."""


def read(path: str | os.PathLike[str]) -> Case:
    """Read a case file, or a file in a format that is registered, without its space.

    Raises CaseError with everything that is wrong.
    """
    importer = importer_for(Path(path))
    return read_case(path) if importer is None else importer.case(Path(path))


def load(path: str | os.PathLike[str]) -> Case:
    """Read a case file and check all of it, also what needs its space of states.

    Raises CaseError with everything that is wrong.
    """
    return game_from(path).case


def game_from(given: Given, on: date | None = None) -> Game:
    """The game of a case, of the case at a path, or of a game itself, with the rights ``on`` a day.

    Raises CaseError with everything that is wrong with the case; TypeError for anything else.
    """
    if isinstance(given, Game | Case):
        return game_of(given, on)
    if isinstance(given, str | os.PathLike):
        return game_of(read(given), on)
    raise TypeError(f"a Case or the path of a file is needed, not {type(given).__name__}")


def text_of_case(path: str | os.PathLike[str]) -> str | None:
    """The text of a case file; None for a file that is imported. Raises CaseError."""
    return None if importer_for(Path(path)) is not None else read_text_file(Path(path))


def imported(path: str | os.PathLike[str], name: str | None = None) -> Imported:
    """The data of a case made of another program's file, read as the format ``name`` if given.

    Raises CaseError, also when the file is in no format that is registered.
    """
    importer = importer_for(Path(path), name)
    if importer is None:
        read_text_file(Path(path))  # whatever keeps it from being read at all is told first
        message = "this is in no format that can be imported"
        raise CaseError([Problem(message, expected=formats())], os.fspath(path))
    return importer.read(Path(path))
