"""What an importer is: how a format is recognised and read, and what becomes of what it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from foedus.case.model import Case
from foedus.case.reading import case_from_data


class Imported(NamedTuple):
    """What was made of a file: the plain data of a case file, and what its reader is told."""

    data: Mapping[str, Any]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Importer:
    """One format of another program.

    ``name`` is what ``--from`` takes, ``title`` says with its article what a file is. ``suffixes``
    are in small letters with their dot. ``recognises`` says of the beginning of a file's text
    whether it is in this format. ``read`` makes the data of a case of a file and raises CaseError
    with everything that is wrong with it. ``carries_over`` and ``leaves_out`` say in phrases what
    of a file the case has, and what not. ``read_case`` is for formats that are large: the same case
    without the detour by way of data.
    """

    name: str
    title: str
    suffixes: tuple[str, ...]
    recognises: Callable[[str], bool]
    read: Callable[[Path], Imported]
    carries_over: tuple[str, ...]
    leaves_out: tuple[str, ...]
    read_case: Callable[[Path], Case] | None = None

    @property
    def described(self) -> str:
        """The format in words with its suffixes, such as ``a graph model of GMCR+ (.gmcr)``."""
        return f"{self.title} ({', '.join(self.suffixes)})" if self.suffixes else self.title

    def case(self, path: Path) -> Case:
        """Read a file as a case. Raises CaseError with everything that is wrong."""
        if self.read_case is not None:
            return self.read_case(path)
        made = self.read(path)
        return case_from_data(made.data, str(path), made.notices)
