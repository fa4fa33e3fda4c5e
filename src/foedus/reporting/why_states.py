"""Why one state is left or stayed in: its positions, its fall, and each mover's verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from foedus.case.problems import cut
from foedus.document import Block, Cell, Column, Explanation, Point, Points, Sentence, Table, Tone
from foedus.equilibria.permissions import changes_of
from foedus.equilibria.registry import CONCEPTS
from foedus.equilibria.solve import Stability, terms
from foedus.equilibria.witness import Deterrence, Verdict
from foedus.game.movers import Mover
from foedus.game.naming import mover_name, state_told, today_told
from foedus.preferences.games import Game
from foedus.reporting.comparing_states import comparison
from foedus.reporting.holding import terms_told

FEW, MANY = 1, 12
"""How many improvements of a mover are told: of each mover, and where one mover is asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class StateWhy:
    """One state of a game, and under one concept the verdict of each mover asked for."""

    game: Game
    index: int
    concept: str
    verdicts: tuple[Verdict, ...]
    every_mover: bool

    @property
    def arrangements(self) -> list[str]:
        """The ids of the arrangements that the state, or what it falls to, matches."""
        space = self.game.space
        return [a for a in self.game.case.arrangements if space.matches(a)[self.index]]

    @property
    def fall(self) -> int:
        """The index of the state it falls to at the deadline: its own when it is settled."""
        return int(self.game.space.fall[self.index])

    def to_dict(self) -> dict[str, Any]:
        """The answer as plain data; states are told by their numbers, from 1."""
        return {
            "what": "state",
            "id": self.index + 1,
            "positions": self.game.space.positions(self.index),
            "today": self.index == self.game.space.today,
            "settled": self.fall == self.index,
            "falls_to": self.fall + 1,
            "arrangements": self.arrangements,
            "concept": self.concept,
            "verdicts": [verdict_data(self.game, verdict) for verdict in self.verdicts],
            **terms(self.game),
        }

    def blocks(self) -> tuple[Block, ...]:
        """The answer for a reader."""
        space = self.game.space
        told = cut(space.describe(self.index, apart_from=space.today), 300)
        told = told or today_told(self.game.case)
        place = f"state {self.index + 1:,} of {len(space):,}"
        return (
            Sentence(f"{told[:1].upper()}{told[1:]} ({place}). {self._answer()}", strong=True),
            self._positions(),
            *self._surroundings(),
            *self._verdicts(),
            *terms_told(self.game),
        )

    def _verdicts(self) -> tuple[Block, ...]:
        if not self.verdicts:
            return ()
        concept, most = CONCEPTS[self.concept], FEW if self.every_mover else MANY
        told = (verdict_point(self.game, verdict, most) for verdict in self.verdicts)
        return (Sentence(f"{concept.name}: {concept.meaning}."), Points(tuple(told)))

    def _answer(self) -> str:
        leaving = [mover_name(self.game.case, v.mover) for v in self.verdicts if not v.stable]
        if leaving:
            told = "; ".join(leaving)
            return f"It is not stable. Who would leave it: {told}."
        if not self.verdicts:
            return "It is stable; nobody has the right to any move."
        if self.every_mover:
            return "It is stable; nobody who can move away would."
        return f"{mover_name(self.game.case, self.verdicts[0].mover)} would stay."

    def _positions(self) -> Table:
        space, today = self.game.space, self.game.space.today
        columns = [Column("issue"), Column("position")]
        compared = today is not None and today != self.index
        if compared:
            columns.append(Column("status quo"))
        rows = []
        for k, issue in enumerate(self.game.case.issues.values()):
            column = space.reader.column(k)
            here = issue.positions[int(column[self.index])]
            then = issue.positions[int(column[self.fall])]
            note = f"until the deadline, then: {then.label}" if here.id in issue.falls else None
            row = [Cell(issue.name), Cell(here.label, note=note)]
            if compared and today is not None:
                same = column[today] == column[self.index]
                label = "the same" if same else issue.positions[int(column[today])].label
                row.append(Cell(label, "muted" if same else "plain"))
            rows.append(tuple(row))
        return Table("Positions", tuple(columns), tuple(rows))

    def _surroundings(self) -> list[Block]:
        found: list[Block] = []
        if self.fall != self.index:
            told = state_told(self.game.space, self.fall, self.index)
            found.append(Sentence(f"At the deadline it reverts to {told}, and is judged by that."))
        names = [self.game.case.arrangements[a].name for a in self.arrangements]
        if names:
            found.append(Sentence(f"It is a state of: {'; '.join(names)}."))
        elif self.game.case.arrangements:
            found.append(Sentence("It belongs to none of the named arrangements."))
        return found


