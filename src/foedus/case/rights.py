"""Rights: who may make a change, from text to the smallest sets of actors that suffice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import lark
import lark.visitors

from foedus.case.statements import Fault, read_text

MOST_MOVERS = 100
"""A right may have so many smallest sets of actors, at every stage of working them out."""

PAIRS = 4_000
"""So many pairs of sets are joined at one stage."""

TOO_MANY = f"more than {MOST_MOVERS} sets of actors have this right; write it more simply"

NOBODY = "nobody"

Movers = tuple[frozenset[str], ...]


class _TooManyError(Exception):
    pass


class _Sets(lark.visitors.Transformer_NonRecursive[lark.Token, Movers]):
    """Works out the smallest satisfying sets from the inside to the outside."""

    def __init__(self) -> None:
        super().__init__(visit_tokens=False)
        self.actors: list[lark.Token] = []

    def actor(self, children: list[Any]) -> Movers:
        self.actors.append(children[0])
        return (frozenset({str(children[0])}),)

    def any_of(self, children: list[Any]) -> Movers:
        return _smallest({mover for movers in children for mover in movers})

    def all_of(self, children: list[Any]) -> Movers:
        product: Movers = (frozenset(),)
        for movers in children:
            if len(product) * len(movers) > PAIRS:
                raise _TooManyError
            product = _smallest({a | b for a in product for b in movers})
        return product


def _smallest(sets: set[frozenset[str]]) -> Movers:
    """Those of the sets that contain no other, by size. Sets of one size contain no other."""
    kept: list[frozenset[str]] = []
    smaller, size = 0, 0
    for candidate in sorted(sets, key=len):
        if len(candidate) > size:
            smaller, size = len(kept), len(candidate)
        if not any(map(candidate.issuperset, kept[:smaller])):
            kept.append(candidate)
            if len(kept) > MOST_MOVERS:
                raise _TooManyError
    return tuple(kept)


def joined(rights: Iterable[Movers]) -> Movers | None:
    """The smallest sets of actors that have all of these rights; None where there are too many.

    >>> for mover in joined([(frozenset("a"), frozenset("b")), (frozenset("a"),)]):
    ...     print(sorted(mover))
    ['a']
    """
    try:
        return _Sets().all_of(list(rights))
    except _TooManyError:
        return None


def read_right(text: str) -> tuple[Movers | None, list[lark.Token], list[Fault]]:
    """The movers of a right, the actors named (with their offsets), and what is wrong.

    ``nobody`` has no movers.

    >>> movers, _, _ = read_right("north or (south and voters)")
    >>> [sorted(mover) for mover in movers]
    [['north'], ['south', 'voters']]
    """
    if text.strip() == NOBODY:
        return (), [], []
    tree, faults = read_text(text, "right")
    if tree is None:
        return None, [], faults
    sets = _Sets()
    try:
        movers = sets.transform(tree)
    except lark.exceptions.VisitError as error:
        if not isinstance(error.orig_exc, _TooManyError):
            raise
        return None, [], [Fault(0, TOO_MANY)]
    for token in sets.actors:
        if str(token) == NOBODY:
            message = f"{NOBODY!r} stands alone, or not at all"
            return None, [], [Fault(token.start_pos or 0, message)]
    by_name = sorted(movers, key=lambda mover: (len(mover), sorted(mover)))
    return tuple(by_name), sets.actors, []
