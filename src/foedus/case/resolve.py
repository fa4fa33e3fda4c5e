"""From the form of a file to a case: ids looked up, statements and rights understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, cast

from immutabledict import immutabledict

from foedus.case.circles import circles, deepest, names_in, shortened
from foedus.case.judged import present
from foedus.case.judgement import Judgement, Role
from foedus.case.lookup import SINGULAR, Lookup
from foedus.case.model import (
    Actor,
    Arrangement,
    Case,
    Issue,
    Rule,
)
from foedus.case.places import Path
from foedus.case.problems import listed, nearest, shown
from foedus.case.progress import Reference
from foedus.case.resolve_events import Events
from foedus.case.resolve_grounds import Grounds, each, refs, texts
from foedus.case.resolve_issues import Issues
from foedus.case.resolve_preferences import Preferences
from foedus.case.resolve_questions import Questions
from foedus.case.resolve_rights import Rights
from foedus.case.statements import Vocabulary

DEEPEST_NAMES = 100
"""How many arrangements may name each other in a chain."""


class Resolver(Lookup):
    """Makes a case of a file's form. All problems go to the reading; the parts are kept apart."""

    def resolve(self, file: str) -> Case:
        """The case; to be used only if no problem has been reported."""
        form = self.form
        actors = self.actors()
        rights = Rights(self, actors)
        issues = Issues(self, rights)
        issues.resolve()
        names = self.ids("arrangements")
        self.vocabulary = Vocabulary(issues.scales(), None if names is None else frozenset(names))
        made = issues.completed()
        arrangements = self.arrangements()
        groups = self.groups(actors)
        deciding = rights.deciding | {name for group in groups for name in group}
        grounds = Grounds(self)
        case = Case(
            title=form.title or "",
            question=form.question,
            as_of=form.as_of,
            deadline=form.deadline,
            source=form.source,
            note=form.note,
            words=form.words or "icd203",
            actors=immutabledict(actors),
            issues=immutabledict(made),
            preferences=immutabledict(Preferences(self, actors, made).resolve(deciding)),
            today=self.today(made),
            groups=groups,
            rules=tuple(self.rules()),
            arrangements=immutabledict(arrangements),
            events=immutabledict(Events(self, made, arrangements).resolve()),
            hypotheses=self.hypotheses(),
            questions=immutabledict(Questions(self, made).resolve()),
            polls=immutabledict(grounds.polls()),
            records=immutabledict(grounds.records()),
            reference_classes=immutabledict(grounds.reference_classes()),
            evidence=immutabledict(grounds.evidence()),
            transfers=immutabledict(grounds.transfers()),
            left_out=texts(form.left_out),
            names=texts(form.names),
            file=file,
            places=immutabledict(self.reading.source.places()),
        )
        self.dates()
        for reference in self.reading.references:
            self.look_up(reference)
        return case

    def look_up(self, reference: Reference) -> None:
        """Report a reference to something that there is not."""
        known: list[Iterable[str]] = [reference.also]
        for section in reference.sections:
            ids = self.ids(section)
            if ids is None or reference.id in ids:
                return
            known.append(ids)
        what = listed(SINGULAR[section] for section in reference.sections)
        self.reading.problem(
            f"no {what} {shown(reference.id)}",
            reference.path,
            word=reference.id,
            known=chain.from_iterable(known),
        )

    def dates(self) -> None:
        """Report a deadline that is not after ``as_of``."""
        form = self.form
        if form.as_of and form.deadline and form.deadline <= form.as_of:
            message = f"the deadline {form.deadline} is not after as_of, {form.as_of}"
            self.reading.problem(message, ("deadline",))

    # --- actors, today, rules, arrangements ---------------------------------------------------

    def actors(self) -> dict[str, Actor]:
        """The actors."""
        if self.raw.get("actors") == {}:
            self.reading.problem("there are no actors", ("actors",), key=True)
        return dict(each(self.form.actors, self.actor, "actors"))

    def actor(self, name: str, shape: Any, path: Path) -> Actor:
        """One actor. What is nearly ``electorate`` is taken for it once that has been reported."""
        kind = shape.kind or "body"
        if kind != "electorate":
            if nearest(kind, ["electorate"], cutoff=0.85):
                self.reading.problem(
                    f"the kind {shown(kind)} has no meaning",
                    (*path, "kind"),
                    word=kind,
                    known=["electorate"],
                )
                kind = "electorate"
            elif "threshold" in self.raw["actors"][name]:
                message = "a threshold is for electorates alone (kind: electorate)"
                self.reading.problem(message, (*path, "threshold"), key=True)
        threshold = shape.threshold
        if kind == "electorate" and threshold is None:
            threshold = Judgement(50, 50, 50, (*path, "threshold"), role=Role.THRESHOLD)
        capability = shape.capability
        return Actor(
            name,
            shape.name or name,
            kind,
            capability.of(name) if capability else None,
            threshold.of(name) if threshold else None,
            shape.note,
            refs(shape),
        )

    def groups(self, actors: Mapping[str, Actor]) -> tuple[tuple[str, ...], ...]:
        """The groups of actors that act as one."""
        groups = []
        for k, given in enumerate(self.form.groups or ()):
            if given is None:
                continue
            group = cast("tuple[str, ...]", present(given))
            path: Path = ("groups", k)
            if not given:
                self.reading.problem("an empty group", path)
            if len(set(group)) < len(group):
                self.reading.problem("a group names an actor twice", path)
            if group and all(name in actors and actors[name].electorate for name in group):
                message = "a group of electorates alone: who puts the question?"
                self.reading.problem(message, path)
            groups.append(group)
        return tuple(groups)

    def today(self, issues: Mapping[str, Issue]) -> immutabledict[str, str] | None:
        """The position of each issue today, or None when the file does not say."""
        form = self.form.today
        if form is None:
            return None
        today = {i.id: i.positions[0].id for i in issues.values() if i.positions}
        for name, value in form.items():
            path = ("today", name)
            if self.known(name, "issues", path) and name in issues and value is not None:
                position = self.position(value, issues[name], path)
                if position is not None:
                    today[name] = position
        return immutabledict(today)

    def rules(self) -> Iterable[Rule]:
        """The rules."""
        for k, shape in enumerate(self.form.rules or ()):
            if shape is not None:
                path: Path = ("rules", k)
                statement = self.statement(shape.rule, (*path, "rule"))
                yield Rule(statement, shape.why or "", present(shape.because), path, refs(shape))

    def arrangements(self) -> dict[str, Arrangement]:
        """The arrangements; none may name itself by way of others."""

        def make(name: str, shape: Any, path: Path) -> Arrangement:
            when = self.statement(shape.when, (*path, "when"))
            return Arrangement(name, shape.name or name, when, shape.note, refs(shape))

        made = dict(each(self.form.arrangements, make, "arrangements"))
        graph = {a.id: names_in(a.when.tree) for a in made.values()}
        rounds = circles(graph)
        for circle in rounds:
            message = f"arrangements name each other in a circle: {shortened(circle)}"
            self.reading.problem(message, ("arrangements", circle[0], "when"))
        if not rounds and graph:
            name, depth = deepest(graph)
            if depth > DEEPEST_NAMES:
                message = f"arrangements name each other {depth} deep"
                self.reading.problem(
                    message, ("arrangements", name, "when"), expected=f"at most {DEEPEST_NAMES}"
                )
        return made

    def hypotheses(self) -> tuple[str, ...]:
        """The ids of the hypotheses."""
        given = self.form.hypotheses or []
        first: dict[str, int] = {}
        for k, name in enumerate(given):
            if name is not None and first.setdefault(name, k) != k:
                self.reading.problem(f"{name!r} stands here twice", ("hypotheses", k))
        return cast("tuple[str, ...]", present(given))
