"""What would have to be judged otherwise for everybody asked to agree to an arrangement."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from immutabledict import immutabledict

from foedus.case.model import Case
from foedus.case.problems import UnknownName, listed
from foedus.document import Explanation
from foedus.forecasting.ranges import Floats
from foedus.process.consent import Consent, Consents
from foedus.process.model import Process
from foedus.result import Result, data_of, explained
from foedus.sensitivity.adjusting import (
    Adjustable,
    Change,
    adjustables_of,
    changes_of,
    judged_otherwise,
    setting_of,
)
from foedus.sensitivity.consenting import Answer, Asking


@dataclass(frozen=True, slots=True)
class Turn:
    """One change after which those asked agree, verified by solving consent again.

    ``moves`` are by how many half-ranges each thing is moved that moves as one, by its key;
    ``after`` is consent then, in its forms. ``worsening`` says that it makes the arrangement worth
    more to nobody whom it turns: it works only by making worse what they expect without it, their
    BATNA.
    """

    changes: tuple[Change, ...]
    after: Consent
    worsening: bool
    moves: Mapping[str, float]

    @property
    def half_ranges(self) -> float:
        """Its size: the sum of all moves, each in halves of its own range."""
        return size_of(self.changes)

    @property
    def within(self) -> bool:
        """Whether every changed judgement stays within its range."""
        return all(change.within for change in self.changes)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            **data_of(
                self, "half_ranges within_ranges=within changes only_worsening_batna=worsening"
            ),
            "refusing_after": list(refusing_in(self.after)),
        }


def size_of(changes: tuple[Change, ...]) -> float:
    """The sum of the moves, each in halves of its own range.

    Of judgements that are moved as one the largest counts.
    """
    moves: dict[str, float] = {}
    for change in changes:
        key = change.by or change.name
        moves[key] = max(moves.get(key, 0.0), abs(change.half_ranges))
    return sum(moves.values())


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Turning(Result):
    """What would have to be judged otherwise for those asked to agree to an arrangement.

    ``blocker`` is who shall agree, None for all who are asked. ``turns`` come smallest first, those
    that work only by making the BATNA worse last; none where none was found, and ``reason`` says
    why. ``tried`` settings were solved. Where nothing turns the blocker, ``turns`` are changes
    after which others are asked instead, of whom no more refuse than before.
    """

    process: Process
    arrangement: str
    blocker: str | None
    before: Consent
    turns: tuple[Turn, ...] = ()
    tried: int = 0
    reason: str = ""

    @property
    def case(self) -> Case:
        """The case as it is judged."""
        return self.process.case

    @property
    def needed(self) -> bool:
        """Whether any change is needed: whether those asked refuse as things are judged."""
        refuse = refusing_in(self.before)
        if self.blocker is not None:
            return self.blocker in refuse
        return not self.before.acceptable and self.before.status != "by itself"

    @property
    def around(self) -> bool:
        """Whether the blocker is not turned by what was found: others are asked instead of it."""
        return self.blocker is not None and any(
            self.blocker not in asked_in(turn.after) for turn in self.turns
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            **data_of(self, "arrangement blocker needed around"),
            "found": bool(self.turns),
            "refusing": list(refusing_in(self.before)),
            "turns": [turn.to_dict() for turn in self.turns],
            "reason": self.reason,
        }

    def explain(self) -> Explanation:
        """What would have to be judged otherwise, and what then comes of it."""
        return explained(self)


def refusing_in(consent: Consent) -> tuple[str, ...]:
    """Who refuses an arrangement in its best form."""
    best = consent.headline.best if consent.headline else None
    return best.refuse if best else ()


def asked_in(consent: Consent) -> tuple[str, ...]:
    """Who is asked for an arrangement in its best form."""
    best = consent.headline.best if consent.headline else None
    return best.coalition if best else ()


SCAN = (0.5, 1.0, 2.0, 4.0)
"""By so many half-ranges each judgement is moved either way to see what it does."""

PRECISION = 1e-3
"""To so much of a half-range the least move is worked out."""

KEPT = 3
"""So many single changes are told for each who refuses."""

MARGINS = (0.0, 1e-3, 0.01, 0.05)
"""By so many half-ranges more it is moved where it does not quite do when solved again."""

TOLERANCE = 1e-9

Wanted = Callable[[frozenset[str], frozenset[str]], bool]
"""Whether an answer does, from who is asked and who refuses."""


Moved = tuple[Adjustable, float]
"""What is moved, and by how many half-ranges."""


@dataclass(frozen=True, slots=True)
class _Move:
    """One adjustable moved one way: by ``high`` half-ranges it does, by ``low`` it does not."""

    of: Adjustable
    sign: float
    low: float
    high: float
    worsening: bool

    def by(self, size: float) -> Moved:
        return self.of, self.sign * size


def turnings_of(process: Process, arrangement: str) -> tuple[tuple[Turning, ...], Turning]:
    """For each who refuses an arrangement, and for all together: what would turn them.

    Single judgements, and those of a group by their loadings, are moved within and beyond their
    ranges; a move that does is narrowed down by bisection. For all together the smallest move that
    leaves fewer refusing is taken again and again. Every change told has been solved again in the
    case changed by it. The process is to be without what the case leaves out. Raises KeyError for
    an unknown arrangement.
    """
    if arrangement not in process.case.arrangements:
        raise UnknownName("arrangement", arrangement, process.case.arrangements)
    before = Consents(process).of(arrangement)
    if not (before.headline and before.headline.best):
        return (), Turning(process, arrangement, None, before, reason=_why_nobody(before))
    if before.acceptable:
        return (), Turning(process, arrangement, None, before)
    search = _Search(process, before)
    blockers = tuple(search.blocker(name) for name in refusing_in(before))
    return blockers, search.together()


def _why_nobody(consent: Consent) -> str:
    return {
        "impossible": "No state of the case is so.",
        "nobody": "Nobody can bring it about, whatever is judged.",
        "by events": "It comes only by events, which ask nobody.",
        "in stages": "It comes about in stages only, so that nobody is asked for it at once.",
    }.get(consent.status, "")


class _Search:
    """Settings of one question, solved many at once."""

    def __init__(self, process: Process, before: Consent) -> None:
        self.process, self.before = process, before
        self.asking = Asking(process, before)
        self.adjustables = adjustables_of(process, paces=False)
        self.base = self.asking.answers([setting_of(())])[0]
        self.kept: dict[int, Floats] = {}
        self.scanned = self._scan(())

    def blocker(self, name: str) -> Turning:
        """The smallest single changes after which one actor agrees, or else is not asked."""

        def agrees(asked: frozenset[str], refuse: frozenset[str]) -> bool:
            return name in asked and name not in refuse

        def unasked(asked: frozenset[str], refuse: frozenset[str]) -> bool:
            return name not in asked and len(refuse) <= len(self.base.refuse)

        before = replace(self.base, refuse=frozenset({name}))
        for wanted in (agrees, unasked):
            moves = self._best(self._narrowed(self.scanned, (), wanted, before))
            turns = [t for m in moves[: KEPT + 1] if (t := self._verified((m,), wanted))]
            turns.sort(key=_order)
            if turns:
                break
        reason = "" if turns else "No single judgement does it, within four times half its range."
        return self._turning(name, turns[:KEPT], reason)

    def together(self) -> Turning:
        """Changes after which nobody refuses: one at a time, the smallest that leaves fewer."""
        taken: list[_Move] = []
        scanned, current = self.scanned, self.base
        while current.refuse:
            so_far = _moved(taken)
            left = len(current.refuse)

            def fewer(_: frozenset[str], refuse: frozenset[str], left: int = left) -> bool:
                return len(refuse) < left

            best = self._best(self._narrowed(scanned, so_far, fewer, current))
            if not best:
                names = sorted(current.refuse)
                return self._turning(None, [], _stuck(self.process, names))
            taken.append(best[0])
            current = self.asking.answers([setting_of(changes_of(_moved(taken)))])[0]
            if current.refuse:
                scanned = self._scan(_moved(taken))
        turn = self._verified(taken, lambda _, refuse: not refuse)
        reason = "" if turn else "What was found does not hold when it is solved again."
        return self._turning(None, [turn] if turn else [], reason)

    def _turning(self, blocker: str | None, turns: Sequence[Turn], reason: str) -> Turning:
        return Turning(
            self.process,
            self.before.arrangement,
            blocker,
            self.before,
            tuple(turns),
            self.asking.tried,
            reason,
        )

    # --- moves --------------------------------------------------------------------------------

    def _scan(self, fixed: Sequence[Moved]) -> list[tuple[Adjustable, float, list[Answer]]]:
        """The answers along the scan, each adjustable moved either way from what is fixed."""
        ways = [(each, sign) for each in self.adjustables for sign in (1.0, -1.0)]
        settings = [
            setting_of(changes_of((*fixed, (each, sign * step))))
            for each, sign in ways
            for step in SCAN
        ]
        found = self.asking.answers(settings)
        size = len(SCAN)
        return [
            (each, sign, found[k * size : (k + 1) * size]) for k, (each, sign) in enumerate(ways)
        ]

    def _narrowed(
        self,
        scanned: Sequence[tuple[Adjustable, float, list[Answer]]],
        fixed: Sequence[Moved],
        wanted: Wanted,
        before: Answer,
    ) -> list[_Move]:
        """The moves that do, each between the last step that does not and the least that does."""
        moves = []
        for each, sign, answers in scanned:
            first = next(
                (k for k, answer in enumerate(answers) if wanted(answer.asked, answer.refuse)), None
            )
            if first is not None:
                low = SCAN[first - 1] if first else 0.0
                worse = self._worsening(answers[first], before)
                moves.append(_Move(each, sign, low, SCAN[first], worse))
        moves = self._contenders(moves)
        while moves and max(m.high - m.low for m in moves) > PRECISION:
            middles = [(m.low + m.high) / 2 for m in moves]
            settings = [
                setting_of(changes_of((*fixed, m.by(x))))
                for m, x in zip(moves, middles, strict=True)
            ]
            found = self.asking.answers(settings)
            moves = self._contenders(
                [
                    _Move(m.of, m.sign, m.low, x, self._worsening(answer, before))
                    if wanted(answer.asked, answer.refuse)
                    else _Move(m.of, m.sign, x, m.high, m.worsening)
                    for m, x, answer in zip(moves, middles, found, strict=True)
                ]
            )
        return moves

    def _contenders(self, moves: list[_Move]) -> list[_Move]:
        """Those that may still be among the smallest, of either sort."""
        kept = []
        for worse in (False, True):
            mine = [m for m in moves if m.worsening == worse]
            ends = sorted(m.high for m in mine)
            bound = ends[2 * KEPT - 1] if len(ends) >= 2 * KEPT else float("inf")
            kept += [m for m in mine if m.low <= bound]
        return kept

    def _best(self, moves: list[_Move]) -> list[_Move]:
        return sorted(moves, key=lambda m: (m.worsening, m.high, m.of.key))

    def _worsening(self, answer: Answer, before: Answer) -> bool:
        """Whether an answer is won from those it is new of without raising what they get by it.

        Those are who refused before, or were not asked, and now agree.
        """
        turned = answer.asked - answer.refuse - (before.asked - before.refuse)
        rows = [k for k, a in enumerate(self.asking.ordinary) if a in turned]
        if not rows or len(rows) < len(turned):
            return False
        usual = self._kept_before(answer.form)
        raised = answer.kept[rows] > usual[rows] + TOLERANCE
        return not raised.any()

    def _kept_before(self, form: int) -> Floats:
        if form not in self.kept:
            self.kept[form] = self.asking.kept_at(form)
        return self.kept[form]

    def _verified(self, moves: Sequence[_Move], wanted: Wanted) -> Turn | None:
        """The moves made in the case, and consent solved again; None where they do not hold."""
        for margin in MARGINS:
            moved = _moved(moves, margin)
            changes = changes_of(moved)
            other = Consents(judged_otherwise(self.process, changes))
            after = other.in_forms(self.before.arrangement)
            who = frozenset(asked_in(after)), frozenset(refusing_in(after))
            if after.headline and after.headline.best and wanted(*who):
                worsening = all(m.worsening for m in moves)
                return Turn(changes, after, worsening, _by_key(moved))
        return None


def _moved(moves: Sequence[_Move], margin: float = 0.0) -> list[Moved]:
    """By how much each is moved; what only worsens a BATNA last."""
    return [m.by(m.high + margin) for m in sorted(moves, key=lambda m: m.worsening)]


def _by_key(moves: Sequence[Moved]) -> Mapping[str, float]:
    found: dict[str, float] = {}
    for each, moved in moves:
        found[each.key] = found.get(each.key, 0.0) + moved
    return immutabledict(found)


def _order(turn: Turn) -> tuple[bool, float, str]:
    return turn.worsening, turn.half_ranges, turn.changes[0].name


def _stuck(process: Process, refuse: Sequence[str]) -> str:
    names = listed((process.case.actors[a].name for a in refuse), "and")
    return (
        f"{names} would still refuse, and no judgement moved by up to four times half its range "
        "makes fewer refuse."
    )
