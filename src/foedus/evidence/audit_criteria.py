"""The criteria of an audit of sourcing, one function each.

Each is a function from a case, with its links worked out once, to how many things it looked at and
what it found. Exact rules: ``docs/evidence-audit.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from foedus.case.as_of import is_late
from foedus.case.links import EVIDENCE_KINDS, Grounded, carriers
from foedus.case.model import Case, Path
from foedus.case.origins import by_origin, origins_in
from foedus.case.problems import listed
from foedus.evidence.audit_findings import Finding, Links, Looked, Severity

# --- reasons ----------------------------------------------------------------------------------


def no_reason(links: Links) -> Looked:
    """Judgements, wishes, rules, records and reference classes that name nothing."""
    looked = tuple(links.reasoned)
    whys = {rule.path: rule.why for rule in links.case.rules}
    found = tuple(_unreasoned(links, each, whys) for each in looked if not each.because)
    return Looked("no-reason", len(looked), found)


def _unreasoned(links: Links, each: Grounded, whys: Mapping[Path, str]) -> Finding:
    if each.kind == "rule":
        message = "This rule names no evidence; its `why` gives the reason in words alone."
        return links.finding("no-reason", each.path, "note", message, explained=whys[each.path])
    message = f"This {each.kind} names no evidence or poll."
    return links.finding("no-reason", each.path, "warning", message)


def rests_on_nothing(links: Links) -> Looked:
    """Inferences without ``rests_on``, or whose chain never comes to a fact, report or poll."""
    looked = [each for each in links.grounded if each.kind == "inference"]
    found = []
    for each in looked:
        if not each.because:
            message = "This inference does not say what it rests on."
        elif links.founded.isdisjoint(each.because):
            message = _unfounded(links.case, each)
        else:
            continue
        found.append(links.finding("rests-on-nothing", each.path, "warning", message, each.because))
    return Looked("rests-on-nothing", len(looked), tuple(found))


def only_assumptions(links: Links) -> Looked:
    """Judgements and the like that name reasons, but in the end no fact, report or poll."""
    looked = [each for each in links.reasoned if each.because]
    found = []
    for each in looked:
        if links.founded.isdisjoint(each.because):
            message = _unfounded(links.case, each)
            found.append(
                links.finding("only-assumptions", each.path, "warning", message, each.because)
            )
    return Looked("only-assumptions", len(looked), tuple(found))


def _unfounded(case: Case, each: Grounded) -> str:
    names = [f"the {case.evidence[name].kind} {name}" for name in each.because]
    return (
        f"This {each.kind} rests on {listed(names, 'and')} and, followed down, on no fact, report "
        "or poll."
    )


def unused(links: Links) -> Looked:
    """Items and polls that nothing names and that are set against no hypothesis."""
    case = links.case
    named = {
        name
        for each in links.grounded
        if each.kind == "inference" or not each.likelihood
        for name in each.because
    } | {
        name
        for each in case.evidence.values()
        for j in each.likelihood.values()
        for name in j.because
    }
    verdicts = (question.verdict for question in case.questions.values())
    named |= {name for verdict in verdicts if verdict for name in verdict.because}
    found = [
        links.finding(
            "unused",
            ("evidence", item.id),
            "warning",
            f"Nothing names this {item.kind}, and it is marked for no hypothesis.",
            (item.id,),
        )
        for item in case.evidence.values()
        if item.id not in named and not (item.marks or item.likelihood or is_late(case, item))
    ]
    found += [
        links.finding("unused", ("polls", name), "warning", "Nothing names this poll.", (name,))
        for name, poll in case.polls.items()
        if name not in named and not is_late(case, poll)
    ]
    return Looked("unused", len(case.evidence) + len(case.polls), tuple(found))


# --- sources ----------------------------------------------------------------------------------


def no_source(links: Links) -> Looked:
    """Facts, reports and polls that do not say where they come from."""
    looked = tuple(links.sourced)
    found = tuple(
        links.finding("no-source", path, "warning", f"This {called} names no source.", (item.id,))
        for path, called, item in looked
        if not item.source
    )
    return Looked("no-source", len(looked), found)


def no_locator(links: Links) -> Looked:
    """Sources named without where in them. A dated report or poll is found by source and date."""
    looked = [entry for entry in links.sourced if entry[2].source]
    found = []
    for path, called, item in looked:
        if item.locator:
            continue
        if item.date and called != "fact":
            severity: Severity = "note"
            message = f"No page or passage is named; source and date should find this {called}."
        else:
            severity = "warning"
            message = f"This {called} does not say where in its source it stands."
        found.append(links.finding("no-locator", path, severity, message, (item.id,)))
    return Looked("no-locator", len(looked), tuple(found))


def no_grade(links: Links) -> Looked:
    """Facts and reports without a grade, or with half of one."""
    looked = [e for e in links.case.evidence.values() if e.kind in EVIDENCE_KINDS]
    found = []
    for item in looked:
        missing = [
            part
            for part, given in (("source", item.reliability), ("claim", item.credibility))
            if given is None
        ]
        if missing:
            message = f"No grade is given for the {listed(missing, 'or')} of this {item.kind}."
            found.append(
                links.finding("no-grade", ("evidence", item.id), "warning", message, (item.id,))
            )
    return Looked("no-grade", len(looked), tuple(found))


# --- origins ----------------------------------------------------------------------------------


def one_origin(links: Links) -> Looked:
    """Reasons of one origin named side by side, and marks or likelihoods of one origin.

    Only facts, reports and polls are counted: an inference adds no evidence of its own.
    """
    looked, found = 0, []
    origins = origins_in(links.case)
    for each in links.grounded:
        if each.path[:1] == ("evidence",) and each.kind != "inference":
            continue
        names = links.evidence_among(each.because)
        if len(names) < 2:
            continue
        looked += 1
        for origin, same in _shared(names, origins).items():
            whole = len(same) == len(names)
            told = f"{len(same)} of the {len(names)} pieces of evidence named here come"
            if whole:
                told = "What is named here looks like several pieces of evidence but comes"
            message = f"{told} from one origin, {origin}."
            severity: Severity = "warning" if whole else "note"
            found.append(links.finding("one-origin", each.path, severity, message, same))
    for field, who in (("marks", "ACH counts"), ("likelihood", "Bayes counts")):
        names = tuple(
            e.id for e in links.case.evidence.values()
            if getattr(e, field) and e.kind in EVIDENCE_KINDS
        )  # fmt: skip
        looked += bool(names)
        for origin, same in _shared(names, origins).items():
            message = (
                f"{len(same)} items with {field} come from one origin, {origin}; {who} them as one."
            )
            found.append(links.finding("one-origin", (), "note", message, same))
    return Looked("one-origin", looked, tuple(found))


def _shared(names: Iterable[str], origins: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The origins that two or more of these ids share, with those ids."""
    found = by_origin(names, origins)
    return {origin: same for origin, same in found.items() if len(same) > 1}


