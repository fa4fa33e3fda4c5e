"""The lower part of the web: judgements and the like, the items they rest on, and their sources."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from foedus.case.aliases import with_old_names
from foedus.case.judgement import Role
from foedus.case.links import EVIDENCE_KINDS, Grounded, JudgementNames, grounded
from foedus.case.model import (
    Case,
    Evidence,
    Judgement,
    Poll,
    Ranking,
)
from foedus.case.naming import source_told
from foedus.case.origins import by_origin, origins_in
from foedus.case.spelling import retyped
from foedus.document import number
from foedus.preferences import OTHERWISE, entry_of, kind_of
from foedus.sensitivity.inputs import moves_told
from foedus.tracing.web import Edge, Thing, Web

NOTHING = "rests on nothing named"
ASSUMED = "an assumption: it rests on nothing but itself"
SOURCELESS = "no source is named"


def with_grounds(web: Web, case: Case) -> None:
    """Put in everything of a case that can carry an answer, and what it rests on."""
    above: dict[str, list[Edge]] = {}
    for thing, ids in (*_sources(case), *_stated_origins(case)):
        web.put(thing)
        for name in ids:
            above.setdefault(name, []).append(Edge(thing.name))
    for item in case.evidence.values():
        rests = [Edge(_item_name(case, name)) for name in item.rests_on]
        web.put(_item(item), [*rests, *above.get(item.id, ())])
    for poll in case.polls.values():
        web.put(_poll(poll), above.get(poll.id, ()))
    names = JudgementNames(case)
    for each in grounded(case):
        if each.kind != "inference":
            web.put(
                _reasoned(web, case, each, names(each.path)),
                (Edge(_item_name(case, i)) for i in each.because),
            )
    for actor, preference in case.preferences.items():
        if isinstance(preference, Ranking):
            path = ("preferences", actor, "ranking")
            text = f"the order in which {case.actors[actor].name} ranks states"
            web.put(Thing("ranking", ".".join(path), text, path, None, NOTHING))


def ranged(judgement: Judgement) -> str:
    """A judgement's number with its range, and the word it was written as."""
    text = number(judgement.mode)
    if not judgement.sure:
        text += f" (range {number(judgement.low)} to {number(judgement.high)})"
    return f"“{judgement.word}”, {text}" if judgement.word else text


def _reasoned(web: Web, case: Case, each: Grounded, name: str) -> Thing:
    if name != each.name:
        web.aliases[each.name] = name
    mark = "" if each.because else NOTHING
    match each.kind:
        case "rule":
            rule = next(rule for rule in case.rules if rule.path == each.path)
            text = f"{rule.statement.text} ({rule.why})"
            return Thing("rule", name, text, each.path, None, mark)
        case "event":
            event = case.events[str(each.path[-1])]
            return Thing("event", name, f"the event “{event.name}”", each.path, None, mark)
        case "record":
            record = case.records[str(each.path[-1])]
            text = f"of {number(record.agreed)} agreed {number(record.done)} were done, "
            text += f"{record.since} to {record.until}"
            value = {"agreed": record.agreed, "done": record.done}
            return Thing("record", name, text, each.path, value, mark)
        case "reference class":
            like = case.reference_classes[str(each.path[-1])]
            text = f"{like.occurred} of {like.cases} came about; about {like.about}"
            counts = {"cases": like.cases, "occurred": like.occurred, "about": like.about}
            counts = with_old_names(counts, cases="tried", occurred="happened")
            return Thing("reference class", name, text, each.path, counts, mark)
        case _:
            return _judged(case, each, name, mark)


def _judged(case: Case, each: Grounded, name: str, mark: str) -> Thing:
    about = _about(case, each)
    if each.judgement is None:
        return Thing("wish", name, f"held for sure{about}", each.path, None, mark)
    j = each.judgement
    value = {"low": j.low, "mode": j.mode, "high": j.high}
    moves = f"; {moves_told(j.together)}" if j.together else ""
    return Thing("judgement", name, f"{ranged(j)}{about}{moves}", each.path, value, mark)


