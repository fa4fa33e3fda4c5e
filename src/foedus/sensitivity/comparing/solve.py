"""Compare two cases: what differs, what each difference does alone and last, and together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from foedus.case.model import Case, Path, Place
from foedus.case.problems import CaseError, Problem
from foedus.case.reading import case_from_data, parse_case
from foedus.case.source import read_source
from foedus.forecasting.estimates import paired_error
from foedus.forecasting.workers import Progress, Workers, shared_out
from foedus.preferences.games import game_of
from foedus.process.model import ProcessOptions
from foedus.sensitivity.comparing.answers import Answers, Asked
from foedus.sensitivity.comparing.edits import edits
from foedus.sensitivity.comparing.hybrids import Hybrids, answer_key, bundled
from foedus.sensitivity.comparing.results import (
    NOTHING,
    Comparison,
    Moved,
    Pair,
    Part,
    Smallest,
    Turned,
    smallest_set,
)

DRAWS = 1_000
SHARE = 0.8
BUDGET = 200
MOST_PAIRED = 6
"""Of so many bundles, those that move an answer most, all pairs are tried."""

MOST_HELD = 300
"""More bundles than this are not solved one by one."""


@dataclass(frozen=True, slots=True)
class _File:
    data: Mapping[str, Any]
    case: Case
    places: Any


def compare(
    old: str | Mapping[str, Any],
    new: str | Mapping[str, Any],
    *,
    draws: int = DRAWS,
    seed: int = 1,
    workers: int | Workers = 1,
    share: float = SHARE,
    budget: int = BUDGET,
    options: ProcessOptions | None = None,
    progress: Progress | None = None,
    names: tuple[str, str] = ("old", "new"),
) -> Comparison:
    """Which entries of two cases differ, and what each difference does to the answers.

    ``old`` and ``new`` are the texts of two case files, or their plain data; ``names`` are what
    they are called, also in problems. Between the two stand the hybrids, the old case with some
    edits made, each checked as a file is. All are solved with the same ``draws`` and ``seed``, so
    that what no edit touches is drawn alike. With 0 draws nothing is forecast.

    For each hypothesis (or, without common hypotheses, each arrangement) that both cases have, the
    total movement is the sum of what each bundle of edits does alone, and the interaction. The
    smallest set is one that accounts for ``share`` of the movements beyond two standard errors,
    summed over the hypotheses; at most ``budget`` sets are tried in full.

    Raises CaseError for a file that is no valid case, with its name, or that lacks what a forecast
    needs; ValueError for numbers that make no sense.
    """
    if draws < 0:
        raise ValueError(f"{draws} draws: there can be no fewer than none")
    if not 0 < share <= 1:
        raise ValueError(f"a share of {share:g}: it must be above 0 and at most 1")
    if budget < 0:
        raise ValueError(f"a budget of {budget}: it may not be negative")
    first, second = _file(old, names[0]), _file(new, names[1])
    if draws:
        _can_be_forecast(first.case, second.case)
    found = edits(first.data, second.data, (first.places, second.places))
    hybrids = Hybrids(found, f"{names[0]} with edits of {names[1]}")
    bundles = bundled(hybrids, progress)
    targets, main, only_old, only_new = _targets(first.case, second.case)
    with shared_out(workers) as crew:
        asked = Asked(
            hybrids,
            bundles,
            targets,
            crew,
            draws=draws,
            seed=seed,
            options=options,
            progress=progress,
        )
        base = answer_key(first.case)
        idle = tuple(k for k in range(len(bundles)) if _idle(asked, k, base))
        live = [k for k in range(len(bundles)) if k not in idle]
        if len(live) > MOST_HELD and draws and targets:
            message = f"{len(live)} differences, and at most {MOST_HELD} can be run one by one"
            raise CaseError([Problem(message)], names[1])
        moved, turned = _effects(asked, live, main) if draws and targets else ((), ())
        pooled = any(each.view == "pooled" for each in moved)
        headline = "pooled" if pooled else "inside"
        asked_for = [each for each in moved if each.arrangement in main]
        smallest = _accounting(asked, live, asked_for, headline, share, budget)
        if smallest is None:  # no hypothesis moves: then what accounts for the arrangements?
            smallest = _accounting(asked, live, moved, "inside", share, budget)
    return Comparison(
        names,
        {
            name: each.name
            for name, each in {**second.case.arrangements, **first.case.arrangements}.items()
        },
        {name: each.name for name, each in {**second.case.actors, **first.case.actors}.items()},
        found.edits,
        bundles,
        idle,
        moved,
        turned,
        smallest,
        headline,
        main,
        only_old,
        only_new,
        draws,
        seed,
        asked.solved,
    )


def _file(given: str | Mapping[str, Any], name: str) -> _File:
    """One of the two: its data, the case, and where a path of it stands."""
    if isinstance(given, str):
        case = parse_case(given, name)
        source = read_source(given, name)
        game_of(case)
        return _File(source.data, case, source.place)
    case = case_from_data(given, name)
    game_of(case)
    return _File(given, case, _nowhere)


def _nowhere(path: Path) -> Place | None:
    return None


def _can_be_forecast(*cases: Case) -> None:
    for case in cases:
        lacks = [
            name
            for name, value in (("as_of", case.as_of), ("deadline", case.deadline))
            if value is None
        ]
        if case.today is None:
            lacks.append("today")
        if lacks:
            message = f"there is no forecast to compare: the case lacks {' and '.join(lacks)}"
            raise CaseError([Problem(message)], case.file)


def _targets(old: Case, new: Case) -> tuple[tuple[str, ...], ...]:
    """What is compared, what of it is asked, and the hypotheses that one case has alone."""
    common = tuple(h for h in old.hypotheses if h in new.hypotheses)
    only_old = tuple(h for h in old.hypotheses if h not in new.hypotheses)
    only_new = tuple(h for h in new.hypotheses if h not in old.hypotheses)
    rest = tuple(a for a in old.arrangements if a in new.arrangements and a not in common)
    return (*common, *rest), common or rest, only_old, only_new


def _idle(asked: Asked, k: int, base: str) -> bool:
    """Whether a bundle changes nothing that an answer is computed from."""
    case = asked.case([k])
    return case is not None and answer_key(case) == base


def _asked(asked: Asked, chosen: Sequence[int] | frozenset[int]) -> Answers:
    """The answers of a hybrid that is known to be a valid case."""
    found = asked.answers(chosen)
    if found is None:
        raise AssertionError("a bundle that was checked makes no valid case")
    return found


def _effects(
    asked: Asked, live: Sequence[int], main: Sequence[str]
) -> tuple[tuple[Moved, ...], tuple[Turned, ...]]:
    """How each answer moves, and where consent says something else."""
    every = range(len(asked.bundles))
    before, after = _asked(asked, ()), _asked(asked, list(every))
    alone = {k: _asked(asked, [k]) for k in live}
    last = {k: _asked(asked, [j for j in every if j != k]) for k in live}
    moved = []
    views = ["inside"]
    if before.pooled and before.pooled.keys() == after.pooled.keys():
        views.append("pooled")
    for view in views:
        for target in asked.targets:
            if view == "pooled" and not all(
                target in each.pooled for each in (before, after, *alone.values(), *last.values())
            ):
                continue
            start, end = before.of(view, target), after.of(view, target)
            parts = tuple(
                Part(k, alone[k].of(view, target) - start, end - last[k].of(view, target))
                for k in live
            )
            error = paired_error(before.by_draw(view, target), after.by_draw(view, target))
            told = target in main or abs(end - start) > 2 * error
            pairs = _pairs(asked, view, target, start, end, parts) if told else ()
            moved.append(Moved(target, view, start, end, error, parts, pairs))
    return tuple(moved), _turned(asked, live)


def _turned(asked: Asked, live: Sequence[int]) -> tuple[Turned, ...]:
    """The arrangements of which consent says something else, and what alone does that."""
    every = list(range(len(asked.bundles)))
    before, after = (asked.agreed(chosen, asked.targets) for chosen in ((), every))
    others = [t for t in asked.targets if before[t].key != after[t].key]
    alone = {k: asked.agreed([k], others) for k in live} if others else {}
    return tuple(
        Turned(t, before[t], after[t], tuple(k for k in live if alone[k][t].key == after[t].key))
        for t in others
    )


def _pairs(
    asked: Asked, view: str, target: str, start: float, end: float, parts: Sequence[Part]
) -> tuple[Pair, ...]:
    """The interactions of two among the bundles that move the answer most, alone or last."""
    if abs(end - start - sum(part.alone for part in parts)) < NOTHING and all(
        abs(part.alone - part.last) < NOTHING for part in parts
    ):
        return ()
    moving = [part for part in parts if part.moves]
    moving.sort(key=lambda part: -max(abs(part.alone), abs(part.last)))
    by = {part.bundle: part.alone for part in moving[:MOST_PAIRED]}
    found = []
    for first, second in combinations(sorted(by), 2):
        both = asked.answers([first, second])
        if both is None or (view == "pooled" and target not in both.pooled):
            continue
        extra = both.of(view, target) - start - by[first] - by[second]
        if abs(extra) > NOTHING:
            found.append(Pair(first, second, extra))
    return tuple(sorted(found, key=lambda pair: -abs(pair.extra)))


def _accounting(
    asked: Asked,
    live: Sequence[int],
    moved: Sequence[Moved],
    headline: str,
    share: float,
    budget: int,
) -> Smallest | None:
    """The smallest set that accounts for most of what moves beyond error; None if nothing does."""
    wanted = {m.arrangement: m.after for m in moved if m.view == headline and m.beyond_error}
    if not wanted:
        return None
    whole = sum(abs(m.total) for m in moved if m.view == headline and m.arrangement in wanted)

    def left(chosen: frozenset[int]) -> float | None:
        found = asked.answers(chosen)
        if found is None or (headline == "pooled" and not wanted.keys() <= found.pooled.keys()):
            return None
        return sum(abs(after - found.of(headline, t)) for t, after in wanted.items())

    return smallest_set(live, left, whole, share, budget)
