"""The pictures of the brief: how likely, who refuses, how long, when, and which way leads there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from foedus.case.model import ChanceBy, OnDay
from foedus.case.problems import CaseError
from foedus.document import (
    MOST_COURSES,
    Block,
    Calendar,
    Likelihood,
    Likelihoods,
    Line,
    Says,
    Share,
    ShareBar,
    Shares,
    Span,
    Strip,
    StripCell,
)
from foedus.forecasting.outside import OTHER
from foedus.forecasting.paces import paces_of
from foedus.forecasting.results import Forecast
from foedus.forecasting.wording import bands_of, word_for
from foedus.process.acceptance import Acceptance, Finding
from foedus.reporting.acceptance import gained, rounded
from foedus.reporting.findings import Findings
from foedus.reporting.forecast import chosen
from foedus.reporting.paths_picture import tree
from foedus.reporting.questions import SELDOM

ROWS = 6
"""So many answers, or arrangements, are drawn at most."""


def likelihoods(f: Forecast) -> Likelihoods:
    """Each answer with its range, and the base rate where there is one."""
    case = f.case
    names = [*chosen(f)[:ROWS], *([OTHER] if case.hypotheses else [])]
    bases = f.views.outside.by_classes if f.views is not None else {}
    drawn = []
    for name in names:
        answer = f.answer(name)
        base = f.views.outside.shares[name].p if f.views is not None and name in bases else None
        label = "None of these" if name == OTHER else case.arrangements[name].name
        word = word_for(answer.p, case.words).word
        drawn.append(Likelihood(label, answer.p, answer.low, answer.high, word, base))
    bands = tuple((*band, words[0]) for band, words in bands_of(case.words).items())
    note = "A dot is the answer, its bar the range over the views and the variants of the model"
    note += "; a mark is the base rate of the outside view." if bases else "."
    return Likelihoods("How likely each is at the deadline", tuple(drawn), bands, note)


def veto_strip(accepted: Acceptance) -> Strip | None:
    """Who would be better or worse off with each arrangement, and who refuses it when asked."""
    game = accepted.game
    names = game.case.hypotheses or tuple(accepted.findings)
    rows = [accepted[name] for name in names if accepted[name].form is not None][:ROWS]
    actors = [a for a in game.views if any(_concerned(finding, a) for finding in rows)]
    if not rows or not actors:
        return None
    cells = tuple(tuple(_cell(accepted, finding, actor) for actor in actors) for finding in rows)
    return Strip(
        "Who gains, and who refuses",
        tuple(finding.arrangement.name for finding in rows),
        tuple(game.case.actors[actor].name for actor in actors),
        cells,
        "arrangement",
        "A bar is what an actor expects from the best form if it is kept, less if it never comes, "
        "as a share of its own range: bars of different actors are not compared.",
    )


def _concerned(finding: Finding, actor: str) -> bool:
    """Whether an actor is asked, by any coalition or at any time."""
    asked = {a for each in finding.consent.forms for one in each.asked for a in one.coalition}
    return actor in asked or actor in finding.consent.refusals.asked


def _cell(accepted: Acceptance, finding: Finding, actor: str) -> StripCell:
    game, form = accepted.game, finding.form
    refuses = finding.consent.refusals.refuses
    asked = finding.best is not None and actor in finding.best.coalition
    says: Says = "not asked"
    if asked or actor in refuses:
        says = "refuses" if refuses.get(actor, 0.0) >= SELDOM else "agrees"
    if form is not None and actor in form.gain:
        whole = accepted.process.written[actor] or 1.0
        share = max(-1.0, min(1.0, form.gain[actor] / whole))
        return StripCell(says, share, gained(game, actor, form.gain[actor]))
    votes = finding.best.electorates.get(actor) if finding.best is not None else None
    return StripCell(says, None, f"{rounded(votes[0])}%" if votes else "")


def pace_bars(found: Findings) -> Shares | None:
    """Of a hundred changes at each pace, how many are done in the time left."""
    paces = paces_of(found.game.case)
    used = {name: pace for name, pace in paces.records.items() if pace.issues and pace.parallel}
    if not used:
        return None
    bars = tuple(
        ShareBar(
            name,
            (
                Share("done", round(100 * pace.parallel[0]), "good"),
                Share("not yet", 100 - round(100 * pace.parallel[0]), "muted"),
            ),
        )
        for name, pace in used.items()
    )
    note = "At the pace of each record, if all who must agree want it from the first day on."
    return Shares(
        "Of a hundred changes, how many are done in the time left", "of 100", bars, (), note
    )


def timeline(found: Findings) -> Calendar | None:
    """From today to the deadline: what comes when, and how the answers run."""
    case = found.game.case
    start, end = case.as_of, case.deadline
    if start is None or end is None or end <= start:
        return None
    spans = tuple(_spans(found, start, end))
    days: tuple[date, ...] = ()
    courses: tuple[Line, ...] = ()
    if found.ahead is not None:
        f = found.ahead.forecast
        every = {start + timedelta(days=round(float(t))): k for k, t in enumerate(f.times)}
        days, order = tuple(every), list(f.estimates)
        courses = tuple(
            Line(
                case.arrangements[name].name,
                tuple(min(1.0, float(f.course[k, order.index(name)])) for k in every.values()),
            )
            for name in chosen(f)[:MOST_COURSES]
        )
    note = "If the deadline came earlier: by the inside view, at each day." if courses else None
    return Calendar("What comes when", start, end, spans, days, courses, note)


def _spans(found: Findings, start: date, end: date) -> Iterator[Span]:
    for event in found.game.case.events.values():
        match event.timing:
            case OnDay(day):
                if start <= day <= end:
                    yield Span(event.name, day, day)
            case ChanceBy(by, _):
                if by > start:
                    yield Span(event.name, start, min(by, end))
            case _:
                yield Span(f"{event.name} (at any time)", start, end, "muted")


def ways(found: Findings) -> Block | None:
    """What leads where from today, and who refuses; None where no way is known."""
    if found.accepted is None:
        return None
    from foedus.process.paths import ways_from_today

    try:
        paths = ways_from_today(found.game)
    except CaseError:
        return None
    return tree(paths, ROWS if not found.game.case.hypotheses else len(found.game.case.hypotheses))
