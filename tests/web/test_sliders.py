"""Sliders: they stand where the case does, and an address says just what was moved."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foedus.case.judgement import ROLES, Judgement, Role
from foedus.case.links import judgement_name, judgements_of
from foedus.case.model import Case
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.sensitivity.settings import case_with, judgement_called
from foedus.starters import ids, starter
from foedus.web.sliders import address_of, groups_of, scale_of, settings_from

ROOT = Path(__file__).parents[2]
TEXTS = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "cases").glob("*.yaml")}
TEXTS |= {f"starter {kind}": starter(kind) for kind in ids()}


@pytest.fixture(scope="module", params=sorted(TEXTS))
def case(request: pytest.FixtureRequest) -> Case:
    return parse_case(TEXTS[request.param], request.param)


@st.composite
def judgements(draw: st.DrawFn) -> Judgement:
    """Any judgement of any role, with or without a range."""
    role = draw(st.sampled_from(list(Role)))
    least, most = ROLES[role].bounds
    span = st.floats(
        max(least, -1e4), min(most, 1e4), allow_nan=False, exclude_min=ROLES[role].above_least
    )
    digits = draw(st.integers(0, 4))
    low, mode, high = sorted(round(draw(span), digits) for _ in range(3))
    if draw(st.booleans()):
        low = high = mode
    return Judgement(low, mode, high, role=role)


@given(judgements())
def test_a_slider_reaches_what_is_judged(judgement: Judgement) -> None:
    """Its ends hold the range, within what the unit allows, and a step falls on the value."""
    least, most, step = scale_of(judgement)
    bounds = judgement.bounds
    assert least <= judgement.low <= judgement.high <= most
    assert least < most
    if step is None:
        return
    slack = step * 1.001
    assert least >= bounds.least - slack
    assert most <= bounds.most + slack
    steps = (judgement.mode - least) / step
    assert math.isclose(steps, round(steps), abs_tol=1e-5)
    assert (most - least) / step >= 80


def test_unmoved_sliders_set_nothing(case: Case) -> None:
    fields = [
        (f"set.{slider.name}", slider.value)
        for group in groups_of(case)
        for slider in group.sliders
    ]
    assert fields
    assert settings_from(case, fields) == []
    assert not any(group.changed for group in groups_of(case))


def test_every_judgement_is_there_once(case: Case) -> None:
    names = [slider.name for group in groups_of(case) for slider in group.sliders]
    assert names == list(dict.fromkeys(names))
    assert set(names) == {judgement_name(case, j.path) for j in judgements_of(case)}


def test_an_address_says_what_was_moved(case: Case) -> None:
    """What sliders set comes back from the address, and makes a case with those values."""
    for group in groups_of(case):
        for slider in group.sliders[:2]:
            to = float(slider.least) + 0.75 * (float(slider.most) - float(slider.least))
            settings = settings_from(case, [(f"set.{slider.name}", str(to))])
            assert settings_from(case, address_of(settings)) == settings
            moved = case_with(case, None, settings)
            after = judgement_called(moved, slider.name)
            assert after is not None
            assert math.isclose(after.mode, to, abs_tol=1e-6 * max(1, abs(to)))
            assert after.low <= after.mode <= after.high
            shown = {s.name: s for g in groups_of(case, settings) for s in g.sliders}
            assert shown[slider.name].changed == bool(settings)


def test_what_cannot_be_set_is_told() -> None:
    case = parse_case(TEXTS["two-towns.yaml"], "two-towns.yaml")
    with pytest.raises(CaseError, match="did you mean"):
        settings_from(case, [("set.preferences.north.worth.wide-brige", "3")])
    with pytest.raises(CaseError):
        settings_from(case, [("set.preferences.north.worth.wide-bridge", "[1, 2]")])
    assert settings_from(case, [("tab", "x"), ("set.preferences.north", " ")]) == []
