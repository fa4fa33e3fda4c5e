"""Samples of a process in which something is moved: drawn anew, put at a point, judged otherwise.

What is not moved is drawn as in any forecast with the same seed, or stands at its most likely
value, so that answers differ by what was moved alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from immutabledict import immutabledict
from scipy.special import ndtr

from foedus.case.judgement import Judgement
from foedus.case.model import Poll
from foedus.case.places import Path
from foedus.forecasting.ranges import Floats, sample, spread_of
from foedus.forecasting.streams import DrawBlock, Part, draw_blocks, joined, parts_of, scores
from foedus.forecasting.surveys import poll_behind, poll_share
from foedus.process.drawn import MOST_LIKELY_PROCESS
from foedus.process.pace import Hazard

SLOWEST = 1e-9
"""No hazard a year is moved below this."""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Judgements set otherwise, by their paths, and what is added to hazards a year, by record."""

    judged: Mapping[Path, Judgement] = field(default_factory=immutabledict)
    paces: Mapping[str, float] = field(default_factory=immutabledict)

    def of(self, judgement: Judgement) -> Judgement:
        """The judgement as it is set here."""
        return self.judged.get(judgement.path, judgement)


@dataclass(frozen=True, slots=True)
class Redrawn(DrawBlock):
    """A block in which some streams are drawn anew, all others staying as they are."""

    anew: frozenset[str] = frozenset()

    def uniforms(self, key: str) -> Floats:
        """As in any block, but from another stream for those drawn anew."""
        again = key in self.anew or key.removesuffix(" so") in self.anew
        return DrawBlock.uniforms(self, f"{key} anew" if again else key)


def redrawn_blocks(draws: int, seed: int, anew: frozenset[str]) -> Iterator[DrawBlock]:
    """The blocks of so many draws with some streams drawn anew."""
    for block in draw_blocks(draws, seed):
        yield Redrawn(block.number, block.first, block.size, block.seed, anew)


@dataclass(frozen=True, slots=True)
class Changed(DrawBlock):
    """A block of a case some of whose judgements are set otherwise."""

    to: Otherwise = field(default_factory=Otherwise)

    def values(self, judgement: Judgement) -> Floats:
        """As in any block, of the judgement as it is set."""
        return DrawBlock.values(self, self.to.of(judgement))

    def share(self, share: Judgement, polls: Mapping[str, Poll]) -> Floats:
        """As in any block, of the share as it is set."""
        return DrawBlock.share(self, self.to.of(share), polls)

    def so(self, held: Judgement) -> npt.NDArray[np.bool_]:
        """As in any block, with the probability as it is set."""
        return DrawBlock.so(self, self.to.of(held))

    def hazards(self, record: str, hazard: Hazard) -> Floats:
        """As in any block, with what is added to the record's hazard."""
        added = self.to.paces.get(record, 0.0)
        found = DrawBlock.hazards(self, record, hazard)
        return np.maximum(found + added, SLOWEST) if added else found


def changed_blocks(draws: int, seed: int, to: Otherwise) -> Iterator[Changed]:
    """The blocks of so many draws with judgements set otherwise."""
    for block in draw_blocks(draws, seed):
        yield Changed(block.number, block.first, block.size, block.seed, to)


@dataclass(frozen=True, slots=True)
class Varied:
    """The draws of one block under one setting after another, solved at once."""

    block: DrawBlock
    settings: Sequence[Otherwise]

    @property
    def size(self) -> int:
        """How many draws there are under all settings, n."""
        return self.block.size * len(self.settings)

    def values(self, judgement: Judgement) -> Floats:
        """What a judgement is in each draw; (n,)."""
        return self._each(judgement, self.block.values)

    def share(self, share: Judgement, polls: Mapping[str, Poll]) -> Floats:
        """A judged share in each draw; (n,)."""
        return self._each(share, lambda judged: self.block.share(judged, polls))

    def so(self, held: Judgement) -> npt.NDArray[np.bool_]:
        """Whether something is held in each draw; (n,)."""
        return self._each(held, lambda judged: self.block.so(judged).astype(float)) > 0.5

    def hazards(self, record: str, hazard: Hazard) -> Floats:
        """A record's hazard in each draw; (n,)."""
        usual = self.block.hazards(record, hazard)
        added = [to.paces.get(record, 0.0) for to in self.settings]
        rows = [np.maximum(usual + more, SLOWEST) if more else usual for more in added]
        return np.concatenate(rows)

    def normals(self, key: str) -> Floats:
        """Independent standard normals, the same under each setting; (n,)."""
        return np.tile(self.block.normals(key), len(self.settings))

    def _each(self, judgement: Judgement, drawn: Callable[[Judgement], Floats]) -> Floats:
        """What is drawn of a judgement as each setting has it; alike where it sets nothing."""
        usual = drawn(judgement)
        judged = [to.judged.get(judgement.path) for to in self.settings]
        return np.concatenate([usual if j is None else drawn(j) for j in judged])


