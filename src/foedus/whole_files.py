"""Files written whole or not at all: a page, a case."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path


class CannotWrite(OSError):
    """A file could not be written; ``str()`` says where and why."""

    def __str__(self) -> str:
        return str(self.args[0])


def refuse_no_file(path: str | os.PathLike[str]) -> Path:
    """Give the path; raise `CannotWrite` where no file can be, so that no work is in vain."""
    if not os.fspath(path):
        raise CannotWrite("cannot write: the name of the file is empty")
    target = Path(path)
    try:
        mode = target.stat().st_mode  # of what a link points to
    except (FileNotFoundError, NotADirectoryError):
        mode = None
    except OSError as error:
        raise CannotWrite(f"cannot write {target}: {error.strerror or error}") from error
    if mode is not None and stat.S_ISDIR(mode):
        raise CannotWrite(f"cannot write {target}: it is a directory; name a file in it")
    if mode is not None and not stat.S_ISREG(mode):
        raise CannotWrite(f"cannot write {target}: it is no regular file")
    if not target.parent.is_dir():
        raise CannotWrite(f"cannot write {target}: there is no directory {target.parent}")
    return target


def write_whole(path: str | os.PathLike[str], text: str) -> Path:
    """Write the text to the file in UTF-8, whole or not at all, and give its path.

    A file that is there already is replaced. Raises `CannotWrite` where the folder is missing or
    may not be written to, or where ``path`` is a directory, a device, a pipe or a socket.
    """
    target = refuse_no_file(path)
    whole = target.resolve()  # a link stays a link, and what it points to is written
    draft = whole.with_name(f".{whole.name[:40]}.{secrets.token_hex(6)}")
    try:
        try:
            with draft.open("xb") as file:
                file.write(text.encode("utf-8"))
            if whole.exists():
                draft.chmod(whole.stat().st_mode & 0o777)
            draft.replace(whole)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise CannotWrite(f"cannot write {target}: {error.strerror or error}") from error
    return target
