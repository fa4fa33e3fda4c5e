"""Leaving evidence out: a case without some of its items, and without all that had no other reason.

To *leave out* an item of evidence or a poll is to take it out of the case with what rests on it. An
inference falls with its grounds; a judgement, wish, record or reference class whose reasons have
fallen is set to its neutral value (:mod:`~foedus.evidence.neutral`); marks and likelihoods of what
has fallen are gone. Two readings of "rests on" bound what one may mean:

- ``alone``: something falls only when *nothing* that it rests on still stands;
- ``any``: it falls as soon as *anything* that it rests on has fallen.

What names no reason in the first place is never touched. Rules stay, for without them states would
become possible that the case's rights were not written for; those that rest on nothing any more
are named. The meaning is a convention of foedus, argued in ``docs/leave-one-out.md``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from immutabledict import immutabledict

from foedus.case.aliases import with_old_names
from foedus.case.altered import with_judgements
from foedus.case.judgement import Judgement, Role
from foedus.case.links import EVIDENCE_KINDS, Grounded, grounded
from foedus.case.model import Case, Evidence, Path, Preference, Priorities
from foedus.case.origins import by_origin, origins_in
from foedus.case.problems import CaseError, Problem, nearest, shown
from foedus.evidence.neutral import (
    SetNeutral,
    neutral_record,
    neutral_values,
    without_likelihoods,
)
from foedus.preferences.priorities import EVENS
from foedus.result import data_of

Reading = Literal["alone", "any"]

READINGS: tuple[Reading, ...] = get_args(Reading)


@dataclass(frozen=True, slots=True, eq=False)
class CaseWithout:
    """A case with evidence left out.

    ``case`` is what is left of ``before``. ``fallen`` are the items that were left out, and then
    the inferences that fell with them, in the order of the case. ``neutral`` was set to a neutral
    value or left out; ``kept`` names the capabilities and saliences, ``rules_standing`` the rules
    that stay although their reasons have fallen.
    """

    before: Case
    case: Case
    names: tuple[str, ...]
    reading: Reading
    fallen: tuple[str, ...]
    neutral: tuple[SetNeutral, ...]
    kept: tuple[str, ...]
    rules_standing: tuple[str, ...]

    @property
    def key(self) -> tuple[frozenset[Path], frozenset[str]]:
        """What differs from the case before of all that an answer is computed from.

        The places set to another value than they had, and the items gone that weigh in the
        evidence's view. What is left of one case has the same answers for the same key; with an
        empty one nothing moves. Transfers enter no forecast.
        """
        moved = frozenset(each.path for each in self.neutral if _moves(self.before, each))
        gone = [self.before.evidence[n] for n in self.fallen if n in self.before.evidence]
        return moved, frozenset(e.id for e in gone if e.likelihood and e.kind in EVIDENCE_KINDS)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        told = data_of(self, "left_out=names reading fallen neutral kept rules_standing")
        return with_old_names(told, left_out="struck")


def without(case: Case, names: Iterable[str], reading: Reading = "alone") -> CaseWithout:
    """The case with these items of evidence and polls left out, and what falls with them.

    Pure: the case given stays as it is. Raises CaseError, with the nearest, for a name that is
    neither evidence nor poll; ValueError for a reading that there is not.
    """
    left_out = _known(case, names)
    fallen = fallen_with(case, left_out, reading)
    gone = frozenset(fallen)
    loose = [
        each
        for each in grounded(case)
        if has_fallen(each.because, gone, reading) and not _within(each, gone)
    ]
    neutral, kept = _set_neutral(case, loose, gone)
    return CaseWithout(
        case,
        _without(case, gone, neutral),
        left_out,
        reading,
        fallen,
        neutral,
        kept,
        tuple(
            f"rules.{k}"
            for k, rule in enumerate(case.rules)
            if has_fallen(rule.because, gone, reading)
        ),
    )


def without_origin(case: Case, origin: str, reading: Reading = "alone") -> CaseWithout:
    """The case with every item of one origin left out together; see :mod:`.case.origins`.

    Raises CaseError, with the nearest, for an origin that there is not.
    """
    origins = items_by_origin(case)
    if origin not in origins:
        problem = Problem(f"nothing comes from {shown(origin)}", nearest=nearest(origin, origins))
        raise CaseError([problem], case.file)
    return without(case, origins[origin], reading)


def items_by_origin(case: Case) -> Mapping[str, tuple[str, ...]]:
    """The items of evidence and polls of each origin, in the order of the case.

    Assumptions and inferences are no evidence, but they can be left out: where they name neither
    origin nor source, each by itself.
    """
    return immutabledict(by_origin((*case.evidence, *case.polls), origins_in(case)))


def fallen_with(case: Case, names: Iterable[str], reading: Reading = "alone") -> tuple[str, ...]:
    """The items named, and then the inferences that fall with them: the least such set.

    In the order of the case. Raises ValueError for a reading that there is not.
    """
    if reading not in READINGS:
        raise ValueError(f"no reading {reading!r}; there are: {', '.join(READINGS)}")
    left_out = tuple(dict.fromkeys(names))
    gone = set(left_out)
    grown = True
    while grown:
        grown = False
        for item in case.evidence.values():
            if item.id not in gone and has_fallen(item.rests_on, gone, reading):
                gone.add(item.id)
                grown = True
    return (*left_out, *(n for n in case.evidence if n in gone and n not in left_out))


def has_fallen(reasons: Collection[str], gone: Collection[str], reading: Reading) -> bool:
    """Whether something that rests on these reasons falls; never, where it names none.

    >>> has_fallen(["a", "b"], {"a"}, "alone"), has_fallen(["a", "b"], {"a"}, "any")
    (False, True)
    >>> has_fallen([], {"a"}, "alone")
    False
    """
    if not reasons:
        return False
    each = [reason in gone for reason in reasons]
    return all(each) if reading == "alone" else any(each)


def _known(case: Case, names: Iterable[str]) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(names))
    known = (*case.evidence, *case.polls)
    problems = [
        Problem(f"no evidence or poll is called {shown(name)}", nearest=nearest(name, known))
        for name in found
        if name not in known
    ]
    if problems:
        raise CaseError(problems, case.file)
    return found


def _within(each: Grounded, gone: frozenset[str]) -> bool:
    """Whether it is part of an item that is gone: the item itself, or a likelihood of it."""
    part = each.kind == "inference" or each.likelihood
    return part and each.path[1] in gone


def _set_neutral(
    case: Case, loose: Iterable[Grounded], gone: frozenset[str]
) -> tuple[tuple[SetNeutral, ...], tuple[str, ...]]:
    """What is set neutral of all that has lost its reasons, and the names of what is kept."""
    values = neutral_values(case)
    found: list[SetNeutral] = []
    kept: list[str] = []
    for each in loose:
        match each.kind, each.judgement:
            case "wish", _:
                after = Judgement(
                    EVENS, EVENS, EVENS, each.path, role=Role.PRIORITY, owner=each.owner
                )
                found.append(SetNeutral("wish", each.path, None, after))
            case ("record" | "reference class") as what, _:
                found.append(SetNeutral(what, each.path))
            case _, Judgement(role=Role.TRANSFER_MOST):
                found.append(SetNeutral("transfer", each.path, each.judgement))
            case _, Judgement(role=Role.LIKELIHOOD):
                found.append(SetNeutral("likelihood", each.path, each.judgement))
            case _, Judgement(path=path) if path in values:
                found.append(SetNeutral("judgement", path, each.judgement, values[path]))
            case _, Judgement():
                kept.append(each.name)
            case _:
                continue
    return tuple(found), tuple(kept)


def _moves(case: Case, each: SetNeutral) -> bool:
    """Whether an answer may move by it: what already was neutral, or is not used, moves none."""
    if each.what == "transfer" or (each.before and each.before.role is Role.TRANSFER_WORTH):
        return False
    if each.what == "record":
        return case.records[str(each.path[1])].agreed > 0 and _used(case, str(each.path[1]))
    if each.what == "likelihood":
        return case.evidence[str(each.path[1])].kind in EVIDENCE_KINDS
    if each.before is None or each.after is None:
        return True
    return _numbers(each.before) != _numbers(each.after)


def _numbers(judgement: Judgement) -> tuple[object, ...]:
    """What a judgement is drawn from; one that is sure is the same whatever its group."""
    group = None if judgement.sure else judgement.together
    return judgement.low, judgement.mode, judgement.high, group


def _used(case: Case, record: str) -> bool:
    return any(
        record in (issue.pace.default, *issue.pace.to.values(), *issue.pace.changes.values())
        for issue in case.issues.values()
    )


# --- the case that is left --------------------------------------------------------------------


def _without(case: Case, gone: frozenset[str], neutral: Iterable[SetNeutral]) -> Case:
    """The case less what is gone, with neutral values set and no reason named that is gone."""
    if not gone:
        return case
    left_out = {each.path: each for each in neutral}
    judgements: dict[Path, Judgement] = {}
    for each in grounded(case):
        if each.judgement is not None and gone.intersection(each.judgement.because):
            because = _standing(each.judgement.because, gone)
            judgements[each.path] = replace(each.judgement, because=because)
    for path, change in left_out.items():
        if change.what == "judgement" and change.after is not None:
            judgements[path] = change.after
    case = with_judgements(case, judgements)
    silent = {path[1:] for path, change in left_out.items() if change.what == "likelihood"}
    transfers = {path[1] for path, change in left_out.items() if change.what == "transfer"}
    return replace(
        case,
        preferences=immutabledict(
            {a: _wanting(p, a, gone, left_out) for a, p in case.preferences.items()}
        ),
        rules=tuple(replace(r, because=_standing(r.because, gone)) for r in case.rules),
        events=immutabledict(
            {n: replace(e, because=_standing(e.because, gone)) for n, e in case.events.items()}
        ),
        records=immutabledict(
            {
                name: neutral_record(r)
                if ("records", name) in left_out
                else replace(r, because=_standing(r.because, gone))
                for name, r in case.records.items()
            }
        ),
        reference_classes=immutabledict(
            {
                name: replace(c, because=_standing(c.because, gone))
                for name, c in case.reference_classes.items()
                if ("reference_classes", name) not in left_out
            }
        ),
        transfers=immutabledict({n: t for n, t in case.transfers.items() if n not in transfers}),
        polls=immutabledict({n: poll for n, poll in case.polls.items() if n not in gone}),
        evidence=immutabledict(
            {n: _item(e, gone, silent) for n, e in case.evidence.items() if n not in gone}
        ),
    )


def _standing(reasons: Iterable[str], gone: frozenset[str]) -> tuple[str, ...]:
    return tuple(reason for reason in reasons if reason not in gone)


def _item(item: Evidence, gone: frozenset[str], silent: Iterable[Path]) -> Evidence:
    """The item, resting on what is left; without the likelihoods that have fallen."""
    item = replace(item, rests_on=_standing(item.rests_on, gone))
    hypotheses = frozenset(str(path[-1]) for path in silent if path[0] == item.id)
    return without_likelihoods(item, hypotheses) if hypotheses else item


def _wanting(
    preference: Preference, actor: str, gone: frozenset[str], neutral: Mapping[Path, SetNeutral]
) -> Preference:
    """The preference, with its wishes' reasons less what is gone, and neutral ones at evens."""
    if not isinstance(preference, Priorities):
        return preference
    wishes = []
    for k, wish in enumerate(preference.items):
        change = neutral.get(("preferences", actor, "priorities", k))
        held = change.after if change is not None else wish.probability
        wishes.append(replace(wish, probability=held, because=_standing(wish.because, gone)))
    return replace(preference, items=tuple(wishes))
