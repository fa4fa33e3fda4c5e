"""How inputs and their ends are named to a reader."""

from __future__ import annotations

from typing import assert_never

from immutabledict import immutabledict

from foedus.case.judgement import Judgement, Role, Together
from foedus.case.model import Case
from foedus.document import number
from foedus.preferences import entry_of
from foedus.sensitivity.inputs import Input

NOUNS = immutabledict(
    {
        Role.WORTH: "judgement",
        Role.PRIORITY: "wish",
        Role.SUPPORT: "support in",
        Role.STANCE_POSITION: "position on",
        Role.STANCE_SALIENCE: "salience of",
    }
)
"""What a judgement of what an actor wants is called."""


def input_told(case: Case, each: Input) -> str:
    """An input in words, with the statement it is about."""
    if each.record is not None:
        return f"the pace of {each.record}"
    told = [judgement_told(case, judgement) for judgement in each.judgements]
    if each.apart_from:
        what, opening, of = told[0].partition(" (")
        return f"{what} apart from “{each.apart_from}”{opening}{of}"
    if not each.whole:
        moved = [f"{loaded(x)} {j}" for j, x in zip(told, each.loadings, strict=True)]
        return f"the group “{each.group}” ({'; '.join(moved)})"
    if len(told) == 1:
        return told[0]
    return f"{' and '.join(told)}, which move together,"


def loaded(loading: float) -> str:
    """How something that is with a group moves: with it or against it, and by what loading.

    >>> loaded(1.0), loaded(-0.6)
    ('with it', 'against it, loading −0.6,')
    """
    way = "with it" if loading > 0 else "against it"
    return way if abs(loading) == 1 else f"{way}, loading {number(loading)},"


def moves_told(together: Together) -> str:
    """How a judgement moves with its group.

    >>> moves_told(Together("mood")), moves_told(Together("mood", -1))
    ('moves with “mood”', 'moves against “mood”')
    >>> moves_told(Together("mood", -0.6)), moves_told(Together("mood", 0))
    ('moves against “mood”, loading −0.6', 'is not moved by “mood”, loading 0')
    """
    group, loading = together.group, together.loading
    if not loading:
        return f"is not moved by “{group}”, loading 0"
    way = f"moves {'with' if loading > 0 else 'against'} “{group}”"
    return way if abs(loading) == 1 else f"{way}, loading {number(loading)}"


def judgement_told(case: Case, judgement: Judgement) -> str:
    """A judgement in words: whose, which, and of what."""
    owner = case.actors[judgement.owner].name if judgement.owner else ""
    match judgement.role:
        case Role.WORTH | Role.PRIORITY | Role.SUPPORT:
            entry = entry_of(case, judgement)
            return f"{owner}'s {NOUNS[judgement.role]} “{entry.id}” ({entry.when})"
        case Role.STANCE_POSITION | Role.STANCE_SALIENCE:
            issue = case.issues[entry_of(case, judgement).id].name
            return f"{owner}'s {NOUNS[judgement.role]} “{issue}”"
        case Role.THRESHOLD | Role.CAPABILITY:
            return f"the {judgement.role.value} of {owner}"
        case Role.TAKES:
            return _takes_told(case, judgement)
        case Role.NUMBER if judgement.path[:1] == ("records",):
            return f"the pace of {judgement.path[1]}"
        case Role.TRANSFER_MOST | Role.TRANSFER_WORTH | Role.LIKELIHOOD | Role.NUMBER:
            return judgement.name
        case _:
            assert_never(judgement.role)


def _takes_told(case: Case, judgement: Judgement) -> str:
    """The time that a change takes, with the change where others take another time."""
    path = judgement.path
    issue = next(i for i in case.issues.values() if any(each.path == path for each in i.durations))
    label = {position.id: position.label for position in issue.positions}
    for target, takes in issue.takes.to.items():
        if takes is not None and takes.path == path:
            return f"the time that “{issue.name}” takes to become “{label[target]}”"
    for (origin, target), takes in issue.takes.changes.items():
        if takes is not None and takes.path == path:
            change = f"from “{label[origin]}” to “{label[target]}”"
            return f"the time that “{issue.name}” takes {change}"
    return f"the time that “{issue.name}” takes"


def ends_told(each: Input) -> tuple[str, str]:
    """What the low and the high end of an input are."""
    if each.record is not None:
        return "slowest", "fastest"
    if each.held:
        return "not held", "held"
    if len(each.judgements) > 1 or not each.whole:
        return "lowest", "highest"
    judgement = each.judgements[0]
    return f"lowest (about {number(judgement.low)})", f"highest (about {number(judgement.high)})"
