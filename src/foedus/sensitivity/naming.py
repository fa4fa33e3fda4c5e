"""How inputs and their ends are named to a reader."""

from __future__ import annotations

from typing import assert_never

from immutabledict import immutabledict

from foedus.case.judgement import Judgement, Role
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
    if len(told) == 1:
        return told[0]
    return f"{' and '.join(told)}, which move together,"


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
        case Role.EVENT_RATE | Role.EVENT_CHANCE | Role.EVENT_SHARE:
            return _event_told(case, judgement)
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


def _event_told(case: Case, judgement: Judgement) -> str:
    """How often or how likely an event is, or the share of one of its branches."""
    event = case.events[str(judgement.path[1])]
    if judgement.role is not Role.EVENT_SHARE:
        how = "how often" if judgement.role is Role.EVENT_RATE else "the chance that"
        return f"{how} “{event.name}” happens"
    number = int(judgement.path[3])
    branch = event.outcomes[number].name
    which = f"“{branch}”" if branch else f"branch {number + 1}"
    return f"the share of {which} in “{event.name}”"


def ends_told(each: Input) -> tuple[str, str]:
    """What the low and the high end of an input are."""
    if each.record is not None:
        return "slowest", "fastest"
    if each.held:
        return "not held", "held"
    if len(each.judgements) > 1:
        return "lowest", "highest"
    judgement = each.judgements[0]
    return f"lowest (about {number(judgement.low)})", f"highest (about {number(judgement.high)})"
