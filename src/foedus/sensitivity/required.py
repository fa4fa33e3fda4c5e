"""What it would take: the judgements by which those who would lose by an arrangement would gain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from immutabledict import immutabledict

from foedus.case.model import Case
from foedus.case.problems import CaseError, Problem, nearest
from foedus.document import Explanation
from foedus.preferences.games import Game, game_of
from foedus.process.acceptance import Acceptance, Finding, acceptance
from foedus.process.consent import Consents
from foedus.process.model import Behaviour, Process
from foedus.result import Result, explained
from foedus.sensitivity.changes import Change, with_changes
from foedus.sensitivity.levers import Lever, levers_of

FARTHEST = 4.0
"""A judgement is moved by so many half-ranges at most."""

MOST_TRIES = 5
"""So often one judgement is tried before it is given up."""

MARGIN = 1e-6
"""By how much a gain is put beyond what it must exceed, as a share of the actor's range."""


@dataclass(frozen=True, slots=True)
class Need:
    """One judgement (or one group) which, changed alone, makes an actor better off.

    ``half_ranges`` is how far it moves, upwards or down; ``gain`` what the actor then gains, in its
    own units, or the share in favour. The process was solved again with the change.
    """

    actor: str
    changes: tuple[Change, ...]
    half_ranges: float
    gain: float

    @property
    def within(self) -> bool:
        """Whether all judgements stay within their ranges."""
        return all(change.within for change in self.changes)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "half_ranges": self.half_ranges,
            "within_range": self.within,
            "gain": self.gain,
            "changes": [change.to_dict() for change in self.changes],
        }


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Requirement(Result):
    """What it would take for all who are asked to be better off with an arrangement's best form.

    ``needs`` has an entry for each who is not, with the judgements that would do alone, least moved
    first. ``together`` are the first of each at once, and ``after`` consent with them; None where
    somebody has none.
    """

    before: Acceptance
    arrangement: str
    needs: Mapping[str, tuple[Need, ...]]
    together: tuple[Change, ...]
    after: Acceptance | None

    @property
    def finding(self) -> Finding:
        """Consent as it is judged."""
        return self.before[self.arrangement]

    @property
    def found(self) -> bool:
        """Whether all who are asked are better off with the changes made together."""
        return self.after is not None and self.after[self.arrangement].acceptable

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "arrangement": self.arrangement,
            "behaviour": self.before.behaviour,
            "status": self.finding.status,
            "acceptable": self.finding.acceptable,
            "chance": self.finding.chance,
            "needs": {
                actor: [need.to_dict() for need in found] for actor, found in self.needs.items()
            },
            "together": {
                "found": self.found,
                "changes": [change.to_dict() for change in self.together],
                "chance": None if self.after is None else self.after[self.arrangement].chance,
            },
        }

    def explain(self) -> Explanation:
        """The same for a reader."""
        return explained(self)


def required(case: Case | Game, arrangement: str, behaviour: Behaviour = "myopic") -> Requirement:
    """Find, for each who would not gain by an arrangement, the judgements that would do alone.

    Each judgement of its own that has a range is moved until it gains by the best form, and the
    process is solved again with it: what it has without the arrangement may move as well. Raises
    CaseError for an unknown arrangement and as :func:`~foedus.process.acceptance.acceptance` does.
    """
    game = case if isinstance(case, Game) else game_of(case)
    if arrangement not in game.case.arrangements:
        guess = nearest(arrangement, game.case.arrangements)
        raise CaseError([Problem(f"no arrangement {arrangement!r}", nearest=guess)], game.case.file)
    before = acceptance(game, behaviour, only=[arrangement])
    finding = before[arrangement]
    needs = {}
    if finding.form is not None:
        trying = _Trying(before.process, arrangement, behaviour, finding)
        needs = {actor: trying.needs(actor) for actor in finding.worse_off}
    together: tuple[Change, ...] = ()
    after = None
    if needs and all(needs.values()):
        first = {change.name: change for found in needs.values() for change in found[0].changes}
        together = tuple(first.values())
        after = acceptance(
            game_of(with_changes(game.case, together)), behaviour, only=[arrangement]
        )
    return Requirement(before, arrangement, immutabledict(needs), together, after)


class _Trying:
    """Tries judgements of one who would not gain, each by itself."""

    def __init__(
        self, process: Process, arrangement: str, behaviour: Behaviour, finding: Finding
    ) -> None:
        assert finding.form is not None  # noqa: S101 - asked of those with a form alone
        self.process, self.arrangement, self.behaviour = process, arrangement, behaviour
        self.state, self.gain = finding.form.state, finding.form.gain

    def needs(self, actor: str) -> tuple[Need, ...]:
        """The judgements that would do, least moved first."""
        levers = levers_of(self.process.game, [actor])
        found = [need for lever in levers if (need := self._need(actor, lever)) is not None]
        return tuple(sorted(found, key=lambda need: (not need.within, abs(need.half_ranges))))

    def _need(self, actor: str, lever: Lever) -> Need | None:
        """Move one lever along the line through what was tried, until it does or does not."""
        base = self._lacking(actor, None)[0]
        moved = 1.0 if lever.most >= 1.0 else max(lever.most, -1.0)
        if moved == 0.0:
            moved = max(lever.least, -1.0)
        for _ in range(MOST_TRIES):
            lacking, gain = self._lacking(actor, lever.changes(moved))
            if lacking <= 0 < abs(moved):
                smaller = moved * base / (base - lacking) if base != lacking else moved
                closer, then = self._lacking(actor, lever.changes(smaller))
                if closer <= 0:
                    moved, gain = smaller, then
                return Need(actor, lever.changes(moved), moved, gain)
            if abs(base - lacking) < 1e-12:
                return None
            moved *= base / (base - lacking) * (1 + 1e-9)
            if abs(moved) > FARTHEST or not lever.least <= moved <= lever.most:
                return None
        return None

    def _lacking(self, actor: str, changes: tuple[Change, ...] | None) -> tuple[float, float]:
        """What is lacking to gain, as a share of the range or in per cent; and the gain itself."""
        process = self.process
        if changes is not None:
            process = process.judged(with_changes(process.case, changes))
        view = process.game.views[actor]
        if view.threshold is not None:
            favour = float(view.values[self.state])
            return (view.threshold - favour if view.levels[self.state] != 1 else -0.0), favour
        gain = self.gain[actor]
        if changes is not None:
            gain = Consents(process, self.behaviour).gains(self.arrangement, self.state)[actor]
        span = self.process.written[actor] or 1.0
        least = process.least[actor] if self.behaviour == "myopic" else 0.0
        return (least - gain) / span + MARGIN, gain
