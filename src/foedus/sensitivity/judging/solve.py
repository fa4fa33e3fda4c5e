"""Ask several judges of one case: where they differ, what each answers, whether it matters."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from immutabledict import immutabledict

from foedus.case.altered import with_judgements
from foedus.case.links import judgement_name, judgements_of
from foedus.case.model import Case, Judgement, Path
from foedus.case.reading import parse_case
from foedus.forecasting.estimates import paired_error
from foedus.forecasting.headline import exclusive, headline
from foedus.forecasting.mixtures import linear_pool, log_odds_pool, said
from foedus.forecasting.outside import OTHER
from foedus.forecasting.pooling import pool
from foedus.forecasting.workers import Progress, Workers, shared_out
from foedus.preferences.games import game_of
from foedus.preferences.sample import Floats
from foedus.process.model import ProcessOptions, days_left
from foedus.sensitivity.comparing.hybrids import answer_key
from foedus.sensitivity.judging.results import Apart, Disputed, Judges, JudgesAnswer
from foedus.sensitivity.judging.texts import judged_by
from foedus.sensitivity.otherwise import STEP

DRAWS = 1_000

SAME = 1e-9
"""Distances that differ by less, as a part of themselves, are the same."""

Judged = Mapping[Path, Judgement]


class JudgedAnswers(NamedTuple):
    """What one case answers in each draw: by view, then by arrangement, (draws,) each.

    ``shares`` are the means over the exclusive set, hypotheses and what they leave, by view.
    """

    by_draw: Mapping[str, Mapping[str, Floats]]
    shares: Mapping[str, Floats]


class JudgedCases:
    """The cases solved, each once, on the same random numbers."""

    def __init__(
        self,
        case: Case,
        crew: Workers,
        draws: int,
        seed: int,
        options: ProcessOptions | None,
        progress: Progress | None,
        most: int,
    ) -> None:
        """``most`` is how many cases there may be to solve, for whoever is told of the progress."""
        self.case, self.crew, self.draws, self.seed = case, crew, draws, seed
        self.options, self.progress, self.most = options, progress, most
        self._done: dict[str, JudgedAnswers] = {}

    @property
    def solved(self) -> int:
        """How many cases have been solved."""
        return len(self._done)

    def answers(self, judged: Judged) -> JudgedAnswers:
        """The answers with some judgements judged so, and the others as in the case."""
        case = with_judgements(self.case, judged)
        key = answer_key(case)
        if key not in self._done:
            self._done[key] = self._solved(case)
            if self.progress is not None:
                self.progress("cases run", len(self._done), self.most)
        return self._done[key]

    def _solved(self, case: Case) -> JudgedAnswers:
        found = headline(
            case, draws=self.draws, seed=self.seed, options=self.options, workers=self.crew
        )
        inside = immutabledict({name: found.by_draw(name) for name in case.arrangements})
        by_draw: dict[str, Mapping[str, Floats]] = {"inside": inside}
        shares: dict[str, Floats] = {}
        if case.hypotheses:
            pooled = found.pooled_by_draw
            by_draw["pooled"] = immutabledict({name: pooled[name] for name in case.hypotheses})
            shares["inside"] = exclusive(case, found.reached).mean(axis=0)
            shares["pooled"] = np.array([pooled[n].mean() for n in (*case.hypotheses, OTHER)])
        return JudgedAnswers(immutabledict(by_draw), immutabledict(shares))


def judges(
    case: Case | str,
    others: Mapping[str, Case | str],
    *,
    draws: int = DRAWS,
    seed: int = 1,
    workers: int | Workers = 1,
    options: ProcessOptions | None = None,
    file: str = "<text>",
    files: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Judges:
    """Where several judges of one case differ, what each answers, and whether it matters.

    ``case`` is the text of a case file, called ``file`` in messages, or a case; ``others`` are that
    of each judge, called as ``files`` say. Of texts each difference that is no judgement is named.
    All are solved on the same random numbers, and each judge's values stand at the places of the
    case, so that what is judged alike is drawn alike. With 0 draws nothing is forecast.

    Raises CaseError for a text that is no case, or cannot be forecast, and for a judge's file that
    differs from the case in more than judgements, with its name; ValueError for no judges and for
    numbers that make no sense.
    """
    if draws < 0:
        raise ValueError(f"{draws} draws: there can be no fewer than none")
    if not others:
        raise ValueError("nobody judges: at least one judge's file is needed")
    text = case if isinstance(case, str) else None
    case = parse_case(case, file) if isinstance(case, str) else case
    game_of(case)
    if draws:
        days_left(case)
    called = files or {}
    judged = {
        name: judged_by(case, text, other, called.get(name, name)) for name, other in others.items()
    }
    found = disputes(case, judged)
    main = case.hypotheses or tuple(case.arrangements)
    view = "pooled" if case.hypotheses else "inside"
    if not draws or not main:
        return Judges(case, tuple(others), found, (), main, view, 0, seed, 0)
    with shared_out(workers) as crew:
        most = 2 + len(judged) + sum(len(each.sayings) for each in found if each.split)
        asking = JudgedCases(case, crew, draws, seed, options, progress, most)
        pooled = {each.case.path: each.pooled for each in found}
        answers = _answers(asking, judged, pooled)
        found = tuple(_with_effects(asking, each, pooled) for each in found)
    return Judges(case, tuple(others), found, answers, main, view, draws, seed, asking.solved)


# --- where they differ ----------------------------------------------------------------------------


def disputes(case: Case, judged: Mapping[str, Judged]) -> tuple[Disputed, ...]:
    """The judgements that a judge sets otherwise than the case, widest apart first.

    Of those as far apart by their most likely values, the wider spread first, then as in the case.
    No effects are computed.
    """
    found = []
    for mine in judgements_of(case):
        by_judge = immutabledict({name: each[mine.path] for name, each in judged.items()})
        if any(said(each) != said(mine) for each in by_judge.values()):
            found.append(_disputed(judgement_name(case, mine.path), mine, by_judge))
    return tuple(sorted(found, key=lambda each: (-each.share, not each.split)))


def _disputed(name: str, mine: Judgement, by_judge: Mapping[str, Judgement]) -> Disputed:
    every = sorted(by_judge.values(), key=lambda each: (each.low, each.mode, each.high))
    modes = [each.mode for each in every]
    spread = max(modes) - min(modes)
    outlying = _outlying(by_judge)
    return Disputed(
        name,
        mine,
        by_judge,
        linear_pool(every),
        log_odds_pool(every),
        spread,
        spread / _span(every) if spread else 0.0,
        immutabledict(outlying),
        _farthest(outlying),
        immutabledict(),
    )


def _span(judgements: Sequence[Judgement]) -> float:
    """What the ranges cover together, from the least low to the greatest high."""
    return max(each.high for each in judgements) - min(each.low for each in judgements)


def _outlying(by_judge: Mapping[str, Judgement]) -> dict[str, float]:
    """How far each is from the median of the others, in half-spans of the others' ranges."""
    if len(by_judge) < 3:
        return {}
    found = {}
    for name, its in by_judge.items():
        others = [each for other, each in by_judge.items() if other != name]
        away = abs(its.mode - statistics.median(each.mode for each in others))
        half = _span(others) / 2
        found[name] = away / half if half else (np.inf if away else 0.0)
    return found


