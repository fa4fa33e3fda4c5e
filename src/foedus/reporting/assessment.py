"""One sentence of likelihood, and apart from it, confidence with every criterion."""

from __future__ import annotations

from typing import Literal

from foedus.document import Block, Point, Points, Sentence
from foedus.forecasting.assessment import Confidence, Grade, Likelihood
from foedus.forecasting.estimates import percent, percents
from foedus.forecasting.wording import word_for, words_between

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
    figure = percent(likelihood.p, likelihood.low, likelihood.high)
    until = f" by {likelihood.deadline}" if likelihood.deadline else ""
    wide = f"range {percents(likelihood.low, likelihood.high)}, by {likelihood.origin}"
    return f"{start} ({figure}; {wide}) {that} {likelihood.claim}{until}."


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


def confidence_sentence(confidence: Confidence) -> str:
    """The sentence of confidence; it names no likelihood."""
    weak = [r.text for r in confidence.reasons if r.grade == "weak"]
    fair = [r.text for r in confidence.reasons if r.grade == "fair"]
    strong = [r.text for r in confidence.reasons if r.grade == "strong"]
    chosen = {"low": weak, "moderate": weak or fair, "high": strong}[confidence.level]
    return f"Our confidence in this is {confidence.level}: {'; '.join(chosen)}."


def confidence_blocks(confidence: Confidence) -> tuple[Block, ...]:
    """The sentence, and every criterion."""
    tones: dict[Grade, Literal["good", "plain", "bad"]] = {
        "strong": "good",
        "fair": "plain",
        "weak": "bad",
    }
    points = tuple(
        Point(f"{r.criterion}: {r.grade}; {r.text}", tone=tones[r.grade])
        for r in confidence.reasons
    )
    return (Sentence(confidence_sentence(confidence)), Points(points))
