"""Each bargaining model against a slow one that is written from its definition."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from issues import YEARS, issue_of, issues, plain
from reference import bargaining as slow

from foedus.bargaining.challenge import CHALLENGE
from foedus.bargaining.condorcet import pairwise_chances
from foedus.bargaining.issue import OrderedIssue
from foedus.bargaining.median import weighted_median
from foedus.bargaining.registry import MODELS


def point(name: str, issue: OrderedIssue, **options: object) -> float:
    (found,) = MODELS[name].settled([issue], options)
    return (found.point - issue.low) / issue.width


@given(issues(salient=True))
def test_the_compromise_is_the_weighted_mean(issue: OrderedIssue) -> None:
    assert point("compromise", issue) == pytest.approx(slow.compromise(plain(issue)))


@given(issues(salient=True))
def test_the_median_wins_every_pairwise_vote(issue: OrderedIssue) -> None:
    assert point("median", issue) == pytest.approx(slow.median(plain(issue)))


def test_ends_of_a_tied_median() -> None:
    two = issue_of((1, 20, 50), (1, 60, 50))
    assert point("median", two) == 0.4
    assert point("median", two, ties="lower") == 0.2
    assert point("median", two, ties="upper") == 0.6


@settings(max_examples=15)
@given(issues(salient=True), st.sampled_from(["quadratic", "linear"]), st.booleans())
def test_the_nash_solution_has_the_largest_product(
    issue: OrderedIssue, loss: str, with_reference: bool
) -> None:
    reference = issue.reference if with_reference else None
    power = 2 if loss == "quadratic" else 1
    bare = None if reference is None else reference / 100
    wanted = slow.nash(plain(issue), power, 1.0001, bare)
    options = {"loss": loss, "disagreement": "reference" if with_reference else "none"}
    assert point("nash-quadratic", issue, **options) == pytest.approx(wanted, abs=2e-4)


def test_means_by_one_weight() -> None:
    issue = issue_of((1, 0, 30), (3, 100, 10))
    assert point("mean", issue) == 0.5
    assert point("mean", issue, weights="capability") == 0.75
    assert point("mean", issue, weights="salience") == pytest.approx(0.25)


# --- challenge ------------------------------------------------------------------------------------

READINGS = {
    "voters": ("all", "third-parties"),
    "votes": ("distances", "utilities"),
    "risk": ("off", "own-positions", "over-actors"),
    "Q": (1.0, 0.5),
    "T": ("by-median", "half"),
    "offers": ("all", "no-capitulation", "no-confrontation", "compromises"),
    "order": ("smallest-move", "largest-challenge"),
    "compromise-move": ("ratio", "whole"),
}


@settings(max_examples=80)
@given(
    issues(2, 5, salient=True),
    st.fixed_dictionaries({k: st.sampled_from(v) for k, v in READINGS.items()}),
)
def test_a_round_of_challenges_is_that_of_the_definition(
    issue: OrderedIssue, chosen: dict[str, object]
) -> None:
    assume(np.ptp(issue.position) > 0)
    wide = float(np.ptp(issue.position))
    x = [float(p) / wide for p in issue.position]
    (found,) = CHALLENGE.settled([issue], {**chosen, "rounds": 1})
    middle = weighted_median(np.array(x), issue.weight)
    wanted = slow.Challenge(plain(issue), chosen).moved(x, middle)
    assert [p / wide for p in found.rounds[1].positions] == pytest.approx(wanted, abs=1e-7)


def test_a_round_may_be_played_one_after_the_other() -> None:
    """The second answers where the first has gone already: by rounds in which one moves alone."""
    issue = issue_of((30, 0, 60), (50, 40, 80), (20, 100, 90))
    (together,) = CHALLENGE.settled([issue], {"rounds": 1})
    (in_turn,) = CHALLENGE.settled([issue], {"rounds": 1, "updating": "sequential"})
    assert in_turn.rounds[1].positions[0] == together.rounds[1].positions[0]
    x = [float(p) / 100 for p in issue.position]
    chosen = CHALLENGE.chosen()
    for actor in range(3):
        middle = weighted_median(np.array(x), issue.weight)
        x[actor] = slow.Challenge(plain(issue), chosen).moved(x, middle)[actor]
    assert [p / 100 for p in in_turn.rounds[1].positions] == pytest.approx(x)


def test_it_ends_when_nobody_moves_any_more() -> None:
    alone = issue_of((1, 50, 50), (2, 50, 20))
    (found,) = CHALLENGE.settled([alone])
    assert (found.point, len(found.rounds)) == (50, 1)
    far = issue_of((1, 0, 100), (1000, 100, 100))
    (found,) = CHALLENGE.settled([far])
    assert found.point == pytest.approx(100)
    assert len(found.rounds) < 10


WORDS = {o.name: o.choices for o in CHALLENGE.options if isinstance(o.default, str)}
NEEDED = {"T": {"Q": 0.5}, "compromise-choice": {"order": "kinds"}}
"""Without what else nothing depends on an option."""


@pytest.mark.parametrize("option", WORDS)
def test_every_reading_changes_some_answer(option: str) -> None:
    """An option that nothing depends on would be none."""
    drawn = np.random.default_rng(3)
    sixes = [
        np.stack([drawn.integers(1, 9, 6), 5 * drawn.integers(0, 21, 6), drawn.integers(1, 100, 6)])
        for _ in range(12)
    ]
    tied = issue_of((1, 0, 100), (1, 50, 20), (1, 100, 100))
    several = [tied, *(issue_of(*map(tuple, six.T)) for six in sixes)]
    answers = set()
    for value in WORDS[option]:
        found = CHALLENGE.settled(several, {option: value, "rounds": 3, **NEEDED.get(option, {})})
        answers.add(tuple(round(each.point, 6) for each in found))
    assert len(answers) == len(WORDS[option])


# --- exchange -------------------------------------------------------------------------------------


@st.composite
def proposals(draw: st.DrawFn) -> list[OrderedIssue]:
    """Two or three issues with the same actors."""
    n = draw(st.integers(2, 5))
    return [
        issue_of(
            *[
                (draw(st.integers(1, 9)), draw(st.integers(0, 100)), draw(st.integers(1, 100)))
                for _ in range(n)
            ],
            issue=f"i{k}",
        )
        for k in range(draw(st.integers(2, 3)))
    ]


@settings(max_examples=40)
@given(proposals(), st.booleans())
def test_exchanges_are_those_of_the_definition(group: list[OrderedIssue], equal: bool) -> None:
    rate = "equal-gain" if equal else "one-to-one"
    found = MODELS["exchange"].settled(group, {"rate": rate})
    wanted = slow.exchanged([plain(issue) for issue in group], equal_gain=equal)
    assert [each.point / 100 for each in found] == pytest.approx(wanted, abs=1e-6)


def test_an_exchange_by_hand() -> None:
    """Each gives way wholly where it does not care: both outcomes go to who does care.

    Outcomes before: 0.9 x 0 + 0.1 x 100 = 10 on p, 90 on q. A vote of weight 0.1 shifts an outcome
    by 10 at most, at a rate of 1.
    """
    p = issue_of((1, 0, 90), (1, 100, 10), issue="p")
    q = issue_of((1, 0, 10), (1, 100, 90), issue="q")
    before = [s.point for s in MODELS["compromise"].settled([p, q])]
    after = [s.point for s in MODELS["exchange"].settled([p, q])]
    assert before == pytest.approx([10, 90])
    assert after == pytest.approx([0, 100])


def test_one_issue_alone_has_nothing_to_trade() -> None:
    (found,) = MODELS["exchange"].settled([YEARS])
    assert found.point == pytest.approx(YEARS.compromise)
    assert not found.rounds[-1].moves


# --- pairwise contests ----------------------------------------------------------------------------


@settings(max_examples=25)
@given(issues(salient=True, most=5), st.sampled_from([("quadratic", 2), ("linear", 1)]))
def test_pairwise_contests_are_those_of_the_definition(
    issue: OrderedIssue, utility: tuple[str, int]
) -> None:
    name, power = utility
    (found,) = MODELS["condorcet"].settled([issue], {"utility": name})
    wanted = slow.condorcet(plain(issue), power)
    assert list(found.chances.values()) == pytest.approx(list(wanted.values()), abs=1e-6)
    assert point("condorcet", issue, utility=name) == pytest.approx(
        sum(a * p for a, p in wanted.items()), abs=1e-6
    )
    assert point("central", issue, utility=name) == pytest.approx(slow.central(plain(issue), power))


@given(issues(salient=True))
def test_chances_of_two_positions_sum_to_one(issue: OrderedIssue) -> None:
    held = np.unique(issue.position)
    utility = 1 - np.abs(issue.position[:, None] - held[None, :]) / 100
    chances = pairwise_chances(utility, issue.weight)
    assert chances + chances.T == pytest.approx(np.ones_like(chances))
    assert ((chances >= 0) & (chances <= 1)).all()


def test_the_chance_to_beat_all_is_a_product() -> None:
    issue = issue_of((3, 0, 100), (2, 50, 100), (2, 100, 100))
    chances = dict.fromkeys((0.0, 0.5, 1.0), 1.0)
    for a, b in product(chances, repeat=2):
        if a != b:
            votes = [c * s * ((x - b) ** 2 - (x - a) ** 2) for c, x, s in plain(issue)]
            chances[a] *= sum(v for v in votes if v > 0) / sum(map(abs, votes))
    (found,) = MODELS["condorcet"].settled([issue], {"chances": "beats-all"})
    total = sum(chances.values())
    assert list(found.chances.values()) == pytest.approx([p / total for p in chances.values()])
