"""What holds of every playout: seeds, blocks, the order of a file, nobody's rights."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from reference.game import Actor, Issue, Number, Spec, Worth
from reference.statements import And, Is, Statement
from strategies import Choose, _Drawn, _Seeded, build
from timed_cases import TimedCase, lively, random_timed, timed

import foedus
from foedus.case.model import Case
from foedus.case.reading import parse_case
from foedus.forecasting.setting import Plan, Setting
from foedus.forecasting.streams import draw_blocks

COMMON = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@st.composite
def timed_cases(draw: st.DrawFn) -> TimedCase:
    """Random cases in which time matters."""
    choose = Choose(_Drawn(draw))
    spec = build(choose)
    return timed(choose, lively(choose, spec) if choose.chance(70) else spec)


def played(case: Case, draws: int, seed: int) -> dict[str, np.ndarray]:
    """What happens in each draw, draw by draw along the first axis."""
    setting = Setting.of(Plan(case))
    made = [setting.played(b, setting.sights(b)) for b in draw_blocks(draws, seed)]
    names = ("reached", "course", "first_done", "cycles", "stopped", "moves")
    return {name: np.concatenate([getattr(one, name) for one in made]) for name in names}


def assert_alike(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> None:
    for name, values in one.items():
        assert np.array_equal(values, other[name]), name


@COMMON
@given(timed_cases(), st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_answer(case: TimedCase, seed: int) -> None:
    parsed = parse_case(case.to_yaml())
    assert_alike(played(parsed, 20, seed), played(parsed, 20, seed))


@pytest.mark.parametrize("seed", range(4))
def test_more_draws_begin_with_the_same_draws(seed: int) -> None:
    case = parse_case(random_timed(seed).to_yaml())
    few, many = played(case, 300, seed), played(case, 1300, seed)
    assert_alike(few, {name: values[:300] for name, values in many.items()})


def test_blocks_differ() -> None:
    """The second block is not the first again."""
    made = played(foedus.load("cases/two-towns.yaml"), 1300, seed=1)
    first_done = made["first_done"]
    assert not np.array_equal(first_done[:300], first_done[1000:])


@COMMON
@given(timed_cases(), st.integers(0, 1000))
def test_where_nobody_has_a_right_today_falls_and_that_is_all(case: TimedCase, seed: int) -> None:
    issues = tuple(replace(issue, default=(), to={}, changes={}) for issue in case.spec.issues)
    spec = replace(case.spec, issues=issues, groups=())
    setting = Setting.of(Plan(parse_case(replace(case, spec=spec).to_yaml())))
    block = next(draw_blocks(5, seed))
    made = setting.played(block, setting.sights(block))
    assert (made.reached == setting.game.space.fall[setting.today]).all()
    assert (made.course == setting.today).all()
    assert not made.moves.any()
    assert np.isinf(made.first_done).all()


# --- the order in a file does not matter where ties do not ------------------------------------


def two_who_bargain(choose: Choose) -> TimedCase:
    """Two actors who value every position differently in every draw, on slow issues.

    With two, somebody is always accepted in a round, and no two states or times are equal: nothing
    is left for the order to decide.
    """
    actors = (Actor("ann"), Actor("bob"))
    alone, other, both = frozenset(["ann"]), frozenset(["bob"]), frozenset(["ann", "bob"])
    rights = [(alone,), (other,), (both,), (alone, other), (alone, both), ()]
    issues = tuple(
        Issue(name, ("low", "mid", "top")[: choose.integer(2, 3)], choose.one(rights))
        for name in ("aim", "bridge", "coast")[: choose.integer(2, 3)]
    )
    preferences = {actor.id: _wide_worth(choose, issues) for actor in actors}
    spec = Spec(actors, issues, preferences)
    states = list(spec.feasible.values())
    spec = replace(spec, today=choose.one(states))
    paces = {issue.id: {"default": choose.one(["swift", "brisk", "slow"])} for issue in issues}
    return TimedCase(spec, 1500, paces, {})


def _wide_worth(choose: Choose, issues: tuple[Issue, ...]) -> Worth:
    items: list[tuple[Statement, Number]] = []
    for issue in issues:
        for position in issue.positions:
            middle = choose.integer(-5, 5)
            items.append((Is(issue.id, (position,)), (middle - 4, middle, middle + 6)))
    first = And(tuple(Is(issue.id, (issue.positions[0],)) for issue in issues))
    return Worth((*items, (first, (-5, 1, 8))))


def reached(case: TimedCase, seed: int) -> list[dict[str, str]]:
    """The state at the end of each draw, by the names of issues and positions."""
    setting = Setting.of(Plan(parse_case(case.to_yaml())))
    block = next(draw_blocks(25, seed))
    ends = setting.played(block, setting.sights(block)).reached
    return [setting.game.space.positions(int(end)) for end in ends]


@COMMON
@given(st.data(), st.integers(0, 1000))
def test_the_order_of_actors_and_issues_does_not_matter(data: st.DataObject, seed: int) -> None:
    case = data.draw(st.composite(lambda draw: two_who_bargain(Choose(_Drawn(draw))))())
    spec = case.spec
    assume(spec.movers())
    order = data.draw(st.permutations(range(len(spec.issues))))
    turned = replace(
        spec,
        actors=tuple(reversed(spec.actors)),
        issues=tuple(spec.issues[k] for k in order),
        today=tuple(spec.start[k] for k in order),
        preferences=dict(reversed(spec.preferences.items())),
    )
    assert reached(case, seed) == reached(replace(case, spec=turned), seed)


def test_bargaining_of_two_does_happen() -> None:
    """The cases of the property above are no empty ones."""
    ends = [reached(two_who_bargain(Choose(_Seeded(seed))), seed) for seed in range(20)]
    assert sum(len({tuple(end.values()) for end in each}) > 1 for each in ends) >= 10
