"""Where evidence first came from: the one definition by which reports of one thing count once.

An item's origin is the one it states, else its source; what has neither is an origin of its own.
A stated origin and a source are one when they read alike, whatever their letter case, their spaces
or how accents are encoded. So two reports of one source count once, and one that names another's
source as its origin counts with it; what one handbook says of two matters counts twice where the
case gives each an ``origin`` of its own. Audit, competing hypotheses, Bayes, confidence,
leave-one-out and trace all ask here. Examples: ``docs/how-to-write-good-evidence.md``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from immutabledict import immutabledict

from foedus.case.model import Case, Evidence, Poll


def origins_in(case: Case) -> Mapping[str, str]:
    """The name of the origin of each item of evidence and poll of a case, by their ids."""
    return origin_names((*case.evidence.values(), *case.polls.values()))


def origin_names(items: Iterable[Evidence | Poll]) -> Mapping[str, str]:
    """The name of each item's origin, by its id: two have one name when they are of one origin.

    The name is the text as the first of them writes it, or the id of an item that is its own
    origin; a text that reads like such an id has ``origin`` before it.

    >>> names = origin_names([
    ...     Evidence("first", "report", "c", source="Valley Herald"),
    ...     Evidence("second", "report", "c", source="valley  herald"),
    ...     Evidence("copy", "report", "c", source="Gazette", origin="Valley Herald"),
    ...     Evidence("letter", "fact", "c"),
    ...     Evidence("quote", "fact", "c", origin="letter"),
    ... ])
    >>> dict(names)  # doctest: +NORMALIZE_WHITESPACE
    {'first': 'Valley Herald', 'second': 'Valley Herald', 'copy': 'Valley Herald',
     'letter': 'letter', 'quote': 'origin letter'}
    """
    texts = {item.id: _text(item) for item in items}
    alone = {name for name, text in texts.items() if not text}
    written: dict[str, str] = {}
    for text in texts.values():
        if text:
            written.setdefault(as_seen(text), text)
    for key, text in written.items():
        told = text
        while told in alone:
            told = f"origin {told}"
        written[key] = told
    return immutabledict(
        {name: written[as_seen(text)] if text else name for name, text in texts.items()}
    )


def by_origin(names: Iterable[str], origins: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Some ids by the name of their origin, both in the order given; see :func:`origins_in`."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(origins[name], []).append(name)
    return {origin: tuple(same) for origin, same in found.items()}


def as_seen(text: str) -> str:
    r"""A text by which two that people read as the same are equal.

    >>> as_seen("Cafe\u0301  Daily") == as_seen(" CAFÉ daily")
    True
    """
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    return " ".join(folded.split())


def _text(item: Evidence | Poll) -> str:
    """What an item gives as its origin; empty where it gives none."""
    stated = item.origin if isinstance(item, Evidence) else None
    return (stated or "").strip() or (item.source or "").strip()
