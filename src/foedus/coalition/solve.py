"""From a chamber to its likely governments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from immutabledict import immutabledict

from foedus.coalition.chances import Weights, agreeing, chances, worths
from foedus.coalition.gains import TERMS, Gains, gains
from foedus.coalition.opportunity import Floats, Opportunity
from foedus.coalition.parameters import FITTED, fitted
from foedus.coalition.premier import premier_chances
from foedus.coalition.results import AskedParty, Governments, PossibleGovernment

MOST_LISTED = 200
"""So many coalitions of a chamber are listed at most."""

Z90 = 1.6449
"""Standard deviations from the middle of a normal distribution to its 5 % and 95 % points."""


def governments(
    chamber: Opportunity,
    most: int = MOST_LISTED,
    weights: Weights | None = None,
    columns: Mapping[str, str] = immutabledict(),
    notes: Sequence[str] = (),
) -> Governments:
    """The likeliest ``most`` coalitions, who is asked and why each would agree or refuse."""
    weights = weights or fitted()
    found = gains(chamber)
    likely = chances(found, weights)
    order = np.argsort(-likely, kind="stable")[:most]
    low, high = _ranges(chamber, weights, found, likely)
    worth = worths(found, weights)
    listed = tuple(
        replace(
            _government(chamber, found, weights, worth, int(k)),
            p=float(likely[k]),
            low=float(low[k]),
            high=float(high[k]),
        )
        for k in order
    )
    ids = chamber.parties
    return Governments(
        immutabledict(zip(ids, chamber.names, strict=True)),
        listed,
        rest_of([each.p for each in listed], len(likely)),
        len(likely) - len(listed),
        immutabledict(zip(ids, (likely @ found.members).tolist(), strict=True)),
        immutabledict(zip(ids, premier_chances(chamber, found, likely).tolist(), strict=True)),
        columns,
        tuple(notes),
    )


def rest_of(listed: Sequence[float], every: int) -> float:
    """What is left of 1 for the coalitions that are not listed; 0 where all are."""
    return max(0.0, 1.0 - float(np.sum(listed))) if len(listed) < every else 0.0


def distribution(chamber: Opportunity, most: int = MOST_LISTED) -> dict[str, Any]:
    """The same as plain data without reasons: opp, coalitions with members and p, rest, pm."""
    found = gains(chamber)
    likely = chances(found, fitted())
    order = np.argsort(-likely, kind="stable")[:most]
    ids = np.array(chamber.parties)
    premier = premier_chances(chamber, found, likely)
    return {
        "opp": chamber.id,
        "coalitions": [
            {"members": ids[found.members[k]].tolist(), "p": float(likely[k])} for k in order
        ],
        "rest": rest_of(likely[order].tolist(), len(likely)),
        "pm": dict(zip(chamber.parties, premier.tolist(), strict=True)),
    }


def _ranges(
    chamber: Opportunity, weights: Weights, found: Gains, likely: Floats
) -> tuple[Floats, Floats]:
    """The least and greatest chance of each coalition (N,) as one thing after the other is moved.

    Moved are each weight, by its error, and each party's place, by the experts' spread, to their
    5 % and 95 % points, all else staying where it is.
    """
    tried = [likely]
    for name, (_, error) in FITTED.items():
        step = Z90 * error * (np.array(TERMS) == name)
        power = Z90 * error * (name == "power")
        for sign in (-1.0, 1.0):
            moved = Weights(weights.terms + sign * step, weights.power + sign * power)
            tried.append(chances(found, moved))
    tried += [chances(moved, weights) for moved in gains_moved(chamber)]
    return np.min(tried, axis=0), np.max(tried, axis=0)


def gains_moved(chamber: Opportunity) -> Iterator[Gains]:
    """The gains with one party after the other at the 5 % and 95 % points of the experts' spread.

    None where experts agree on all, or nothing is known of their spread.
    """
    if chamber.spread is None:
        return
    for i in np.flatnonzero(chamber.spread):
        for sign in (-Z90, Z90):
            places = chamber.left_right.copy()
            places[i] = np.clip(places[i] + sign * chamber.spread[i], 0, 10)
            yield gains(replace(chamber, left_right=places))


def _government(
    chamber: Opportunity, found: Gains, weights: Weights, worth: Floats, k: int
) -> PossibleGovernment:
    """Coalition k with those it asks, members first, and what their worths add up from."""
    members = [int(i) for i in np.flatnonzero(found.members[k])]
    outside = [int(i) for i in np.flatnonzero(found.supporters[k])]
    asked = []
    for i in (*members, *outside):
        parts = found.terms[k, i] * weights.terms
        reasons = {name: float(part) for name, part in zip(TERMS, parts, strict=True) if part}
        asked.append(
            AskedParty(
                chamber.parties[i],
                chamber.names[i],
                i in outside,
                float(worth[k, i]),
                float(agreeing(worth[k, i])),
                immutabledict(reasons),
            )
        )
    held = float(chamber.seats[members].sum())
    name = "+".join(chamber.parties[i] for i in members)
    return PossibleGovernment(name, tuple(asked), 0.0, held >= chamber.majority)
