"""The opened folder as a store of case files, with the history of each beside it in `.foedus`.

An edit is written in this order: the new text as a file of the history, its line in the journal,
the case file itself; each is on the disk before the next begins, and the edit is acknowledged after
the last. A crash in between is harmless. After the first step the history has a file that no line
names. After the second it has a version that the case file never got, and nobody was told that it
had: the case file is whole and as it was. The case file is replaced in one step, so that it is the
old one or the new one. Before anything else is written, the journal is made to agree with the case
file: where its last version is another than that of the file, because of such a crash or because
another program wrote to it, what the file holds is added as "changed outside". So every text that
was acknowledged, and every one found, is in the history.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from foedus.case.files import LARGEST, text_of
from foedus.case.judge_files import judged_case
from foedus.case.spelling import composed
from foedus.web.history import Entry, History, version_of
from foedus.web.kept import Kept, Unusable, plain_size, read_plain
from foedus.whole_files import AlreadyThere, refuse_no_file, write_whole

FOUND = "as it was found"
"""Why the first version of a case is in its history."""

OUTSIDE = "changed outside"
"""Why a version is in the history that the workbench did not write."""

MOST_NOTES = 1 << 20
"""Bytes of the notes of one kind."""

_SUFFIXES = (".yaml", ".yml")
_LONGEST_NAME = 120
_KIND = re.compile(r"[a-z][a-z0-9-]{0,39}")
_DRAFT = "draft.txt"


class NotHere(LookupError):
    """There is no such case in the opened folder; also for a name that leads out of it."""


class Conflict(Exception):
    """The file is not the version that an edit began from.

    ``current`` is what it is, ``mine`` the text that it should have become, if there was one.
    """

    def __init__(self, current: Stored, mine: str | None = None) -> None:
        super().__init__(f"{current.name} has been changed since")
        self.current, self.mine = current, mine


@dataclass(frozen=True, slots=True)
class Stored:
    """A case file as it is on the disk. The text has its byte order mark, if the file has one."""

    name: str
    text: str
    version: str


@dataclass(frozen=True, slots=True)
class Past:
    """A version in the history of a case; ``when`` is in UTC."""

    number: int
    version: str
    when: datetime
    why: str


class Store:
    """The case files of one folder, or one of them alone.

    All methods may be called from any thread, and by several processes on one folder: edits of one
    case come one after the other. They raise NotHere for a name that is none of the folder's cases,
    CaseError for a file or a text that is too large or no text, Unusable where what stands in
    `.foedus` is not what the workbench put there, and CannotWrite where the disk refuses.
    """

    def __init__(self, opened: Path) -> None:
        """Open a folder, or a case file: then no other is served. Raises NotHere."""
        whole = opened.resolve()
        self._only: str | None = None
        if whole.is_dir():
            self.folder = whole
        elif whole.is_file() and is_name(whole.name):
            self.folder, self._only = whole.parent, whole.name
        else:
            raise NotHere(f"there is no folder and no case file {opened}")
        self._kept: dict[str, Kept] = {}
        self._guard = threading.Lock()

    # --- the cases ---

    @property
    def single(self) -> bool:
        """Whether one case alone is served."""
        return self._only is not None

    def names(self) -> tuple[str, ...]:
        """The names of the case files, sorted; hidden ones, links and judges' files are none."""
        return tuple(self.judged())

    def judged(self) -> dict[str, dict[str, str]]:
        """By the name of each case file the judges' files beside it, by judge; all sorted.

        The file of a judge whose case is not there is a case as others are.
        """
        with os.scandir(self.folder) as found:
            names = {
                each.name
                for each in found
                if self._is_name(each.name) and each.is_file(follow_symlinks=False)
            }
        cases: dict[str, dict[str, str]] = {}
        for name in sorted(names, key=lambda each: (judged_case(each) is not None, each)):
            of, judge = judged_case(name) or ("", "")
            if of in cases:
                cases[of][judge] = name
            else:
                cases[name] = {}
        return dict(sorted(cases.items()))

    def read(self, name: str) -> Stored:
        """A case as it is now."""
        try:
            content = read_plain(self._path(name), LARGEST)
        except Unusable as error:
            raise NotHere(str(error)) from None
        if content is None:
            raise _not_here(name)
        text_of(content, name)
        return Stored(name, content.decode(), version_of(content))

    def save(self, name: str, text: str, version: str, why: str) -> Stored:
        """Let a case have a new text, and put it into the history; the same text changes nothing.

        Raises Conflict unless the file is still the ``version`` that the edit began from; what it
        is now is then in the history.
        """
        text_of(text, name)
        with self._locked(name) as kept:
            found, last = self._settled(name, kept, version, text)
            return self._written(found, kept, text, why, back=last.number)

    def create(self, name: str, text: str) -> Stored:
        """A new case. Raises AlreadyThere, also where names differ in capitals alone."""
        if not self._is_name(name):
            raise _not_here(name)
        text_of(text, name)
        with _Locked(self._kept_of(name)) as kept:
            if _folded(name) in {_folded(each.name) for each in self.folder.iterdir()}:
                raise AlreadyThere(f"cannot write {name}: it is there already")
            History(kept).add(text, "begun")
            content = text.encode()
            write_whole(self.folder / name, content, replace=False, drafts=kept.folder)
            return Stored(name, text, version_of(content))

    # --- the history ---

    def history(self, name: str) -> tuple[Past, ...]:
        """The versions of a case, newest first; none before its first edit."""
        self._path(name)
        entries = History(self._kept_of(name)).entries()
        return tuple(Past(e.number, e.version, e.when, e.why) for e in reversed(entries))

    def past(self, name: str, number: int) -> str:
        """The text of a version. Raises LookupError where it is not, or no longer, kept."""
        self._path(name)
        history = History(self._kept_of(name))
        return history.text(_entry(history.entries(), number))

    def as_of(self, name: str, version: str) -> str | None:
        """The text that a case had in a version, if it is known: it may be the one it has."""
        found = self.read(name)
        if found.version == version:
            return found.text
        history = History(self._kept_of(name))
        entries = history.entries()
        try:
            return next((history.text(e) for e in reversed(entries) if e.version == version), None)
        except LookupError:
            return None

    def restore(self, name: str, number: int, version: str) -> Stored:
        """Let a case have the text of an earlier version again: an edit as others are."""
        return self.save(name, self.past(name, number), version, f"version {number} restored")

    def undo(self, name: str, version: str) -> Stored:
        """Take the last edit back. Raises Conflict as `save` does, LookupError without any."""
        with self._locked(name) as kept:
            found, last = self._settled(name, kept, version)
            history = History(kept)
            if last.back is None:
                raise LookupError("there is nothing to undo")
            entries = history.entries()
            before = _entry(entries, last.back)
            why = f"undone: {_edit(entries, last)}"
            text = history.text(before)
            links = {"back": before.back, "forth": last.number, "again": before.text}
            return self._written(found, kept, text, why, **links)

    def redo(self, name: str, version: str) -> Stored:
        """Make an edit again that was undone. Raises Conflict, and LookupError without any."""
        with self._locked(name) as kept:
            found, last = self._settled(name, kept, version)
            history = History(kept)
            if last.forth is None:
                raise LookupError("there is nothing to redo")
            entries = history.entries()
            after = _entry(entries, last.forth)
            why = f"redone: {_edit(entries, after)}"
            text = history.text(after)
            links = {"back": after.back, "forth": after.forth, "again": after.text}
            return self._written(found, kept, text, why, **links)

    # --- what is kept beside ---

    def draft(self, name: str) -> str | None:
        """The text that was kept though it is no case yet."""
        self._path(name)
        content = self._kept_of(name).read(_DRAFT, LARGEST)
        try:
            return None if content is None else content.decode()
        except UnicodeDecodeError:
            return None

    def keep_draft(self, name: str, text: str) -> None:
        """Keep a text that is no case yet, so that a broken edit loses nothing."""
        text_of(text, name)
        with self._locked(name) as kept:
            kept.write(_DRAFT, text.encode())

    def drop_draft(self, name: str) -> None:
        """Forget the draft, if there is one."""
        with self._locked(name) as kept:
            kept.remove(_DRAFT)

    def notes(self, name: str, kind: str) -> dict[str, Any]:
        """What is kept beside a case under a kind (letters, digits, hyphens); empty at first."""
        self._path(name)
        return _notes(self._kept_of(name), kind)

    def put_notes(self, name: str, kind: str, data: dict[str, Any]) -> None:
        """Keep notes, plain JSON data, in place of those there were.

        Raises Unusable for more than `MOST_NOTES` bytes, ValueError for what is no JSON.
        """
        self.change_notes(name, kind, lambda _: data)

    def change_notes(
        self, name: str, kind: str, change: Callable[[dict[str, Any]], dict[str, Any]]
    ) -> dict[str, Any]:
        """Make the notes that are kept out of those there are, alone with them; gives the new."""
        with self._locked(name) as kept:
            data = change(_notes(kept, kind))
            content = json.dumps(data, ensure_ascii=False, allow_nan=False, indent=1).encode()
            if len(content) > MOST_NOTES:
                raise Unusable(f"these notes would have more than {MOST_NOTES:,} bytes")
            kept.write(_notes_name(kind), content)
            return data

    # --- how it is done ---

    def _is_name(self, name: str) -> bool:
        """Whether a case file of this name would be served: of one case, its judges' files too."""
        if not is_name(name):
            return False
        return self._only in (None, name) or (judged_case(name) or [None])[0] == self._only

    def _path(self, name: str) -> Path:
        """The path of a case file that is there, under just this name."""
        allowed = self._is_name(name)
        path = self.folder / name if allowed else self.folder
        try:
            there = allowed and plain_size(path) is not None
        except Unusable:
            there = False
        # Some systems take A for a.
        if not there or name not in {each.name for each in self.folder.iterdir()}:
            raise _not_here(name)
        return path

    def _kept_of(self, name: str) -> Kept:
        with self._guard:
            return self._kept.setdefault(name, Kept(self.folder, name))

    def _locked(self, name: str) -> _Locked:
        self._path(name)
        return _Locked(self._kept_of(name))

    def _settled(
        self, name: str, kept: Kept, version: str, mine: str | None = None
    ) -> tuple[Stored, Entry]:
        """The case as it is, with its version last in the journal. Raises Conflict."""
        found = self.read(name)
        history = History(kept)
        entries = history.entries()
        if not entries:
            last = history.add(found.text, FOUND)
        elif (last := entries[-1]).version != found.version:
            last = history.add(found.text, OUTSIDE, back=last.number)
        if found.version != version:
            raise Conflict(found, mine)
        return found, last

    def _written(
        self, found: Stored, kept: Kept, text: str, why: str, **links: int | None
    ) -> Stored:
        content = text.encode()
        version = version_of(content)
        if version == found.version:
            return found
        path = refuse_no_file(self._path(found.name), drafts=kept.folder)  # before any history
        History(kept).add(text, why, **links)
        write_whole(path, content, drafts=kept.folder)
        return Stored(found.name, text, version)


