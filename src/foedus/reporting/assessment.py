"""One sentence of likelihood, and apart from it, confidence with what the answer depends on."""

from __future__ import annotations

from foedus.case.links import judgement_name, judgements_of
from foedus.case.model import Case
from foedus.document import Block, Sentence
from foedus.evidence.alternatives import NEUTRAL
from foedus.forecasting.assessment import Confidence, Likelihood
from foedus.forecasting.combined import FAR
from foedus.forecasting.estimates import percent, percents
from foedus.forecasting.wording import word_for, words_between
from foedus.sensitivity.inputs import judgement_told

_NOUNS = {
    "almost no chance": "There is almost no chance that",
    "remote chance": "There is a remote chance that",
    "roughly even chance": "There is a roughly even chance that",
    "realistic possibility": "There is a realistic possibility that",
}


def likelihood_sentence(likelihood: Likelihood) -> str:
    """The sentence of likelihood; the word of the number, the number, its range, its origin.

    >>> print(likelihood_sentence(Likelihood("they merge", 0.33, 0.22, 0.38, "10,000 draws")))
    It is unlikely (33%; range 22–38%, by 10,000 draws) that they merge.
    """
    worded = word_for(likelihood.p, likelihood.words)
    head = _NOUNS.get(worded.word, f"It is {worded.word} that")
    start, that = head.rsplit(" ", 1)
    until = f" by {likelihood.deadline}" if likelihood.deadline else ""
    wide = f"range {range_told(likelihood)}, by {likelihood.origin}"
    views = ""
    if likelihood.views:
        each = " and ".join(
            f"{percent(p)} by the {name} view" for name, p in likelihood.views.items()
        )
        views = f", but the views differ: {each}"
    return f"{start} ({figure_told(likelihood)}; {wide}) {that} {likelihood.claim}{until}{views}."


def figure_told(likelihood: Likelihood) -> str:
    """The number, with as many digits as its range and its error allow."""
    low = max(0.0, likelihood.low - likelihood.error)
    high = min(1.0, likelihood.high + likelihood.error)
    exact = low == high and likelihood.p in (0, 1)
    return percent(likelihood.p) if exact else percent(likelihood.p, low, high)


def range_told(likelihood: Likelihood) -> str:
    """The ends of the range, no finer than the error."""
    return percents(likelihood.low, likelihood.high, likelihood.error)


def likelihood_remarks(likelihood: Likelihood) -> tuple[str, ...]:
    """What the word hides: a gap in the list, and other words that the range runs through."""
    told = []
    worded = word_for(likelihood.p, likelihood.words)
    if worded.gap:
        told.append(f"{worded.remark()}.")
    through = words_between(likelihood.low, likelihood.high, likelihood.words)
    if len(through) > 1:
        told.append(f"The range runs from {through[0]!r} to {through[-1]!r}.")
    return tuple(told)


def likelihood_blocks(likelihood: Likelihood) -> tuple[Block, ...]:
    """The sentence, and its remarks."""
    remarks = tuple(Sentence(text, "muted") for text in likelihood_remarks(likelihood))
    return (Sentence(likelihood_sentence(likelihood), strong=True), *remarks)


def confidence_sentence(confidence: Confidence, case: Case | None = None) -> str:
    """The sentence of confidence; it names no likelihood. With ``case`` judgements have words."""
    if confidence.level is None:
        return "How far to trust this was not judged: nothing was left out or varied."
    return f"Our confidence in this is {confidence.level}: {'; '.join(_reasons(confidence, case))}."


def changed_told(case: Case, name: str) -> str:
    """What is left out or varied, with a judgement in words instead of its path."""
    path = name.removesuffix(NEUTRAL)
    if path == name:
        return f"“{name}”"
    for judgement in judgements_of(case):
        if judgement_name(case, judgement.path) == path:
            return f"{judgement_told(case, judgement)}{NEUTRAL}"
    return f"“{name}”"


def _reasons(confidence: Confidence, case: Case | None) -> list[str]:
    """What decides the level, in words that name no likelihood."""
    told = []
    if confidence.turning and confidence.most is not None:
        words = _words(confidence.most.words)
        names = confidence.turning
        more = f", and {len(names) - 1} more" if len(names) > 1 else ""
        name = confidence.most.name
        what = f"“{name}”" if case is None else changed_told(case, name)
        told.append(f"the answer moves by {words} with {what}{more}")
    if confidence.views_apart > FAR:
        names = tuple(confidence.views)
        told.append(f"the {' and '.join(names)} views differ by {_words(confidence.views_apart)}")
    if not told and confidence.tried:
        tried = "the one change" if confidence.tried == 1 else f"none of {confidence.tried} changes"
        verb = "that was tried does not move" if confidence.tried == 1 else "tried moves"
        told.append(f"{tried} {verb} the answer to another word")
    if not told:
        told.append("the views agree, and nothing else was tried")
    return told


def _words(count: int) -> str:
    return "one word of the scale" if count == 1 else f"{count} words of the scale"


def support_told(confidence: Confidence) -> str:
    """How many judgements rest on evidence; empty where it was not counted."""
    if confidence.support is None:
        return ""
    n, of = confidence.support.supported, confidence.support.judgements
    verb = "rests" if n == 1 else "rest"
    return f"{n} of {of} judgements {verb} on facts, reports or polls"


def confidence_blocks(confidence: Confidence) -> tuple[Block, ...]:
    """The sentence, and how many judgements rest on evidence."""
    told = support_told(confidence)
    more = (Sentence(f"{told}. This decides nothing about confidence.", "muted"),) if told else ()
    return (Sentence(confidence_sentence(confidence)), *more)
