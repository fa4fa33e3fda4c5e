"""From the form of a file to a case: ids looked up, statements and rights understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any, TypeVar, cast

from immutabledict import immutabledict

from foedus.case.circles import circles, deepest, names_in, shortened
from foedus.case.judged import present
from foedus.case.kinds import Reading, Reference, wrong
from foedus.case.model import (
    Actor,
    Arrangement,
    Case,
    Issue,
    Judgement,
    Or,
    Path,
    Rule,
    Statement,
)
from foedus.case.problems import listed, nearest, shown
from foedus.case.resolve_grounds import Grounds, each, refs, texts
from foedus.case.resolve_issues import Issues
from foedus.case.resolve_preferences import Preferences
from foedus.case.shape import CaseShape
from foedus.case.source import BROKEN
from foedus.case.statements import Vocabulary, read_statement

DEEPEST_NAMES = 100
"""How many arrangements may name each other in a chain."""

SINGULAR = immutabledict(
    actors="actor",
    issues="issue",
    arrangements="arrangement",
    evidence="evidence",
    polls="poll",
    records="record",
)

T = TypeVar("T")


class Resolver:
    """Makes a case of a file's form. All problems go to the reading; the parts are kept apart."""

    def __init__(self, form: CaseShape, reading: Reading) -> None:
        self.form = form
        self.reading = reading
        self.raw: Mapping[str, Any] = reading.source.data
        self.trees: dict[str, Any] = {}
        self.looked_up: dict[str, Mapping[str, None]] = {}
        self.found: dict[str, Iterable[str] | None] = {}
        self.vocabulary = Vocabulary({})

    # --- what the parts share -----------------------------------------------------------------

    def ids(self, section: str) -> Iterable[str] | None:
        """The ids of a section, also of entries that could not be read.

        None where there is no telling: it is no map, or is missing though it must be there, or
        stands under a misspelt key. That has been reported, and what names its ids is let pass.
        """
        if section not in self.found:
            entries = self.raw.get(section, {})
            others = [key for key in self.raw if key not in SINGULAR]
            lost = section not in self.raw and (
                section in ("actors", "issues") or nearest(section, others) is not None
            )
            told = lost or not isinstance(entries, dict)
            self.found[section] = None if told else entries.keys()
        return self.found[section]

    def known(self, name: str, section: str, path: Path, *, key: bool = True) -> bool:
        """Whether a section has an id; if not, a problem is reported."""
        ids = self.ids(section)
        if ids is None:
            return False
        if name in ids:
            return True
        message = f"no {SINGULAR.get(section, section)} {shown(name)}"
        self.reading.problem(message, path, word=name, known=ids, key=key)
        return False

    def statement(self, value: Any, path: Path) -> Statement:
        """A statement of the file understood, or one that is never used after a problem."""
        nothing = Statement("", Or(()), path)
        if value is None:
            return nothing
        if isinstance(value, Statement):
            return value
        if not isinstance(value, str):
            wrong(self.reading, path, "a statement", value)
            return nothing
        text = str(value)
        if text not in self.trees:
            self.trees[text] = read_statement(text, self.vocabulary)
        tree, faults = self.trees[text]
        for f in faults:
            self.reading.problem(
                f.message, path, expected=f.expected, word=f.word, known=f.known, offset=f.offset
            )
        return nothing if tree is None else Statement(text, tree, path)

    def resolve(self, file: str) -> Case:
        """The case; to be used only if no problem has been reported."""
        form = self.form
        actors = self.actors()
        issues = Issues(self, actors)
        made = issues.resolve()
        names = self.ids("arrangements")
        self.vocabulary = Vocabulary(issues.scales(), None if names is None else frozenset(names))
        arrangements = self.arrangements()
        groups = self.groups(actors)
        deciding = issues.deciding | {name for group in groups for name in group}
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
            hypotheses=self.hypotheses(),
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
            threshold = Judgement(50, 50, 50, (*path, "threshold"))
        return Actor(
            name, shape.name or name, kind, shape.capability, threshold, shape.note, refs(shape)
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

    def positions(self, issue: Issue) -> Mapping[str, None]:
        """The ids of an issue's positions, to look them up in."""
        if issue.id not in self.looked_up:
            self.looked_up[issue.id] = dict.fromkeys(p.id for p in issue.positions)
        return self.looked_up[issue.id]

    def position(self, value: Any, issue: Issue, path: Path) -> str | None:
        """A position of an issue, or None after a problem."""
        if value is None or value is BROKEN:
            return None
        if not isinstance(value, str | int):
            wrong(self.reading, path, f"a position of issue {issue.id!r}", value)
            return None
        known = self.positions(issue)
        if str(value) in known or not known:
            return str(value)
        message = f"no position {shown(value)} in issue {issue.id!r}"
        self.reading.problem(message, path, word=str(value), known=known)
        return None

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
