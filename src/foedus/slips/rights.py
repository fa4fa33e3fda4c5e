"""The rights of a case as they stand in its file: the one place where these are walked for slips.

What else may set an issue is asked here too: events, of which cases have none yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from foedus.case.entitlements import Entitlement
from foedus.case.model import AnyRight, Case, Expression, Issue, Not, Right
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
    when: tuple[Expression, ...] = ()
    """What must hold in the state left, all of it."""


def entries_of(case: Case) -> tuple[Entry, ...]:
    """The rights that somebody has, in the order of the file."""
    found: list[Entry] = []
    for k, issue in enumerate(case.issues.values()):
        rights = issue.decided_by
        scopes: list[tuple[Scope, AnyRight]] = [("default", rights.default)]
        scopes += [("position", right) for right in rights.to.values()]
        scopes += [("change", right) for right in rights.changes.values()]
        barred = barred_in(issue)
        for scope, right in scopes:
            governs = _governed(issue, right)
            earlier: list[Expression] = []
            for each in right.entries:
                here = governs if _in_time(case, each) else np.zeros_like(governs)
                when = (*earlier, *(() if each.when is None else (each.when.tree,)))
                if each.right.movers:
                    open_ = here & ~barred
                    found.append(Entry(len(found), k, each.right, scope, here, open_, when))
                if each.since is None and each.until is None:
                    if each.when is None:
                        break
                    earlier.append(Not(each.when.tree))
    return tuple(found)


def _in_time(case: Case, entry: Entitlement) -> bool:
    """Whether a right counts on some day from ``as_of`` to the deadline."""
    late = case.deadline is not None and entry.since is not None and entry.since > case.deadline
    past = case.as_of is not None and entry.until is not None and entry.until < case.as_of
    return not (late or past)


def barred_in(issue: Issue) -> Mask:
    """The changes that nobody may make, whoever has a right; (positions, positions)."""
    ids = [position.id for position in issue.positions]
    return np.array([[issue.barred(a, b) for b in ids] for a in ids], dtype=bool)


def _governed(issue: Issue, right: AnyRight) -> Mask:
    ids = [position.id for position in issue.positions]
    return np.array(
        [[a != b and issue.decided_by.of(a, b) is right for b in ids] for a in ids], dtype=bool
    ).reshape(len(ids), len(ids))


def set_by_events(case: Case) -> tuple[tuple[Expression | None, Mapping[str, str]], ...]:
    """What events may set, and when (None: always): positions by issue."""
    return tuple(
        (None if event.when is None else event.when.tree, outcome.sets)
        for event in case.events.values()
        for outcome in event.outcomes
        if outcome.sets
    )
