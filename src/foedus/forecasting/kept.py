"""What has been worked out, kept on disk until the whole of it is done.

A run that ends before its end, with the cluster that did it or by a kill, leaves its pieces here,
and the same work takes them up. A piece is found by what it is: the work, the case by its hash, the
options, the draws and their seed, and the versions of what computes it. Nothing is read from a
folder that others could write to.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from foedus.case.fingerprint import case_hash
from foedus.case.model import Case
from foedus.forecasting.crew import Work, WorkerLost
from foedus.forecasting.environment import versions
from foedus.forecasting.plan import Plan

DAYS = 30
"""What nobody has taken up for so long is removed."""


def kept_folder() -> Path:
    """Where pieces are kept: in the user's cache folder (``XDG_CACHE_HOME``, ``~/.cache``)."""
    given = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(given) if given else Path.home() / ".cache") / "foedus" / "kept"


class CannotKeep(WorkerLost):
    """What is done cannot be kept in the cache folder."""

    option = "XDG_CACHE_HOME"


class Kept:
    """The pieces in a folder, which is made if it is not there; those of this run are counted.

    Raises CannotKeep where the folder cannot be made or is open to others.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self._about = folder, versions()
        self._mine: set[str] = set()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _open_to_others(folder):
                raise CannotKeep(f"others may write to {folder}: nothing is kept or read there")
            self._sweep()
        except OSError as error:
            raise CannotKeep(f"{folder} cannot be used: {error.strerror}") from error

    def __len__(self) -> int:
        """How many pieces of this run are kept."""
        return len(self._mine)

    def names_of(self, plan: Plan, work: Work, pieces: Sequence[Any]) -> list[str]:
        """What each piece is found by: the SHA-256 of all that its result depends on."""
        common = _digest((self._about, f"{work.__module__}.{work.__qualname__}", plan))
        return [_digest((common, piece)) for piece in pieces]

    def get(self, name: str) -> tuple[bool, Any]:
        """Whether a piece is kept, and its result."""
        try:
            content = (self.folder / name).read_bytes()
            result = pickle.loads(content)  # noqa: S301 - the user's own, see above
        except Exception:  # not there, or not whole: it is worked out again
            return False, None
        self._mine.add(name)
        return True, result

    def put(self, name: str, result: Any) -> None:
        """Keep a piece's result, whole or not at all."""
        draft = self.folder / f"{name}.{os.getpid()}"
        try:
            draft.write_bytes(pickle.dumps(result, protocol=5))
            draft.replace(self.folder / name)
        except OSError as error:
            raise CannotKeep(f"{self.folder} cannot be written to: {error.strerror}") from error
        self._mine.add(name)

    def forget(self) -> None:
        """Remove the pieces of this run: the whole is done."""
        for name in self._mine:
            (self.folder / name).unlink(missing_ok=True)
        self._mine.clear()

    def _sweep(self) -> None:
        """Remove what is old."""
        since = time.time() - DAYS * 86_400
        for path in self.folder.iterdir():
            with suppress(OSError):
                if path.stat().st_mtime < since:
                    path.unlink()


def _open_to_others(folder: Path) -> bool:
    """Whether others own a folder or may write to it, where there is such a thing."""
    found = folder.stat()
    return hasattr(os, "getuid") and bool(found.st_uid != os.getuid() or found.st_mode & 0o022)


def _enter(digest: Any, value: Any) -> None:
    """Let a value enter a digest, in one way whatever process it is in. TypeError if there is none.

    A case enters by its hash.
    """
    if isinstance(value, Case):
        digest.update(f"case {case_hash(value)};".encode())
    elif is_dataclass(value):
        digest.update(f"{type(value).__name__}(".encode())
        for each in fields(value):
            _enter(digest, getattr(value, each.name))
        digest.update(b")")
    elif isinstance(value, Mapping):
        _enter(digest, [*value.items()])
    elif isinstance(value, frozenset | set):
        _enter(digest, sorted(_digest(part) for part in value))
    elif isinstance(value, tuple | list):
        digest.update(f"{len(value)}[".encode())
        for part in value:
            _enter(digest, part)
        digest.update(b"]")
    elif isinstance(value, np.ndarray):
        digest.update(f"{value.dtype}{value.shape}".encode())
        digest.update(np.ascontiguousarray(value).tobytes())
    elif value is None or isinstance(value, str | int | float | range | date | np.generic):
        digest.update(f"{type(value).__name__} {value!r};".encode())
    else:
        raise TypeError(f"a {type(value).__name__} has no digest")


def _digest(value: Any) -> str:
    found = hashlib.sha256()
    _enter(found, value)
    return found.hexdigest()
