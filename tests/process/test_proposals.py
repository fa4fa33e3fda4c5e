"""What farsighted actors agree to: both paths against the definition, one proposal at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from reference.random_process_cases import random_process_case
from strategies import block_name, seed_blocks

from foedus.case.reading import parse_case
from foedus.forecasting.most_likely import most_likely
from foedus.game.space import Mask
from foedus.preferences.sample import Floats
from foedus.process import fast
from foedus.process.agreement import Agreed
from foedus.process.drawn import MOST_LIKELY_PROCESS
from foedus.process.model import MEETINGS, Behaviour, Process, ProcessOptions
from foedus.process.proposals import Pairs, Proposals, layout_of, possible, proposals_of
from foedus.process.worths import TOLERANCE

Asked = tuple[int, int, frozenset[int]]
"""A node, the target of its change, and the coalition (rows of the actors)."""


def laid_out(seed: int, ready: int) -> tuple[Process, Pairs, Mask, Floats, Proposals]:
    """The proposals of all states of a random case, told apart by coalition."""
    options = ProcessOptions(by_coalition=True)
    process = Process.of(parse_case(random_process_case(seed)), options)
    states = np.arange(len(process.game.space))
    worths = process.drawn(MOST_LIKELY_PROCESS).worths
    changes, node, change = process.rules.changes_at(states)
    pairs = Pairs(node, changes.target[change], change, np.ones(len(node), dtype=bool))
    passes, fallen = worths.passes[:, 0], worths.worth[:, 0]
    kept = possible(process.rules, pairs, passes)
    layout = layout_of(process.rules, pairs, kept, states, np.uint64(ready))
    proposals = proposals_of(layout, passes, fallen)
    return process, pairs, passes, fallen, proposals


def by_definition(
    process: Process, pairs: Pairs, passes: Mask, fallen: Floats, value: Floats
) -> Iterator[tuple[Asked, float]]:
    """What is agreed and left after parts first, with its mean gain, from the definition."""
    rules, changes = process.rules, process.rules.changes
    ordinary = {int(bit): row for row, bit in enumerate(rules.members.ordinary)}
    agreed: dict[int, list[tuple[frozenset[int], frozenset[int]]]] = {}
    for pair, (a, b) in enumerate(zip(pairs.node, pairs.target, strict=True)):
        gain, falls = value[:, b] - value[:, a], fallen[:, b] - fallen[:, a]
        for named in rules.finder.coalitions(int(changes.family[pairs.change[pair]])):
            named_rows = [rules.actors.index(actor) for actor in named]
            votes = [row - len(ordinary) for row in named_rows if row >= len(ordinary)]
            members = frozenset(row for row in named_rows if row < len(ordinary))
            if all(passes[row, b] for row in votes) and all(
                gain[row] > TOLERANCE or (gain[row] >= -TOLERANCE and falls[row] > TOLERANCE)
                for row in members
            ):
                agreed.setdefault(pair, []).append((members, frozenset(named_rows)))
    for pair, coalitions in agreed.items():
        first, last = changes.part_first[pairs.change[pair] : pairs.change[pair] + 2]
        parts = pair + changes.part[first:last] - pairs.change[pair]
        whole = value[:, pairs.target[pair]]
        if any(
            all(value[row, pairs.target[part]] >= whole[row] - TOLERANCE for row in members)
            for part in parts.tolist()
            for members, _ in agreed.get(part, [])
        ):
            continue
        for members, rows in coalitions:
            gains = [whole[row] - value[row, pairs.node[pair]] for row in members]
            mean = math.prod(max(gain, 0.0) for gain in gains) ** (1 / len(gains))
            yield (int(pairs.node[pair]), int(pairs.target[pair]), rows), mean


def told(proposals: Proposals, found: Agreed) -> dict[Asked, float]:
    """The same of what a path found."""
    layout = proposals.layout
    return {
        (
            int(layout.node[row]),
            int(layout.target[row]),
            frozenset(k for k in range(62) if int(coalition) >> k & 1),
        ): float(mean)
        for row, mean, coalition in zip(found.pair, found.mean, found.coalition, strict=True)
    }


@pytest.fixture(params=["plain", "compiled"])
def path(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Either path, and it alone."""
    if request.param == "plain":
        monkeypatch.setattr(fast, "loops", lambda work: None)
    else:
        pytest.importorskip("numba")
        monkeypatch.setattr(fast, "MANY", 0)
    return str(request.param)


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_agreed_by_definition(seeds: range) -> None:
    """At what states fall to, and at expectations full of ties and near misses."""
    for seed in seeds:
        process, pairs, passes, fallen, proposals = laid_out(seed, ready=seed % 4)
        rng = np.random.default_rng(seed)
        coarse = rng.integers(0, 4, fallen.shape) / 4
        near = coarse + rng.choice([-0.9, 0.0, 0.9], fallen.shape) * TOLERANCE / 2
        for value in (fallen, coarse, near):
            expected = dict(by_definition(process, pairs, passes, fallen, value))
            found = told(proposals, proposals.agreed(np.ascontiguousarray(value), fast.loops(1)))
            assert found.keys() == expected.keys()
            for asked, mean in expected.items():
                assert found[asked] == pytest.approx(mean, abs=1e-12)


