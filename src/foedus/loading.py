"""From a path to a checked case: YAML of our own, or a graph model of GMCR+."""

from __future__ import annotations

import os
from pathlib import Path

from foedus.case.importers.gmcr import read_gmcr
from foedus.case.model import Case
from foedus.case.reading import read_case
from foedus.game import game_of


def read(path: str | os.PathLike[str]) -> Case:
    """Read a case file (``.gmcr`` as a graph model, anything else as YAML), without its space.

    Raises CaseError with everything that is wrong.
    """
    if Path(path).suffix.lower() == ".gmcr":
        return read_gmcr(Path(path))
    return read_case(path)


def load(path: str | os.PathLike[str]) -> Case:
    """Read a case file and check all of it, also what needs its space of states.

    Raises CaseError with everything that is wrong.
    """
    case = read(path)
    game_of(case)
    return case
