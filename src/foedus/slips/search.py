"""The search for slips: one function a slip, one entry each in ``SEARCHES``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from foedus.case.problems import UnknownName
from foedus.preferences.games import Game
from foedus.process.holding import solvable
from foedus.process.model import Process
from foedus.slips.ground import Ground
from foedus.slips.judging import all_sure, flat_preferences, no_say
from foedus.slips.quarrels import quarrels
from foedus.slips.slip import SLIP_KINDS, Slip, SlipKind
from foedus.slips.statements import never_or_always, same_states
from foedus.slips.timing import prior_decides, takes_too_long, unused_records
from foedus.slips.unusable import idle_events, stuck_issues, unreached_positions, unusable_rights
from foedus.slips.yardsticks import payments, unequal_worths

FAIL_ON = (*SLIP_KINDS, "warning", "any")
"""What :meth:`Slips.failing` may be asked for."""


class Search(NamedTuple):
    """One search: the function, the kinds that it finds, whether it needs what can come about."""

    find: Callable[[Ground], Iterator[Slip]]
    kinds: tuple[SlipKind, ...]
    reaching: bool = False


SEARCHES = (
    Search(unusable_rights, ("unusable-right",), reaching=True),
    Search(stuck_issues, ("stuck-issue",), reaching=True),
    Search(unreached_positions, ("unreached-position",), reaching=True),
    Search(idle_events, ("idle-event",), reaching=True),
    Search(quarrels, ("quarrel",)),
    Search(takes_too_long, ("takes-too-long",)),
    Search(prior_decides, ("prior-decides",)),
    Search(never_or_always, ("never-holds", "always-holds"), reaching=True),
    Search(flat_preferences, ("flat-preferences",), reaching=True),
    Search(all_sure, ("all-sure",)),
    Search(payments, ("payment-too-large", "payment-too-small", "payment-one-sided")),
    Search(unequal_worths, ("dominated-worth", "small-worth"), reaching=True),
    Search(no_say, ("no-say",)),
    Search(same_states, ("same-states",), reaching=True),
    Search(unused_records, ("unused-record",)),
)
"""Every search: a new slip is one function, one entry here, and its sentence in the report."""


@dataclass(frozen=True, slots=True)
class Slips:
    """What may be a slip in a case, the most serious first.

    ``skipped`` names the kinds that were not looked for: the case has no status quo, or too many
    states to follow its changes through.
    """

    found: tuple[Slip, ...]
    skipped: tuple[SlipKind, ...] = ()

    def by_kind(self, kind: str) -> tuple[Slip, ...]:
        """The slips of one kind. Raises KeyError for an unknown one."""
        if kind not in SLIP_KINDS:
            raise UnknownName("kind of slip", kind, SLIP_KINDS)
        return tuple(each for each in self.found if each.kind == kind)

    def failing(self, kinds: Iterable[str]) -> tuple[Slip, ...]:
        """The slips on which a check by these names fails.

        A kind asks for its slips of any severity, ``warning`` for all warnings, ``any`` for notes
        too. Raises ValueError for another name.
        """
        asked = tuple(kinds)
        for name in asked:
            if name not in FAIL_ON:
                raise ValueError(f"no slip {name!r}; known are {', '.join(FAIL_ON)}")
        return tuple(
            each
            for each in self.found
            if any(name in (each.kind, each.severity, "any") for name in asked)
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "found": [each.to_dict() for each in self.found],
            "skipped": list(self.skipped),
        }


MOST_EXPLORED = 1 << 18
"""In a case of more states than these no process is looked at: that may take many minutes."""


def process_of(game: Game) -> Process | None:
    """The process of a case; None where it lacks what one needs or has very many states."""
    return Process.of(game) if _has_process(game) and len(game.space) <= MOST_EXPLORED else None


def _has_process(game: Game) -> bool:
    return solvable(game) and bool(game.views)


def find_slips(game: Game, process: Process | None) -> Slips:
    """Look for all slips; ``process`` as :func:`process_of` gives it."""
    ground = Ground(game, process)
    missing: list[object] = [quarrels] if process is None and _has_process(game) else []
    if ground.walk is None:
        missing += [search.find for search in SEARCHES if search.reaching]
    searches = [search for search in SEARCHES if search.find not in missing]
    found = [slip for search in searches for slip in search.find(ground)]
    left = [search for search in SEARCHES if search not in searches]
    skipped = tuple(kind for search in left for kind in search.kinds)
    return Slips(tuple(sorted(found, key=lambda slip: slip.order)), skipped)
