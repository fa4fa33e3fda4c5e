"""What may be judged otherwise, by how much, and the process with it judged so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from immutabledict import immutabledict

from foedus.case.altered import with_judgements
from foedus.case.judgement import Judgement, Role
from foedus.case.model import Case, Path
from foedus.preferences import view_of
from foedus.process.model import Process
from foedus.process.pace import hazard_of
from foedus.sensitivity.inputs import inputs_of
from foedus.sensitivity.samples import Otherwise

EDGE = 1e-3
"""So far beyond its range, in half-ranges, a value still counts as at its edge, and so within."""

SHARE_SLACK = 1e-5
"""So far beyond its range, in percentage points, a share still counts as within it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One judgement set otherwise.

    ``half_ranges`` is by how much its most likely value moves, upwards or down, as a multiple of
    half of its own range, (high - low) / 2; of a stated unit where it has no range. ``by`` names
    the stream by which it is moved with others, if it is.
    """

    before: Judgement
    after: Judgement
    half_ranges: float
    by: str | None = None

    @property
    def name(self) -> str:
        """The dotted name of the judgement."""
        return self.before.name

    @property
    def within(self) -> bool:
        """Whether the new most likely value lies within the old range.

        To be better off an actor needs a hair more than as much, and a share may lie a hair over
        its threshold: at the edge of the range that is let pass.
        """
        slack = EDGE * half_range(self.before)
        if self.before.unit == "per cent":
            slack = max(slack, SHARE_SLACK)
        return self.before.low - slack <= self.after.mode <= self.before.high + slack

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "judgement": self.name,
            "before": [self.before.low, self.before.mode, self.before.high],
            "after": [self.after.low, self.after.mode, self.after.high],
            "half_ranges": self.half_ranges,
            "within_range": self.within,
        }


def half_range(judgement: Judgement, sure_unit: float | None = None) -> float:
    """Half of the range, in the judgement's unit; ``sure_unit``, or 0, for one without a range.

    >>> half_range(Judgement(20, 35, 60)), half_range(Judgement(5, 5, 5), sure_unit=2.0)
    (20.0, 2.0)
    """
    if judgement.sure:
        return sure_unit or 0.0
    return (judgement.high - judgement.low) / 2


def shifted(judgement: Judgement, by: float) -> Judgement:
    """The judgement with its whole range moved by so much, and cut off at the unit's bounds.

    >>> from foedus.case.judgement import Role
    >>> after = shifted(Judgement(60, 80, 90, role=Role.SUPPORT), 15)
    >>> after.low, after.mode, after.high
    (75, 95, 100.0)
    """
    if by == 0:
        return judgement
    low, mode, high = (
        min(max(value + by, judgement.bounds.least), judgement.bounds.most)
        for value in (judgement.low, judgement.mode, judgement.high)
    )
    return replace(judgement, low=low, mode=mode, high=high, word=None)


def with_changes(case: Case, changes: Iterable[Change]) -> Case:
    """The case with these changes made. Raises KeyError for a judgement that is not in it."""
    return with_judgements(case, {change.before.path: change.after for change in changes})


RECORDS, EVENTS = "records", "events"


@dataclass(frozen=True, slots=True)
class Adjustable:
    """What moves as one: the judgements of one stream that have a range, or a record's pace.

    A pace stands as a judgement of its hazard a year: 5 % point, mean, 95 % point. ``weights`` are
    by how much of the common move each judgement moves, from -1 to 1: by its loading, as a share of
    the greatest. ``least`` to ``most`` is how far it can be moved, in half-ranges, before something
    meets its bounds.
    """

    key: str
    judgements: tuple[Judgement, ...]
    weights: tuple[float, ...]
    least: float
    most: float

    def changes(self, moved: float) -> tuple[Change, ...]:
        """What moving it by so many half-ranges, as far as its bounds, makes of it."""
        return changes_of([(self, moved)])


def changes_of(moves: Iterable[tuple[Adjustable, float]]) -> tuple[Change, ...]:
    """What several moves make of judgements, each by so many half-ranges, as far as its bounds.

    Moves of the same add up, and so do those of one judgement by its group and by itself, which
    counts with the group.
    """
    whole: dict[str, tuple[Adjustable, float]] = {}
    for each, moved in moves:
        whole[each.key] = each, whole.get(each.key, (each, 0.0))[1] + moved
    found: dict[Path, tuple[Judgement, float, str]] = {}
    for each, moved in sorted(whole.values(), key=lambda pair: -len(pair[0].judgements)):
        bounded = min(max(moved, each.least), each.most)
        for judgement, weight in zip(each.judgements, each.weights, strict=True):
            _, before, key = found.get(judgement.path, (judgement, 0.0, each.key))
            found[judgement.path] = judgement, before + bounded * weight, key
    order = [j.path for each, _ in whole.values() for j in each.judgements]
    return tuple(
        Change(j, shifted(j, moved * half_range(j)), moved, key)
        for j, moved, key in (found[path] for path in dict.fromkeys(order))
        if moved
    )


def adjustables_of(process: Process, *, paces: bool = True) -> tuple[Adjustable, ...]:
    """All that may be judged otherwise, in the order of the case; then the ``paces``."""
    found = []
    for each in inputs_of(process):
        if each.record is not None:
            if not paces:
                continue
            members: tuple[Judgement, ...] = (_pace(process, each.record),)
            weights: tuple[float, ...] = (1.0,)
            least, most = -members[0].mode / half_range(members[0]), float("inf")
        else:
            loaded = [
                (j, loading)
                for j, loading in zip(each.judgements, each.loadings, strict=True)
                if not j.sure
            ]
            members = tuple(j for j, _ in loaded)
            greatest = max((abs(loading) for _, loading in loaded), default=1.0)
            weights = tuple(loading / greatest for _, loading in loaded)
            ends = [
                sorted((b - j.mode) / (w * half_range(j)) for b in j.bounds)
                for j, w in zip(members, weights, strict=True)
            ]
            least = max((low for low, _ in ends), default=0.0)
            most = min((high for _, high in ends), default=0.0)
        if members:
            found.append(Adjustable(each.key, members, weights, least, most))
    return tuple(found)


def _pace(process: Process, record: str) -> Judgement:
    hazard = hazard_of(process.case.records[record])
    low, high = (float(x) for x in hazard.at([0.05, 0.95]))
    return Judgement(low, hazard.mean, high, (RECORDS, record))


def is_pace(judgement: Judgement) -> bool:
    """Whether a judgement stands for a record's pace."""
    return judgement.role is Role.NUMBER and judgement.path[:1] == (RECORDS,)


