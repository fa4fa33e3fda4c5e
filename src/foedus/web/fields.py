"""One entry of a case as the fields of a form, and back: made from what the format declares.

A field is a text. What is free text in the format is taken as it stands; a number, a judgement or
an id is read as a case file reads it; maps and longer lists are written as YAML, one entry a line.
A field that comes back as it went out is no change, so that its layout in the file stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from foedus.case.entries import Entry, Shape, entries
from foedus.case.judged import Judged, ProbabilityWord
from foedus.case.kinds import Day, Kind, ListOf, MapOf, Number, OneOf, Raw, Ref, Text
from foedus.case.problems import CaseError, Problem
from foedus.case.shape_keys import POSITION, STATEMENT
from foedus.case.source import Scalar, plain_data, read_source
from foedus.case.words import WORDS
from foedus.case.writing import entry_lines, item_lines, one_line

Fields = Mapping[str, str]

LONG = ("note", "claim", "question", "why", "text", "asks", "wording")
"""Keys of texts that are sentences."""

WIDE = 60
"""A longer text has more than one line in its form."""

_WORDS = tuple(sorted({word for table in WORDS.values() for word in table}))

_STRUCTURE = re.compile(r"\s*[\[{\"']|\s*- |[^\n]*[^\s:][^\n]*:(\s|$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a form: its name (``chance.by`` lies within ``chance``) and what is in it.

    ``lines`` is 1 for a field of one line; ``choices`` are the words that it takes, ``known`` the
    sections whose ids it takes, ``hints`` words that it takes among others.
    """

    name: str
    label: str
    help: str
    required: bool
    text: str
    lines: int
    choices: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def list_id(self) -> str:
        """The name of the list of what it may take, if there is one."""
        return "-".join(self.known) or ("words" if self.hints else "")


def fields_of(shape: type[Shape], value: Any, keys: Sequence[str] = ()) -> Iterator[Field]:
    """The fields of an entry that has a value (None: a new one); of some of its keys alone."""
    given = value if isinstance(value, dict) else {}
    for name, kind, doc, required in _leaves(shape, keys):
        text = _told(kind, _get(given, name))
        yield Field(
            name,
            _label(name),
            doc,
            required,
            text,
            _lines(kind, name, text),
            *_choices(kind),
        )


def texts_of(shape: type[Shape], value: Any, keys: Sequence[str] = ()) -> dict[str, str]:
    """What stands in each field of an entry."""
    return {field.name: field.text for field in fields_of(shape, value, keys)}


def changed(
    shape: type[Shape], value: Any, texts: Mapping[str, str], keys: Sequence[str] = ()
) -> Any:
    """The entry with other texts in some of its fields. Raises CaseError where one makes no sense.

    An empty field takes its key out. New keys stand where the format has them.
    """
    made = deepcopy(value) if isinstance(value, dict) else {}
    problems: list[Problem] = []
    for name, kind, _, _ in _leaves(shape, keys):
        if name not in texts:
            continue
        try:
            _put(shape, made, name.split("."), _meant(kind, texts[name], _label(name)))
        except CaseError as error:
            problems += error.problems
    if problems:
        raise CaseError(problems)
    return made


def _leaves(shape: type[Shape], keys: Sequence[str]) -> Iterator[tuple[str, Kind, str, bool]]:
    """Each key of an entry that holds no entry of its own, and those within: name, kind, doc."""
    for key, declared in entries(shape).items():
        told = declared.metadata
        if keys and key not in keys:
            continue
        if isinstance(told["kind"], Entry):
            for name, kind, doc, _ in _leaves(told["kind"].shape, ()):
                yield f"{key}.{name}", kind, f"{told['doc']}: {doc}", False
        else:
            yield key, told["kind"], told["doc"], told["required"]


def _label(name: str) -> str:
    words = re.sub("[_-]", " ", name).replace(".", ": ")
    return words[:1].upper() + words[1:]


