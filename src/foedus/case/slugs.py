"""Ids made from the names of an imported file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

LENGTH_LIMIT = 60
"""A longer name gives an id cut to this many characters."""

RESERVED = frozenset({"and", "or", "not", "in", "default", "nobody", "at-once", "other"})
"""Words of the case file that no id may be."""

_SPELT = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)


def slug(name: str) -> str:
    """A name as an id: lower case, accents off, the rest hyphens; empty when letters would be lost.

    >>> slug("Appease  (U.S.)"), slug("Café"), slug("Россия A"), slug("--")
    ('appease-u-s', 'cafe', '', '')
    """
    folded = unicodedata.normalize("NFKD", name.casefold().translate(_SPELT))
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    if any(c.isalnum() and not c.isascii() for c in bare):
        return ""
    joined = re.sub(r"[^a-z0-9_]+", "-", bare)
    return joined[:LENGTH_LIMIT].strip("-")


def slugs(names: Sequence[str], kind: str, taken: Mapping[str, str] | None = None) -> list[str]:
    """Ids for names, in order: slugs, repeats numbered ``-2``, ``-3``.

    A name that gives no id becomes ``kind`` and its place, counting from 1; a reserved word gets
    ``kind`` before it. An id in ``taken`` (id to original name) is used again only for that name.

    >>> slugs(["Full", "Reduced", "Full", "条約", "not"], "option")
    ['full', 'reduced', 'full-2', 'option-4', 'option-not']
    """
    taken = taken or {}
    made: list[str] = []
    used: set[str] = set()
    for number, name in enumerate(names, start=1):
        base = slug(name) or f"{kind}-{number}"
        if base in RESERVED:
            base = f"{kind}-{base}"
        candidate, repeat = base, 1
        while candidate in used or taken.get(candidate, name) != name:
            repeat += 1
            candidate = f"{base}-{repeat}"
        used.add(candidate)
        made.append(candidate)
    return made
