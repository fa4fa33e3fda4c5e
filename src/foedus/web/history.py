"""The versions of a case: each a YAML file, and one journal that says when and why.

Plain files are read by people, by `diff`, and by any program when foedus is long gone; each is
written once and never changed, so that no crash can harm an older one, and what cannot be read
costs one version and not all. A database would be one file that is changed in place.

The journal holds one JSON object a line. ``text`` is the number of the version whose file has the
text (of an undone edit an earlier one), ``back`` and ``forth`` are the versions that undo and redo
lead to.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from foedus.case.files import LARGEST
from foedus.case.problems import cut
from foedus.web.kept import Kept, Unusable

MOST_VERSIONS = 1_000
"""So many versions of a case are kept; beyond it, a tenth, the oldest, is dropped."""

MOST_BYTES = 64 << 20
"""The texts of a case's versions have so many bytes at most; beyond it, a tenth is dropped."""

LONGEST_WHY = 300
"""Characters of the reason of a version."""

_JOURNAL = "journal.jsonl"
_MOST_JOURNAL = 4 << 20
_TEXT = re.compile(r"(\d{7,9})\.yaml")
_VERSION = re.compile(r"[0-9a-f]{16}")
_MOST_NUMBER = 999_999_999


def version_of(content: bytes) -> str:
    """The version of a content: 16 hex digits of its SHA-256."""
    return hashlib.sha256(content).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the journal."""

    number: int
    version: str
    when: datetime
    why: str
    text: int
    back: int | None = None
    forth: int | None = None


class History:
    """The versions of one case. Whoever adds to them holds the lock of what is kept."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    def entries(self) -> list[Entry]:
        """The lines of the journal that can be read, oldest first.

        Half a line, which a crash may leave, and whatever is no line of a journal is left out.
        Raises Unusable where the journal is no file that can be read.
        """
        content = self.kept.read(_JOURNAL, _MOST_JOURNAL) or b""
        found: list[Entry] = []
        for line in content.split(b"\n"):
            entry = _entry(line)
            if entry is not None and (not found or entry.number > found[-1].number):
                found.append(entry)
        return found

    def text(self, entry: Entry) -> str:
        """The text of a version. Raises LookupError where it is gone or not what it was."""
        content = self.kept.read(_name(entry.text), LARGEST)
        if content is None or version_of(content) != entry.version:
            raise LookupError(f"the text of version {entry.number} is no longer there")
        try:
            return content.decode()
        except UnicodeDecodeError:
            raise LookupError(f"version {entry.number} is no text") from None

    def add(
        self,
        text: str,
        why: str,
        *,
        back: int | None = None,
        forth: int | None = None,
        again: int | None = None,
    ) -> Entry:
        """Add a version, once the disk has its text, and then its line.

        ``again`` is the number of the version that has the same text, if one is known.
        """
        entries, sizes = self.entries(), self.kept.sizes()
        numbers = [int(found[1]) for name in sizes if (found := _TEXT.fullmatch(name))]
        number = max([*numbers, *(entry.number for entry in entries)], default=0) + 1
        if number > _MOST_NUMBER:
            raise Unusable(f"{self.kept.folder} has a version {number - 1:,}; move it away")
        content = text.encode()
        if again is None:
            self.kept.write(_name(number), content)
            sizes[_name(number)] = len(content)
        told = cut(why.encode(errors="replace").decode(), LONGEST_WHY)
        now = datetime.now(UTC)
        entry = Entry(number, version_of(content), now, told, again or number, back, forth)
        self.kept.append(_JOURNAL, _line(entry))
        self._bound([*entries, entry], sizes)
        return entry

    def _bound(self, entries: list[Entry], sizes: dict[str, int]) -> None:
        """Drop the oldest where there are too many: first from the journal, then the texts."""

        def size(some: list[Entry]) -> int:
            return sum(sizes.get(_name(number), 0) for number in {each.text for each in some})

        if len(entries) <= MOST_VERSIONS and size(entries) <= MOST_BYTES:
            return
        kept = entries[-(MOST_VERSIONS * 9 // 10) :]
        while len(kept) > 2 and size(kept) > MOST_BYTES * 9 // 10:
            kept = kept[max(1, len(kept) // 20) :]
        self.kept.write(_JOURNAL, b"".join(map(_line, kept)))
        needed = {_name(entry.text) for entry in kept}
        for name in sizes:
            if _TEXT.fullmatch(name) and name not in needed:
                self.kept.remove(name)


def _name(number: int) -> str:
    return f"{number:07d}.yaml"


def _line(entry: Entry) -> bytes:
    told = {key: value for key, value in asdict(entry).items() if value is not None}
    told["when"] = entry.when.isoformat(timespec="milliseconds")
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def _entry(line: bytes) -> Entry | None:
    """A line of the journal, or None for anything else."""
    try:
        told: Any = json.loads(line)
        when = datetime.fromisoformat(told["when"]).astimezone(UTC)
        entry = Entry(
            _number(told["number"]),
            told["version"],
            when,
            told["why"],
            _number(told["text"]),
            None if told.get("back") is None else _number(told["back"]),
            None if told.get("forth") is None else _number(told["forth"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
    if not (isinstance(entry.why, str) and isinstance(entry.version, str)):
        return None
    return entry if _VERSION.fullmatch(entry.version) else None


def _number(told: object) -> int:
    if not isinstance(told, int) or isinstance(told, bool) or not 0 < told <= _MOST_NUMBER:
        raise ValueError
    return told
