"""Events: what happens when, which issues it sets, and with what shares it turns out how."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from immutabledict import immutabledict

from foedus.case.circles import issues_in
from foedus.case.judged import present, with_reasons
from foedus.case.kinds import path_name
from foedus.case.lookup import Lookup
from foedus.case.model import (
    Arrangement,
    ChanceBy,
    Event,
    Issue,
    Judgement,
    OnDay,
    Outcome,
    Path,
    Rate,
    Timing,
)
from foedus.case.problems import listed
from foedus.case.resolve_grounds import each, refs
from foedus.case.shape_events import TIMINGS, BranchShape, EventShape
from foedus.case.shares import rounding

MOST_EVENTS = 1000
"""A case may have so many events."""

ROUNDED = 0.01
"""Rounded shares, such as three of 0.33, may miss their sum by so much."""

NEVER = OnDay(date.max)
"""Stands for the time of an event whose own could not be read."""


class Events:
    """Makes the events of a case, of which the issues and arrangements are made."""

    def __init__(
        self,
        lookup: Lookup,
        issues: Mapping[str, Issue],
        arrangements: Mapping[str, Arrangement],
    ) -> None:
        self.lookup = lookup
        self.reading = lookup.reading
        self.issues = issues
        self.trees = {name: each.when.tree for name, each in arrangements.items()}

    def resolve(self) -> dict[str, Event]:
        """The events of the file."""
        given = self.lookup.form.events or {}
        if len(given) > MOST_EVENTS:
            message = f"the case has {len(given):,} events"
            expected = f"at most {MOST_EVENTS:,}"
            self.reading.problem(message, ("events",), expected=expected, key=True)
        made = dict(each(given, self.event, "events"))
        self.same_days(made)
        return made

    def event(self, name: str, shape: EventShape, path: Path) -> Event:
        """One event."""
        raw = self.lookup.raw["events"][name]
        because = tuple(dict.fromkeys((*present(shape.because), *self.reasons_of_rest(shape))))
        return Event(
            id=name,
            name=shape.name or name,
            timing=self.timing(shape, raw, because, path),
            outcomes=tuple(self.outcomes(shape, raw, because, path)),
            when=self.lookup.statement(shape.when, (*path, "when")) if "when" in raw else None,
            because=because,
            note=shape.note,
            refs=refs(shape),
        )

    # --- when ---------------------------------------------------------------------------------

    def timing(
        self, shape: EventShape, raw: Mapping[str, Any], because: tuple[str, ...], path: Path
    ) -> Timing:
        """When it happens: at a rate, with a chance until a day, or on a day."""
        given = [key for key in raw if key in TIMINGS]
        if not given:
            message = f"nothing says when {path_name(path)} happens"
            expected = f"one of {listed(TIMINGS)}"
            self.reading.problem(message, path, expected=expected, key=True)
        for key in given[1:]:
            message = f"{key!r} stands beside {given[0]!r}"
            expected = f"one of {listed(TIMINGS)}"
            self.reading.problem(message, (*path, key), expected=expected, key=True)
        if len(given) != 1:
            return NEVER
        if shape.day is not None:
            self.dated(shape.day, f"{path_name(path)} plays no part", (*path, "day"))
            return OnDay(shape.day)
        if shape.rate is not None and shape.rate.a_year is not None:
            return Rate(_reasoned(shape.rate.a_year, because))
        if shape.chance is not None:
            by, value = shape.chance.by, shape.chance.value
            here = (*path, "chance")
            if by is not None:
                told = f"of {path_name(path)} only what comes until then counts"
                self.dated(by, told, (*here, "by"))
            if value is not None and value.mode == 1:
                message = "what is certain by a day has no rate before it"
                expected = "a chance below 1, or `day` for what happens on a day"
                self.reading.problem(message, value.path, expected=expected)
            if by is not None and value is not None:
                return ChanceBy(by, _reasoned(value, because))
        return NEVER

    def dated(self, day: date, told: str, path: Path) -> None:
        """Report a day that is not after ``as_of``; notice one after the deadline."""
        form = self.lookup.form
        if form.as_of is None:
            if "as_of" not in self.lookup.raw:
                message = "an event with a date needs `as_of`, the day of which the case speaks"
                self.reading.problem(message, path)
        elif day <= form.as_of:
            message = f"{day} is not after as_of, {form.as_of}"
            expected = "a day to come; what has happened belongs in `today`"
            self.reading.problem(message, path, expected=expected)
        elif form.deadline is not None and day > form.deadline:
            message = f"{day} is after the deadline ({form.deadline}): {told}"
            self.reading.notice(message, path)

    def same_days(self, events: Mapping[str, Event]) -> None:
        """Report events on one day of which one sets what another sets or looks at."""
        by_day: dict[date, list[Event]] = {}
        for event in events.values():
            if isinstance(event.timing, OnDay) and event.timing is not NEVER:
                by_day.setdefault(event.timing.day, []).append(event)
        for day, together in by_day.items():
            setting: dict[str, Event] = {}
            reading: dict[str, Event] = {}
            for event in together:
                sets = dict.fromkeys(sorted(event.sets))
                reads = {} if event.when is None else issues_in(event.when.tree, self.trees)
                touched = [(i, setting[i]) for i in sorted({*sets, *reads}) if i in setting]
                touched += [(i, reading[i]) for i in sets if i in reading]
                for issue, other in touched[:1]:
                    message = f"{other.id!r} and {event.id!r} both happen on {day}, and one of them"
                    message += f" sets {issue!r}, which the other sets or looks at: which is first?"
                    path = ("events", event.id, "day")
                    self.reading.problem(message, path, expected="another day for one of them")
                setting |= {i: event for i in sets if i not in setting}
                reading |= {i: event for i in reads if i not in reading}

    # --- what ---------------------------------------------------------------------------------

    def outcomes(
        self, shape: EventShape, raw: Mapping[str, Any], because: tuple[str, ...], path: Path
    ) -> Iterator[Outcome]:
        """How it may turn out; what the event itself sets is set in each of its branches."""
        always = self.sets(shape.sets, (*path, "sets"))
        branches = shape.one_of
        if not (raw.get("sets") or any(b is None or b.sets is not None for b in branches or ())):
            self.reading.problem(f"{path_name(path)} sets nothing", path, key=True)
        if branches is None:
            yield Outcome(always, None, None, (*path, "sets"))
            return
        here: Path = (*path, "one_of")
        if not branches:
            self.reading.problem("'one_of' has no branches", here, key=True)
        self.shares(branches, raw["one_of"], here)
        for k, branch in enumerate(branches):
            if branch is None:
                continue
            own = self.sets(branch.sets, (*here, k, "sets"))
            for issue in own:
                if issue in (shape.sets or {}):
                    message = f"{issue!r} is set by the event as well, in every branch"
                    self.reading.problem(message, (*here, k, "sets", issue), key=True)
            last = k + 1 == len(branches)
            share = None if last or branch.share is None else _reasoned(branch.share, because)
            placed = (*here, k, "sets") if own else (*path, "sets") if always else (*here, k)
            yield Outcome(immutabledict({**always, **own}), share, branch.name, placed)

    def sets(self, given: Mapping[str, Any] | None, path: Path) -> immutabledict[str, str]:
        """Issues and the positions that they then take."""
        made = {}
        for name, value in (given or {}).items():
            here = (*path, name)
            if self.lookup.known(name, "issues", here) and name in self.issues:
                position = self.lookup.position(value, self.issues[name], here)
                if position is not None:
                    made[name] = position
        return immutabledict(made)

    def shares(self, branches: list[BranchShape | None], raw: list[Any], path: Path) -> None:
        """Report shares that are missing, or that do not make one whole."""
        missing = [
            k for k, branch in enumerate(branches) if branch is not None and "share" not in raw[k]
        ]
        last = len(branches) - 1
        for k in missing:
            if k != last:
                message = f"{path_name((*path, k))} has no 'share'"
                expected = "only the last without one: it has what the others leave"
                self.reading.problem(message, (*path, k), expected=expected)
        given = [branch.share for branch in branches if branch is not None and branch.share]
        if not given or len(given) + len(missing) < len(branches) or missing not in ([], [last]):
            return
        whole, most = sum(s.mode for s in given), sum(s.high for s in given)
        slack = min(rounding(share.mode for share in given), ROUNDED) + 1e-9
        if not missing and any(not share.sure for share in given):
            message = "a share has a range, and so the last branch has what the others leave"
            expected = "no 'share' here"
            self.reading.problem(message, (*path, last, "share"), expected=expected, key=True)
        elif not missing and abs(whole - 1) > slack:
            expected = "1, or no share in the last branch, which has what the others leave"
            self.reading.problem(
                f"the shares sum to {whole:.6g}", path, expected=expected, key=True
            )
        elif most > 1 + slack:
            what, much = ("shares", whole) if whole > 1 + slack else ("shares' high ends", most)
            expected = "at most 1: the last branch has what the others leave"
            self.reading.problem(f"the {what} sum to {much:.6g}", path, expected=expected, key=True)

    def reasons_of_rest(self, shape: EventShape) -> tuple[str, ...]:
        """The reasons of a last share: as it has what the others leave, they are the event's."""
        last = (shape.one_of or [None])[-1]
        return () if last is None or last.share is None else last.share.because


def _reasoned(judgement: Judgement, because: tuple[str, ...]) -> Judgement:
    """The judgement with the reasons of its event added to its own."""
    made = with_reasons(judgement, judgement.path, list(because), None, None)
    return made or judgement
