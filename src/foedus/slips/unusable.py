"""Rights that no reachable state can use, issues that nothing moves, positions never reached."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from foedus.case.model import Path
from foedus.game.space import Mask
from foedus.slips.ground import Ground
from foedus.slips.rights import Entry, barred_in
from foedus.slips.slip import Slip


def unusable_rights(ground: Ground) -> Iterator[Slip]:
    """Rights that no reachable state can use, each with why, as far as can be told.

    ``reason`` is ``overridden`` (a more specific right stands for each change), ``barred`` (by
    ``never_back_to``, or expiring), ``unreached`` (the positions moved from never come about),
    ``rules`` (each of the rules named forbids it everywhere), ``rules-together``, or empty.
    """
    reached = ground.reached
    for entry in ground.entries:
        if not entry.open.any():
            yield _right(ground, entry, "barred" if entry.governs.any() else "overridden")
        elif not reached.uses(entry):
            here = ground.at(entry.issue, reached.states)
            tried = entry.open & here[:, None]
            if not tried.any():
                yield _right(ground, entry, "unreached")
            else:
                rules, together = ground.forbidding(entry.issue, tried)
                reason = "" if not rules else "rules-together" if together else "rules"
                yield _right(ground, entry, reason, tuple(r.statement.text for r in rules))


def _right(ground: Ground, entry: Entry, reason: str, rules: tuple[str, ...] = ()) -> Slip:
    issue = ground.issues[entry.issue]
    follows = reason in ("overridden", "unreached")
    path = entry.right.path or ("issues", issue.id, "decided_by")
    return ground.slip(
        "unusable-right",
        "note" if follows else "warning",
        path,
        reason,
        {
            "issue": (issue.id,),
            "from": _positions(ground, entry.issue, np.asarray(entry.governs.any(axis=1))),
            "to": _positions(ground, entry.issue, np.asarray(entry.governs.any(axis=0))),
            "scope": (entry.scope,),
            "right": (entry.right.text,),
            "rules": rules,
        },
    )


def _positions(ground: Ground, k: int, mask: Mask) -> tuple[str, ...]:
    positions = ground.issues[k].positions
    return tuple(p.id for p, chosen in zip(positions, mask, strict=True) if chosen)


def stuck_issues(ground: Ground) -> Iterator[Slip]:
    """Issues that no right, event or reversion moves, where no unusable right tells why."""
    told = {ground.issues[entry.issue].id for entry in _unused(ground)}
    for k, issue in enumerate(ground.issues):
        if issue.id in ground.stuck and issue.id not in told:
            stays = _positions(ground, k, ground.at(k, ground.reached.states))
            reason = "one-position" if len(issue.positions) == 1 else "nobody"
            path: Path = ("issues", issue.id)
            names = {"issue": (issue.id,), "position": stays}
            yield ground.slip("stuck-issue", "warning", path, reason, names)


def unreached_positions(ground: Ground) -> Iterator[Slip]:
    """Positions that nothing reaches, of issues that move; not where an unusable right tells it.

    ``reason`` is ``expiring``, ``never-back-to``, ``nobody`` (no right leads there from where the
    issue comes), ``rules``, ``rules-together`` (as for rights), or empty.
    """
    reached = ground.reached
    unused = (*_unused(ground), *(e for e in ground.entries if not e.open.any()))
    told = {(e.issue, b) for e in unused for b in np.flatnonzero(_only(e)).tolist()}
    for k, issue in enumerate(ground.issues):
        if issue.id in ground.stuck:
            continue
        here = ground.at(k, reached.states)
        for b, position in enumerate(issue.positions):
            if position.id not in ground.unmet[issue.id] or (k, b) in told:
                continue
            tried = np.zeros((len(here), len(here)), dtype=bool)
            for entry in ground.entries:
                if entry.issue == k:
                    tried[:, b] |= entry.open[:, b] & here
            rules: tuple[str, ...] = ()
            if barred_in(issue)[:, b].all():
                reason = "expiring" if position.id in issue.falls else "never-back-to"
            elif not tried.any():
                reason = "nobody"
            else:
                found, together = ground.forbidding(k, tried)
                rules = tuple(rule.statement.text for rule in found)
                reason = "" if not rules else "rules-together" if together else "rules"
            names = {"issue": (issue.id,), "position": (position.id,), "rules": rules}
            path: Path = ("issues", issue.id, "positions", position.id)
            yield ground.slip("unreached-position", "warning", path, reason, names)


def _unused(ground: Ground) -> list[Entry]:
    """The rights that are not barred and still cannot be used."""
    return [e for e in ground.entries if e.open.any() and not ground.reached.uses(e)]


def _only(entry: Entry) -> Mask:
    """The position that a right is about, if there is one only; (positions,)."""
    to = np.asarray(entry.governs.any(axis=0))
    return to if to.sum() == 1 else np.zeros(len(to), dtype=bool)
