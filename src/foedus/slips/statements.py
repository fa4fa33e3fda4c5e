"""Statements that never hold in what can come about, or always do, and arrangements told twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from foedus.case.model import (
    Case,
    Expression,
    Issue,
    Path,
    Priorities,
    Statement,
    Support,
    Worth,
)
from foedus.game.space import Mask
from foedus.slips.ground import Ground
from foedus.slips.slip import Severity, Slip


class Said(NamedTuple):
    """A statement on which something depends: what that is, whose, and under what path and id."""

    what: str
    path: Path
    statement: Statement
    owner: str = ""
    id: str = ""


def _said(case: Case) -> Iterator[Said]:
    """The statements of worths, priorities and arrangements."""
    for actor, preference in case.preferences.items():
        at: Path = ("preferences", actor)
        match preference:
            case Worth():
                for item in preference.items:
                    yield Said("worth", (*at, "worth", item.id), item.when, actor, item.id)
            case Priorities():
                for k, wish in enumerate(preference.items):
                    yield Said("priority", (*at, "priorities", k), wish.when, actor, wish.id)
            case _:
                pass
    for name, arrangement in case.arrangements.items():
        what = "hypothesis" if name in case.hypotheses else "arrangement"
        yield Said(what, ("arrangements", name), arrangement.when, id=name)


def never_or_always(ground: Ground) -> Iterator[Slip]:
    """Worths, priorities, support and arrangements that never hold at the deadline, or always do.

    ``reason`` is ``impossible`` (in no state that the rules allow), ``unreached``, or ``follows``
    (an issue that it is about has a position that nothing reaches, which is told of itself);
    ``covered`` for a support item before which another always counts.
    """
    for said in _said(ground.case):
        holds = ground.ends_where(said.statement.tree)
        if not holds.any():
            yield _never(ground, said, _why_never(ground, said.statement.tree))
        elif holds.all():
            weighs = said.what in ("hypothesis", "arrangement")
            severity: Severity = "note"
            if weighs and not ground.follows(said.statement.tree):
                severity = "warning"
            yield ground.slip("always-holds", severity, said.path, "", _names(said))
    yield from _support(ground)
    yield from _reversions(ground)


def _never(ground: Ground, said: Said, reason: str) -> Slip:
    severity: Severity = "note" if reason == "follows" else "warning"
    return ground.slip("never-holds", severity, said.path, reason, _names(said))


def _why_never(ground: Ground, tree: Expression) -> str:
    if not (ground.space.holds(tree) & ground.space.settled).any():
        return "impossible"
    return "follows" if ground.follows(tree) else "unreached"


def _names(said: Said) -> dict[str, tuple[str, ...]]:
    names: dict[str, tuple[str, ...]] = {}
    names |= {"what": (said.what,), "id": (said.id,), "statement": (said.statement.text,)}
    return names | ({"actor": (said.owner,)} if said.owner else {})


def _support(ground: Ground) -> Iterator[Slip]:
    """Support items that never count; the default may go without."""
    for actor, preference in ground.case.preferences.items():
        if not isinstance(preference, Support):
            continue
        open_: Mask = np.ones(len(ground.reached.ends), dtype=bool)
        for k, item in enumerate(preference.items):
            if item.when is None:
                continue
            holds = ground.ends_where(item.when.tree)
            if not (holds & open_).any():
                path: Path = ("preferences", actor, "support", k)
                said = Said("support", path, item.when, actor, item.id)
                reason = "covered" if holds.any() else _why_never(ground, item.when.tree)
                yield _never(ground, said, reason)
            open_ &= ~holds


def _reversions(ground: Ground) -> Iterator[Slip]:
    """Conditional reversions that never apply before the deadline."""
    states = ground.reached.states
    for k, issue in enumerate(ground.issues):
        for origin, entries in issue.falls.items():
            at = states[ground.space.reader.column(k)[states] == issue.number(origin)]
            if not len(at):
                continue
            for entry in entries:
                if entry.when is None:
                    continue
                holds = ground.space.holds(entry.when.tree)[at]
                if not holds.any():
                    yield _reversion(ground, issue, origin, entry.when)
                at = at[~holds]


def _reversion(ground: Ground, issue: Issue, origin: str, when: Statement) -> Slip:
    path = when.path or ("issues", issue.id, "otherwise", origin)
    return _never(ground, Said("reversion", path, when, id=issue.id), _why_never(ground, when.tree))


def same_states(ground: Ground) -> Iterator[Slip]:
    """Arrangements that are matched by the same states: at the deadline they cannot differ."""
    alike: dict[bytes, list[str]] = {}
    for name, arrangement in ground.case.arrangements.items():
        holds = ground.ends_where(arrangement.when.tree)
        if holds.any() and not holds.all():
            alike.setdefault(np.packbits(holds).tobytes(), []).append(name)
    for names in alike.values():
        if len(names) > 1:
            path: Path = ("arrangements", names[-1])
            yield ground.slip("same-states", "note", path, "", {"arrangements": sorted(names)})
