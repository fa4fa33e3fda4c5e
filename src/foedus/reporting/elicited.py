"""One judgement as a question in plain English, for somebody who has not read the file.

The question is made of names and statements. Beside it stand the scale to answer on, what the case
has now, and what that rests on: what a judge needs who is asked for one number at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, assert_never

from foedus.case.judgement import Judgement, Role
from foedus.case.links import judgement_name, judgements_of
from foedus.case.model import (
    Case,
    ChanceBy,
    Event,
    Issue,
    OnDay,
    Outcome,
    Priorities,
    Rate,
    Stances,
    Support,
    Worth,
    WorthItem,
)
from foedus.case.naming import source_told
from foedus.case.problems import listed
from foedus.case.words import WORDS
from foedus.document import Block, Point, Points, Sentence, number
from foedus.forecasting.outside import OTHER
from foedus.reporting.clauses import clause, label
from foedus.reporting.names import capital, inside
from foedus.sensitivity.inputs import moves_told


@dataclass(frozen=True, slots=True)
class JudgementQuestion:
    """A judgement to be made, asked in words.

    ``question`` ends in a question mark; ``scale`` says in what to answer, between what, and what
    there is to compare with; ``present`` what the case has; ``reasons`` what that rests on, a
    sentence each; ``words`` are the probability words that may be the answer, if they may.
    """

    judgement: Judgement
    name: str
    question: str
    scale: tuple[str, ...]
    present: str
    reasons: tuple[str, ...]
    words: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data; a bound that there is not is None."""
        each = self.judgement
        least, most = (None if abs(bound) == float("inf") else bound for bound in each.bounds)
        return {
            "name": self.name,
            "question": self.question,
            "scale": list(self.scale),
            "present": self.present,
            "reasons": list(self.reasons),
            "unit": each.unit,
            "least": least,
            "most": most,
            "low": each.low,
            "mode": each.mode,
            "high": each.high,
            "word": each.word,
            "words": list(self.words),
        }


def question_about(case: Case, judgement: Judgement) -> JudgementQuestion:
    """One judgement of a case as a question. Raises ValueError for a number tried, of no case."""
    question, *scale = _asked(case, judgement)
    return JudgementQuestion(
        judgement,
        judgement_name(case, judgement.path),
        question,
        tuple(scale),
        _present(judgement),
        tuple(_reasons(case, judgement)),
        tuple(WORDS[case.words]) if judgement.words else (),
    )


def questions_about(case: Case) -> tuple[JudgementQuestion, ...]:
    """All judgements of a case as questions, in the order of the case."""
    return tuple(question_about(case, judgement) for judgement in judgements_of(case))


def question_blocks(asked: JudgementQuestion) -> tuple[Block, ...]:
    """A question with its scale, what the case has, and why."""
    blocks: list[Block] = [
        Sentence(asked.question, strong=True),
        Sentence(" ".join(asked.scale)),
        Sentence(asked.present),
    ]
    if asked.reasons:
        blocks.append(Points(tuple(map(Point, asked.reasons))))
    blocks.append(Sentence(asked.name, "muted"))
    return tuple(blocks)


# --- the question and its scale -----------------------------------------------------------------


def _asked(case: Case, judgement: Judgement) -> tuple[str, ...]:
    """The question, then the sentences on its scale."""
    match judgement.role:
        case Role.WORTH:
            return _worth(case, judgement)
        case Role.PRIORITY:
            return _priority(case, judgement)
        case Role.SUPPORT:
            return _support(case, judgement)
        case Role.STANCE_POSITION | Role.STANCE_SALIENCE:
            return _stance(case, judgement)
        case Role.THRESHOLD:
            question = f"What share of {_owner(case, judgement)} must approve for a yes?"
            return question, "In per cent, from 0 to 100."
        case Role.CAPABILITY:
            return _capability(case, judgement)
        case Role.TAKES:
            return _takes(case, judgement), "In days, from 0, before it can be done at all."
        case Role.TRANSFER_MOST | Role.TRANSFER_WORTH:
            return _transfer(case, judgement)
        case Role.LIKELIHOOD:
            return _likelihood(case, judgement)
        case Role.EVENT_RATE | Role.EVENT_CHANCE | Role.EVENT_SHARE:
            return _event(case, judgement)
        case Role.NUMBER:
            raise ValueError(f"{judgement.name} is no judgement of a case")
        case _:
            assert_never(judgement.role)


PROBABILITY = "A probability from 0 (impossible) to 1 (certain), or a probability word."

POINTS = "In points on a scale of this actor's own: above 0 is a gain, below 0 a loss."


def _owner(case: Case, judgement: Judgement) -> str:
    return inside(case.actors[str(judgement.owner)].name)


