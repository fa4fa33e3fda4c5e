"""Exchange: pairs of actors give way on what matters less to them [Stokman1994]_.

On each issue actors vote for positions v, at first their own x, and the outcome is the mean of the
votes, weighted by capability times salience. Actors i and j can trade issue p for q where they
stand on different sides of both outcomes and i cares less about p, relative to q, than j does:
s_ip / s_iq < s_jp / s_jq. Then i moves its vote on p towards x_j, which shifts the outcome by A
(in lengths of the scale), and j its vote on q towards x_i, which shifts that by B. Of this i gains
s_iq B - s_ip A, and j gains s_jp A - s_jq B. The rate B / A makes both gain alike (option ``rate``)
and the exchange is as large as their votes, and the other's wish, allow. The exchange with the
largest gain is made, then the next, until none is left. A vote once moved is spent.

Issues are those of one proposal; actors are matched by name. With one issue there is nothing to
trade, and the answer is the compromise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from foedus.bargaining.issue import Floats, OrderedIssue
from foedus.bargaining.median import weighted_median
from foedus.bargaining.model import (
    BargainingModel,
    Chosen,
    Move,
    Option,
    Round,
    Settled,
    remark_on,
)

WORTH_IT = 1e-9
"""Gains below this share of salience times scale are none."""


class _Deal(NamedTuple):
    """i moves its vote on p to ``to_p``, j its vote on q to ``to_q``; each gains so much."""

    gain: float
    p: int
    q: int
    i: int
    j: int
    to_p: float
    to_q: float


class _Votes:
    """The votes of all actors (rows) on all issues (columns) of a proposal, scales of length 1."""

    def __init__(self, issues: Sequence[OrderedIssue]) -> None:
        self.actors = list(dict.fromkeys(actor for each in issues for actor in each.actors))
        row = {actor: k for k, actor in enumerate(self.actors)}
        shape = len(self.actors), len(issues)
        self.wished = np.full(shape, np.nan)
        self.salience = np.zeros(shape)
        self.share = np.zeros(shape)
        for column, issue in enumerate(issues):
            rows = [row[actor] for actor in issue.actors]
            self.wished[rows, column] = (issue.position - issue.low) / issue.width
            self.salience[rows, column] = issue.salience / issue.full_salience
            self.share[rows, column] = issue.weight
        self.votes = self.wished.copy()
        self.spent = (self.share <= 0) | (self.salience <= 0)

    @property
    def outcomes(self) -> Floats:
        """The outcome of each issue."""
        return np.asarray((self.share * np.nan_to_num(self.votes)).sum(axis=0))

    def deals(self, p: int, q: int, chosen: Chosen) -> Iterator[_Deal]:
        """The exchange with the largest gain on issues p and q, if there is one."""
        free = np.flatnonzero(~(self.spent[:, p] | self.spent[:, q]))
        if len(free) < 2:
            return
        at_p, at_q = self.outcomes[[p, q]]
        side_p = np.sign(self.wished[free, p] - at_p)
        side_q = np.sign(self.wished[free, q] - at_q)
        apart = (np.outer(side_p, side_p) < 0) & (np.outer(side_q, side_q) < 0)
        s_p, s_q = self.salience[free, p], self.salience[free, q]
        fits = apart & (np.outer(s_p, s_q) < np.outer(s_q, s_p))
        # How far i can shift the outcome on p towards the wish of j, and j that on q.
        most_a = self._reach(free, p, at_p)
        most_b = self._reach(free, q, at_q).T
        if chosen["rate"] == "equal-gain":
            rate = (s_p[:, None] + s_p[None, :]) / (s_q[:, None] + s_q[None, :])
        else:
            rate = np.ones_like(most_a)
        a = np.minimum(most_a, most_b / rate)
        b = rate * a
        gain_i = s_q[:, None] * b - s_p[:, None] * a
        gain_j = s_p[None, :] * a - s_q[None, :] * b
        gain = np.where(fits, np.minimum(gain_i, gain_j), -np.inf)
        i, j = np.unravel_index(int(gain.argmax()), gain.shape)
        if gain[i, j] <= WORTH_IT:
            return
        first, second = int(free[i]), int(free[j])
        to_p = self.votes[first, p] + side_p[j] * a[i, j] / self.share[first, p]
        to_q = self.votes[second, q] + side_q[i] * b[i, j] / self.share[second, q]
        yield _Deal(float(gain[i, j]), p, q, first, second, float(to_p), float(to_q))

    def _reach(self, free: npt.NDArray[np.intp], issue: int, at: float) -> Floats:
        """How far row's vote can shift an outcome towards column's wish, and not beyond it."""
        votes, wished = self.votes[free, issue], self.wished[free, issue]
        by_vote = self.share[free, issue][:, None] * np.abs(wished[None, :] - votes[:, None])
        return np.asarray(np.minimum(by_vote, np.abs(wished - at)[None, :]))


def _settle(issues: Sequence[OrderedIssue], chosen: Chosen) -> tuple[Settled, ...]:
    state = _Votes(issues)
    moves: list[list[Move]] = [[] for _ in issues]
    for _ in range(int(float(chosen["exchanges"])) if len(issues) > 1 else 0):
        deals = [
            deal
            for pair in combinations(range(len(issues)), 2)
            for deal in (*state.deals(*pair, chosen), *state.deals(*pair[::-1], chosen))
        ]
        if not deals:
            break
        _carry_out(max(deals, key=lambda deal: deal.gain), state, issues, moves)
    settled = []
    for column, issue in enumerate(issues):
        rows = [state.actors.index(actor) for actor in issue.actors]
        votes = issue.low + issue.width * state.votes[rows, column]
        rounds = [_round(issue, issue.position)]
        if moves[column]:
            rounds.append(_round(issue, votes, moves[column]))
        settled.append(Settled(rounds[-1].mean, tuple(rounds), remark_on(issue)))
    return tuple(settled)


def _carry_out(
    deal: _Deal, state: _Votes, issues: Sequence[OrderedIssue], moves: list[list[Move]]
) -> None:
    """Move the two votes of a deal, which are spent by that."""
    for issue, actor, partner, target in (
        (deal.p, deal.i, deal.j, deal.to_p),
        (deal.q, deal.j, deal.i, deal.to_q),
    ):
        there = issues[issue]
        origin, target = (
            there.low + there.width * float(v) for v in (state.votes[actor, issue], target)
        )
        names = state.actors[actor], state.actors[partner]
        moves[issue].append(Move(names[0], origin, target, "exchange", names[1]))
        state.votes[actor, issue] = (target - there.low) / there.width
        state.spent[actor, issue] = True


def _round(issue: OrderedIssue, votes: Floats, moves: Sequence[Move] = ()) -> Round:
    mean = min(max(float(issue.weight @ votes), issue.position.min()), issue.position.max())
    return Round(votes, float(mean), weighted_median(votes, issue.weight), tuple(moves))


EXCHANGE = BargainingModel(
    "exchange",
    "pairs give way on what matters less to them, then the weighted mean of the votes",
    "Stokman1994",
    _settle,
    (
        Option(
            "rate",
            "equal-gain",
            ("equal-gain", "one-to-one"),
            "Stokman1994",
            "how much of one issue is given for another: so that both gain alike, or as much as "
            "is got",
        ),
        Option("exchanges", 1000.0, (0.0, 100_000.0), "Stokman1994", "after so many it ends"),
    ),
)
