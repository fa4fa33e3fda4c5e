"""Cases between two cases: the old one with some of the edits made, and which edits go together.

Every hybrid is read and checked like a file of its own. Edits that make no valid case alone, or
whose absence leaves none, are bundled with the fewest others with which they do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from itertools import combinations
from typing import Any

from foedus.case.model import Case, Judgement, Statement
from foedus.case.problems import CaseError
from foedus.case.reading import case_from_data
from foedus.case.source import plain_data
from foedus.forecasting.workers import Progress
from foedus.preferences.games import game_of
from foedus.sensitivity.comparing.edits import ABSENT, ORDER, Edit, Edits

MOST_TRIED = 400
"""So many hybrids are checked at most while edits are bundled."""

READ_ONLY = frozenset(
    (
        *("name", "label", "note", "refs", "why", "claim", "title", "question", "source"),
        *("locator", "wording", "unit", "left_out", "names", "text", "path", "places", "file"),
        *("notices", "marks", "reliability", "credibility", "word", "written_until"),
    )
)
"""What of a case no answer is computed from."""


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """Edits that are made together or not at all: mostly one, and else named together.

    ``numbers`` are their places in the edits.
    """

    numbers: tuple[int, ...]
    edits: tuple[Edit, ...]

    @property
    def name(self) -> str:
        """The names of its edits, with a plus between them."""
        return " + ".join(edit.name for edit in self.edits)


class Hybrids:
    """The cases made of an old case by some of its edits, each checked once."""

    def __init__(self, edits: Edits, file: str = "<hybrid>") -> None:
        """``file`` is what a hybrid calls itself."""
        self.edits, self.file = edits, file
        self._done: dict[frozenset[int], Case | None] = {}

    @property
    def tried(self) -> int:
        """How many hybrids have been checked."""
        return len(self._done)

    def case(self, chosen: Iterable[int]) -> Case | None:
        """The old case with these edits made; None where that is no valid case."""
        key = frozenset(chosen)
        if key not in self._done:
            try:
                case = case_from_data(self.edits.applied(key), self.file)
                game_of(case)
            except CaseError:
                self._done[key] = None
            else:
                self._done[key] = case
        return self._done[key]

    def fits(self, chosen: Collection[int]) -> bool:
        """Whether there is a valid case with only these edits, and one with all but these."""
        rest = set(range(len(self.edits.edits))) - set(chosen)
        return self.case(chosen) is not None and self.case(rest) is not None


def bundled(hybrids: Hybrids, progress: Progress | None = None) -> tuple[Bundle, ...]:
    """The edits in bundles each of which can be made alone, and left out alone.

    An edit that cannot is joined with the fewest others with which it can: first one that names
    what it brings in or takes away, or is named so, then any one, then all that are linked with
    it in this way; bundles that share an edit are one. Where that fails, all edits that cannot be
    made alone are one bundle, and where even that fails, all edits are.
    """
    edits = hybrids.edits.edits
    alone = []
    for k in range(len(edits)):
        if hybrids.fits([k]):
            alone.append(k)
        if progress is not None:
            progress("differences checked", k + 1, len(edits))
    bound = [k for k in range(len(edits)) if k not in set(alone)]
    groups = _joined([_grown(hybrids, k) for k in bound])
    if not all(hybrids.fits(group) for group in groups):
        groups = [frozenset(bound).union(*groups)]
    if not all(hybrids.fits(group) for group in groups):
        groups = [frozenset(range(len(edits)))]
    taken = frozenset[int]().union(*groups)
    groups += [frozenset([k]) for k in range(len(edits)) if k not in taken]
    numbers = sorted(tuple(sorted(group)) for group in groups)
    return tuple(Bundle(each, tuple(edits[k] for k in each)) for each in numbers)


def _grown(hybrids: Hybrids, k: int) -> frozenset[int]:
    edits = hybrids.edits.edits
    near = [j for j in range(len(edits)) if j != k and _related(edits[k], edits[j])]
    others = near + [j for j in range(len(edits)) if j != k and j not in near]
    whole = _linked(edits, k)
    tries: Iterator[tuple[int, ...]] = iter(
        [*((j,) for j in others), *combinations(near, 2), tuple(whole - {k})]
    )
    for more in tries:
        if hybrids.tried > MOST_TRIED:
            break
        if hybrids.fits([k, *more]):
            return frozenset([k, *more])
    return whole


def _linked(edits: tuple[Edit, ...], k: int) -> frozenset[int]:
    found, fresh = {k}, [k]
    while fresh:
        one = fresh.pop()
        for j in range(len(edits)):
            if j not in found and _related(edits[one], edits[j]):
                found.add(j)
                fresh.append(j)
    return frozenset(found)


def _related(one: Edit, other: Edit) -> bool:
    """Whether one of two edits names something that the other brings in or takes away."""
    return bool(_brought(one) & _words(other) or _brought(other) & _words(one))


def _brought(edit: Edit) -> set[str]:
    """The ids that are there in one of the two files only."""
    if edit.path[-1] == ORDER:
        return set()
    if edit.before is ABSENT or edit.after is ABSENT:
        return {str(edit.path[-1])}
    a, b = plain_data(edit.before), plain_data(edit.after)
    if isinstance(a, dict) and isinstance(b, dict):
        return set(map(str, a.keys() ^ b.keys()))
    if isinstance(a, list) and isinstance(b, list):
        return {str(x) for x in (*a, *b) if (x in a) != (x in b) and isinstance(x, str)}
    return set()


def _words(edit: Edit) -> set[str]:
    """All words of what it changes: ids stand in statements, rights and lists of reasons."""
    found: set[str] = set(map(str, edit.path[:-1]))
    waiting = [plain_data(v) for v in (edit.before, edit.after) if v is not ABSENT]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            found.update(map(str, value))
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        else:
            separate = "".join(c if c.isalnum() or c in "-_" else " " for c in str(value))
            found.update(separate.split())
    return found


def _joined(groups: Iterable[frozenset[int]]) -> list[frozenset[int]]:
    """The groups, with those that share a member as one."""
    made: list[frozenset[int]] = []
    for group in groups:
        touching = [other for other in made if other & group]
        made = [other for other in made if other not in touching]
        made.append(group.union(*touching))
    return made


def answer_key(case: Case) -> str:
    """The SHA-256 of all that answers are computed from: cases with the same key answer alike.

    Names, remarks, sources and grades do not enter; of reasons those that are polls do.
    """
    told = json.dumps(_told(case, case), ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def _told(value: Any, case: Case) -> Any:
    if isinstance(value, Statement):
        return _told(value.tree, case)
    if isinstance(value, Judgement):
        polls = [name for name in value.because if name in case.polls]
        moves = value.together and [value.together.group, value.together.loading]
        return [value.low, value.mode, value.high, moves, polls]
    if is_dataclass(value):
        return [
            type(value).__name__,
            *(
                [f.name, _told(getattr(value, f.name), case)]
                for f in fields(value)
                if f.name not in READ_ONLY and f.name != "because"
            ),
        ]
    if isinstance(value, Mapping):
        return [[_told(key, case), _told(part, case)] for key, part in value.items()]
    if isinstance(value, frozenset):
        return sorted((_told(part, case) for part in value), key=json.dumps)
    if isinstance(value, tuple | list):
        return [_told(part, case) for part in value]
    return value.isoformat() if isinstance(value, date) else value