def _worth(case: Case, judgement: Judgement) -> tuple[str, ...]:
    items = _items(case, judgement, Worth)
    item = next(item for item in items if item.value.path == judgement.path)
    same = [i for i in items if i is not item and i.when.tree == item.when.tree]
    alone = f", as to “{_aspect(item)}” alone," if same else ""
    what = clause(case, item.when)
    question = f"How much is it worth to {_owner(case, judgement)}{alone} that {what}?"
    told = [question, POINTS, "What holds together is added up, so judge this by itself."]
    if same:
        aspects = listed((f"“{_aspect(i)}”" for i in same), "and")
        told.append(f"The same is asked apart as to {aspects}.")
    others = [i for i in items if i is not item and i not in same and i.value.mode]
    if others:
        told.append(_yardstick(case, max(others, key=_size)))
    return tuple(told)


def _aspect(item: WorthItem) -> str:
    """What an entry is named for, in words."""
    return item.id.replace("-", " ").replace("_", " ")


def _size(item: WorthItem) -> float:
    return abs(item.value.mode)


def _yardstick(case: Case, item: WorthItem) -> str:
    """The largest of the actor's other worths, to compare with."""
    way = "gain" if item.value.mode > 0 else "loss"
    points = number(abs(item.value.mode))
    return f"To compare with: a {way} of {points} points if {clause(case, item.when)}."


def _items(case: Case, judgement: Judgement, kind: type[Any]) -> tuple[Any, ...]:
    preference = case.preferences[str(judgement.owner)]
    if not isinstance(preference, kind):
        raise TypeError(f"{judgement.name} stands in preferences of another kind")
    items: tuple[Any, ...] = preference.items
    return items


def _priority(case: Case, judgement: Judgement) -> tuple[str, ...]:
    items = _items(case, judgement, Priorities)
    place = int(judgement.path[3])
    what = clause(case, items[place].when)
    question = (
        f"How likely is it that {_owner(case, judgement)} would want this at all: that {what}?"
    )
    where = "It would be the only wish of this actor."
    if len(items) > 1:
        where = f"If so, it would be number {place + 1} in the order of {len(items)} wishes, "
        where += "of which each outweighs all that follow."
    return question, PROBABILITY, where


def _support(case: Case, judgement: Judgement) -> tuple[str, ...]:
    items = _items(case, judgement, Support)
    place = next(k for k, item in enumerate(items) if item.share.path == judgement.path)
    owner = _owner(case, judgement)
    scale = "In per cent, from 0 to 100; approval, not a first choice among several."
    when = items[place].when
    if when is None:
        if place == 0:
            return f"What share of {owner} would approve, whatever is decided?", scale
        question = f"What share of {owner} would approve in all other cases?"
        return question, scale, _apart(case, items[:place])
    question = f"What share of {owner} would approve if {clause(case, when)}?"
    if place == 0:
        return question, scale
    return question, scale, _apart(case, items[:place])


def _apart(case: Case, items: tuple[Any, ...]) -> str:
    """The entries that come first, where they apply."""
    told = "; ".join(f"that {clause(case, item.when)}" for item in items)
    return f"Asked apart, and not meant here: {told}."


def _stance(case: Case, judgement: Judgement) -> tuple[str, ...]:
    items = _items(case, judgement, Stances)
    item = next(i for i in items if judgement.path in (i.position.path, i.salience.path))
    issue, owner = case.issues[item.issue], _owner(case, judgement)
    if judgement.role is Role.STANCE_POSITION:
        question = f"Where would {owner} like “{issue.name}” to be settled?"
        return question, f"On the scale of the issue: {_scale(issue)}."
    others = [
        f"{number(other.salience.mode)} for “{case.issues[other.issue].name}”"
        for other in items
        if other is not item
    ]
    question = f"How much does “{issue.name}” matter to {owner}, beside other issues?"
    scale = "A weight above 0: twice as much is twice the weight."
    return (question, scale, *_compared(others))


def _scale(issue: Issue) -> str:
    pairs = zip(issue.scale or (), issue.positions, strict=False)
    return ", ".join(f"{number(at)} is “{position.label}”" for at, position in pairs)


def _compared(others: list[str]) -> tuple[str, ...]:
    return (f"To compare with: {listed(others, 'and')}.",) if others else ()


def _capability(case: Case, judgement: Judgement) -> tuple[str, ...]:
    owner = _owner(case, judgement)
    others = [
        f"{number(actor.capability.mode)} for {inside(actor.name)}"
        for actor in case.actors.values()
        if actor.capability is not None and actor.id != judgement.owner
    ]
    question = f"How great is the power of {owner}, beside that of the other actors?"
    scale = "A weight above 0: twice the power is twice the weight."
    return (question, scale, *_compared(others))


def _takes(case: Case, judgement: Judgement) -> str:
    issue = next(
        issue
        for issue in case.issues.values()
        if any(takes.path == judgement.path for takes in issue.durations)
    )
    for target, takes in issue.takes.to.items():
        if takes is not None and takes.path == judgement.path:
            to = label(case, issue.id, target)
            return f"How many days does it take until “{issue.name}” can become {to}?"
    for (origin, target), takes in issue.takes.changes.items():
        if takes is not None and takes.path == judgement.path:
            way = f"from {label(case, issue.id, origin)} to {label(case, issue.id, target)}"
            return f"How many days does it take until “{issue.name}” can go {way}?"
    which = "any other change" if issue.takes.to or issue.takes.changes else "any change"
    return f"How many days does it take until {which} of “{issue.name}” can be made?"


