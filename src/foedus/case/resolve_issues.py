"""Issues: their positions, who has the right to change them, how fast, and what falls."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from immutabledict import immutabledict

from foedus.case.entries import Entry, read_entry
from foedus.case.judged import present
from foedus.case.kinds import path_name, wrong
from foedus.case.lookup import Lookup
from foedus.case.model import AnyRight, ByChange, Issue, Judgement, Path, Position, Reversion
from foedus.case.problems import listed, shown
from foedus.case.progress import Reference
from foedus.case.resolve_rights import ALL_KEY, NO_RIGHT, VOTE_KEYS, Rights, is_vote
from foedus.case.shape import DAYS, IssueShape, ReversionShape, TakesShape
from foedus.case.source import BROKEN
from foedus.case.statements import Scale

MOST_ISSUES = 1000
"""A case may have so many issues."""

MOST_POSITIONS = 200
"""An issue may have so many positions: a scale from 0 to 100 has room."""

AT_ONCE = "at-once"
DEFAULT = "default"
DAYS_KEY, VALUE_KEY = "days", "value"
_CHANGE = re.compile(r"(.*?)\s*->\s*(.*)")

T = TypeVar("T")


class Issues:
    """Makes the issues of a case."""

    def __init__(self, lookup: Lookup, rights: Rights) -> None:
        self.lookup = lookup
        self.reading = lookup.reading
        self.rights = rights
        self.made: dict[str, Issue] = {}

    def resolve(self) -> None:
        """Make the issues of the file, but for what statements of all issues stand in."""
        if self.lookup.raw.get("issues") == {}:
            self.reading.problem("there are no issues", ("issues",), key=True)
        issues = self.lookup.form.issues or {}
        if len(issues) > MOST_ISSUES:
            message = f"the case has {len(issues):,} issues"
            expected = f"at most {MOST_ISSUES:,}"
            self.reading.problem(message, ("issues",), expected=expected, key=True)
        for name, shape in issues.items():
            if shape is not None:
                self.made[name] = self.issue(name, shape)

    def completed(self) -> dict[str, Issue]:
        """The issues with their rights and what they revert to: for conditions all must be made."""
        for name, shape in (self.lookup.form.issues or {}).items():
            if shape is not None:
                issue, given = self.made[name], shape.otherwise or {}
                decided_by = self.decided_by(shape.decided_by, issue, given)
                falls = immutabledict(self.falls(given, issue))
                self.made[name] = replace(issue, decided_by=decided_by, falls=falls)
        return self.made

    def scales(self) -> dict[str, Scale] | None:
        """What statements may say of the issues; None when there is no telling."""
        ids = self.lookup.ids("issues")
        if ids is None:
            return None
        scales = dict.fromkeys(ids, Scale(None))
        for issue in self.made.values():
            positions = tuple(p.id for p in issue.positions)
            scales[issue.id] = Scale(positions or None, issue.scale)
        return scales

    def issue(self, name: str, shape: IssueShape) -> Issue:
        """One issue."""
        path: Path = ("issues", name)
        if shape.positions == {}:
            self.reading.problem(f"issue {name!r} has no positions", (*path, "positions"), key=True)
        positions = tuple(Position(p, label or p) for p, label in (shape.positions or {}).items())
        if len(positions) > MOST_POSITIONS:
            message = f"issue {name!r} has {len(positions):,} positions"
            expected = f"at most {MOST_POSITIONS}"
            self.reading.problem(message, (*path, "positions"), expected=expected, key=True)
        bare = Issue(name, shape.name or name, positions, ByChange(NO_RIGHT))
        return Issue(
            id=name,
            name=bare.name,
            positions=positions,
            decided_by=bare.decided_by,
            scale=self.scale(shape, bare),
            never_back_to=self.some(shape.never_back_to, bare, "never_back_to"),
            final=self.final(shape, bare),
            pace=self.by_change(
                shape.pace, (*path, "pace"), bare, self.text(self.pace, None), None
            ),
            takes=self.takes(shape.takes, bare),
            note=shape.note,
            refs=present(shape.refs),
        )

    def by_change(
        self,
        given: Any,
        path: Path,
        issue: Issue,
        read: Callable[[Any, Path], T],
        default: T,
        also: tuple[str, ...] = (),
    ) -> ByChange[T]:
        """What depends on the change: one value for all, or a map by change and position.

        ``also`` are keys that an unknown one may be meant for.
        """
        if given is None:
            return ByChange(default)
        if not isinstance(given, dict):
            return ByChange(read(given, path))
        to: dict[str, T] = {}
        changes: dict[tuple[str, str], T] = {}
        for key, value in given.items():
            here = (*path, key)
            made = default if value is BROKEN else read(value, here)
            if key == DEFAULT:
                default = made
            elif change := _CHANGE.fullmatch(key):
                self.change(change, issue, here, changes, made)
            elif self.known(key, issue, here, also=(DEFAULT, *also)):
                to[key] = made
        return ByChange(default, immutabledict(to), immutabledict(changes))

    def text(self, read: Callable[[str, Path], T], nothing: T) -> Callable[[Any, Path], T]:
        """The reading of a value that must be text; ``nothing`` after a problem."""

        def checked(value: Any, path: Path) -> T:
            if isinstance(value, str):
                return read(str(value), path)
            whole = len(path) == len(("issues", "id", "key"))
            wrong(self.reading, path, "text, or a map by change" if whole else "text", value)
            return nothing

        return checked

    def change(
        self,
        written: re.Match[str],
        issue: Issue,
        path: Path,
        changes: dict[tuple[str, str], T],
        made: T,
    ) -> None:
        """Enter what a change is decided by, or how fast it is."""
        origin, target = written.groups()
        ends = [self.known(written[k], issue, path, written.start(k)) for k in (1, 2)]
        if not all(ends):
            return
        if origin == target:
            self.reading.problem(f"{shown(path[-1])} changes nothing", path, key=True)
        elif (origin, target) in changes:
            self.reading.problem(f"the change {origin} -> {target} stands twice", path, key=True)
        else:
            changes[origin, target] = made

    def known(
        self,
        position: str,
        issue: Issue,
        path: Path,
        offset: int = 0,
        also: tuple[str, ...] = (),
    ) -> bool:
        """Whether a key names a position, from ``offset`` on; if not, a problem is reported.

        ``also`` are other keys that may be meant.
        """
        known = self.lookup.positions(issue)
        if position in known:
            return True
        if known:
            message = f"no position {shown(position)} in issue {issue.id!r}"
            at = offset or None
            near = [*known, *also]
            self.reading.problem(message, path, word=position, known=near, key=True, offset=at)
        return False

    def decided_by(self, given: Any, issue: Issue, expiring: Collection[str]) -> ByChange[AnyRight]:
        """The rights of an issue, by change; none leads to an expiring or from a final position."""
        path: Path = ("issues", issue.id, "decided_by")
        if is_vote(given, self.lookup.positions(issue)):
            return ByChange(self.rights.read(self.alone(given, path), path))
        none: AnyRight = NO_RIGHT
        rights = self.by_change(given, path, issue, self.rights.read, none, also=VOTE_KEYS)
        into = [*rights.to.items(), *((c[1], right) for c, right in rights.changes.items())]
        for target, right in into:
            if target in expiring and any(entry.right.movers for entry in right.entries):
                self.reading.problem(
                    f"{target!r} is expiring (it reverts under `otherwise`), and nobody may move "
                    "into an expiring position; write nobody, or leave this out",
                    right.path,
                    key=True,
                )
        for (origin, _), right in rights.changes.items():
            if origin in issue.final and any(entry.right.movers for entry in right.entries):
                message = f"{origin!r} is final: nothing changes it once it is reached"
                expected = "no right to leave it"
                self.reading.problem(message, right.path, expected=expected, key=True)
        return rights

    def alone(self, quota: Mapping[str, Any], path: Path) -> dict[str, Any]:
        """A quota, or ``all``, without the keys of a map by change, each of which is reported."""
        kept, what = dict(quota), repr(ALL_KEY) if ALL_KEY in quota else "a quota"
        for key in quota:
            if key == DEFAULT or _CHANGE.fullmatch(key):
                message = f"{what} stands beside {shown(key)}"
                expected = f"{what} alone, or under {DEFAULT!r}"
                self.reading.problem(message, (*path, key), expected=expected, key=True)
                del kept[key]
        return kept

    # --- pace, scale, what falls --------------------------------------------------------------

    def pace(self, text: str, path: Path) -> str | None:
        """The name of a record, or at-once."""
        if text != AT_ONCE:
            self.reading.references.append(Reference(text, ("records",), path, (AT_ONCE,)))
        return text

    def takes(self, given: Any, issue: Issue) -> ByChange[Judgement | None]:
        """How many days changes take: one duration for all, or a map by change.

        A map whose only key is ``days`` is one duration, and so is a judgement with its reasons.
        """
        path: Path = ("issues", issue.id, "takes")
        positions = self.lookup.positions(issue)
        if isinstance(given, dict):
            if list(given) == [DAYS_KEY] or (VALUE_KEY in given and VALUE_KEY not in positions):
                return ByChange(self.duration(given, path))
            if DAYS_KEY in given and DAYS_KEY not in positions:
                self.reading.problem(
                    f"{DAYS_KEY!r} stands beside other keys",
                    (*path, DAYS_KEY),
                    expected=f"{DAYS_KEY!r} alone, for every change, or {DEFAULT!r} beside others",
                    key=True,
                )
                given = {key: value for key, value in given.items() if key != DAYS_KEY}
        return self.by_change(given, path, issue, self.duration, None, also=(DAYS_KEY,))

    def duration(self, value: Any, path: Path) -> Judgement | None:
        """Days: a judgement, or a map with the one key ``days``."""
        if isinstance(value, dict) and VALUE_KEY not in value:
            return read_entry(TakesShape, value, path, self.reading).days
        return DAYS.read(value, path, self.reading)

    def scale(self, shape: IssueShape, issue: Issue) -> tuple[float, ...] | None:
        """The number of each position, in their order."""
        if shape.scale is None and "scale" in self.lookup.raw["issues"][issue.id]:
            return (0.0,) * len(issue.positions)  # reported; what compares positions is let pass
        if shape.scale is None or not issue.positions:
            return None
        path: Path = ("issues", issue.id, "scale")
        for key in shape.scale:
            self.known(key, issue, (*path, key))
        missing = [p.id for p in issue.positions if p.id not in shape.scale]
        if missing:
            message = f"the scale of issue {issue.id!r} has no number for {listed(missing, 'and')}"
            self.reading.problem(message, path, key=True)
        return tuple(float(shape.scale.get(p.id) or 0) for p in issue.positions)

    def some(self, given: Any, issue: Issue, key: str) -> frozenset[str]:
        """A position of an issue, or a list of them, under one of its keys."""
        path: Path = ("issues", issue.id, key)
        if isinstance(given, list | tuple):
            found = [
                self.lookup.position(value, issue, (*path, k)) for k, value in enumerate(given)
            ]
        else:
            found = [self.lookup.position(given, issue, path)]
        return frozenset(position for position in found if position is not None)

    def final(self, shape: IssueShape, issue: Issue) -> frozenset[str]:
        """The positions that nothing changes; what reverts is none of them."""
        found = self.some(shape.final, issue, "final")
        for position in shape.otherwise or ():
            if position in found:
                message = f"{position!r} is final, and so it does not revert"
                path = ("issues", issue.id, "otherwise", position)
                self.reading.problem(message, path, key=True)
        return found

    def falls(self, given: Mapping[str, Any], issue: Issue) -> dict[str, tuple[Reversion, ...]]:
        """What each expiring position becomes."""
        falls: dict[str, tuple[Reversion, ...]] = {}
        for origin, value in given.items():
            here: Path = ("issues", issue.id, "otherwise", origin)
            entries = tuple(self.reversions(value, issue, here))
            if not self.known(origin, issue, here) or not entries:
                continue
            for entry in entries:
                if entry.to == origin:
                    self.reading.problem(f"{origin!r} reverts to itself", entry.path)
                elif entry.to in given:
                    message = f"{origin!r} reverts to {entry.to!r}, which is itself expiring"
                    self.reading.problem(message, entry.path)
            falls[origin] = entries
        return falls

    def reversions(self, value: Any, issue: Issue, path: Path) -> Iterator[Reversion]:
        """A position, or a list of them with conditions; only the last may be without."""
        if isinstance(value, dict) or value == []:
            expected = f"a position of issue {issue.id!r}, or a list of entries {{when, to}}"
            wrong(self.reading, path, expected, value)
            return
        if not isinstance(value, list):
            target = self.lookup.position(value, issue, path)
            if target is not None:
                yield Reversion(target, None, path)
            return
        for k, item in enumerate(value):
            here = (*path, k)
            entry = REVERSIONS.read(item, here, self.reading)
            if entry is None:
                continue
            if "when" not in item and k + 1 < len(value):
                message = f"{path_name(here)} has no 'when', and so those after it never count"
                self.reading.problem(message, here, expected="only the last without 'when'")
            target = self.lookup.position(entry.to, issue, (*here, "to"))
            when = self.lookup.statement(entry.when, (*here, "when")) if "when" in item else None
            if target is not None:
                yield Reversion(target, when, (*here, "to"))


REVERSIONS = Entry(ReversionShape)