def _get(value: Any, name: str) -> Any:
    for key in name.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _put(shape: type[Shape], value: dict[str, Any], name: list[str], new: Any) -> None:
    """Put a value at its name, or None: take it out, and what is then empty around it."""
    key, *rest = name
    if rest:
        inner = value.get(key)
        new_inner = dict(inner) if isinstance(inner, dict) else {}
        _put(entries(shape)[key].metadata["kind"].shape, new_inner, rest, new)
        new = new_inner or None
    if new is None:
        value.pop(key, None)
    elif key in value:
        value[key] = new
    else:
        order = list(entries(shape))
        later = set(order[order.index(key) + 1 :])
        told = list(value.items())
        place = next((k for k, (each, _) in enumerate(told) if each in later), len(told))
        told.insert(place, (key, new))
        value.clear()
        value.update(told)


# --- what stands in a field, and what it means ------------------------------------------------


def _told(kind: Kind, value: Any) -> str:
    if value is None:
        return ""
    if _is_ids(kind) and isinstance(value, list):
        text = ", ".join(map(str, value))
        return text if _ids(text) == [str(each) for each in value] else one_line(value)
    if not isinstance(value, dict | list):
        text = value if isinstance(value, str) else one_line(value)
        return text if _is_literal(kind) or _read(text) == value else one_line(value)
    if not value or (isinstance(value, list) and len(one_line(value)) <= WIDE):
        return one_line(value)
    if isinstance(value, list):
        return "\n".join(line for item in value for line in item_lines(item, 0))
    return "\n".join(line for key, item in value.items() for line in entry_lines(key, item, 0))


def _meant(kind: Kind, text: str, label: str) -> Any:
    """The data that a text stands for; None for an empty one. Raises CaseError."""
    if not text.strip():
        return None
    if isinstance(kind, Text) or kind == STATEMENT:
        return text.strip()
    if _is_literal(kind):
        return plain_data(Scalar(text.strip(), plain=not isinstance(kind, OneOf)))
    if _is_ids(kind) and not text.lstrip().startswith("["):
        return _ids(text)
    try:
        return _read(text)
    except CaseError as error:
        first = error.problems[0]
        where = f", in its line {first.place.line - 1}" if first.place else ""
        raise CaseError([Problem(f"{label}{where}: {first.text}")]) from None


def _read(text: str) -> Any:
    """A value as a case file has it: YAML where it looks like it, and otherwise a plain scalar."""
    if not _STRUCTURE.match(text) and not (_STRUCTURE.search(text) and "\n" in text.strip()):
        return plain_data(Scalar(text.strip(), plain=True))
    lines = "".join(f"  {line}\n" for line in text.split("\n"))
    source = read_source(f"value:\n{lines}", "")
    if source.problems:
        raise CaseError(source.problems)
    return plain_data(source.data).get("value")


def _ids(text: str) -> list[str]:
    return [each.strip() for each in re.split(r"[,\n]", text) if each.strip()]


def _is_literal(kind: Kind) -> bool:
    plain = isinstance(kind, Text | OneOf | Number | Day | Ref | ProbabilityWord)
    return plain or kind in (STATEMENT, POSITION)


def _is_ids(kind: Kind) -> bool:
    return isinstance(kind, ListOf) and isinstance(kind.kind, Ref | Text)


def _lines(kind: Kind, name: str, text: str) -> int:
    if isinstance(kind, OneOf):
        return 1
    several = isinstance(kind, MapOf) or name.rpartition(".")[2] in LONG
    if isinstance(kind, ListOf | Raw) and not _is_literal(kind) and not _is_ids(kind):
        several = True
    needed = sum(1 + len(line) // WIDE for line in text.split("\n"))
    return min(max(needed, 2 if several else 1), 14)


def _choices(kind: Kind) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The words that a kind takes, the sections whose ids it takes, and words it takes too."""
    if isinstance(kind, OneOf):
        return kind.words, (), ()
    inner = kind.kind if isinstance(kind, ListOf) else kind
    if isinstance(inner, Ref):
        return (), inner.sections, ()
    if isinstance(inner, ProbabilityWord) or (isinstance(inner, Judged) and inner.words):
        return (), (), _WORDS
    return (), (), ()


def known_lists(fields: Iterable[Field], data: Mapping[str, Any]) -> dict[str, list[str]]:
    """For each list that a field names, what is in it: ids of the case, or words."""
    lists: dict[str, list[str]] = {}
    for field in fields:
        if field.list_id and field.list_id not in lists:
            sections = [data.get(section) for section in field.known]
            ids = [str(key) for each in sections if isinstance(each, dict) for key in each]
            lists[field.list_id] = ids or list(field.hints)
    return lists
