"""Forecast ordered issues by one model, by all, or by the distribution that was best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from foedus.bargaining.best import best_spread
from foedus.bargaining.fitted import RESIDUAL
from foedus.bargaining.issue import OrderedIssue
from foedus.bargaining.model import BargainingModel, Settled, remark_on
from foedus.bargaining.of_case import ordered_issues, positions_told
from foedus.bargaining.registry import MODELS, model_named
from foedus.bargaining.results import Bargain, Prediction, Pull
from foedus.bargaining.spread import residual
from foedus.case.model import Case
from foedus.case.problems import UnknownName

BEST, ALL = "best", "all"

Given = Mapping[str, Mapping[str, object]]
"""Options by model."""


def models_asked(name: str) -> tuple[str, ...]:
    """The names of the models meant by ``best``, ``all`` or a name. Raises `UnknownName`."""
    if name == ALL:
        return (BEST, *MODELS)
    if name != BEST and name not in MODELS:
        raise UnknownName("bargaining model", name, (BEST, ALL, *MODELS))
    return (name,)


def bargain(
    issues: Case | Sequence[OrderedIssue], model: str = BEST, options: Given | None = None
) -> Bargain:
    """Forecast each issue of a case, or of a table.

    ``model`` is ``best``, ``all`` or the name of one. Issues with one proposal are settled
    together. Raises `UnknownName` for what is not known, ValueError for a wrong option, CaseError
    for a case without ordered issues.
    """
    given = options or {}
    for name in given:
        model_named(name).chosen(given[name])
    names, called = {}, {}
    title = ""
    if isinstance(issues, Case):
        case, issues = issues, ordered_issues(issues)
        names = {each.issue: positions_told(case, each.issue) for each in issues}
        title = case.title
        called = {actor.id: actor.name for actor in case.actors.values()}
    asked = models_asked(model)
    found: dict[tuple[str, int], Prediction] = {}
    for proposal in dict.fromkeys(each.proposal for each in issues):
        rows = [k for k, each in enumerate(issues) if each.proposal == proposal]
        group = [issues[k] for k in rows]
        for name in asked:
            made = _forecast(group, name, given.get(name))
            found |= {(name, k): each for k, each in zip(rows, made, strict=True)}
    predictions = (found[name, k] for k in range(len(issues)) for name in asked)
    return Bargain(
        tuple(replace(each, names=names.get(each.issue.issue, {})) for each in predictions),
        given,
        title,
        called,
    )


def _forecast(
    group: Sequence[OrderedIssue], name: str, options: Mapping[str, object] | None
) -> list[Prediction]:
    """The forecasts of one proposal's issues."""
    if name == BEST:
        spreads = [best_spread(issue) for issue in group]
        return [
            Prediction(
                issue, name, spread.median, spread, Settled(spread.median, (), remark_on(issue))
            )
            for issue, spread in zip(group, spreads, strict=True)
        ]
    model: BargainingModel = model_named(name)
    settled = model.settled(group, options)
    return [
        Prediction(
            issue,
            name,
            each.point,
            residual(each.point, RESIDUAL[name] * issue.width, issue.low, issue.high),
            each,
        )
        for issue, each in zip(group, settled, strict=True)
    ]


def pulls(found: Bargain, prediction: Prediction) -> tuple[Pull, ...]:
    """What each actor does to a forecast, the strongest first; the model is solved without each."""
    issue, weight = prediction.issue, prediction.issue.weight
    group = found.neighbours(prediction)
    at = next(k for k, each in enumerate(group) if each is issue)
    options = found.options.get(prediction.model)
    made = []
    for k, actor in enumerate(issue.actors):
        shift = None
        if len(issue.actors) > 1:
            others = [*group[:at], issue.without(k), *group[at + 1 :]]
            shift = prediction.point - _forecast(others, prediction.model, options)[at].point
        position = float(issue.position[k])
        force = float(weight[k]) * (position - prediction.point)
        made.append(Pull(actor, position, float(weight[k]), force, shift))
    return tuple(sorted(made, key=lambda each: -abs(each.force)))
