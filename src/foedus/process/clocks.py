"""When clocks ring: the rates of sets of items that run beside each other.

An item i is ready by t with chance F_i(t) = 1 - exp(-h_i (t - L_i)+); a set of items when all of
them are. Sets that run at once and share items ring by their joint first completion: with G(t) the
chance that none is ready, sets ring together, as one clock, at the rate at which one item
completes them while no other set is ready, over G(t). Sets that share nothing do not disturb each
other, so that only those that hang together by shared items (a *component*) are looked at jointly.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from foedus.preferences.sample import Floats

MOST_TOGETHER = 12
"""So many items may hang together: their 2^m patterns are looked through."""

NEVER = -1e300
"""The log of a chance of 0, for products with 0."""

Sets = tuple[int, ...]
"""Sets of items, as bits, ascending."""


@dataclass(frozen=True)
class Component:
    """Sets of items that run at once and hang together by shared items."""

    sets: Sets

    @cached_property
    def items(self) -> tuple[int, ...]:
        """The numbers of its items."""
        every = 0
        for each in self.sets:
            every |= each
        return tuple(k for k in range(every.bit_length()) if every >> k & 1)

    @cached_property
    def _local(self) -> tuple[int, ...]:
        """The sets as bits over its own items."""
        place = {item: k for k, item in enumerate(self.items)}
        return tuple(
            sum(1 << place[item] for item in self.items if each >> item & 1) for each in self.sets
        )

    @cached_property
    def patterns(self) -> tuple[int, ...]:
        """The sets of ready items (local bits) by which no set is ready."""
        every = range(1 << len(self.items))
        return tuple(r for r in every if not any(d & ~r == 0 for d in self._local))

    @cached_property
    def clocks(self) -> tuple[Sets, ...]:
        """Which sets may ring together."""
        return tuple(dict.fromkeys(sets for sets, _, _ in self._completions()))

    @cached_property
    def _ready(self) -> Floats:
        """Which items are ready in each pattern, then which are not: (patterns, 2 * items)."""
        ready = np.array(self.patterns)[:, None] >> np.arange(len(self.items)) & 1
        return np.concatenate([ready, 1 - ready], axis=1).astype(np.float64)

    @cached_property
    def _completes(self) -> Floats:
        """Which clock an item completes in each pattern: (clocks, items * patterns) of 0 and 1."""
        found = np.zeros((len(self.clocks), len(self.items), len(self.patterns)))
        for sets, item, pattern in self._completions():
            found[self.clocks.index(sets), item, pattern] = 1.0
        return found.reshape(len(self.clocks), -1)

    def _completions(self) -> Iterator[tuple[Sets, int, int]]:
        for place, pattern in enumerate(self.patterns):
            for item in range(len(self.items)):
                if pattern >> item & 1:
                    continue
                done = pattern | 1 << item
                ready = tuple(
                    whole
                    for whole, each in zip(self.sets, self._local, strict=True)
                    if each & ~done == 0
                )
                if ready:
                    yield ready, item, place

    def log_weights(self, log_survival: Floats) -> Floats:
        """The log chance of each pattern, given that no set is ready; (patterns, ...).

        ``log_survival`` (items, ...) is log(1 - F_i) of its items.
        """
        with np.errstate(divide="ignore"):
            log_ready = np.maximum(np.log(-np.expm1(log_survival)), NEVER)
        weights = np.tensordot(self._ready, np.concatenate([log_ready, log_survival]), 1)
        return np.asarray(weights - np.logaddexp.reduce(weights, axis=0))

    def rates(self, log_survival: Floats, hazards: Floats) -> Floats:
        """The rate of each clock: (clocks, ...), in the unit of ``hazards`` (items, ...).

        The hazard of an item that has not begun, or that does not run by a hazard, is 0.
        """
        weights = np.exp(self.log_weights(log_survival))
        rates = hazards[:, None] * weights
        return np.tensordot(self._completes, rates.reshape(-1, *rates.shape[2:]), 1)

    def ready_at_jump(self, log_survival: Floats, jumping: int) -> list[tuple[Sets, float]]:
        """Which sets are ready when the items ``jumping`` (bits) become so all at once.

        Given that none was ready before; with chances that sum to one. ``log_survival`` (items,).
        """
        jump = sum(1 << k for k, item in enumerate(self.items) if jumping >> item & 1)
        found: dict[Sets, float] = {}
        for pattern, weight in zip(
            self.patterns, np.exp(self.log_weights(log_survival)), strict=True
        ):
            ready = tuple(
                whole
                for whole, each in zip(self.sets, self._local, strict=True)
                if each & ~(pattern | jump) == 0
            )
            found[ready] = found.get(ready, 0.0) + float(weight)
        return [(sets, chance) for sets, chance in found.items() if chance > 0]


def components_of(sets: Sequence[int]) -> list[Component]:
    """Sets of items that run at once, by what hangs together.

    Raises ValueError where more than ``MOST_TOGETHER`` items do.

    >>> [c.sets for c in components_of([0b011, 0b100, 0b110, 0b1000])]
    [(3, 4, 6), (8,)]
    """
    groups: list[tuple[int, set[int]]] = []
    for each in sets:
        touching = [g for g in groups if g[0] & each]
        groups = [g for g in groups if not g[0] & each]
        every, members = each, {each}
        for bits, others in touching:
            every |= bits
            members |= others
        groups.append((every, members))
    for every, _ in groups:
        if every.bit_count() > MOST_TOGETHER:
            raise ValueError(
                f"{every.bit_count()} things to wait for hang together, by changes that wait for "
                f"several of them; at most {MOST_TOGETHER} can be looked at jointly"
            )
    return sorted((Component(tuple(sorted(m))) for _, m in groups), key=lambda c: c.sets)
