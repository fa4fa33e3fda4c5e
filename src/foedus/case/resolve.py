"""From the form of a file to a case: ids looked up, statements and rights understood."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeVar, cast

from immutabledict import immutabledict

from foedus.case.circles import circles, deepest, names_in
from foedus.case.judged import present
from foedus.case.kinds import Reading, Reference, wrong
from foedus.case.model import (
    Actor,
    Arrangement,
    Case,
    Evidence,
    Issue,
    Judgement,
    Or,
    Path,
    Poll,
    Record,
    ReferenceClass,
    Rule,
    Statement,
    Transfer,
)
from foedus.case.problems import listed, nearest, shown
from foedus.case.resolve_issues import Issues
from foedus.case.resolve_preferences import Preferences
from foedus.case.shape import CaseShape
from foedus.case.source import BROKEN
from foedus.case.statements import Vocabulary, read_statement

DEEPEST_NAMES = 100
"""How many arrangements may name each other in a chain."""

SINGULAR = immutabledict(
    actors="actor", arrangements="arrangement", evidence="evidence", polls="poll", records="record"
)

T = TypeVar("T")


class Resolver:
    """Makes a case of a file's form. All problems go to the reading; the parts are kept apart."""

    def __init__(self, form: CaseShape, reading: Reading) -> None:
        self.form = form
        self.reading = reading
        self.raw: Mapping[str, Any] = reading.source.data
        self.trees: dict[str, Any] = {}
        self.vocabulary = Vocabulary({})

    # --- what the parts share -----------------------------------------------------------------

    def ids(self, section: str) -> Iterable[str] | None:
        """The ids of a section, also of entries that could not be read; None if it is no map."""
        entries = self.raw.get(section, {})
        return entries.keys() if isinstance(entries, dict) else None

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

    def resolve(self, file: str, notices: tuple[str, ...]) -> Case:
        """The case; to be used only if no problem has been reported."""
        form = self.form
        actors = self.actors()
        issues = Issues(self, actors)
        made = issues.resolve()
        self.vocabulary = Vocabulary(issues.scales(), frozenset(self.ids("arrangements") or ()))
        arrangements = self.arrangements()
        groups = self.groups(actors)
        deciding = issues.deciding | {name for group in groups for name in group}
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
            polls=immutabledict(self.polls()),
            records=immutabledict(self.records()),
            reference_classes=immutabledict(self.reference_classes()),
            evidence=immutabledict(self.evidence()),
            transfers=immutabledict(self.transfers()),
            left_out=_texts(form.left_out),
            names=_texts(form.names),
            notices=notices,
            file=file,
            places=immutabledict(self.reading.source.places()),
        )
        self.dates()
        for reference in self.reading.references:
            self.look_up(reference)
        return case

    def look_up(self, reference: Reference) -> None:
        """Report a reference to something that there is not."""
        known = list(reference.also)
        for section in reference.sections:
            ids = self.ids(section)
            if ids is None or reference.id in ids:
                return
            known += ids
        what = listed(SINGULAR[section] for section in reference.sections)
        self.reading.problem(
            f"no {what} {shown(reference.id)}", reference.path, word=reference.id, known=known
        )

    def dates(self) -> None:
        form = self.form
        if form.as_of and form.deadline and form.deadline <= form.as_of:
            message = f"the deadline {form.deadline} is not after as_of, {form.as_of}"
            self.reading.problem(message, ("deadline",))

    # --- actors, today, rules, arrangements ---------------------------------------------------

    def actors(self) -> dict[str, Actor]:
        if self.raw.get("actors") == {}:
            self.reading.problem("there are no actors", ("actors",), key=True)
        return dict(_each(self.form.actors, self.actor, "actors"))

    def actor(self, name: str, shape: Any, path: Path) -> Actor:
        kind = shape.kind or "body"
        if kind != "electorate":
            if nearest(kind, ["electorate"], cutoff=0.85):
                self.reading.problem(
                    f"the kind {shown(kind)} has no meaning",
                    (*path, "kind"),
                    word=kind,
                    known=["electorate"],
                )
            elif "threshold" in self.raw["actors"][name]:
                message = "a threshold is for electorates alone (kind: electorate)"
                self.reading.problem(message, (*path, "threshold"), key=True)
        threshold = shape.threshold
        if kind == "electorate" and threshold is None:
            threshold = Judgement(50, 50, 50, (*path, "threshold"))
        return Actor(
            name, shape.name or name, kind, shape.capability, threshold, shape.note, _refs(shape)
        )

    def groups(self, actors: Mapping[str, Actor]) -> tuple[tuple[str, ...], ...]:
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

    def position(self, value: Any, issue: Issue, path: Path) -> str | None:
        """A position of an issue, or None after a problem."""
        if value is None or value is BROKEN:
            return None
        if not isinstance(value, str | int):
            wrong(self.reading, path, f"a position of issue {issue.id!r}", value)
            return None
        known = [p.id for p in issue.positions]
        if str(value) in known or not known:
            return str(value)
        message = f"no position {shown(value)} in issue {issue.id!r}"
        self.reading.problem(message, path, word=str(value), known=known)
        return None

    def rules(self) -> Iterable[Rule]:
        for k, shape in enumerate(self.form.rules or ()):
            if shape is not None:
                path: Path = ("rules", k)
                statement = self.statement(shape.rule, (*path, "rule"))
                yield Rule(statement, shape.why or "", present(shape.because), path, _refs(shape))

    def arrangements(self) -> dict[str, Arrangement]:
        def make(name: str, shape: Any, path: Path) -> Arrangement:
            when = self.statement(shape.when, (*path, "when"))
            return Arrangement(name, shape.name or name, when, shape.note, _refs(shape))

        made = dict(_each(self.form.arrangements, make, "arrangements"))
        graph = {a.id: names_in(a.when.tree) for a in made.values()}
        rounds = circles(graph)
        for circle in rounds:
            message = f"arrangements name each other in a circle: {' -> '.join(circle)}"
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
        given = self.form.hypotheses or []
        for k, name in enumerate(given):
            if name is not None and name in given[:k]:
                self.reading.problem(f"{name!r} stands here twice", ("hypotheses", k))
        return cast("tuple[str, ...]", present(given))

    # --- what the judgements rest on ----------------------------------------------------------

    def polls(self) -> dict[str, Poll]:
        def make(name: str, s: Any, path: Path) -> Poll:
            shares = immutabledict({k: v for k, v in (s.shares or {}).items() if v is not None})
            return Poll(
                name, s.asked or "choice", shares, s.n, s.date, s.source, s.locator, s.error,
                s.wording, s.note, _refs(s),
            )  # fmt: skip

        return dict(_each(self.form.polls, make, "polls"))

    def records(self) -> dict[str, Record]:
        def make(name: str, s: Any, path: Path) -> Record:
            if s.done is not None and s.done_on and len(s.done_on) > s.done:
                message = f"{len(s.done_on)} dates of what was done, but done is {s.done}"
                self.reading.problem(message, (*path, "done_on"))
            willing = cast("Literal['yes', 'no', 'unknown']", s.willing or "unknown")
            return Record(
                name, s.since, s.until, s.agreed, s.done, present(s.done_on), willing,
                present(s.because), s.note, _refs(s),
            )  # fmt: skip

        return dict(_each(self.form.records, make, "records"))

    def reference_classes(self) -> dict[str, ReferenceClass]:
        def make(name: str, s: Any, path: Path) -> ReferenceClass:
            return ReferenceClass(
                name, s.tried, s.happened, s.about, present(s.because), s.note, _refs(s)
            )

        return dict(_each(self.form.reference_classes, make, "reference_classes"))

    def evidence(self) -> dict[str, Evidence]:
        def make(name: str, s: Any, path: Path) -> Evidence:
            self.evidence_kind(s, path)
            self.about_hypotheses(s.marks, (*path, "marks"))
            self.about_hypotheses(s.likelihood, (*path, "likelihood"))
            marks = {k: v for k, v in (s.marks or {}).items() if v is not None}
            likelihood = {k: v for k, v in (s.likelihood or {}).items() if v is not None}
            return Evidence(
                name, s.kind, s.claim, s.source, s.locator, s.date, s.origin, s.reliability,
                s.credibility, present(s.rests_on), immutabledict(marks),
                immutabledict(likelihood), s.note, _refs(s),
            )  # fmt: skip

        made = dict(_each(self.form.evidence, make, "evidence"))
        graph = {e.id: [n for n in e.rests_on if n in made] for e in made.values()}
        for circle in circles(graph):
            message = f"evidence rests on itself in a circle: {' -> '.join(circle)}"
            self.reading.problem(message, ("evidence", circle[0], "rests_on"))
        return made

    def evidence_kind(self, shape: Any, path: Path) -> None:
        """Only facts and reports carry grades; only an inference rests on something."""
        written = self.raw["evidence"][path[-1]]
        if shape.kind in ("assumption", "inference"):
            for key in ("reliability", "credibility"):
                if key in written:
                    message = f"an {shape.kind} carries no grade; only facts and reports do"
                    self.reading.problem(message, (*path, key), key=True)
        if shape.kind in ("fact", "report", "assumption") and "rests_on" in written:
            message = f"only an inference rests on something; this is a {shape.kind}"
            message = message.replace("a assumption", "an assumption")
            self.reading.problem(message, (*path, "rests_on"), key=True)

    def about_hypotheses(self, given: Mapping[str, Any] | None, path: Path) -> None:
        hypotheses = self.raw.get("hypotheses", [])
        if not isinstance(hypotheses, list):
            return
        known = [*(str(h) for h in hypotheses), "other"]
        for name in given or ():
            if name not in known:
                message = f"no hypothesis {shown(name)}"
                self.reading.problem(message, (*path, name), word=name, known=known, key=True)

    def transfers(self) -> dict[str, Transfer]:
        def make(name: str, s: Any, path: Path) -> Transfer:
            for actor in s.worth or ():
                self.known(actor, "actors", (*path, "worth", actor))
            worth = immutabledict({k: v for k, v in (s.worth or {}).items() if v is not None})
            return Transfer(name, s.unit, s.most, worth, s.note, _refs(s))

        return dict(_each(self.form.transfers, make, "transfers"))


def _each(
    section: Mapping[str, Any] | None, make: Callable[[str, Any, Path], T], name: str
) -> Iterable[tuple[str, T]]:
    for key, shape in (section or {}).items():
        if shape is not None:
            yield key, make(key, shape, (name, key))


def _refs(shape: Any) -> tuple[str, ...]:
    return cast("tuple[str, ...]", present(shape.refs))


def _texts(given: Mapping[str, str | None] | None) -> immutabledict[str, str]:
    return immutabledict({k: v for k, v in (given or {}).items() if v is not None})
