"""Preferences: one kind for each actor, complete where the actor decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, assert_never, get_args

from foedus.case.entries import read_entry
from foedus.case.judged import Judged, JudgementMap, present, with_reasons
from foedus.case.judgement import Judgement, Role
from foedus.case.kinds import check_id
from foedus.case.lookup import Lookup
from foedus.case.model import (
    Actor,
    Issue,
    Preference,
    Priorities,
    Priority,
    Ranking,
    Stance,
    Stances,
    Statement,
    Support,
    SupportItem,
    Worth,
    WorthItem,
)
from foedus.case.places import Path
from foedus.case.problems import listed, shown
from foedus.case.shape import PreferenceShape, PriorityShape, StanceShape, SupportShape, WorthShape
from foedus.case.source import BROKEN, is_number

Kind = Literal["worth", "priorities", "ranking", "stances", "support"]

KINDS: tuple[Kind, ...] = get_args(Kind)


class Preferences:
    """Makes the preferences of a case."""

    def __init__(
        self, lookup: Lookup, actors: Mapping[str, Actor], issues: Mapping[str, Issue]
    ) -> None:
        self.lookup = lookup
        self.reading = lookup.reading
        self.actors = actors
        self.issues = issues

    def resolve(self, deciding: set[str]) -> dict[str, Preference]:
        """The preferences of each actor. ``deciding`` are those who must have some."""
        made: dict[str, Preference] = {}
        for actor, shape in (self.lookup.form.preferences or {}).items():
            path: Path = ("preferences", actor)
            known = self.lookup.known(actor, "actors", path)
            if shape is not None:
                preference = self.preference(actor, shape, path, known)
                if preference is not None:
                    made[actor] = preference
        self.complete(deciding)
        return {actor: made[actor] for actor in self.actors if actor in made}

    def complete(self, deciding: set[str]) -> None:
        """Report deciding actors without preferences."""
        given = self.lookup.ids("preferences")
        for actor in self.actors:
            if actor not in deciding:
                continue
            if given is not None and actor not in given:
                message = (
                    f"actor {actor!r} decides (a right or a group names it) but has no preferences"
                )
                self.reading.problem(message, ("actors", actor), key=True)

    def preference(
        self, actor: str, shape: PreferenceShape, path: Path, known: bool
    ) -> Preference | None:
        """The preference of one actor."""
        written = self.lookup.raw["preferences"][actor]
        kinds = [kind for key in written for kind in KINDS if kind == key]
        if not kinds:
            if not written:
                self.reading.problem(
                    f"actor {actor!r} has no preferences here",
                    path,
                    key=True,
                    expected=listed(KINDS),
                )
            return None
        if len(kinds) > 1:
            message = (
                f"actor {actor!r} has more than one kind of preference: {listed(kinds, 'and')}"
            )
            self.reading.problem(message, (*path, kinds[1]), key=True)
        if known and actor in self.actors:
            self.suits(self.actors[actor], kinds, path)
        # What is wrong with a second kind is told as well.
        first, *_ = [self.of_kind(kind, shape, (*path, kind), actor) for kind in kinds]
        return first

    def of_kind(
        self, kind: Kind, shape: PreferenceShape, path: Path, actor: str
    ) -> Preference | None:
        """What is written under one kind; None where that could not be read."""
        match kind:
            case "worth":
                return None if shape.worth is None else self.worth(shape.worth, actor)
            case "priorities":
                given = shape.priorities
                return None if given is None else self.priorities(given, actor)
            case "ranking":
                return None if shape.ranking is None else self.ranking(shape.ranking, path)
            case "stances":
                return None if shape.stances is None else self.stances(shape.stances, path, actor)
            case "support":
                return None if shape.support is None else self.support(shape.support, path, actor)
            case _:
                assert_never(kind)

    def suits(self, actor: Actor, kinds: Sequence[Kind], path: Path) -> None:
        """Support is for electorates, and electorates have nothing else."""
        for kind in kinds:
            if actor.electorate and kind != "support":
                message = f"{actor.id!r} is an electorate, and cannot have {kind}"
                self.reading.problem(message, (*path, kind), key=True, expected="support")
            elif kind == "support" and not actor.electorate:
                message = f"{actor.id!r} is no electorate, and only electorates have support"
                self.reading.problem(message, (*path, kind), key=True)

    # --- the five kinds -----------------------------------------------------------------------

    def worth(self, given: Mapping[str, WorthShape | None], actor: str) -> Worth:
        """A utility."""
        items = []
        for name, shape in given.items():
            if shape is None:
                continue
            when = self.lookup.statement(shape.when, (*shape.path, "when"))
            value = self.judgement(shape.value, shape, Role.WORTH, actor)
            items.append(WorthItem(name, when, value, present(shape.refs)))
        return Worth(tuple(items))

    def judgement(self, given: Judgement | None, shape: Any, role: Role, actor: str) -> Judgement:
        """The judgement of an entry, standing where the entry stands, with its reasons."""
        made = with_reasons(given, shape.path, shape.because, shape.note, shape.together)
        return (made or Judgement(0, 0, 0, shape.path, role=role)).of(actor)

    def priorities(self, given: Sequence[PriorityShape | None], actor: str) -> Priorities:
        """Wishes in their order."""
        items = []
        names = self.names(given, "p")
        for name, shape in zip(names, given, strict=True):
            if shape is None:
                continue
            when = self.lookup.statement(shape.when, (*shape.path, "when"))
            held = (
                None
                if shape.probability is None
                else self.judgement(shape.probability, shape, Role.PRIORITY, actor)
            )
            because = held.because if held else present(shape.because)
            items.append(Priority(name, when, held, because, shape.note, present(shape.refs)))
        return Priorities(tuple(items))

    def names(self, given: Iterable[PriorityShape | SupportShape | None], letter: str) -> list[str]:
        """The ids of the items of a list: as given, or a letter and the number if that is free."""
        shapes = list(given)
        written = {shape.id for shape in shapes if shape is not None and shape.id}
        taken: set[str] = set()
        names: list[str] = []
        for k, shape in enumerate(shapes, start=1):
            name = shape.id if shape is not None and shape.id else f"{letter}{k}"
            while name in written and not (shape is not None and shape.id):
                name += "-unnamed"
            if shape is not None and shape.id:
                path = (*shape.path, "id")
                if check_id(name, path, self.reading, key=False) and name in taken:
                    self.reading.problem(f"the id {name!r} stands twice", path)
            taken.add(name)
            names.append(name)
        return names

    def ranking(self, given: Sequence[Any], path: Path) -> Ranking:
        """Statements in their order."""
        tiers: list[tuple[Statement, ...]] = []
        for k, tier in enumerate(given):
            here = (*path, k)
            if isinstance(tier, list | tuple):
                tied = (
                    self.lookup.statement(s, (*here, j))
                    for j, s in enumerate(tier)
                    if s is not BROKEN
                )
                tiers.append(tuple(tied))
                if not tier:
                    self.reading.problem("an empty list in a ranking", here)
            elif tier is not None:
                tiers.append((self.lookup.statement(tier, here),))
        return Ranking(tuple(tiers))

    def stances(self, given: Mapping[str, StanceShape | None], path: Path, actor: str) -> Stances:
        """Wished positions."""
        items = []
        for name, shape in given.items():
            here = (*path, name)
            if not self.lookup.known(name, "issues", here) or shape is None:
                continue
            issue = self.issues.get(name)
            if issue is None:
                continue
            if issue.scale is None and "scale" not in self.lookup.raw["issues"][name]:
                self.reading.problem(
                    f"issue {name!r} has no scale; a stance needs an ordered issue", here, key=True
                )
                continue
            position = self.stance(shape.position, issue, (*here, "position"))
            if position is not None and shape.salience is not None:
                items.append(Stance(name, position.of(actor), shape.salience.of(actor)))
        return Stances(tuple(items))

    def stance(self, given: Any, issue: Issue, path: Path) -> Judgement | None:
        """A wished position: the id of one, or a judgement on the scale."""
        if given is None or given is BROKEN:
            return None
        if isinstance(given, dict):
            reasons = read_entry(JudgementMap, given, path, self.reading)
            inner = self.stance(given.get("value"), issue, (*path, "value"))
            return with_reasons(inner, path, reasons.because, reasons.note, reasons.together)
        if not isinstance(given, str) or is_number(given):
            return Judged(Role.STANCE_POSITION).read_value(given, path, self.reading)
        position = self.lookup.position(given, issue, path)
        if position is None or issue.scale is None:
            return None
        value = issue.scale[issue.number(position)] if issue.positions else 0.0
        return Judgement(value, value, value, path, role=Role.STANCE_POSITION)

    def support(self, shapes: Sequence[SupportShape | None], path: Path, actor: str) -> Support:
        """Support, with its default last."""
        if not shapes or (shapes[-1] and not self.is_default(shapes[-1])):
            message = "a support list ends in default, such as {default: 50}"
            self.reading.problem(message, (*path, len(shapes) - 1) if shapes else path)
        items = []
        names = self.names(shapes, "s")
        for k, (name, shape) in enumerate(zip(names, shapes, strict=True), start=1):
            if shape is not None:
                items.append(self.support_item(name, shape, actor, last=k == len(shapes)))
        return Support(tuple(items))

    def is_default(self, shape: SupportShape) -> bool:
        """Whether an entry is the default."""
        return "default" in self.written(shape)

    def written(self, shape: SupportShape) -> Mapping[str, Any]:
        """The entry as the file has it."""
        entry = self.lookup.raw
        for step in shape.path:
            entry = entry[step]  # type: ignore[index]
        return entry

    def support_item(
        self, name: str, shape: SupportShape, actor: str, *, last: bool
    ) -> SupportItem:
        """One entry of a support list."""
        written = self.written(shape)
        refs = present(shape.refs)
        if "default" in written:
            if not last:
                message = "default comes last: nothing after it would count"
                self.reading.problem(message, (*shape.path, "default"), key=True)
            for key in ("when", "share"):
                if key in written:
                    message = f"{shown(key)} stands beside default; it is one or the other"
                    self.reading.problem(message, (*shape.path, key), key=True)
            share = self.judgement(shape.default, shape, Role.SUPPORT, actor)
            return SupportItem(name, None, share, refs)
        for key in ("when", "share"):
            if key not in written:
                message = f"this entry has no {key!r}"
                self.reading.problem(message, shape.path, expected="when and share, or default")
        when = self.lookup.statement(shape.when, (*shape.path, "when"))
        return SupportItem(
            name, when, self.judgement(shape.share, shape, Role.SUPPORT, actor), refs
        )
