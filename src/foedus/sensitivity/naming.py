"""How inputs and their ends are named to a reader."""

from __future__ import annotations

from typing import assert_never

from immutabledict import immutabledict

from foedus.case.judgement import Judgement, Role
from foedus.case.model import Case, Priorities, Stances, Support, Worth
from foedus.document import number
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
            item, statement = _statement(case, judgement)
            return f"{owner}'s {NOUNS[judgement.role]} “{item}” ({statement})"
        case Role.STANCE_POSITION | Role.STANCE_SALIENCE:
            issue = _issue(case, judgement)
            return f"{owner}'s {NOUNS[judgement.role]} “{issue}”"
        case Role.THRESHOLD | Role.CAPABILITY:
            return f"the {judgement.role.value} of {owner}"
        case Role.TAKES:
            return f"the time that “{_issue(case, judgement)}” takes"
        case Role.TRANSFER_MOST | Role.TRANSFER_WORTH | Role.LIKELIHOOD | Role.NUMBER:
            return judgement.name
        case _:
            assert_never(judgement.role)


def _issue(case: Case, judgement: Judgement) -> str:
    """The name of the issue that a stance or a time taken is about."""
    for issue in case.issues.values():
        if issue.takes is not None and issue.takes.path == judgement.path:
            return issue.name
    stances = case.preferences.get(judgement.owner or "")
    assert isinstance(stances, Stances)  # noqa: S101 - no other judgement is of an issue
    return next(
        case.issues[stance.issue].name
        for stance in stances.items
        if judgement.path in (stance.position.path, stance.salience.path)
    )


def _statement(case: Case, judgement: Judgement) -> tuple[str, str]:
    """The id of the item that a judgement belongs to, and its statement."""
    match case.preferences[judgement.owner or ""]:
        case Worth() as worth:
            for item in worth.items:
                if item.value.path == judgement.path:
                    return item.id, item.when.text
        case Support() as support:
            for choice in support.items:
                if choice.share.path == judgement.path:
                    return choice.id, "otherwise" if choice.when is None else choice.when.text
        case Priorities() as priorities:
            for wish in priorities.items:
                if wish.held is not None and wish.held.path == judgement.path:
                    return wish.id, wish.when.text
        case _:
            pass
    raise KeyError(f"no judgement {judgement.name}")


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
