"""The outside view against the Beta update by hand, and over the whole exclusive set."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betainc

from foedus.case.model import ReferenceClass
from foedus.document import plain_lines
from foedus.forecasting.outside import BetaPrior, Rate, outside_view


def classes(*given: tuple[str, int, int]) -> dict[str, ReferenceClass]:
    """Classes c0, c1 and so on: what each is about, tried and happened."""
    return {
        f"c{k}": ReferenceClass(f"c{k}", tried, happened, about)
        for k, (about, tried, happened) in enumerate(given)
    }


INSIDE = {"merger": 0.1, "league": 0.3, "other": 0.6}


def test_the_update_by_hand() -> None:
    rate = Rate(17, 4)
    assert (rate.a, rate.b) == (4.5, 13.5)
    assert rate.mean == pytest.approx(0.25)
    share = rate.share()
    assert betainc(4.5, 13.5, [share.low, share.high]) == pytest.approx([0.05, 0.95])
    assert Rate(17, 4, BetaPrior(1, 1)).mean == pytest.approx(5 / 19)  # Laplace's rule
    assert rate.below(rate.at([0.2])) == pytest.approx([0.2])


def test_one_class_and_the_rest_in_the_inside_views_proportions() -> None:
    view = outside_view(classes(("merger", 17, 4)), INSIDE)
    assert [s.p for s in view.shares.values()] == pytest.approx([0.25, 0.25, 0.5])
    assert not view.scaled
    assert view.speaks
    merger, alone = view.shares["merger"], Rate(17, 4).share()
    assert (merger.low, merger.high) == pytest.approx((alone.low, alone.high), abs=0.001)
    other = view.shares["other"]  # two thirds of the rest
    expected = (2 / 3 * (1 - alone.high), 2 / 3 * (1 - alone.low))
    assert (other.low, other.high) == pytest.approx(expected, abs=0.001)


def test_several_classes_count_together_and_are_shown_apart() -> None:
    view = outside_view(classes(("merger", 17, 4), ("merger", 10, 1)), INSIDE)
    merger = view.by_classes["merger"]
    assert (merger.rate.cases, merger.rate.occurred) == (27, 5)
    assert view.shares["merger"].p == pytest.approx(5.5 / 28)
    assert [rate.mean for _, rate in merger.classes] == pytest.approx([4.5 / 18, 1.5 / 11])
    assert not merger.disagree
    told = str(view.explain("merger"))
    assert "5 of 27: c0, c1" in told
    assert "c1 alone, 1 of 10" in told


def test_classes_that_cannot_be_of_one_kind_are_told() -> None:
    view = outside_view(classes(("merger", 40, 1), ("merger", 40, 39)), INSIDE)
    assert view.by_classes["merger"].disagree
    assert any("differ more than chance" in t for b in view.blocks() for t in plain_lines(b))


def test_rates_that_contradict_each_other_are_scaled_and_said_so() -> None:
    view = outside_view(classes(("merger", 10, 7), ("league", 10, 8)), INSIDE)
    total = 7.5 / 11 + 8.5 / 11
    assert view.scaled
    assert view.total == pytest.approx(total)
    least = 0.5 / 21
    shares = {name: share.p for name, share in view.shares.items()}
    assert shares["merger"] == pytest.approx(7.5 / 11 / (total + least))
    assert shares["other"] == pytest.approx(least / (total + least))
    assert any("145% in all" in t for b in view.blocks() for t in plain_lines(b))


def test_the_rest_shrinks_without_a_jump() -> None:
    """Around a sum of one, the shares move no more than the counts do."""
    rests = []
    for happened in range(101):
        given = classes(("merger", 100, happened), ("league", 100, 50))
        rests.append(outside_view(given, INSIDE).shares["other"].p)
    assert max(abs(a - b) for a, b in pairwise(rests)) < 0.011
    assert min(rests) > 0


def test_without_a_class_it_is_silent() -> None:
    view = outside_view({}, INSIDE)
    assert not view.speaks
    assert "no outside view" in plain_lines(view.blocks()[0])[0]
    about_nothing = outside_view(classes(("bridge", 5, 1)), INSIDE)
    assert not about_nothing.speaks
    assert about_nothing.unused == ("c0",)


def test_where_the_inside_view_knows_nothing_of_the_rest_it_is_shared_evenly() -> None:
    view = outside_view(classes(("merger", 17, 4)), {"merger": 1.0, "league": 0.0, "other": 0.0})
    assert view.shares["league"].p == pytest.approx(0.375) == view.shares["other"].p


@given(
    st.lists(
        st.tuples(st.sampled_from(["merger", "league"]), st.integers(1, 50), st.floats(0, 1)),
        max_size=5,
    ),
    st.lists(st.floats(0.001, 1), min_size=3, max_size=3),
)
def test_it_sums_to_one_in_the_centre_and_in_every_draw(
    counts: list[tuple[str, int, float]], inside: list[float]
) -> None:
    given_classes = classes(*((about, n, round(part * n)) for about, n, part in counts))
    view = outside_view(given_classes, dict(zip(INSIDE, inside, strict=True)))
    assert sum(share.p for share in view.shares.values()) == pytest.approx(1)
    u = np.random.default_rng(1).random((50, len(view.by_classes)))
    drawn = view.at(u)
    assert drawn.shape == (50, 3)
    assert drawn.sum(axis=1) == pytest.approx(1)
    assert (drawn > 0).all()
    assert all(s.low <= s.high for s in view.shares.values())


def test_the_lattice_gives_the_intervals_of_random_draws() -> None:
    view = outside_view(classes(("merger", 17, 4), ("league", 9, 2)), INSIDE)
    drawn = view.at(np.random.default_rng(2).random((200_000, 2)))
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0)
    for k, share in enumerate(view.shares.values()):
        assert (share.low, share.high) == pytest.approx((low[k], high[k]), abs=0.004)


def test_draws_follow_the_inside_view_in_each_draw() -> None:
    view = outside_view(classes(("merger", 17, 4)), INSIDE)
    drawn = view.at([[0.5], [0.5]], [[0.0, 0.5, 0.5], [0.2, 0.0, 0.8]])
    rest = 1 - Rate(17, 4).at(0.5)
    assert drawn[0, 1:] == pytest.approx([rest / 2, rest / 2])
    assert drawn[1, 1:] == pytest.approx([0, rest])


@pytest.mark.parametrize("bad", [(3, 5), (3, -1)])
def test_counts_that_contradict_themselves_are_refused(bad: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="cases"):
        outside_view(classes(("merger", *bad)), INSIDE)


def test_bad_priors_and_proportions_are_refused() -> None:
    with pytest.raises(ValueError, match="prior"):
        outside_view(classes(("merger", 17, 4)), INSIDE, BetaPrior(0, 0))
    for inside in ({}, {"merger": 0.0}, {"merger": -0.1, "other": 1.1}):
        with pytest.raises(ValueError, match="proportions"):
            outside_view(classes(("merger", 17, 4)), inside)