def _farthest(outlying: Mapping[str, float]) -> str | None:
    """Who is farthest, beyond 1; None where nobody is, or two are as far."""
    far = max(outlying.values(), default=0.0)
    if far <= 1:
        return None
    names = [name for name, each in outlying.items() if each == far or each >= far * (1 - SAME)]
    return names[0] if len(names) == 1 else None


# --- what each answers, and what depends on it ----------------------------------------------------


def _apart(by_judge: Mapping[str, Floats]) -> Apart:
    """How far the answers of some cases are apart, by draw, (draws,) each."""
    means = {name: float(rows.mean()) for name, rows in by_judge.items()}
    lowest = min(sorted(means), key=lambda name: means[name])
    highest = max(sorted(means), key=lambda name: means[name])
    first, last = by_judge[lowest], by_judge[highest]
    moves = any(bool((np.abs(rows - first) > STEP).any()) for rows in by_judge.values())
    se = paired_error(first, last) if moves else 0.0
    return Apart(immutabledict(means), lowest, highest, means[highest] - means[lowest], se, moves)


def _answers(
    asking: JudgedCases, judged: Mapping[str, Judged], pooled: Judged
) -> tuple[JudgesAnswer, ...]:
    """Every arrangement by the inside view, and every hypothesis by all views."""
    case = asking.case
    before = asking.answers({})
    by_judge = {name: asking.answers(each) for name, each in judged.items()}
    after = asking.answers(pooled)
    weights = np.full(len(by_judge), 1 / len(by_judge))
    found = []
    for view, answers in before.by_draw.items():
        for name, rows in answers.items():
            apart = _apart({judge: each.by_draw[view][name] for judge, each in by_judge.items()})
            if name in case.hypotheses:
                place = case.hypotheses.index(name)
                shares = np.stack([each.shares[view] for each in by_judge.values()])
            else:
                place = 0
                shares = np.array([[p, 1 - p] for p in apart.by_judge.values()])
            found.append(
                JudgesAnswer(
                    name,
                    view,
                    float(rows.mean()),
                    apart,
                    float(after.by_draw[view][name].mean()),
                    statistics.fmean(apart.by_judge.values()),
                    _log_pool(np.clip(shares, 0.0, 1.0), weights, place),
                )
            )
    return tuple(found)


def _log_pool(shares: Floats, weights: Floats, place: int) -> float | None:
    """The logarithmic pool of several judges' shares, (judges, answers), at one place."""
    try:
        return float(pool(shares, weights)[place])
    except ValueError:
        return None


def _with_effects(asking: JudgedCases, disputed: Disputed, pooled: Judged) -> Disputed:
    """With what it does to be taken from one judge to another, all else as pooled."""
    if not disputed.split:
        return disputed
    path = disputed.case.path
    solved = {
        name: asking.answers({**pooled, path: its}) for name, its in disputed.by_judge.items()
    }
    views = next(iter(solved.values())).by_draw
    effects = {
        view: immutabledict(
            {
                target: _apart({name: each.by_draw[view][target] for name, each in solved.items()})
                for target in targets
            }
        )
        for view, targets in views.items()
    }
    return replace(disputed, effects=immutabledict(effects))