def _transfer(case: Case, judgement: Judgement) -> tuple[str, ...]:
    transfer = case.transfers[str(judgement.path[1])]
    counted = f"A unit is: {transfer.unit}."
    if judgement.role is Role.TRANSFER_MOST:
        question = f"How many units of “{transfer.id}” could be paid at the very most?"
        return question, counted, "A number of units, above 0."
    question = f"How much is one unit of “{transfer.id}” worth to {_owner(case, judgement)}?"
    return question, counted, POINTS


def _likelihood(case: Case, judgement: Judgement) -> tuple[str, ...]:
    item = case.evidence[str(judgement.path[1])]
    hypothesis = str(judgement.path[3])
    supposed = "Suppose that none of the hypotheses is to come about."
    if hypothesis != OTHER:
        supposed = f"Suppose that “{case.arrangements[hypothesis].name}” is to come about."
    question = f"{supposed} How likely would it then be to see this: “{item.claim.rstrip('.')}”?"
    return (
        question,
        PROBABILITY,
        ("Only the ratio between the hypotheses counts: how much sooner it is seen under one."),
    )


def _event(case: Case, judgement: Judgement) -> tuple[str, ...]:
    event = case.events[str(judgement.path[1])]
    if judgement.role is Role.EVENT_SHARE:
        outcome = event.outcomes[int(judgement.path[3])]
        how = _outcome(case, outcome)
        question = f"If “{event.name}” happens{_day(event)}, how likely is this outcome: {how}?"
        return question, PROBABILITY, *_shares(case, event, outcome)
    held = "" if event.when is None else clause(case, event.when)
    match event.timing:
        case Rate():
            while_ = f" while {held}" if held else ""
            question = f"How many times a year would “{event.name}” happen{while_}?"
            scale = "A number from 0: 0.1 is once in ten years on average, 2 is every half year."
            return question, scale
        case ChanceBy(by):
            as_long = f", as long as {held}" if held else ""
            return f"How likely is it that “{event.name}” happens by {by}{as_long}?", PROBABILITY
        case OnDay():
            raise ValueError(f"nothing of when {event.id} happens is judged")
        case _:
            assert_never(event.timing)


def _day(event: Event) -> str:
    return f" on {event.timing.day}" if isinstance(event.timing, OnDay) else ""


def _outcome(case: Case, outcome: Outcome) -> str:
    if outcome.name:
        return f"“{outcome.name}”"
    sets = [
        f"“{case.issues[issue].name}” becomes {label(case, issue, position)}"
        for issue, position in outcome.sets.items()
    ]
    return listed(sets, "and") or "nothing changes"


def _shares(case: Case, event: Event, outcome: Outcome) -> tuple[str, ...]:
    others = [_outcome(case, other) for other in event.outcomes if other is not outcome]
    return (f"Otherwise: {listed(others, 'or')}.",) if others else ()


# --- what the case has, and why -----------------------------------------------------------------


def _present(judgement: Judgement) -> str:
    ends = f"between {number(judgement.low)} and {number(judgement.high)}"
    if judgement.word:
        return f"The case has “{judgement.word}”: anything {ends}."
    if judgement.sure:
        return f"The case has {number(judgement.mode)}, without a range."
    told = f"The case has {number(judgement.mode)} as most likely"
    return f"{told}, and a chance of 90% that it lies {ends}."


def _reasons(case: Case, judgement: Judgement) -> list[str]:
    """The note, then each item that it rests on, then the group that it moves with."""
    told = [_sentence(judgement.note)] if judgement.note else []
    names = judgement.because
    if judgement.role is Role.PRIORITY:
        wish = _items(case, judgement, Priorities)[int(judgement.path[3])]
        told += [_sentence(wish.note)] if wish.note and wish.note != judgement.note else []
        names = tuple(dict.fromkeys((*names, *wish.because)))
    told += [_item(case, name) for name in names]
    if judgement.together:
        told.append(capital(f"it {moves_told(judgement.together)}."))
    return told


def _item(case: Case, name: str) -> str:
    if name in case.evidence:
        item = case.evidence[name]
        kind = f"{capital(item.kind)}, {item.grade}" if item.grade else capital(item.kind)
        source = source_told(item)
        return f"{kind}: {_sentence(item.claim)}" + (f" ({source})" if source else "")
    poll = case.polls[name]
    shares = listed((f"{answer} {number(share)}%" for answer, share in poll.shares.items()), "and")
    asked = "approval" if poll.asked == "approval" else "a choice among several"
    source = source_told(poll)
    return f"Poll, which asked for {asked}: {shares}." + (f" ({source})" if source else "")


def _sentence(text: str) -> str:
    """A text that ends as a sentence does."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "”", "…")) else f"{text}."
