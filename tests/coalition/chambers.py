"""Chambers made up for the tests, and the model in plain loops, written from docs/coalition.md."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
from hypothesis import strategies as st

from foedus.coalition.opportunity import Opportunity, Past
from foedus.coalition.parameters import FITTED


def chamber(
    seats: list[int],
    places: list[float],
    *,
    governing: set[int] = frozenset(),  # type: ignore[assignment]
    premier: int | None = None,
    swing: list[float] | None = None,
    after: bool = True,
    pairs: dict[tuple[int, int], tuple[int, int]] | None = None,
    past: Past | None = None,
    majority: int | None = None,
) -> Opportunity:
    """A chamber of these seats and places."""
    n = len(seats)
    together, apart = np.zeros((n, n)), np.zeros((n, n))
    for (i, j), (both, one) in (pairs or {}).items():
        together[i, j] = together[j, i] = both
        apart[i, j] = apart[j, i] = one
    return Opportunity(
        id="c",
        parties=tuple(f"p{i}" for i in range(n)),
        names=tuple(f"P{i}" for i in range(n)),
        seats=np.array(seats, dtype=float),
        left_right=np.array(places, dtype=float),
        chamber=float(sum(seats)),
        majority=float(majority or sum(seats) // 2 + 1),
        governing=np.array([i in governing for i in range(n)]),
        premier=premier,
        swing=np.array(swing or [0.0] * n),
        after_election=after,
        cabinets=np.zeros(n),
        governed=np.zeros(n),
        together=together,
        apart=apart,
        past=past or Past(),
    )


@st.composite
def chambers(draw: st.DrawFn, most: int = 5) -> Opportunity:
    """Chambers of two to ``most`` parties with any past, no two at one place."""
    n = draw(st.integers(2, most))
    places = draw(st.lists(st.integers(0, 1000), min_size=n, max_size=n, unique=True))
    count = st.integers(0, 9)
    pairs = {pair: (draw(count), draw(count)) for pair in combinations(range(n), 2)}
    return chamber(
        draw(st.lists(st.integers(1, 200), min_size=n, max_size=n)),
        [p / 100 for p in places],
        governing=draw(st.sets(st.integers(0, n - 1))),
        premier=draw(st.none() | st.integers(0, n - 1)),
        swing=draw(st.lists(st.floats(-0.5, 0.5), min_size=n, max_size=n)),
        after=draw(st.booleans()),
        pairs=pairs,
        past=Past(draw(st.integers(20, 40)), draw(st.integers(0, 20)), draw(st.integers(0, 20))),
    )


def slow_chances(c: Opportunity) -> dict[frozenset[int], float]:
    """The chance of each coalition, party by party and coalition by coalition."""
    n = len(c.parties)
    rates = {}
    for size in range(1, n + 1):
        for members in combinations(range(n), size):
            rates[frozenset(members)] = _slow_rate(c, members)
    total = math.fsum(rates.values())
    return {members: rate / total for members, rate in rates.items()}


def slow_supporters(c: Opportunity, members: tuple[int, ...]) -> list[int]:
    """Outsiders by distance to the farthest member, then to the mean, then by size."""
    held = sum(c.seats[i] for i in members)
    mean = sum(c.seats[i] * c.left_right[i] for i in members) / held

    def away(i: int) -> tuple[float, float, float]:
        far = max(abs(c.left_right[i] - c.left_right[j]) for j in members) / 10
        return round(far, 9), round(abs(c.left_right[i] - mean) / 10, 9), -c.seats[i]

    asked: list[int] = []
    for i in sorted((i for i in range(len(c.parties)) if i not in members), key=away):
        if held + sum(c.seats[j] for j in asked) >= c.majority:
            break
        asked.append(i)
    return asked


def _slow_rate(c: Opportunity, members: tuple[int, ...]) -> float:
    supporters = slow_supporters(c, members)
    agreed, logs = 1.0, 0.0
    for i in (*members, *supporters):
        v = sum(FITTED[name][0] * x for name, x in _slow_terms(c, members, i).items())
        agreed *= 1 / (1 + math.exp(-v))
        logs += math.log(math.log1p(math.exp(v)))
    return agreed * math.exp(FITTED["power"][0] * logs / (len(members) + len(supporters)))


def _slow_terms(c: Opportunity, members: tuple[int, ...], i: int) -> dict[str, float]:
    far = max(abs(c.left_right[i] - c.left_right[j]) for j in members) / 10
    if i not in members:
        return {"distance": -far, "support": 1}
    held = sum(c.seats[j] for j in members)
    enough = held >= c.majority
    needed = enough and all(held - c.seats[j] < c.majority for j in members)
    now = {j for j in range(len(c.parties)) if c.governing[j]}
    often = [
        (c.together[i, j] + 0.5) / (c.together[i, j] + c.apart[i, j] + 2) for j in members if j != i
    ]
    return {
        "office": c.seats[i] / sum(c.seats),
        "distance": -far,
        "short": -max(0, c.majority - held) / c.chamber,
        "needed": needed,
        "surplus": (c.past.surplus + 0.4) / (c.past.cabinets + 2) if enough and not needed else 0,
        "again": bool(now) and set(members) == now,
        "overlap": 0 if c.after_election else len(now & set(members)) / len(now | set(members)),
        "pair": sum(often) / len(often) if often else 0.25,
        "swing": min(0.3, max(-0.3, c.swing[i])),
        "premier": c.premier in members,
        "alone": (c.past.single + 0.6) / (c.past.cabinets + 2) if len(members) == 1 else 0,
    }


def turned(c: Opportunity, order: list[int]) -> Opportunity:
    """The same chamber with its parties in another order."""
    at = np.array(order)
    return replace(
        c,
        parties=tuple(c.parties[i] for i in order),
        names=tuple(c.names[i] for i in order),
        seats=c.seats[at],
        left_right=c.left_right[at],
        governing=c.governing[at],
        premier=None if c.premier is None else order.index(c.premier),
        swing=c.swing[at],
        cabinets=c.cabinets[at],
        governed=c.governed[at],
        together=c.together[np.ix_(at, at)],
        apart=c.apart[np.ix_(at, at)],
    )
