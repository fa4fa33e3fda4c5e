"""The parts of a case that are edited through forms: one table of what stands where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from foedus.case.entries import Shape, entries
from foedus.case.places import Path
from foedus.case.shape import (
    ActorShape,
    ArrangementShape,
    CaseShape,
    IssueShape,
    PreferenceShape,
    PriorityShape,
    RuleShape,
    StanceShape,
    SupportShape,
    WorthShape,
)
from foedus.case.shape_events import EventShape
from foedus.case.shape_grounds import (
    EvidenceShape,
    PollShape,
    RecordShape,
    ReferenceShape,
    TransferShape,
)
from foedus.case.shape_questions import QuestionShape


@dataclass(frozen=True, slots=True)
class Section:
    """A map or a list of entries of one kind, or (``single``) one entry by itself.

    ``one`` is what an entry is called, ``title`` what they are together; a single one has the
    ``keys`` of its shape alone. In an ``ordered`` list the place of an entry counts.
    """

    path: Path
    shape: type[Shape]
    one: str
    title: str = ""
    keys: tuple[str, ...] = ()
    listed: bool = False
    ordered: bool = False

    @property
    def single(self) -> bool:
        """Whether it is one entry, whose path is that of the section."""
        return bool(self.keys)

    def entries(self, data: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
        """The entries that a case has, with their paths."""
        found = inside(data, self.path)
        if self.single:
            yield self.path, found
        elif isinstance(found, list) and self.listed:
            yield from (((*self.path, k), value) for k, value in enumerate(found))
        elif isinstance(found, dict) and not self.listed:
            yield from (((*self.path, str(key)), value) for key, value in found.items())


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a case that is edited together."""

    title: str
    help: str
    sections: Callable[[Mapping[str, Any]], tuple[Section, ...]]


def _fixed(*sections: Section) -> Callable[[Mapping[str, Any]], tuple[Section, ...]]:
    return lambda _: sections


def _case(title: str, *keys: str) -> Section:
    return Section((), CaseShape, title, keys=keys)


_WANTS = {
    "worth": ("a statement with its worth", WorthShape, False, False),
    "priorities": ("a wish, the most important first", PriorityShape, True, True),
    "stances": ("a wished position", StanceShape, False, False),
    "support": ("a share, of which the first that matches counts", SupportShape, True, True),
}
"""The kinds of preferences that are maps or lists of entries."""


def _preferences(data: Mapping[str, Any]) -> tuple[Section, ...]:
    """For each actor the kind of preference that it has; without any, all to choose from."""
    actors = [key for name in ("actors", "preferences") for key in _keys(data.get(name))]
    return tuple(section for actor in dict.fromkeys(actors) for section in _wants(data, actor))


def _wants(data: Mapping[str, Any], actor: str) -> Iterator[Section]:
    path: Path = ("preferences", actor)
    told = _keys(inside(data, path))
    name = inside(data, ("actors", actor, "name"))
    title = f"{name} ({actor})" if isinstance(name, str) else actor
    for kind in entries(PreferenceShape):
        if told and kind not in told:
            continue
        if kind in _WANTS:
            one, shape, listed, ordered = _WANTS[kind]
            yield Section((*path, kind), shape, one, f"{title}: {kind}", (), listed, ordered)
        else:
            yield Section(path, PreferenceShape, "statements, best first", title, (kind,))


PARTS = {
    "question": Part(
        "The question",
        "What is asked, as of which day, by when, and how things stand today.",
        _fixed(
            _case("the case", "title", "question", "as_of", "deadline", "today"),
            _case("its source and notes", "source", "note", "words"),
        ),
    ),
    "actors": Part(
        "Actors",
        "Who takes part; an electorate answers by a vote.",
        _fixed(
            Section(("actors",), ActorShape, "an actor"), _case("actors that act as one", "groups")
        ),
    ),
    "issues": Part(
        "Issues",
        "What is to be settled: its positions, one a line as “id: label”, and who decides. Rights "
        "are actors joined by “and” and “or”, or lines such as “a -> b: north and south”.",
        _fixed(Section(("issues",), IssueShape, "an issue")),
    ),
    "rules": Part(
        "Rules",
        "What every possible state satisfies.",
        _fixed(Section(("rules",), RuleShape, "a rule", listed=True)),
    ),
    "events": Part(
        "Events",
        "What happens without anyone's consent: at a rate, by a chance until a day, or on a day.",
        _fixed(Section(("events",), EventShape, "an event")),
    ),
    "arrangements": Part(
        "Arrangements, hypotheses and questions",
        "Named patterns of states; the hypotheses among them exclude each other.",
        _fixed(
            Section(("arrangements",), ArrangementShape, "an arrangement", "Arrangements"),
            _case("hypotheses", "hypotheses"),
            Section(("questions",), QuestionShape, "a question", "Questions"),
        ),
    ),
    "preferences": Part(
        "Preferences",
        "What each actor wants. A judgement is a number, a range [low, most likely, high], or, of "
        "a chance, a probability word.",
        _preferences,
    ),
    "evidence": Part(
        "Evidence",
        "What the judgements rest on: facts, reports, assumptions and inferences.",
        _fixed(Section(("evidence",), EvidenceShape, "an item of evidence")),
    ),
    "figures": Part(
        "Polls, records, base rates and payments",
        "The figures that the case counts with.",
        _fixed(
            Section(("polls",), PollShape, "a poll", "Polls"),
            Section(("records",), RecordShape, "a record", "Records"),
            Section(("reference_classes",), ReferenceShape, "a base rate", "Base rates"),
            Section(("transfers",), TransferShape, "a payment", "Payments"),
        ),
    ),
}
"""What is edited through forms; all else in the text of the case."""


def inside(data: Any, path: Path) -> Any:
    """What stands at a path, or None."""
    for step in path:
        known = (isinstance(data, dict) and step in data) or (
            isinstance(data, list) and isinstance(step, int) and 0 <= step < len(data)
        )
        if not known:
            return None
        data = data[step]
    return data


def _keys(value: Any) -> list[str]:
    return [str(key) for key in value] if isinstance(value, dict) else []
