"""The brief: two pages to forward, in the order in which desks read.

Bottom line, why, key judgements, the case's questions, what it rests on, what would change it and
what to watch, the author's own verdict, and what it was made of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from foedus.case.model import Case
from foedus.case.problems import CaseError
from foedus.case.questions import AuthorQuestion, ChanceAsked
from foedus.document import Block, Cell, Column, Point, Points, Section, Sentence, Table
from foedus.forecasting.assessment import Confidence, Likelihood
from foedus.forecasting.results import Forecast
from foedus.forecasting.wording import word_for
from foedus.reporting.assessment import (
    confidence_sentence,
    figure_told,
    likelihood_sentence,
    range_told,
)
from foedus.reporting.brief_pictures import likelihoods, pace_bars, timeline, veto_strip, ways
from foedus.reporting.brief_rests import rests_on
from foedus.reporting.brief_why import why
from foedus.reporting.findings import Findings
from foedus.reporting.forecast import chosen, confidence_of, likelihood_of
from foedus.reporting.indicators import indicator_sentence
from foedus.reporting.questions import Answers, Short, not_answered

JUDGED = 6
"""So many key judgements at most."""

WATCHED = 3
"""So many indicators at most."""


def brief_blocks(found: Findings) -> tuple[Block, ...]:
    """The brief part by part; those of which nothing can be said are left out."""
    name = asked_first(found)
    f = found.ahead.forecast if found.ahead is not None else None
    parts = [
        ("bottom-line", "Bottom line", _bottom_line(found, name)),
        ("why", "Why", _why(found, name)),
        ("judgements", "Key judgements", _key_judgements(f)),
        ("asked", "The questions of this case", _questions(found)),
        ("rests-on", "What it rests on", _points(rests_on(found, name) if name else ())),
        ("watch", "What would change it, and what to watch", _watch(found)),
        ("way-there", "Can one get there from today", (ways(found),)),
        ("made-of", "What this was made of", _made_of(found)),
    ]
    made = ((id_, title, tuple(b for b in blocks if b is not None)) for id_, title, blocks in parts)
    return tuple(Section(title, blocks, id_) for id_, title, blocks in made if blocks)


def _points(points: Iterable[Point], *, ordered: bool = False) -> Iterator[Points]:
    """Points as one list, if there are any."""
    if every := tuple(points):
        yield Points(every, ordered)


def asked_first(found: Findings) -> str | None:
    """The arrangement that the bottom line is about; None for a case that has none.

    That of the first question where this asks about one; else the likeliest hypothesis, or
    arrangement. Without a forecast the first of them.
    """
    case = found.game.case
    first = next(iter(case.questions.values()), None)
    if first is not None and isinstance(first.about, ChanceAsked):
        return first.about.arrangement
    if found.ahead is None:
        return next(iter(case.hypotheses or case.arrangements), None)
    f = found.ahead.forecast
    return max(chosen(f), key=lambda name: f.answer(name).p, default=None)


# --- the bottom line ------------------------------------------------------------------------------


def _bottom_line(found: Findings, name: str | None) -> Iterator[Block]:
    if found.ahead is None or name is None:
        if found.silent:
            yield Sentence(found.silent, "muted")
        return
    f = found.ahead.forecast
    yield Sentence(
        bottom_line(likelihood_of(f, name), confidence_of(f, name), f.case, name), strong=True
    )
    yield likelihoods(f)


def bottom_line(judged: Likelihood, sure: Confidence, case: Case, name: str) -> str:
    """One sentence: the word of likelihood, the number, its range, and the confidence."""
    word = word_for(judged.p, judged.words).word
    figure, ends = figure_told(judged), range_told(judged)
    trust = f"; {sure.level} confidence" if sure.level is not None else ""
    start = f"There is {_with_article(word)} that" if _a_chance(word) else f"It is {word} that"
    day = f" on {case.deadline:%-d %B %Y}" if case.deadline else " at the deadline"
    return f"{start} “{case.arrangements[name].name}” stands{day} ({figure}, range {ends}{trust})."


def _a_chance(word: str) -> bool:
    return word.endswith(("chance", "possibility"))


def _with_article(word: str) -> str:
    return word if word.startswith("almost") else f"a {word}"


# --- why ------------------------------------------------------------------------------------------


def _why(found: Findings, name: str | None) -> Iterator[Block | None]:
    if name is None:
        return
    yield from _points(why(found, name))
    if found.accepted is not None:
        yield veto_strip(found.accepted)
    yield pace_bars(found)


# --- key judgements -------------------------------------------------------------------------------


def _key_judgements(f: Forecast | None) -> Iterator[Block]:
    if f is not None:
        yield from _points(_judged(f), ordered=True)


def _judged(f: Forecast) -> Iterator[Point]:
    """Each hypothesis: how likely, and in a sentence of its own how sure."""
    said: set[str] = set()
    for name in chosen(f)[:JUDGED]:
        sure = confidence_of(f, name)
        trusted = confidence_sentence(sure, f.case)
        if trusted in said:
            trusted = f"Our confidence in this is {sure.level}, for the same reason."
        said.add(trusted)
        yield Point(f"{likelihood_sentence(likelihood_of(f, name))} {trusted}")


# --- questions ------------------------------------------------------------------------------------


def _questions(found: Findings) -> Iterator[Block]:
    asked = found.game.case.questions
    if not asked:
        return
    answers = Answers(found, found.ahead.forecast if found.ahead else None)
    try:
        rows = tuple(_asked(question, answers.short(question)) for question in asked.values())
    except CaseError as error:
        yield not_answered(error)
        return
    columns = (Column("asked"), Column("this case"), Column("the author"), Column("the two"))
    yield Table("", columns, rows)


def _asked(question: AuthorQuestion, short: Short) -> tuple[Cell, ...]:
    agreement = Cell(short.agreement, short.tone)
    return Cell(question.asks), Cell(short.computed), Cell(short.author), agreement


# --- what to watch --------------------------------------------------------------------------------


def _watch(found: Findings) -> Iterator[Block]:
    yield from _points(_watched(found))
    if found.ahead is not None and (drawn := timeline(found)) is not None:
        yield drawn


def _watched(found: Findings) -> Iterator[Point]:
    """The indicators that move an answer most: signs before what is part of the answer."""
    seen = found.ahead.indicators if found.ahead is not None else None
    if seen is None:
        return
    signs = seen.top("sign")[:WATCHED]
    parts = seen.top("part", "bar")[: WATCHED - len(signs)]
    for indicator in (*signs, *parts):
        yield Point(indicator_sentence(seen, indicator), see="forecast-indicators")


# --- what it was made of --------------------------------------------------------------------------


def _made_of(found: Findings) -> Iterator[Sentence]:
    case = found.game.case
    yield Sentence(_sources(case), "muted")
    if found.ahead is not None:
        f = found.ahead.forecast
        yield Sentence(
            f"Method: each may act when its chance comes, and does when all who must agree are "
            f"better off; solved exactly in {f.draws:,} draws of the judgements (seed {f.seed}), "
            f"and in {len(f.variants)} variants of the model. The range covers these variants and "
            "the views that are pooled; it is no confidence interval.",
            "muted",
        )


def _sources(case: Case) -> str:
    graded = [item for item in case.evidence.values() if item.reliability]
    told = f"{len(case.evidence) + len(case.polls)} items of evidence and polls"
    if graded:
        grades = sorted({f"{item.reliability}{item.credibility or ''}" for item in graded})
        told += f", graded {grades[0]} to {grades[-1]}" if len(grades) > 1 else f", all {grades[0]}"
    as_of = f"As of {case.as_of:%-d %B %Y}: " if case.as_of else ""
    source = f" {case.source}" if case.source else ""
    return f"{as_of}{told}.{source}"
