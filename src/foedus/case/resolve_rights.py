"""Rights: from text, quotas or a list of these by state and day, to who may make a change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from immutabledict import immutabledict

from foedus.case.entries import Entry
from foedus.case.kinds import path_name, wrong
from foedus.case.lookup import Lookup
from foedus.case.model import Actor, AnyRight, ConditionalRight, Entitlement, Path, Quota, Right
from foedus.case.problems import listed, shown
from foedus.case.quotas import (
    MOST_SEATS,
    MOST_WINNING,
    NO_WAY,
    Effort,
    TooLongError,
    can_be_reached,
    winning_sets,
)
from foedus.case.rights import NOBODY, TOO_MANY, Movers, joined, read_right
from foedus.case.shape_rights import AllShape, EntitlementShape, QuotaShape

MOST_SEATS_IN_ALL = 4 * MOST_SEATS
"""So many members may the smallest sets of all quotas of a case have together."""

QUOTA_KEYS = ("at_least", "of")
ALL_KEY = "all"
VOTE_KEYS = (*QUOTA_KEYS, ALL_KEY)
CONDITIONS = ("when", "from", "until")

NO_RIGHT = Right(NOBODY, ())
_PART = "text, or a quota {at_least, of}"
_PLAIN = "text, a quota {at_least, of} or several rights {all}"
_RIGHT = "text, a quota {at_least, of}, several rights {all} or a list {when, from, until, by}"


def is_vote(given: Any, positions: Collection[str]) -> bool:
    """Whether what stands under ``decided_by`` is a quota or ``all``, and not a map by change.

    The names of positions are taken for these, unless both keys of a quota stand there alone.
    """
    if not isinstance(given, dict):
        return False
    return set(given) == set(QUOTA_KEYS) or any(
        key in given and key not in positions for key in VOTE_KEYS
    )


def is_all(given: Mapping[str, Any]) -> bool:
    """Whether a map is meant for several rights at once, and not for a quota."""
    return ALL_KEY in given or (
        not any(key in given for key in QUOTA_KEYS)
        and any(isinstance(value, list) for value in given.values())
    )


class Rights:
    """Makes the rights of a case; ``deciding`` are the actors of their movers."""

    def __init__(self, lookup: Lookup, actors: Mapping[str, Actor]) -> None:
        self.lookup = lookup
        self.reading = lookup.reading
        self.actors = actors
        self.deciding: set[str] = set()
        self.texts: dict[str, Movers] = {}
        self.voted: dict[Any, Movers] = {}
        self.seats = 0
        self.effort = Effort()

    def read(self, value: Any, path: Path) -> AnyRight:
        """One right: text, a quota, several at once, or a list by state and day."""
        if isinstance(value, list):
            return self.conditional(value, path)
        return self.plain(value, path, _RIGHT)

    def plain(self, value: Any, path: Path, expected: str) -> Right:
        """A right that depends on nothing: text, a quota, or several of these at once."""
        if isinstance(value, dict):
            right = self.together(value, path) if is_all(value) else self.quota(value, path)
        elif isinstance(value, str):
            right = self.text(value, path)
        else:
            wrong(self.reading, path, expected, value)
            return NO_RIGHT
        for mover in right.movers:
            self.deciding |= mover
            if all(name in self.actors and self.actors[name].electorate for name in mover):
                who = listed(sorted(mover), "and")
                message = f"an electorate alone ({who}) has this right: who puts the question?"
                self.reading.problem(message, path)
        return right

    def text(self, text: str, path: Path) -> Right:
        """One right, from its text."""
        text = str(text)  # no scalar of the file
        if text not in self.texts:
            movers, named, faults = read_right(text)
            unknown = False
            for token in named:
                unknown |= not self.is_actor(str(token), path, token.start_pos or 0)
            for fault in faults:
                self.reading.problem(
                    fault.message, path, expected=fault.expected, offset=fault.offset
                )
            if movers is None or unknown:
                return Right(text, (), path)
            self.texts[text] = movers
        return Right(text, self.texts[text], path)

    def is_actor(self, name: str, path: Path, offset: int) -> bool:
        """Whether a right names an actor; if not, a problem is reported."""
        ids = self.lookup.ids("actors")
        if ids is None or name in ids:
            return True
        self.reading.problem(
            f"no actor {shown(name)}", path, word=name, known=chain(ids, [NOBODY]), offset=offset
        )
        return False

    # --- quotas, and several rights at once ---------------------------------------------------

    def quota(self, given: dict[str, Any], path: Path) -> Right:
        """A quota as a right, or nobody's after a problem."""
        quota = self.bar(given, path)
        if quota is None:
            return Right(NOBODY, (), path)
        return Right(quota.text, self.winning([quota], NO_WAY, path), path, quota)

    def bar(self, given: dict[str, Any], path: Path) -> Quota | None:
        """How much suffices and who has how much of it; None after a problem."""
        shape = QUOTAS.read(given, path, self.reading)
        weights = shape.of or {}
        known = [self.lookup.known(name, "actors", (*path, "of", name)) for name in weights]
        if given.get("of") == {}:
            self.reading.problem("nobody has a weight", (*path, "of"), key=True)
        if not weights or not all(known) or None in (shape.at_least, *weights.values()):
            return None
        quota = Quota(shape.at_least, immutabledict(weights))
        if can_be_reached(quota):
            return quota
        whole = sum(weights.values())
        message = f"nobody reaches {quota.at_least:.15g}: all of them have {whole:.15g}"
        self.reading.problem(message, (*path, "at_least"))
        return None

    def together(self, given: dict[str, Any], path: Path) -> Right:
        """Several rights at once as one, or nobody's after a problem."""
        items = ALL.read(given, path, self.reading).all
        here = (*path, ALL_KEY)
        parts = [self.part(item, (*here, k)) for k, item in enumerate(items or ())]
        if items == []:
            self.reading.problem(f"{ALL_KEY!r} is empty", here, expected="a list of rights")
        if not parts or None in parts:
            return Right(NOBODY, (), path)
        ways = joined(part.movers for part in parts if isinstance(part, Right))
        if ways is None:
            self.reading.problem(TOO_MANY, here, key=True)
            return Right(NOBODY, (), path)
        movers = self.winning([part for part in parts if isinstance(part, Quota)], ways, here)
        written = tuple(part.text for part in parts if isinstance(part, Quota | Right))
        all_of = tuple(p.text if isinstance(p, Right) else p for p in parts if p is not None)
        return Right("; and ".join(written), movers, path, all_of=all_of)

    def part(self, given: Any, path: Path) -> Quota | Right | None:
        """One of several rights that must be had together; None after a problem."""
        if isinstance(given, dict):
            if ALL_KEY not in given:
                return self.bar(given, path)
            message, expected = f"{ALL_KEY!r} stands in {ALL_KEY!r}", "its rights in the one list"
            self.reading.problem(message, (*path, ALL_KEY), expected=expected, key=True)
        elif not isinstance(given, str):
            wrong(self.reading, path, _PART, given)
        elif given.strip() == NOBODY:
            message = f"with {NOBODY!r} among them, nobody has all of these rights"
            self.reading.problem(message, path, expected=f"{NOBODY!r} alone")
        else:
            right = self.text(given, path)
            return right if right.movers else None
        return None

    def winning(self, quotas: Sequence[Quota], ways: Movers, path: Path) -> Movers:
        """The smallest sets that reach each bar, with one of ``ways``; a problem if too many."""
        bars = sorted((quota.at_least, *sorted(quota.weights.items())) for quota in quotas)
        key = (*bars, ways)
        if key not in self.voted:
            self.voted[key] = self.search(quotas, ways, path)
        return self.voted[key]

    def search(self, quotas: Sequence[Quota], ways: Movers, path: Path) -> Movers:
        """What :meth:`winning` finds, worked out."""
        found: list[frozenset[str]] = []
        before = self.seats
        many = "" if before <= MOST_SEATS_IN_ALL else "the quotas of this case have too many"
        try:
            for each in () if many else winning_sets(quotas, ways, self.effort):
                found.append(each)
                self.seats += len(each)
                if len(found) > MOST_WINNING or self.seats - before > MOST_SEATS:
                    where = "at this bar" if len(quotas) == 1 else "at these bars"
                    many = f"{where} there are more than {len(found) - 1:,}"
                    break
        except TooLongError:
            many = "it takes too long to find the"
        if many:
            expected = "fewer actors: join small ones that vote alike into one"
            message = f"{many} smallest sets of actors that suffice"
            self.reading.problem(message, path, expected=expected)
            return ()
        return tuple(sorted(found, key=lambda mover: (len(mover), sorted(mover))))

    # --- by state and day ---------------------------------------------------------------------

    def conditional(self, given: list[Any], path: Path) -> AnyRight:
        """A right by state and day; a plain one where its first entry counts always."""
        if not given:
            wrong(self.reading, path, _RIGHT, given)
        entries = tuple(self.entitlements(given, path))
        if entries and entries[0] == Entitlement(entries[0].right):
            return entries[0].right
        return ConditionalRight(entries, path)

    def entitlements(self, given: list[Any], path: Path) -> Iterator[Entitlement]:
        """The entries of a list; only the last may be without a condition."""
        for k, item in enumerate(given):
            here = (*path, k)
            shape = ENTITLEMENTS.read(item, here, self.reading)
            if shape is None:
                continue
            if k + 1 < len(given) and not any(key in item for key in CONDITIONS):
                told = listed(map(repr, CONDITIONS))
                message = f"{path_name(here)} has no {told}, and so those after it never count"
                self.reading.problem(message, here, expected="only the last without a condition")
            self.days(shape, here)
            when = self.lookup.statement(shape.when, (*here, "when")) if "when" in item else None
            if "by" in item:
                right = self.plain(shape.by, (*here, "by"), _PLAIN)
                yield Entitlement(right, when, shape.since, shape.until)

    def days(self, shape: EntitlementShape, path: Path) -> None:
        """Report days without an ``as_of``, or in disorder; notice an entry that never counts."""
        since, until, form = shape.since, shape.until, self.lookup.form
        key = "from" if since is not None else "until"
        if since is None and until is None:
            return
        if form.as_of is None:
            if "as_of" not in self.lookup.raw:
                message = "a right by day needs `as_of`, the day of which the case speaks"
                self.reading.problem(message, (*path, key), key=True)
            return
        if since is not None and until is not None and until < since:
            message = f"the right ends on {until}, before it begins, {since}"
            self.reading.problem(message, (*path, "until"))
        elif until is not None and until < form.as_of:
            message = f"this entry never counts: it ends on {until}, before as_of ({form.as_of})"
            self.reading.notice(message, (*path, "until"))
        elif since is not None and form.deadline is not None and since > form.deadline:
            message = f"this entry never counts: it begins on {since}, after the deadline"
            self.reading.notice(f"{message} ({form.deadline})", (*path, "from"))


QUOTAS = Entry(QuotaShape)
ALL = Entry(AllShape)
ENTITLEMENTS = Entry(EntitlementShape)
