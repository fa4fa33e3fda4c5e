"""What the judgements rest on: polls, records, reference classes, evidence; and transfers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, TypeVar, cast

from immutabledict import immutabledict

from foedus.case.as_of import known_evidence, known_poll, known_record
from foedus.case.circles import circles, shortened
from foedus.case.judged import present
from foedus.case.lookup import Lookup
from foedus.case.model import Evidence, Judgement, Path, Poll, Record, ReferenceClass, Transfer
from foedus.case.problems import listed, shown
from foedus.case.shares import excess, fraction_told, fractions

T = TypeVar("T")


class Grounds:
    """Makes those parts of a case that statements do not name."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.reading = lookup.reading
        self.as_of = lookup.form.as_of
        self.hypothesis_ids: dict[str, None] = {}

    def polls(self) -> dict[str, Poll]:
        """The polls."""

        def make(name: str, s: Any, path: Path) -> Poll:
            shares = immutabledict({k: v for k, v in (s.shares or {}).items() if v is not None})
            made = Poll(
                name, s.asked or "choice", shares, s.n, s.date, s.source, s.locator, s.error,
                s.wording, s.note, refs(s),
            )  # fmt: skip
            self.poll_shares(made, path)
            return known_poll(made, self.as_of, self.reading)

        return dict(each(self.lookup.form.polls, make, "polls"))

    def poll_shares(self, poll: Poll, path: Path) -> None:
        """Report shares over their whole; notice what looks like a fraction, shares and error."""
        here = (*path, "shares")
        if over := excess(poll.shares):
            expected = "at most 100 beside rounding: they are parts of one whole"
            self.reading.problem(over, here, key=True, expected=expected)
        if low := fractions(poll.shares):
            told = f"the shares of {listed(map(shown, low), 'and')}"
            if len(low) == 1:
                told = told.replace("shares", "share", 1)
            message = fraction_told(told, [poll.shares[name] for name in low])
            self.reading.notice(message, (*here, low[0]))
        if poll.error is not None and 0 < poll.error < 1:
            told = f"the total error of {shown(poll.id)}"
            self.reading.notice(fraction_told(told, [poll.error]), (*path, "error"))

    def records(self) -> dict[str, Record]:
        """The records of pace."""

        def make(name: str, s: Any, path: Path) -> Record:
            self.record_counts(s, path)
            self.record_dates(s, path)
            willing = cast("Literal['yes', 'no', 'unknown']", s.willing or "unknown")
            made = Record(
                name, s.since, s.until, s.agreed, s.done, present(s.done_on), willing,
                present(s.because), s.note, refs(s),
            )  # fmt: skip
            return known_record(made, self.as_of, self.reading)

        return dict(each(self.lookup.form.records, make, "records"))

    def record_counts(self, shape: Any, path: Path) -> None:
        """Report a record of nothing, and more done than agreed or dated than done."""
        if shape.agreed == 0:
            message = "a record of nothing agreed tells no pace"
            self.reading.problem(message, (*path, "agreed"), expected="1 or more")
        elif None not in (shape.agreed, shape.done) and shape.done > shape.agreed:
            message = f"{shape.done} done, but only {shape.agreed} agreed"
            self.reading.problem(message, (*path, "done"))
        if shape.done is not None and shape.done_on and len(shape.done_on) > shape.done:
            message = f"{len(shape.done_on)} dates of what was done, but done is {shape.done}"
            self.reading.problem(message, (*path, "done_on"))

    def record_dates(self, shape: Any, path: Path) -> None:
        """Report a span without length, and dates outside it."""
        since, until = shape.since, shape.until
        if since is None or until is None:
            return
        if until <= since:
            message = f"the record ends on {until}, not after it begins, {since}"
            self.reading.problem(message, (*path, "until"))
            return
        for k, day in enumerate(shape.done_on or ()):
            if day is not None and not since <= day <= until:
                message = f"{day} lies outside the record, {since} to {until}"
                self.reading.problem(message, (*path, "done_on", k))

    def reference_classes(self) -> dict[str, ReferenceClass]:
        """The reference classes."""

        def make(name: str, s: Any, path: Path) -> ReferenceClass:
            if s.cases == 0:
                message = "a class without cases tells no rate"
                self.reading.problem(message, (*path, "cases"), expected="1 or more")
            elif None not in (s.cases, s.occurred) and s.occurred > s.cases:
                message = f"{s.occurred} occurred, but there were only {s.cases} cases"
                self.reading.problem(message, (*path, "occurred"))
            return ReferenceClass(
                name, s.cases, s.occurred, s.about, present(s.because), s.note, refs(s)
            )

        return dict(each(self.lookup.form.reference_classes, make, "reference_classes"))

    def evidence(self) -> dict[str, Evidence]:
        """The evidence; none may rest on itself by way of others."""

        def make(name: str, s: Any, path: Path) -> Evidence:
            self.evidence_kind(s, path)
            self.about_hypotheses(s.marks, (*path, "marks"))
            self.about_hypotheses(s.likelihood, (*path, "likelihood"))
            self.somewhere_possible(s.likelihood, (*path, "likelihood"))
            marks = {k: v for k, v in (s.marks or {}).items() if v is not None}
            likelihood = {k: v for k, v in (s.likelihood or {}).items() if v is not None}
            item = Evidence(
                name, s.kind, s.claim, s.source, s.locator, s.date, s.origin, s.reliability,
                s.credibility, present(s.rests_on), immutabledict(marks),
                immutabledict(likelihood), s.note, refs(s),
            )  # fmt: skip
            return known_evidence(item, self.as_of, self.reading)

        made = dict(each(self.lookup.form.evidence, make, "evidence"))
        graph = {e.id: [n for n in e.rests_on if n in made] for e in made.values()}
        for circle in circles(graph):
            message = f"evidence rests on itself in a circle: {shortened(circle)}"
            self.reading.problem(message, ("evidence", circle[0], "rests_on"))
        return made

    def evidence_kind(self, shape: Any, path: Path) -> None:
        """Only facts and reports carry grades; only an inference rests on something."""
        written = self.lookup.raw["evidence"][path[-1]]
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
        """Report marks or likelihoods of hypotheses that there are not."""
        hypotheses = self.lookup.raw.get("hypotheses", [])
        if not isinstance(hypotheses, list):
            return
        if not self.hypothesis_ids:
            self.hypothesis_ids = dict.fromkeys([*(str(h) for h in hypotheses), "other"])
        known = self.hypothesis_ids
        for name in given or ():
            if name not in known:
                message = f"no hypothesis {shown(name)}"
                self.reading.problem(message, (*path, name), word=name, known=known, key=True)

    def somewhere_possible(self, given: Mapping[str, Judgement | None] | None, path: Path) -> None:
        """Report likelihoods that are all zero: then the item could not have been seen at all."""
        chances = list((given or {}).values())
        if chances and all(chance is not None and chance.high == 0 for chance in chances):
            message = "a likelihood of 0 under every hypothesis: this could not have been seen"
            self.reading.problem(message, path, expected="one above 0")

    def transfers(self) -> dict[str, Transfer]:
        """What can be paid."""

        def make(name: str, s: Any, path: Path) -> Transfer:
            for actor in s.worth or ():
                self.lookup.known(actor, "actors", (*path, "worth", actor))
            given = (s.worth or {}).items()
            worth = immutabledict({k: v.of(k) for k, v in given if v is not None})
            return Transfer(name, s.unit, s.most, worth, s.note, refs(s))

        return dict(each(self.lookup.form.transfers, make, "transfers"))


def each(
    section: Mapping[str, Any] | None, make: Callable[[str, Any, Path], T], name: str
) -> Iterable[tuple[str, T]]:
    """What is made of each entry of a section that could be read, with its id."""
    for key, shape in (section or {}).items():
        if shape is not None:
            yield key, make(key, shape, (name, key))


def refs(shape: Any) -> tuple[str, ...]:
    """The labels of an entry."""
    return cast("tuple[str, ...]", present(shape.refs))


def texts(given: Mapping[str, str | None] | None) -> immutabledict[str, str]:
    """A map of texts, without those that could not be read."""
    return immutabledict({k: v for k, v in (given or {}).items() if v is not None})
