"""The forecast of a case: many draws, played, judged and pooled with the other views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from immutabledict import immutabledict

from foedus.case.fingerprint import case_hash
from foedus.case.model import Case
from foedus.case.problems import CaseError, Problem, UnknownName
from foedus.equilibria.registry import CONCEPTS, STANDARD
from foedus.forecasting.blocks import BlockResult, Detail, block_result
from foedus.forecasting.combined import Combined, combined_views, refuse_weights
from foedus.forecasting.departures import leaving
from foedus.forecasting.estimates import Probability, from_draws
from foedus.forecasting.options import PlayoutOptions
from foedus.forecasting.outside import OTHER
from foedus.forecasting.paces import paces_of
from foedus.forecasting.results import Estimate, Forecast, Variant
from foedus.forecasting.setting import Plan, Setting
from foedus.forecasting.stability_in_draws import lasting
from foedus.forecasting.streams import DrawBlock, draw_blocks
from foedus.forecasting.workers import Progress, Workers, shared_out
from foedus.game.space import Indexes, Mask
from foedus.process.model import Process
from foedus.process.present import present

DRAWS = 10_000
STABILITY_DRAWS = 2_000
RANGE_DRAWS = 2_000

DETAILED = 20_000
"""Of so many draws, the first, the way is kept; more draws need no more memory."""

SLICE = 100
"""In so many draws at a time stability is computed; a piece of work for one process."""


class _Played(NamedTuple):
    """A block to play, in how many of its draws to keep the way, and to judge consent."""

    block: DrawBlock
    detailed: int
    judged: int


class _Judged(NamedTuple):
    """Some draws of a block, with the states of each (draws, k) to be judged."""

    block: DrawBlock
    rows: range
    states: Indexes
    concepts: tuple[str, ...]


def forecast(
    case: Case,
    *,
    draws: int = DRAWS,
    seed: int = 1,
    workers: int = 1,
    stability_draws: int = STABILITY_DRAWS,
    range_draws: int = RANGE_DRAWS,
    options: PlayoutOptions | None = None,
    concept: str = STANDARD,
    concepts: Sequence[str] | None = None,
    weights: Mapping[str, float] | None = None,
    progress: Progress | None = None,
) -> Forecast:
    """Forecast a case: how likely each arrangement and hypothesis is at the deadline, and why.

    ``draws`` games are played (``docs/playout.md``); consent and stability under ``concepts``
    (default: ``concept`` alone) are computed in the first ``stability_draws``, every named way of
    playing in the first ``range_draws`` (with 0, no other way is played). ``concept`` says what
    "holds" means of the state reached. ``weights`` are those of the views ``inside``, ``outside``
    and ``evidence`` in the pool. So many ``workers`` processes share the work; the answer does not
    depend on it. ``progress`` is told what is being done.

    Raises CaseError for a case that lacks ``as_of``, ``deadline`` or ``today``, or cannot be
    solved; ValueError for numbers, names or weights that make no sense.
    """
    solved = (concept,) if concepts is None else tuple(concepts)
    _sensible(draws, stability_draws, range_draws, concept, solved)
    if weights is not None:
        refuse_weights(weights)
    plan = Plan(case, options or PlayoutOptions())
    setting = Setting.of(plan)
    judged = min(draws, stability_draws)
    if judged and not setting.game.views:
        problem = Problem(
            "no actor has preferences", expected="`preferences` of one actor at least"
        )
        raise CaseError([problem], case.file)
    ranged = min(draws, range_draws) or draws
    with shared_out(workers, progress) as crew:
        played = _play(crew, plan, draws, seed, judged)
        held = _judge(crew, plan, played, solved)
        gone = leaving(crew, plan, played, judged, concept)
        reached = np.sum([result.reached for result in played], axis=0)
        if range_draws:
            base, variants = _vary(crew, plan, ranged, seed, setting)
        else:
            base, variants = _way("as chosen", case, reached, draws), ()
    estimates = _estimates(setting, played, held, reached, draws, concept, solved)
    total = float(draws)
    return Forecast(
        setting,
        case_hash(case),
        draws,
        seed,
        judged,
        ranged,
        concept,
        estimates,
        _positions(setting, played, draws),
        np.sum([result.course for result in played], axis=0) / total,
        base,
        variants,
        _views(setting, reached, draws, seed, weights),
        paces_of(case),
        sum(result.cycling for result in played) / total,
        sum(result.stopped for result in played) / total,
        sum(result.moves for result in played) / total,
        _joined([result.detail for result in played if result.detail is not None]),
        gone,
        _unexplained(setting),
    )


def _sensible(
    draws: int, stability_draws: int, range_draws: int, concept: str, concepts: Sequence[str]
) -> None:
    if draws < 1:
        raise ValueError(f"{draws} draws: at least one is needed")
    if stability_draws < 0 or range_draws < 0:
        raise ValueError("draws are counted from 1, those for stability and ranges from 0")
    for name in (concept, *concepts):
        if name not in CONCEPTS:
            raise UnknownName("concept", name, CONCEPTS)
    if concept not in concepts:
        raise ValueError(f"{concept!r} is not among the concepts asked for")


# --- playing ----------------------------------------------------------------------------------


def _within(block: DrawBlock, first: int) -> int:
    """How many draws of a block are among the first so many of all."""
    return max(0, min(block.size, first - block.first))


def _play(crew: Workers, plan: Plan, draws: int, seed: int, judged: int) -> list[BlockResult]:
    pieces = [
        _Played(block, _within(block, DETAILED), _within(block, judged))
        for block in draw_blocks(draws, seed)
    ]
    return crew.run("playing", plan, _played, pieces)


def _played(setting: Setting, piece: _Played) -> BlockResult:
    return block_result(setting, piece.block, detailed=piece.detailed, judged=piece.judged)


def _vary(
    crew: Workers, plan: Plan, draws: int, seed: int, setting: Setting
) -> tuple[Variant, tuple[Variant, ...]]:
    """Play the first draws in every named way, and without each pace that may be unwillingness."""
    ways = [("as chosen", plan)]
    ways += [(name, Plan(plan.case, options)) for name, options in plan.options.variants()]
    slow = [name for name in unwilling(setting) if name in setting.items.records]
    ways += [
        (f"pace off: {name}", Plan(plan.case, plan.options, frozenset({name}))) for name in slow
    ]
    blocks = [_Played(block, 0, 0) for block in draw_blocks(draws, seed)]
    found = []
    for name, way in ways:
        results = crew.run(f"running the other variants ({name})", way, _played, blocks)
        counts = np.sum([result.reached for result in results], axis=0)
        found.append(_way(name, plan.case, counts, draws))
    return found[0], tuple(found[1:])


def _way(name: str, case: Case, counts: npt.NDArray[np.int64], draws: int) -> Variant:
    shares = dict(zip(case.arrangements, (counts / draws).tolist(), strict=True))
    return Variant(name, immutabledict(shares))


def unwilling(setting: Setting) -> tuple[str, ...]:
    """The records in use whose slowness may be unwillingness."""
    case = setting.plan.case
    used = {number for pace in setting.items.pace for number in np.unique(pace).tolist()}
    return tuple(
        name
        for number, name in enumerate(setting.items.records)
        if number in used and case.records[name].willing != "yes"
    )


# --- judging ----------------------------------------------------------------------------------


def _judge(
    crew: Workers, plan: Plan, played: Sequence[BlockResult], concepts: tuple[str, ...]
) -> Mask:
    """Which packages, and last which state reached, hold; (draws, arrangements + 1, concepts)."""
    pieces = []
    for result in played:
        if result.consented is None or result.detail is None:
            continue
        package = result.consented.package
        at_end = result.detail.reached[: len(package), None]
        states = np.concatenate([package, at_end], axis=1).astype(np.intp)
        for begin in range(0, len(states), SLICE):
            rows = range(begin, min(begin + SLICE, len(states)))
            pieces.append(_Judged(result.block, rows, states[rows.start : rows.stop], concepts))
    if not pieces:
        return np.zeros((0, len(plan.case.arrangements) + 1, len(concepts)), dtype=bool)
    return np.concatenate(crew.run("judging what is stable", plan, _lasting, pieces))


def _lasting(setting: Setting, piece: _Judged) -> Mask:
    return lasting(setting, piece.block, piece.rows, piece.states, piece.concepts)


def _estimates(
    setting: Setting,
    played: Sequence[BlockResult],
    held: Mask,
    reached: npt.NDArray[np.int64],
    draws: int,
    concept: str,
    concepts: tuple[str, ...],
) -> Mapping[str, Estimate]:
    words = setting.plan.case.words
    judged = len(held)
    accepted = [r.consented.acceptable for r in played if r.consented is not None]
    acceptable = np.concatenate(accepted) if accepted else np.zeros((0, 0), dtype=bool)
    ends = [
        r.detail.reached[: len(r.consented.acceptable)]
        for r in played
        if r.consented is not None and r.detail is not None
    ]
    at_end = np.concatenate(ends) if ends else np.zeros(0, dtype=np.intp)
    lasts = held[:, -1, concepts.index(concept)]

    def told(hits: Mask) -> Probability | None:
        return from_draws(int(hits.sum()), judged, words) if judged else None

    found = {}
    for k, name in enumerate(setting.plan.case.arrangements):
        holds = {c: told(held[:, k, j]) for j, c in enumerate(concepts)}
        found[name] = Estimate(
            name,
            from_draws(int(reached[k]), draws, words),
            told(setting.matching[name][at_end] & lasts),
            told(acceptable[:, k]) if judged else None,
            immutabledict({c: p for c, p in holds.items() if p is not None}),
        )
    return immutabledict(found)


def _unexplained(setting: Setting) -> tuple[str, ...]:
    """The movers that, as judged, would long have left today; the model does not say why not."""
    return present(Process.of(setting.game)).unexplained


def _positions(
    setting: Setting, played: Sequence[BlockResult], draws: int
) -> Mapping[str, Mapping[str, Probability]]:
    words = setting.plan.case.words
    found = {}
    for k, issue in enumerate(setting.plan.case.issues.values()):
        counts = np.sum([result.positions[k] for result in played], axis=0)
        found[issue.id] = immutabledict(
            {
                position.id: from_draws(int(count), draws, words)
                for position, count in zip(issue.positions, counts, strict=True)
            }
        )
    return immutabledict(found)


def _joined(details: Sequence[Detail]) -> Detail:
    """The details of blocks, one after another; ways are padded to the longest."""
    width = max(detail.since.shape[1] for detail in details)

    def padded(part: npt.NDArray[np.generic], fill: float) -> npt.NDArray[np.generic]:
        more = np.full((len(part), width - part.shape[1]), fill, dtype=part.dtype)
        return np.concatenate([part, more], axis=1)

    return Detail(
        np.concatenate([d.reached for d in details]),
        np.concatenate([d.first_done for d in details]),
        np.concatenate([padded(d.since, np.inf) for d in details]).astype(np.float32),
        np.concatenate([padded(d.states, -1) for d in details]).astype(np.int32),
    )


def _views(
    setting: Setting,
    reached: npt.NDArray[np.int64],
    draws: int,
    seed: int,
    weights: Mapping[str, float] | None,
) -> Combined | None:
    """Inside, outside and evidence over the hypotheses and ``other``; None without hypotheses."""
    case = setting.plan.case
    if not case.hypotheses:
        return None
    hits = dict(zip(case.arrangements, reached.tolist(), strict=True))
    counts = {name: int(hits[name]) for name in case.hypotheses}
    counts[OTHER] = draws - sum(counts.values())
    return combined_views(case, counts, seed, weights)
