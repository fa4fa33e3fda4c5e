"""The folder `.foedus` beside the cases: what the workbench keeps there, read with mistrust.

It may have come with the cases, from anybody. So no link in it is followed, only regular files up
to a size are read, and whatever else stands there is refused with a plain sentence. Files are
written whole; their drafts stand in the folder too, so that nothing is left among the cases.
"""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

from foedus.whole_files import CannotWrite, sync_folder, write_whole

try:
    import fcntl
except ImportError:  # there is none on Windows
    fcntl = None  # type: ignore[assignment]

FOLDER = ".foedus"
"""The name of the folder beside the cases."""

_PLAIN = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Unusable(Exception):
    """Something that is kept, or should be, cannot be used; ``str()`` says what and why."""


class Kept:
    """What is kept for one case, in a folder of its own within `.foedus`."""

    def __init__(self, beside: Path, name: str) -> None:
        """Nothing is made before something is written; ``name`` is one that `Store` allows."""
        self.top = beside / FOLDER
        self.folder = self.top / name
        self._threads = threading.RLock()
        self._swept = False

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Alone among all threads and, where the system can lock files, all processes.

        The lock goes with the process that has it, however that ends. It can be taken again by the
        thread that has it. Raises Unusable and CannotWrite.
        """
        with self._threads:
            if fcntl is None or self._owned():
                yield
                return
            self._make()
            self._lock = self._locked_file()
            try:
                if not self._swept:
                    self._sweep()
                yield
            finally:
                os.close(self._lock)
                del self._lock

    def _owned(self) -> bool:
        return hasattr(self, "_lock")

    def _locked_file(self) -> int:
        path = self.folder / "lock"
        while True:
            self._plain(path)
            try:
                lock = os.open(path, os.O_RDWR | os.O_CREAT | _PLAIN, 0o666)
            except OSError as error:
                raise _unusable(path, error) from error
            fcntl.flock(lock, fcntl.LOCK_EX)
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(path.lstat(), os.fstat(lock)):
                    return lock
            os.close(lock)  # the folder was taken away while we waited
            self._make()

    def _sweep(self) -> None:
        """Take away the drafts that a sudden end has left."""
        for name in self.sizes():
            if name.startswith("."):
                self.remove(name)
        self._swept = True

    def read(self, name: str, most: int) -> bytes | None:
        """The content of a file of at most so many bytes; None where there is none."""
        if not (self._is_folder(self.top) and self._is_folder(self.folder)):
            return None
        path = self.folder / name
        content = read_plain(path, most)
        if content is not None and len(content) > most:
            raise Unusable(f"{path} is larger than {most:,} bytes; move it away")
        return content

    def write(self, name: str, content: bytes) -> None:
        """Let a file have this content, whole, once the disk has it."""
        self._make()
        self._plain(self.folder / name)
        write_whole(self.folder / name, content, drafts=self.folder)

    def append(self, name: str, line: bytes) -> None:
        """Put a line at the end of a file, once the disk has it; also behind half a line."""
        self._make()
        path = self.folder / name
        new = not self._plain(path)
        try:
            opened = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | _PLAIN, 0o666)
            with os.fdopen(opened, "r+b", buffering=0) as file:
                size = file.seek(0, os.SEEK_END)
                if size:
                    file.seek(size - 1)
                    line = line if file.read(1) == b"\n" else b"\n" + line
                if file.write(line) != len(line):
                    raise CannotWrite(f"cannot write {path}: the disk took a part of it only")
                os.fsync(file.fileno())
        except CannotWrite:
            raise
        except OSError as error:
            raise CannotWrite(f"cannot write {path}: {error.strerror or error}") from error
        if new:
            sync_folder(self.folder)

    def remove(self, name: str) -> None:
        """Take a file away, if it is there; of a link, the link."""
        if self._is_folder(self.top) and self._is_folder(self.folder):
            with contextlib.suppress(OSError):
                (self.folder / name).unlink()

    def sizes(self) -> dict[str, int]:
        """The names of the regular files, with their sizes in bytes."""
        if not (self._is_folder(self.top) and self._is_folder(self.folder)):
            return {}
        with os.scandir(self.folder) as found:
            return {
                each.name: each.stat(follow_symlinks=False).st_size
                for each in found
                if each.is_file(follow_symlinks=False)
            }

    def _make(self) -> None:
        for folder in (self.top, self.folder):
            if not self._is_folder(folder):
                try:
                    folder.mkdir(exist_ok=True)
                except OSError as error:
                    raise CannotWrite(f"cannot make {folder}: {error.strerror}") from error
                sync_folder(folder.parent)
                self._is_folder(folder)

    @staticmethod
    def _is_folder(path: Path) -> bool:
        """Whether there is a folder; something else in its place is refused."""
        try:
            found = path.lstat().st_mode
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _unusable(path, error) from error
        if not stat.S_ISDIR(found):
            raise Unusable(f"{path} is no folder but a link or a file; move it away")
        return True

    @staticmethod
    def _plain(path: Path) -> bool:
        """Whether there is a file; a link or anything else in its place is refused."""
        return plain_size(path) is not None


def plain_size(path: Path) -> int | None:
    """The size of a regular file in bytes; None where there is none. Raises Unusable."""
    try:
        found = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise _unusable(path, error) from error
    if not stat.S_ISREG(found.st_mode):
        raise Unusable(f"{path} is a link or no regular file; move it away")
    return found.st_size


def read_plain(path: Path, most: int) -> bytes | None:
    """The content of a regular file, of a larger one ``most + 1`` bytes; None where there is none.

    Raises Unusable for a link and whatever else is no regular file, and what cannot be read.
    """
    if plain_size(path) is None:
        return None
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | _PLAIN), "rb") as file:
            return file.read(most + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unusable(path, error) from error


def _unusable(path: Path, error: OSError | ValueError) -> Unusable:
    return Unusable(f"{path} cannot be used: {getattr(error, 'strerror', None) or error}")
