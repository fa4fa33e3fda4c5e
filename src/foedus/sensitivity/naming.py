"""How inputs and their ends are named to a reader."""

from __future__ import annotations

from foedus.case.model import Case, Judgement, Priorities, Support, Worth
from foedus.document import number
from foedus.sensitivity.inputs import Input


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
    match judgement.path:
        case ("preferences", str(actor), *_):
            item, statement = _statement(case, actor, judgement)
            what = f"{case.actors[actor].name}'s {_noun(case, actor)} “{item}”"
            return f"{what} ({statement})" if statement else what
        case ("actors", str(actor), "threshold"):
            return f"the threshold of {case.actors[actor].name}"
        case ("issues", str(issue), *_):
            return f"the time that “{case.issues[issue].name}” takes"
        case _:
            return judgement.name


def _noun(case: Case, actor: str) -> str:
    match case.preferences[actor]:
        case Support():
            return "support in"
        case Priorities():
            return "wish"
        case _:
            return "judgement"


def _statement(case: Case, actor: str, judgement: Judgement) -> tuple[str, str]:
    """The id of the item that a judgement belongs to, and its statement."""
    match case.preferences[actor]:
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
    return str(judgement.path[-1]), ""


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
