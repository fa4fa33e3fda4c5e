"""The engine against the plain process where the world acts: the same chances, and consent."""

from __future__ import annotations

import numpy as np
import pytest
from reference.fit import p_value
from reference.process import PLANS, simulate
from reference.process_case import Setting, State
from reference.process_chain import forward
from reference.process_consent import consent
from reference.random_world_cases import random_world_case
from strategies import LONG, PROCESSES, block_name

from foedus.case.model import Case
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.forecasting.most_likely import MostLikely, most_likely
from foedus.process.acceptance import acceptance
from foedus.process.model import Behaviour

NEAR = 1e-8
STEP = 0.25
"""Steps of so many days make the plain program right to less than that."""

PATHS = 400
WORLDS = PROCESSES if LONG else PROCESSES // 2
BEHAVIOURS: tuple[Behaviour, ...] = ("myopic", "farsighted")
DAYS = {"myopic": (60, 400), "farsighted": (30, 120)}
"""Cases for those who look ahead are shorter: there the plain program works out every state."""


def blocks(count: int, size: int = 5) -> list[range]:
    """The first seeds, in blocks."""
    return [range(k, min(k + size, count + 1)) for k in range(1, count + 1, size)]


def world(seed: int, behaviour: Behaviour) -> Case:
    return parse_case(random_world_case(seed, DAYS[behaviour]))


def ends(found: MostLikely) -> dict[State, float]:
    """The chance of each state right before the reversion."""
    space = found.process.game.space
    return {tuple(space.positions(state).values()): p for state, p in found.ends}


def apart(one: dict[State, float], other: dict[State, float]) -> float:
    return max(abs(one.get(s, 0.0) - other.get(s, 0.0)) for s in {*one, *other})


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
@pytest.mark.parametrize("seeds", blocks(WORLDS), ids=block_name)
def test_random_worlds_have_the_chances_of_the_plain_chain(
    seeds: range, behaviour: Behaviour
) -> None:
    for seed in seeds:
        case = world(seed, behaviour)
        setting = Setting(case, step=STEP)
        plan = PLANS[behaviour](setting)
        plain = forward(setting, plan)
        found = most_likely(case, behaviour)
        assert apart(ends(found), plain) < NEAR, seed
        assert sum(p for _, p in found.ends) == pytest.approx(1, abs=1e-12), seed
        for actor, worth in setting.worth.items():
            value = sum(p * worth[state] for state, p in plain.items())
            near = NEAR * max(setting.span[actor], 1)
            assert found.value[actor] == pytest.approx(value, abs=10 * near), seed


@pytest.mark.parametrize("behaviour", BEHAVIOURS)
@pytest.mark.parametrize("seeds", blocks(WORLDS // 2), ids=block_name)
def test_random_worlds_have_the_consent_of_the_plain_process(
    seeds: range, behaviour: Behaviour
) -> None:
    for seed in seeds:
        case = parse_case(random_world_case(5_000 + seed, (30, 90)))
        setting = Setting(case, step=STEP)
        near = {a: 1e-7 * max(span, 1) for a, span in setting.span.items()}
        found = acceptance(case, behaviour)
        space = found.game.space
        for arrangement in case.arrangements:
            mine = found[arrangement].consent
            plain = consent(setting, arrangement, behaviour)
            possible = any(arrangement in setting.matched(s) for s in setting.states)
            assert (mine.status == "impossible") == (not possible), seed
            if not possible:
                continue
            assert (mine.status == "by itself") == plain.by_itself, seed
            for actor, worth in plain.never.items():
                assert mine.never[actor] == pytest.approx(worth, abs=near[actor]), seed
            forms = {tuple(space.positions(form.state).values()): form for form in mine.forms}
            assert set(forms) == {form.state for form in plain.forms}, seed
            for form in plain.forms:
                other = forms[form.state]
                for actor, worth in form.kept.items():
                    assert other.kept[actor] == pytest.approx(worth, abs=near[actor]), seed
                    gain = form.gain[actor]
                    assert other.gain[actor] == pytest.approx(gain, abs=2 * near[actor]), seed
                refusing = {frozenset(a.coalition): frozenset(a.refuse) for a in other.asked}
                assert refusing == form.refusing, seed


def test_random_paths_through_worlds_fit_no_worse_than_chance() -> None:
    """Event by event: of so many cases no more fit badly than chance would have it."""
    fits = []
    for seed in range(1, WORLDS + 1):
        case = parse_case(random_world_case(9_000 + seed))
        chances = {s: p for s, p in ends(most_likely(case)).items() if p > 0}
        fits.append(p_value(simulate(case, PATHS, seed), chances))
    assert min(fits) > 0.001 / WORLDS
    assert np.mean(np.array(fits) < 0.05) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / WORLDS)


IMPOSSIBLE = """
foedus: 1
title: What an event makes of a state is against the rule
as_of: 2020-01-01
deadline: 2020-03-01
actors: {a: {}}
issues:
  x: {positions: {low: low, top: top}, decided_by: {top: a, default: nobody}}
  y: {positions: {low: low, top: top}, decided_by: nobody}
rules: [{rule: not (x = top and y = top), why: Never both}]
preferences: {a: {worth: {x: {when: x = top, value: 1}}}}
events: {flood: {rate: {a_year: 1}, when: x = top, sets: {y: top}}}
"""


def test_what_an_event_makes_impossible_is_refused_by_both() -> None:
    case = parse_case(IMPOSSIBLE)
    with pytest.raises(ValueError, match="not possible"):
        Setting(case)
    with pytest.raises(CaseError):
        most_likely(case)
