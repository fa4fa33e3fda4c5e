"""The forecast of a whole case: its estimates add up, and are those of its draws one by one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

import foedus
from foedus.case.model import Case
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.document import Lines, Section, Sentence, plain_lines
from foedus.forecasting.options import AS_JUDGED, FARSIGHTED, HALVED_CALENDAR
from foedus.forecasting.pieces import Few, farsighted_draws
from foedus.forecasting.results import Forecast
from foedus.forecasting.solve import forecast
from foedus.forecasting.streams import draw_blocks
from foedus.process.model import ProcessOptions
from foedus.process.paths import ways_from_today
from foedus.reporting.forecast import holds_told, likelihood_of

CASES = Path(__file__).parents[2] / "cases"
DRAWS, JUDGED, AHEAD = 120, 6, 3


@pytest.fixture(scope="module")
def case() -> Case:
    return foedus.load(CASES / "two-towns.yaml")


@pytest.fixture(scope="module")
def found(case: Case) -> Forecast:
    return forecast(case, draws=DRAWS, seed=3, stability_draws=JUDGED, farsighted_draws=AHEAD)


def quick(case: Case, draws: int = DRAWS, seed: int = 3, **options: object) -> Forecast:
    return forecast(case, draws=draws, seed=seed, stability_draws=0, varied=False, **options)  # type: ignore[arg-type]


# --- probabilities add up ---------------------------------------------------------------------


def test_hypotheses_exclude_each_other(found: Forecast) -> None:
    assert sum(found.probability(name).p for name in found.case.hypotheses) <= 1 + 1e-12


def test_positions_of_each_issue_and_the_pool_sum_to_one(found: Forecast) -> None:
    for chances in found.positions.values():
        assert sum(p.p for p in chances.values()) == pytest.approx(1, abs=1e-12)
    assert found.views is not None
    assert sum(s.p for s in found.views.pooled.pooled.values()) == pytest.approx(1)
    assert sum(s.p for s in found.views.inside.values()) == pytest.approx(1)


def test_an_estimate_is_the_mean_of_its_draws_with_their_spread(found: Forecast) -> None:
    for k, estimate in enumerate(found.estimates.values()):
        rows = found.answers[:, k]
        assert estimate.reached.p == pytest.approx(rows.mean(), abs=1e-12)
        assert estimate.reached.se == pytest.approx(rows.std(ddof=1) / np.sqrt(DRAWS))
        assert found.course[-1, k] == pytest.approx(rows.mean(), abs=1e-9)


def test_what_is_stable_is_among_what_is_reached(found: Forecast) -> None:
    for k, estimate in enumerate(found.estimates.values()):
        assert estimate.reached_and_stable is not None
        assert estimate.reached_and_stable.p <= found.answers[:JUDGED, k].mean() + 1e-9


def test_more_draws_begin_with_the_same(case: Case, found: Forecast) -> None:
    assert quick(case, 50).answers == pytest.approx(found.answers[:50], abs=1e-8)


def test_the_number_of_workers_changes_nothing(case: Case) -> None:
    numbers = {"draws": 300, "stability_draws": 4, "farsighted_draws": 2}
    told = [
        json.dumps(forecast(case, workers=workers, **numbers).to_dict())  # type: ignore[arg-type]
        for workers in (1, 2)
    ]
    assert told[0] == told[1]


def test_another_seed_gives_other_draws(case: Case, found: Forecast) -> None:
    assert not np.array_equal(quick(case, 50, seed=4).answers, found.answers[:50])


# --- the variants -----------------------------------------------------------------------------


def test_no_variant_need_be_solved(case: Case, found: Forecast) -> None:
    """What is left out is the range; the answer is the same, and no range is claimed."""
    plain = quick(case)
    assert {n: e.reached for n, e in plain.estimates.items()} == {
        n: e.reached for n, e in found.estimates.items()
    }
    assert plain.variants == ()
    for name in case.arrangements:
        chance = plain.probability(name).p
        assert plain.model_range(name).low == plain.model_range(name).high == pytest.approx(chance)
    assert plain.blocks()


def test_the_range_is_over_every_variant(found: Forecast) -> None:
    names = [variant.option for variant in found.variants]
    assert {AS_JUDGED, FARSIGHTED, HALVED_CALENDAR, "pace off: town-deals"} <= set(names)
    assert "half as many meetings" in names
    for name, estimate in found.estimates.items():
        ways = [estimate.reached.p, *(way.reached[name] for way in found.variants)]
        span = found.model_range(name)
        assert (span.low, span.high) == (min(ways), max(ways))


def test_a_variant_is_the_forecast_under_its_options(case: Case, found: Forecast) -> None:
    other = quick(case, options=ProcessOptions(meetings=24.0))
    (way,) = (v for v in found.variants if v.option == "twice as many meetings")
    told = {name: e.reached.p for name, e in other.estimates.items()}
    assert dict(way.reached) == pytest.approx(told, abs=1e-12)
    (judged,) = (v for v in found.variants if v.option == AS_JUDGED)
    told = {name: e.judged.p for name, e in found.estimates.items()}
    assert dict(judged.reached) == pytest.approx(told, abs=1e-12)


def test_farsighted_draws_are_those_of_the_first_draws(found: Forecast) -> None:
    (block,) = draw_blocks(AHEAD, 3)
    rows = farsighted_draws(found.process, Few(block, range(AHEAD))).reached
    (way,) = (v for v in found.variants if v.option == FARSIGHTED)
    assert list(way.reached.values()) == pytest.approx(rows.mean(axis=0).tolist())


def test_a_likelihood_lies_in_its_range(found: Forecast) -> None:
    for name in found.estimates:
        told = likelihood_of(found, name)
        assert told.low <= told.p <= told.high
        assert told.low <= found.model_range(name).low or name in found.case.hypotheses


# --- what is said -----------------------------------------------------------------------------


def test_every_part_is_told(found: Forecast) -> None:
    blocks = found.blocks()
    lines = [line for block in blocks for line in plain_lines(block)]
    for name in found.case.hypotheses:
        assert any(found.case.arrangements[name].name in line for line in lines)
    sections = {block.title: block for block in blocks if isinstance(block, Section)}
    (course,) = sections["When"].blocks
    assert isinstance(course, Lines)
    assert course.places[-1] == str(found.case.deadline)
    assert not any("likely" in b.text and "confidence" in b.text for b in _sentences(blocks))
    json.dumps(found.to_dict(), allow_nan=False)
    for name in found.estimates:
        assert str(found.explain(name))


def _sentences(blocks: tuple[object, ...]) -> list[Sentence]:
    return [block for block in blocks if isinstance(block, Sentence)]


TERM = """
foedus: 1
title: A model that does not explain the present
as_of: 2020-01-01
deadline: 2024-01-01
today: {door: shut}
actors:
  ann: {name: Ann}
