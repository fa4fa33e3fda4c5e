"""What the parts of a case are looked up in while they are made of a file's form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from immutabledict import immutabledict

from foedus.case.kinds import wrong
from foedus.case.model import Issue, Or, Path, Statement
from foedus.case.problems import nearest, shown
from foedus.case.progress import Reading
from foedus.case.shape import CaseShape
from foedus.case.source import BROKEN
from foedus.case.statements import Vocabulary, read_statement

SINGULAR = immutabledict(
    actors="actor",
    issues="issue",
    arrangements="arrangement",
    evidence="evidence",
    polls="poll",
    records="record",
)


class Lookup:
    """The ids, positions and statements of a file. All problems go to the reading."""

    def __init__(self, form: CaseShape, reading: Reading) -> None:
        self.form = form
        self.reading = reading
        self.raw: Mapping[str, Any] = reading.source.data
        self.trees: dict[str, Any] = {}
        self.looked_up: dict[str, Mapping[str, None]] = {}
        self.found: dict[str, Iterable[str] | None] = {}
        self.vocabulary = Vocabulary({})

    def ids(self, section: str) -> Iterable[str] | None:
        """The ids of a section, also of entries that could not be read.

        None where there is no telling: it is no map, or is missing though it must be there, or
        stands under a misspelt key. That has been reported, and what names its ids is let pass.
        """
        if section not in self.found:
            entries = self.raw.get(section, {})
            others = [key for key in self.raw if key not in SINGULAR]
            lost = section not in self.raw and (
                section in ("actors", "issues") or nearest(section, others) is not None
            )
            told = lost or not isinstance(entries, dict)
            self.found[section] = None if told else entries.keys()
        return self.found[section]

    def known(self, name: str, section: str, path: Path, *, key: bool = True) -> bool:
        """Whether a section has an id; if not, a problem is reported."""
        ids = self.ids(section)
        if ids is None:
            return False
        if name in ids:
            return True
        message = f"no {SINGULAR.get(section, section)} {shown(name)}"
        self.reading.problem(message, path, word=name, known=ids, key=key)
        return False

    def statement(self, value: Any, path: Path) -> Statement:
        """A statement of the file understood, or one that is never used after a problem."""
        nothing = Statement("", Or(()), path)
        if value is None:
            return nothing
        if isinstance(value, Statement):
            return value
        if not isinstance(value, str):
            wrong(self.reading, path, "a statement", value)
            return nothing
        text = str(value)
        if text not in self.trees:
            self.trees[text] = read_statement(text, self.vocabulary)
        tree, faults = self.trees[text]
        for f in faults:
            self.reading.problem(
                f.message, path, expected=f.expected, word=f.word, known=f.known, offset=f.offset
            )
        return nothing if tree is None else Statement(text, tree, path)

    def positions(self, issue: Issue) -> Mapping[str, None]:
        """The ids of an issue's positions, to look them up in."""
        if issue.id not in self.looked_up:
            self.looked_up[issue.id] = dict.fromkeys(p.id for p in issue.positions)
        return self.looked_up[issue.id]

    def position(self, value: Any, issue: Issue, path: Path) -> str | None:
        """A position of an issue, or None after a problem."""
        if value is None or value is BROKEN:
            return None
        if not isinstance(value, str | int):
            wrong(self.reading, path, f"a position of issue {issue.id!r}", value)
            return None
        known = self.positions(issue)
        if str(value) in known or not known:
            return str(value)
        message = f"no position {shown(value)} in issue {issue.id!r}"
        self.reading.problem(message, path, word=str(value), known=known)
        return None