@dataclass(frozen=True, slots=True)
class MostLikelyOtherwise:
    """One draw for each setting: most likely values, but for what the setting sets otherwise."""

    settings: Sequence[Otherwise]

    @property
    def size(self) -> int:
        """One draw for each setting."""
        return len(self.settings)

    def values(self, judgement: Judgement) -> Floats:
        """The most likely value by each setting; (n,)."""
        return np.array([to.of(judgement).mode for to in self.settings], dtype=float)

    def share(self, share: Judgement, polls: Mapping[str, Poll]) -> Floats:
        """The most likely share by each setting; (n,)."""
        return self.values(share)

    def so(self, held: Judgement) -> npt.NDArray[np.bool_]:
        """Whether it is held at evens or better by each setting; (n,)."""
        each = (MOST_LIKELY_PROCESS.so(to.of(held)) for to in self.settings)
        return np.concatenate(list(each))

    def hazards(self, record: str, hazard: Hazard) -> Floats:
        """The posterior mean with what each setting adds; (n,)."""
        added = np.array([to.paces.get(record, 0.0) for to in self.settings])
        return np.where(added == 0, hazard.mean, np.maximum(hazard.mean + added, SLOWEST))

    def normals(self, key: str) -> Floats:
        """Nothing is left out; (n,)."""
        return np.zeros(self.size)


@dataclass(frozen=True, slots=True)
class Placed:
    """One draw a row: some streams stand at a point of their distributions, all else most likely.

    ``at`` maps keys of streams to points from 0 to 1, NaN where most likely; (size,). With p its
    mean probability, a wish is not held up to the point 1 - p, and held beyond it.

    Of the two parts of a judgement that loads on a group, one that is not put to a point stands at
    what is likeliest for it, given that the judgement is at its most likely value (of a wish or a
    poll: at its middle): at the normal score L m, where m is the judgement's and L the loading.
    """

    size: int
    at: Mapping[str, Floats]

    def values(self, judgement: Judgement) -> Floats:
        """The value at the point, or the most likely; (n,)."""
        usual = float(MOST_LIKELY_PROCESS.values(judgement)[0])
        middle = spread_of(judgement).below
        return self._put(judgement, usual, lambda u: sample(judgement, u), middle)

    def share(self, share: Judgement, polls: Mapping[str, Poll]) -> Floats:
        """The share at the point, by its poll where it is one's; (n,)."""
        taken = poll_behind(share, polls)
        if taken is None:
            return self.values(share)
        poll, option = taken
        return self._put(share, share.mode, lambda u: poll_share(poll, option, u))

    def so(self, held: Judgement) -> npt.NDArray[np.bool_]:
        """Whether it is held at the point; (n,)."""
        usual = float(MOST_LIKELY_PROCESS.so(held)[0])
        least = 1 - spread_of(held).mean()
        return self._put(held, usual, lambda u: (u > least).astype(float)) > 0.5

    def hazards(self, record: str, hazard: Hazard) -> Floats:
        """The hazard at the point, or the posterior mean; (n,)."""
        found = np.full(self.size, hazard.mean)
        if (points := self.at.get(f"pace {record}")) is not None:
            put = ~np.isnan(points)
            found[put] = hazard.at(points[put])
        return found

    def normals(self, key: str) -> Floats:
        """Nothing is left out; (n,)."""
        return np.zeros(self.size)

    def _put(
        self,
        judgement: Judgement,
        usual: float,
        at: Callable[[Floats], Floats],
        middle: float = 0.5,
    ) -> Floats:
        """What stands at the points of its parts; ``middle`` is the point of its usual value."""
        found = np.full(self.size, usual)
        parts = parts_of(judgement)
        unplaced = np.full(self.size, np.nan)
        rows = [self.at.get(part.stream, unplaced) for part in parts]
        put = ~np.all(np.isnan(rows), axis=0)
        if put.any():
            of_middle = scores(middle)
            points = [
                np.where(np.isnan(row), ndtr(part.loading * of_middle), row)[put]
                for row, part in zip(rows, parts, strict=True)
            ]
            found[put] = at(_no_further(joined(points, parts), rows, parts, put))
        return found


def _no_further(
    place: Floats, rows: Sequence[Floats], parts: Sequence[Part], put: npt.NDArray[np.bool_]
) -> Floats:
    """A place no further out than where both parts of a judgement are put; (put,).

    Both at their ends are at its end and not beyond it.
    """
    if len(parts) == 1:
        return place
    ends = [row[put] if p.loading > 0 else 1 - row[put] for row, p in zip(rows, parts, strict=True)]
    kept = np.clip(place, np.minimum(*ends), np.maximum(*ends))
    return np.where(np.isnan(kept), place, kept)
