"""The headline alone: the numbers of a forecast, and the pooled answer draw by draw."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.forecasting.headline import Other, headline, reached_in
from foedus.forecasting.solve import forecast
from foedus.process.model import ProcessOptions

FLAGSHIP = Path("cases/belarus-2024.yaml").read_text(encoding="utf-8")
TOWNS = Path("cases/two-towns.yaml").read_text(encoding="utf-8")


def test_the_pooled_answer_by_draw_has_the_answer_and_the_error_of_a_forecast() -> None:
    case = parse_case(FLAGSHIP)
    found = headline(case, draws=60, seed=3)
    whole = forecast(case, draws=60, seed=3, stability_draws=0, varied=False)
    assert whole.views is not None
    assert (found.draws, found.case_hash) == (60, whole.case_hash)
    assert np.abs(found.reached - whole.answers).max() < 1e-9
    rows = found.pooled_by_draw
    assert list(rows) == [*case.hypotheses, "other"]
    assert np.sum(list(rows.values()), axis=0) == pytest.approx(1)
    for name, each in rows.items():
        share = whole.views.pooled.pooled[name]
        assert each.mean() == pytest.approx(share.p, abs=1e-6)
        assert each.std(ddof=1) / np.sqrt(60) == pytest.approx(share.se, rel=1e-3, abs=1e-9)
    assert rows["terms-amended"].std() > 0.01


def test_without_hypotheses_nothing_is_pooled() -> None:
    found = headline(parse_case(TOWNS.replace("hypotheses: [one-town]", "")), draws=5, seed=1)
    assert (found.pooled, found.pooled_by_draw) == ({}, {})
    with pytest.raises(KeyError, match="no arrangement 'ferry'"):
        found.by_draw("ferry")


def test_another_case_on_the_draws_of_one_is_that_case_alone() -> None:
    case, other = parse_case(TOWNS), parse_case(TOWNS.replace("value: 10", "value: -5"))
    one = headline(case, draws=30, seed=2)
    alone = headline(other, draws=30, seed=2)
    assert (reached_in(one.process, Other(other, 30, 2)) == alone.reached).all()
    assert (alone.reached != one.reached).any()


def test_what_cannot_be_solved_is_refused() -> None:
    with pytest.raises(CaseError, match="deadline"):
        headline(parse_case(TOWNS.replace("deadline: 2024-03-17\n", "")), draws=5, seed=1)
    with pytest.raises(ValueError, match="at least one"):
        headline(parse_case(TOWNS), draws=0, seed=1)


def test_options_are_those_of_a_forecast() -> None:
    case = parse_case(TOWNS)
    options = ProcessOptions(meetings=1.0, pace_off=frozenset({"town-deals"}))
    found = headline(case, draws=20, seed=1, options=options)
    whole = forecast(case, draws=20, seed=1, stability_draws=0, varied=False, options=options)
    assert np.abs(found.reached - whole.answers).max() < 1e-9
    assert np.abs(found.reached - headline(case, draws=20, seed=1).reached).max() > 0.01