def _about(case: Case, each: Grounded) -> str:
    """What a judgement of what an actor wants is about; empty for any other."""
    if each.judgement is None:
        wishes = kind_of(case.preferences[str(each.owner)]).entries()
        return f", the wish: {list(wishes)[int(each.path[3])].when}"
    match each.judgement.role:
        case Role.WORTH:
            return f", where {entry_of(case, each.judgement).when}"
        case Role.PRIORITY:
            return f", the wish: {entry_of(case, each.judgement).when}"
        case Role.SUPPORT:
            when = entry_of(case, each.judgement).when
            return f", where {when}" if when != OTHERWISE else f", {OTHERWISE}"
        case (Role.STANCE_POSITION | Role.STANCE_SALIENCE) as role:
            what = "wanted" if role is Role.STANCE_POSITION else "how much it counts,"
            return f", {what} on {case.issues[entry_of(case, each.judgement).id].name}"
        case Role.EVENT_RATE | Role.EVENT_CHANCE | Role.EVENT_SHARE:
            return f", of the event “{case.events[str(each.path[1])].name}”"
        case _:
            return ""


# --- items ------------------------------------------------------------------------------------


def _item_name(case: Case, name: str) -> str:
    return f"evidence.{name}" if name in case.evidence else f"polls.{name}"


def _item(item: Evidence) -> Thing:
    graded = item.kind in EVIDENCE_KINDS
    grade = f", {item.grade or 'no grade'}" if graded else ""
    told = source_told(item)
    text = f"{item.kind}{grade}: “{item.claim}”" + (f"; {told}" if told else "")
    if item.origin:
        text += f"; one origin: {item.origin}"
    mark = ""
    if item.kind == "assumption":
        mark = ASSUMED
    elif graded and not item.source:
        mark = SOURCELESS
    elif item.kind == "inference" and not item.rests_on:
        mark = NOTHING
    value = {
        "grade": item.grade,
        "source": item.source,
        "locator": item.locator,
        "date": item.date.isoformat() if item.date else None,
        "origin": item.origin,
    }
    return Thing(item.kind, f"evidence.{item.id}", text, ("evidence", item.id), value, mark)


def _poll(poll: Poll) -> Thing:
    shares = ", ".join(f"{option} {number(share)}%" for option, share in poll.shares.items())
    asked = f"{number(poll.n)} asked" if poll.n is not None else "size unknown"
    told = source_told(poll)
    text = f"poll, {asked}: {shares}" + (f"; {told}" if told else "")
    value = {
        "shares": dict(poll.shares),
        "n": poll.n,
        "source": poll.source,
        "locator": poll.locator,
        "date": poll.date.isoformat() if poll.date else None,
    }
    mark = "" if poll.source else SOURCELESS
    return Thing("poll", f"polls.{poll.id}", text, ("polls", poll.id), value, mark)


def _sources(case: Case) -> Iterator[tuple[Thing, Collection[str]]]:
    """Each source, called as the first to name it writes it, and the items and polls that do."""
    found: dict[str, tuple[str, list[str]]] = {}
    items: tuple[Evidence | Poll, ...] = (*case.evidence.values(), *case.polls.values())
    for each in items:
        if each.source:
            found.setdefault(retyped(each.source), (each.source, []))[1].append(each.id)
    for name, ids in found.values():
        yield Thing("source", f"sources.{name}", f"source of {_count(ids)}"), ids


def _stated_origins(case: Case) -> Iterator[tuple[Thing, Collection[str]]]:
    """Each origin that an item states, and what is of it; what only shares a source is not one."""
    names = origins_in(case)
    stated = {names[item.id] for item in case.evidence.values() if (item.origin or "").strip()}
    for name, ids in by_origin((*case.evidence, *case.polls), names).items():
        if name in stated:
            yield Thing("origin", f"origins.{name}", f"one origin of {_count(ids)}"), ids


def _count(ids: Collection[str]) -> str:
    return "one item" if len(ids) == 1 else f"{len(ids)} items"
