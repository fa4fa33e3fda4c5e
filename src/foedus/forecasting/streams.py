"""Where the random numbers come from: one stream for each block of draws and each judgement.

Draws are made in blocks of a fixed size. Block k has the k-th child of the seed's SeedSequence,
whoever computes it, so that the answer does not depend on the number of workers.
Within a block each judgement has a stream of its own, keyed by its name in the file: changing,
adding or removing one judgement leaves the draws of all others as they were, so that two cases
that differ in one judgement are compared on the same random numbers.

A ``with:`` group has a stream of its own, its factor. A judgement that loads on it with L stands at
the normal score L F + sqrt(1 - L^2) e, with F the factor's score and e its own, of the stream that
it has without a group: a one-factor Gaussian copula [Krupskii2013, Li2000], which leaves each
judgement's own distribution as it is stated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from foedus.case.judgement import Judgement
from foedus.case.model import Poll
from foedus.forecasting.ranges import Floats, happens, sample
from foedus.forecasting.surveys import poll_behind, poll_share
from foedus.process.pace import Hazard

BLOCK = 250
"""How many draws one block holds; a part of the answer, never tuned to the machine."""


KEPT = 1 << 12
"""What so many streams have in a block is kept: two kilobytes each."""

FIRST, LAST = 2.0**-54, 1 - 2.0**-53
"""Between these lie points of a distribution, so that their normal scores are finite."""


class Part(NamedTuple):
    """A stream that moves a judgement, and the judgement's loading on it, from -1 to 1.

    ``group`` is the ``with:`` group whose factor the stream is; None for what is its own.
    """

    stream: str
    loading: float = 1.0
    group: str | None = None


@dataclass(frozen=True, slots=True)
class DrawBlock:
    """Some draws: their place among all, how many, and where their random numbers come from."""

    number: int
    first: int
    size: int
    seed: int

    def generator(self, key: str) -> np.random.Generator:
        """The generator of one named stream of this block: the same for the same name."""
        return _generator(self.seed, self.number, key)

    def uniforms(self, key: str) -> Floats:
        """Uniforms from 0 to 1 of one named stream; shape (size,)."""
        return _uniforms(self.seed, self.number, key, self.size)

    def places(self, judgement: Judgement, of: str = "") -> Floats:
        """Where a judgement stands in its distribution in each draw, from 0 to 1; shape (size,).

        ``of`` is the end of its streams' names where it has several numbers to a draw.
        """
        parts = parts_of(judgement)
        return joined([self.uniforms(f"{p.stream}{of}") for p in parts], parts)

    def values(self, judgement: Judgement) -> Floats:
        """What a judgement is in each draw, in its unit; shape (size,)."""
        return sample(judgement, self.places(judgement))

    def share(self, share: Judgement, polls: Mapping[str, Poll]) -> Floats:
        """A judged share, or the figure of an approval poll with its total error; shape (size,)."""
        taken = poll_behind(share, polls)
        if taken is None:
            return self.values(share)
        return poll_share(taken.poll, taken.option, self.places(share))

    def so(self, held: Judgement) -> npt.NDArray[np.bool_]:
        """Whether something held with a judged probability is so in each draw; shape (size,)."""
        return happens(held, self.places(held), self.places(held, " so"))

    def hazards(self, record: str, hazard: Hazard) -> Floats:
        """A record's hazard a year in each draw, from its posterior; shape (size,)."""
        return hazard.at(self.uniforms(f"pace {record}"))

    def normals(self, key: str) -> Floats:
        """Independent standard normals of one named stream; shape (size,)."""
        return _normals(self.seed, self.number, key, self.size)


# The variants of a case mostly draw from the same streams, one after the other.
@lru_cache(maxsize=KEPT)
def _uniforms(seed: int, number: int, key: str, size: int) -> Floats:
    found = _generator(seed, number, key).random(size)
    found.flags.writeable = False
    return found


@lru_cache(maxsize=KEPT)
def _normals(seed: int, number: int, key: str, size: int) -> Floats:
    found = np.asarray(_generator(seed, number, key).standard_normal(size))
    found.flags.writeable = False
    return found


def _generator(seed: int, number: int, key: str) -> np.random.Generator:
    digest = hashlib.sha256(key.encode()).digest()
    words = tuple(int.from_bytes(digest[k : k + 4], "little") for k in range(0, 16, 4))
    sequence = np.random.SeedSequence(seed, spawn_key=(number, *words))
    return np.random.Generator(np.random.PCG64(sequence))


def parts_of(judgement: Judgement) -> tuple[Part, ...]:
    """The streams that move a judgement: its group's, if it is in one, and its own.

    What it does not load on is no part of it. The squares of the loadings add up to 1.

    >>> from foedus.case.judgement import Together
    >>> parts_of(Judgement(1, 2, 3, path=("preferences", "north", "worth", "gas")))
    (Part(stream='at preferences.north.worth.gas', loading=1.0, group=None),)
    >>> [part.stream for part in parts_of(Judgement(1, 2, 3, ("x",), together=Together("oil")))]
    ['with oil']
    >>> parts = parts_of(Judgement(1, 2, 3, ("x",), together=Together("oil", -0.6)))
    >>> [(part.stream, part.loading) for part in parts]
    [('with oil', -0.6), ('at x', 0.8)]
    """
    own, together = f"at {judgement.name}", judgement.together
    if together is None:
        return (Part(own),)
    factor = Part(f"with {together.group}", together.loading, together.group)
    return tuple(part for part in (factor, Part(own, together.own)) if part.loading)


def joined(points: Sequence[Floats], parts: Sequence[Part]) -> Floats:
    """Where the parts put a judgement, from where each part's stream stands; from 0 to 1.

    One part of loading 1 or -1 is its point, or the mirrored one, exactly; of several the normal
    scores are added with their loadings.
    """
    if len(parts) == 1:
        (point,) = points
        return point if parts[0].loading > 0 else np.minimum(1 - point, LAST)
    terms = (p.loading * scores(at) for at, p in zip(points, parts, strict=True))
    return np.asarray(ndtr(sum(terms)))


def scores(points: npt.ArrayLike) -> Floats:
    """The normal scores of points from 0 to 1, finite at both ends."""
    return np.asarray(ndtri(np.clip(points, FIRST, LAST)))


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