@pytest.mark.parametrize("behaviour", ["myopic", "farsighted"])
@pytest.mark.parametrize("meetings", [MEETINGS, 400.0])
@pytest.mark.parametrize("by_coalition", [False, True])
def test_both_paths_solve_alike(
    monkeypatch: pytest.MonkeyPatch, by_coalition: bool, meetings: float, behaviour: Behaviour
) -> None:
    """With many meetings too: the first terms of a step are then minute."""
    pytest.importorskip("numba")
    options = ProcessOptions(by_coalition=by_coalition, meetings=meetings)
    monkeypatch.setattr(fast, "MANY", 0)
    for seed in (1, 2, 3, 97):  # in 97 items wait jointly beside many meetings
        case = parse_case(random_process_case(seed))
        compiled = most_likely(case, behaviour, options)
        with monkeypatch.context() as without:
            without.setattr(fast, "loops", lambda work: None)
            plain = most_likely(case, behaviour, options)
        assert dict(compiled.ends) == pytest.approx(dict(plain.ends), abs=1e-12)
        assert dict(compiled.value) == pytest.approx(dict(plain.value), abs=1e-9)


def test_nowhere_to_keep_what_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    from foedus import jit

    real = jit.njit

    def without_a_folder(*given: Callable[..., int], **options: bool) -> object:
        def refuse(function: Callable[..., int]) -> object:
            raise RuntimeError("cannot cache function: no locator available")

        return refuse if options.get("cache") else real(*given)

    monkeypatch.setattr(jit, "njit", without_a_folder)
    assert jit.jitted(lambda x: x + 1)(2) == 3


def test_one_clock_for_a_set_of_items_whoever_wants_it() -> None:
    """Told apart by coalition, two coalitions that want different things share the wait for it."""
    text = """
foedus: 1
title: Two pairs may sign, each another treaty, and both wait for the same
as_of: 2020-01-01
deadline: 2022-01-01
actors: {a: {}, b: {}, c: {}}
issues:
  treaty:
    positions: {none: none, left: signed by a, right: signed by b}
    decided_by: {left: a and c, right: b and c, default: nobody}
    pace: slow
arrangements: {signed: {when: not treaty = none}}
records: {slow: {since: 2012-01-01, until: 2020-01-01, agreed: 8, done: 3, willing: "yes"}}
preferences:
  a: {worth: {left: {when: treaty = left, value: 4}}}
  b: {worth: {right: {when: treaty = right, value: 4}}}
  c: {worth: {some: {when: not treaty = none, value: 4}}}
"""
    case = parse_case(text)
    apart = ProcessOptions(by_coalition=True)
    for behaviour in ("myopic", "farsighted"):
        together = most_likely(case, behaviour).positions["treaty"]
        assert together["left"] == pytest.approx(together["right"], abs=1e-9)
        found = most_likely(case, behaviour, apart).positions["treaty"]
        assert dict(found) == pytest.approx(dict(together), abs=1e-9)


def test_what_electorates_vote_down_plays_no_part() -> None:
    """Nor do the states that only it would lead to: the others keep their chances and values."""
    for seed in (47, 62, 87, 99, 131, 133, 143, 195, 230):  # in these there are some
        process = Process.of(parse_case(random_process_case(seed)))
        drawn = process.drawn(MOST_LIKELY_PROCESS)
        some, every = (process.farsighted(drawn, everywhere=each) for each in (False, True))
        assert len(some.state) < len(every.state)
        place = every.number[some.state]
        assert (place >= 0).all()
        assert some.value == pytest.approx(every.value[place], abs=1e-9)
        ends = []
        for chain in (some, every):
            start = np.zeros(len(chain.state))
            start[chain.number[process.today]] = 1.0
            ends.append(chain.end(start))
        assert ends[0] == pytest.approx(ends[1][place], abs=1e-12)
        assert ends[1].sum() == pytest.approx(ends[0].sum(), abs=1e-12)
