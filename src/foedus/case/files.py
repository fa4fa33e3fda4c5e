"""From a path to the text of a case file: regular files of UTF-8, up to a size."""

from __future__ import annotations

import stat
from pathlib import Path

from foedus.case.model import Place
from foedus.case.problems import CaseError, Problem, nearest
from foedus.case.traps import place_of

LARGEST = 1 << 20
"""The most bytes a case file may have."""


def read_text_file(path: Path, what: str = "a case file", largest: int = LARGEST) -> str:
    """The text of a file, which is to be ``what``. Raises CaseError when it is no file of text."""
    return text_of(read_bytes(path, what, largest), str(path), largest)


def read_bytes(path: Path, what: str, largest: int = LARGEST) -> bytes:
    """The content of a regular file of at most so many bytes. Raises CaseError for another."""
    file = str(path)
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise CaseError([Problem("this is a directory (a folder)", expected=what)], file)
        if not stat.S_ISREG(found.st_mode):
            raise CaseError([Problem("this is not a regular file", expected=what)], file)
        if found.st_size > largest:
            raise CaseError([_too_large(found.st_size, largest)], file)
        with path.open("rb") as stream:
            return stream.read(largest + 1)
    except FileNotFoundError:
        raise CaseError([_missing(path)], file) from None
    except CaseError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CaseError([Problem(f"the file cannot be read: {reason}")], file) from None


def text_of(content: str | bytes, file: str, largest: int = LARGEST) -> str:
    """Text from bytes of UTF-8, without a byte order mark. Raises CaseError for anything else."""
    if isinstance(content, str):
        try:
            content = content.encode()
        except UnicodeEncodeError as error:
            place = place_of(str(content), error.start)
            message = "this character is half of a pair and cannot be written"
            raise CaseError([Problem(message, place)], file) from None
    if len(content) > largest:
        raise CaseError([_too_large(len(content), largest)], file)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or (
        b"\0" in content[:2] and content[:4].strip(b"\0")
    ):
        message = "the file is UTF-16 or UTF-32; save it as UTF-8"
        raise CaseError([Problem(message, Place(1, 1))], file)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        before = content[: error.start].decode()
        place = place_of(before, len(before))
        byte = content[error.start]
        message = f"byte 0x{byte:02x} is not UTF-8; save the file as UTF-8"
        raise CaseError([Problem(message, place)], file) from None
    return text.removeprefix("\ufeff")


def _too_large(size: int, largest: int) -> Problem:
    most = f"at most {largest:,} ({largest >> 20} MiB)"
    return Problem(f"the file has {size:,} bytes", expected=most)


def _missing(path: Path) -> Problem:
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except OSError:
        return Problem("there is no such file, nor its folder")
    return Problem("there is no such file", nearest=nearest(path.name, names))
