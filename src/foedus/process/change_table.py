"""The changes from states as tables, those of one state together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foedus.game.space import Indexes
from foedus.process.families import Bits


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """The changes from some states, those of one state together.

    ``first`` (states + 1,) is where those of each state begin. By change: ``target`` the state it
    leads to, ``issues`` and ``items`` the sets (bits) of issues it alters and of items it waits
    for, ``family`` its coalitions' number (-1 where it belongs to nobody; such changes are left
    out). ``part_first`` (changes + 1,) and ``part``: the numbers of its proper parts.
    """

    first: Indexes
    target: Indexes
    issues: Bits
    items: Bits
    family: Indexes
    part_first: Indexes
    part: Indexes

    def __len__(self) -> int:
        return len(self.target)


def joined(pieces: Sequence[Changes]) -> Changes:
    """The changes from the states of several pieces, one after another."""
    if len(pieces) == 1:
        return pieces[0]
    changes = np.cumsum([0, *map(len, pieces)])
    parts = np.cumsum([0, *(len(piece.part) for piece in pieces)])
    return Changes(
        _shifted([piece.first for piece in pieces], changes),
        np.concatenate([piece.target for piece in pieces]),
        np.concatenate([piece.issues for piece in pieces]),
        np.concatenate([piece.items for piece in pieces]),
        np.concatenate([piece.family for piece in pieces]),
        _shifted([piece.part_first for piece in pieces], parts),
        np.concatenate([p.part + by for p, by in zip(pieces, changes, strict=False)]),
    )


def _shifted(firsts: Sequence[Indexes], by: Indexes) -> Indexes:
    """Where each begins among all, and where the last ends."""
    begins = [first[:-1] + k for first, k in zip(firsts, by, strict=False)]
    return np.concatenate([*begins, by[-1:]])
