"""Shares from polls carry at least twice the sampling error; choices are no approval."""

from __future__ import annotations

import math

import numpy as np
import pytest

from foedus.case.model import Judgement, Poll
from foedus.forecasting.surveys import effective_size, poll_behind, poll_share

U = (np.arange(20_000) + 0.5) / 20_000
APPROVAL = Poll("p", "approval", {"for": 40.0, "against": 50.0, "all": 100.0}, n=1000)


def test_the_spread_is_twice_the_sampling_error() -> None:
    drawn = poll_share(APPROVAL, "for", U)
    sampling = 100 * math.sqrt(0.4 * 0.6 / 1000)
    assert drawn.std() == pytest.approx(2 * sampling, rel=0.01)
    assert drawn.mean() == pytest.approx(40, abs=0.1)


def test_a_stated_error_is_a_half_width_at_95_per_cent() -> None:
    poll = Poll("p", "approval", {"for": 50.0}, n=10_000, error=10.0)
    low, high = poll_share(poll, "for", [0.025, 0.975])
    assert (high - low) / 2 == pytest.approx(10, rel=0.02)


def test_without_a_size_one_is_assumed_and_can_be_chosen() -> None:
    poll = Poll("p", "approval", {"for": 50.0})
    assert effective_size(poll) == 100
    assert effective_size(poll, assumed=1000) == 250


def test_shares_stay_shares_at_the_ends() -> None:
    drawn = poll_share(APPROVAL, "all", np.array([0.0, 0.01, 0.5, 1.0]))
    assert (drawn >= 0).all()
    assert (drawn <= 100).all()
    assert (np.diff(drawn) >= 0).all()


def test_a_choice_is_no_approval() -> None:
    poll = Poll("p", "choice", {"for": 50.0}, n=1000)
    with pytest.raises(ValueError, match="not approval"):
        poll_share(poll, "for", 0.5)
    with pytest.raises(KeyError):
        poll_share(APPROVAL, "none", 0.5)


def test_only_a_sure_share_with_the_polls_own_figure_is_the_polls() -> None:
    polls = {"p": APPROVAL, "c": Poll("c", "choice", {"for": 40.0}, n=10)}
    found = poll_behind(Judgement(40, 40, 40, because=("c", "x", "p")), polls)
    assert found is not None
    assert (found.poll.id, found.option) == ("p", "for")
    assert poll_behind(Judgement(41, 41, 41, because=("p",)), polls) is None
    assert poll_behind(Judgement(30, 40, 50, because=("p",)), polls) is None
    assert poll_behind(Judgement(40, 40, 40, because=("c",)), polls) is None
    assert poll_behind(Judgement(40, 40, 40), polls) is None
