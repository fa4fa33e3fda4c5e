"""Where evidence first came from: the one definition by which reports of one thing count once.

An item's origin is the one it states, else its source; what has neither is an origin of its own.
A stated origin and a source are one when they read alike, whatever their letter case, their spaces
or how accents are encoded. So two reports of one source count once, and one that names another's
source as its origin counts with it; what one handbook says of two matters counts twice where the
case gives each an ``origin`` of its own. Audit, competing hypotheses, Bayes, confidence,
leave-one-out and trace all ask here. Examples: ``docs/how-to-write-good-evidence.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from immutabledict import immutabledict

from foedus.case.model import Case, Evidence, Poll
from foedus.case.spelling import retyped


def origins_in(case: Case) -> Mapping[str, str]:
    """The name of the origin of each item of evidence and poll of a case, by their ids."""
    return origin_names((*case.evidence.values(), *case.polls.values()))


def origin_names(items: Iterable[Evidence | Poll]) -> Mapping[str, str]:
    """The name of each item's origin, by its id: two have one name when they are of one origin.

    The name is the text as the first of them writes it; an item that states no origin and shares
    its source with none goes by its id. A text that is such an id has ``origin`` before it.

    >>> names = origin_names([
    ...     Evidence("first", "report", "c", source="Valley Herald"),
    ...     Evidence("second", "report", "c", source="valley  herald"),
    ...     Evidence("copy", "report", "c", source="Gazette", origin="Valley Herald"),
    ...     Evidence("letter", "fact", "c", source="Town archive, box 7"),
    ...     Evidence("quote", "fact", "c", origin="letter"),
    ... ])
    >>> dict(names)  # doctest: +NORMALIZE_WHITESPACE
    {'first': 'Valley Herald', 'second': 'Valley Herald', 'copy': 'Valley Herald',
     'letter': 'letter', 'quote': 'origin letter'}
    """
    groups: dict[tuple[bool, str], list[Evidence | Poll]] = {}
    for item in items:
        text = _stated(item) or (item.source or "").strip()
        groups.setdefault((bool(text), retyped(text) or item.id), []).append(item)
    alone = {same[0].id for same in groups.values() if len(same) == 1 and not _stated(same[0])}
    names: dict[str, str] = {}
    for same in groups.values():
        first = same[0]
        name = first.id
        if name not in alone:
            name = _stated(first) or (first.source or "").strip()
            while name in alone:
                name = f"origin {name}"
        names |= {item.id: name for item in same}
    return immutabledict(names)


def by_origin(names: Iterable[str], origins: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Some ids by the name of their origin, both in the order given; see :func:`origins_in`."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(origins[name], []).append(name)
    return {origin: tuple(same) for origin, same in found.items()}


def _stated(item: Evidence | Poll) -> str:
    """The origin that an item states; empty where it states none."""
    return (item.origin or "").strip() if isinstance(item, Evidence) else ""
