"""The challenge model: actors challenge each other until nobody gives way [Mesquita1985]_.

As written down by [Mesquita1997]_ and [Scholz2011]_. Positions are taken on a scale of length 1
(option ``scale``), saliences as chances of resisting.

* **Votes.** Between positions a and b actor k casts c_k s_k (d_k(b) - d_k(a)) for a, where d is its
  distance, to the power of its risk exponent with ``votes: utilities``.
* **Chance of success.** P(a beats b) is the sum of the votes for a, over the sum of all votes cast
  on this pair; 1/2 where nobody casts any.
* **Expected utility** of i challenging j: s_j (P U_s + (1 - P) U_f) + (1 - s_j) U_s - Q U_q
  - (1 - Q) (T U_b + (1 - T) U_w), with U_s = 2 - 4 ((1 - d) / 2)^r, U_f = 2 - 4 ((1 + d) / 2)^r and
  U_q = 2 - 4 (1/2)^r, d being the distance of i from j. Left alone, j goes to the weighted median
  m with chance 1 - Q: U_b = 2 - 4 (1/2 - w)^r and U_w = 2 - 4 (1/2 + w)^r, with w a quarter of the
  sum of the distances of m and of x_j from x_i. T is 1 where m is nearer to i than x_j is, 0 where
  it is further, and 1/2 otherwise.
* **Risk.** An actor's danger is the sum of what all others expect of challenging it, at r = 1. With
  danger D at its own position, and the least and the largest at any held position, its risk
  is R = (2 D - D_max - D_min) / (D_max - D_min), its exponent r = (1 - R/3) / (1 + R/3).
* **Offers.** By i's own risk, a is what i expects of challenging j, b what j expects of
  challenging i. *Confrontation*, b > a > 0: i goes to x_j. *Compromise*, b > 0 > a and b > -a: i
  goes the part -a / b of the way. *Capitulation*, b > 0 > a and b <= -a: i goes to x_j.
* Each takes the offer that moves it least; of several such that of the larger b, and what lies
  between those that are alike in both. All move at once. What differs by less than 1e-9 is alike.

The variant ``scholz-code`` departs from this as the program of [Scholz2011]_ does: a chance is
over the votes of all actors on all ordered pairs of actors, cast by utilities; an actor's danger is
compared with the dangers of others; confrontations are taken before compromises, and of compromises
that of the smallest weighted position; nobody capitulates.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from foedus.bargaining.challenge_offers import Offers, offers_between, taken
from foedus.bargaining.challenge_options import CHALLENGE_OPTIONS
from foedus.bargaining.challenge_votes import Contest
from foedus.bargaining.issue import Floats, OrderedIssue, inside
from foedus.bargaining.median import weighted_median
from foedus.bargaining.model import (
    BargainingModel,
    Chosen,
    Move,
    Round,
    Settled,
    as_typed,
    one_by_one,
    remark_on,
)


def _settle(issue: OrderedIssue, chosen: Chosen) -> Settled:
    scale = issue.width
    if chosen["scale"] == "positions":
        scale = float(np.ptp(issue.position))
    rounds = [_round(issue, issue.position)]
    for _ in range(int(float(chosen["rounds"])) if scale > 0 else 0):
        after = _played(issue, rounds[-1].positions, scale, chosen)
        rounds.append(after)
        moved = float(np.abs(after.positions - rounds[-2].positions).max())
        if moved <= float(chosen["least-move"]) * scale:
            break
    last = rounds[-1]
    point = last.median if chosen["forecast"] == "median" else last.mean
    return Settled(inside(issue, point), tuple(rounds), remark_on(issue))


def _round(issue: OrderedIssue, positions: Floats, moves: Sequence[Move] = ()) -> Round:
    weight = issue.weight
    mean = min(max(float(weight @ positions), positions.min()), positions.max())
    return Round(positions, float(mean), weighted_median(positions, weight), tuple(moves))


def _played(issue: OrderedIssue, before: Floats, scale: float, chosen: Chosen) -> Round:
    """One round from these positions (n,), on a scale of this length."""
    if chosen["updating"] == "simultaneous":
        target, kind, partner = _answers(issue, before, scale, chosen)
    else:
        target, kind, partner = before.copy(), np.full(len(before), -1), np.full(len(before), -1)
        for actor in range(len(before)):
            all_of = _answers(issue, target, scale, chosen)
            target[actor], kind[actor], partner[actor] = (each[actor] for each in all_of)
    moves = [
        Move(issue.actors[i], float(before[i]), float(target[i]), KINDS[kind[i]], issue.actors[j])
        for i, j in enumerate(partner)
        if j >= 0
    ]
    return _round(issue, target, moves)


KINDS = ("confrontation", "compromise", "capitulation")


def _answers(
    issue: OrderedIssue, positions: Floats, scale: float, chosen: Chosen
) -> tuple[Floats, npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Where each actor goes (n,), by which kind of offer (n,) and of whom (n,); -1 for none."""
    contest = Contest.of(issue, positions / scale, chosen)
    risk = contest.risks()
    own, theirs = contest.expected(risk)
    offers: Offers = offers_between(contest.position, own, theirs, chosen)
    target, kind, partner = taken(offers, contest.position, own, theirs, chosen)
    return np.where(partner >= 0, target * scale, positions), kind, partner


CHALLENGE = BargainingModel(
    "challenge",
    "challenges between all pairs until nobody gives way",
    "Mesquita1997",
    one_by_one(_settle),
    CHALLENGE_OPTIONS,
)
SCHOLZ_CODE = BargainingModel(
    "scholz-code",
    "the challenge model as a published program has it",
    "Scholz2011",
    one_by_one(_settle),
    as_typed(
        CHALLENGE_OPTIONS,
        denominator="all-pairs",
        votes="utilities",
        risk="over-actors",
        order="kinds",
        compromise_choice="smallest-position",
        offers="no-capitulation",
        ties="first",
        least_move=0.0,
    ),
)
