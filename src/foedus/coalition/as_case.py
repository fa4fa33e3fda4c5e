"""A chamber as a case: who must agree to each government, and what each is worth to whom.

Ten points are one logit. Each worth of a government is that over the caretaker, in parts by what it
comes from, and a part that nobody knows, whose range is that of the logistic distribution. A
government takes office by a vote of a majority of the seats in which all its members, and the
supporters that it asks, agree; if nothing is agreed the caretaker stays. The process knows how long
it takes to meet, and draws what is not known once for each party and government; so its chances
agree with those of :mod:`foedus.coalition.chances` in direction and not in digits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from foedus.case.slugs import slugs
from foedus.coalition.chances import Weights, chances
from foedus.coalition.gains import TERMS, Gains, gains
from foedus.coalition.opportunity import Floats, Opportunity
from foedus.coalition.parameters import fitted
from foedus.coalition.solve import gains_moved

POINTS = 10.0
"""So many points of a case's worth are one logit."""

UNSAID = POINTS * math.log(0.95 / 0.05)
"""The 95 % point of the logistic distribution, in points; the 5 % point is as far below 0."""

DAYS = 180
"""So long a chamber looks for a government, in days, before the caretaker is taken to stay."""

PARTS: Mapping[str, tuple[str, ...]] = {
    "office": ("office", "premier"),
    "policy": ("distance",),
    "strength": ("short", "needed", "surplus", "alone"),
    "past": ("again", "overlap", "pair"),
    "election": ("swing",),
    "support": ("support",),
}
"""The parts of a worth in a case, and the terms of each."""

CARETAKER = "caretaker"

MOST_IN_CASE = 63
"""So many governments stand in a case at most, all of six parties: people should still read it."""


def case_data(
    chamber: Opportunity, as_of: date, most: int = MOST_IN_CASE, weights: Weights | None = None
) -> dict[str, Any]:
    """The plain data of a case with the likeliest ``most`` governments of a chamber."""
    weights = weights or fitted()
    found = gains(chamber)
    order = np.argsort(-chances(found, weights), kind="stable")[:most]
    labels = [_label(chamber, found.members[k]) for k in order]
    ids = slugs([CARETAKER, *labels], "government")[1:]
    seats = {p: _short(s) for p, s in zip(chamber.parties, chamber.seats, strict=True)}
    quota = {"at_least": _short(chamber.majority), "of": seats}
    rights: dict[str, Any] = {
        name: [{"from": as_of, "by": {"all": [quota, *_asked(chamber, found, int(k))]}}]
        for name, k in zip(ids, order, strict=True)
    }
    worth: dict[str, dict[str, Any]] = {party: {} for party in chamber.parties}
    policy = _policy_range(chamber, weights)
    for name, k in zip(ids, order, strict=True):
        for i in np.flatnonzero(found.asked[k]):
            items = _worths(found, weights, int(k), int(i), policy)
            for part, value in items:
                worth[chamber.parties[i]][f"{part}-{name}"] = {
                    "when": f"government = {name}",
                    "value": value,
                    "because": ["fitted"],
                }
    return {
        "foedus": 1,
        "title": "Who governs?",
        "question": "Which coalition takes office?",
        "as_of": as_of,
        "deadline": as_of + timedelta(days=DAYS),
        "actors": {
            p: {"name": name} for p, name in zip(chamber.parties, chamber.names, strict=True)
        },
        "issues": {
            "government": {
                "positions": {
                    CARETAKER: "A caretaker government",
                    **dict(zip(ids, labels, strict=True)),
                },
                "decided_by": {**rights, "default": "nobody"},
                "final": list(ids),
            }
        },
        "arrangements": {
            name: {"name": label, "when": f"government = {name}"}
            for name, label in zip(ids, labels, strict=True)
        },
        "preferences": {party: {"worth": of} for party, of in worth.items() if of},
        "evidence": {
            "fitted": {
                "kind": "inference",
                "claim": "What seats, distance and the past weigh was fitted on governments "
                "formed from 1945 to 2007",
                "source": "foedus, docs/coalition.md",
            }
        },
    }


def _short(number: float) -> int | float:
    return int(number) if number == int(number) else round(float(number), 6)


def _label(chamber: Opportunity, members: Sequence[bool] | Any) -> str:
    return " + ".join(name for name, of in zip(chamber.names, members, strict=True) if of)


def _asked(chamber: Opportunity, found: Gains, k: int) -> list[str]:
    """The rights of the members, and of supporters if any, as two texts."""
    groups = (found.members[k], found.supporters[k])
    names = ([chamber.parties[i] for i in np.flatnonzero(group)] for group in groups)
    return [" and ".join(group) for group in names if group]


def _worths(
    found: Gains, weights: Weights, k: int, i: int, policy: tuple[Floats, Floats] | None
) -> Iterator[tuple[str, Any]]:
    """The parts of a party's worth of a coalition, in points: numbers, or low, mode and high."""
    parts = found.terms[k, i] * weights.terms * POINTS
    for part, terms in PARTS.items():
        value = round(float(sum(parts[TERMS.index(term)] for term in terms)), 6)
        if part == "policy" and policy is not None:
            low, high = (round(float(end[k, i]), 6) for end in policy)
            if low < high:
                yield part, [min(low, value), value, max(high, value)]
                continue
        if value:
            yield part, value
    yield "unsaid", [-round(UNSAID, 2), 0, round(UNSAID, 2)]


def _policy_range(chamber: Opportunity, weights: Weights) -> tuple[Floats, Floats] | None:
    """The least and greatest policy worth, in points, as one party after the other is moved."""
    at = TERMS.index("distance")
    # A party that is asked only once another has moved is asked at 0.
    tried = [each.terms[..., at] * weights.terms[at] * POINTS for each in gains_moved(chamber)]
    return (np.min(tried, axis=0), np.max(tried, axis=0)) if tried else None
