"""What the judgements of a case rest on: evidence with its grades, polls, records, and gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from foedus.case.links import Grounded, grounded
from foedus.case.model import (
    Case,
    Evidence,
    Record,
    ReferenceClass,
)
from foedus.case.naming import source_told
from foedus.case.problems import listed
from foedus.document import Block, Cell, Column, Sentence, Table, Tone, number
from foedus.preferences import kind_of

GRADES = (
    "Grades: the source from A, reliable, to E, unreliable (F: cannot be judged); the claim from "
    "1, confirmed, to 5, improbable (6: cannot be judged)."
)


def evidence_blocks(case: Case) -> tuple[Block, ...]:
    """The evidence by kind, then polls, records and reference classes, each as a table."""
    used = bearings(case)
    blocks = [
        table
        for kinds, caption, note in (
            (("fact", "report"), "Facts and reports, with their grades", GRADES),
            (("inference",), "Inferences, and what they rest on", None),
            (("assumption",), "Assumptions", None),
        )
        for table in _evidence(case, kinds, caption, note, used)
    ]
    blocks += [*_polls(case, used), *_records(case), *_classes(case)]
    if not blocks:
        return (Sentence("The case names no evidence.", "warn"),)
    return tuple(blocks)


def left_out_blocks(case: Case) -> tuple[Block, ...]:
    """What the case says that it leaves out, and why."""
    if not case.left_out:
        return (Sentence("The case does not say what it leaves out."),)
    rows = tuple((Cell(name), Cell(why or "")) for name, why in case.left_out.items())
    return (Table("", (Column("what"), Column("why")), rows),)


def bearings(case: Case) -> dict[str, list[str]]:
    """Which judgements, rules and other items name each piece of evidence as their reason.

    A likelihood names the item on which it stands by standing there: that is not told.
    """
    found: dict[str, dict[str, None]] = {}
    for each in grounded(case):
        own = each.path[1] if each.likelihood else None
        for name in each.because:
            if name != own:
                found.setdefault(name, {})[_label(case, each)] = None
    return {name: list(labels) for name, labels in found.items()}


def _label(case: Case, grounded: Grounded) -> str:
    """What names a reason, in as few words as fit into a table."""
    match grounded.path:
        case ("preferences", str(actor), _, str() | int() as key, *_):
            return f"{actor}: {_wanted(case, actor, key)}"
        case ("rules", int(k)):
            return f"rule: {case.rules[k].why}"
        case ("records", name):
            return f"pace: {name}"
        case ("reference_classes", name):
            return f"reference class: {name}"
        case ("evidence", item, "likelihood", hypothesis):
            return f"likelihood of {item} if {hypothesis}"
        case ("evidence", item):
            return str(item)
        case ("actors", actor, what):
            return f"{actor}: {what}"
        case ("issues", issue, "takes", str(change), *_) if change != "days":
            return f"{issue}: takes, {change}"
        case ("issues", issue, *_):
            return f"{issue}: takes"
        case ("events", event, *_):
            return f"event: {case.events[str(event)].name}"
        case ("transfers", transfer, *what):
            return f"{transfer}: {' to '.join(map(str, what))}"
        case _:
            return grounded.name


def _wanted(case: Case, actor: str, key: str | int) -> str:
    """The id of one wish or worth; one in a list stands there by its number."""
    if isinstance(key, int):
        return list(kind_of(case.preferences[actor]).entries())[key].id
    return key


def _evidence(
    case: Case,
    kinds: tuple[str, ...],
    caption: str,
    note: str | None,
    used: Mapping[str, Sequence[str]],
) -> Iterator[Table]:
    items = [item for item in case.evidence.values() if item.kind in kinds]
    if not items:
        return
    graded = "fact" in kinds
    rests = kinds == ("inference",)
    columns = [Column("claim")]
    columns += [Column("grade")] if graded else []
    columns += [Column("rests on")] if rests else []
    columns += [Column("source"), Column("bears on")]
    rows = []
    for item in items:
        row = [Cell(item.claim, note=_under(item), anchor=item.id)]
        row += [Cell(item.grade or "none", _tone(item))] if graded else []
        row += [Cell(", ".join(item.rests_on) or "nothing named")] if rests else []
        row += [
            Cell(source_told(item) or "none named"),
            Cell("; ".join(used.get(item.id, ())) or "nothing"),
        ]
        rows.append(tuple(row))
    yield Table(caption, tuple(columns), tuple(rows), note)


def _under(item: Evidence) -> str:
    """The id and kind below a claim, with its note."""
    parts = [item.id, item.kind]
    if item.origin:
        parts.append(f"one origin: {item.origin}")
    told = "; ".join(parts)
    return f"{told}. {item.note}" if item.note else told


def _tone(item: Evidence) -> Tone:
    return "plain" if item.grade else "warn"


def _polls(case: Case, used: Mapping[str, Sequence[str]]) -> Iterator[Table]:
    if not case.polls:
        return
    rows = []
    for poll in case.polls.values():
        shares = ", ".join(f"{answer} {number(share)}%" for answer, share in poll.shares.items())
        size = number(poll.n) if poll.n is not None else "unknown"
        rows.append(
            (
                Cell(poll.id, note=poll.wording or poll.note, anchor=poll.id),
                Cell("approval" if poll.asked == "approval" else "a first choice"),
                Cell(size),
                Cell(shares),
                Cell(source_told(poll) or "none named"),
                Cell("; ".join(used.get(poll.id, ())) or "nothing"),
            )
        )
    columns = (
        Column("poll"),
        Column("asked"),
        Column("asked people", True),
        Column("shares"),
        Column("source"),
        Column("bears on"),
    )
    note = "A first choice among several is not approval: a threshold applies to approval only."
    yield Table("Polls", columns, tuple(rows), note)


def _records(case: Case) -> Iterator[Table]:
    if not case.records:
        return
    rows = tuple(
        (
            Cell(record.id, note=_counted(record), anchor=record.id),
            Cell(f"{record.since.isoformat()} to {record.until.isoformat()}"),
            Cell(f"{record.agreed:,}"),
            Cell(f"{record.done:,}"),
            Cell(record.willing),
        )
        for record in case.records.values()
    )
    columns = (
        Column("record"),
        Column("observed"),
        Column("agreed", True),
        Column("done", True),
        Column("wanted by all sides"),
    )
    yield Table("How fast such things were done", columns, rows)


def _classes(case: Case) -> Iterator[Table]:
    if not case.reference_classes:
        return
    rows = tuple(
        (
            Cell(each.id, note=_counted(each), anchor=each.id),
            Cell(_about(case, each.about)),
            Cell(f"{each.cases:,}"),
            Cell(f"{each.occurred:,}"),
        )
        for each in case.reference_classes.values()
    )
    columns = (
        Column("reference class"),
        Column("speaks to"),
        Column("cases", True),
        Column("occurred", True),
    )
    yield Table("How often such things occurred", columns, rows)


def _counted(counts: Record | ReferenceClass) -> str | None:
    """What a record or a reference class rests on and the note on it; nothing without either."""
    because = f"because of {listed(counts.because, 'and')}" if counts.because else None
    return "; ".join(part for part in (because, counts.note) if part) or None


def _about(case: Case, hypothesis: str) -> str:
    named = case.arrangements.get(hypothesis)
    return named.name if named else hypothesis
