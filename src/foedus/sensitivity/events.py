"""How much events tell of answers: exact in every draw, for all dates at once.

An event is that an issue comes to stand at a position by a date, or leaves that of today. One pass
backwards gives what every state is worth to every answer at each date; for each event one pass
forwards, in which its states are left for nowhere, gives the chance of each state that it has not
come about until then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from foedus.forecasting.pieces import summed
from foedus.forecasting.ranges import Floats
from foedus.forecasting.streams import DrawBlock
from foedus.game.space import Mask
from foedus.process.conditioning import expected_at, unseen
from foedus.process.model import Process

REACHED = 1e-12
"""A state less likely than this at the end, in every draw, is not reached."""


class Candidate(NamedTuple):
    """That an issue comes to stand at a position; where it is None, that it leaves today's."""

    issue: str
    position: str | None


class Watching(NamedTuple):
    """A block of draws, the events watched for, by when (days from today), and the answers."""

    block: DrawBlock
    events: tuple[Candidate, ...]
    moments: tuple[float, ...]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """What E events by M dates are to H answers in n draws.

    ``answers`` (n, H) is how likely each answer is; ``unseen`` (M, E, n) how likely it is that the
    event has not come about by the date, ``both`` (M, E, n, H) that and the answer. ``reached``
    (states,) are the states in which some draw may end.
    """

    answers: Floats
    unseen: Floats
    both: Floats
    reached: Mask

    @classmethod
    def joined(cls, parts: Sequence[Watched]) -> Watched:
        """Blocks one after another."""
        return cls(
            np.concatenate([part.answers for part in parts]),
            np.concatenate([part.unseen for part in parts], axis=2),
            np.concatenate([part.both for part in parts], axis=2),
            np.any([part.reached for part in parts], axis=0),
        )


def candidates(process: Process) -> tuple[Candidate, ...]:
    """Every position that is not today's, and of issues with several of them the change away."""
    found: list[Candidate] = []
    today = process.game.space.positions(process.today)
    for issue in process.case.issues.values():
        others = [p.id for p in issue.positions if p.id != today[issue.id]]
        found += [Candidate(issue.id, position) for position in others]
        if len(others) > 1:
            found.append(Candidate(issue.id, None))
    return tuple(found)


def event_states(process: Process, event: Candidate) -> Mask:
    """The states in which an event is so; (states,)."""
    space = process.game.space
    number = list(process.case.issues).index(event.issue)
    issue = process.case.issues[event.issue]
    column = space.reader.column(number)
    if event.position is None:
        return np.asarray(column != column[process.today])
    return np.asarray(column == issue.number(event.position))


def answer_states(process: Process, answer: str) -> Mask:
    """The states that fall to one that matches an arrangement, or else none of the hypotheses."""
    space = process.game.space
    if answer in process.case.arrangements:
        return np.asarray(space.matches(answer))
    return np.asarray(~np.any([space.matches(h) for h in process.case.hypotheses], axis=0))


def watched_block(process: Process, piece: Watching) -> Watched:
    """Solve a block, and each event in it."""
    drawn = process.drawn(piece.block, piece.moments)
    chain = process.myopic(drawn)
    explored, draws = chain.explored, drawn.draws
    matching = np.stack([answer_states(process, name) for name in piece.answers], axis=1)
    match = matching[explored.state].astype(float)
    start = np.zeros(chain.nodes)
    start[explored.number[:, process.today]] = 1.0
    end = chain.end(start)

    def by_draw(chances: Floats, worth: Floats) -> Floats:
        columns = [summed(explored.draw, chances * column, draws) for column in worth.T]
        return np.stack(columns, axis=1)

    answers = by_draw(end, match)
    shape = (len(piece.moments), len(piece.events), draws)
    left = np.ones(shape)
    both = np.broadcast_to(answers, (*shape, answers.shape[1])).copy()
    worth = expected_at(chain, match, piece.moments)
    for e, event in enumerate(piece.events):
        states = event_states(process, event)
        if not states[explored.state].any():
            continue
        for m, at in enumerate(unseen(chain, process.today, states, piece.moments)):
            left[m, e] = summed(explored.draw, at, draws)
            both[m, e] = by_draw(at, worth[m])
    reached = np.zeros(len(process.game.space), dtype=bool)
    reached[explored.state[end > REACHED]] = True
    return Watched(answers, left, np.minimum(both, left[..., None]), reached)