issues:
  door:
    positions: {shut: Shut, open: Open}
    decided_by: ann
arrangements:
  opened: {name: The door is open, when: door = open}
  closed: {name: The door is shut, when: door = shut}
hypotheses: [opened]
preferences:
  ann: {worth: {air: {when: door = open, value: [1, 2, 3]}}}
"""


def test_a_model_that_does_not_explain_the_present_says_so() -> None:
    case = parse_case(TERM)
    numbers = {"draws": 20, "stability_draws": 5, "farsighted_draws": 2}
    found = forecast(case, **numbers)  # type: ignore[arg-type]
    assert ways_from_today(case).present.unexplained == ("ann",) == found.unexplained
    assert found.probability("opened").p == pytest.approx(1)
    text = "\n".join(line for block in found.blocks() for line in plain_lines(block))
    assert "The model does not explain the present: by its judgements Ann would long" in text
    content = parse_case(TERM.replace("door = open, value: [1, 2, 3]", "door = shut, value: 2"))
    calm = forecast(content, **numbers)  # type: ignore[arg-type]
    assert calm.unexplained == ()
    assert calm.departures.left == 0
    assert "In the first 5 draws everything reached is." in holds_told(calm)


def test_what_a_forecast_needs_has_its_place() -> None:
    for line in ("as_of: 2020-01-01\n", "deadline: 2024-01-01\n"):
        key = line.split(":")[0]
        with pytest.raises(CaseError, match=f"`{key}`"):
            forecast(parse_case(TERM.replace(line, "")), draws=5)
    with pytest.raises(CaseError, match="not after as_of") as caught:
        forecast(parse_case(TERM.replace("2024", "2020")), draws=5)
    assert caught.value.problems[0].place is not None


@pytest.mark.parametrize(
    "numbers",
    [
        {"draws": 0},
        {"draws": 5, "workers": 0},
        {"draws": 5, "seed": -1},
        {"draws": 5, "stability_draws": -1},
        {"draws": 5, "farsighted_draws": -1},
        {"draws": 5, "concept": "sek"},
        {"draws": 5, "weights": {"inside": -1.0}},
    ],
)
def test_what_makes_no_sense_is_refused(numbers: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        forecast(parse_case(TERM), **numbers)  # type: ignore[arg-type]
