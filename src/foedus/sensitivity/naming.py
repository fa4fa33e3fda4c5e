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
            return f"the time that “{_issue(case, judgement)}” takes"
        case Role.NUMBER if judgement.path[:1] == ("records",):
            return f"the pace of {judgement.path[1]}"
        case Role.TRANSFER_MOST | Role.TRANSFER_WORTH | Role.LIKELIHOOD | Role.NUMBER:
            return judgement.name
        case _:
            assert_never(judgement.role)


def _issue(case: Case, judgement: Judgement) -> str:
    """The name of the issue whose time taken this is."""
    found = (i for i in case.issues.values() if i.takes and i.takes.path == judgement.path)
    return next(found).name


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
