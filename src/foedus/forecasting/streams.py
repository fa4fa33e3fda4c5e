"""Where the random numbers come from: one stream for each block of draws and each judgement.

Draws are made in blocks of a fixed size. Block k has the k-th child of the seed's SeedSequence,
whoever computes it, so that the answer does not depend on the number of workers.
Within a block each judgement has a stream of its own, keyed by its name in the file: changing,
adding or removing one judgement leaves the draws of all others as they were, so that two cases
that differ in one judgement are compared on the same random numbers. The judgements of one
``with:`` group share the stream of the group.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foedus.case.model import Judgement, Poll
from foedus.forecasting.ranges import Floats, happens, sample
from foedus.forecasting.surveys import poll_behind, poll_share
from foedus.process.pace import Hazard

BLOCK = 250
"""How many draws one block holds; a part of the answer, never tuned to the machine."""


@dataclass(frozen=True, slots=True)
class DrawBlock:
    """Some draws: their place among all, how many, and where their random numbers come from."""

    number: int
    first: int
    size: int
    seed: int

    def generator(self, key: str) -> np.random.Generator:
        """The generator of one named stream of this block: the same for the same name."""
        digest = hashlib.sha256(key.encode()).digest()
        words = tuple(int.from_bytes(digest[k : k + 4], "little") for k in range(0, 16, 4))
        sequence = np.random.SeedSequence(self.seed, spawn_key=(self.number, *words))
        return np.random.Generator(np.random.PCG64(sequence))

    def uniforms(self, key: str) -> Floats:
        """Uniforms from 0 to 1 of one named stream; shape (size,)."""
        return self.generator(key).random(self.size)

    def values(self, judgement: Judgement) -> Floats:
        """What a judgement is in each draw, in its unit; shape (size,)."""
        return sample(judgement, self.uniforms(stream_of(judgement)))

    def share(self, share: Judgement, polls: Mapping[str, Poll]) -> Floats:
        """A judged share, or the figure of an approval poll with its total error; shape (size,)."""
        taken = poll_behind(share, polls)
        if taken is None:
            return self.values(share)
        return poll_share(taken.poll, taken.option, self.uniforms(stream_of(share)))

    def so(self, held: Judgement) -> npt.NDArray[np.bool_]:
        """Whether something held with a judged probability is so in each draw; shape (size,)."""
        key = stream_of(held)
        return happens(held, self.uniforms(key), self.uniforms(f"{key} so"))

    def hazards(self, record: str, hazard: Hazard) -> Floats:
        """A record's hazard a year in each draw, from its posterior; shape (size,)."""
        return hazard.at(self.uniforms(f"pace {record}"))

    def normals(self, key: str) -> Floats:
        """Independent standard normals of one named stream; shape (size,)."""
        return np.asarray(self.generator(key).standard_normal(self.size))


def stream_of(judgement: Judgement) -> str:
    """The name of a judgement's stream: its group's, if it is in one, else its own.

    >>> stream_of(Judgement(1, 2, 3, path=("preferences", "north", "worth", "gas")))
    'at preferences.north.worth.gas'
    >>> stream_of(Judgement(1, 2, 3, path=("x",), together="oil"))
    'with oil'
    """
    if judgement.together is not None:
        return f"with {judgement.together}"
    return f"at {judgement.name}"


def draw_blocks(draws: int, seed: int, size: int = BLOCK) -> Iterator[DrawBlock]:
    """The blocks of so many draws; the last may be shorter.

    More draws begin with the same draws. Raises ValueError for less than one draw, or a negative
    seed.

    >>> [(b.number, b.first, b.size) for b in draw_blocks(600, seed=1)]
    [(0, 0, 250), (1, 250, 250), (2, 500, 100)]
    """
    if draws < 1 or size < 1:
        raise ValueError(f"{draws} draws in blocks of {size}: at least one is needed")
    if seed < 0:
        raise ValueError(f"the seed is {seed}; a seed is 0 or more")
    for number, first in enumerate(range(0, draws, size)):
        yield DrawBlock(number, first, min(size, draws - first), seed)