def verdict_data(game: Game, verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain data; states are told by their numbers, from 1.

    What takes several steps has ``by``, the states that it passes on the way.
    """
    at_once = CONCEPTS[verdict.concept].at_once
    improvements = []
    for d in verdict.deterrences:
        here = verdict.state if at_once else d.improvement
        replies = []
        for reply in d.replies:
            replies.append({"mover": reply.mover, **_passed(game, reply.mover, here, reply.state)})
            here = here if at_once else reply.state
        improvements.append(
            {
                **_passed(game, verdict.mover, verdict.state, d.improvement),
                "deterred": d.sanction is not None,
                "replies": replies,
                "sanction": None if d.sanction is None else d.sanction + 1,
                "member": d.member,
            }
        )
    return {"mover": verdict.mover, "stable": verdict.stable, "improvements": improvements}


def _passed(game: Game, mover: str, origin: int, target: int) -> dict[str, Any]:
    """Where a move leads, and by which states if it takes several steps."""
    between = game.moves[game.mover_index(mover)].way(origin, target)[1:-1]
    told: dict[str, Any] = {"to": target + 1}
    return {**told, "by": [state + 1 for state in between]} if between else told


def verdict_point(game: Game, verdict: Verdict, most: int) -> Point:
    """A verdict as a point, with at most so many of the improvements behind it below."""
    name = mover_name(game.case, verdict.mover)
    free = [d for d in verdict.deterrences if d.sanction is None]
    count = len(verdict.deterrences)
    tone: Tone = "good"
    if not count:
        return Point(f"{name}: would stay; no move of its own improves on this", tone=tone)
    if free:
        told, tone = free, "bad"
        text = f"{name}: would leave; {_undeterred(len(free), count)}"
    else:
        told = list(verdict.deterrences)
        text = f"{name}: would stay; {_deterred(count)}"
    points = [_deterrence_point(game, verdict, d) for d in told[:most]]
    if len(told) > most:
        points.append(Point(f"and {len(told) - most:,} more", tone="muted"))
    return Point(text, tuple(points), tone)


def _undeterred(free: int, count: int) -> str:
    if count == 1:
        return "nobody deters the one improvement it has"
    if free == count:
        return f"nobody deters any of the {count:,} improvements it has"
    return f"nobody deters {free:,} of the {count:,} improvements it has"


def _deterred(count: int) -> str:
    if count == 1:
        return "the one improvement it has is deterred"
    return f"each of the {count:,} improvements it has is deterred"


def _deterrence_point(game: Game, verdict: Verdict, deterrence: Deterrence) -> Point:
    here, there = verdict.state, deterrence.improvement
    members = game.movers[game.mover_index(verdict.mover)].members
    points = [comparison(game, actor, here, there) for actor in members]
    points += right_points(game, game.movers[game.mover_index(verdict.mover)], here, there)
    points += _replies(game, verdict, deterrence)
    return Point(f"It could go to {state_told(game.space, there, here)}", tuple(points))


def _replies(game: Game, verdict: Verdict, deterrence: Deterrence) -> Sequence[Point]:
    concept = CONCEPTS[verdict.concept]
    if deterrence.sanction is None or deterrence.member is None:
        return [Point(f"Nobody deters it: {concept.undeterred}", tone="bad")]
    before = deterrence.improvement
    points: list[Point] = []
    for reply in deterrence.replies:
        name = mover_name(game.case, reply.mover)
        origin = verdict.state if concept.at_once else before
        told = state_told(game.space, reply.state, origin)
        word = "At the same moment" if concept.at_once else "Then"
        opponent = game.movers[game.mover_index(reply.mover)]
        rights = right_points(game, opponent, origin, reply.state)
        points.append(Point(f"{word} {name} could go to {told}", rights))
        before = reply.state
    name = game.case.actors[deterrence.member].name
    told = state_told(game.space, deterrence.sanction, verdict.state)
    text = f"What that leads to, {told}, is no better for {name} than this one"
    if deterrence.sanction == verdict.state:
        text = f"So it is back where it began, which is no better for {name}"
    if concept.besides:
        text += f", and {concept.besides}"
    compared: tuple[Point, ...] = ()
    if deterrence.sanction != verdict.state:
        compared = (comparison(game, deterrence.member, verdict.state, deterrence.sanction),)
    points.append(Point(text, compared, "good"))
    return points


def stability_explained(
    solved: Stability, number: int, mover: str | None, concept: str
) -> Explanation:
    """Why a state would be left or stayed in, by one mover or (None) by each."""
    movers = [m.key for m in solved.game.movers] if mover is None else [mover]
    verdicts = tuple(solved.verdict(number, key, concept) for key in movers)
    every = mover is None
    return Explanation(StateWhy(solved.game, number - 1, concept, verdicts, every).blocks())


def right_points(game: Game, mover: Mover, origin: int, target: int) -> tuple[Point, ...]:
    """One point for each right that a move uses, naming the issues that it is used for.

    Of a move that takes several steps, one point a step, with these below it.
    """
    way = game.moves[game.mover_index(mover.key)].way(origin, target)
    steps = [_step_points(game, mover, *step) for step in pairwise(way)]
    if len(steps) == 1:
        return steps[0]
    return tuple(
        Point(f"Step {k} is to {state_told(game.space, there, here)}", points, "muted")
        for k, (here, there, points) in enumerate(zip(way, way[1:], steps, strict=False), start=1)
    )


def _step_points(game: Game, mover: Mover, origin: int, target: int) -> tuple[Point, ...]:
    used: dict[str, list[str]] = {}
    for change in changes_of(game, mover, origin, target):
        used.setdefault(change.right, []).append(game.case.issues[change.issue].name)
    return tuple(
        Point(f"It may: {', '.join(issues)}: decided by {right}", tone="muted")
        for right, issues in used.items()
    )
