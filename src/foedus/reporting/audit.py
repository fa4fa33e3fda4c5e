"""An audit in words: the verdict, the score card, and the findings by kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from foedus.case.links import JudgementNames, grounded
from foedus.case.model import Ranking
from foedus.case.problems import UnknownName, cut, listed
from foedus.document import (
    Block,
    Cell,
    Column,
    Explanation,
    Point,
    Points,
    Section,
    Sentence,
    Table,
    Tone,
)
from foedus.evidence.audit_findings import MEANINGS, Finding

if TYPE_CHECKING:
    from foedus.evidence.audit import Audit, Criterion

MOST_SHOWN = 12
"""So many findings of a kind are shown; the rest are counted. The data hold all."""

LONGEST_NOTE = 160
"""A note of the case is cut to so many characters where it stands under a finding."""

CAVEAT = (
    "The file alone was looked at. Whether a source says what is claimed, and whether a note "
    "answers the finding under which it stands, is for a reader to judge."
)
TONES: dict[str, Tone] = {"error": "bad", "warning": "warn", "note": "muted"}


ALL_OF_THEM = "all of them: --json"


def audit_blocks(result: Audit) -> tuple[Block, ...]:
    """Everything that the audit says, the verdict first."""
    return (
        *_verdict(result),
        _card(result),
        *(_section(result, row) for row in result.card if row.found),
        Sentence(CAVEAT, "muted"),
    )


def _verdict(result: Audit) -> Iterator[Sentence]:
    errors = len(result.errors)
    warnings = len(result.open) - errors
    explained = sum(1 for f in result.findings if f.severity == "warning" and f.explained)
    notes = sum(1 for f in result.findings if f.severity == "note")
    if result.clean:
        parts = (
            f"{_count(explained, 'warning')} explained by notes in the case" if explained else "",
            _count(notes, "lesser remark") if notes else "",
        )
        told = " and ".join(part for part in parts if part)
        text = f"Nothing stands open: {told}." if told else "Nothing was found."
        yield Sentence(text, "good", strong=True)
    else:
        counts = ((errors, "error"), (warnings, "warning"))
        told = " and ".join(_count(count, word) for count, word in counts if count)
        text = f"{told} {'stands' if errors + warnings == 1 else 'stand'} open"
        if explained:
            verb = "is" if explained == 1 else "are"
            text += f"; {explained:,} more {verb} explained by notes in the case"
        yield Sentence(f"{text}.", "bad" if errors else "warn", strong=True)
    if result.case.as_of is None:
        yield Sentence("The case has no `as_of`, so no date could be held against it.", "warn")
    ranked = [a for a, p in result.case.preferences.items() if isinstance(p, Ranking)]
    if ranked:
        text = f"A ranking has no place for reasons: what {listed(ranked, 'and')} wants"
        if len(ranked) > 1:
            text = text.removesuffix("s")
        yield Sentence(f"{text} was not looked at.", "warn")


def _card(result: Audit) -> Table:
    rows = tuple(
        (
            Cell(row.kind, note=MEANINGS[row.kind]),
            Cell(f"{row.looked_at:,}"),
            Cell(f"{row.found:,}"),
            Cell(f"{row.remarks:,}"),
            Cell(f"{row.explained:,}"),
            Cell(f"{row.open:,}", _row_tone(row)),
        )
        for row in result.card
    )
    columns = (
        Column("criterion"),
        Column("looked at", True),
        Column("found", True),
        Column("remarks", True),
        Column("explained", True),
        Column("open", True),
    )
    note = (
        "What is found is a lesser remark, a warning that a note in the case explains, or open: an "
        "error, or a warning without a note."
    )
    return Table("Score card", columns, rows, note)


def _row_tone(row: Criterion) -> Tone:
    if row.open:
        return "bad" if row.kind == "after-as-of" else "warn"
    return "good" if row.looked_at else "muted"


def _section(result: Audit, row: Criterion) -> Section:
    """The findings of a criterion: one point each, and remarks that say the same as one point."""
    found = sorted(result.by_kind(row.kind), key=_order)
    weighty = [each for each in found if each.severity != "note"]
    shown = [_point(each) for each in weighty[:MOST_SHOWN]]
    if len(weighty) > MOST_SHOWN:
        shown.append(_more(len(weighty), "more"))
    remarks: dict[str, list[Finding]] = {}
    for each in found:
        if each.severity == "note":
            remarks.setdefault(each.message, []).append(each)
    together = [_together(message, alike) for message, alike in remarks.items()]
    shown += together[:MOST_SHOWN]
    if len(together) > MOST_SHOWN:
        shown.append(_more(len(together), "more remarks"))
    return Section(
        f"{row.kind}: {MEANINGS[row.kind]}",
        (Points(tuple(shown)),),
        id=f"audit-{row.kind}",
        folded=not row.open,
    )


def _more(count: int, what: str) -> Point:
    return Point(f"and {count - MOST_SHOWN:,} {what} ({ALL_OF_THEM})", tone="muted")


def _together(message: str, alike: Sequence[Finding]) -> Point:
    """Remarks that say the same, as one point with the names of what they are about."""
    if len(alike) == 1:
        return _point(alike[0])
    names = [
        f"{each.path[-1] if each.path[0] == 'evidence' else each.name}"
        + (f" (line {each.place.line})" if each.place else "")
        for each in alike[:MOST_SHOWN]
    ]
    if len(alike) > MOST_SHOWN:
        names.append(f"{len(alike) - MOST_SHOWN:,} more ({ALL_OF_THEM})")
    return Point(message, (Point(listed(names, "and"), tone="muted"),), "muted")


def _order(finding: Finding) -> tuple[bool, int, tuple[bool, int, int]]:
    """What stands open first, then by weight, then by line."""
    weight = ("error", "warning", "note").index(finding.severity)
    return not finding.open, weight, finding.line_order


def _point(finding: Finding) -> Point:
    where = f"line {finding.place.line}, " if finding.place and finding.path else ""
    name = finding.name or "the case as a whole"
    inner = []
    if finding.kind == "one-origin":
        inner.append(Point(", ".join(finding.items)))
    # A note is not asked for under a lesser remark, and mostly speaks of something else.
    if finding.explained and finding.severity == "warning":
        told = cut(" ".join(finding.explained.split()), LONGEST_NOTE)
        inner.append(Point(f"the case says: {told}", tone="muted"))
    tone = TONES[finding.severity] if finding.open else "muted"
    return Point(f"{where}{name}: {finding.message}", tuple(inner), tone)


def _count(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def audit_explained(result: Audit, name: str) -> Explanation:
    """What was found under a criterion, or on a thing of the case by its name."""
    return _of_kind(result, name) if name in MEANINGS else _of_thing(result, name)


def _of_kind(result: Audit, kind: str) -> Explanation:
    """All findings of a criterion, whole."""
    row = next(each for each in result.card if each.kind == kind)
    found = sorted(result.by_kind(kind), key=_order)
    text = f"{kind}: {MEANINGS[row.kind]}. Looked at {row.looked_at:,}, found {row.found:,}."
    return Explanation((Sentence(text), *_listed(found)))


def _of_thing(result: Audit, name: str) -> Explanation:
    """What was found on an item, a poll, or what has a dotted name. KeyError for an unknown one."""
    case = result.case
    called = JudgementNames(case)
    paths = {each.name: each.path for each in grounded(case)}
    if name in paths:  # a place in a list by its number
        name = called(paths[name])
    known = {*case.evidence, *case.polls}
    known |= {called(path) for path in paths.values()}
    known |= {f"{where}.{each}" for where in ("evidence", "polls") for each in getattr(case, where)}
    if name not in known:
        raise UnknownName("item, poll or judgement", name, sorted(known))
    bare = name.removeprefix("evidence.").removeprefix("polls.")
    names = {name, f"evidence.{bare}", f"polls.{bare}"}
    found = [each for each in result.findings if each.name in names or bare in each.items]
    if not found:
        return Explanation((Sentence(f"The audit found nothing on {name}."),))
    return Explanation((Sentence(f"On {name}:"), *_listed(sorted(found, key=_order))))


def _listed(found: Iterable[Finding]) -> tuple[Block, ...]:
    points = tuple(_point(each) for each in found)
    return (Points(points),) if points else ()
