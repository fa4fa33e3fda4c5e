"""Analysis of competing hypotheses (ACH) over a case's own hypotheses [Heuer1999].

Facts and reports against hypotheses: which hypothesis has least against it, which items tell the
hypotheses apart, and which single items or marks that order depends on. It makes reasoning visible;
controlled studies do not show that it makes judgements better [Dhami2019], [Whitesmith2019],
[Karvetski2020]. Exact rules: ``docs/evidence-ach.md``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from immutabledict import immutabledict

from foedus.case.by_name import ByName
from foedus.case.links import reasons_of
from foedus.case.model import Case
from foedus.case.problems import UnknownName
from foedus.document import Explanation
from foedus.evidence.scoring import (
    BY_STEP,
    Marks,
    Matrix,
    OriginRule,
    Ranking,
    Rule,
    Score,
    Weighting,
    added,
    diagnosticity,
    item_weights,
    matrix_of,
    rule_named,
)
from foedus.evidence.tally import Tally
from foedus.result import Result, data_of, explained


@dataclass(frozen=True, slots=True)
class OneStep:
    """A mark set one step otherwise, and the ranking that would follow."""

    hypothesis: str
    mark: str
    instead: str
    ranking: Ranking


@dataclass(frozen=True, slots=True)
class Ablation:
    """How the ranking depends on one item.

    ``without`` is the ranking without it. ``steps`` are those of its marks which, one step
    otherwise, change the ranking. ``turns`` says that leaving it out, or such a step, changes which
    hypotheses have least against them: the item is a linchpin.
    """

    item: str
    without: Ranking
    steps: tuple[OneStep, ...]
    without_turns: bool
    turns: bool


@dataclass(frozen=True, slots=True, repr=False)
class Ach(Result):
    """The analysis: matrix, scores, ranking, diagnosticity, and what the ranking depends on.

    ``scores`` have every hypothesis of the matrix; those for which nothing is marked are in
    ``unjudged`` and not in ``ranking``. ``weights`` are the items' by themselves. ``diagnosticity``
    is None for an item marked for fewer than two hypotheses. ``also_inside`` are items on which
    judgements of the inside view rest as well.
    """

    case: Case
    matrix: Matrix
    rule: Rule
    weighting: Weighting
    origin_rule: OriginRule
    weights: Mapping[str, float]
    scores: Mapping[str, Score]
    ranking: Ranking
    diagnosticity: Mapping[str, float | None]
    ablations: Mapping[str, Ablation]
    also_inside: tuple[str, ...]

    @property
    def least(self) -> tuple[str, ...]:
        """The hypotheses with least against them; none when nothing is marked."""
        return self.ranking[0] if self.ranking else ()

    @property
    def unjudged(self) -> tuple[str, ...]:
        """Hypotheses of the case for which nothing is marked: ACH says nothing of them."""
        return tuple(h for h, found in self.scores.items() if not found.marked)

    @property
    def linchpins(self) -> tuple[str, ...]:
        """The items on which, one by one, it depends which hypotheses have least against them."""
        return tuple(item for item, gone in self.ablations.items() if gone.turns)

    def against(self, hypothesis: str) -> Mapping[str, float]:
        """What each item adds to a hypothesis's score. Raises KeyError for an unknown one."""
        if hypothesis not in self.scores:
            raise UnknownName("hypothesis", hypothesis, self.scores)
        return immutabledict(
            added(self.matrix, hypothesis, self.rule.against, self.weights, self.origin_rule)
        )

    def fewest_origins(self, rival: str) -> tuple[str, ...] | None:
        """A smallest set of origins that must be wrong for ``rival`` to draw level with the least.

        Their items are left out together. None when that is not enough.
        Level is by score alone. Raises KeyError for a hypothesis that is not ranked.
        """
        ranked = [h for group in self.ranking for h in group]
        if rival not in ranked:
            raise UnknownName("ranked hypothesis", rival, ranked)
        gap = self.scores[rival].weighted - self.scores[self.least[0]].weighted
        gains: dict[str, float] = {}
        theirs, its = self.against(self.least[0]), self.against(rival)
        for item in self.matrix.items:
            gain = its.get(item, 0.0) - theirs.get(item, 0.0)
            origin = self.matrix.origins[item]
            gains[origin] = gains.get(origin, 0.0) + gain
        left_out = []
        for origin in sorted(gains, key=lambda name: -gains[name]):
            if gap <= 1e-9 or gains[origin] <= 0:
                break
            gap -= gains[origin]
            left_out.append(origin)
        return tuple(left_out) if gap <= 1e-9 else None

    def explain(self, name: str) -> Explanation:
        """What speaks against a hypothesis, or what an item tells. KeyError for an unknown name."""
        return explained(self, name)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: scores, ranking, the matrix row by row, and what is not counted."""
        return {
            **data_of(
                self, "scoring=rule.name weights=weighting origins=origin_rule hypotheses=scores"
            ),
            "ranking": [list(group) for group in self.ranking],
            "unjudged": list(self.unjudged),
            "items": {item: self._item(item) for item in self.matrix.items},
            **data_of(self, "linchpins passed_over=matrix.passed_over also_inside"),
        }

    def _item(self, item: str) -> dict[str, Any]:
        gone = self.ablations[item]
        return {
            "marks": {h: self.matrix.mark(item, h) for h in self.matrix.hypotheses},
            "origin": self.matrix.origins[item],
            "weight": self.weights[item],
            "diagnosticity": self.diagnosticity[item],
            "ranking_without": [list(group) for group in gone.without],
            "one_step": [
                {
                    "hypothesis": step.hypothesis,
                    "mark": step.mark,
                    "instead": step.instead,
                    "ranking": [list(group) for group in step.ranking],
                }
                for step in gone.steps
            ],
            "linchpin": gone.turns,
        }


def ach(
    case: Case,
    marks: Marks | None = None,
    scoring: str = "heuer",
    weights: Weighting = "grades",
    origins: OriginRule = "once",
) -> Ach:
    """Analyse competing hypotheses by a case's marks, or by those given instead of them.

    ``scoring`` is ``heuer``, ``parc`` or ``open-synthesis``; ``weights`` are by Admiralty grade or
    equal; items of one origin count ``once`` or ``each``. Raises CaseError for a case without
    hypotheses, ValueError for another name, and for marks of unknown items or hypotheses.
    """
    matrix, rule = matrix_of(case, marks), rule_named(scoring)
    by_item = item_weights(matrix, case.evidence, weights)
    tally = Tally(matrix, rule, by_item, origins)
    order = tally.ranking()
    inside = reasons_of(case)
    return Ach(
        case,
        matrix,
        rule,
        weights,
        origins,
        by_item,
        ByName("hypothesis", tally.scores()),
        order,
        ByName("item", {item: diagnosticity(matrix, item) for item in matrix.items}),
        ByName("item", {item: _ablation(matrix, item, order, tally) for item in matrix.items}),
        tuple(item for item in matrix.items if item in inside),
    )


def _ablation(matrix: Matrix, item: str, order: Ranking, tally: Tally) -> Ablation:
    least = set(order[0])
    without = tally.without(item)
    steps = []
    for hypothesis in matrix.hypotheses:
        step = matrix.step(item, hypothesis)
        if step is None:
            continue
        for other in (step - 1, step + 1):
            if other not in BY_STEP:
                continue
            found = tally.with_step(item, hypothesis, other)
            if found != order:
                steps.append(OneStep(hypothesis, BY_STEP[step], BY_STEP[other], found))
    without_turns = bool(without) and set(without[0]) != least
    turns = without_turns or any(set(step.ranking[0]) != least for step in steps)
    return Ablation(item, without, tuple(steps), without_turns, turns)
