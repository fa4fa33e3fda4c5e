"""What many entries of a case file share: kinds of values, and what keys are for."""

from __future__ import annotations

from foedus.case.kinds import ListOf, Raw, Text

TEXT = Text()
REFS = ListOf(TEXT, "a list of labels, such as [A6, R1]")
REFS_DOC = "labels of the source's claims that this covers"
NOTE_DOC = "a remark"
BECAUSE_DOC = "the evidence or polls it rests on"
STATEMENT = Raw(
    {
        "type": "string",
        "description": "a statement, such as: bridge in narrow | wide and toll = free",
    }
)
POSITION = Raw({"type": ["string", "number"]})
