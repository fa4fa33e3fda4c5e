"""What rests on what: the reasons that judgements, rules and counts name, followed both ways.

Links are written once in a case, as ``because`` on what needs a reason and as ``rests_on`` on an
inference; here they are read from both ends.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, assert_never

from foedus.case.judgement import Judgement, Role
from foedus.case.model import (
    Case,
    Preference,
    Priorities,
    Ranking,
    Stances,
    Support,
    Worth,
)
from foedus.case.places import Path

EVIDENCE_KINDS = ("fact", "report")
"""What counts as evidence; assumptions and inferences do not."""

Kind = Literal["judgement", "wish", "event", "rule", "record", "reference class", "inference"]


@dataclass(frozen=True, slots=True)
class Grounded:
    """Something in a case that may name its reasons: evidence or polls.

    ``path`` is where it stands, ``because`` the ids that it names. A ``judgement`` is a number (so
    is the chance with which a wish is held); a ``wish`` is a priority that is held for sure, an
    ``event`` one that no judgement is of: on a day, in one way only. ``owner`` is the actor whose
    judgement or wish it is, None where it is nobody's.
    """

    kind: Kind
    path: Path
    because: tuple[str, ...]
    judgement: Judgement | None = None
    owner: str | None = None

    @property
    def likelihood(self) -> bool:
        """Whether it is the likelihood of an item of evidence, a part of that item."""
        return self.judgement is not None and self.judgement.role is Role.LIKELIHOOD

    @property
    def played(self) -> bool:
        """Whether the process that is forecast uses it, as a judgement, wish or event."""
        return self.kind in ("wish", "event") or (
            self.judgement is not None and self.judgement.played
        )

    @property
    def name(self) -> str:
        """The path with dots; a place in a list as its number, see `judgement_name`."""
        return ".".join(str(step) for step in self.path)


class JudgementNames:
    """The names of what stands in a case, each actor's list being read but once."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._entries: dict[str, tuple[tuple[str | None, ...], Counter[str | None]]] = {}

    def __call__(self, path: Path) -> str:
        """The name of what stands at a path: in a list by the item's own id, where it has one."""
        match path:
            case ("preferences", str(actor), str(kind), int(place), *rest):
                names, times = self._of(actor)
                name = names[place] if place < len(names) else None
                if name and times[name] == 1 and not name.isdecimal():
                    return ".".join(["preferences", actor, kind, name, *map(str, rest)])
            case _:
                pass
        return ".".join(map(str, path))

    def _of(self, actor: str) -> tuple[tuple[str | None, ...], Counter[str | None]]:
        if actor not in self._entries:
            items = getattr(self._case.preferences[actor], "items", ())
            names = tuple(getattr(i, "id", None) or getattr(i, "issue", None) for i in items)
            self._entries[actor] = names, Counter(names)
        return self._entries[actor]


def judgement_name(case: Case, path: Path) -> str:
    """The name of one thing that stands at a path; of many, see :class:`JudgementNames`."""
    return JudgementNames(case)(path)


def grounded(case: Case) -> tuple[Grounded, ...]:
    """Everything in a case that may name its reasons, in the order of the model.

    Likelihoods stand on an item of evidence, and each rests on that item beside what it names.
    """
    found: list[Grounded] = []
    for actor in case.actors.values():
        for judgement in (actor.capability, actor.threshold):
            if judgement is not None:
                found.append(_judged(judgement))
        if actor.id in case.preferences:
            found += _wanted(actor.id, case.preferences[actor.id])
    found += [_judged(takes) for issue in case.issues.values() for takes in issue.durations]
    for event in case.events.values():
        judged = [_judged(each) for each in event.judgements]
        found += judged or [Grounded("event", ("events", event.id), event.because)]
    for transfer in case.transfers.values():
        found += [_judged(transfer.most), *map(_judged, transfer.worth.values())]
    found += [Grounded("rule", rule.path, rule.because) for rule in case.rules]
    found += [Grounded("record", ("records", r.id), r.because) for r in case.records.values()]
    found += [
        Grounded("reference class", ("reference_classes", each.id), each.because)
        for each in case.reference_classes.values()
    ]
    for item in case.evidence.values():
        if item.kind == "inference":
            found.append(Grounded("inference", ("evidence", item.id), item.rests_on))
        found += [_judged(judgement, (item.id,)) for judgement in item.likelihood.values()]
    return tuple(found)


def _judged(judgement: Judgement, first: tuple[str, ...] = ()) -> Grounded:
    because = tuple(dict.fromkeys((*first, *judgement.because)))
    return Grounded("judgement", judgement.path, because, judgement, judgement.owner)


def _wanted(actor: str, preference: Preference) -> Iterator[Grounded]:
    match preference:
        case Worth():
            yield from (_judged(item.value) for item in preference.items)
        case Support():
            yield from (_judged(item.share) for item in preference.items)
        case Priorities():
            for k, wish in enumerate(preference.items):
                if wish.probability is None:
                    path = ("preferences", actor, "priorities", k)
                    yield Grounded("wish", path, wish.because, owner=actor)
                else:
                    yield _judged(wish.probability, wish.because)
        case Stances():
            for stance in preference.items:
                yield from (_judged(stance.position), _judged(stance.salience))
        case Ranking():
            return
        case _:
            assert_never(preference)


def judgements_of(case: Case) -> tuple[Judgement, ...]:
    """All judgements of a case, in the order of the model.

    What actors want and weigh comes first, then issues, transfers and the likelihoods of evidence.
    A judgement that is sure is among them: what-if may ask about it.
    """
    return tuple(each.judgement for each in grounded(case) if each.judgement is not None)


def inside_reasons(case: Case) -> tuple[str, ...]:
    """The ids that judgements, wishes and events name which the inside view uses."""
    return tuple(name for each in grounded(case) if each.played for name in each.because)


def reasons_of(case: Case) -> frozenset[str]:
    """The evidence that some judgement or wish of the inside view rests on.

    Named by ``because``, or rested on by an inference that is. Likelihoods are not counted: they
    are the evidence itself.
    """
    return frozenset(name for name in carriers(case, inside_reasons(case)) if name in case.evidence)


def carriers(case: Case, names: Iterable[str]) -> tuple[str, ...]:
    """The evidence and polls behind some ids: these, and what inferences among them rest on.

    In the order in which they are met, nearest first.
    """
    found: dict[str, None] = {}
    open_ = list(names)
    while open_:
        following: list[str] = []
        for name in open_:
            if name not in found:
                found[name] = None
                if name in case.evidence:
                    following += case.evidence[name].rests_on
        open_ = following
    return tuple(found)


def bearing(case: Case, name: str) -> tuple[Grounded, ...]:
    """Everything that an item of evidence or a poll stands behind, also by way of inferences."""
    everything = grounded(case)
    behind = {name}
    found: dict[Path, Grounded] = {}
    grown = True
    while grown:
        grown = False
        for each in everything:
            if each.path not in found and behind.intersection(each.because):
                found[each.path] = each
                grown = True
                if each.kind == "inference":
                    behind.add(str(each.path[-1]))
    return tuple(each for each in everything if each.path in found)