class _Locked:
    """What is kept for a case, while its lock is held."""

    def __init__(self, kept: Kept) -> None:
        self.kept = kept
        self.lock = kept.locked()

    def __enter__(self) -> Kept:
        self.lock.__enter__()
        return self.kept

    def __exit__(self, *told: Any) -> None:
        self.lock.__exit__(*told)


def is_name(name: str) -> bool:
    """Whether a case file may have this name: a visible file of YAML, directly in its folder."""
    return (
        name.endswith(_SUFFIXES)
        and not name.startswith((".", " "))
        and len(name) <= _LONGEST_NAME
        and len(name.encode(errors="replace")) <= 2 * _LONGEST_NAME
        and name.isprintable()
        and not set(name) & set('/\\:*?"<>|')
    )


def _folded(name: str) -> str:
    return composed(name).casefold()


def _not_here(name: str) -> NotHere:
    return NotHere(f"there is no case {name!r} in this folder")


def _entry(entries: list[Entry], number: int) -> Entry:
    for entry in entries:
        if entry.number == number:
            return entry
    raise LookupError(f"version {number} is not, or no longer, kept")


def _edit(entries: list[Entry], entry: Entry) -> str:
    """Why the text of a version came about, also where an undo or a redo brought it back."""
    return next((each.why for each in entries if each.number == entry.text), entry.why)


def _notes_name(kind: str) -> str:
    if not _KIND.fullmatch(kind):
        raise NotHere(f"there are no notes {kind!r}")
    return f"notes.{kind}.json"


def _notes(kept: Kept, kind: str) -> dict[str, Any]:
    name = _notes_name(kind)
    content = kept.read(name, MOST_NOTES)
    if content is None:
        return {}
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise Unusable(f"{kept.folder / name} is no JSON of a map; move it away")
    return data
