"""The chain given what was seen: against small steps in time, and in closed form."""

from __future__ import annotations

import random
from math import exp, fsum
from pathlib import Path

import numpy as np
import pytest
from reference.process_case import Setting, State
from reference.process_clocks import MEETINGS, myopic_plan
from reference.process_seen import Told, all_of
from reference.random_process_cases import random_process_case
from strategies import PROCESSES

from foedus.case.model import Case
from foedus.case.reading import parse_case, read_case
from foedus.preferences.sample import Floats
from foedus.process.conditioning import Event, expected_at, given, unseen
from foedus.process.drawn import MOST_LIKELY_PROCESS
from foedus.process.model import Process
from foedus.process.myopic import Myopic

KNOWN = Path(__file__).parent / "process_cases"
SHORT = (60, 800)
"""From so few to so many days do random cases run."""

NEAR = 1e-8


def chain_of(case: Case, *moments: float) -> tuple[Process, Myopic]:
    process = Process.of(case)
    return process, process.myopic(process.drawn(MOST_LIKELY_PROCESS, sorted(set(moments))))


def event_of(process: Process, told: Told) -> Event:
    space = process.game.space
    states = [tuple(space.positions(k).values()) in told.states for k in range(len(space))]
    return Event(np.array(states), told.by, told.never)


def by_state(process: Process, chain: Myopic, chances: Floats) -> dict[State, float]:
    space = process.game.space
    states = [tuple(space.positions(int(k)).values()) for k in chain.explored.state]
    return dict(zip(states, chances.tolist(), strict=True))


def some_told(chance: random.Random, setting: Setting, most: int) -> list[Told]:
    """Up to so many events, of one or two issues, on days of every kind."""
    found = []
    jumps = [i.takes for i in setting.items if i.takes <= setting.days]
    for _ in range(chance.randint(1, most)):
        k = chance.randrange(len(setting.issues))
        position = chance.choice(setting.states)[k]
        states = {s for s in setting.states if s[k] == position}
        if chance.random() < 0.3:
            states |= {s for s in setting.states if s[0] == chance.choice(setting.states)[0]}
        day = chance.choice([chance.randint(0, int(setting.days)), *jumps, setting.days])
        found.append(Told(frozenset(states), float(day), chance.random() < 0.5))
    return found


@pytest.mark.parametrize("seed", range(PROCESSES))
def test_it_equals_small_steps_in_time(seed: int) -> None:
    case = parse_case(random_process_case(seed, SHORT))
    setting = Setting(case)
    told = some_told(random.Random(seed), setting, 3)  # noqa: S311 - no secrets here
    process, chain = chain_of(case, *(one.by for one in told))
    found = given(chain, process.today, [event_of(process, one) for one in told])
    known = all_of(setting, myopic_plan(setting), told)
    mine = by_state(process, chain, found)
    for state, chance in known.items():
        assert mine.get(state, 0.0) == pytest.approx(chance, abs=NEAR)


@pytest.mark.parametrize("seed", range(PROCESSES))
def test_not_seen_yet_then_onward_is_the_same(seed: int) -> None:
    case = parse_case(random_process_case(seed))
    setting = Setting(case)
    told = some_told(random.Random(seed), setting, 1)[0]  # noqa: S311 - no secrets here
    process, chain = chain_of(case, told.by)
    event = event_of(process, told._replace(never=True))
    match = np.eye(chain.nodes)
    (at,) = unseen(chain, process.today, event.states, [told.by])
    (worth,) = expected_at(chain, match, [told.by])
    # Rates that vary are fitted anew over each stretch, and the stretches are not the same.
    assert at @ worth == pytest.approx(given(chain, process.today, [event]), abs=NEAR)


def test_what_is_seen_and_left_again_was_seen() -> None:
    """From the old order to the middle one, and from there to and fro, each at a meeting."""
    day, end = 40.0, 366.0
    process, chain = chain_of(read_case(KNOWN / "k08-one-way.yaml"), day)
    space, start, q = process.game.space, process.today, MEETINGS
    mid, new = space.matches("mid"), space.matches("new")
    ends = mid[chain.explored.state]
    seen = given(chain, start, [Event(new, day)])
    assert seen.sum() == pytest.approx(1 - exp(-q * day) * (1 + q * day), abs=1e-12)
    once = given(chain, start, [Event(mid, day), Event(new, day, never=True)])
    assert once.sum() == pytest.approx(q * day * exp(-q * day), abs=1e-12)
    back = (1 + exp(-2 * q * (end - day))) / 2
    assert once[ends].sum() == pytest.approx(once.sum() * back, abs=1e-12)


def test_a_paced_thing_in_closed_form() -> None:
    case = read_case(KNOWN / "k01-single.yaml")
    setting = Setting(case)
    (item,) = setting.items
    process, chain = chain_of(case, 100.0)
    done = process.game.space.matches("done")
    start, h = process.today, setting.hazard[item]
    seen = given(chain, start, [Event(done, 100.0)])
    assert seen.sum() == pytest.approx(1 - exp(-100 * h), abs=1e-13)
    not_seen = given(chain, start, [Event(done, 100.0, never=True)])
    late = float(not_seen[done[chain.explored.state]].sum())
    assert late == pytest.approx(exp(-100 * h) - exp(-setting.days * h), abs=1e-13)
    both = given(chain, start, [Event(done, 100.0, never=True), Event(done, 100.0)])
    assert fsum(both) == 0


def test_too_many_events_are_refused() -> None:
    process, chain = chain_of(read_case(KNOWN / "k01-single.yaml"), 1.0)
    event = Event(process.game.space.matches("done"), 1.0)
    with pytest.raises(ValueError, match="5 observations: at most 4 at a time"):
        given(chain, process.today, [event] * 5)
