"""The rights of a case as they stand in its file: the one place where these are walked for slips.

What else may set an issue is asked here too: events, of which cases have none yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from foedus.case.model import Case, Expression, Issue, Right
from foedus.game.space import Mask

Scope = Literal["default", "position", "change"]
"""Whether a right stands for the changes that nothing else is said of, for those to one position,
or for one change."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A right that somebody has, as it stands in the file.

    ``number`` counts the rights, ``issue`` is the number of its issue. ``governs`` (positions,
    positions) are the changes for which no more specific entry stands; ``open`` those of them that
    are not barred by ``never_back_to`` or because the position moved to is expiring.
    """

    number: int
    issue: int
    right: Right
    scope: Scope
    governs: Mask
    open: Mask


def entries_of(case: Case) -> tuple[Entry, ...]:
    """The rights that somebody has, in the order of the file."""
    found: list[Entry] = []
    for k, issue in enumerate(case.issues.values()):
        rights = issue.decided_by
        scopes: list[tuple[Scope, Right]] = [("default", rights.default)]
        scopes += [("position", right) for right in rights.to.values()]
        scopes += [("change", right) for right in rights.changes.values()]
        barred = barred_in(issue)
        for scope, right in scopes:
            if right.movers:
                governs = _governed(issue, right)
                found.append(Entry(len(found), k, right, scope, governs, governs & ~barred))
    return tuple(found)


def barred_in(issue: Issue) -> Mask:
    """The positions that nobody may move to, whoever has a right; (positions,)."""
    return np.array(
        [p.id in issue.never_back_to or p.id in issue.falls for p in issue.positions], dtype=bool
    )


def _governed(issue: Issue, right: Right) -> Mask:
    ids = [position.id for position in issue.positions]
    return np.array(
        [[a != b and issue.decided_by.of(a, b) is right for b in ids] for a in ids], dtype=bool
    ).reshape(len(ids), len(ids))


def set_by_events(case: Case) -> tuple[tuple[Expression | None, Mapping[str, str]], ...]:
    """What events may set, and when (None: always): positions by issue. Cases have no events."""
    return ()
