"""Reading a case: from a file, from text, or from the plain data of an importer."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path as FilePath
from typing import Any

from foedus.case.as_of import late_ids
from foedus.case.entries import read_entry
from foedus.case.files import read_text_file, text_of
from foedus.case.judgement import Judgement
from foedus.case.links import judgements_of
from foedus.case.model import Case
from foedus.case.places import Notice
from foedus.case.problems import shown
from foedus.case.progress import Reading
from foedus.case.resolve import Resolver
from foedus.case.shape import CaseShape
from foedus.case.source import BROKEN, Source, is_number, read_source
from foedus.case.spelling import composed

VERSION = 1
"""The version of the file's form that is read."""


def read_case(path: str | os.PathLike[str]) -> Case:
    """Read a case file. All is checked that can be without the space of states.

    Raises CaseError with everything that is wrong.
    """
    file = os.fspath(path)
    return case_of(read_source(read_text_file(FilePath(file)), file), file)


def parse_case(text: str | bytes, file: str = "<text>") -> Case:
    """Read a case from the text of a file; ``file`` is what problems call it. Raises CaseError."""
    return case_of(read_source(text_of(text, file), file), file)


def case_from_data(
    data: Mapping[str, Any], file: str = "<data>", notices: Sequence[str] = ()
) -> Case:
    """Make a case of plain data of the same form as the file: maps, lists, text and numbers.

    A :class:`~foedus.case.model.Statement` may stand in place of a statement's text. ``notices``
    are handed on. Raises CaseError; its problems have no places.
    """
    source = Source(_plain(data))
    source.give_new_names()
    return case_of(source, file, notices)


def _plain(data: Any) -> Any:
    """Data with text for keys, and without what is None."""
    if isinstance(data, Mapping):
        return {composed(str(k)): _plain(v) for k, v in data.items() if v is not None}
    if isinstance(data, list | tuple):
        return [_plain(v) for v in data]
    return composed(data) if type(data) is str else data


def case_of(source: Source, file: str, notices: Sequence[str] = ()) -> Case:
    """The case that the text of a file, or other plain data, tells. Raises CaseError."""
    reading = Reading(source, file)
    reading.noticed.update(dict.fromkeys(map(Notice, notices)))
    _tell_renamed(reading)
    data: dict[str, Any] = source.data
    version = data.get("foedus")
    if is_number(version) and str(version) != str(VERSION):
        reading.problem(
            f"this is a case of version {version}; version {VERSION} is read here", ("foedus",)
        )
        raise reading.error
    if version is not None and version is not BROKEN and not is_number(version):
        reading.problem(f"foedus is {shown(version)}", ("foedus",), expected="the version, 1")
    if data.get("words") in ("icd203", "phia"):
        reading.words = str(data["words"])
    reading.late = late_ids(data)
    form = read_entry(CaseShape, data, (), reading)
    case = Resolver(form, reading).resolve(file)
    if reading.problems:
        raise reading.error
    _tell_alone(case, reading)
    return replace(case, notices=reading.notices)


def _tell_alone(case: Case, reading: Reading) -> None:
    """Notice each group that one judgement alone names."""
    members: dict[str, list[Judgement]] = {}
    for judgement in judgements_of(case):
        if judgement.together is not None:
            members.setdefault(judgement.together.group, []).append(judgement)
    for group, named in members.items():
        if len(named) == 1:
            message = f"no other judgement is with {shown(group)}: this one moves with nobody"
            reading.notice(message, (*named[0].path, "with"))


def _tell_renamed(reading: Reading) -> None:
    """Notice each old key once, where it stands first."""
    first = {each.old: each for each in reversed(reading.source.renamed)}
    for old, each in first.items():
        times = sum(other.old == old for other in reading.source.renamed)
        message = f"`{old}` is now called `{each.new}`"
        message += f" ({times} times in this file)" if times > 1 else ""
        message += "; `foedus upgrade` rewrites a file, and the old name is read until 1.0"
        reading.notice(message, (*each.path[:-1], each.new), key=True)
