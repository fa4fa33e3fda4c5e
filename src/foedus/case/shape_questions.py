# ruff: noqa: RUF009 - `entry` declares a key, as dataclasses.field does
"""The form of what the author asks and answers; see :mod:`foedus.case.shape`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from foedus.case.entries import Entry, Shape, entry
from foedus.case.judged import BECAUSE, ProbabilityWord
from foedus.case.kinds import ListOf, Raw, Ref
from foedus.case.places import Path
from foedus.case.progress import Reading
from foedus.case.shape_keys import BECAUSE_DOC, NOTE_DOC, REFS, REFS_DOC, TEXT

ARRANGEMENT = Ref(("arrangements",))


@dataclass(frozen=True)
class VerdictShape(Shape):
    """The author's own answer."""

    text: str | None = entry(TEXT, "the answer in the author's words", required=True)
    word: str | None = entry(
        ProbabilityWord(), "of an arrangement's chance: a probability word of the case's list"
    )
    says: Any = entry(
        Raw({"type": ["string", "number"]}),
        "the position that is likeliest, or the arrangement that is easier",
    )
    because: list[str | None] | None = entry(BECAUSE, BECAUSE_DOC)
    refs: list[str | None] | None = entry(REFS, REFS_DOC)


@dataclass(frozen=True)
class _Verdict:
    """A verdict with its keys, or its text alone."""

    def read(self, value: Any, path: Path, reading: Reading) -> VerdictShape | None:
        """Read the value; see :class:`Kind`."""
        if isinstance(value, dict):
            made: VerdictShape | None = _ENTRY.read(value, path, reading)
            return made
        text = TEXT.read(value, path, reading)
        return None if text is None else VerdictShape(path, text=text)

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the value."""
        return {"anyOf": [TEXT.schema(), _ENTRY.schema()]}


_ENTRY = Entry(VerdictShape)


@dataclass(frozen=True)
class QuestionShape(Shape):
    """What the author asks: about one arrangement, one issue, or two arrangements."""

    asks: str | None = entry(TEXT, "the question in the author's words", required=True)
    arrangement: str | None = entry(ARRANGEMENT, "how likely is it, and who refuses?")
    position_of: str | None = entry(
        Ref(("issues",)), "which position of this issue is the likeliest in the end?"
    )
    easier: list[str | None] | None = entry(
        ListOf(ARRANGEMENT, "a list of two arrangements"),
        "which of these two is easier, by chance and days?",
    )
    verdict: VerdictShape | None = entry(
        _Verdict(), "the author's own answer: text, or a map that begins with it"
    )
    note: str | None = entry(TEXT, NOTE_DOC)
    refs: list[str | None] | None = entry(REFS, REFS_DOC)


ASKED = ("arrangement", "position_of", "easier")
"""The keys of a question of which one must stand."""
