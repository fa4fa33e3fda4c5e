"""The forecast of a whole case: its estimates add up, and are those of its draws one by one."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from foedus.forecasting.stability_in_draws import game_in_draw

import foedus
from foedus.case.model import Case
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.document import Lines, Section, Sentence, plain_lines
from foedus.equilibria.registry import CONCEPTS as REGISTERED
from foedus.equilibria.solve import stability
from foedus.forecasting.estimates import from_draws
from foedus.forecasting.options import PlayoutOptions
from foedus.forecasting.results import Forecast
from foedus.forecasting.solve import forecast
from foedus.forecasting.streams import draw_blocks
from foedus.preferences.games import Game
from foedus.process.paths import ways_from_today
from foedus.reporting.forecast import holds_told, likelihood_of

CASES = Path(__file__).parents[2] / "cases"
CONCEPTS = tuple(REGISTERED)
DRAWS, JUDGED = 300, 40


@pytest.fixture(scope="module")
def case() -> Case:
    return foedus.load(CASES / "belarus-2024.yaml")


@pytest.fixture(scope="module")
def found(case: Case) -> Forecast:
    return forecast(case, draws=DRAWS, seed=3, stability_draws=JUDGED, range_draws=50)


@pytest.fixture(scope="module")
def games(found: Forecast) -> list[Game]:
    """The game as it is in each draw that is judged."""
    (block,) = draw_blocks(DRAWS, 3)
    sights = found.setting.sights(block)
    return [game_in_draw(found.setting.game, sights, draw) for draw in range(JUDGED)]


# --- shares add up ----------------------------------------------------------------------------


def test_hypotheses_exclude_each_other(found: Forecast) -> None:
    assert sum(found.probability(name).p for name in found.case.hypotheses) <= 1 + 1e-12


def test_positions_of_each_issue_and_the_pool_sum_to_one(found: Forecast) -> None:
    for chances in found.positions.values():
        assert sum(p.p for p in chances.values()) == pytest.approx(1)
    assert found.views is not None
    assert sum(s.p for s in found.views.pooled.pooled.values()) == pytest.approx(1)
    rest = found.views.inside["other"].p
    counted = 1 - sum(found.probability(name).p for name in found.case.hypotheses)
    assert rest == pytest.approx(counted, abs=3 / DRAWS)


def test_an_arrangement_is_as_likely_as_the_ends_that_match_it(found: Forecast) -> None:
    for name, estimate in found.estimates.items():
        hits = int(found.setting.matching[name][found.detail.reached].sum())
        assert estimate.reached == from_draws(hits, DRAWS, found.case.words)
        last = found.course[-1, list(found.estimates).index(name)]
        assert last * DRAWS == pytest.approx(round(last * DRAWS))


def test_what_holds_is_among_what_is_reached(found: Forecast) -> None:
    for name, estimate in found.estimates.items():
        reached = found.setting.matching[name][found.detail.reached[:JUDGED]].mean()
        assert estimate.reached_and_holds is not None
        assert estimate.reached_and_holds.p <= reached + 1e-12


def test_more_draws_begin_with_the_same(case: Case, found: Forecast) -> None:
    few = forecast(case, draws=120, seed=3, stability_draws=0, range_draws=1)
    assert np.array_equal(few.detail.reached, found.detail.reached[:120])
    width = few.detail.states.shape[1]
    assert np.array_equal(few.detail.states, found.detail.states[:120, :width])


def test_no_other_way_need_be_played(case: Case) -> None:
    """What is left out is the range; the answer is the same, and no range is claimed."""
    plain = forecast(case, draws=60, seed=3, stability_draws=0, range_draws=0)
    ranged = forecast(case, draws=60, seed=3, stability_draws=0, range_draws=60)
    assert plain.estimates == ranged.estimates
    assert plain.base == ranged.base
    assert plain.variants == ()
    assert ranged.variants
    for name in case.arrangements:
        chance = plain.probability(name).p
        assert plain.model_range(name).low == plain.model_range(name).high == pytest.approx(chance)
    assert plain.blocks()


def test_another_seed_gives_other_draws(case: Case, found: Forecast) -> None:
    other = forecast(case, draws=120, seed=4, stability_draws=0, range_draws=1)
    assert not np.array_equal(other.detail.reached, found.detail.reached[:120])


# --- draw by draw -----------------------------------------------------------------------------


def test_only_the_concept_shown_is_solved(found: Forecast) -> None:
    assert {tuple(estimate.holds) for estimate in found.estimates.values()} == {("seq",)}
    few = {"draws": 5, "stability_draws": 5, "range_draws": 0}
    other = forecast(found.case, concept="nash", **few)
    assert {tuple(estimate.holds) for estimate in other.estimates.values()} == {("nash",)}


def test_who_would_go_on_is_who_is_not_stable(found: Forecast, games: list[Game]) -> None:
    left = 0
    for draw, game in enumerate(games):
        solved = stability(game, ("seq",))
        left += int(found.detail.reached[draw]) + 1 not in solved.equilibria("seq")
    assert (found.leaving.draws, found.leaving.left) == (JUDGED, left)
    assert left > 0
    assert all(0 < pull.draws <= left for pull in found.leaving.pulls)
    assert "somebody would still go on" in holds_told(found)


# --- the range, and what is said --------------------------------------------------------------


def test_the_range_is_over_every_way_of_playing(found: Forecast) -> None:
    ways = [way.reached for way in (found.base, *found.variants)]
    names = [variant.option for variant in found.variants]
    assert names[: len(list(PlayoutOptions().variants()))] == [
        name for name, _ in PlayoutOptions().variants()
    ]
    assert "pace off: treaty-organs" in names
    for name in found.estimates:
        span = found.model_range(name)
        assert (span.low, span.high) == (min(w[name] for w in ways), max(w[name] for w in ways))


def test_a_way_of_playing_is_the_forecast_played_so(found: Forecast) -> None:
    other = forecast(
        found.case,
        draws=50,
        seed=3,
        stability_draws=0,
        range_draws=1,
        options=PlayoutOptions(deal="fallback"),
    )
    (way,) = (v for v in found.variants if v.option == "deal: fallback")
    assert dict(way.reached) == {name: e.reached.p for name, e in other.estimates.items()}


def test_a_likelihood_lies_in_its_range(found: Forecast) -> None:
    for name in found.estimates:
        told = likelihood_of(found, name)
        assert told.low <= told.p <= told.high
        assert told.low <= found.model_range(name).low or name in found.case.hypotheses


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
    found = forecast(case, draws=20, stability_draws=5, range_draws=5)
    assert ways_from_today(case).present.unexplained == ("ann",) == found.unexplained
    assert found.probability("opened").p == 1
    text = "\n".join(line for block in found.blocks() for line in plain_lines(block))
    assert "The model does not explain the present: by its judgements Ann would long" in text
    content = parse_case(TERM.replace("door = open, value: [1, 2, 3]", "door = shut, value: 2"))
    calm = forecast(content, draws=20, stability_draws=5, range_draws=5)
    assert calm.unexplained == ()
    assert calm.leaving.left == 0
    assert "All of the first 5 draws end in such a state." in holds_told(calm)


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
        {"draws": 5, "range_draws": -1},
        {"draws": 5, "concept": "sek"},
        {"draws": 5, "concepts": ("nash",)},
        {"draws": 5, "weights": {"inside": -1.0}},
    ],
)
def test_what_makes_no_sense_is_refused(numbers: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        forecast(parse_case(TERM), **numbers)  # type: ignore[arg-type]
