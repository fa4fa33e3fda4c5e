"""What the search for slips stands on: a case with what can come about in it, found once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

import numpy as np
from immutabledict import immutabledict

from foedus.case.links import JudgementNames
from foedus.case.model import Case, Expression, Path, Rule
from foedus.game.space import Indexes, Mask, Space, StatementReader, issues_of
from foedus.preferences import View
from foedus.preferences.games import Game
from foedus.process.model import Process
from foedus.slips.reaching import MOST_WORK, Codes, Reached, reached_from
from foedus.slips.rights import Entry, entries_of, set_by_events
from foedus.slips.slip import Severity, Slip, SlipKind

MOST_NAMED = 3
"""So many rules, each of which alone forbids something everywhere, are named."""


class Ground:
    """A game with what its slips share. ``process`` is None where a case lacks what one needs."""

    def __init__(self, game: Game, process: Process | None) -> None:
        self.game = game
        self.process = process
        self.case: Case = game.case
        self.space: Space = game.space
        self.issues = tuple(self.case.issues.values())
        self.entries: tuple[Entry, ...] = entries_of(self.case)
        self.by_events = frozenset(i for _, sets in set_by_events(self.case) for i in sets)
        self._names = JudgementNames(self.case)

    @cached_property
    def walk(self) -> Reached | None:
        """What can come about; None without a status quo, or where it takes too long to find."""
        today = self.space.today
        return None if today is None else reached_from(self.space, today, self.entries)

    @property
    def reached(self) -> Reached:
        """What can come about. Raises LookupError where :attr:`walk` is None."""
        if self.walk is None:
            raise LookupError("what can come about is not known")
        return self.walk

    @cached_property
    def asked(self) -> frozenset[str]:
        """The actors that some right names."""
        return frozenset(a for e in self.entries for mover in e.right.movers for a in mover)

    @cached_property
    def in_force(self) -> frozenset[str]:
        """The actors with a right that some reachable state can use."""
        return frozenset(
            actor
            for entry in self.entries
            if self.reached.uses(entry)
            for mover in entry.right.movers
            for actor in mover
        )

    @cached_property
    def stuck(self) -> frozenset[str]:
        """The issues that no change, event or reversion moves."""
        reached = self.reached
        still = set()
        for k, issue in enumerate(self.issues):
            column = self.space.reader.column(k)
            here, end = column[reached.states], column[self.space.fall[reached.states]]
            if (here == here[0]).all() and (end == here[0]).all():
                still.add(issue.id)
        return frozenset(still - self.by_events)

    def at(self, k: int, states: Indexes) -> Mask:
        """At which positions issue k stands in some of the states; (positions,)."""
        met = np.zeros(len(self.issues[k].positions), dtype=bool)
        met[self.space.reader.column(k)[states]] = True
        return met

    @cached_property
    def unmet(self) -> Mapping[str, frozenset[str]]:
        """By issue, the positions that nothing reaches, before the deadline or at it."""
        reached = self.reached
        found = {}
        for k, issue in enumerate(self.issues):
            met = self.at(k, reached.states) | self.at(k, reached.ends)
            ids = [position.id for position in issue.positions]
            found[issue.id] = frozenset(p for p, at in zip(ids, met, strict=True) if not at)
        return immutabledict(found)

    def follows(self, tree: Expression) -> bool:
        """Whether a statement is about an issue with a position that nothing reaches."""
        return any(self.unmet[issue] for issue in issues_of(self.case, tree))

    def ends_where(self, tree: Expression) -> Mask:
        """In which of the states at the deadline that can come about a statement holds."""
        return self.space.holds(tree)[self.reached.ends]

    @property
    def views(self) -> Mapping[str, View]:
        """How each actor sees the states at the most likely judgements."""
        return self.game.views

    def called(self, path: Path) -> str:
        """The dotted name of what stands at a path."""
        return self._names(path)

    def slip(
        self,
        kind: SlipKind,
        severity: Severity,
        path: Path,
        reason: str = "",
        names: Mapping[str, Iterable[str]] | None = None,
        figures: Mapping[str, float] | None = None,
    ) -> Slip:
        """A slip with its place and name."""
        return Slip(
            kind,
            severity,
            path,
            self.called(path),
            self.case.place(path),
            reason,
            immutabledict({what: tuple(each) for what, each in (names or {}).items()}),
            immutabledict(figures or {}),
        )

    # --- what rules forbid ------------------------------------------------------------------

    def forbidding(self, k: int, changes: Mask) -> tuple[tuple[Rule, ...], bool]:
        """Which rules keep issue k from ``changes`` (positions, positions) in reachable states.

        Each of the rules, of which at most ``MOST_NAMED`` are given, does so alone: without it,
        and it only, some change would be possible. If none does, those that are broken together
        where the fewest are, and True.
        """
        codes = self._results(k, changes)
        if len(codes) * len(self.case.rules) > MOST_WORK:
            return (), False
        broken = self._broken(codes)
        if not broken.size:
            return (), False
        fewest = broken.sum(axis=0)
        rules = self.case.rules
        if (single := fewest == 1).any():
            alone = [r for r, row in zip(rules, broken, strict=True) if row[single].any()]
            return _by_words(alone)[:MOST_NAMED], False
        sets = {
            tuple(np.flatnonzero(broken[:, state]))
            for state in np.flatnonzero(fewest == fewest.min())
        }
        together = min((_by_words(rules[r] for r in each) for each in sets), key=_words)
        return together, True

    def _results(self, k: int, changes: Mask) -> Codes:
        """The codes to which setting issue k alone would lead, from reachable states."""
        states = self.reached.states
        here = self.space.reader.column(k).astype(np.int64)[states]
        weight = self.space.radix.weights[k]
        found = []
        for b in range(changes.shape[1]):
            some = changes[here, b]
            found.append(self.space.codes[states[some]] + (b - here[some]) * weight)
        return np.concatenate(found)

    def _broken(self, codes: Codes) -> Mask:
        """Which rules each code breaks: (rules, codes)."""
        codes = codes[self.space.indexes(codes) < 0]
        reader = StatementReader(self.case, self.space.radix, codes)
        rows = [~reader.holds(rule.statement.tree) for rule in self.case.rules]
        return np.array(rows, dtype=bool).reshape(len(rows), len(codes))


def _by_words(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Rules in an order that does not depend on that of the file."""
    return tuple(sorted(rules, key=lambda rule: (rule.statement.text, rule.why)))


def _words(rules: tuple[Rule, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((rule.statement.text, rule.why) for rule in rules)
