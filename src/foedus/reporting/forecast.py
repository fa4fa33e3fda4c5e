"""A forecast in words, tables and pictures: every number with where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import Block, Explanation, Point, Points, Section, Sentence
from foedus.forecasting.assessment import Confidence, Likelihood, confidence, support_of
from foedus.forecasting.estimates import Z, percent, percents
from foedus.reporting.assessment import confidence_sentence
from foedus.reporting.event_effects import event_effect_blocks, events_told, jump_blocks
from foedus.reporting.forecast_tables import (
    arrangement_blocks,
    confidence_table,
    course_lines,
    figure,
    issue_blocks,
    method_blocks,
    variants_told,
    view_blocks,
    way_blocks,
)

if TYPE_CHECKING:
    from foedus.forecasting.results import Forecast

MOST = 5
"""Without hypotheses the answer is told of so many arrangements, the likeliest."""


def forecast_blocks(f: Forecast) -> tuple[Block, ...]:
    """The forecast for a reader: the answer first, then what it is made of."""
    return (*answer_blocks(f), *forecast_sections(f))


def forecast_sections(f: Forecast) -> tuple[Section, ...]:
    """What the forecast is made of, part by part."""
    names = chosen(f)
    found = [
        Section("Arrangement by arrangement", arrangement_blocks(f), "forecast-arrangements"),
        Section("The views, and pooled", view_blocks(f), "forecast-views"),
        Section("How far the model variants move it", way_blocks(f, names), "forecast-range"),
        Section("What the world does", event_effect_blocks(f), "forecast-events"),
        Section("When", (course_lines(f, names), *jump_blocks(f, names)), "forecast-course"),
        Section("Pace", _pace(f), "forecast-pace"),
        Section("Issue by issue", issue_blocks(f), "forecast-issues"),
        trust_section(f),
        Section("How it was computed", method_blocks(f), "forecast-method"),
    ]
    return tuple(section for section in found if section.blocks)


def trust_section(f: Forecast, *, support: bool = True) -> Section:
    """How far each answer can be trusted; ``support`` as for :func:`confidence_table`."""
    table = confidence_table(f, {n: confidence_of(f, n) for n in chosen(f)}, support=support)
    return Section("How far to trust it", (table,), "forecast-confidence")


def chosen(f: Forecast) -> tuple[str, ...]:
    """What the answer is about: the hypotheses; without any, the likeliest arrangements."""
    if f.case.hypotheses:
        return f.case.hypotheses
    order = sorted(f.estimates, key=lambda name: -f.estimates[name].reached.p)
    return tuple(order[:MOST])


def answer_blocks(f: Forecast) -> tuple[Block, ...]:
    """Each hypothesis: a sentence of likelihood, one of confidence, and what the draws gave."""
    opening = (*opening_blocks(f), *events_told(f))
    return (Sentence(_basis(f)), *_warnings(f), *opening, Sentence(holds_told(f)))


def remaining_blocks(f: Forecast) -> tuple[Block, ...]:
    """The same for a page that says in its brief how likely each hypothesis is, and how sure."""
    return (Sentence(_basis(f)), *_warnings(f), *events_told(f), Sentence(holds_told(f)))


def opening_blocks(f: Forecast) -> tuple[Block, ...]:
    """Each hypothesis in its sentences, and the rest."""
    blocks: list[Block] = []
    for name in chosen(f):
        likelihood = likelihood_of(f, name)
        blocks += likelihood.blocks()
        blocks.append(Sentence(confidence_sentence(confidence_of(f, name), f.case)))
        blocks.append(Sentence(_inside(f, name), "muted"))
    if f.views is not None:
        rest = f.answer("other")
        error = _error(f, "other")
        low, high = max(0.0, rest.low - error), min(1.0, rest.high + error)
        ends = percents(rest.low, rest.high, error)
        figures = f"{percent(rest.p, low, high)}; range {ends}"
        blocks.append(Sentence(f"Anything else: {figures}, by {_origin(f, pooled=True)}."))
    return tuple(blocks)


def likelihood_of(f: Forecast, name: str) -> Likelihood:
    """How likely an arrangement is: pooled where it is a hypothesis, else by the inside view.

    The range covers the model variants, the views and their weights; the Monte Carlo error stands
    apart. Views that differ by more than two words are told in the same sentence.
    """
    answer = f.answer(name)
    claim = f"what stands at the deadline is “{f.case.arrangements[name].name}”"
    origin = _origin(f, pooled=name in f.case.hypotheses)
    apart = f.views.views_apart.get(name) if f.views is not None else None
    views = {} if apart is None else {"inside": apart.inside, "outside": apart.outside}
    words = f.case.words
    return Likelihood(
        claim, answer.p, answer.low, answer.high, origin, words, error=_error(f, name), views=views
    )


def _error(f: Forecast, name: str) -> float:
    """Half the 90 % interval of the Monte Carlo error of an answer."""
    own = f.reached(name)
    return max(Z * f.answer(name).se, own.high - own.p, own.p - own.low)


def _origin(f: Forecast, pooled: bool) -> str:
    """Where an answer comes from: ``pooled`` where it is one of the exclusive set."""
    if pooled and f.views is not None and f.views.more_than_inside:
        names = list(f.views.pooled.views)
        also = f.views.evidence.speaks
        if len(names) > 1:
            return f"the {_listed(names)} views pooled{', and the evidence' if also else ''}"
        return f"the inside view{' and the evidence' if also else ''}"
    return f"{f.draws:,} draws and {len(f.variants) + 1} model variants"


def confidence_of(f: Forecast, name: str) -> Confidence:
    """How far the likelihood of an arrangement can be trusted, by what it depends on.

    What is tried here are the model variants.
    """
    views = {"inside": f.estimates[name].reached.p}
    if f.views is not None and name in f.case.hypotheses:
        views = f.views.answers(name)
    return confidence(
        f.answer(name).p, f.alternatives(name), views, f.case.words, support_of(f.case)
    )


def forecast_explained(f: Forecast, name: str) -> Explanation:
    """Where one arrangement's number comes from."""
    estimate, ways = f.estimates[name], f.model_range(name)
    told: list[Block] = [
        *likelihood_of(f, name).blocks(),
        Sentence(confidence_sentence(confidence_of(f, name), f.case)),
    ]
    points = [
        Point(
            f"Inside view: {figure(estimate.reached)}, with what the case leaves out; as judged "
            f"{figure(estimate.judged)}."
        ),
        Point(
            f"The model variants give {variants_told(f, name)}: least with "
            f"{ways.lowest}, most with {ways.highest}."
        ),
    ]
    if estimate.reached_and_stable is not None:
        points.append(
            Point(
                f"Reached, and what is reached would be stable ({f.concept}): "
                f"{figure(estimate.reached_and_stable)}."
            )
        )
    told.append(Points(tuple(points)))
    if f.views is not None and name in f.case.hypotheses:
        told += f.views.pooled.explain(name).blocks
        if f.views.outside.speaks:
            told += f.views.outside.explain(name).blocks
        if f.views.evidence.speaks:
            told += f.views.evidence.explain(name).blocks
    return Explanation(tuple(told))


