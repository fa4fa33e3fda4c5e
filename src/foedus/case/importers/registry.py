"""The formats of other programs that a case can be read from, and which of them a file is in.

An importer is one module of this package with an :class:`Importer` named ``IMPORTER``, and a line
with the module's name here; ``docs/extending.md`` shows it with an example. Everything that takes a
case asks :func:`importer_for`, and so reads whatever is registered.
"""

from __future__ import annotations

import stat
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from foedus.case.importers.base import Importer
from foedus.case.problems import CaseError, Problem, listed, nearest

IMPORTERS: tuple[Importer, ...] = tuple(
    import_module(f"foedus.case.importers.{module}").IMPORTER
    for module in (
        "gmcr",
        # one line a format
    )
)

HEAD = 1 << 16
"""So many bytes of a file are looked at to tell its format."""


def importer_for(path: Path, name: str | None = None) -> Importer | None:
    """The importer of a file; None when it is in no registered format, and so a case file.

    The file's suffix decides, then the beginning of what it holds. With a ``name``, the importer of
    that name. Raises CaseError when there is none so named, or when several could read the file.
    """
    if name is not None:
        return importer_named(name, str(path))
    suffix = path.suffix.lower()
    by_suffix = [importer for importer in IMPORTERS if suffix in importer.suffixes]
    if len(by_suffix) == 1:
        return by_suffix[0]
    head = _head(path)
    found = [importer for importer in by_suffix or IMPORTERS if importer.recognises(head)]
    if len(found) == 1:
        return found[0]
    candidates = found or by_suffix
    if not candidates:
        return None
    problem = Problem(
        f"this could be {_either(candidates)}; `foedus import --from NAME` makes a case of it",
        expected=f"a name of {listed([importer.name for importer in candidates], 'or')}",
    )
    raise CaseError([problem], str(path))


def formats() -> str:
    """All formats in words, such as ``a graph model of GMCR+ (.gmcr)``."""
    return _either(IMPORTERS)


def _either(importers: Sequence[Importer]) -> str:
    return listed([importer.described for importer in importers], "or")


def importer_named(name: str, file: str) -> Importer:
    """The importer of a format by its name. Raises CaseError, told of ``file``."""
    names = [importer.name for importer in IMPORTERS]
    if name not in names:
        message = f"no importer '{name}'"
        problem = Problem(message, expected=listed(names, "or"), nearest=nearest(name, names))
        raise CaseError([problem], file)
    return IMPORTERS[names.index(name)]


def _head(path: Path) -> str:
    """The beginning of a regular file as text; empty where there is none to be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return ""
        with path.open("rb") as stream:
            return stream.read(HEAD).decode("utf-8-sig", "replace")
    except (OSError, ValueError):
        return ""