def setting_of(changes: Iterable[Change]) -> Otherwise:
    """The changes as what a sample takes."""
    judged, paces = {}, {}
    for change in changes:
        if is_pace(change.before):
            paces[str(change.before.path[1])] = change.after.mode - change.before.mode
        else:
            judged[change.before.path] = change.after
    return Otherwise(immutabledict(judged), immutabledict(paces))


def judged_otherwise(process: Process, changes: Iterable[Change]) -> Process:
    """The process of the case with changes made; changes of paces are left to the sample.

    What no judgement decides (the space, changes and coalitions) is shared with the process given.
    """
    made = [change for change in changes if not is_pace(change.before)]
    case = with_changes(process.case, made)
    game = process.game
    space = replace(game.space, case=case)
    views = dict(game.views)
    for name in views:
        actor, preference = case.actors[name], case.preferences[name]
        if (actor, preference) != (game.case.actors[name], game.case.preferences[name]):
            views[name] = view_of(space, actor, preference)
    other = Process(replace(game, case=case, space=space, views=views), process.options)
    shared = ["days", "today", "actors"]
    if not any(change.before.role is Role.TAKES for change in made):
        shared.append("items")
    if not any(change.before.path[0] == EVENTS for change in made):
        shared.append("world")
    other.__dict__.update({name: getattr(process, name) for name in shared})
    return other.sharing(process)
