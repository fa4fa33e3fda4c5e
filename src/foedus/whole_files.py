"""Files written whole or not at all, and never over what they are made from."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from collections.abc import Iterable
from pathlib import Path

AnyPath = str | os.PathLike[str]


class CannotWrite(OSError):
    """A file could not be written; ``str()`` says where and why."""

    def __str__(self) -> str:
        return str(self.args[0])


class AlreadyThere(CannotWrite):
    """A file is there already, and was not to be replaced."""


def refuse_no_file(
    path: AnyPath,
    *,
    inputs: Iterable[AnyPath] = (),
    replace: bool = True,
    drafts: AnyPath | None = None,
) -> Path:
    """Give the path; raise `CannotWrite` where no file can be written, before any work is done.

    A file that is one of ``inputs``, by whatever name or link, is refused always; one that is
    there already unless it may be replaced. ``drafts`` is as in :func:`write_whole`.
    """
    name = os.fspath(path)
    if not name:
        raise CannotWrite("cannot write: the name of the file is empty")
    target = Path(path)
    try:
        mode = target.stat().st_mode  # of what a link points to
    except (FileNotFoundError, NotADirectoryError):
        mode = None
    except (OSError, ValueError) as error:
        raise _failed(target, error) from error
    if name.endswith(("/", os.sep)) or (mode is not None and stat.S_ISDIR(mode)):
        raise CannotWrite(f"cannot write {target}: it is a directory; name a file in it")
    if mode is not None and not stat.S_ISREG(mode):
        raise CannotWrite(f"cannot write {target}: it is no regular file")
    if mode is not None:
        _refuse_inputs(target, inputs)
        if not replace:
            raise _there_already(target)
        if not os.access(target, os.W_OK):
            raise CannotWrite(f"cannot write {target}: it may not be written to")
    whole = target.resolve()  # a link stays a link, and what it points to is written
    if not whole.parent.is_dir():
        raise CannotWrite(f"cannot write {target}: there is no directory {whole.parent}")
    try:
        draft = _draft_of(whole, drafts)
        draft.touch(exist_ok=False)
        draft.unlink()
    except OSError as error:
        raise _failed(target, error) from error
    return target


def write_whole(
    path: AnyPath,
    content: str | bytes,
    *,
    inputs: Iterable[AnyPath] = (),
    replace: bool = True,
    drafts: AnyPath | None = None,
) -> Path:
    """Write the content to the file, text in UTF-8, whole or not at all, and give its path.

    The path is given once the disk has it. Until then it stands in a draft, a hidden file of the
    same folder, or of the folder ``drafts`` of the same file system: all that a sudden end leaves.
    Whether the file is there already is decided as it is written, not before. Raises `CannotWrite`
    as :func:`refuse_no_file` does, `AlreadyThere` among them, and where the writing fails.
    """
    target = refuse_no_file(path, inputs=inputs, replace=replace, drafts=drafts)
    whole = target.resolve()
    draft = _draft_of(whole, drafts)
    try:
        try:
            with draft.open("xb") as file:
                file.write(content.encode("utf-8") if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
            if replace:
                if whole.exists():
                    draft.chmod(whole.stat().st_mode & 0o777)
                draft.replace(whole)
            else:
                _put(draft, whole)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(whole.parent)
    except FileExistsError:
        raise _there_already(target) from None
    except (OSError, UnicodeEncodeError) as error:
        raise _failed(target, error) from error
    return target


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the names of the files in a folder, where the system can tell."""
    with contextlib.suppress(OSError):  # Windows opens no folders, some file systems sync none
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _put(draft: Path, whole: Path) -> None:
    """Give the draft its name, if nothing has it. Raises FileExistsError."""
    try:
        os.link(draft, whole)
    except FileExistsError:
        raise
    except OSError:  # no links here: the name is taken first, then what it stands for
        whole.touch(exist_ok=False)
        draft.replace(whole)


def _draft_of(whole: Path, drafts: AnyPath | None) -> Path:
    name = f".{whole.name[:40]}.{secrets.token_hex(6)}"
    return whole.with_name(name) if drafts is None else Path(drafts) / name


def _refuse_inputs(target: Path, inputs: Iterable[AnyPath]) -> None:
    for each in inputs:
        try:
            same = target.samefile(each)
        except OSError:  # an input that is not there is told by whoever reads it
            continue
        if same:
            raise CannotWrite(f"cannot write {target}: it would overwrite the input {each}")


def _there_already(target: Path) -> AlreadyThere:
    return AlreadyThere(f"cannot write {target}: it is there already")


def _failed(target: Path, error: OSError | ValueError) -> CannotWrite:
    return CannotWrite(f"cannot write {target}: {getattr(error, 'strerror', None) or error}")
