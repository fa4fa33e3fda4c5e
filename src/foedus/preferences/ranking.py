"""Ranking: ordered statements, best first; what matches none comes last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from foedus.case.judgement import Judgement
from foedus.case.model import Actor, And, Expression, In, Issue, Ranking, Statement
from foedus.game.space import Indexes, Radix, Space, StatementReader
from foedus.preferences.kind import Difference, Entry, Part, PreferenceKind, Sampler
from foedus.preferences.sample import Sample
from foedus.preferences.sampled import SampledPreferences
from foedus.preferences.view import Levels


@dataclass(frozen=True, slots=True)
class RankingKind(PreferenceKind):
    """One actor's ranking; see :class:`~.kind.PreferenceKind`. It has no numbers to judge."""

    ranking: Ranking

    def entries(self) -> Iterator[Entry]:
        """None: its statements have no names."""
        return iter(())

    def sampler(self, space: Space, actor: Actor, states: Indexes) -> Sampler:
        """The same levels in every draw; each is a class."""
        tiers, classes = np.unique(-self._tiers(space)[states], return_inverse=True)
        levels = np.arange(len(tiers), dtype=float)

        def sampled(sample: Sample) -> SampledPreferences:
            values = np.broadcast_to(levels, (sample.size, len(tiers)))
            return SampledPreferences(actor, "ordinal", np.asarray(classes), values)

        return sampled

    def neutral(self, issues: Mapping[str, Issue]) -> Iterator[Judgement]:
        """None."""
        return iter(())

    def differences(self, pair: StatementReader) -> tuple[Difference, ...]:
        """The tiers risen or fallen, with the statement that counts in the second state."""
        (before, _), (after, statement) = (self._tier(pair, place) for place in (0, 1))
        if before == after:
            return ()
        return (Difference(statement.text if statement else "", float(before - after), "tiers"),)

    def parts(self, space: Space) -> Iterator[Part]:
        """None: ranks are not linear in anything."""
        return iter(())

    def _tier(self, pair: StatementReader, place: int) -> tuple[int, Statement | None]:
        """The first tier that a state matches, and the statement that it matches there."""
        for number, statements in enumerate(self.ranking.tiers):
            for statement in statements:
                if pair.holds(statement.tree)[place]:
                    return number, statement
        return len(self.ranking.tiers), None

    def _tiers(self, space: Space) -> Levels:
        """The first tier that each state matches, from 0; the number of tiers where it is none."""
        tier = np.full(len(space), len(self.ranking.tiers), dtype=np.int64)
        singles = SingleStates(space.radix)
        codes: list[int] = []
        numbers: list[int] = []
        for number, statements in enumerate(self.ranking.tiers):
            for statement in statements:
                code = singles.code(statement.tree)
                if code is None:
                    matched = space.holds(statement.tree)
                    tier[matched] = np.minimum(tier[matched], number)
                else:
                    codes.append(code)
                    numbers.append(number)
        index = space.indexes(np.array(codes, dtype=np.int64))
        feasible = index >= 0
        np.minimum.at(tier, index[feasible], np.array(numbers, dtype=np.int64)[feasible])
        return tier


class SingleStates:
    """Reads statements that spell out one state in full, as rankings of imported files do.

    Such a file may hold a million of them, over few shared trees and parts: each is read once. They
    are known by identity, so they must outlive the reader.
    """

    def __init__(self, radix: Radix) -> None:
        self._issues = {issue.id: k for k, issue in enumerate(radix.issues)}
        self._radix = radix
        self._parts: dict[int, tuple[int, int]] = {}
        self._codes: dict[int, int | None] = {}

    def code(self, tree: Expression) -> int | None:
        """The code of the one state the statement is true of; None if it has another form."""
        key = id(tree)
        if key not in self._codes:
            self._codes[key] = self._read(tree)
        return self._codes[key]

    def _read(self, tree: Expression) -> int | None:
        if not isinstance(tree, And) or len(tree.parts) != len(self._issues):
            return None
        known, code, named = self._parts, 0, 0
        for part in tree.parts:
            found = known.get(id(part)) or self._part(part)
            named |= found[0]
            code += found[1]
        return code if named == (1 << len(self._issues)) - 1 else None

    def _part(self, part: Expression) -> tuple[int, int]:
        """A bit for the issue that the part settles (0: none), and its share of the code."""
        found = (0, 0)
        if isinstance(part, In) and len(part.positions) == 1:
            k = self._issues[part.issue]
            (position,) = part.positions
            found = (1 << k, self._radix.weights[k] * self._radix.issues[k].number(position))
        self._parts[id(part)] = found
        return found