def holds_told(f: Forecast) -> str:
    """What it means that a state reached holds, how often it does, and who would go on."""
    gone = f.departures
    if not gone.draws:
        return "Whether what is reached would be stable was not computed."
    text = (
        f"A state reached is stable ({f.concept}) when nobody who can act would still gain by a "
        "move that the others' replies do not deter. "
    )
    if not gone.pulls:
        return f"{text}In the first {gone.draws} draws everything reached is."
    text += f"With a chance of {percent(gone.left)} somebody would still go on"
    top = gone.pulls[0]
    issue = f.case.issues[top.issue]
    label = issue.positions[issue.number(top.target)].label
    who = listed((f.case.actors[a].name for a in top.mover.split("+")), "and")
    text += (
        f"; most often {who}, who want “{issue.name}” moved to “{label}” ({percent(top.share)})."
    )
    if top.slow:
        text += (
            " That takes its time: such a state is not finished when the time is up, which is "
            "another thing than being about to be undone."
        )
    return text


def _basis(f: Forecast) -> str:
    return (
        f"From {f.case.as_of} to the deadline ({f.case.deadline}): the process, solved in "
        f"{f.draws:,} draws of the judgements in this case (seed {f.seed})."
    )


def _warnings(f: Forecast) -> tuple[Block, ...]:
    if not f.unexplained:
        return ()
    movers = "; ".join(
        listed((f.case.actors[a].name for a in key.split("+")), "and") for key in f.unexplained
    )
    text = (
        f"The model does not explain the present: by its judgements {movers} would long have left "
        "it. What it says of the future is worth less for that, unless they have only just come to "
        "power, which rights can say by `from`; see the paths."
    )
    return (Sentence(text, "warn"),)


def _inside(f: Forecast, name: str) -> str:
    """What the process gives, with both errors apart."""
    e = f.estimates[name]
    text = (
        f"Inside view: {figure(e.reached)} (Monte Carlo error "
        f"{percents(e.reached.low, e.reached.high)}; as judged, with nothing left out, "
        f"{figure(e.judged)}; model variants {variants_told(f, name)})"
    )
    if e.reached_and_stable is not None:
        text += f", reached and stable {figure(e.reached_and_stable)}"
    return f"{text}."


def _pace(f: Forecast) -> tuple[Block, ...]:
    blocks = f.paces.blocks()
    return blocks or (Sentence("The case has no record of pace.", "muted"),)


def _listed(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
