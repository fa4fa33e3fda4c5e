"""Shares taken from polls, with their total error.

A poll's total error is at least twice its sampling error unless it states its own: measured over
4,221 polls of 608 American contests the errors were about twice what sampling alone gives
[ShiraniMehr2018]. Twice the error is a quarter of the sample, so a share is drawn from a Beta
distribution with Jeffreys' prior and a quarter of the answers.

Where this applies: a case never says "this share is that poll's". A judgement that names polls in
``because`` keeps its own range. Only a *sure* share that equals a figure of an approval poll it
names is taken from that poll (see :func:`poll_behind`), and then it is not sure.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv

from foedus.case.model import Judgement, Poll
from foedus.forecasting.ranges import Floats

ASSUMED_SIZE = 400
"""How many a poll is taken to have asked that states neither its size nor its error.

An assumption, not a measurement: to be replaced by the poll's own.
"""

TIMES_SAMPLING = 2.0
"""Total error over sampling error, where a poll states no total error."""

MARGIN_AT_HALF = 98.0
"""The margin of error in points (95 %) of one answer at a share of one half: 1.96 times 50."""


class FromPoll(NamedTuple):
    """The figure of a poll that a judgement is."""

    poll: Poll
    option: str


def effective_size(poll: Poll, assumed: int = ASSUMED_SIZE) -> float:
    """How many answers a simple random sample of the poll's precision would have.

    A stated total ``error`` is read as pollsters state theirs: the half-width in points of the 95 %
    interval of a share of one half; an error of 0 counts as not stated. Without one, the answers
    over four; without either, ``assumed`` answers over four.
    """
    if poll.error:
        return (MARGIN_AT_HALF / poll.error) ** 2
    return (poll.n or assumed) / TIMES_SAMPLING**2


def poll_share(poll: Poll, option: str, u: npt.ArrayLike) -> Floats:
    """Shares in per cent of one answer of an approval poll, at the uniforms ``u``; shape of ``u``.

    Raises KeyError for an answer the poll has not, ValueError for a poll of a first choice among
    several: that is not approval, and approval taken from it is a judgement with a range.
    """
    share = poll.shares[option] / 100
    if poll.asked != "approval":
        raise ValueError(f"poll {poll.id!r} asked for a choice, which is not approval")
    size = effective_size(poll)
    part = np.clip(np.asarray(u, dtype=float), 2.0**-54, 1 - 2.0**-53)
    drawn = betaincinv(share * size + 0.5, (1 - share) * size + 0.5, part)
    return np.asarray(100 * drawn, dtype=float)


def poll_behind(judgement: Judgement, polls: Mapping[str, Poll]) -> FromPoll | None:
    """The approval poll whose figure a sure share is; None where there is none.

    The first that the judgement names in ``because``, with an answer of just this share.
    """
    if not judgement.sure:
        return None
    for name in judgement.because:
        poll = polls.get(name)
        if poll is not None and poll.asked == "approval":
            for option, share in poll.shares.items():
                if share == judgement.mode:
                    return FromPoll(poll, option)
    return None
