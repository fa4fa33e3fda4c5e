"""What holds of every bargaining model, whatever the stances are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from issues import issue_of, issues
from strategies import LONG

from foedus.bargaining.best import best_spread
from foedus.bargaining.issue import OrderedIssue
from foedus.bargaining.registry import MODELS
from foedus.bargaining.solve import ALL, BEST, bargain, models_asked, pulls
from foedus.bargaining.spread import LEVELS
from foedus.case.problems import UnknownName

EXAMPLES = 200 if LONG else 10

EVERY = pytest.mark.parametrize("model", models_asked(ALL))

# The published program takes the first of offers alike, and the compromise of the smallest place.
# So it depends on the order of the actors, on rounding, and on which way round the scale is.
LAWFUL = pytest.mark.parametrize("model", [m for m in models_asked(ALL) if m != "scholz-code"])


def close(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-6 * max(1.0, abs(a))


@EVERY
@settings(max_examples=EXAMPLES)
@given(issue=issues())
def test_forecasts_are_within_the_hull_and_distributions_in_order(
    model: str, issue: OrderedIssue
) -> None:
    (found,) = bargain([issue], model).predictions
    low, high = issue.position.min(), issue.position.max()
    if model == "nash-reference" and issue.reference is not None:
        low, high = min(low, issue.reference), max(high, issue.reference)
    if model != BEST:
        assert low <= found.point <= high
    quantiles = found.spread.quantiles(LEVELS)
    assert (np.diff(quantiles) >= 0).all()
    assert issue.low <= quantiles[0] <= quantiles[-1] <= issue.high
    chances = found.spread.below(np.linspace(-10, 110, 25))
    assert ((chances >= 0) & (chances <= 1 + 1e-12)).all()
    assert (np.diff(chances) >= -1e-12).all()


@LAWFUL
@settings(max_examples=EXAMPLES)
@given(issue=issues(2), seed=st.integers(0, 99))
def test_the_order_of_the_actors_counts_for_nothing(
    model: str, issue: OrderedIssue, seed: int
) -> None:
    order = np.random.default_rng(seed).permutation(len(issue.actors))
    other = replace(
        issue,
        actors=tuple(issue.actors[k] for k in order),
        capability=issue.capability[order],
        position=issue.position[order],
        salience=issue.salience[order],
    )
    one, two = (bargain([each], model).predictions[0] for each in (issue, other))
    assert close(one.point, two.point)


@LAWFUL
@settings(max_examples=EXAMPLES)
@given(issue=issues())
def test_a_mirror_image_is_forecast_by_the_mirror_image(model: str, issue: OrderedIssue) -> None:
    """Position p becomes 100 - p, and so does the reference point; then each answer does."""
    one, two = (bargain([each], model).predictions[0] for each in (issue, issue.mirrored()))
    assert close(one.point, 100 - two.point)
    points = np.linspace(0, 100, 21)
    assert one.spread.below(points) == pytest.approx(1 - two.spread.under(100 - points), abs=1e-6)


@LAWFUL
@settings(max_examples=EXAMPLES)
@given(issue=issues(), low=st.integers(-50, 50), width=st.sampled_from([0.5, 3, 1000]))
def test_another_unit_of_the_scale_counts_for_nothing(
    model: str, issue: OrderedIssue, low: int, width: float
) -> None:
    def moved(at: float) -> float:
        return min(max(low + width * at / 100, low), low + width)

    reference = None if issue.reference is None else moved(issue.reference)
    position = np.array([moved(p) for p in issue.position])
    other = replace(issue, position=position, low=low, high=low + width, reference=reference)
    one, two = (bargain([each], model).predictions[0] for each in (issue, other))
    assert (two.point - low) / width * 100 == pytest.approx(one.point, abs=2e-4)


@EVERY
@settings(max_examples=EXAMPLES)
@given(issue=issues(), times=st.sampled_from([0.01, 7.0, 1e6]))
def test_only_shares_of_capability_count(model: str, issue: OrderedIssue, times: float) -> None:
    other = replace(issue, capability=issue.capability * times)
    one, two = (bargain([each], model).predictions[0] for each in (issue, other))
    assert two.point == pytest.approx(one.point, abs=2e-4)


@pytest.mark.parametrize("model", ["compromise", "nash-quadratic", "nash-linear", "median"])
@settings(max_examples=EXAMPLES)
@given(issue=issues(2, salient=True), data=st.data())
def test_who_cares_more_pulls_the_answer_to_itself(
    model: str, issue: OrderedIssue, data: st.DataObject
) -> None:
    actor = data.draw(st.integers(0, len(issue.actors) - 1))
    more = issue.salience.copy()
    more[actor] = min(100, more[actor] * 1.5)
    one, two = (
        bargain([each], model).predictions[0].point
        for each in (issue, replace(issue, salience=more))
    )
    wished = issue.position[actor]
    assert abs(two - wished) <= abs(one - wished) + 1e-6


@settings(max_examples=EXAMPLES)
@given(issue=issues(2, salient=True))
def test_who_wants_least_and_cares_more_makes_low_outcomes_likelier(issue: OrderedIssue) -> None:
    lowest = int(issue.position.argmin())
    more = issue.salience.copy()
    more[lowest] *= 2
    one, two = (best_spread(each) for each in (issue, replace(issue, salience=more)))
    points = np.linspace(0, 100, 21)
    assert (two.below(points) >= one.below(points) - 1e-12).all()


@EVERY
def test_one_actor_alone_gets_what_it_wants(model: str) -> None:
    result = bargain([issue_of((1, 30, 50))], model)
    (found,) = result.predictions
    assert found.point == pytest.approx(30)
    (pull,) = pulls(result, found)
    assert (pull.weight, pull.shift) == (1, None)


@EVERY
def test_where_nobody_cares_capability_alone_counts(model: str) -> None:
    """The documented answer to saliences that are all 0."""
    idle = issue_of((3, 0, 0), (1, 100, 0), (1, 100, 0))
    (found,) = bargain([idle], model).predictions
    remarks = {"mean": "", "nash-reference": "no-reference"}
    assert found.remark == remarks.get(model, "nobody-cares")
    assert 0 <= found.point <= 100
    assert idle.weight == pytest.approx([0.6, 0.2, 0.2])
    weak = issue_of((0, 0, 0), (0, 100, 0))
    assert weak.weight == pytest.approx([0.5, 0.5])


@EVERY
def test_ties_everywhere_are_no_trouble(model: str) -> None:
    same = issue_of(*[(1, 50, 10)] * 4)
    assert bargain([same], model).predictions[0].point == pytest.approx(50)
    split = issue_of((1, 0, 10), (1, 100, 10))
    halfway = pytest.approx(50, abs=1e-4)
    if model != "scholz-code":
        assert bargain([split], model).predictions[0].point == halfway


@EVERY
def test_huge_and_tiny_weights_are_no_trouble(model: str) -> None:
    for size in (1e-200, 1e200):
        issue = issue_of((size, 0, 1e-3), (2 * size, 100, 100))
        assert 0 <= bargain([issue], model).predictions[0].point <= 100


@pytest.mark.parametrize(
    ("stances", "more", "told"),
    [
        ([(1, 101, 5)], {}, "position of 'a0' is 101"),
        ([(1, float("nan"), 5)], {}, "position of 'a0' is nan"),
        ([(-1, 5, 5)], {}, "capability of 'a0' is -1"),
        ([(1, 5, float("inf"))], {}, "salience of 'a0' is inf"),
        ([(1, 5, 5)], {"low": 7.0, "high": 7.0}, "its scale goes from 7 to 7"),
        ([(1, 5, 5)], {"reference": 101.0}, "the reference point 101 is off the scale"),
        ([(1, 5, 5)], {"full_salience": 0.0}, "the full salience is 0"),
    ],
)
def test_stances_that_make_no_sense_are_refused(
    stances: list[tuple[float, float, float]], more: dict[str, float], told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        issue_of(*stances, **more)


def test_all_that_is_wrong_with_stances_is_told_at_once() -> None:
    with pytest.raises(ValueError, match=r"capability of 'a0'.*position of 'a1'"):
        issue_of((-1, 5, 5), (1, 500, 5))
    with pytest.raises(ValueError, match="an actor stands in it twice"):
        replace(issue_of((1, 1, 1), (1, 2, 1)), actors=("a", "a"))
    with pytest.raises(ValueError, match="no actor has a position"):
        OrderedIssue("i", (), np.zeros(0), np.zeros(0), np.zeros(0))


def test_unknown_models_and_readings_are_told_with_the_nearest() -> None:
    issue = issue_of((1, 5, 5))
    with pytest.raises(UnknownName, match="did you mean 'compromise'"):
        bargain([issue], "compromis")
    with pytest.raises(UnknownName, match="did you mean 'voters'"):
        bargain([issue], "challenge", {"challenge": {"voter": "all"}})
    with pytest.raises(ValueError, match="expected a number from 0 to 1"):
        bargain([issue], "challenge", {"challenge": {"Q": "2"}})
    with pytest.raises(ValueError, match="expected pair or all-pairs"):
        bargain([issue], "challenge", {"challenge": {"denominator": "x"}})


@pytest.mark.parametrize("name", MODELS)
def test_every_model_says_what_it_is(name: str) -> None:
    model = MODELS[name]
    assert model.title
    for option in model.options:
        assert option.read(option.default) == option.default
        assert option.effect


def test_a_result_is_a_table_a_line_and_an_explanation() -> None:
    issue = issue_of((1, 0, 50), (3, 80, 20), issue="toll")
    found = bargain([issue], ALL)
    rows = found.to_records()
    assert [row["model"] for row in rows] == list(models_asked(ALL))
    assert {type(cell) for row in rows for cell in row.values()} <= {str, float}
    assert repr(found).startswith("<Bargain: “toll”, forecast by 12 models.")
    told = str(found.explain("toll"))
    assert "Who pulls where" in told
    assert all(model in told for model in MODELS)
    with pytest.raises(UnknownName, match="did you mean 'toll'"):
        found.explain("tol")
