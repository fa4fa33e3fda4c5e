"""Votes by weight: the smallest sets of voters that reach one bar, or several at once."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from foedus.case.entitlements import Quota

MOST_WINNING = 5_000
"""So many smallest sets may reach the bar of a quota."""

MOST_SEATS = 100_000
"""So many members may these sets have together."""

MOST_LOOKS = 5_000_000
"""So often may a voter be looked at while all the quotas of a case are worked out."""

Voters = frozenset[str]
NO_WAY: tuple[Voters, ...] = (frozenset(),)
"""No voter needed beyond the bars."""


class TooLongError(Exception):
    """The smallest sets were not found within an `Effort`."""


@dataclass
class Effort:
    """How often a voter may still be looked at."""

    left: int = MOST_LOOKS

    def spend(self, voters: int) -> None:
        """Look at so many voters; :class:`TooLongError` where no more may be looked at."""
        self.left -= voters
        if self.left < 0:
            raise TooLongError


@dataclass(frozen=True)
class _Bar:
    """How much suffices, and who has how much of it, in whole units."""

    enough: int
    weights: Mapping[str, int]

    def short(self, some: Collection[str]) -> int:
        """What a set lacks of the bar: 0 or less where it reaches it."""
        return self.enough - sum(self.weights[name] for name in some)


def can_be_reached(quota: Quota) -> bool:
    """Whether all who have a weight reach the bar together, exactly."""
    whole = math.fsum(quota.weights.values())
    if not math.isclose(whole, quota.at_least):
        return whole > quota.at_least
    return _whole(quota, list(quota.weights)).short(quota.weights) <= 0


def winning_sets(
    quotas: Sequence[Quota],
    ways: Sequence[Voters] = NO_WAY,
    effort: Effort | None = None,
) -> Iterator[Voters]:
    """The smallest sets of voters that reach the bar of every quota, each once.

    ``ways`` are sets one of which must be in too, none of them in another. Weights are above 0;
    sums are exact for numbers of up to 15 digits. :class:`TooLongError` where ``effort`` does not
    suffice.

    >>> of = {"a": 40, "b": 25, "c": 20, "d": 15}
    >>> [sorted(each) for each in winning_sets([Quota(51, of)])]
    [['a', 'b'], ['a', 'c'], ['a', 'd'], ['b', 'c', 'd']]
    >>> three_of_four = Quota(3, dict.fromkeys(of, 1))
    >>> [sorted(each) for each in winning_sets([Quota(65, of), three_of_four])]
    [['a', 'b', 'c'], ['a', 'b', 'd'], ['a', 'c', 'd']]
    """
    names = sorted({name for quota in quotas for name in quota.weights}.union(*ways))
    bars = [_whole(quota, names) for quota in quotas]
    effort = effort or Effort()
    if tuple(ways) == NO_WAY:
        return _added(bars, ways[0], names, effort)
    return _with_ways(bars, ways, names, effort)


def _with_ways(
    bars: Sequence[_Bar], ways: Sequence[Voters], names: Sequence[str], effort: Effort
) -> Iterator[Voters]:
    """The smallest sets that reach every bar and hold one of ``ways``."""
    found: set[Voters] = set()
    for way in ways:
        for some in _added(bars, way, [name for name in names if name not in way], effort):
            whole = way | some
            # Nobody of `some` can be spared; of the way somebody may, where another way is in too.
            if whole not in found and not any(_wins(bars, ways, whole - {name}) for name in way):
                found.add(whole)
                yield whole


def _wins(bars: Sequence[_Bar], ways: Sequence[Voters], some: Voters) -> bool:
    return any(way <= some for way in ways) and all(bar.short(some) <= 0 for bar in bars)


def _added(
    bars: Sequence[_Bar], way: Voters, names: Sequence[str], effort: Effort
) -> Iterator[Voters]:
    """The smallest sets of ``names`` that bring those of ``way`` to every bar."""
    short = [bar.short(way) for bar in bars]
    if max(short, default=0) <= 0:
        return iter(NO_WAY)
    if len(bars) == 1:
        return _over_one(bars[0], short[0], names)
    return _over_several(bars, short, names, effort)


def _over_one(bar: _Bar, short: int, names: Sequence[str]) -> Iterator[Voters]:
    """The smallest sets of ``names`` that make up what one bar lacks.

    Such a set falls short without its lightest member. So voters are taken by falling weight, each
    either in or out: a set is complete as soon as it reaches the bar, and one that all who are left
    could not bring there is given up. The work is in proportion to what is found.
    """
    row = _Row.of([bar], [short], names)
    names, (left,) = row.names, row.left
    sizes = [bar.weights[name] for name in names]
    chosen: list[int] = []
    k = 0
    while True:
        if 0 < short <= left[k]:
            chosen.append(k)
            short -= sizes[k]
            k += 1
            if short > 0:
                continue
            yield frozenset(names[each] for each in chosen)
        if not chosen:
            return
        k = chosen.pop()  # complete, or out of reach: go on without the last one taken
        short += sizes[k]
        k += 1


def _over_several(
    bars: Sequence[_Bar], short: list[int], names: Sequence[str], effort: Effort
) -> Iterator[Voters]:
    """The smallest sets of ``names`` that make up what the bars lack.

    Voters are taken, each either in or out, by falling weight at the first bar that is not reached.
    A set is given up when all who are left could not bring it to some bar, and when somebody in it
    can be spared at every bar that it reaches and has no weight at the others.
    """
    chosen: list[str] = []
    stack = [_Row.of(bars, short, names)]
    while True:
        row = stack[-1]
        if any(lacks > left[row.k] for lacks, left in zip(short, row.left, strict=True)):
            stack.pop()
            if not stack:
                return
        else:
            effort.spend(1)
            name = row.names[row.k]
            row.k += 1
            chosen.append(name)
            short = [s - bar.weights[name] for s, bar in zip(short, bars, strict=True)]
            if min(short) > 0:
                stack.append(row.after())
                continue
            effort.spend(len(chosen))
            if not _spared(chosen, bars, short):
                if max(short) > 0:
                    if short[row.bar] > 0:
                        stack.append(row.after())
                    else:
                        effort.spend(len(row.names) - row.k)
                        stack.append(_Row.of(bars, short, row.names[row.k :]))
                    continue
                yield frozenset(chosen)
        last = chosen.pop()  # go on without the last one taken
        short = [s + bar.weights[last] for s, bar in zip(short, bars, strict=True)]


def _spared(chosen: Sequence[str], bars: Sequence[_Bar], short: Sequence[int]) -> Sequence[str]:
    """Of the chosen those without whom no bar is missed, of those reached and yet to be reached."""
    for bar, lacks in zip(bars, short, strict=True):
        over = max(0, -lacks)
        chosen = [name for name in chosen if bar.weights[name] <= over]
    return chosen


@dataclass
class _Row:
    """Voters by falling weight at a bar; ``left`` is what they and those after have, by bar."""

    bar: int
    names: Sequence[str]
    left: Sequence[Sequence[int]]
    k: int = 0

    @classmethod
    def of(cls, bars: Sequence[_Bar], short: Sequence[int], names: Sequence[str]) -> _Row:
        """The row for the first bar that is not reached."""
        first = next(k for k, lacks in enumerate(short) if lacks > 0)
        row = sorted(names, key=lambda name: -bars[first].weights[name])
        left = [[0] * (len(row) + 1) for _ in bars]
        for sums, bar in zip(left, bars, strict=True):
            for k in reversed(range(len(row))):
                sums[k] = sums[k + 1] + bar.weights[row[k]]
        return cls(first, row, left)

    def after(self) -> _Row:
        """The same row, from the voter that comes next."""
        return _Row(self.bar, self.names, self.left, self.k)


def _whole(quota: Quota, names: Sequence[str]) -> _Bar:
    """A quota in the largest unit in which its numbers, as written, are whole."""
    numbers = [quota.at_least, *quota.weights.values()]
    unit = math.lcm(*(Fraction(repr(float(each))).denominator for each in numbers))
    enough, *weights = (int(Fraction(repr(float(each))) * unit) for each in numbers)
    return _Bar(enough, dict.fromkeys(names, 0) | dict(zip(quota.weights, weights, strict=True)))
