"""The scores of a matrix, and the rankings that follow when one item or one mark is otherwise.

A sum is held as a number for each origin, so that what one item or mark changes is found without
going through the others again: the work grows with the marks, not with their square. Sums are
exact, and a ranking found so is that of the changed matrix analysed anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from foedus.evidence.scoring import LEVEL, Matrix, OriginRule, Ranking, Rule, Score

_NOTHING = Fraction(0)


@dataclass(slots=True)
class _Sum:
    """What the marks for one hypothesis add up to, the strongest of each origin counting."""

    total: Fraction = _NOTHING
    amounts: dict[str, float] = field(default_factory=dict)
    strongest: dict[str, tuple[float, float]] = field(default_factory=dict)

    def add(self, item: str, origin: str, amount: float) -> None:
        self.amounts[item] = amount
        first, second = self.strongest.get(origin, (0.0, 0.0))
        self.strongest[origin] = (max(first, amount), max(second, min(first, amount)))
        self.total += Fraction(max(first, amount)) - Fraction(first)

    def instead(self, item: str, origin: str, amount: float) -> Fraction:
        """The total, were the item to add so much: 0 for leaving it out."""
        first, second = self.strongest[origin]
        rest = second if self.amounts[item] == first else first
        return self.total - Fraction(first) + Fraction(max(rest, amount))


class _Standing(NamedTuple):
    """How a hypothesis stands: what ranks it. ``covered`` are the origins marked for it."""

    against: Fraction
    consistent: Fraction
    marked: int
    covered: int


@dataclass(slots=True)
class _Column:
    """One hypothesis: its sums, and how many of each origin's items are marked for it."""

    against: _Sum = field(default_factory=_Sum)
    consistent: _Sum = field(default_factory=_Sum)
    steps: dict[str, int] = field(default_factory=dict)
    covered: Counter[str] = field(default_factory=Counter)

    @property
    def standing(self) -> _Standing:
        return _Standing(
            self.against.total, self.consistent.total, len(self.steps), len(self.covered)
        )


class Tally:
    """What speaks against each hypothesis of a matrix, by a rule, with weights by item.

    ``origins`` says whether an origin counts ``once``, by the strongest of its items, or ``each``
    item counts. Raises ValueError for another way.
    """

    def __init__(
        self, matrix: Matrix, rule: Rule, weights: Mapping[str, float], origins: OriginRule
    ) -> None:
        if origins not in ("once", "each"):
            raise ValueError(f"no way to count origins {origins!r}; there are once, each")
        self._matrix, self._rule, self._weights = matrix, rule, weights
        self._origin = {i: i if origins == "each" else matrix.origins[i] for i in matrix.items}
        self._sizes = Counter(self._origin.values())
        self._columns = {h: _Column() for h in matrix.hypotheses}
        for item in matrix.items:
            for h in matrix.hypotheses:
                step = matrix.step(item, h)
                if step is not None:
                    self._add(self._columns[h], item, step)
        self._standings = {h: column.standing for h, column in self._columns.items()}

    def _add(self, column: _Column, item: str, step: int) -> None:
        origin = self._origin[item]
        against, consistent = self._amounts(item, step)
        column.steps[item] = step
        column.covered[origin] += 1
        column.against.add(item, origin, against)
        column.consistent.add(item, origin, consistent)

    def _amounts(self, item: str, step: int) -> tuple[float, float]:
        weight = self._weights[item]
        return weight * self._rule.against(step), weight * self._rule.consistent(step)

    def scores(self) -> dict[str, Score]:
        """The score of each hypothesis; a cell that is not marked adds nothing."""
        return {h: self._score(h, column) for h, column in self._columns.items()}

    def _score(self, hypothesis: str, column: _Column) -> Score:
        steps, standing = column.steps.values(), self._standings[hypothesis]
        whole = len(self._sizes)
        return Score(
            sum(step < 0 for step in steps),
            float(sum(self._rule.against(step) for step in steps)),
            float(standing.against),
            float(standing.consistent),
            standing.marked,
            sum(step != 0 for step in steps),
            len(self._matrix.items),
            standing.covered / whole if whole else 0.0,
        )

    def ranking(self) -> Ranking:
        """Hypotheses from least to most inconsistent; those with nothing marked have no rank."""
        return self._ranked(self._standings.items(), len(self._sizes))

    def without(self, item: str) -> Ranking:
        """The ranking, were one item left out."""
        origin = self._origin[item]
        after = dict(self._standings)
        for h, column in self._columns.items():
            if item in column.steps:
                after[h] = _Standing(
                    column.against.instead(item, origin, 0.0),
                    column.consistent.instead(item, origin, 0.0),
                    len(column.steps) - 1,
                    len(column.covered) - (column.covered[origin] == 1),
                )
        return self._ranked(after.items(), len(self._sizes) - (self._sizes[origin] == 1))

    def with_step(self, item: str, hypothesis: str, step: int) -> Ranking:
        """The ranking, were the mark of an item for a hypothesis so many steps from N.

        Raises KeyError where the cell is not marked.
        """
        origin, column = self._origin[item], self._columns[hypothesis]
        against, consistent = self._amounts(item, step)
        changed = self._standings[hypothesis]._replace(
            against=column.against.instead(item, origin, against),
            consistent=column.consistent.instead(item, origin, consistent),
        )
        after = {**self._standings, hypothesis: changed}
        return self._ranked(after.items(), len(self._sizes))

    def _ranked(self, standings: Iterable[tuple[str, _Standing]], origins: int) -> Ranking:
        groups: dict[tuple[float, ...], list[str]] = {}
        for hypothesis, standing in standings:
            if standing.marked:
                groups.setdefault(self._key(standing, origins), []).append(hypothesis)
        return tuple(tuple(groups[key]) for key in sorted(groups))

    def _key(self, standing: _Standing, origins: int) -> tuple[float, ...]:
        first = round(float(standing.against), LEVEL)
        if not self._rule.by_consistency:
            return (first,)
        consistent = round(float(standing.consistent), LEVEL)
        return (first, -consistent, 1 - standing.covered / origins)
