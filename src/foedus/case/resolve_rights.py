"""Rights: from text, a quota or a list of these by state and day, to who may make a change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from itertools import chain
from typing import Any

from immutabledict import immutabledict

from foedus.case.entries import Entry
from foedus.case.kinds import path_name, wrong
from foedus.case.lookup import Lookup
from foedus.case.model import Actor, AnyRight, ConditionalRight, Entitlement, Path, Quota, Right
from foedus.case.problems import listed, shown
from foedus.case.quotas import MOST_SEATS, MOST_WINNING, winning_sets
from foedus.case.rights import NOBODY, Movers, read_right
from foedus.case.shape_rights import EntitlementShape, QuotaShape

MOST_SEATS_IN_ALL = 4 * MOST_SEATS
"""So many members may the smallest sets of all quotas of a case have together."""

QUOTA_KEYS = ("at_least", "of")
CONDITIONS = ("when", "from", "until")

NO_RIGHT = Right(NOBODY, ())
_RIGHT = "text, a quota {at_least, of} or a list of entries {when, from, until, by}"


def is_quota(given: Any, positions: Collection[str]) -> bool:
    """Whether what stands under ``decided_by`` is a quota and not a map by change.

    The names of positions are taken for these, unless both keys of a quota stand there alone.
    """
    if not isinstance(given, dict):
        return False
    return set(given) == set(QUOTA_KEYS) or any(
        key in given and key not in positions for key in QUOTA_KEYS
    )


class Rights:
    """Makes the rights of a case; ``deciding`` are the actors of their movers."""

    def __init__(self, lookup: Lookup, actors: Mapping[str, Actor]) -> None:
        self.lookup = lookup
        self.reading = lookup.reading
        self.actors = actors
        self.deciding: set[str] = set()
        self.texts: dict[str, Movers] = {}
        self.quotas: dict[Any, Movers] = {}
        self.seats = 0

    def read(self, value: Any, path: Path) -> AnyRight:
        """One right: text, a quota, or a list by state and day."""
        if isinstance(value, list):
            return self.conditional(value, path)
        return self.plain(value, path, _RIGHT)

    def plain(self, value: Any, path: Path, expected: str) -> Right:
        """A right that depends on nothing: text, or a quota."""
        if isinstance(value, dict):
            right = self.quota(value, path)
        elif isinstance(value, str):
            right = self.text(str(value), path)
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

    # --- quotas -------------------------------------------------------------------------------

    def quota(self, given: dict[str, Any], path: Path) -> Right:
        """A quota as a right, or nobody's after a problem."""
        shape = QUOTAS.read(given, path, self.reading)
        weights = shape.of or {}
        known = [self.lookup.known(name, "actors", (*path, "of", name)) for name in weights]
        if given.get("of") == {}:
            self.reading.problem("nobody has a weight", (*path, "of"), key=True)
        if not weights or not all(known) or None in (shape.at_least, *weights.values()):
            return Right(NOBODY, (), path)
        quota = Quota(shape.at_least, immutabledict(weights))
        key = (quota.at_least, *sorted(weights.items()))
        if key not in self.quotas:
            self.quotas[key] = self.winning(quota, path)
        told = ", ".join(f"{name} ({weight:.15g})" for name, weight in weights.items())
        text = f"at least {quota.at_least:.15g} of {told}"
        return Right(text, self.quotas[key], path, quota)

    def winning(self, quota: Quota, path: Path) -> Movers:
        """The smallest sets that reach the bar; a problem where there are none, or too many."""
        found: list[frozenset[str]] = []
        before = self.seats
        many = "" if before <= MOST_SEATS_IN_ALL else "the quotas of this case have too many"
        for each in () if many else winning_sets(quota.weights, quota.at_least):
            found.append(each)
            self.seats += len(each)
            if len(found) > MOST_WINNING or self.seats - before > MOST_SEATS:
                many = f"at this bar there are more than {len(found) - 1:,}"
                break
        if many:
            expected = "fewer actors: join small ones that vote alike into one"
            message = f"{many} smallest sets of actors that suffice"
            self.reading.problem(message, path, expected=expected)
            return ()
        if not found:
            whole = sum(quota.weights.values())
            message = f"nobody reaches {quota.at_least:.15g}: all of them have {whole:.15g}"
            self.reading.problem(message, (*path, "at_least"))
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
                right = self.plain(shape.by, (*here, "by"), "text, or a quota {at_least, of}")
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
ENTITLEMENTS = Entry(EntitlementShape)
