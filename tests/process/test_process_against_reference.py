"""The engine against the plain process: the same chances on random cases, and paths that fit."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from reference.fit import p_value
from reference.process import simulate
from reference.process_case import Setting, State
from reference.process_chain import farsighted_plan, forward
from reference.process_clocks import myopic_plan
from reference.random_process_cases import random_process_case
from strategies import PROCESSES

from foedus.case.reading import parse_case, read_case
from foedus.forecasting.most_likely import MostLikely, most_likely
from foedus.process.consent import Consents
from foedus.process.model import Behaviour, Process

CASES = Path(__file__).parent.parent / "process_cases"
KNOWN = sorted(path.stem for path in CASES.glob("k*.yaml"))
RANDOM = PROCESSES
PATHS = 400
SMALL_STEPS = 2e-7
"""The plain chain goes by small steps, and is right to about so much."""

BEHAVIOURS: tuple[Behaviour, ...] = ("myopic", "farsighted")


def ends(found: MostLikely) -> dict[State, float]:
    """The chance of each state right before the reversion."""
    space = found.process.game.space
    return {tuple(space.positions(state).values()): p for state, p in found.ends}


def apart(one: dict[State, float], other: dict[State, float]) -> float:
    return max(abs(one.get(s, 0.0) - other.get(s, 0.0)) for s in {*one, *other})


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_known_answers(name: str, behaviour: Behaviour) -> None:
    case = read_case(CASES / f"{name}.yaml")
    known = json.loads((CASES / f"{name}.json").read_text())[behaviour]
    found = most_likely(case, behaviour)
    for arrangement, p in known["probability"].items():
        assert found.probability(arrangement) == pytest.approx(p, abs=1e-8)
    assert sum(p for _, p in found.ends) == pytest.approx(1, abs=1e-12)
    for actor, value in known["V_today"].items():
        if found.process.game.views[actor].kind == "utility":
            assert found.value[actor] == pytest.approx(value, rel=1e-7, abs=1e-8)
    told = {
        ", ".join(f"{k}={v}" for k, v in found.process.game.space.positions(s).items()): p
        for s, p in found.ends
    }
    for state, p in known["end_states_before_fall"].items():
        assert told.get(state, 0.0) == pytest.approx(p, abs=1e-8)


@pytest.mark.parametrize("name", KNOWN)
def test_known_consent(name: str) -> None:
    process = Process.of(read_case(CASES / f"{name}.yaml"))
    known = json.loads((CASES / f"{name}.json").read_text())["myopic"]["consent"]
    consents = Consents(process)
    space = process.game.space
    for arrangement, told in known.items():
        found = consents.of(arrangement)
        assert (found.status == "by itself") == told.get("by_itself", False)
        assert (found.status == "nobody") == told.get("nobody_can", False)
        for form, expected in zip(found.forms, told.get("forms", []), strict=True):
            name_ = ", ".join(f"{k}={v}" for k, v in space.positions(form.state).items())
            assert name_ == expected["form"]
            for asked, other in zip(form.asked, expected["asked"], strict=True):
                assert sorted(asked.coalition) == sorted(other["coalition"])
                assert sorted(asked.refuse) == sorted(other["refuse"])
                assert asked.shortfall == pytest.approx(other["shortfall"], abs=1e-7)
                assert (asked.mean or 0.0) == pytest.approx(other["mean"] or 0.0, abs=1e-7)
            for actor, gain in expected["gain"].items():
                if process.game.views[actor].kind == "utility":
                    assert form.gain[actor] == pytest.approx(gain, rel=1e-7, abs=1e-7)
                    assert form.kept[actor] == pytest.approx(expected["kept"][actor], abs=1e-6)
                    assert form.now[actor] == pytest.approx(expected["now"][actor], abs=1e-6)


@pytest.mark.parametrize("seed", range(RANDOM))
def test_random_cases_have_the_chances_of_the_plain_chain(seed: int) -> None:
    case = parse_case(random_process_case(seed))
    setting = Setting(case)
    plain = forward(setting, myopic_plan(setting))
    assert apart(ends(most_likely(case)), plain) < SMALL_STEPS


@pytest.mark.parametrize("seed", range(RANDOM // 4))
def test_random_cases_of_farsighted_actors_have_the_chances_of_the_plain_chain(seed: int) -> None:
    case = parse_case(random_process_case(seed, days=(30, 200)))
    setting = Setting(case)
    plain = forward(setting, farsighted_plan(setting))
    assert apart(ends(most_likely(case, "farsighted")), plain) < SMALL_STEPS


def test_random_paths_fit_no_worse_than_chance() -> None:
    """Event by event: of so many cases no more fit badly than chance would have it."""
    fits = []
    for seed in range(RANDOM):
        case = parse_case(random_process_case(1000 + seed))
        chances = {s: p for s, p in ends(most_likely(case)).items() if p > 0}
        fits.append(p_value(simulate(case, PATHS, seed), chances))
    assert min(fits) > 0.001 / RANDOM
    assert np.mean(np.array(fits) < 0.05) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / RANDOM)