def both_views(links: Links) -> Looked:
    """Items behind judgements of the inside view that also enter a view set beside it."""
    case = links.case
    items = [
        e for e in case.evidence.values() if e.kind in EVIDENCE_KINDS and (e.marks or e.likelihood)
    ]
    found = []
    for item in items:
        if item.id not in links.behind_inside:
            continue
        if item.likelihood:
            severity: Severity = "warning"
            message = (
                "Judgements of the inside view rest on this item, so its likelihoods move the "
                "outside view only."
            )
        else:
            severity = "note"
            message = "Judgements of the inside view rest on this item, and ACH counts its marks."
        found.append(
            links.finding("both-views", ("evidence", item.id), severity, message, (item.id,))
        )
    for each in case.reference_classes.values():
        shared = [n for n in carriers(case, each.because) if n in links.behind_inside]
        if shared:
            message = (
                f"Judgements of the inside view rest on {listed(shared, 'and')} as this count of "
                "the outside view does: the two views are not independent."
            )
            path: Path = ("reference_classes", each.id)
            found.append(links.finding("both-views", path, "warning", message, shared))
    return Looked("both-views", len(items) + len(case.reference_classes), tuple(found))


# --- dates ------------------------------------------------------------------------------------


def stale(links: Links) -> Looked:
    """Reports and polls older than ``stale_after`` years on ``as_of``; facts do not age."""
    as_of = links.case.as_of
    if as_of is None:
        return Looked("stale", 0, ())
    oldest = _years_before(as_of, links.stale_after)
    looked = [entry for entry in links.sourced if entry[2].date and entry[1] != "fact"]
    found = []
    for path, called, item in looked:
        if item.date is not None and item.date < oldest:
            age = f"more than {_years(links.stale_after)} before {as_of}"
            message = f"This {called} is of {item.date}, {age}."
            found.append(links.finding("stale", path, "warning", message, (item.id,)))
    return Looked("stale", len(looked), tuple(found))


def undated(links: Links) -> Looked:
    """Facts, reports and polls that do not say of when they are."""
    looked = tuple(links.sourced)
    found = tuple(
        links.finding("undated", path, "note", f"This {called} has no date.", (item.id,))
        for path, called, item in looked
        if item.date is None
    )
    return Looked("undated", len(looked), found)


def after_as_of(links: Links) -> Looked:
    """Items, polls and records from after the day of which the case speaks. Always an error."""
    case, as_of = links.case, links.case.as_of
    if as_of is None:
        return Looked("after-as-of", 0, ())
    dated: list[tuple[Path, str, date | None]] = [
        (("evidence", e.id), f"This {e.kind} is of", e.date) for e in case.evidence.values()
    ]
    dated += [(("polls", p.id), "This poll is of", p.date) for p in case.polls.values()]
    dated += [
        (("records", r.id), "This record runs until", r.written_until or r.until)
        for r in case.records.values()
    ]
    looked = [(path, told, day) for path, told, day in dated if day is not None]
    used = {"evidence": "it is not used", "polls": "it is not used", "records": "it is cut there"}
    found = tuple(
        links.finding(
            "after-as-of", path, "error", f"{told} {day}, after {as_of}; {used[str(path[0])]}.",
            () if path[0] == "records" else (str(path[-1]),),
        )
        for path, told, day in looked
        if day > as_of
    )  # fmt: skip
    return Looked("after-as-of", len(looked), found)


def _years_before(day: date, years: int) -> date:
    """The same day so many years before; of 29 February, the 28th where there is none."""
    year = max(1, day.year - years)
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _years(count: int) -> str:
    return "a year" if count == 1 else f"{count} years"


CRITERIA: tuple[Callable[[Links], Looked], ...] = (
    no_reason,
    rests_on_nothing,
    only_assumptions,
    unused,
    no_source,
    no_locator,
    no_grade,
    one_origin,
    stale,
    undated,
    after_as_of,
    both_views,
)
"""One function a criterion, in the order of :data:`FINDING_KINDS`."""
